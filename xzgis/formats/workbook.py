"""Sheets of XLSX and old XLS workbooks as rows of text, and what is odd about their cells."""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats import archive
from xzgis.formats.odd_cells import OddCells, odd_cells

Rows = Iterator[tuple[int, list[str | None]]]

# No spreadsheet program has more rows; a row number beyond would be counted up to, row by empty row.
_LAST_ROW = 1_048_576
# A format that writes a unit behind the figure: 0" cm", 0.00"米", 0\m\m. Of several (plus, minus, zero) the first.
_UNIT_IN_FORMAT = re.compile(
    r"""^[^;]*[0#?][_\s]*(?:"\s*(mm|cm|dm|m|km|毫米|厘米|分米|米)\s*"|((?:\\[mcdk])+))\s*(?:;|$)""",
    re.IGNORECASE,
)


def read_xlsx(path: Path) -> Iterator[tuple[str, Rows, OddCells]]:
    """Sheets of an XLSX workbook as ``(name, rows, odd cells)``; rows as ``(row number from 1, cells)``.

    Formulas give the value that was stored with them; those without one are told. Hidden sheets are read
    too. Numbers are told with as many digits as they hold, dates as ISO.
    """
    archive.members(path, required=["[Content_Types].xml"])
    # Of a path the library asks the ending first; what the file holds decides.
    with path.open("rb") as stream:
        yield from _xlsx_sheets(path, stream)


def _xlsx_sheets(path: Path, stream: IO[bytes]) -> Iterator[tuple[str, Rows, OddCells]]:
    from openpyxl import load_workbook

    try:
        book: Any = load_workbook(stream, read_only=True, data_only=True)
    except Invalid:
        raise
    except Exception as broken:
        raise _refused(path, type(broken).__name__) from broken
    try:
        for sheet in book.worksheets:
            # The stored dimension may lie: count the cells that are there.
            sheet.reset_dimensions()
            yield sheet.title, _xlsx_rows(path, sheet, _units(book._number_formats)), _odd(path, sheet)
    finally:
        book.close()


def _odd(path: Path, sheet: Any) -> OddCells:
    try:
        with sheet._get_source() as first, sheet._get_source() as again:
            return odd_cells(first, again)
    except Exception as broken:
        raise _refused(path, type(broken).__name__) from broken


def _units(formats: Iterable[str]) -> dict[str, str]:
    """The formats that show a unit behind the figure of a cell, and which."""
    found = {one: _UNIT_IN_FORMAT.match(one) for one in formats}
    return {one: match[1] or match[2].replace("\\", "") for one, match in found.items() if match}


def _xlsx_rows(path: Path, sheet: Any, units: Mapping[str, str]) -> Rows:
    try:
        # Formats cost as much to look up as cells to read: only where one of them says more than the figure.
        for number, cells in enumerate(sheet.iter_rows(values_only=not units), start=1):
            _hold_row(path, number)
            yield number, [_shown(cell, units) if units else _text(cell) for cell in cells]
    except Invalid:
        raise
    except Exception as broken:
        raise _refused(path, type(broken).__name__) from broken


def _shown(cell: Any, units: Mapping[str, str]) -> str | None:
    """The text of a cell with the unit that its format shows behind a figure: 150 shown as 150 cm is no 150 mm."""
    text = _text(cell.value)
    if text is None or isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        return text
    return text + units.get(cell.number_format, "")


def _hold_row(path: Path, number: int) -> None:
    if number > _LAST_ROW:
        raise _refused(path, f"行号 > {_LAST_ROW}")


def read_xls(path: Path) -> Iterator[tuple[str, Rows, OddCells]]:
    """Sheets of an old XLS workbook (BIFF), as :func:`read_xlsx` gives them; a formula always has its value."""
    book = _xls_book(path)
    for name in book.sheet_names():
        sheet = book.sheet_by_name(name)
        merged = tuple((top + 1, bottom, left, right - 1) for top, bottom, left, right in sheet.merged_cells)
        yield name, _xls_rows(book, sheet), OddCells(merged=merged)
        book.unload_sheet(name)


def _xls_book(path: Path) -> Any:
    import xlrd

    try:
        # Merged cells are told with the formatting alone, which odd writers get wrong.
        with contextlib.suppress(Exception):
            return xlrd.open_workbook(str(path), on_demand=True, formatting_info=True)
        return xlrd.open_workbook(str(path), on_demand=True)
    except Exception as broken:
        raise _refused(path, str(broken)[:120] or type(broken).__name__) from broken


def _xls_rows(book: Any, sheet: Any) -> Rows:
    import xlrd

    for index in range(sheet.nrows):
        cells: list[str | None] = []
        for cell in sheet.row(index):
            if cell.ctype == xlrd.XL_CELL_DATE:
                cells.append(_text(xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)))
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                cells.append(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                cells.append(_text(bool(cell.value)))
            else:
                cells.append(_text(cell.value))
        yield index + 1, cells


def _text(value: object) -> str | None:
    """What a person reads in the cell; None for an empty one."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip() or None


def _refused(path: Path, why: str) -> Invalid:
    return Invalid(
        Words(
            f"工作簿 {path.name} 无法打开（{why}）：可能已损坏或有密码。请用 Excel 或 WPS 打开后另存为 .xlsx 或 CSV。",
            f"Workbook {path.name} cannot be opened ({why}): damaged or protected. "
            "Open it in a spreadsheet program and save it as .xlsx or CSV.",
        )
    )
