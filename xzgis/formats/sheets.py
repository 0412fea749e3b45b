"""Tables written for people's spreadsheet programs, as CSV and as XLSX."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
# Chinese spreadsheet programs take the full-width signs for the plain ones; white space before them is skipped.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
# What XML cannot hold, and no reader could see.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
DIGITS = 4

Rows = Iterable[Sequence[Any]]


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet program takes for a formula; floats to a tenth of a millimetre.

    A stranger's text that begins like a formula gets an apostrophe before it. A number written as text stays.
    """
    if isinstance(cell, float):
        return round(cell, DIGITS)
    if not isinstance(cell, str):
        return cell
    text = CONTROLS.sub("\ufffd", cell)
    return "'" + text if text.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(text) else text


def csv_bytes(rows: Rows) -> bytes:
    """``rows`` as CSV in UTF-8 with a byte-order mark: Chinese office programs take it for GBK otherwise."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


MARK_SHEET = "导出 Export"


def xlsx_bytes(sheets: Iterable[tuple[str, Rows]], *, mark: str = "") -> bytes:
    """A workbook of ``(title, rows)``; the first row of each sheet is its head, bold and always in sight.

    ``mark``: what the workbook says of itself, at the foot of every printed sheet, on a sheet of its own, and in its
    properties; empty for none.
    """
    from openpyxl import Workbook  # a fifth of a second, and most processes write no workbook

    book = Workbook(write_only=True)  # findings of a large delivery are many: no row is kept
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            cells = [harmless(cell) for cell in row]
            sheet.append([_head(sheet, cell) for cell in cells] if number == 0 else cells)
        sheet.oddFooter.center.text = mark.replace("&", "&&") or None
    if mark:
        book.create_sheet(MARK_SHEET).append([harmless(mark)])
        book.properties.description = harmless(mark)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _head(sheet: Any, text: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell
