"""Lines whose level is not straight from one told end to the other (decision 0091).

A riser (CJJ 61-2017: buried end positive, overhead end negative depth) lies at its buried depth and goes up at the pole:
a slope from the one to the other is no line that anybody laid, and a place under it is not clear of the cable. A line that
is above the ground at one end and buried at the other goes up somewhere between, and nobody tells where.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.burials import is_open
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.levels import FROM_BELOW, EndLevels, is_one_of
from xzgis.networks.rules.named_burials import NAMED_IN, is_named, named_to_dive, tell_named_courses
from xzgis.networks.rules.told_beside import has_untold_levels
from xzgis.networks.rules.told_drilled import SAID, said_to_dive
from xzgis.networks.rules.told_spans import knows_levels

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
ObjectArray = npt.NDArray[np.object_]

RAISED = frozenset({"surface", "overhead", "riser"})
"""Burials of lines that may lie on or above the ground: a depth of 0 or -1 is one there."""
DIVES = frozenset({"underwater"})
DRILLED = frozenset({"drilled"})
"""Burials of lines that lie deeper between their ends than at them; jacked ones are straight."""
DRILLED_STRAIGHT_M = 5.0
"""A rod bends at a radius of 30 m and more: within 5 m it strays no more than 0.10 m from the straight."""
# Half a unit of the second decimal.
_ROUNDED_M = 0.005
# Two depths read to 5 cm each: so near the surface a line need not climb, it may as well lie level.
_LEVEL_M = 0.1


@dataclass(frozen=True)
class Lie:
    """Where n lines lie at one end: ground, recorded depth, levels of the envelope, what they were measured to.

    ``by_level``: whether the levels are told, not worked out from the depth alone.
    """

    ground_m: FloatArray
    depth_m: FloatArray
    levels: EndLevels
    reference: ObjectArray
    by_level: BoolArray

    def below_m(self) -> FloatArray:
        """How far the reference lies below the ground, negative above it; by the depth where the levels do not say."""
        crown, bottom = self.levels.crown_m, self.levels.bottom_m
        level = np.where(is_one_of(self.reference, FROM_BELOW), bottom, crown)
        below = self.ground_m - np.where(np.isfinite(level), level, np.fmax(crown, bottom))
        return np.where(np.isfinite(below), below, self.depth_m)


def climbs(burial: pd.Series, start: Lie, end: Lie, gravity: BoolArray) -> BoolArray:
    """``(n,)`` lines that are buried at one end and on or above the ground at the other.

    A negative depth of a line that is not said to be raised is a false sign (S16), unless its level says the same.
    Not those that flow by ``gravity``: where a sewer comes to light it keeps its slope. Of a riser a depth of 0 may as
    well stand for none: such an end is not known to be the one above the ground.
    """
    first, last = start.below_m(), end.below_m()
    # Unknowns compare false: levels between an end without one are unknown already.
    up, down = np.fmin(first, last), np.fmax(first, last)
    found = (up <= _ROUNDED_M) & (down > _ROUNDED_M) & (down - up > _LEVEL_M)
    is_raised = burial.isin(RAISED).to_numpy(np.bool_)
    found &= is_raised | np.where(first <= last, start.by_level, end.by_level)
    is_riser = burial.eq("riser").to_numpy(np.bool_)
    found |= is_riser & ((np.abs(first) <= _ROUNDED_M) | (np.abs(last) <= _ROUNDED_M))
    result: BoolArray = found & np.isfinite(first) & np.isfinite(last) & ~(gravity & ~is_raised)
    return result


def dives(burial: pd.Series, length_m: FloatArray) -> BoolArray:
    """``(n,)`` lines that may lie deeper between their ends than at them, by how they were laid."""
    drilled = burial.isin(DRILLED).to_numpy(np.bool_) & (length_m > DRILLED_STRAIGHT_M + 1e-6)
    found: BoolArray = drilled | burial.isin(DIVES).to_numpy(np.bool_)
    return found


def untold_between(
    lines: pd.DataFrame, ends: tuple[Lie, Lie], length_m: FloatArray, gravity: BoolArray, doubts: Doubts
) -> BoolArray:
    """``(n,)`` lines whose levels at the ends tell nothing of those between, each told where a level is lost by it.

    ``length_m``: along the line; ``gravity``: lines that flow by gravity, for certain.
    """
    diving = dives(lines["burial"], length_m)
    is_long = length_m > DRILLED_STRAIGHT_M + 1e-6
    said = said_to_dive(lines, is_long) & ~diving
    named = named_to_dive(lines, is_long) & ~diving & ~said
    unclear = is_open(lines) & is_long & ~said & ~named
    opened = unclear & is_named(lines, NAMED_IN)
    climbing = climbs(lines["burial"], *ends, gravity) & ~diving
    known = np.logical_and(*(knows_levels(one.levels) for one in ends))
    _tell(
        lines, climbing & known, "R57", doubts,
        Words("管线一端埋于地下、另一端在地面或以上（上架、上杆等）：管线按埋深敷设，至杆位才上升，两端之间不按斜线推算，"
              "管线高程按未知处理",
              "a line is buried at one end and on or above the ground at the other (a riser): it lies at its buried depth and"
              " goes up at the pole, not along a slope; its levels are taken as unknown"),
        Words("在上升处加测管点，将管线分为地下段（两端填地下埋深）与上升段",
              "Add a point where it goes up: one line to there with the buried depth at both ends, and the riser itself"),
    )  # fmt: skip
    _tell(
        lines, diving & known, "R58", doubts,
        Words("定向钻（拖拉管、牵引管、方法不明的非开挖）与倒虹、水下敷设的管线在两测点之间另有起伏，只给两端不能得知其间埋深，"
              f"管线高程按未知处理（定向钻测点相距不超过 {DRILLED_STRAIGHT_M:g} m 的除外；顶管按直线）",
              "a drilled line, or one laid under water or as an inverted siphon, lies deeper between two points than its ends"
              f" tell; its levels are taken as unknown (not of drilled ones of {DRILLED_STRAIGHT_M:g} m and less; jacked ones"
              " are straight)"),
        Words(f"补充竣工导向轨迹：定向钻每 {DRILLED_STRAIGHT_M:g} m 一点；倒虹在各转折处设点，其直线段按实际埋设方式填写；"
              "确系顶管的填“顶管”",
              f"Deliver the course as built: a point every {DRILLED_STRAIGHT_M:g} m of a drilled line; of a siphon one at each"
              " bend, its straight pieces with the burial they have; what was jacked is 顶管"),
    )  # fmt: skip
    _tell(
        lines, unclear & ~opened & ~climbing & known, "R59", doubts,
        Words("埋设方式无法识别，可能是定向钻、倒虹等：两测点之间不按直线推算，管线高程按未知处理"
              f"（相距不超过 {DRILLED_STRAIGHT_M:g} m 的除外）",
              "the burial of a line is not understood, so that it may be drilled or a siphon: no level is straight between two"
              f" points; its levels are taken as unknown (not of those of {DRILLED_STRAIGHT_M:g} m and less)"),
        Words("请把埋设方式改成登记库的写法（直埋、管埋、管沟、定向钻等）后重新上传",
              "Write the burial as the register does (direct buried, channel, drilled …) and upload it again"),
    )  # fmt: skip
    doubts.distinct(
        lines, said & ~climbing & known, SAID, code="R58", level="warning",
        told=(lambda value: Words(f"“{value}”写明定向钻、倒虹等：两测点之间不按直线推算，管线高程按未知处理",
                                  f"{value!r} says drilled, or a siphon: no level is straight between two points; the levels"
                                  " of these lines are taken as unknown"),
              Words("补充竣工导向轨迹或各转折处的测点；说的不是本管线的，请改写该列",
                    "Deliver the course as built, or a point at each bend; rewrite the column if it is said of another line")),
    )  # fmt: skip
    tell_named_courses(lines, named & ~climbing & known, opened & ~climbing & known, doubts)
    return climbing | diving | unclear | said | named | has_untold_levels(lines, known, doubts)


def _tell(
    lines: pd.DataFrame, mask: BoolArray, code: str, doubts: Doubts, said: Words, remedy: Words
) -> None:
    column = "sheet" if lines["sheet"].notna().all() else "file"
    doubts.distinct(
        lines, mask, column, code=code, level="warning",
        told=(lambda sheet: Words(f"{sheet}：{said.zh}", f"{sheet}: {said.en}"), remedy),
    )  # fmt: skip
