"""S28: figures that cannot be at all. The tables refuse them (decision 0022); here the row is named beforehand."""

import numpy as np
import numpy.typing as npt

from xzgis.core.words import Words
from xzgis.networks.rules.checks.levels import without_contradicted_levels
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.terms import (
    HIGHEST_LEVEL_M,
    LARGEST_RECORDED_M,
    LARGEST_SIZE_MM,
    LARGEST_VOLTAGE_KV,
    LOWEST_LEVEL_M,
)

IMPOSSIBLE = "S28"
Bounds = tuple[float, float]
_RECORDED: Bounds = (-LARGEST_RECORDED_M, LARGEST_RECORDED_M)
_LEVEL: Bounds = (LOWEST_LEVEL_M, HIGHEST_LEVEL_M)
_SIZE: Bounds = (0.0, LARGEST_SIZE_MM)
_CALLED = {
    "ground_m": Words("地面高程", "the ground level"),
    "chamber_depth_m": Words("井底深", "the depth of the chamber"),
    "start_depth_m": Words("起点埋深", "the depth at the start"),
    "end_depth_m": Words("终点埋深", "the depth at the end"),
    "start_level_m": Words("起点高程", "the level at the start"),
    "end_level_m": Words("终点高程", "the level at the end"),
    "nominal_width_mm": Words("公称宽度或管径", "the nominal width or diameter"),
    "nominal_height_mm": Words("公称高度", "the nominal height"),
    "outer_width_mm": Words("外宽或外径", "the outer width or diameter"),
    "outer_height_mm": Words("外高", "the outer height"),
    "voltage_kv": Words("电压（kV）", "the voltage in kV"),
    "crown_m": Words("推算的管顶高程", "the derived level of the crown"),
    "bottom_m": Words("推算的管底高程", "the derived level of the bottom"),
}
_DERIVED = ("crown_m", "bottom_m", "ground_m")
_OF_POINTS: dict[str, Bounds] = {"ground_m": _LEVEL, "chamber_depth_m": _RECORDED}
_OF_LINES: dict[str, Bounds] = {
    "start_depth_m": _RECORDED,
    "end_depth_m": _RECORDED,
    "start_level_m": _RECORDED,
    "end_level_m": _RECORDED,
    "nominal_width_mm": _SIZE,
    "nominal_height_mm": _SIZE,
    "outer_width_mm": _SIZE,
    "outer_height_mm": _SIZE,
    "voltage_kv": (0.0, LARGEST_VOLTAGE_KV),
}


def check_possible(checker: Checker) -> None:
    """S28: sizes, depths, levels and voltages within what can be at all; lines also by their derived levels."""
    for table, columns in (("points", _OF_POINTS), ("lines", _OF_LINES)):
        frame = getattr(checker, table)
        for column, bounds in columns.items():
            values = frame[column].to_numpy(np.float64)
            _tell(checker, table, column, values, bounds)
    vertices = checker.delivery.vertices
    if any(_is_beyond(getattr(vertices, name), _LEVEL).any() for name in _DERIVED):
        # What nothing confirms is taken as unknown anyway: only what would be kept is an error.
        vertices = without_contradicted_levels(checker.delivery, checker.catalogue).vertices
    for name in _DERIVED:
        _tell(checker, "lines", name, _farthest(getattr(vertices, name), vertices.offset), _LEVEL)


def _tell(checker: Checker, table: str, column: str, values: npt.NDArray[np.float64], bounds: Bounds) -> None:
    low, high = bounds
    for row in checker.rows(table, _is_beyond(values, bounds)):
        value = values[row["index"]]
        checker.tell(
            IMPOSSIBLE,
            row,
            Words(
                f"{_CALLED[column].zh}为 {value:.10g}，不可能（应大于 {low:g}、小于 {high:g}），此行不入库",
                f"{_CALLED[column].en} is {value:.10g}, which cannot be ({low:g} to {high:g}): the row stays out",
            ),
            Words("核对数值与单位", "Compare the figure and its unit"),
            field=column,
            value=f"{value:.10g}",
        )


def _is_beyond(values: npt.NDArray[np.float64], bounds: Bounds) -> npt.NDArray[np.bool_]:
    """``(n,)`` known values that do not lie between the bounds."""
    beyond: npt.NDArray[np.bool_] = ~np.isnan(values) & ~((values > bounds[0]) & (values < bounds[1]))
    return beyond


def _farthest(levels: npt.NDArray[np.float64], offset: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The level of each line that lies farthest from zero, NaN where it has none."""
    known = ~np.isnan(levels)
    drawn = offset[1:] > offset[:-1]
    most, least = np.full(len(drawn), -np.inf), np.full(len(drawn), np.inf)
    if drawn.any() and known.any():
        starts = offset[:-1][drawn]
        most[drawn] = np.maximum.reduceat(np.where(known, levels, -np.inf), starts)
        least[drawn] = np.minimum.reduceat(np.where(known, levels, np.inf), starts)
    farthest = np.where(np.abs(most) >= np.abs(least), most, least)
    farthest[most < least] = np.nan
    return farthest
