"""Tables without a row or without a place are told by what they lack; a cell that is no coordinate by what it holds."""

from pathlib import Path

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.actions.reading import ReadOptions, read_files
from xzgis.networks.terms import IntakeFinding

pytestmark = pytest.mark.usefixtures("read_here")

POINT_HEAD, LINE_HEAD = "物探点号,X,Y,地面高程\n", "起点点号,终点点号,起点埋深,终点埋深,管径,材质,埋设方式\n"
POINTS = POINT_HEAD + "1,3793900,517800,35\n2,3793900,517830,35\n"
LINES = LINE_HEAD + "1,2,1.2,1.3,300,铸铁,直埋\n"


def read(folder: Path, **tables: str) -> tuple[IntakeFinding, ...]:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_survey([folder / f"{name}.csv" for name in tables], catalogue=catalogue()).findings


def told(found: tuple[IntakeFinding, ...]) -> list[tuple[str | None, str]]:
    return [(one.file, one.level) for one in found if one.code == "R49"]


def test_a_header_alone_is_no_missing_table(tmp_path: Path) -> None:
    found = read(tmp_path, JSPOINT=POINT_HEAD, JSLINE=LINE_HEAD)

    assert told(found) == [("JSPOINT.csv", "error"), ("JSLINE.csv", "error")]
    assert {"R01", "S01"}.isdisjoint(one.code for one in found)
    assert "没有数据行" in next(one.words.zh for one in found if one.code == "R49")


def test_a_kind_of_which_nothing_was_found_only_warns(tmp_path: Path) -> None:
    found = read(tmp_path, JSPOINT=POINTS, JSLINE=LINES, RQPOINT=POINT_HEAD, RQLINE=LINE_HEAD)

    assert told(found) == [("RQPOINT.csv", "warning"), ("RQLINE.csv", "warning")]
    assert not [one for one in found if one.level == "error"]


def test_columns_of_the_place_without_a_value_are_named(tmp_path: Path) -> None:
    found = read(tmp_path, JSPOINT=POINTS, JSLINE=LINES, RQPOINT=POINT_HEAD + "3,,,35\n")

    assert told(found) == [("RQPOINT.csv", "error")]
    assert "“X、Y”" in next(one.words.zh for one in found if one.code == "R49")


def test_a_cell_that_is_no_coordinate_is_told_with_what_it_holds(tmp_path: Path) -> None:
    odd = "".join(
        f"{at + 10},{value},517800,35\n" for at, value in enumerate(("NaN", "nan", "#N/A", "-9999", ""))
    )
    (tmp_path / "JSPOINT.csv").write_text(POINTS + odd, encoding="utf-8")
    (tmp_path / "JSLINE.csv").write_text(LINES, encoding="utf-8")

    paths = [tmp_path / "JSPOINT.csv", tmp_path / "JSLINE.csv"]
    _, found = read_files(paths, options=ReadOptions(), catalogue=catalogue())

    rows = {
        one.row: (one.code, one.value) for one in found if one.file == "JSPOINT.csv" and one.level == "error"
    }
    assert {row: rows[row] for row in range(4, 9)} == {
        4: ("S03", "NaN"),
        5: ("S03", "nan"),
        6: ("S03", "#N/A"),
        7: ("S03", "-9999"),
        8: ("S02", None),
    }
