"""How well a surveyed point and line are known: from the visible or hidden flag, the source and the depth.

Source: CJJ 61 through reference notes on survey tables, section 7. Without a flag a point counts as hidden.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import AccuracyClass

FloatArray = npt.NDArray[np.float64]
ObjectArray = npt.NDArray[np.object_]

# What the register holds; a figure beyond it says "unknown" in the cautious direction.
_WIDEST_M = 9_999.0
BY_SOURCE = {"design": "design", "as_built": "as_built", "assumed": "assumed", "digitised": "digitised"}


def accuracy_classes(visibility: ObjectArray, data_source: ObjectArray) -> ObjectArray:
    """``(n,)`` accuracy class from visibility (``visible hidden`` or None) and data source token (or None)."""
    classes: ObjectArray = np.full(len(visibility), "hidden_point", dtype=object)
    classes[visibility == "visible"] = "visible_point"
    for source, name in BY_SOURCE.items():
        classes[data_source == source] = name
    return classes


def sigmas_m(
    classes: ObjectArray,
    depth_m: FloatArray,
    table: Mapping[str, AccuracyClass],
    *,
    depth_when_unknown_m: float,
) -> tuple[FloatArray, FloatArray]:
    """Standard deviations of plan and level, ``(n,)`` metres each, at centre depth ``depth_m`` (NaN: unknown)."""
    plan = np.full(len(classes), np.nan)
    level = np.full(len(classes), np.nan)
    depth = np.abs(np.where(np.isfinite(depth_m), depth_m, depth_when_unknown_m))
    for token in set(classes):
        entry = table[token]
        mine = classes == token
        scaled = np.maximum(depth[mine], entry.depth_floor_m)
        plan[mine] = np.hypot(entry.plan_base_m, entry.plan_per_depth * scaled)
        level[mine] = np.hypot(entry.level_base_m, entry.level_per_depth * scaled)
    return plan, level


def told_sigmas_m(features: pd.DataFrame, name: str, otherwise_m: FloatArray) -> FloatArray:
    """``(n,)`` the standard deviations of column ``name``, metres; ``otherwise_m`` where it tells none above zero."""
    if name not in features.columns:
        return otherwise_m
    told = features[name].to_numpy(np.float64)
    return np.where(told > 0.0, np.minimum(told, _WIDEST_M), otherwise_m)
