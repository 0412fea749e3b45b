"""Tables of a delivery that were not understood: which of them may hold points or lines all the same."""

import re
from collections.abc import Sequence

from xzgis.formats.tables import RawTable

UNREAD_LINES = "unread_lines"
"""Among the facts of a delivery: file and sheet of the tables that may hold lines and were not understood."""
UNUSED_TABLE = "R01"
COORDINATE = re.compile(r"[+-]?(\d{5,}(\.\d*)?|\d+\.\d{4,})")
"""A figure as plan coordinates are written: from 10 000 on in metres, or with four decimals in degrees."""
FEWEST = 2
"""A point has two coordinates, a line two ends."""


def may_hold_lines(table: RawTable, point_numbers: frozenset[str]) -> bool:
    """Whether some row has two coordinates, or names two points of the delivery, as a row of a line does.

    A line has a place through points that are delivered or through coordinates: covers, legends and sums have neither.
    """
    for row in table.frame.itertuples(index=False):
        cells = [str(cell).strip() for cell in row if cell is not None and cell == cell]
        coordinates = sum(COORDINATE.fullmatch(cell) is not None for cell in cells)
        if coordinates >= FEWEST or len(point_numbers.intersection(cells)) >= FEWEST:
            return True
    return False


def unread_lines(
    tables: Sequence[RawTable], unused: frozenset[str], point_numbers: frozenset[str]
) -> tuple[tuple[str, str | None], ...]:
    """File and sheet of those ``unused`` tables, by place, that may hold points or lines."""
    return tuple(
        (table.file, table.sheet)
        for table in tables
        if table.place in unused and may_hold_lines(table, point_numbers)
    )
