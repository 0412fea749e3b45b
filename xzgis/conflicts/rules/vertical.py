"""Vertical clearance and order at crossings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xzgis.catalogue.terms import OrderRule
from xzgis.conflicts.kernel.axes import Axes
from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.kernel.footprint import gaps_of_crossings
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.pairs import crossings_of_pairs
from xzgis.conflicts.rules.book import Requirement
from xzgis.conflicts.rules.cover import leaves_cover
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.give_way import gives_way
from xzgis.conflicts.rules.horizontal import awaits_checking, unknown_kinds
from xzgis.conflicts.rules.scene import Pair, Scene, asked_of, conditions_of
from xzgis.conflicts.rules.settle import fact_trials, gap_trial, most_telling
from xzgis.conflicts.rules.verdict import Asked, Range, is_open, outcome_of, rounded, rounded_up
from xzgis.conflicts.rules.words import (
    CHECK_FIGURE,
    figures,
    in_the_air,
    missing_words,
    pair_words,
    sentence,
    standing,
)
from xzgis.conflicts.terms import AskedRule, Measure, Outcome
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray, IntArray, RunColumns

NOTHING_KNOWN = (-math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Levels of an outer envelope at one place, each smallest and largest; infinite where unknown."""

    crown_m: Range
    bottom_m: Range

    @property
    def is_known(self) -> bool:
        """Whether any level is known at all."""
        return self.crown_m[1] < math.inf

    @property
    def centre_m(self) -> Range:
        """Level of the centre line."""
        return (self.crown_m[0] + self.bottom_m[0]) / 2.0, (self.crown_m[1] + self.bottom_m[1]) / 2.0

    @property
    def spread_m(self) -> float:
        """How much a level is open because of an unknown height."""
        return max(self.crown_m[1] - self.crown_m[0], self.bottom_m[1] - self.bottom_m[0])


@dataclass(frozen=True, slots=True)
class Crossing:
    """A crossing of one pair: chainages, sine of the angle, place (local), levels met on the axes.

    ``over_m``, ``under_m``: least over the shared footprint of bottom of ``above`` minus crown of ``below``, and the
    other way round: smallest and largest possible. ``is_open``: whether levels of ``above``, and of ``below``, are not
    known somewhere on that ground, though they may be known on the axis.
    """

    pair: Pair
    at_a_m: float
    at_b_m: float
    sine: float
    place_m: tuple[float, float]
    above: Envelope
    below: Envelope
    over_m: Range
    under_m: Range
    is_open: tuple[bool, bool]

    @property
    def angle_deg(self) -> float:
        """Angle in (0°, 90°]."""
        return math.degrees(math.asin(min(self.sine, 1.0)))

    @property
    def gap_m(self) -> Range:
        """Least vertical gap over the shared footprint, whichever way lies farther apart; negative: they overlap."""
        over, under = self.over_m, self.under_m
        return max(over[0], under[0]), max(over[1], under[1])


def gap_between(a: Envelope, b: Envelope) -> Range:
    """Vertical gap of two envelopes at one place: smallest and largest possible; negative when they overlap."""
    return (
        max(a.bottom_m[0] - b.crown_m[1], b.bottom_m[0] - a.crown_m[1]),
        max(a.bottom_m[1] - b.crown_m[0], b.bottom_m[1] - a.crown_m[0]),
    )


def crossings_in(scene: Scene, pairs: Sequence[Pair], rows: FloatArray | None = None) -> list[Crossing]:
    """Every crossing of ``pairs``, pair by pair along ``a``; ``above`` is ``a`` and ``below`` is ``b``.

    ``rows`` are those of :func:`crossings_of_pairs` where they were asked for before.
    """
    numbers: IntArray = np.array([(pair.a, pair.b) for pair in pairs], dtype=np.int64).reshape(-1, 2)
    if rows is None:
        rows = crossings_of_pairs(scene.lines, scene.others, numbers)
    if not len(rows):
        return []
    reach = np.array([pair.reach_m(scene.factor) for pair in pairs])
    # The largest sections with the levels that follow from them, and the smallest.
    strict, mild = (
        gaps_of_crossings(*_axes(scene, sides, which), numbers, rows, reach)
        for sides, which in ((scene.strict, 1), (scene.mild, 0))
    )
    return [
        _crossing_of(scene, pairs[int(row[0])], row[1:], low, high)
        for row, low, high in zip(rows.tolist(), strict.tolist(), mild.tolist(), strict=True)
    ]


def _axes(scene: Scene, sides: tuple[Lines, Lines], which: int) -> tuple[Axes, Axes]:
    """Both sides as axes with the smallest (0) or the largest (1) sections."""
    new, existing = (
        Axes(
            lines,
            kind,
            np.stack([runs.from_node, runs.to_node], axis=1),
            runs.run_id,
            runs.width_m[:, which] / 2.0,
        )
        for lines, kind, runs in zip(sides, scene.kinds, (scene.new, scene.existing), strict=True)
    )
    return new, existing


def _crossing_of(
    scene: Scene, pair: Pair, row: Sequence[float], low_m: Sequence[float], high_m: Sequence[float]
) -> Crossing:
    is_open = bool(low_m[2]), bool(low_m[3])
    over, under = (
        _possible(low, high, any(is_open)) for low, high in zip(low_m[:2], high_m[:2], strict=True)
    )
    return Crossing(
        pair=pair,
        at_a_m=row[0],
        at_b_m=row[1],
        sine=row[2],
        place_m=(row[3], row[4]),
        above=envelope_of(scene.new, pair.a, row[5], row[6]),
        below=envelope_of(scene.existing, pair.b, row[7], row[8]),
        over_m=over,
        under_m=under,
        is_open=is_open,
    )


def _possible(low_m: float, high_m: float, is_open: bool) -> Range:
    """Least difference in the strictest and in the mildest reading; what is known anywhere bounds it from above."""
    return (-math.inf if is_open or low_m == math.inf else low_m), max(low_m, high_m)


def envelope_of(runs: RunColumns, run: int, crown_m: float, bottom_m: float) -> Envelope:
    """Levels at a place; one of them unknown follows from the other and the height, both unknown is any level."""
    low, high = float(runs.height_m[run, 0]), float(runs.height_m[run, 1])
    if math.isnan(crown_m) and math.isnan(bottom_m):
        return Envelope(NOTHING_KNOWN, NOTHING_KNOWN)
    if math.isnan(crown_m):
        return Envelope((bottom_m + low, bottom_m + high), (bottom_m, bottom_m))
    if math.isnan(bottom_m):
        return Envelope((crown_m, crown_m), (crown_m - high, crown_m - low))
    return Envelope((crown_m, crown_m), (bottom_m, bottom_m))


def level_sigma_m(scene: Scene, pair: Pair) -> float:
    """Standard deviation of a level difference of the pair."""
    return math.hypot(float(scene.new.sigma_level_m[pair.a]), float(scene.existing.sigma_level_m[pair.b]))


def judge_vertical(scene: Scene, crossing: Crossing) -> Draft | None:
    """The verdict on the vertical gap at a crossing, None when clear."""
    pair = crossing.pair
    facts = (conditions_of(scene.new, pair.a), conditions_of(scene.existing, pair.b))
    requirement = scene.book.vertical(*facts)
    widths = _widths(scene, pair)
    asked = asked_of(requirement, facts, requirement.range_m(*widths))
    sigma, gap = level_sigma_m(scene, pair), crossing.gap_m
    outcome = outcome_of(gap, sigma, asked, scene.factor)
    if outcome is Outcome.CLEAR:
        return None
    rules = requirement.asked_rules(asked.range_m[1], max(widths[0][1], widths[1][1]))
    undecided = is_open(gap, sigma, asked, scene.factor)
    missing = _missing(scene, crossing, requirement, asked) if undecided else ()
    checking = awaits_checking(rules, gap[1] + scene.factor * sigma, outcome)
    notes = [figures(Measure.VERTICAL, gap, asked.range_m, missing)] if asked.reached else []
    notes += [missing_words(missing)] if missing else []
    notes += standing(rules, outcome) + in_the_air(facts, outcome)
    notes += [CHECK_FIGURE] if checking else []
    return Draft(
        measure=Measure.VERTICAL,
        outcome=outcome,
        a=pair.a,
        b=pair.b,
        chainage_m=(crossing.at_a_m, crossing.at_a_m),
        points=_point(scene, crossing),
        gap_m=gap,
        required_m=asked.range_m if asked.reached else None,
        sigma_m=sigma,
        angle_deg=crossing.angle_deg,
        rules=rules,
        missing=missing,
        gives_way=gives_way(scene, pair.a, pair.b),
        mend=_mend(scene, crossing, asked, sigma, outcome),
        needs_checking=checking,
        words=sentence(
            pair_words(scene.catalogue, (facts[0].kind, facts[1].kind)), Measure.VERTICAL, outcome, *notes
        ),
    )


def figure_of_crossing(scene: Scene, pair: Pair) -> tuple[Range | None, tuple[AskedRule, ...]]:
    """What is asked of the pair where it crosses, None where no table reaches, and the rules that ask it."""
    requirement = scene.book.vertical(conditions_of(scene.new, pair.a), conditions_of(scene.existing, pair.b))
    widths = _widths(scene, pair)
    range_m = requirement.range_m(*widths)
    rules = requirement.asked_rules(range_m[1], max(widths[0][1], widths[1][1]))
    return (range_m if requirement.reached else None), rules


def _missing(scene: Scene, crossing: Crossing, requirement: Requirement, asked: Asked) -> tuple[str, ...]:
    pair, gap = crossing.pair, crossing.gap_m
    sigma = level_sigma_m(scene, pair)
    if not asked.kind_known:
        return unknown_kinds(scene, pair)
    depths = tuple(f"{side}.depth" for side, is_open in zip("ab", crossing.is_open, strict=True) if is_open)
    if depths:
        return depths
    sides = (("a", crossing.above), ("b", crossing.below))
    trials = fact_trials(requirement, gap, sigma, scene.factor, _widths(scene, pair))
    for side, envelope in sides:
        if envelope.spread_m > EQUAL_M:
            trials.append((f"{side}.size", gap_trial(gap, envelope.spread_m, sigma, asked, scene.factor)))
    return most_telling(trials)


def _mend(
    scene: Scene, crossing: Crossing, asked: Asked, sigma_m: float, outcome: Outcome
) -> dict[str, Any] | None:
    """Raise or lower the new run at this crossing, whichever is less; the must-order decides when it speaks.

    Raising is no mend where it takes cover that is asked.
    """
    if outcome not in (Outcome.BREACH, Outcome.WITHIN_TOLERANCE) or any(crossing.is_open):
        return None
    need = asked.range_m[1]
    options = {"raise_m": need - crossing.over_m[0], "lower_m": need - crossing.under_m[0]}
    rule = order_rule(scene, crossing.pair)
    if rule is not None and rule[0].must:
        options.pop("lower_m" if rule[1] else "raise_m")
    spread_m = scene.factor * sigma_m
    raised_m = options.get("raise_m")
    if raised_m is not None and not leaves_cover(
        scene, crossing.pair.a, crossing.at_a_m, max(raised_m, 0.0) + spread_m
    ):
        options.pop("raise_m")
    if not options:
        return None
    way, by_m = min(options.items(), key=lambda option: (option[1], option[0]))
    return {
        way: rounded_up(max(by_m, 0.0)),
        f"clear_{way}": rounded_up(by_m + spread_m),
        "at_chainage_m": rounded(crossing.at_a_m),
    }


def order_rule(scene: Scene, pair: Pair) -> tuple[OrderRule, bool] | None:
    """The rule of clause 4.1.12 for the pair, and whether it wants ``a`` above."""
    return scene.book.order(conditions_of(scene.new, pair.a), conditions_of(scene.existing, pair.b))


def judge_order(scene: Scene, crossing: Crossing) -> Draft | None:
    """The verdict on who lies above whom, None when in order or when no rule speaks of the two kinds."""
    found = order_rule(scene, crossing.pair)
    if found is None:
        return None
    rule, wants_a = found
    pair, sigma = crossing.pair, level_sigma_m(scene, crossing.pair)
    upper, lower = (crossing.above, crossing.below) if wants_a else (crossing.below, crossing.above)
    gap = (upper.centre_m[0] - lower.centre_m[1], upper.centre_m[1] - lower.centre_m[0])
    outcome = outcome_of(gap, sigma, Asked((0.0, 0.0)), scene.factor)
    if outcome is Outcome.CLEAR:
        return None
    missing = _missing_of_order(crossing) if is_open(gap, sigma, Asked((0.0, 0.0)), scene.factor) else ()
    facts = (conditions_of(scene.new, pair.a), conditions_of(scene.existing, pair.b))
    return Draft(
        measure=Measure.ORDER,
        outcome=outcome,
        a=pair.a,
        b=pair.b,
        chainage_m=(crossing.at_a_m, crossing.at_a_m),
        points=_point(scene, crossing),
        gap_m=gap,
        required_m=(0.0, 0.0),
        sigma_m=sigma,
        angle_deg=crossing.angle_deg,
        rules=(_asked_order(rule),),
        missing=missing,
        gives_way=gives_way(scene, pair.a, pair.b),
        advisory=not rule.must,
        words=sentence(
            pair_words(scene.catalogue, (facts[0].kind, facts[1].kind)),
            Measure.ORDER,
            outcome,
            *_order_notes(scene, rule, missing),
        ),
    )


def _missing_of_order(crossing: Crossing) -> tuple[str, ...]:
    """The depths that are not known; with both known the sizes on which the levels hang."""
    sides = (("a", crossing.above), ("b", crossing.below))
    depths = tuple(f"{side}.depth" for side, envelope in sides if not envelope.is_known)
    return depths or tuple(f"{side}.size" for side, envelope in sides if envelope.spread_m > EQUAL_M)


def _asked_order(rule: OrderRule) -> AskedRule:
    return AskedRule(
        rule_id=rule.rule_id,
        standard=rule.standard,
        table=rule.clause,
        clearance_m=0.0,
        confidence=rule.confidence,
        decides=True,
        note=rule.note,
    )


def _order_notes(scene: Scene, rule: OrderRule, missing: Sequence[str]) -> list[Words]:
    named = {**scene.catalogue.rule_kinds, **scene.catalogue.kinds}
    upper, lower = named[rule.upper], named[rule.lower]
    wording = Words("应", "must") if rule.must else Words("宜", "should")
    notes = [
        Words(f"{upper.zh}{wording.zh}在{lower.zh}之上", f"{upper.en} {wording.en} lie above {lower.en}")
    ]
    return notes + ([missing_words(tuple(missing))] if missing else [])


def _point(scene: Scene, crossing: Crossing) -> tuple[tuple[float, float], ...]:
    return (
        (
            round(crossing.place_m[0] + scene.origin_m[0], 3),
            round(crossing.place_m[1] + scene.origin_m[1], 3),
        ),
    )


def _widths(scene: Scene, pair: Pair) -> tuple[Range, Range]:
    new, old = scene.new.width_m[pair.a], scene.existing.width_m[pair.b]
    return (float(new[0]), float(new[1])), (float(old[0]), float(old[1]))
