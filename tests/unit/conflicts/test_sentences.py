"""One finding where a planner sees one place, and sentences that say what is asked."""

import math
import re

import pytest

from tests.runs import WATER, a_new_run
from tests.verdicts import EAST, across, beside, check, of
from xzgis.conflicts.rules.words import figures
from xzgis.conflicts.terms import Measure, Outcome, SurfaceStretch
from xzgis.networks.terms import Conditions

# Axis distance asked of the water main: 0.5 m and both half widths, 0.7 m; 0.04 m is twice its sigma.
WAVE = [(-20, 0.5), (20, 0.5), (25, 0.71), (30, 0.69), (35, 0.69), (40, 0.71), (80, 0.71)]


def test_a_sliver_within_tolerance_goes_with_the_breach_beside_it():
    found = of(check(a_new_run(EAST), a_new_run(WAVE, WATER, sigma=0.02)), Measure.HORIZONTAL)

    (breach,) = found
    assert breach.outcome is Outcome.BREACH
    assert breach.chainage_m == (0.0, pytest.approx(24.76, abs=0.05))
    ((first, last),) = breach.within_tolerance_m
    assert (first, last) == (pytest.approx(27.5, abs=0.1), pytest.approx(37.5, abs=0.1))
    assert "相邻里程 27.5" in breach.words.zh
    assert "在公差内" in breach.words.zh


def test_a_part_that_is_clear_for_certain_keeps_a_tolerance_of_its_own():
    apart = [(-20, 0.5), (20, 0.5), (25, 0.9), (28, 0.9), (30, 0.69), (35, 0.69), (40, 0.9), (80, 0.9)]

    found = of(check(a_new_run(EAST), a_new_run(apart, WATER, sigma=0.02)), Measure.HORIZONTAL)

    assert [verdict.outcome for verdict in found] == [Outcome.BREACH, Outcome.WITHIN_TOLERANCE]
    assert found[0].within_tolerance_m == ()


def test_cover_folds_its_slivers_as_well():
    crown = [29.5, 29.5, 29.05, 29.11, 29.11, 29.05, 29.05]
    run = a_new_run([(at, 0) for at in (0, 20, 25, 30, 35, 40, 60)], crown=crown, sigma_level=0.05)

    found = of(check(run, surfaces=[SurfaceStretch(0, (0.0, 60.0), "carriageway")]), Measure.COVER)

    (breach,) = found
    assert breach.outcome is Outcome.BREACH
    assert len(breach.within_tolerance_m) == 1
    assert "覆土 0.500 m，要求不小于 0.900 m" in breach.words.zh


def test_a_collision_says_how_deep_it_is_and_no_figure_of_a_table():
    (verdict,) = of(check(a_new_run(EAST), across(30, WATER, crown=28.4)), Measure.COLLISION)

    assert "要求" not in verdict.words.zh
    assert re.search(r"占用同一空间（重叠 0\.\d{3} m", verdict.words.zh)


def test_a_figure_that_hangs_on_a_fact_names_it():
    gas = Conditions("gas")

    verdicts = of(check(a_new_run(EAST, WATER), beside(0.9, gas)), Measure.HORIZONTAL)

    (open_one,) = [one for one in verdicts if one.outcome is Outcome.CANNOT_JUDGE]
    assert "要求随压力级制而定，在 " in open_one.words.zh
    assert "depending on the pressure class" in open_one.words.en


def test_who_gives_way_stands_with_its_place_in_the_order():
    (verdict,) = of(check(a_new_run(EAST), beside(0.3)), Measure.HORIZONTAL)

    assert re.match(r"让行次序第 \d 位：", verdict.gives_way["why"])


def test_a_shallow_crossing_excuses_no_overlap_beyond_the_shared_footprint():
    east, north = 25 * math.cos(math.radians(17)), 25 * math.sin(math.radians(17))
    new = a_new_run(EAST, width=1.0)
    straight = a_new_run([(30 - east, -north), (30 + east, north)], WATER, width=1.0, crown=20.0)
    bent = straight | {"axis": [(30 - east, -north), (30, 0), (31, 0.3), (60, 0.3)]}

    assert of(check(new, straight), Measure.STACKED) == []
    (stacked,) = of(check(new, bent), Measure.STACKED)
    assert (stacked.outcome, stacked.gap_m, stacked.chainage_m[1]) == (Outcome.BREACH, -0.7, 60.0)


def test_an_overlap_is_a_positive_figure_and_a_range_over_nought_a_gap():
    def told(low, high):
        return figures(Measure.COLLISION, (low, high), (0.0, 0.0)).zh

    assert told(-1.2, -0.4) == "重叠 0.400～1.200 m"
    assert told(-0.03, 1.53) == "净距 -0.030～1.530 m，负值为重叠"
    assert told(0.1, 0.6) == "净距 0.100～0.600 m"


@pytest.mark.parametrize(
    ("measure", "gap_m", "said"),
    [
        (Measure.HORIZONTAL, (-0.05, -0.05), "净距 -0.050 m，负值为平面上重叠，要求"),
        (Measure.HORIZONTAL, (-0.05, 0.3), "，负值为平面上重叠，要求"),
        (Measure.VERTICAL, (-0.2, -0.2), "净距 -0.200 m，负值为高程上重叠，要求"),
        (Measure.COVER, (-0.1, -0.1), "覆土 -0.100 m，负值为高出地面，要求"),
        (Measure.HORIZONTAL, (0.05, 0.05), "净距 0.050 m，要求"),
        (Measure.HORIZONTAL, (-0.0001, 0.05), "0.050 m，要求"),
    ],
)
def test_a_negative_figure_says_what_it_means(measure, gap_m, said):
    words = figures(measure, gap_m, (0.5, 0.5))

    assert said in words.zh
    assert ("negative" in words.en) == ("负值" in said)


def test_lines_that_overlap_in_plan_say_so_in_their_horizontal_finding():
    (found,) = of(check(a_new_run(EAST), beside(0.1, crown=25.0, bottom=24.8)), Measure.HORIZONTAL)

    assert "净距 -0.100 m，负值为平面上重叠，要求不小于 0.500 m" in found.words.zh
