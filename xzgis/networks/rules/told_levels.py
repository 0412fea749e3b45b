"""The envelope at one end of lines from all that is recorded there: depth, level, a second level, and their heads."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.level_words import BOTTOM, CENTRE, INNER, INNER_TOP, OUTER, TOP
from xzgis.networks.rules.levels import (
    FROM_ABOVE,
    FROM_BELOW,
    MM_PER_M,
    EndLevels,
    Envelopes,
    about_centre,
    end_levels,
    is_one_of,
    level_sigma_m,
    reference_levels,
)
from xzgis.networks.terms import Level

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
ObjectArray = npt.NDArray[np.object_]

# Crown and bottom, both told: further apart than this from the size and one of the three is wrong.
_TOLERANCE_M = 0.1
# The thickest wall of a line under pressure whose size nobody told: concrete cylinder pipe of DN2000 (own choice).
_WALL_UNTOLD_MM = 200.0


@dataclass(frozen=True)
class Recorded:
    """What is recorded at one end of n lines, metres, NaN where nothing; ``*_word``: what the head says (or None).

    ``beside_m``: a second level, whose head says the other word.
    """

    depth_m: FloatArray
    level_m: FloatArray
    beside_m: FloatArray
    depth_word: ObjectArray
    level_word: ObjectArray
    beside_word: ObjectArray

    def ordered(self) -> "Recorded":
        """The second level as the first where there is no first."""
        alone = ~np.isfinite(self.level_m) & np.isfinite(self.beside_m)
        return Recorded(
            self.depth_m,
            np.where(alone, self.beside_m, self.level_m),
            np.where(alone, np.nan, self.beside_m),
            self.depth_word,
            np.where(alone, self.beside_word, self.level_word),
            self.beside_word,
        )


@dataclass(frozen=True)
class Rule:
    """What holds for a line where no head says otherwise: the reference of its kind, and its envelope.

    ``open_top``: gravity pipes whose head says the top and may mean the inner bottom
    (:mod:`xzgis.networks.rules.open_tops`); None: of none. ``other``: what may be the reference instead where it differs
    (:mod:`xzgis.networks.rules.sewer_pressure`).
    """

    reference: ObjectArray
    overhead: BoolArray
    envelopes: Envelopes
    nominal_height_mm: FloatArray
    open_top: BoolArray | None = None
    other: ObjectArray | None = None


def rule_of(lines: pd.DataFrame, envelopes: Envelopes, reference: ObjectArray, other: ObjectArray) -> Rule:
    """The rule of canonical ``lines``; ``reference`` and ``other``: what holds and what may hold instead."""
    return Rule(
        reference=reference,
        overhead=lines["burial"].eq("overhead").to_numpy(np.bool_),
        envelopes=envelopes,
        nominal_height_mm=lines["nominal_height_mm"].to_numpy(np.float64),
        other=other,
    )


@dataclass(frozen=True)
class EndFound:
    """Levels of the envelope at one end, and how they came about; ``(n,)`` each.

    ``reference``: what was measured to. ``limit_m``: by how much the levels may be off because a head is open.
    ``followed``: the head, against the rule of the kind. ``contradicted``: a channel, or a gravity pipe of
    an open head, under a head of the top: read by rule, and the sigma holds the other reading.
    ``disagree``: two levels that the size does not bring together.
    """

    levels: EndLevels
    reference: ObjectArray
    limit_m: FloatArray
    followed: BoolArray
    contradicted: BoolArray
    disagree: BoolArray


def found_end(ground_m: FloatArray, told: Recorded, rule: Rule) -> EndFound:
    """Crown and bottom at one end; where the reference is open the envelope holds both readings, or is unknown."""
    found = _by_reference(ground_m, told, rule)
    if rule.other is None or not (is_open := np.asarray(rule.other != rule.reference, np.bool_)).any():
        return found
    mine, other = found.levels, _by_reference(ground_m, told, replace(rule, reference=rule.other)).levels
    # Unlike fmax: a side that the one reading leaves unknown is unknown.
    return replace(
        found,
        levels=EndLevels(
            np.where(is_open, np.maximum(mine.crown_m, other.crown_m), mine.crown_m),
            np.where(is_open, np.minimum(mine.bottom_m, other.bottom_m), mine.bottom_m),
        ),
    )


def _by_reference(ground_m: FloatArray, told: Recorded, rule: Rule) -> EndFound:
    """Crown and bottom at one end. A level goes before a depth; of two levels the envelope holds what both say."""
    told = told.ordered()
    has_level = np.isfinite(told.level_m)
    recorded = reference_levels(ground_m, told.depth_m, told.level_m, overhead=rule.overhead)
    word = np.where(has_level, told.level_word, told.depth_word)
    word[~np.isfinite(recorded)] = None
    first = _by_word(recorded, word, rule)
    has_two = np.isfinite(told.beside_m)
    if not has_two.any():
        return first
    word = told.beside_word.copy()
    word[~has_two] = None
    second = _by_word(told.beside_m, word, rule)
    apart_m = np.fmax(
        np.abs(first.levels.crown_m - second.levels.crown_m),
        np.abs(first.levels.bottom_m - second.levels.bottom_m),
    )
    off_m = _TOLERANCE_M + 2 * np.nan_to_num(rule.envelopes.spread_mm) / MM_PER_M
    return EndFound(
        EndLevels(
            np.fmax(first.levels.crown_m, second.levels.crown_m),
            np.fmin(first.levels.bottom_m, second.levels.bottom_m),
        ),
        first.reference,
        np.fmax(first.limit_m, second.limit_m),
        first.followed | second.followed,
        first.contradicted | second.contradicted,
        np.nan_to_num(apart_m) > off_m,
    )


def _by_word(level_m: FloatArray, word: ObjectArray, rule: Rule) -> EndFound:
    """Levels as the head says. A bottom that may be inside or outside lies in the middle of the wall, give or take.

    Of a line of unknown size the wall may be any: the level is kept, and its limit holds them.
    """
    reference = rule.reference.copy()
    asked = {one: is_one_of(word, (one,)) for one in (TOP, INNER_TOP, BOTTOM, INNER, OUTER, CENTRE)}
    above, below = is_one_of(reference, FROM_ABOVE), is_one_of(reference, FROM_BELOW)
    inner, inner_top = is_one_of(reference, ("invert", "inner_bottom")), is_one_of(reference, ("inner_top",))
    # For a channel crews fill the column of their sheet: its top is no evidence against the rule.
    contradicted = asked[TOP] & is_one_of(reference, ("inner_bottom",))
    if rule.open_top is not None:
        contradicted |= asked[TOP] & rule.open_top & is_one_of(reference, ("invert",))
    crown = asked[TOP] & (~above | inner_top) & ~contradicted
    is_open = asked[BOTTOM] & ~below
    invert = (asked[INNER] & ~inner) | is_open
    outside = asked[OUTER] & ~is_one_of(reference, ("outer_bottom",))
    inside = asked[INNER_TOP] & ~inner_top
    reference[crown], reference[invert], reference[outside] = "crown", "invert", "outer_bottom"
    reference[inside] = "inner_top"
    reference[asked[CENTRE]] = "unknown"
    wall_mm = rule.envelopes.wall_mm
    wall_mm = np.where(is_open & np.isnan(wall_mm), _WALL_UNTOLD_MM, wall_mm)
    half_wall_m = np.where(is_open, wall_mm / 2.0 / MM_PER_M, 0.0)
    levels = end_levels(level_m + half_wall_m, reference, replace(rule.envelopes, wall_mm=wall_mm))
    return EndFound(
        about_centre(levels, np.where(asked[CENTRE], level_m, np.nan), rule.envelopes),
        reference,
        np.nan_to_num(half_wall_m),
        crown | invert | outside | inside | asked[CENTRE],
        contradicted,
        np.zeros(len(level_m), dtype=np.bool_),
    )


def reference_of(start: EndFound, end: EndFound) -> ObjectArray:
    """``(n,)`` one reference of each line: of its start, or of its end where only that one follows its head."""
    result: ObjectArray = np.where(end.followed & ~start.followed, end.reference, start.reference)
    return result


def sigma_m(measured_m: FloatArray, start: EndFound, end: EndFound, rule: Rule) -> FloatArray:
    """``(n,)`` standard deviation of the levels, the worse of both ends: of measuring, of the wall, of open heads.

    A limit counts as two standard deviations; a channel under a head of the top may be off by its height, and a
    gravity pipe by its wall besides.
    """
    wall_mm = np.where(rule.reference == "invert", np.nan_to_num(rule.envelopes.wall_mm), 0.0)
    half_height_m = (np.nan_to_num(rule.nominal_height_mm) + wall_mm) / 2.0 / MM_PER_M
    sigmas = []
    for one in (start, end):
        sigma = np.hypot(level_sigma_m(measured_m, rule.envelopes, one.reference), one.limit_m / 2.0)
        sigmas.append(np.where(one.contradicted, np.hypot(sigma, half_height_m), sigma))
    return np.maximum(*sigmas)


def tell_heads(lines: pd.DataFrame, start: EndFound, end: EndFound, doubts: Doubts) -> None:
    """R13, once per sheet: of heads that go against the rule of the kind, and of levels that contradict each other."""
    contradicted = start.contradicted | end.contradicted
    pipes = contradicted & ((start.reference == "invert") | (end.reference == "invert"))
    _tell(
        lines, pipes, "warning", doubts,
        Words("高程填在“顶”列，但该表由各管类共用，或与埋深、井深所指为同一点，而重力流管道按规程量至管内底：管内底、"
              "管顶两种情形都考虑，并加大高程中误差",
              "of a gravity pipe stands in the column of the top, but the sheet serves all kinds, or depth or chamber name the "
              "same point, and by rule that is the inner bottom: both readings are held by a wider sigma"),
    )  # fmt: skip
    _tell(
        lines, contradicted & ~pipes, "warning", doubts,
        Words("高程填在“顶”列，但管沟埋深按规程量至沟内底：按沟内底处理，并加大高程中误差",
              "stands in the column of the top, but a channel is measured to its inner bottom: taken so, with a wider sigma"),
    )  # fmt: skip
    _tell(
        lines, (start.followed | end.followed) & ~contradicted, "info", doubts,
        Words("高程所在的列与该管类的埋深基准不同：按所在列处理",
              "stands in a column that differs from the kind's depth reference: the column is followed"),
    )  # fmt: skip
    _tell(
        lines, start.disagree | end.disagree, "warning", doubts,
        Words("管顶与管底两列高程之差与断面不符：上取较高者、下取较低者",
              "of the top and that of the bottom are not one section apart: the higher and the lower bound are taken"),
    )  # fmt: skip


def _tell(lines: pd.DataFrame, mask: BoolArray, level: Level, doubts: Doubts, said: Words) -> None:
    column = "sheet" if lines["sheet"].notna().all() else "file"
    doubts.distinct(
        lines, mask, column, code="R13", level=level,
        told=(lambda sheet: Words(f"{sheet} 表：{said.zh}", f"Sheet {sheet}: the level {said.en}"),
              Words("请与探测单位核对埋深量至何处", "Ask the survey crew what the depth is measured to")),
    )  # fmt: skip
