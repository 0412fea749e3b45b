"""Formulas without a value and merged cells of a workbook are told; neither is read as empty in silence."""

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.formats.tables import read_tables
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.terms import IntakeFinding

HEAD = ["管线代码", "起点点号", "终点点号", "起点埋深", "终点埋深", "管径", "材质", "权属单位", "压力"]


def delivered(folder: Path, change: Any) -> Path:
    """Four points of water in a row and their lines, changed by ``change(points, lines)``."""
    book = openpyxl.Workbook()
    points = book.active
    points.title = "点"
    points.append(["管线代码", "点号", "X", "Y", "地面高程"])
    lines = book.create_sheet("线")
    lines.append(HEAD)
    for number in range(1, 6):
        points.append(["JS", f"JS{number}", 3_793_900.0 + 20 * number, 517_800.0, 35.0])
        if number > 1:
            lines.append(["JS", f"JS{number - 1}", f"JS{number}", 1.2, 1.3, 300, "铸铁", None, None])
    change(points, lines)
    path = folder / "供水.xlsx"
    book.save(path)
    return path


def found(path: Path, code: str) -> list[IntakeFinding]:
    return [one for one in read_survey([path], catalogue=catalogue()).findings if one.code == code]


def test_a_formula_without_a_value_is_an_error_of_its_row(tmp_path: Path) -> None:
    def change(_points: Any, lines: Any) -> None:
        lines["D3"] = "=1.1+0.2"
        lines["H4"] = '=IF(A4="JS","水司","")'
        lines["J1"], lines["J5"] = "自注", "=A5"

    path = delivered(tmp_path, change)

    told = [(one.level, one.sheet, one.row, one.field) for one in found(path, "R47")]
    assert ("error", "线", 3, "起点埋深") in told
    assert ("error", "线", 4, "权属单位") in told
    assert ("warning", "线", 5, "自注") in told
    assert len(told) == 3


def test_a_value_merged_downwards_counts_for_every_row_and_is_told(tmp_path: Path) -> None:
    def change(_points: Any, lines: Any) -> None:
        lines["H2"] = "水司"
        lines.merge_cells("H2:H5")
        lines.merge_cells("D3:E3")

    path = delivered(tmp_path, change)

    table = {one.sheet: one for one in read_tables([path])}["线"]
    assert table.frame["权属单位"].tolist() == ["水司"] * 4
    told = found(path, "R48")
    assert [(one.level, one.row, one.field) for one in told] == [
        ("warning", 2, "权属单位"),
        ("warning", 3, "起点埋深"),
    ]
    assert "H2:H5" in told[0].words.zh
    assert "D3:E3" in told[1].words.zh


def test_merged_titles_above_the_table_are_its_own_business(tmp_path: Path) -> None:
    def change(points: Any, _lines: Any) -> None:
        points.insert_rows(1)
        points["A1"] = "管点成果表"
        points.merge_cells("A1:E1")

    assert found(delivered(tmp_path, change), "R48") == []


def test_a_calculated_formula_is_its_value(tmp_path: Path) -> None:
    path = delivered(tmp_path, lambda _points, lines: lines.__setitem__("D3", "=1.1+0.2"))
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = "xl/worksheets/sheet2.xml"
    assert b"<f>1.1+0.2</f><v />" in parts[sheet] or b"<f>1.1+0.2</f><v></v>" in parts[sheet]
    parts[sheet] = parts[sheet].replace(b"<v />", b"<v>1.3</v>").replace(b"<v></v>", b"<v>1.3</v>")
    with zipfile.ZipFile(path, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)

    assert found(path, "R47") == []
    assert {one.sheet: one for one in read_tables([path])}["线"].frame["起点埋深"].tolist()[1] == "1.3"


def test_a_row_number_beyond_every_spreadsheet_is_refused_at_once(tmp_path: Path) -> None:
    path = delivered(tmp_path, lambda _points, _lines: None)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = "xl/worksheets/sheet2.xml"
    assert b'<row r="5"' in parts[sheet]
    parts[sheet] = parts[sheet].replace(b'<row r="5"', b'<row r="2000000000"')
    with zipfile.ZipFile(path, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)

    with pytest.raises(Invalid, match="行号"):
        read_tables([path], limits=(30, 2048))
