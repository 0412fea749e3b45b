"""Coordinates written to whole metres or tenths: no place is better known than its figures are written.

A table whose cells show no decimals keeps a point that was measured to 5 cm no better than to half a metre.
"""

import math
import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.core.words import Words
from xzgis.networks.rules.doubts import Doubts, first_where
from xzgis.networks.rules.numbers import plain
from xzgis.networks.rules.surveyed import MEASURED
from xzgis.networks.terms import FloatArray

COARSE = "R56"
_METRES_PER_DEGREE = 111_320.0
_LARGEST_DEGREE = 360.0
_DEGREE_DECIMALS = (2, 3, 4, 5, 6)
# Finer steps add nothing to 5 cm; from a step of a third of a metre on somebody has to know.
_LEAST_SIGMA_M, _LEAST_TOLD_M = 0.01, 0.1
_FIGURE = re.compile(r"[+-]?\d*(?:\.(\d*))?(?:e([+-]?\d+))?", re.IGNORECASE)
REMEDY = Words(
    "请把坐标单元格设为数值格式、保留三位小数（图层则按原精度）后重新导出；原始成果确实只到此位的不必改。",
    "Format the cells as numbers with three decimals (layers: with their full precision) and export again; nothing is to be "
    "done where the survey itself has no more.",
)


def decimals_of(text: str) -> int | None:
    """How many decimals a figure is written to, below 0 where tens or hundreds are its last digit; None where it is none."""
    found = _FIGURE.fullmatch(plain(text))
    if found is None:
        return None
    return len(found[1] or "") - int(found[2] or 0)


def is_too_short(column: pd.Series) -> npt.NDArray[np.bool_]:
    """``(n,)`` which cells are written with an exponent that leaves out the metres: ``3.79261E+06``."""
    codes, texts = pd.factorize(column)
    short = [("e" in str(text).casefold()) and (decimals_of(str(text)) or 0) < 0 for text in texts]
    return np.array([*short, False], dtype=np.bool_)[codes]


def table_rounding_m(raw: pd.DataFrame, north: FloatArray, doubts: Doubts) -> FloatArray:
    """``(n,)`` standard deviation of a place by the decimals of the coordinates in its table, metres; 0 where fine."""

    def step_m(rows: npt.NDArray[np.int64]) -> float:
        # Of two columns the coarser decides: a cell format is set column by column.
        written = [
            max(told)
            for column in ("north_m", "east_m")
            if (
                told := [
                    one
                    for one in map(decimals_of, map(str, raw[column].iloc[rows].dropna().unique()))
                    if one is not None
                ]
            )
        ]
        known = north[rows][np.isfinite(north[rows])]
        if not written or not len(known):
            return 0.0
        is_degrees = np.abs(known).max() <= _LARGEST_DEGREE
        return (_METRES_PER_DEGREE if is_degrees else 1.0) * 10.0 ** -min(written)

    return _rounding(raw, np.ones(len(raw), dtype=np.bool_), step_m, doubts)


def layer_rounding_m(
    features: pd.DataFrame,
    geometry: npt.NDArray[np.object_],
    classes: npt.NDArray[np.object_],
    scale: float,
    doubts: Doubts,
) -> FloatArray:
    """``(n,)`` the same by the vertices of the layer, of those that were measured; ``scale``: metres of a drawing's unit."""

    def step_m(rows: npt.NDArray[np.int64]) -> float:
        figures = shapely.get_coordinates(geometry[rows])
        if not len(figures):
            return 0.0
        is_degrees = np.abs(figures).max() <= _LARGEST_DEGREE
        for decimals in _DEGREE_DECIMALS if is_degrees else (0, 1):
            scaled = figures * 10.0**decimals
            if np.allclose(scaled, np.round(scaled), rtol=0.0, atol=1e-4 if is_degrees else 1e-6):
                return (_METRES_PER_DEGREE if is_degrees else scale) * 10.0**-decimals
        return 0.0

    figures = shapely.get_coordinates(geometry)
    # A degree of few decimals is vaguer than any class holds; metres are part of what "digitised" means.
    is_degrees = len(figures) > 0 and np.abs(figures).max() <= _LARGEST_DEGREE
    measured = np.isin(classes.astype(str), MEASURED)
    return _rounding(features, np.ones_like(measured) if is_degrees else measured, step_m, doubts)


def _rounding(
    frame: pd.DataFrame,
    asked: npt.NDArray[np.bool_],
    step_m: Callable[[npt.NDArray[np.int64]], float],
    doubts: Doubts,
) -> FloatArray:
    sigma = np.zeros(len(frame))
    places = frame[["file", "sheet"]].reset_index(drop=True)
    group = places.groupby(["file", "sheet"], dropna=False, sort=False).ngroup().to_numpy()
    for number in np.unique(group):
        rows = np.flatnonzero(group == number)
        mine = rows[asked[rows]]
        step = step_m(rows) if len(mine) else 0.0
        rounding = step / math.sqrt(12.0)
        if rounding < _LEAST_SIGMA_M:
            continue
        sigma[mine] = rounding
        if rounding >= _LEAST_TOLD_M:
            here = np.zeros(len(frame), dtype=np.bool_)
            here[mine] = True
            doubts.say(
                COARSE, "warning", _told(step, rounding), REMEDY, where=first_where(frame, here, None, None)
            )
    return sigma


def _told(step_m: float, sigma_m: float) -> Words:
    return Words(
        f"坐标只写到 {step_m:.3g} m：平面位置只准到 ±{step_m / 2:.2g} m，中误差另加 {sigma_m:.2g} m",
        f"The coordinates are written to {step_m:.3g} m: places are known to ±{step_m / 2:.2g} m at best, and {sigma_m:.2g} m "
        "is added to their standard deviation",
    )
