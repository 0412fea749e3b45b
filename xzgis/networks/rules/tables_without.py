"""Survey tables with a header and no row, or without a value in the columns that make a row a point or a line (R49)."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from xzgis.core.words import Words
from xzgis.formats.tables import RawTable
from xzgis.networks.rules.mapping import ColumnMap
from xzgis.networks.terms import IntakeFinding

NOT_FILLED = "R49"
_NEEDED = frozenset({"point_no", "north_m", "east_m", "from_point", "to_point"})


def no_rows(table: RawTable) -> IntakeFinding:
    """The table has a header and not one row: a warning, as a kind of which nothing was found is delivered so."""
    return IntakeFinding(
        NOT_FILLED,
        "warning",
        Words("此表只有表头，没有数据行。", "This table has a header and no row."),
        Words(
            "如应有数据，请补上数据行后重交；确无此类管线则不必处理。",
            "If it should have rows, fill them in and deliver again; if there is nothing of its kind, leave it so.",
        ),
        file=table.file,
        sheet=table.sheet,
    )


def empty_columns(table: RawTable, filled: ColumnMap, headed: ColumnMap) -> IntakeFinding:
    """The header is one of points or lines, but a column that makes a row one is empty in every row.

    An error, as the cell of each of these rows would be one by itself (S02): what the table holds would be lost.
    """
    names = [head for field, head in headed.mapped.items() if field in _NEEDED and field not in filled.mapped]
    zh, en, rows = "、".join(names), ", ".join(names), len(table.frame)
    return IntakeFinding(
        NOT_FILLED,
        "error",
        Words(
            f"列“{zh}”在全部 {rows} 行中都为空，此表无法使用。",
            f"Nothing stands under {en} in any of the {rows} rows: the table cannot be used.",
        ),
        Words("补填后重交，或不交此表。", "Fill them in and deliver again, or deliver without this table."),
        file=table.file,
        sheet=table.sheet,
    )


def without_any_row(findings: Sequence[IntakeFinding], places: Collection[str]) -> list[IntakeFinding]:
    """``findings``, where the tables at ``places`` are the only ones of their role: without a row they are errors."""
    remedy = Words("补上数据行后重交。", "Fill in its rows and deliver again.")
    return [
        replace(one, level="error", remedy=remedy)
        if one.code == NOT_FILLED and (f"{one.file} / {one.sheet}" if one.sheet else one.file) in places
        else one
        for one in findings
    ]
