"""Invariants of the design, section 4, and the verdicts against the oracle."""

import itertools
import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.runs import GAS, SEWER, TELECOM, WATER, a_new_run, columns
from xzgis.catalogue.files import load
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Judgement, Measure, Outcome, Verdict
from xzgis.networks.terms import Conditions

CATALOGUE = load(Path("layers"))
BOUNDED = settings(max_examples=60, deadline=None, derandomize=True)
QUARTERS = st.integers(-32, 32).map(lambda n: n / 4)
AXES = st.lists(st.tuples(QUARTERS, QUARTERS), min_size=2, max_size=4, unique=True)
SIGMAS = st.sampled_from([0.0, 0.05, 0.3])
WIDTHS = st.sampled_from([0.1, 0.5, 1.5])
LEVELS = st.integers(-12, 12).map(lambda n: 28.0 + n / 10)
FACTS = st.sampled_from([GAS, WATER, SEWER, TELECOM, Conditions("gas"), Conditions("water"), Conditions("industrial"),
                         Conditions("telecom"), Conditions("unknown")])  # fmt: skip
OTHERS = st.tuples(AXES, FACTS, WIDTHS, SIGMAS, st.one_of(st.none(), LEVELS))
BLOCKING = (Outcome.BREACH, Outcome.CANNOT_JUDGE, Outcome.REFER, Outcome.WITHIN_TOLERANCE)
RANK = {
    Outcome.BREACH: 3,
    Outcome.CANNOT_JUDGE: 2,
    Outcome.REFER: 2,
    Outcome.WITHIN_TOLERANCE: 1,
    Outcome.CLEAR: 0,
}


def other_run(drawn) -> dict:
    axis, facts, width, sigma, crown = drawn
    return a_new_run(axis, facts, width=width, sigma=sigma, crown=crown)


def check(new, *others) -> Judgement:
    return judge(columns(new, first_id=-1), columns(*others), CATALOGUE)


def said(verdicts: Iterable[Verdict], *, chainage=lambda span: span) -> list[tuple]:
    """What verdicts say, without names and places: words that must be equal, and numbers that must be close."""
    return [
        ((v.measure, v.outcome, v.b, v.missing, v.required_range_m, v.gap_m is None),
         (*chainage(v.chainage_m), 0.0 if v.gap_m is None else v.gap_m))
        for v in verdicts
    ]  # fmt: skip


def assert_same(left: list[tuple], right: list[tuple]) -> None:
    """Each of the one has its like in the other, lengths to 2 mm."""
    assert len(left) == len(right)
    rest = list(right)
    for words, numbers in left:
        like = [one for one in rest if one[0] == words and one[1] == pytest.approx(numbers, abs=2e-3)]
        assert like, (words, numbers, rest)
        rest.remove(like[0])


def worst(judgement: Judgement, measure: Measure) -> Outcome:
    return max(
        (v.outcome for v in judgement.verdicts if v.measure is measure), key=RANK.get, default=Outcome.CLEAR
    )


@BOUNDED
@given(AXES, AXES, WIDTHS, WIDTHS, SIGMAS)
def test_plan_clearance_agrees_with_the_oracle(axis, other, width, other_width, sigma):
    found = check(a_new_run(axis, GAS, width=width), a_new_run(other, SEWER, width=other_width, sigma=sigma))

    wanted = oracle.horizontal(oracle.exact(axis), oracle.exact(other), half=(width + other_width) / 2, required=1.2,
                               sigma=sigma)  # fmt: skip
    assert worst(found, Measure.HORIZONTAL).value in wanted


@BOUNDED
@given(AXES, OTHERS, OTHERS)
def test_reversing_either_axis_changes_nothing_but_the_chainage(axis, first, second):
    one, two = other_run(first), other_run(second)
    new = a_new_run(axis)
    length = sum(math.dist(a, b) for a, b in itertools.pairwise(axis))

    forward = check(new, one, two)
    backward = check(new | {"axis": axis[::-1]}, one | {"axis": one["axis"][::-1]}, two)

    assert_same(
        said(forward.verdicts), said(backward.verdicts, chainage=lambda s: (length - s[1], length - s[0]))
    )
    assert [v.id for v in forward.verdicts] == [v.id for v in backward.verdicts]


@BOUNDED
@given(AXES, OTHERS, OTHERS)
def test_order_of_storage_changes_nothing(axis, first, second):
    one, two = other_run(first) | {"id": 7}, other_run(second) | {"id": 5}

    straight, turned = check(a_new_run(axis), one, two), check(a_new_run(axis), two, one)

    assert [v.id for v in straight.verdicts] == [v.id for v in turned.verdicts]
    assert [v.words for v in straight.verdicts] == [v.words for v in turned.verdicts]


@BOUNDED
@given(AXES, OTHERS, st.integers(1, 7))
def test_a_vertex_more_changes_nothing(axis, other, eighths):
    run = other_run(other)
    (x1, y1), (x2, y2) = axis[:2]
    more = [axis[0], (x1 + (x2 - x1) * eighths / 8, y1 + (y2 - y1) * eighths / 8), *axis[1:]]
    (x1, y1), (x2, y2) = run["axis"][:2]
    there = [run["axis"][0], (x1 + (x2 - x1) * eighths / 8, y1 + (y2 - y1) * eighths / 8), *run["axis"][1:]]

    plain = check(a_new_run(axis), run)
    split = check(a_new_run(more), run | {"axis": there})

    assert_same(said(plain.verdicts), said(split.verdicts))


@BOUNDED
@given(AXES, OTHERS.filter(lambda drawn: len(drawn[0]) == 2), st.integers(1, 7))
def test_splitting_the_other_run_changes_nothing_but_its_name(axis, other, eighths):
    run = other_run(other)
    (x1, y1), (x2, y2) = run["axis"][:2]
    middle = (x1 + (x2 - x1) * eighths / 8, y1 + (y2 - y1) * eighths / 8)

    whole = check(a_new_run(axis), run)
    parts = check(a_new_run(axis), run | {"axis": [run["axis"][0], middle]},
                  run | {"axis": [middle, *run["axis"][1:]]})  # fmt: skip

    for measure in (Measure.HORIZONTAL, Measure.VERTICAL, Measure.ORDER, Measure.COLLISION):
        assert worst(whole, measure) is worst(parts, measure)
        assert span_of(whole, measure) == pytest.approx(span_of(parts, measure), abs=5e-3)


@BOUNDED
@given(AXES, OTHERS, st.integers(1, 7))
def test_splitting_the_new_run_changes_nothing_but_its_name(axis, other, eighths):
    run = other_run(other)
    (x1, y1), (x2, y2) = axis[:2]
    middle = (x1 + (x2 - x1) * eighths / 8, y1 + (y2 - y1) * eighths / 8)
    first, second = a_new_run([axis[0], middle]), a_new_run([middle, *axis[1:]])

    whole = check(a_new_run(axis), run)
    parts = judge(columns(first, second, first_id=-1), columns(run), CATALOGUE)

    for measure in (Measure.HORIZONTAL, Measure.VERTICAL, Measure.ORDER, Measure.COLLISION):
        said_of_parts = [v for v in parts.verdicts if v.measure is measure and not v.b_is_new]
        assert worst(whole, measure) is max(
            (v.outcome for v in said_of_parts), key=RANK.get, default=Outcome.CLEAR
        )
        lengths = [span[1] - span[0] for v in said_of_parts for span in (v.chainage_m, *v.cannot_judge_m)]
        assert sum(lengths) >= span_of(whole, measure) - 3e-3


def span_of(judgement: Judgement, measure: Measure) -> float:
    """Length of the new run below what is asked. What is only near it is said once per run, where no stretch is."""
    spans = sorted(v.chainage_m for v in judgement.verdicts if v.measure is measure
                   and (v.shortfall_m is None or v.shortfall_m > 0.0))  # fmt: skip
    total, reached = 0.0, -math.inf
    for low, high in spans:
        total += max(high - max(low, reached), 0.0)
        reached = max(reached, high)
    return total


@BOUNDED
@given(AXES, OTHERS, st.sampled_from([(0.0, 0.0), (123_456.0, -7_890.0)]), st.sampled_from([0.0, 0.3, 1.9]))
def test_moving_and_turning_the_city_changes_nothing(axis, other, shift, angle):
    run = other_run(other)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    moved = [(np.asarray(line, dtype=float) @ turn.T + shift).tolist() for line in (axis, run["axis"])]

    here = check(a_new_run(axis), run)
    there = check(a_new_run(moved[0]), run | {"axis": moved[1]})

    assert len(here.verdicts) == len(there.verdicts)
    for measure in Measure:
        assert worst(here, measure) is worst(there, measure)
        assert span_of(here, measure) == pytest.approx(span_of(there, measure), abs=3e-3)


STRAIGHT = st.lists(st.tuples(QUARTERS, QUARTERS), min_size=2, max_size=2, unique=True)


@BOUNDED
@given(STRAIGHT, STRAIGHT, FACTS, WIDTHS, SIGMAS, LEVELS)
def test_swapping_the_two_runs_gives_the_same_verdicts_at_crossings(axis, other, facts, width, sigma, crown):
    new = a_new_run(axis, GAS, sigma=0.02)
    run = a_new_run(other, facts, width=width, sigma=sigma, crown=crown)

    one, two = check(new, run), check(run, new)

    for measure in (Measure.VERTICAL, Measure.ORDER):
        assert [(v.outcome, v.gap_m, v.required_range_m) for v in one.verdicts if v.measure is measure] == [
            (v.outcome, v.gap_m, v.required_range_m) for v in two.verdicts if v.measure is measure]  # fmt: skip
    assert worst(one, Measure.COLLISION) is worst(two, Measure.COLLISION)


@BOUNDED
@given(STRAIGHT, STRAIGHT, FACTS, WIDTHS, SIGMAS)
def test_swapping_two_runs_that_do_not_cross_gives_the_same_plan_verdict(axis, other, facts, width, sigma):
    new, run = a_new_run(axis, GAS), a_new_run(other, facts, width=width, sigma=sigma)
    one, two = check(new, run), check(run, new)
    if any(v.measure is Measure.VERTICAL for v in (*one.verdicts, *two.verdicts)):
        return
    if oracle.meetings(oracle.exact(axis), oracle.exact(other)):
        return

    assert [(v.outcome, v.gap_m, v.sigma_m) for v in one.verdicts if v.measure is Measure.HORIZONTAL] == [
        (v.outcome, v.gap_m, v.sigma_m) for v in two.verdicts if v.measure is Measure.HORIZONTAL]  # fmt: skip


BENT = st.lists(st.tuples(QUARTERS, QUARTERS), min_size=3, max_size=5, unique=True)


@settings(BOUNDED, max_examples=200)
@given(BENT, BENT, st.sampled_from([WATER, SEWER, TELECOM]), WIDTHS, SIGMAS)
def test_swapping_two_bent_runs_gives_the_same_plan_verdict(axis, other, facts, width, sigma):
    new, run = a_new_run(axis, GAS), a_new_run(other, facts, width=width, sigma=sigma)

    one, two = (of_plan(check(*both)) for both in ((new, run), (run, new)))

    assert [said[:2] for said in one] == [said[:2] for said in two]
    assert [said[2] for said in one] == pytest.approx([said[2] for said in two], abs=2e-3)


def of_plan(judgement: Judgement) -> list[tuple]:
    """The worst verdict on the plan clearance: outcome, figures asked and least gap; nothing when clear."""
    found = [v for v in judgement.verdicts if v.measure is Measure.HORIZONTAL]
    worst_first = sorted(found, key=lambda v: (-RANK[v.outcome], v.gap_m))
    return [(v.outcome, v.required_range_m, v.gap_m) for v in worst_first[:1]]


@BOUNDED
@given(AXES, OTHERS, st.sampled_from(["width", "sigma"]), st.sampled_from([0.1, 1.0]))
def test_growing_a_section_or_an_uncertainty_never_turns_a_breach_into_clear(axis, other, what, by):
    run = other_run(other)

    before = check(a_new_run(axis), run)
    after = check(a_new_run(axis), run | {what: run[what] + by})

    if worst(before, Measure.VERTICAL) is Outcome.BREACH:
        assert worst(after, Measure.VERTICAL) is not Outcome.CLEAR
    if worst(before, Measure.HORIZONTAL) is Outcome.BREACH:
        covered = {v.measure for v in after.verdicts if v.outcome in BLOCKING}
        assert covered & {Measure.HORIZONTAL, Measure.VERTICAL}


FORGOTTEN = st.sampled_from(["pressure_class", "nominal_mm", "burial", "material", "crown", "width", "kind"])


@BOUNDED
@given(AXES, AXES, st.sampled_from([GAS, WATER, SEWER, TELECOM]), WIDTHS, SIGMAS, LEVELS, FORGOTTEN)
def test_forgetting_a_fact_never_turns_anything_into_clear(axis, other, facts, width, sigma, crown, fact):
    run = a_new_run(other, facts, width=width, sigma=sigma, crown=crown)
    if fact == "crown":
        forgotten = run | {"crown": None}
    elif fact == "width":
        forgotten = run | {"width": (min(width, 0.01), 3.0), "height": (width, width)}
    elif fact == "kind":
        forgotten = run | {"facts": Conditions("unknown")}
    else:
        forgotten = run | {
            "facts": Conditions(
                **{
                    name: None if name == fact else getattr(facts, name)
                    for name in ("kind", "pressure_class", "burial", "nominal_mm")
                }
            )
        }

    before, after = check(a_new_run(axis), run), check(a_new_run(axis), forgotten)

    for measure in (Measure.VERTICAL, Measure.HORIZONTAL):
        if worst(before, measure) is not Outcome.CLEAR:
            blocked = {v.measure for v in after.verdicts if v.outcome in BLOCKING}
            assert measure in blocked or Measure.VERTICAL in blocked


def test_the_order_of_the_new_runs_decides_nothing_at_a_bend():
    """The nearest place is a bend: the two legs see the other run to different sides, lengths differ by rounding."""
    bent = a_new_run([(0.1, 0.3), (7.3, 0.7), (9.1, 5.9)])
    others = [a_new_run([(k * 0.37, 40 + k), (k * 0.41 + 30.3, 41.7 + k)], WATER) for k in range(4)]
    beside = columns(a_new_run([(7.9, -9.0), (7.9, 0.2)], SEWER))

    every = [judge(columns(*others[:k], bent, *others[k:], first_id=-1), beside, CATALOGUE) for k in range(5)]

    told = [
        [v.mend for v in each.verdicts if v.measure is Measure.HORIZONTAL and not v.b_is_new]
        for each in every
    ]
    assert told[0]
    assert told == told[:1] * 5
