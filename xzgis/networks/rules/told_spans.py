"""How far what is told of two places carries over the way between them (decision 0076).

A line laid at a depth follows the ground, and nobody told the ground between: straight from one told place to the next
is a guess. A survey sets its points so near that it is none (CJJ 61-2017: at most 75 m, check S17); farther apart the
levels between are unknown. A level of the line itself, told at both ends, is another thing: so it was designed or laid.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import NetworkKind
from xzgis.core.words import Words
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.levels import EndLevels, is_gravity

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

TOLD_APART_M = 75.0
"""The farthest that points of a survey may lie apart on a line that follows the ground."""
MANHOLES_APART_M = 150.0
"""A gravity line is straight from manhole to manhole: the widest spacing for large sewers (GB 50014, recalled)."""


def too_far_apart(length_m: FloatArray, kind: pd.Series, kinds: Mapping[str, NetworkKind]) -> BoolArray:
    """``(n,)`` lines whose ends, ``length_m`` apart along them, tell nothing of the depth or ground between."""
    bound = np.where(is_gravity(kind, kinds), MANHOLES_APART_M, TOLD_APART_M)
    found: BoolArray = length_m > bound + 1e-6
    return found


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
                  "其间地面起伏不明，管线高程按未知处理",
                  f"{sheet}: the depths of a line are told more than {TOLD_APART_M:g} m apart"
                  f" (of a gravity line {MANHOLES_APART_M:g} m): the ground between may turn, its levels are taken as unknown"),
              Words("在变坡处将管线分段并给出各段两端的埋深与地面，或给出两端管线高程",
                    "Cut the line where the ground turns and give depth and ground at each end, or give the level of the"
                    " line itself at both ends")),
    )  # fmt: skip
