"""What is not known excuses nothing: a finding for some value of a fact is a finding without the fact."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs import GAS, POWER, SEWER, STORM, TELECOM, WATER, a_new_run, columns
from tests.verdicts import CATALOGUE, EAST, across, beside, check, of
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.networks.terms import Conditions

TRENCH_BESIDE = [(2.79, -7.3), (-11.82, -3.91), (-11.78, -4.21), (-11.67, -4.48), (-11.43, -4.66)]
RECLAIMED = Conditions("reclaimed", nominal_mm=300.0)


def a_reclaimed_line():
    axis = [(0.38, -3.78), (-14.36, -6.57), (-28.13, -12.52), (-29.63, -12.48), (-40.51, -2.15)]
    return a_new_run(axis, RECLAIMED, width=0.1, crown=29.2, sigma=0.3, sigma_level=0.2)


@pytest.mark.parametrize("width", [0.9, 1.5, 1.8])
def test_a_breach_for_a_known_width_is_no_pass_without_it(width):
    """With the largest width the explained length hides the place where a middle one is too near."""
    trench = a_new_run(
        TRENCH_BESIDE, Conditions("trench"), width=width, height=0.1, crown=26.9, sigma_level=0.05
    )

    known = check(a_reclaimed_line(), trench)
    unknown = check(a_reclaimed_line(), trench | {"width": (0.05, 3.0)})

    assert Outcome.BREACH in {v.outcome for v in of(known, Measure.HORIZONTAL)}
    found = of(unknown, Measure.HORIZONTAL)
    assert {v.missing for v in found if v.outcome is Outcome.CANNOT_JUDGE} == {("b.size",)}
    assert {v.outcome for v in found} <= {Outcome.CANNOT_JUDGE, Outcome.WITHIN_TOLERANCE}
    assert Measure.HORIZONTAL not in {measure for measure, _, _ in unknown.clear}
    # 0.05 m is the smallest: no figure told is larger than what that one leaves.
    assert min(v.gap_m for v in found) < 1.0


def test_a_tunnel_of_unknown_method_is_the_same_from_both_sides():
    tunnel = a_new_run([(4.083, 4.851), (6.968, -0.41), (8.072, -1.426), (0.197, -14.193)],
                       Conditions("utility_tunnel"), width=1.5, height=0.1, crown=29.0, sigma=0.05)  # fmt: skip
    line = a_new_run([(7.747, 0.401), (-4.977, 8.345), (-5.167, 9.833), (-14.007, 21.951)], RECLAIMED,
                     width=(0.03, 0.1), height=0.1, crown=29.3, sigma=0.05)  # fmt: skip

    one, two = (of(check(*both), Measure.HORIZONTAL) for both in ((tunnel, line), (line, tunnel)))

    assert {v.outcome for v in one} == {v.outcome for v in two} == {Outcome.CANNOT_JUDGE}
    assert min(v.gap_m for v in one) == pytest.approx(min(v.gap_m for v in two), abs=2e-3)


def test_cutting_a_gas_line_of_unknown_pressure_changes_no_outcome():
    water = a_new_run([(1.987, 2.032), (7.96, 2.604), (8.18, 2.4), (8.423, 2.225), (8.905, 3.646)], WATER, width=0.1,
                      crown=28.3, sigma=0.3, sigma_level=0.2)  # fmt: skip
    axis = [(6.373, -0.253), (7.191, 1.004), (6.858, 2.467), (6.654, 8.464), (6.55, 8.745)]
    gas = a_new_run(axis, Conditions("gas"), width=0.5, height=0.1, crown=26.6, sigma=0.05, sigma_level=0.0)
    cut = [float(value) for value in (np.array(axis[2]) + np.array(axis[3])) / 2]
    parts = [
        gas | {"axis": [*axis[:3], cut], "nodes": (1, 2)},
        gas | {"axis": [cut, *axis[3:]], "nodes": (2, 3)},
    ]

    whole = of(judge(columns(water, first_id=-1), columns(gas), CATALOGUE), Measure.HORIZONTAL)
    split = of(judge(columns(water, first_id=-1), columns(*parts), CATALOGUE), Measure.HORIZONTAL)

    (one,) = whole
    assert {v.outcome for v in split} == {one.outcome}
    assert (min(v.chainage_m[0] for v in split), max(v.chainage_m[1] for v in split)) == one.chainage_m
    assert min(v.gap_m for v in split) == one.gap_m
    # The least gap beside the crossing, not that of a place far from it.
    assert min(v.gap_m for v in whole) == pytest.approx(0.495, abs=0.01)


# Turned a little, so that nothing is met at an end or along a border by chance.
PLACES = st.tuples(st.integers(-32, 32), st.integers(-32, 32)).map(lambda p: (p[0] / 4, p[1] / 4 + p[0] / 97))
AXES = st.lists(PLACES, min_size=2, max_size=5, unique=True)
FACTS = st.sampled_from([GAS, WATER, SEWER, STORM, TELECOM, POWER, RECLAIMED, Conditions("trench"), Conditions("gas"),
                         Conditions("heat", burial="channel"), Conditions("utility_tunnel", method="shield"),
                         Conditions("utility_tunnel"), Conditions("industrial")])  # fmt: skip
WIDTHS = st.sampled_from([0.1, 0.5, 1.5, 2.5])
SIGMAS = st.sampled_from([0.0, 0.05, 0.3])
FACT_NAMES = ("kind", "pressure_class", "nominal_mm", "burial", "material", "voltage_kv", "method")


def without(run, name):
    """``run`` with one fact forgotten."""
    if name == "crown":
        return run | {"crown": None, "bottom": None}
    if name == "one level":
        return run | {"crown": [np.nan, *[run["crown"]] * (len(run["axis"]) - 1)]}
    if name == "width":
        return run | {"width": (0.1, 2.5), "height": (run["width"], run["width"])}
    return run | {"facts": Conditions("unknown") if name == "kind" else replace(run["facts"], **{name: None})}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(AXES, AXES, FACTS, FACTS, WIDTHS, SIGMAS, st.sampled_from([27.6, 28.1, 28.9]))
def test_forgetting_any_fact_turns_no_finding_into_clear(axis, other, facts, others, width, sigma, crown):
    new = a_new_run(axis, facts, sigma=0.05)
    run = a_new_run(other, others, width=width, sigma=sigma, crown=crown)
    found = {v.measure for v in check(new, run).verdicts}

    for name in (
        "crown",
        "one level",
        "width",
        *(name for name in FACT_NAMES if getattr(others, name) is not None),
    ):
        after = check(new, without(run, name))
        said, clear = {v.measure for v in after.verdicts}, {measure for measure, _, _ in after.clear}
        for measure in (Measure.HORIZONTAL, Measure.VERTICAL, Measure.STACKED, Measure.COLLISION):
            if measure in found:
                assert measure in said, name
                assert measure not in clear, name
        if Measure.ORDER in found:
            assert Measure.ORDER not in clear, name


def test_the_tolerance_counts_for_lines_that_only_an_expert_or_a_kind_can_judge():
    for facts, outcome, missing in (
        (Conditions("unknown"), Outcome.CANNOT_JUDGE, ("b.kind",)),
        (Conditions("industrial"), Outcome.REFER, ()),
    ):
        near = check(a_new_run(EAST), beside(4.5, facts, sigma=0.5))
        far = check(a_new_run(EAST), beside(5.21, facts, sigma=0.5))

        # 4.3 m between the walls, 4.0 m looked at and 1.0 m of tolerance.
        assert [(v.outcome, v.missing) for v in of(near, Measure.HORIZONTAL)] == [(outcome, missing)]
        assert of(far, Measure.HORIZONTAL) == []


def test_an_unidentified_line_may_be_a_tunnel_that_asks_its_own_width():
    tunnel = beside(8.0, Conditions("utility_tunnel", method="shield"), width=6.0)

    known, unknown = (
        check(a_new_run(EAST), line) for line in (tunnel, tunnel | {"facts": Conditions("unknown")})
    )

    assert [v.outcome for v in of(known, Measure.HORIZONTAL)] == [Outcome.BREACH]
    assert [v.missing for v in of(unknown, Measure.HORIZONTAL)] == [("b.kind",)]


def test_an_unknown_kind_explains_no_more_than_a_known_one():
    """The reclaimed line crosses and comes back beside the crossing, 0.3 m from wall to wall."""
    axis = [(30, -5), (30, 1), (30.9, 1), (30.9, 0.5)]
    line = a_new_run(axis, RECLAIMED, crown=27.0)

    known, unknown = (check(a_new_run(EAST, WATER), one) for one in (line, without(line, "kind")))

    (breach,) = of(known, Measure.HORIZONTAL)
    assert breach.outcome is Outcome.BREACH
    there = [v for v in of(unknown, Measure.HORIZONTAL) if v.chainage_m[0] <= 30.9 <= v.chainage_m[1]]
    assert [(v.outcome, v.missing) for v in there] == [(Outcome.CANNOT_JUDGE, ("b.kind",))]


def test_findings_and_counts_hang_on_nothing_far_away():
    tunnel = Conditions("utility_tunnel", method="shield")
    line, far = beside(5.0, tunnel, width=1.0), beside(200.0, tunnel, width=9.0)
    wide = a_new_run([(0, -300), (60, -300)], tunnel, width=9.0)

    alone = check(a_new_run(EAST), line)
    beside_far = check(a_new_run(EAST), line, far)
    with_wide = judge(columns(a_new_run(EAST), wide, first_id=-1), columns(line), CATALOGUE)

    assert alone.pairs == beside_far.pairs == with_wide.pairs == 0
    assert alone.verdicts == beside_far.verdicts
    assert (alone.counts, alone.clear) == (beside_far.counts, beside_far.clear)


def test_an_unknown_width_explains_no_more_where_no_table_reaches():
    """Wide, the industrial line would explain all of the short run; narrow, it comes back beside it."""
    new, industrial = [(0.0, 0.0), (0.0, 0.25)], Conditions("industrial")
    line = a_new_run([(0.0, -0.25), (2.25, 0.0928), (0.0, 0.0)], industrial, width=0.1, crown=27.6)

    for width in (0.1, (0.1, 2.5)):
        found = check(a_new_run(new), line | {"width": width, "height": 0.1})
        assert {v.outcome for v in of(found, Measure.HORIZONTAL)} == {Outcome.REFER}


def a_bent(rng, facts, **more):
    """A run that turns a little at every vertex, through about the same place."""
    way, place = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(-1.0, 1.0, 2)
    points = [place - 6.0 * np.array([np.cos(way), np.sin(way)]), place]
    for _ in range(3):
        way += rng.normal(0.0, 0.6)
        points.append(points[-1] + rng.choice([0.3, 0.6, 1.5, 6.0]) * np.array([np.cos(way), np.sin(way)]))
    return a_new_run(np.array(points), facts, **more)


def horizontal(new, other):
    return {v.outcome for v in of(check(new, other), Measure.HORIZONTAL)} - {Outcome.CLEAR}


def test_a_size_between_those_that_are_read_is_not_forgotten():
    """The explained length ends 1.5 mm before what is near, for sizes about 0.1 m alone."""
    water = a_new_run([(5.18292518, -0.354234), (5.42360085, -0.53332957), (5.53417142, -0.81220974),
                       (10.73414707, -3.80557795)], Conditions("water", nominal_mm=300.0), width=1.5, height=0.5)  # fmt: skip
    tunnel = a_new_run([(4.71765636, -2.64481654), (15.95867516, 7.28692532)], Conditions("utility_tunnel"),
                       width=0.1, height=0.1, crown=27.0)  # fmt: skip

    assert horizontal(water, tunnel) == {Outcome.CANNOT_JUDGE}
    assert horizontal(water, tunnel | {"width": (0.05, 3.0)}) == {Outcome.CANNOT_JUDGE}


@pytest.mark.parametrize("seed", range(30))
def test_what_some_size_leaves_is_not_clear_without_the_size(seed):
    rng = np.random.default_rng([2611, seed])
    new = a_bent(rng, Conditions("gas", pressure_class="medium_A"), width=0.3)
    other = a_bent(rng, Conditions("drainage_foul"), crown=27.0)
    low, high = 0.1, float(rng.choice([0.6, 2.0]))
    sizes = rng.uniform(low, high, 12)

    known = [horizontal(new, other | {"width": float(size)}) for size in sizes]

    if any(known):
        assert horizontal(new, other | {"width": (low, high)})


# Of these bent pairs single readings leave up to 46 slivers between the sizes that are read.
SPLINTERED = (
    (190, "unknown"),
    (208, "power"),
    (112, "utility_tunnel"),
    (38, "trench"),
    (237, "heat"),
    (188, "gas"),
)
OF_ANY_KIND = (
    Conditions("trench"), Conditions("utility_tunnel"), Conditions("utility_tunnel", method="shield"),
    Conditions("unknown"), Conditions("heat", burial="channel"), Conditions("gas"), Conditions("power"),
)  # fmt: skip


@pytest.mark.parametrize(("seed", "kind"), SPLINTERED)
def test_one_place_of_a_pair_of_unknown_size_is_one_finding(seed, kind):
    rng = np.random.default_rng([31, seed])
    facts = OF_ANY_KIND[rng.integers(len(OF_ANY_KIND))]
    new = a_bent(rng, [RECLAIMED, GAS, WATER, SEWER][rng.integers(4)], width=0.3, sigma=0.1)
    other = a_bent(rng, facts, crown=27.0, width=(0.05, 3.0), height=0.1, sigma=0.1)
    assert facts.kind == kind

    found = of(check(new, other), Measure.HORIZONTAL)

    assert len(found) == 1
    assert found[0].missing or found[0].outcome is Outcome.BREACH
    assert found[0].shortfall_m is None or found[0].shortfall_m > 0.0


def test_what_cannot_be_judged_beside_a_breach_in_plan_goes_with_it():
    """A line drawn apart at 11°: near its crossing every width is too near, farther on only the larger ones."""
    trench = a_new_run([(20, -1), (40, 3)], Conditions("trench"), width=(0.05, 3.0), height=0.3, crown=27.0)

    (breach,) = of(check(a_new_run(EAST, WATER), trench), Measure.HORIZONTAL)

    assert breach.outcome is Outcome.BREACH
    first, last = breach.chainage_m
    (before, after) = breach.cannot_judge_m
    assert before[1] == first
    assert after[0] == last
    assert "相邻里程" in breach.words.zh
    assert "无法判定" in breach.words.zh
    assert "cannot be judged beside it" in breach.words.en


def test_what_no_figure_decides_falls_short_of_none():
    """1.2 m over a line of which the kind is not known: nothing is 1.05 m short of 0.15 m."""
    (verdict,) = of(
        check(a_new_run(EAST, WATER), across(30, Conditions("unknown"), crown=27.1)), Measure.VERTICAL
    )

    assert (verdict.outcome, verdict.missing) == (Outcome.CANNOT_JUDGE, ("b.kind",))
    assert verdict.shortfall_m is None
