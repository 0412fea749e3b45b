"""What survey tables say of their datums outside the fields: in titles, heads, and columns 坐标系 and 高程系统.

Heights on another datum than 1985 refuse the delivery as they refuse a work (C04): Wusong lies almost two metres off.
What is said of the plan goes with the words of the table into the decision on the coordinate system.
"""

import re
from itertools import pairwise

from xzgis.core.words import Words
from xzgis.formats.tables import RawTable
from xzgis.networks.rules.mapping import ColumnMap, folded_name
from xzgis.networks.terms import IntakeFinding
from xzgis.spatial.datum_words import (
    OTHER_DATUM,
    THE_DATUM,
    other_datum_of_head,
    other_datum_of_title,
    words_of_axis,
)

_LEVELS = frozenset({
    "ground_m", "start_level_m", "end_level_m", "top_level_m", "bottom_level_m", "chamber_bottom_m",
})  # fmt: skip
_OF_HEIGHT = ("高程系", "高程系统", "高程基准", "高程基面", "heightdatum", "heightsystem", "verticaldatum")
_OF_PLAN = (
    "坐标系",
    "坐标系统",
    "坐标基准",
    "平面系统",
    "平面基准",
    "coordinatesystem",
    "coordsys",
    "crs",
    "epsg",
)
_A_HEIGHT = re.compile(r"高程|标高|level|height|elev", re.IGNORECASE)
_MOST_VALUES = 20
_CONVERT = Words(
    "请换算为 1985 国家高程基准后重交；或在列对应中把这些高程列设为不用（标高按未知）；写错的请改正表头或表题",
    "Convert the levels to the 1985 datum and deliver again; or leave these columns out (levels then are unknown); correct "
    "the head or the title if it is wrong",
    "--column HEAD=-",
)


def words_of_plan(table: RawTable, columns: ColumnMap) -> tuple[str, ...]:
    """Heads of the coordinate columns, and what stands in columns that name the coordinate system."""
    heads = [
        words_of_axis(columns.point_columns[field])
        for field in ("north_m", "east_m")
        if field in columns.point_columns
    ]
    named = [name for name in columns.unmapped if folded_name(name).endswith(_OF_PLAN)]
    # A cell says 地方 or 54 and leaves the word that follows to its head.
    return (*heads, *(f"{value}坐标系" for name in named for value in _values(table, name)))


def other_height_datum(table: RawTable, columns: ColumnMap) -> list[IntakeFinding]:
    """C04: an error for each place of the table that puts heights in use on another datum than 1985.

    A column of heights that is kept beside the fields alone is a warning: its figures serve nothing.
    """
    if columns.role == "other":
        return []
    levels = [column for field, column in columns.mapped.items() if field in _LEVELS]
    found = [
        _finding(table, "error", (f"列“{name}”", f"column {name!r}"), word, field=name)
        for name in dict.fromkeys(levels)
        if (word := other_datum_of_head(name)) is not None
    ]
    if levels:
        found += [_finding(table, "error", ("表题", "the title"), word) for word in _of_titles(table)]
        found += _of_columns(table, columns)
    found += [
        _finding(table, "warning", (f"列“{name}”", f"column {name!r}"), word, field=name)
        for name in columns.unmapped
        if _A_HEIGHT.search(name)
        and not folded_name(name).endswith(_OF_HEIGHT)
        and (word := other_datum_of_head(name)) is not None
    ]
    return found


def _of_titles(table: RawTable) -> list[str]:
    """Words of titles, file and sheet that name another datum; neighbouring cells are one sentence."""
    titles = [table.file, table.sheet or "", *table.preamble]
    both = [f"{left} {right}" for left, right in pairwise(table.preamble)]
    told = [word for title in (*titles, *both) if (word := other_datum_of_title(title)) is not None]
    return list(dict.fromkeys(told))[:1]


def _of_columns(table: RawTable, columns: ColumnMap) -> list[IntakeFinding]:
    return [
        _finding(table, "error", (f"列“{name}”", f"column {name!r}"), value, field=name)
        for name in columns.unmapped
        if folded_name(name).endswith(_OF_HEIGHT)
        for value in _values(table, name)
        if OTHER_DATUM.search(value) and not THE_DATUM.search(value)
    ]


def _values(table: RawTable, name: str) -> list[str]:
    return [str(value)[:60] for value in table.frame[name].dropna().unique()[:_MOST_VALUES]]


def _finding(
    table: RawTable, level: str, where: tuple[str, str], value: str, *, field: str | None = None
) -> IntakeFinding:
    is_used = level == "error"
    return IntakeFinding(
        "C04",
        "error" if is_used else "warning",
        Words(
            f"{where[0]}写明高程基准为“{value}”，不是 1985 国家高程基准："
            + ("整批不入库。" if is_used else "此列未作为高程使用。"),
            f"Heights are on another datum than 1985: {where[1]} says {value!r}; "
            + ("nothing goes in." if is_used else "the column is not used."),
        ),
        _CONVERT,
        file=table.file,
        sheet=table.sheet,
        field=field,
        value=value,
    )
