"""What a file is said to be where its name or its first bytes could mislead."""

import os
import zipfile
from pathlib import Path

import pytest

from xzgis.core.errors import Invalid
from xzgis.formats.delimited import _fault_zh
from xzgis.formats.sniff import recognise


@pytest.mark.parametrize(
    ("names", "token"),
    [(["readme.txt"], "zip"), (["使用说明.txt"], "zip"), (["readme.txt", "JSPOINT.csv"], "survey_zip")],
)
def test_a_text_that_only_tells_of_a_delivery_is_no_table(
    tmp_path: Path, names: list[str], token: str
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "a,b\n1,2\n")

    assert recognise(tmp_path / "a.zip").format == token


def test_the_head_of_a_drawing_is_a_drawing_whatever_follows(tmp_path: Path) -> None:
    path = tmp_path / "a.dwg"
    path.write_bytes(b"AC1032Q" + bytes(range(256)) + os.urandom(400))
    with pytest.raises(Invalid, match="DXF"):
        recognise(path).require(path.name)

    table = tmp_path / "t.csv"
    table.write_text("AC1032,X,Y\nAC1033,1,2\nAC1034,3,4\n")
    assert recognise(table).format == "csv"


def test_a_cell_without_an_end_is_told_in_chinese() -> None:
    assert "引号没有成对" in _fault_zh(ValueError("field larger than field limit (1048576)"))


def test_a_broken_workbook_is_called_one(tmp_path: Path) -> None:
    for name, words in (("points.xlsx", "损坏的 Excel 工作簿"), ("points.zip", "损坏的压缩包")):
        (tmp_path / name).write_bytes(b"PK\x03\x04" + b"\x00" * 200)

        assert recognise(tmp_path / name).words.zh == words
