"""What is said of a whole delivery names file, sheet, row, field and value of the first place it speaks of."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.reading import ReadOptions, read_files
from xzgis.networks.terms import IntakeFinding

pytestmark = pytest.mark.usefixtures("read_here")

EXCERPT = ("管点调查表_utf8bom.csv", "管线调查表_utf8bom.csv")
HEAD = ["点号", "连接点号", "X", "Y", "地面高程", "埋深", "管径"]


def found_in(paths: list[Path], crs: str | None = None) -> tuple[IntakeFinding, ...]:
    return read_files(paths, options=ReadOptions(crs=crs), catalogue=catalogue())[1]


def placed(one: IntakeFinding) -> tuple[str | None, str | None, int | None, str | None, str | None]:
    return one.file, one.sheet, one.row, one.field, one.value


def test_the_excerpt_tells_where_of_each_decision(shared_data: Path) -> None:
    found = found_in([shared_data / "cn_pipe_survey_excerpt" / name for name in EXCERPT])

    told = {one.code: placed(one) for one in found if one.code in ("C01", "C02")}
    first = (EXCERPT[0], None, 2, "north_m", "3793991.417, 517844.521")
    assert told == {"C01": first, "C02": first}
    codes = {placed(one)[4]: placed(one) for one in found if one.code == "R08"}
    assert set(codes) == {"R", "Y"}
    assert all(file == EXCERPT[0] and row and field == "code" for file, _, row, field, _ in codes.values())
    # Of no row: counts over the whole network.
    assert {(one.code, one.level) for one in found if one.file is None} == {
        ("R06", "info"), ("S06", "info"), ("S21", "info")
    }  # fmt: skip


def test_a_code_told_by_the_name_of_a_sheet_has_no_row(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("R", 0)
    for row in (
        HEAD,
        ["Q1", "Q2", 3793991.4, 517844.5, 12.1, 1.0, 200],
        ["Q2", "", 3793969.5, 517772.6, 12.2, 1.0, 200],
    ):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")

    (told,) = [one for one in found_in([tmp_path / "a.xlsx"]) if one.code == "R08"]

    assert placed(told) == ("a.xlsx", "R", None, None, "R")


@pytest.mark.parametrize(("x", "code"), [(500.0, "C03"), (517844.5, "C02")])
def test_a_drawing_tells_its_first_vertex(tmp_path: Path, x: float, code: str) -> None:
    line = {"type": "LineString", "coordinates": [[x, 3793991.4], [x + 20, 3793991.4]]}
    feature = {"type": "Feature", "properties": {}, "geometry": line}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (tmp_path / "water.geojson").write_text(text, encoding="utf-8")

    told = next(one for one in found_in([tmp_path / "water.geojson"]) if one.code == code)

    assert (told.file, told.row) == ("water.geojson", 1)
    assert told.value == f"{x:.10g}, 3793991.4"
