"""Names from outside: every ending stays, nothing leads anywhere, no terminal is rung."""

import os
from pathlib import Path

import pytest

from xzgis.networks.rules.file_names import MOST_BYTES, laid_name, printable, told_name

LONG = "徐" * 90 + "管点表.csv"


@pytest.mark.parametrize(
    "name", ["JSPOINT.csv", "管线点成果表_节选.xlsx", "a b (1).gpkg", "污水.shp", "no ending", ".hidden"]
)
def test_an_ordinary_name_stays(name: str) -> None:
    assert told_name(name) == laid_name(name) == name


@pytest.mark.parametrize("name", ["..", ".", "", "/", "../..", "a/..", "\\..", "  "])
def test_what_is_no_name_is_a_file(name: str) -> None:
    assert told_name(name) == laid_name(name) == "file"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("C:\\survey\\J.csv", "J.csv"),
        ("../../etc/J.csv", "J.csv"),
        ("a\x1b[31m\x07.csv", "a_[31m_.csv"),
        ("a\u202evsc.exe", "a_vsc.exe"),
        (os.fsdecode(b"\xb9\xdc.csv"), "__.csv"),
    ],
)
def test_only_the_last_part_and_what_can_be_printed_is_kept(name: str, told: str) -> None:
    assert told_name(name) == told
    assert printable(told) == told


def test_a_long_name_is_told_whole_and_laid_out_short_with_both_ends(tmp_path: Path) -> None:
    assert told_name(LONG) == LONG

    laid = laid_name(LONG)

    assert laid.endswith("管点表.csv")
    assert len(laid.encode()) <= MOST_BYTES
    (tmp_path / laid).write_text("")
    assert laid_name("徐" * 90 + ".shp").removesuffix(".shp") == laid_name("徐" * 90 + ".dbf").removesuffix(
        ".dbf"
    )


def test_a_name_beyond_all_measure_keeps_its_ending() -> None:
    told = told_name("a" * 5000 + "线表.csv")

    assert len(told) == 200
    assert told.endswith("线表.csv")
