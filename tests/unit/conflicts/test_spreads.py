"""Nominal sizes have a spread: it is no missing fact, and takes no probability away."""

import pytest

from tests.runs import GAS, SEWER, a_new_run
from tests.verdicts import EAST, beside, check, of
from xzgis.conflicts.rules.verdict import breach_probability
from xzgis.conflicts.terms import Measure, Outcome

STEEL = (0.2171, 0.2211)


def test_a_spread_is_not_blamed_beside_a_size_that_is_not_known():
    new = a_new_run(EAST, GAS, width=STEEL, crown=29.0)
    found = check(new, beside(0.6, SEWER, width=(0.2, 3.0), crown=25.0))

    (stacked,) = of(found, Measure.STACKED)
    assert (stacked.outcome, stacked.missing) == (Outcome.CANNOT_JUDGE, ("b.size",))


@pytest.mark.parametrize(
    ("mine", "theirs", "missing"),
    [
        (STEEL, (0.2, 3.0), ("b.size",)),
        ((0.05, 3.0), STEEL, ("a.size",)),
        ((0.1, 1.2), (0.1, 1.2), ("a.size", "b.size")),
    ],
)
def test_a_collision_blames_the_size_that_is_not_known(mine, theirs, missing):
    found = check(
        a_new_run(EAST, GAS, width=mine, height=mine, crown=25.0),
        beside(0.8, SEWER, width=theirs, height=theirs, crown=25.0),
    )

    (collision,) = of(found, Measure.COLLISION)
    assert (collision.outcome, collision.missing) == (Outcome.CANNOT_JUDGE, missing)


@pytest.mark.parametrize("distance_m", [1.25, 1.4, 1.5])
def test_within_tolerance_has_the_probability_of_the_strictest_reading(distance_m):
    new = a_new_run(EAST, GAS, width=STEEL, sigma=0.1)
    (verdict,) = of(check(new, beside(distance_m, SEWER, crown=25.0)), Measure.HORIZONTAL)

    gap = distance_m - (STEEL[1] + 0.2) / 2.0
    assert verdict.outcome is Outcome.WITHIN_TOLERANCE
    expected = breach_probability(gap, 0.1, verdict.required_range_m[1])
    assert verdict.probability == pytest.approx(expected, abs=1e-4)


def test_what_cannot_be_judged_has_none():
    new = a_new_run(EAST, GAS, width=(0.1, 0.9))
    (verdict,) = of(check(new, beside(1.6, SEWER, crown=25.0)), Measure.HORIZONTAL)

    assert (verdict.outcome, verdict.probability) == (Outcome.CANNOT_JUDGE, None)
