"""How far what is told of two places carries over the way between them (decision 0076).

A line laid at a depth follows the ground, and nobody told the ground between: straight from one told place to the next
is a guess. A survey sets its points so near that it is none (CJJ 61-2017: at most 75 m, check S17); farther apart the
levels between are unknown. A level of the line itself, told at both ends, is another thing: so it was designed or laid.
A level that is ground less depth once more, as survey sheets work it out, is none of the line itself.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import NetworkKind
from xzgis.core.words import Words
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.levels import MM_PER_M, EndLevels, is_gravity
from xzgis.networks.rules.told_levels import Rule

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

TOLD_APART_M = 75.0
"""The farthest that points of a survey may lie apart on a line that follows the ground."""
MANHOLES_APART_M = 150.0
"""A gravity line is straight from manhole to manhole: the widest spacing for large sewers (GB 50014, recalled)."""

# Two decimals of a level, of a depth and of the ground.
_RESTATED_M = 0.02


def too_far_apart(length_m: FloatArray, kind: pd.Series, kinds: Mapping[str, NetworkKind]) -> BoolArray:
    """``(n,)`` lines whose ends, ``length_m`` apart along them, tell nothing of the depth or ground between."""
    bound = np.where(is_gravity(kind, kinds), MANHOLES_APART_M, TOLD_APART_M)
    found: BoolArray = length_m > bound + 1e-6
    return found


def tells_own_level(told: tuple[FloatArray, ...], by_depth_m: FloatArray, rule: Rule) -> BoolArray:
    """``(n,)`` lines whose level at this end is told, and is not ground less depth once more.

    ``told``: the levels recorded, metres, NaN where none; ``by_depth_m``: ground less depth. Depth and level may each be
    to the crown, the bottom, the inside of either or the centre: any of these on the one and any on the other count.
    """
    size, nominal = rule.envelopes, rule.nominal_height_mm
    outer, wall = size.height_mm, size.wall_mm
    spread = np.nan_to_num(size.spread_mm)
    # How far apart two of them lie, and by how much an assumed wall may be off there.
    apart_mm = (
        (np.zeros(len(outer)), 0.0), (nominal, 0.0), (nominal / 2, 0.0), (outer - 2 * wall, 0.0), (outer / 2 - wall, 0.0),
        (wall, spread), (outer - wall, spread), (outer / 2, spread), (outer, 2 * spread),
    )  # fmt: skip
    known, restated = np.zeros(len(outer), np.bool_), np.zeros(len(outer), np.bool_)
    for level_m in told:
        known |= np.isfinite(level_m)
        for between_mm, off_mm in apart_mm:
            left_m = np.abs(np.abs(level_m - by_depth_m) - between_mm / MM_PER_M)
            restated |= left_m <= _RESTATED_M + off_mm / MM_PER_M + 1e-6
    own: BoolArray = known & ~restated
    return own


def knows_levels(found: EndLevels) -> BoolArray:
    """``(n,)`` lines of which some level is known at this end."""
    known: BoolArray = np.isfinite(found.crown_m) | np.isfinite(found.bottom_m)
    return known


def without_levels(found: EndLevels, unknown: BoolArray) -> EndLevels:
    """``found`` with the levels of the lines ``unknown`` taken out."""
    return EndLevels(*(np.where(unknown, np.nan, level) for level in (found.crown_m, found.bottom_m)))


def tell_untold(lines: pd.DataFrame, mask: BoolArray, doubts: Doubts) -> None:
    """R51, once per sheet: of lines whose depths are told too far apart."""
    column = "sheet" if lines["sheet"].notna().all() else "file"
    doubts.distinct(
        lines, mask, column, code="R51", level="warning",
        told=(lambda sheet: Words(
                  f"{sheet}：管线两端埋深（或地面）相距超过 {TOLD_APART_M:g} m（自流管 {MANHOLES_APART_M:g} m），"
                  "其间地面起伏不明，管线高程按未知处理（高程等于地面减埋深的，与只给埋深相同）",
                  f"{sheet}: the depths of a line are told more than {TOLD_APART_M:g} m apart"
                  f" (of a gravity line {MANHOLES_APART_M:g} m): the ground between may turn, its levels are taken as unknown"
                  " (a level that is ground less depth tells no more than the depth)"),
              Words("在变坡处将管线分段并给出各段两端的埋深与地面，或给出两端设计、竣工的管线高程（不由埋深推算）",
                    "Cut the line where the ground turns and give depth and ground at each end, or give the level that"
                    " the line was designed or laid at, not worked out from depths, at both ends")),
    )  # fmt: skip
