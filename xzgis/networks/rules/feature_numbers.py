"""Number fields of a layer: read, with what says nothing or cannot be of this city taken as unknown, and told."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.core.words import Words
from xzgis.networks.rules.drawn_units import drawn_unit_m, known_in_unit
from xzgis.networks.rules.feature_fields import (
    ALL_FIELDS,
    HEIGHT_COLUMN,
    UNIT_OF,
    number_column,
    scaled,
)
from xzgis.networks.rules.feature_mapping import FieldMapping
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.feature_units import unit_of
from xzgis.networks.rules.no_heights import (
    COMPARE_GROUND,
    NO_LEVELS,
    WRITE_LEVEL,
    odd_ground,
    odd_ground_words,
)
from xzgis.networks.rules.numbers import NULL_NUMBERS, FloatArray, says_no_height
from xzgis.networks.rules.units import factor
from xzgis.networks.terms import Level

_END_WHATS = ("depth", "level", "ground", "crown", "bottom")
_GROUNDS = frozenset({"ground_m", "start_ground_m", "end_ground_m"})
_LEVELS = frozenset(
    {f"{end}{what}_m" for end in ("start_", "end_", "") for what in ("level", "crown", "bottom")}
    | {"chamber_bottom_m"}
)


def number_of(part: LayerPart, name: str, source: FieldMapping) -> FloatArray:
    """``(n,)`` the field ``name`` in our unit, NaN where unknown."""
    read = number_column(
        part.layer, source.column, field=name, unit=unit_of(name, source), scale=source.scale
    )
    values = part.layer.frame.get(source.column)
    # A depth or size that is no number may hide a danger; of the other facts an unknown is merely asked again.
    level: Level = "error" if UNIT_OF.get(name) in ("m", "mm") else "warning"
    part.find_rows(
        read.bad,
        "R35",
        level,
        Words("此值不是数", "this value is no number"),
        Words("改正该值，或在来源处留空", "correct it, or leave it empty at the source"),
        field=source.column,
        values=values,
    )
    part.find_rows(
        read.unknown_unit,
        "R36",
        "error",
        Words("此行的单位不认识，数值未采用", "the unit of this row is not known; its figure is not used"),
        Words("使用 m、cm、mm、bar、MPa、V 或 kV", "use m, cm, mm, bar, MPa, V or kV"),
        field=source.column,
        values=values,
    )
    return _believed(part, name, source.column, np.asarray(read.value))


def _believed(part: LayerPart, name: str, column: str, value_m: FloatArray) -> FloatArray:
    """Grounds and levels without those that no ground of the city has or that stand for an empty cell (R14, R10)."""
    if name in _GROUNDS:
        limits = part.catalogue.limits.values
        odd = odd_ground(value_m, limits)
        told = pd.Series(value_m)
        part.find_values(
            odd, "R14", "warning", odd_ground_words(None, limits), COMPARE_GROUND, field=column, values=told
        )
        return np.where(odd, np.nan, value_m)
    if name not in _LEVELS:
        return value_m
    silent = says_no_height(value_m)
    told = pd.Series(value_m)
    part.find_values(silent, "R10", "info", NO_LEVELS, WRITE_LEVEL, field=column, values=told)
    return np.where(silent, np.nan, value_m)


def drawn_by_height(part: LayerPart) -> dict[str, FieldMapping]:
    """The fields of ``part`` that the heights of its geometry fill."""
    return {
        name: one
        for name, one in part.mapping.fields.items()
        if one.column == HEIGHT_COLUMN and ALL_FIELDS[name] == "number"
    }


def drawn_heights(part: LayerPart, columns: dict[str, object]) -> None:
    """Adds the fields that ``@z`` fills: of a line each end its own vertex; what a column says of an end goes before.

    ``…_drawn`` marks them: they belong to the ends as drawn, whatever points these are named.
    """
    is_line = part.mapping.role == "lines"
    for name, source in drawn_by_height(part).items():
        what = name.removesuffix("_m").removeprefix("start_").removeprefix("end_")
        if not is_line or what not in _END_WHATS:
            columns[name] = _height(part, name, source, last=False)
            continue
        of_both = name == f"{what}_m"
        for end in ("start", "end"):
            field = f"{end}_{what}_m"
            if not of_both and field != name:
                continue
            height = _height(part, field, source, last=end == "end")
            told = np.full(len(height), np.nan)
            if field in columns:
                told = np.asarray(columns[field], dtype=np.float64)
            by_column = np.isfinite(told)
            columns[field] = np.where(by_column, told, height)
            columns[f"{field[:-2]}_drawn"] = np.isfinite(height) & ~by_column


def _height(part: LayerPart, name: str, source: FieldMapping, *, last: bool) -> FloatArray:
    scale = source.scale if source.scale != 1.0 else factor(UNIT_OF.get(name, ""), source.unit)
    height = end_height(part.layer.geometry, last=last)
    if scale is None:
        part.find(
            "R36",
            "error",
            Words("高度的单位不认识，数值未采用", "the unit of the heights is not known; they are not used"),
            Words("使用 m、dm、cm、mm、ft 或 km", "use m, dm, cm, mm, ft or km"),
            field=HEIGHT_COLUMN,
            value=source.unit,
        )
        return np.full(len(height), np.nan)
    unit_m = drawn_unit_m(part, source)
    if unit_m != 1.0:
        is_level = name in _GROUNDS or name in _LEVELS
        limit = "highest_ground_m" if is_level else "deepest_trenchless_m"
        height = known_in_unit(part, height, part.catalogue.limits.values[limit])
    return _believed(part, name, HEIGHT_COLUMN, scaled(height, scale * unit_m))


def end_height(geometry: npt.NDArray[np.object_], *, last: bool) -> FloatArray:
    """``(n,)`` height of the first or the last vertex of each geometry, NaN where it has none."""
    coordinates, owner = shapely.get_coordinates(geometry, include_z=True, return_index=True)
    heights = np.full(len(geometry), np.nan)
    if len(owner):
        changes = owner[1:] != owner[:-1]
        is_end = np.concatenate([changes, [True]] if last else [[True], changes])
        heights[owner[is_end]] = coordinates[is_end, 2]
        heights[np.isin(heights, NULL_NUMBERS)] = np.nan
    return heights
