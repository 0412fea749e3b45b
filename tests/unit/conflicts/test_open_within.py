"""What is within tolerance in some readings and clear in others names the facts that would settle it."""

import numpy as np
import pytest

from tests.runs import GAS, POWER, SEWER, WATER, a_new_run
from tests.unit.conflicts.test_cutting import ASKED_M, a_case_run
from tests.verdicts import CATALOGUE, EAST, across, beside, check, of
from xzgis.conflicts.rules.verdict import reading_outcome
from xzgis.conflicts.terms import Measure, Outcome, SurfaceStretch
from xzgis.networks.terms import Conditions

CABLE = Conditions("power", voltage_kv=10.0)
OPEN_AND_SHUT = ((CABLE, ("b.burial",), "查明既有管线埋设方式即可判定"), (POWER, (), "公差内"))
TOLD = (Measure.HORIZONTAL, Measure.STACKED, Measure.VERTICAL, Measure.ORDER, Measure.COVER)


def a_line(**more):
    return a_new_run(EAST, WATER, **{"width": 0.2, "height": 0.2, "sigma": 0.0, "sigma_level": 0.0, **more})


@pytest.mark.parametrize(("facts", "missing", "said"), OPEN_AND_SHUT)
@pytest.mark.parametrize("measure", [Measure.HORIZONTAL, Measure.VERTICAL])
def test_a_clearance_from_a_cable_names_its_burial_only_where_that_is_open(measure, facts, missing, said):
    """0.1 m more than the strictest figure, which is that of another burial, known to 0.1 m."""

    def found(away_m):
        level = 28.8 - away_m if measure is Measure.VERTICAL else 28.5
        size = {"width": 0.2, "height": 0.2, "crown": level, "sigma": 0.1}
        other = (
            across(30, facts, **size) if measure is Measure.VERTICAL else beside(away_m + 0.2, facts, **size)
        )
        (verdict,) = of(check(a_new_run(EAST, WATER, crown=29.0), other), measure)
        return verdict

    near = found(0.1)
    least, most = near.required_range_m
    verdict = found(most + 0.1)

    assert (least < most) == bool(missing)
    assert (verdict.outcome, verdict.missing) == (Outcome.WITHIN_TOLERANCE, missing)
    assert said in verdict.words.zh


@pytest.mark.parametrize(("surface", "missing"), [(None, ("a.surface",)), ("carriageway", ())])
def test_a_cover_names_the_surface_only_where_that_is_open(surface, missing):
    """Gas: 0.9 m under a carriageway, less elsewhere."""
    new = a_new_run(EAST, GAS, width=0.2, height=0.2, crown=29.05, ground=30.0, sigma_level=0.1)

    (found,) = of(check(new, surfaces=[SurfaceStretch(0, (0.0, 60.0), surface)]), Measure.COVER)

    assert (found.outcome, found.missing) == (Outcome.WITHIN_TOLERANCE, missing)


def test_a_part_that_one_reading_explains_and_another_finds_within_tolerance():
    """Found among random pairs: the figures alone do not tell that they hang on the burial, the explained length does."""
    for case in (347, 795, 1757):
        within = [v for v in everything(77, [case]) if v.outcome is Outcome.WITHIN_TOLERANCE and v.missing]
        excused = [v for v in within if v.measure is Measure.HORIZONTAL and not hangs(v)]

        assert excused
        assert {fact for v in excused for fact in v.missing} <= {"a.burial", "b.burial", "a.size", "b.size"}


@pytest.mark.parametrize("seed", range(4))
def test_no_verdict_that_hangs_on_a_fact_leaves_it_unnamed(seed):
    verdicts = everything(seed, range(60))

    for verdict in verdicts:
        if verdict.outcome is Outcome.CANNOT_JUDGE or hangs(verdict):
            assert verdict.missing, verdict
            assert "查明" in verdict.words.zh
        if verdict.outcome is Outcome.BREACH:
            assert not verdict.missing
    assert any(hangs(verdict) for verdict in verdicts)


def everything(seed, numbers):
    """The verdicts on random pairs, both ways round."""
    verdicts = []
    for number in numbers:
        rng = np.random.default_rng([seed, number])
        a, b = (a_case_run(rng, facts) for facts in list(ASKED_M)[rng.integers(len(ASKED_M))])
        both = [*check(a, b).verdicts, *check(b, a).verdicts]
        verdicts += [v for v in both if v.measure in TOLD]
    return verdicts


def hangs(verdict) -> bool:
    """Whether a figure within tolerance is clear in the mildest reading, by more than what is rounded away."""
    ranges = verdict.gap_range_m, verdict.required_range_m
    if verdict.outcome is not Outcome.WITHIN_TOLERANCE or None in ranges or None in ranges[0]:
        return False
    (_, mild_m), (least_m, _) = ranges
    mild = reading_outcome(mild_m - 0.003, verdict.sigma_m, least_m, CATALOGUE.limits.sigma_factor)
    return mild is Outcome.CLEAR


@pytest.mark.parametrize(("height", "missing"), [((0.1, 0.7), ("b.size",)), (0.5, ())])
def test_an_order_that_hangs_on_a_height(height, missing):
    """The sewer's bottom is known, its height not: how high its centre lies is open."""
    size = {"width": 0.5, "height": height, "crown": None, "bottom": 28.7}
    water = a_new_run(EAST, WATER, crown=29.15, sigma_level=0.06)

    orders = of(check(water, across(30, SEWER, **size)), Measure.ORDER)

    assert [(v.outcome, v.missing) for v in orders] == [(Outcome.WITHIN_TOLERANCE, missing)]


@pytest.mark.parametrize("width", [0.2, (0.199, 0.201), (0.19, 0.21)])
def test_a_strike_within_tolerance_stays_so_when_a_size_settles_nothing(width):
    """0.03 m into each other beside a tolerance of 0.28: no size from 0.19 to 0.21 makes that sure."""
    line = a_new_run(EAST, GAS, width=width, sigma=0.1)

    (verdict,) = of(check(line, across(30.0, WATER, crown=28.33, sigma=0.1)), Measure.COLLISION)

    assert (verdict.outcome, verdict.missing) == (Outcome.WITHIN_TOLERANCE, ())


def test_a_strike_that_hangs_on_a_size_names_it():
    """A main of 0.1 to 0.6 m with its crown 0.4 m over a line: sure for the largest, apart for the smallest."""
    for smallest, largest, outcome, missing in (
        (0.1, 0.6, Outcome.CANNOT_JUDGE, ("a.size",)),
        (0.1, 0.41, Outcome.WITHIN_TOLERANCE, ("a.size",)),
        (0.55, 0.6, Outcome.BREACH, ()),
    ):
        line = a_new_run(EAST, GAS, width=(smallest, largest), crown=28.9, bottom=float("nan"), sigma=0.02)

        found = of(check(line, across(30.0, WATER, crown=28.5, sigma=0.02)), Measure.COLLISION)

        assert [(v.outcome, v.missing) for v in found] == [(outcome, missing)]
