"""A suggested change, done as told, mends what it is for and breaks nothing that is asked of the run alone."""

import pytest

from tests.runs import GAS, SEWER, WATER, a_new_run
from tests.verdicts import EAST, across, beside, check, of
from xzgis.conflicts.terms import Measure, Outcome, SurfaceStretch

CARRIAGEWAY = [SurfaceStretch(new=0, chainage_m=(0.0, 60.0), surface="carriageway")]


def crossed(crown: float, **more):
    """A gas main over a water main; table 4.1.14 asks 0.15, table 4.1.1 a cover of 0.9 below the ground at 30 m."""
    other = across(30.0, WATER, crown=28.4, sigma=0.03)
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
