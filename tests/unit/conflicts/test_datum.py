"""Grounds that contradict each other at one place leave the levels there open."""

import numpy as np
import pytest

from tests.runs import GAS, WATER, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE, EAST, ORIGIN_M, across, beside, check, of
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure, Outcome

BY_LEVEL = (Measure.VERTICAL, Measure.ORDER, Measure.COLLISION)


def laid(axis, ground, facts=GAS, cover=1.2, **more):
    """A run at a cover below its own ground."""
    return a_new_run(axis, facts, crown=np.asarray(ground) - cover, ground=ground, **more)


@pytest.mark.parametrize("ground", [33.0, 310.0, 29.0])
def test_a_crossing_of_two_datums_is_open(ground):
    found = check(laid(EAST, 31.0), laid([(30, -20), (30, 20)], ground, WATER))

    for measure in BY_LEVEL:
        (verdict,) = of(found, measure)
        assert (verdict.outcome, verdict.missing) == (Outcome.CANNOT_JUDGE, ("a.ground", "b.ground"))
        assert f"{ground:.2f} m" in verdict.words.zh
        assert "高程基准" in verdict.words.zh
        assert "埋深" not in verdict.words.zh
        assert "height datum" in verdict.words.en


def test_what_accuracy_and_slope_explain_is_no_contradiction():
    # A level 20 m off says 0.4 m (one sigma) of the ground at the crossing; two of them are allowed for.
    near, far = (check(laid(EAST, 31.0), laid([(30, -20), (30, 20)], g, WATER)) for g in (31.9, 32.5))

    # The crossing lies 20 m from a vertex of the main, and 30 m from one of the new run.
    assert of(near, Measure.VERTICAL) == []
    assert [v.missing for v in of(far, Measure.VERTICAL)] == [("a.ground", "b.ground")]


def test_slope_explains_no_datum_however_long_the_runs():
    # 50 m from every vertex 2 % would explain 2.83 m; both lie 1.2 m deep at one place, so they collide.
    long, other = laid([(0, 0), (100, 0)], 31.0), laid([(50, -50), (50, 50)], 28.5, WATER)

    found = check(long, other)

    for measure in BY_LEVEL:
        (verdict,) = of(found, measure)
        assert (verdict.outcome, verdict.missing) == (Outcome.CANNOT_JUDGE, ("a.ground", "b.ground"))


def test_a_vaguely_known_ground_is_allowed_for():
    other = laid([(30, -20), (30, 20)], 33.0, WATER)
    found = judge(
        columns(laid(EAST, 31.0), first_id=-1), columns(other), CATALOGUE, ground_sigma_m=np.array([2.0])
    )

    assert of(found, Measure.VERTICAL) == []


def test_one_above_the_other_is_open_and_the_plan_is_not():
    found = check(laid(EAST, 31.0), laid([(-20, 0.1), (80, 0.1)], 33.0, WATER))

    assert {v.outcome for v in of(found, Measure.COLLISION)} == {Outcome.CANNOT_JUDGE}
    assert {v.outcome for v in of(found, Measure.HORIZONTAL)} == {Outcome.BREACH}


def test_other_lines_keep_their_levels():
    found = check(
        laid(EAST, 31.0), laid([(30, -20), (30, 20)], 33.0, WATER), across(10, crown=29.8, ground=31.0)
    )

    outcomes = {(v.b, v.outcome) for v in of(found, Measure.VERTICAL)}
    assert outcomes == {(0, Outcome.CANNOT_JUDGE), (1, Outcome.BREACH)}


def test_runs_of_one_work_contradict_each_other_too():
    work = columns(laid(EAST, 31.0), laid([(30, -20), (30, 20)], 310.0, WATER), first_id=-1)

    found = judge(work, no_runs(ORIGIN_M), CATALOGUE)

    assert [v.missing for v in of(found, Measure.VERTICAL)] == [("a.ground", "b.ground")]


def test_lines_that_do_not_meet_in_plan_are_not_asked():
    plain, other = (check(laid(EAST, 31.0), beside(0.5, ground=g, crown=29.8)) for g in (31.0, 33.0))

    assert plain.verdicts == other.verdicts
