"""A suggested change, done as told, mends what it is for and breaks nothing that is asked of the run alone."""

import numpy as np
import pytest
import shapely

from tests.runs import GAS, SEWER, WATER, a_new_run
from tests.unit.conflicts.test_unknown import a_bent
from tests.verdicts import EAST, across, beside, check, of
from xzgis.conflicts.terms import Measure, Outcome, SurfaceStretch

CARRIAGEWAY = [SurfaceStretch(new=0, chainage_m=(0.0, 60.0), surface="carriageway")]


def crossed(crown: float, **more):
    """A gas main over a water main; table 4.1.14 asks 0.15, table 4.1.1 a cover of 0.9 below the ground at 30 m."""
    other = across(30.0, WATER, crown=28.4, sigma=0.03, ground=more.get("ground", 30.0))
    return check(a_new_run(EAST, GAS, crown=crown, sigma=0.03, **more), other, surfaces=CARRIAGEWAY)


def test_raising_that_takes_the_cover_is_no_mend():
    (verdict,) = of(crossed(28.6), Measure.VERTICAL)

    assert verdict.outcome is Outcome.BREACH
    assert "raise_m" in verdict.mend  # 29.0 at the most: the cover stays clear

    (verdict,) = of(crossed(28.6, ground=29.55), Measure.VERTICAL)
    assert "lower_m" in verdict.mend
    assert "raise_m" not in verdict.mend


def test_where_the_order_leaves_raising_alone_and_the_cover_forbids_it_nothing_is_told():
    """Water must lie above a sewer (clause 4.1.12): it cannot be lowered, and raised it would have no cover."""
    for ground, is_told in ((31.0, True), (29.5, False)):
        water = a_new_run(EAST, WATER, crown=28.5, ground=ground)
        (verdict,) = of(check(water, across(30.0, SEWER, crown=28.2), surfaces=CARRIAGEWAY), Measure.VERTICAL)
        assert (verdict.outcome, verdict.mend is not None) == (Outcome.BREACH, is_told)


@pytest.mark.parametrize("hidden_mm", [0.0, 0.1, 0.4, 0.5, 0.9])
def test_what_is_raised_as_told_is_clear(hidden_mm):
    crown = 28.6 + hidden_mm / 1000.0
    (verdict,) = of(crossed(crown, ground=40.0), Measure.VERTICAL)
    way = "clear_raise_m" if "raise_m" in verdict.mend else "clear_lower_m"
    by_m = verdict.mend[way] * (1.0 if way == "clear_raise_m" else -1.0)

    assert of(crossed(crown + by_m, ground=40.0), Measure.VERTICAL) == []


@pytest.mark.parametrize("hidden_mm", [0.1, 0.4, 0.5, 0.9])
def test_what_is_moved_or_lowered_as_told_is_clear(hidden_mm):
    at_m, crown = 1.1 + hidden_mm / 1000.0, 29.2 + hidden_mm / 1000.0
    far = beside(at_m, GAS, sigma=0.03, crown=28.5)
    line = a_new_run(EAST, WATER, sigma=0.03, crown=28.5)
    for verdict in of(check(line, far), Measure.HORIZONTAL):
        moved = a_new_run(
            [(0, -verdict.mend["clear_move_m"]), (60, -verdict.mend["clear_move_m"])], WATER, sigma=0.03
        )
        assert of(check(moved, far), Measure.HORIZONTAL) == []

    (cover,) = of(check(a_new_run(EAST, GAS, crown=crown, sigma=0.03), surfaces=CARRIAGEWAY), Measure.COVER)
    lowered = a_new_run(EAST, GAS, crown=crown - cover.mend["clear_lower_m"], sigma=0.03)
    assert of(check(lowered, surfaces=CARRIAGEWAY), Measure.COVER) == []


def moved_as_told(run, mend):
    """The run moved parallel to itself, by the means of another library."""
    left_m = mend["clear_move_m"] * (1.0 if mend["side"] == "left" else -1.0)
    there = shapely.LineString(run["axis"]).offset_curve(left_m, join_style="mitre", mitre_limit=20)
    return run | {"axis": list(there.coords)}


def test_a_move_towards_the_other_side_of_the_same_line_is_none():
    """A water main on both sides of the end of the new one: away from the near leg is nearer to the far one."""
    both_sides = a_new_run([(40, -0.9), (65, -0.9), (65, 0.8), (40, 0.8)], WATER, sigma=0.02, crown=27.0)
    line = a_new_run([(0, 0), (60, 0)], GAS)

    found = of(check(line, both_sides | {"width": 0.5}), Measure.HORIZONTAL)

    assert found
    assert {verdict.mend for verdict in found} == {None}
    assert all("整段平移不能解决" in verdict.words.zh for verdict in found)


def test_no_pair_is_too_near_elsewhere_after_a_move():
    """Bent lines beside, across and around each other."""
    told = 0
    for seed in range(80):
        rng = np.random.default_rng([77, seed])
        line = a_bent(rng, GAS, width=0.3)
        other = a_bent(rng, WATER, crown=27.0, width=0.3, sigma=0.05)
        other["axis"] = np.asarray(other["axis"]) + rng.normal(0.0, 3.0, 2)
        for verdict in of(check(line, other), Measure.HORIZONTAL):
            if verdict.mend is not None:
                told += 1
                assert of(check(moved_as_told(line, verdict.mend), other), Measure.HORIZONTAL) == []
    assert told > 8
