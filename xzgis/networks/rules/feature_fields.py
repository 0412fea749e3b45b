"""The fields a layer of features may fill, and how a column becomes one of them.

Names end in their unit. A field given for both ends of a line (``depth_m``) fills what its start and end lack.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.formats.features import Layer
from xzgis.networks.rules.header_units import unit_in
from xzgis.networks.rules.numbers import parse_numbers
from xzgis.networks.rules.units import factor

FloatArray = npt.NDArray[np.float64]
FieldType = Literal["text", "number", "date", "code"]
HEIGHT_COLUMN = "@z"

_TEXTS = (
    "line_no",
    "from_node",
    "to_node",
    "code",
    "owner",
    "road",
    "note",
    "bank",
    "section",
    "hole_layout",
    "medium",
    "surveyed_by",
    "data_source",
    "reference",
    "vertical_position",
    "accuracy_class",
    "point_no",
    "map_no",
    "element_code",
    "feature",
    "appurtenance",
    "offset_point",
    "sheet",
    "visibility",
    "object",
    "holds",
    "link",
    "network",
    "name",
    "assumptions",
)
_CODES = ("material", "burial", "status", "shape", "flow", "pressure_class", "depth_reference")
_DATES = ("built_on", "surveyed_on", "removed_on")
_METRES = (
    "start_depth_m",
    "end_depth_m",
    "depth_m",
    "start_level_m",
    "end_level_m",
    "level_m",
    "start_ground_m",
    "end_ground_m",
    "ground_m",
    "standard_depth_m",
    "crown_m",
    "bottom_m",
    "start_crown_m",
    "end_crown_m",
    "start_bottom_m",
    "end_bottom_m",
    "length_m",
    "chamber_depth_m",
    "chamber_bottom_m",
    "sigma_plan_m",
    "sigma_level_m",
)
_MILLIMETRES = (
    "diameter_mm",
    "width_mm",
    "height_mm",
    "cable_diameter_mm",
    "outer_diameter_mm",
    "bed_width_mm",
)
_OTHERS = (
    "pressure",
    "voltage",
    "voltage_kv",
    "operating_voltage",
    "cable_count",
    "hole_count",
    "holes_used",
    "rotation",
)
ALL_FIELDS: dict[str, FieldType] = {
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(_CODES, "code"),
    **dict.fromkeys(_DATES, "date"),
    **dict.fromkeys((*_METRES, *_MILLIMETRES, *_OTHERS), "number"),
}
# Our unit of each number that has one; a pressure is read in MPa, a voltage in kV.
UNIT_OF = {
    **dict.fromkeys(_METRES, "m"),
    **dict.fromkeys(_MILLIMETRES, "mm"),
    "pressure": "MPa",
    "voltage": "kV",
    "voltage_kv": "kV",
    "operating_voltage": "kV",
}


@dataclass(frozen=True)
class NumberColumn:
    """``(n,)`` values in our unit, NaN where unknown, and the rows whose text or unit is not understood."""

    value: FloatArray
    bad: npt.NDArray[np.bool_]
    unknown_unit: npt.NDArray[np.bool_]


def unit_by_name(field: str, column: str) -> str | None:
    """The unit that the name of ``column`` tells of a length or size; pressures and voltages are read by their words."""
    return unit_in(column) if field == "section" or UNIT_OF.get(field) in ("m", "mm") else None


def unit_column(column: str) -> str:
    """The column beside ``column`` that tells its unit row by row."""
    return f"{column}_uom"


def number_column(layer: Layer, column: str, *, field: str, unit: str | None, scale: float) -> NumberColumn:
    """One number field of ``layer``: by its own unit column where there is one, by ``scale``, or by ``unit``."""
    ours = UNIT_OF.get(field, "")
    count = len(layer.frame)
    if column == HEIGHT_COLUMN:
        return NumberColumn(first_height(layer), np.zeros(count, np.bool_), np.zeros(count, np.bool_))
    read = parse_numbers(layer.frame[column], unit=ours)
    units = layer.frame.get(unit_column(column))
    if units is not None:
        return _by_row_units(read.value, read.bad, units, ours)
    factor_used = scale if scale != 1.0 else factor(ours, unit)
    if factor_used is None:
        return NumberColumn(np.full(count, np.nan), read.bad, np.isfinite(read.value))
    return NumberColumn(
        np.where(read.has_unit, read.value, read.value * factor_used), read.bad, np.zeros(count, np.bool_)
    )


def _by_row_units(value: FloatArray, bad: npt.NDArray[np.bool_], units: pd.Series, ours: str) -> NumberColumn:
    codes, names = pd.factorize(units)
    factors = np.array([factor(ours, str(name)) or np.nan for name in names] + [1.0])
    scaled = value * factors[codes]
    return NumberColumn(scaled, bad, np.isfinite(value) & ~np.isfinite(scaled))


def first_height(layer: Layer) -> FloatArray:
    """``(n,)`` height of the first vertex of each geometry, NaN where it has none."""
    coordinates, owner = shapely.get_coordinates(layer.geometry, include_z=True, return_index=True)
    heights = np.full(len(layer.geometry), np.nan)
    first, at = np.unique(owner, return_index=True)
    heights[first] = coordinates[at, 2]
    return heights
