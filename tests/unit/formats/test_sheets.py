"""Tables for spreadsheet programs: nothing in them is a formula, nothing breaks them."""

import csv
import io

import pytest
from openpyxl import load_workbook

from xzgis.formats.sheets import csv_bytes, harmless, xlsx_bytes


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-A1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "-1-2",
        "＝1+1",
        "＋A1",
        "－A1",
        "＠SUM(A1)",
    ],
)
def test_text_that_begins_like_a_formula_becomes_text(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("cell", ["-1.5", "+86", "-3", "燃气", "", None, 3, True])
def test_plain_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_csv_begins_with_a_byte_order_mark_and_keeps_line_ends_inside_cells():
    content = csv_bytes([("名称", "说明"), ("管\n线", "=1")])

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        ["名称", "说明"],
        ["管\n线", "'=1"],
    ]


def test_a_workbook_holds_its_sheets_and_shows_what_it_cannot_hold():
    content = xlsx_bytes([("a", [("head",), ("x\x01y",), (1.234567,)]), ("b", [("only head",)])])

    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["a", "b"]
    assert [cell.value for cell in book["a"]["A"]] == ["head", "x\ufffdy", 1.2346]
    assert book["a"].freeze_panes == "A2"
