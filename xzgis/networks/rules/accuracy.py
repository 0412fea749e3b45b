"""How well a surveyed point and line are known: from the visible or hidden flag, the source and the depth.

Source: CJJ 61 through reference notes on survey tables, section 7. Without a flag a point counts as hidden.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import AccuracyClass, NetworkKind
from xzgis.networks.rules.levels import FROM_BELOW, MM_PER_M, EndLevels, Envelopes, is_one_of

FloatArray = npt.NDArray[np.float64]
ObjectArray = npt.NDArray[np.object_]

# What the register holds; a figure beyond it says "unknown" in the cautious direction.
_WIDEST_M = 9_999.0
UNKNOWN_DEPTH = "depth_when_unknown_m"
"""Limit of layers/limits.toml: the depth at which the place and level of a line of unknown depth are taken."""
UNKNOWN_DEPTH_OF_GROUND = "ground_depth_when_unknown_m"
"""The same for ground beside a line of unknown depth and level: it was measured on top, not located."""
_UNKNOWN_KIND = "unknown"
BY_SOURCE = {"design": "design", "as_built": "as_built", "assumed": "assumed", "digitised": "digitised"}


def accuracy_classes(visibility: ObjectArray, data_source: ObjectArray) -> ObjectArray:
    """``(n,)`` accuracy class from visibility (``visible hidden inferred`` or None) and data source token (or None)."""
    classes: ObjectArray = np.full(len(visibility), "hidden_point", dtype=object)
    classes[visibility == "visible"] = "visible_point"
    for source, name in BY_SOURCE.items():
        classes[data_source == source] = name
    classes[visibility == "inferred"] = "assumed"
    return classes


def sigmas_m(
    classes: ObjectArray,
    depth_m: FloatArray,
    table: Mapping[str, AccuracyClass],
    *,
    depth_when_unknown_m: float,
) -> tuple[FloatArray, FloatArray]:
    """Standard deviations of plan and level, ``(n,)`` metres each, at centre depth ``depth_m`` (NaN: unknown).

    ``depth_when_unknown_m`` is a deep one: a line whose depth nobody tells is never better known than one told deep.
    """
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


def half_heights_m(envelopes: Envelopes, kind: pd.Series, kinds: Mapping[str, NetworkKind]) -> FloatArray:
    """``(n,)`` half the outer height, at most; of an unknown size half the largest that the kind has."""
    codes, tokens = pd.factorize(kind)
    largest = [kinds.get(str(token), kinds[_UNKNOWN_KIND]).plausible_outer_width_mm[1] for token in tokens]
    unsized = np.array([*largest, kinds[_UNKNOWN_KIND].plausible_outer_width_mm[1]], dtype=np.float64)[codes]
    told = envelopes.height_mm + 2.0 * np.nan_to_num(envelopes.spread_mm)
    return np.where(np.isfinite(told), told, unsized) / 2.0 / MM_PER_M


def centre_depth_m(
    ground_m: FloatArray, levels: EndLevels, depth_m: FloatArray, reference: ObjectArray, half_m: FloatArray
) -> FloatArray:
    """``(n,)`` how deep the centre lies at one end, metres; where one figure leaves it open, the deepest it may be.

    ``depth_m``: as recorded, to ``reference``; it counts where the levels or the ground are unknown.
    """
    both = ground_m - (levels.crown_m + levels.bottom_m) / 2.0
    by_one = np.fmax(ground_m - levels.crown_m + half_m, ground_m - levels.bottom_m)
    by_depth = np.where(is_one_of(reference, FROM_BELOW), depth_m, depth_m + half_m)
    found = np.where(np.isfinite(by_one), by_one, by_depth)
    return np.where(np.isfinite(both), both, found)


def level_depth_m(depth_m: FloatArray, levels: EndLevels, limits: Mapping[str, float]) -> FloatArray:
    """``(n,)`` the depth at which levels at one end are taken; NaN where a level is told but how deep it lies is not."""
    no_level = np.isnan(levels.crown_m) & np.isnan(levels.bottom_m)
    return np.where(np.isnan(depth_m) & no_level, limits[UNKNOWN_DEPTH_OF_GROUND], depth_m)


def point_sigmas_m(
    classes: ObjectArray,
    chamber_depth_m: FloatArray,
    table: Mapping[str, AccuracyClass],
    limits: Mapping[str, float],
) -> tuple[FloatArray, FloatArray]:
    """Standard deviations of plan and level of points by themselves, without the lines that end there."""
    plan, _ = sigmas_m(classes, chamber_depth_m, table, depth_when_unknown_m=limits[UNKNOWN_DEPTH])
    _, level = sigmas_m(classes, chamber_depth_m, table, depth_when_unknown_m=limits[UNKNOWN_DEPTH_OF_GROUND])
    return plan, level


def told_sigmas_m(features: pd.DataFrame, name: str, otherwise_m: FloatArray) -> FloatArray:
    """``(n,)`` the standard deviations of column ``name``, metres; ``otherwise_m`` where it tells none above zero."""
    if name not in features.columns:
        return otherwise_m
    told = features[name].to_numpy(np.float64)
    return np.where(told > 0.0, np.minimum(told, _WIDEST_M), otherwise_m)
