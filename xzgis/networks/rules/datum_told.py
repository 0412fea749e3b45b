"""What deliveries say of their datums outside the fields: in titles, heads, and columns 坐标系 and 高程系统.

Heights on another datum than 1985 refuse the delivery as they refuse a work (C04): Wusong lies almost two metres off.
Survey tables and layers of features are asked the same; a layer also what its coordinate system says of heights. What
is said of the plan goes with the words of the table into the decision on the coordinate system.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd
import shapely

from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Layer
from xzgis.formats.tables import RawTable
from xzgis.networks.rules.feature_fields import HEIGHT_COLUMN
from xzgis.networks.rules.feature_mapping import FeatureMapping, FieldMapping
from xzgis.networks.rules.level_words import BESIDE_FIELDS, twin_of
from xzgis.networks.rules.mapping import ColumnMap, folded_name
from xzgis.networks.terms import IntakeFinding, Level
from xzgis.spatial.datum_words import (
    OTHER_DATUM,
    THE_DATUM,
    other_datum_of_head,
    other_datum_of_title,
    words_of_axis,
)
from xzgis.spatial.height_systems import STORAGE_WITH_HEIGHTS, other_heights

_LEVELS = frozenset({
    "ground_m", "start_ground_m", "end_ground_m", "start_level_m", "end_level_m", "level_m", "top_level_m",
    "bottom_level_m", "crown_m", "start_crown_m", "end_crown_m", "bottom_m", "start_bottom_m", "end_bottom_m",
    "chamber_bottom_m", *BESIDE_FIELDS,
})  # fmt: skip
_OF_HEIGHT = (
    "高程系", "高程系统", "高程基准", "高程基面", "heightdatum", "heightsystem", "verticaldatum", "vertdatum", "vdatum",
    "elevationdatum", "elevdatum",
)  # fmt: skip
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
_CONVERT_LAYER = Words(
    "请换算为 1985 国家高程基准后重交；或在图层对应中去掉这些高程字段（标高按未知）；写错的请改正列名、图层名或文件名",
    "Convert the levels to the 1985 datum and deliver again; or take these fields out of the layer mapping (levels then are "
    "unknown); correct the name of the column, the layer or the file if it is wrong",
)
_CONVERT_SYSTEM = Words(
    "请换算为 1985 国家高程基准后重交；或在图层对应中去掉这些高程字段（标高按未知）；确为 1985 国家高程基准的，"
    f"指定坐标系为 {STORAGE_WITH_HEIGHTS} 这样的复合坐标系",
    "Convert the levels to the 1985 datum and deliver again; or take these fields out of the layer mapping (levels then are "
    f"unknown); if they are on the 1985 datum name the system with its heights, such as {STORAGE_WITH_HEIGHTS}",
    f"--crs {STORAGE_WITH_HEIGHTS}",
)


@dataclass(frozen=True)
class _Source:
    """A table or a layer: what it is called, the columns whose heights are in use, and the columns left over."""

    file: str
    sheet: str | None
    titles: tuple[str, ...]
    levels: tuple[str, ...]
    left: tuple[str, ...]
    frame: pd.DataFrame
    remedy: Words


def words_of_plan(table: RawTable, columns: ColumnMap) -> tuple[str, ...]:
    """Heads of the coordinate columns, and what stands in columns that name the coordinate system."""
    heads = [
        words_of_axis(columns.point_columns[field])
        for field in ("north_m", "east_m")
        if field in columns.point_columns
    ]
    named = [name for name in columns.unmapped if folded_name(name).endswith(_OF_PLAN)]
    # A cell says 地方 or 54 and leaves the word that follows to its head.
    return (*heads, *(f"{value}坐标系" for name in named for value in _values(table.frame, name)))


def other_height_datum(table: RawTable, columns: ColumnMap) -> list[IntakeFinding]:
    """C04: an error for each place of the table that puts heights in use on another datum than 1985.

    A column of heights that is kept beside the fields alone is a warning: its figures serve nothing.
    """
    if columns.role == "other":
        return []
    levels = [column for field, column in columns.mapped.items() if field in _LEVELS]
    both = [f"{left} {right}" for left, right in pairwise(table.preamble)]
    titles = (table.file, table.sheet or "", *table.preamble, *both)
    return _told(
        _Source(table.file, table.sheet, titles, tuple(levels), columns.unmapped, table.frame, _CONVERT)
    )


def other_heights_named(maps: Sequence[tuple[str, ColumnMap]], declared: str | None) -> list[IntakeFinding]:
    """C04 of survey tables whose heights are in use under a system, named by the person, with heights of another datum."""
    name = other_heights(declared, None)
    used = [place for place, columns in maps if columns.role != "other" and _LEVELS & set(columns.mapped)]
    if name is None or not used:
        return []
    source = _Source(used[0], None, (), (), (), pd.DataFrame(), _CONVERT_SYSTEM)
    return [_finding(source, "error", ("指定的坐标系", "the system that was named"), name)]


def other_height_datum_of_layers(
    files: Sequence[FeatureFile], mapping: FeatureMapping, *, declared: str | None, is_displaced: bool
) -> list[IntakeFinding]:
    """C04 of the layers in use, as of tables; and of coordinate systems that bear heights on another datum.

    ``declared``: the system that the person names. What is laid over the city as test data of another place is on the
    datum of that place, and marked as such: its systems are not asked.
    """
    found: list[IntakeFinding] = []
    for file in files:
        for layer in file.layers:
            about = mapping.of(file.file, layer.name)
            if about is None or about.role not in ("lines", "points"):
                continue
            source = _layer(file, layer, about.fields)
            found += _told(source)
            if not is_displaced:
                found += _of_system(source, declared, layer)
    return found


def _layer(file: FeatureFile, layer: Layer, fields: Mapping[str, FieldMapping]) -> _Source:
    columns = [str(one) for one in layer.frame.columns]
    has_z = bool(shapely.has_z(layer.geometry).any())
    in_use = [one.column for one in fields.values()]
    left = tuple(one for one in columns if one not in in_use)
    levels = [
        one.column
        for name, one in fields.items()
        if name in _LEVELS and (one.column in columns or (one.column == HEIGHT_COLUMN and has_z))
    ]
    twins = [twin for one in levels if (twin := twin_of(one, left)) is not None]
    return _Source(
        file.file, layer.name, (file.file, layer.name), (*levels, *twins), left, layer.frame, _CONVERT_LAYER
    )


def _told(source: _Source) -> list[IntakeFinding]:
    levels = dict.fromkeys(source.levels)
    found = [
        _finding(source, "error", (f"列“{name}”", f"column {name!r}"), word, field=name)
        for name in levels
        if (word := other_datum_of_head(name)) is not None
    ]
    if levels:
        told = [word for title in source.titles if (word := other_datum_of_title(title)) is not None]
        found += [
            _finding(source, "error", ("表题", "the title"), word) for word in list(dict.fromkeys(told))[:1]
        ]
        found += _of_columns(source)
    found += [
        _finding(source, "warning", (f"列“{name}”", f"column {name!r}"), word, field=name)
        for name in source.left
        if name not in levels
        and _A_HEIGHT.search(name)
        and not folded_name(name).endswith(_OF_HEIGHT)
        and (word := other_datum_of_head(name)) is not None
    ]
    return found


def _of_columns(source: _Source) -> list[IntakeFinding]:
    return [
        _finding(source, "error", (f"列“{name}”", f"column {name!r}"), value, field=name)
        for name in source.left
        if folded_name(name).endswith(_OF_HEIGHT)
        for value in _values(source.frame, name)
        if OTHER_DATUM.search(value) and not THE_DATUM.search(value)
    ]


def _of_system(source: _Source, declared: str | None, layer: Layer) -> list[IntakeFinding]:
    name = other_heights(declared, layer.crs)
    if name is None:
        return []
    level: Level = "error" if source.levels else "warning"
    return [
        _finding(replace(source, remedy=_CONVERT_SYSTEM), level, ("坐标系", "the coordinate system"), name)
    ]


def _values(frame: pd.DataFrame, name: str) -> list[str]:
    return [str(value)[:60] for value in frame[name].dropna().unique()[:_MOST_VALUES]]


def _finding(
    source: _Source, level: Level, where: tuple[str, str], value: str, *, field: str | None = None
) -> IntakeFinding:
    is_used = level == "error"
    return IntakeFinding(
        "C04",
        level,
        Words(
            f"{where[0]}写明高程基准为“{value}”，不是 1985 国家高程基准："
            + ("整批不入库。" if is_used else "此高程未使用。"),
            f"Heights are on another datum than 1985: {where[1]} says {value!r}; "
            + ("nothing goes in." if is_used else "these heights are not used."),
        ),
        source.remedy,
        file=source.file,
        sheet=source.sheet,
        field=field,
        value=value,
    )
