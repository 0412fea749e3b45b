"""Cells of a spreadsheet whose value stands nowhere in the file, or in another cell.

A formula that no spreadsheet program has calculated has no value; of merged cells only the first has one.
Read as empty, both would be losses that nobody is told.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from xzgis.formats.safe_xml import local

Row = tuple[int, list[str | None]]

_CHUNK_BYTES = 1 << 20
_OVERLAP_BYTES = 64
_WORTH_A_LOOK = re.compile(rb"<(?:\w+:)?(?:f[\s>/]|mergeCell\s)")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MOST_TOLD = 10_000


@dataclass(frozen=True, slots=True)
class OddCells:
    """What is odd about the cells of one sheet.

    ``formulas``: ``(row from 1, column from 0, formula)`` without a stored value, the first ten thousand;
    ``formula_count`` all of them. ``merged``: ``(first row, last row, first column, last column)``.
    """

    formulas: tuple[tuple[int, int, str], ...] = ()
    formula_count: int = 0
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def below(self, header_end: int) -> "OddCells":
        """Those of the rows after row ``header_end``: merged titles are the header's own business."""
        formulas = tuple(one for one in self.formulas if one[0] > header_end)
        above = len(self.formulas) - len(formulas)
        return OddCells(
            formulas, self.formula_count - above, tuple(one for one in self.merged if one[0] > header_end)
        )

    def as_json(self) -> dict[str, Any]:
        """As the reading child tells it."""
        return {"formulas": self.formulas, "formula_count": self.formula_count, "merged": self.merged}

    @staticmethod
    def of(told: dict[str, Any]) -> "OddCells":
        """From :meth:`as_json`."""
        return OddCells(
            tuple((int(row), int(column), str(text)) for row, column, text in told["formulas"]),
            int(told["formula_count"]),
            tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in told["merged"]),
        )


NOTHING_ODD = OddCells()


def odd_cells(first: BinaryIO, again: BinaryIO) -> OddCells:
    """The odd cells of a sheet's XML; two handles, as the second is read only when the first shows cause."""
    if not _worth_a_look(first):
        return OddCells()
    formulas: list[tuple[int, int, str]] = []
    merged: list[tuple[int, int, int, int]] = []
    count = 0
    try:
        for found in _found(again):
            if len(found) == 4:
                merged.append(found)
                continue
            count += 1
            if len(formulas) < _MOST_TOLD:
                formulas.append(found)
    except etree.LxmlError:
        # The reading of the cells themselves says what is wrong with the sheet.
        return OddCells(tuple(formulas), count, tuple(merged))
    return OddCells(tuple(formulas), count, tuple(merged))


def filled_down(rows: Iterable[Row], merged: Iterable[tuple[int, int, int, int]]) -> Iterator[Row]:
    """``rows`` with the value of cells merged downwards in one column in every told row that they span."""
    starting: dict[int, list[tuple[int, int]]] = {}
    for first_row, last_row, column, last_column in merged:
        if column == last_column and last_row > first_row:
            starting.setdefault(first_row, []).append((column, last_row))
    if not starting:
        yield from rows
        return
    held: dict[int, tuple[int, str]] = {}
    for number, cells in rows:
        held = {column: (last, value) for column, (last, value) in held.items() if number <= last}
        if held and any(cell is not None for cell in cells):
            width = max(len(cells), max(held) + 1)
            cells = [*cells, *[None] * (width - len(cells))]
            for column, (_, value) in held.items():
                cells[column] = cells[column] if cells[column] is not None else value
        for column, last in starting.get(number, ()):
            first = cells[column] if column < len(cells) else None
            if first is not None:
                held[column] = (last, first)
        yield number, cells


def _worth_a_look(stream: BinaryIO) -> bool:
    rest = b""
    while chunk := stream.read(_CHUNK_BYTES):
        if _WORTH_A_LOOK.search(rest + chunk):
            return True
        rest = chunk[-_OVERLAP_BYTES:]
    return False


def _found(stream: BinaryIO) -> Iterator[Any]:
    """``(row, column, formula)`` of every formula without a value, four numbers of every merged range."""
    events = etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    row, column = 0, -1
    for event, element in events:
        name = local(element)
        if event == "start":
            if name == "row":
                told = element.get("r", "")
                row, column = int(told) if told.isdigit() else row + 1, -1
            continue
        if name == "c":
            at = _CELL.fullmatch(element.get("r", ""))
            column = _column(at.group(1)) if at else column + 1
            formula = _uncalculated(element)
            if formula is not None:
                yield row, column, formula
        elif name == "mergeCell":
            ends = [_CELL.fullmatch(end) for end in element.get("ref", "").split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                (first, top), (last, bottom) = ends[0].groups(), ends[1].groups()
                yield int(top), int(bottom), _column(first), _column(last)
        elif name == "row":
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _uncalculated(cell: Any) -> str | None:
    """The formula of a cell without a stored value; None for any other. An empty text is a value."""
    formula, value = None, None
    for part in cell:
        name = local(part)
        if name == "f":
            formula = part.text or ""
        elif name == "v":
            value = part.text
    if formula is None or value or cell.get("t") == "str":
        return None
    return f"={formula}"[:120]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
