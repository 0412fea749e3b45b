"""Gravity pipes whose level stands under a head of the top and may be that of their inner bottom all the same.

By CJJ 61-2017 a gravity pipe is measured to its inner bottom. Where one sheet has one column for all kinds, its head
is that of the pressure pipes, and crews fill the column of their sheet (docs/decisions/0074).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import NetworkKind
from xzgis.networks.rules.columns import group_numbers
from xzgis.networks.rules.level_words import TOP
from xzgis.networks.rules.levels import MM_PER_M, is_gravity
from xzgis.networks.rules.told_levels import Recorded, Rule

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# Two decimals of a level, two of a depth, and the ground between a cover and its kerb.
_TOLERANCE_M = 0.1


@dataclass(frozen=True)
class End:
    """One end of n lines: ground, what is recorded, and the floor of the chamber there; NaN where unknown."""

    ground_m: FloatArray
    told: Recorded
    floor_m: FloatArray


def with_open_tops(rule: Rule, ends: tuple[End, End], shared: BoolArray) -> Rule:
    """``rule`` with the lines of which both readings are held: ``shared`` is :func:`of_shared_sheets`.

    Both are held where the sheet is shared, where ground less depth is that level (the depth is to the inner bottom by
    rule, so the level is too), or where the pipe would hang below the floor of its chamber; never where the depth says
    that the level lies a pipe above it.
    """
    asked, agrees, confirmed, below = (np.zeros(len(shared), np.bool_) for _ in range(4))
    walls_m = np.nan_to_num(rule.envelopes.wall_mm + rule.envelopes.spread_mm) / MM_PER_M
    for end in ends:
        told = end.told.ordered()
        has_level = np.isfinite(told.level_m)
        word = np.where(has_level, told.level_word, told.depth_word)
        recorded = np.isfinite(np.where(has_level, told.level_m, told.depth_m))
        top = recorded & (word == TOP) & ~np.isfinite(told.beside_m)
        above_m = told.level_m - (end.ground_m - told.depth_m)
        above_m[~top | (told.depth_word == TOP)] = np.nan
        asked |= top
        agrees |= np.abs(above_m) <= _TOLERANCE_M
        off_m = np.abs(above_m - rule.nominal_height_mm / MM_PER_M)
        confirmed |= (off_m <= _TOLERANCE_M + walls_m) & (np.abs(above_m) > _TOLERANCE_M)
        below |= top & (told.level_m <= end.floor_m + _TOLERANCE_M)
    told_so = confirmed & ~agrees
    gravity = np.asarray(rule.reference == "invert", dtype=np.bool_)
    return replace(rule, open_top=asked & gravity & (agrees | below | (shared & ~told_so)))


def of_shared_sheets(lines: pd.DataFrame, kinds: Mapping[str, NetworkKind]) -> BoolArray:
    """``(n,)`` whether the sheet of each line also holds lines of a kind that does not flow by gravity."""
    if not len(lines):
        return np.zeros(0, np.bool_)
    sheet = group_numbers(lines["file"], lines["sheet"])
    pressed = lines["kind"].isin(list(kinds)).to_numpy(np.bool_) & ~is_gravity(lines["kind"], kinds)
    shared: BoolArray = (np.bincount(sheet, weights=pressed) > 0)[sheet]
    return shared
