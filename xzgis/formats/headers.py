"""Finds the header rows of a table of text cells and names its columns; knows no field names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

Cells = Sequence[str | None]

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_MOST_HEADER_ROWS = 4
_FULL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (``first`` to before ``end``, from 0) and the name of every column.

    ``untitled`` are those of ``names`` that were given here, as the header says nothing over their column.
    """

    first: int
    end: int
    names: tuple[str, ...]
    untitled: tuple[str, ...] = ()


def find_header(rows: Sequence[Cells]) -> Header | None:
    """The header among the first rows of a table, None when no row looks like one.

    It is the first row without a number that fills at least half as many cells as the fullest row, and
    the rows under it that name the parts of its (formerly merged) cells. Names of parts follow the name of
    the whole after a ``/``. A column without a name is ``column N``; a doubled name gets its number.
    """
    widest = max((_filled(row) for row in rows), default=0)
    for at, row in enumerate(rows):
        if _filled(row) < max(1, widest * _FULL_SHARE) or _has_number(row):
            continue
        end = at + 1
        while end < len(rows) and end - at < _MOST_HEADER_ROWS and _names_parts(rows[at:end], rows[end]):
            end += 1
        names, untitled = _names(rows[at:end])
        return Header(at, end, names, untitled)
    return None


def squeeze(text: str) -> str:
    """A header text without white space and line breaks."""
    return re.sub(r"\s+", "", text)


def _filled(row: Cells) -> int:
    return sum(cell is not None for cell in row)


def _has_number(row: Cells) -> bool:
    return any(cell is not None and _NUMBER.fullmatch(cell.strip()) for cell in row)


def _names_parts(header: Sequence[Cells], row: Cells) -> bool:
    """Whether ``row`` names parts of the header: no number, and it fills a gap that the header left.

    The columns that the header names whole (no gap follows them) have no parts: a row that fills most of
    them is data, be it text alone, whose last cell merely stands under a column without a title.
    """
    if _has_number(row) or not _filled(row):
        return False
    above = header[-1]
    gaps = sum(cell is not None and not (_at(above, index)) for index, cell in enumerate(row))
    width = max(len(above), len(row))
    whole = [
        index for index in range(width) if _at(above, index) and (index + 1 == width or _at(above, index + 1))
    ]
    under_whole = sum(_at(row, index) is not None for index in whole)
    is_data = under_whole > max(1, len(whole) * _FULL_SHARE)
    return gaps > 0 and not is_data and _filled(row) < _filled(above) + gaps


def _at(row: Cells, index: int) -> str | None:
    return row[index] if index < len(row) else None


def _names(header: Sequence[Cells]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The name of every column, and which of them the header does not give."""
    width = max(len(row) for row in header)
    names: list[str] = []
    untitled: list[str] = []
    seen: dict[str, int] = {}
    for index in range(width):
        parts = [part for level in range(len(header)) if (part := _part(header, level, index))]
        name = "/".join(dict.fromkeys(parts)) or f"column {index + 1}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        untitled += [] if parts else names[-1:]
    return tuple(names), tuple(untitled)


def _part(header: Sequence[Cells], level: int, index: int) -> str | None:
    """The header text over a column at a level; a gap belongs to the text on its left when parts follow."""
    own = _at(header[level], index)
    if own is not None:
        return squeeze(own)
    if level + 1 >= len(header) or not any(_at(row, index) for row in header[level + 1 :]):
        return None
    for left in range(index - 1, -1, -1):
        text = _at(header[level], left)
        if text is not None:
            return squeeze(text) if any(_at(row, left) for row in header[level + 1 :]) else None
    return None
