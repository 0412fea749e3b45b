"""What a trench or a hole touches: what is not known is neither hidden by what is, nor without a name."""

import math

import numpy as np
import pytest

from tests.runs import GAS, ORIGIN_M, WATER, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE, EAST, beside, check, of
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Hole, Measure, Outcome

LIMITS = CATALOGUE.limits.values
WORKING_M, BEDDING_M = LIMITS["dig_working_space_m"], LIMITS["dig_bedding_m"]
NEW = a_new_run(EAST, GAS, crown=28.5)
WALL_M = 0.1 + WORKING_M


def dig(judgement):
    return of(judgement, Measure.DIG)


def in_hole(run, depth_level_m=28.0, reach_m=5.0, depth_m=None):
    outline = [(0, -reach_m), (40, -reach_m), (40, reach_m), (0, reach_m)]
    hole = Hole(
        tuple((x + ORIGIN_M[0], y + ORIGIN_M[1]) for x, y in outline),
        bottom_level_m=depth_level_m,
        depth_m=depth_m,
    )
    return dig(judge(no_runs(ORIGIN_M), columns(run), CATALOGUE, excavations=[hole]))


def test_a_known_part_within_tolerance_does_not_hide_one_of_unknown_depth():
    """A line that runs along the trench and back again: known, by a hair above its bed, and then not known."""
    bed_m = 28.5 - 0.2 - BEDDING_M
    axis = [(10, 0.2), (40, 0.2), (40, -0.2), (10, -0.2)]
    line = a_new_run(axis, WATER, crown=[bed_m - 0.01, bed_m - 0.01, np.nan, np.nan], sigma_level=0.05)

    found = dig(check(NEW, line))

    assert Outcome.WITHIN_TOLERANCE in {v.outcome for v in found}
    (unknown,) = [v for v in found if v.outcome is Outcome.CANNOT_JUDGE]
    assert unknown.missing == ("b.depth",)
    assert unknown.chainage_m[0] < 11.0
    assert unknown.chainage_m[1] > 39.0


def test_what_is_hit_for_certain_is_said_once():
    axis = [(5, 0.2), (45, 0.2), (40, -0.2), (10, -0.2)]

    found = dig(check(NEW, a_new_run(axis, WATER, crown=[29.0, 29.0, np.nan, np.nan])))

    assert [v.outcome for v in found] == [Outcome.BREACH]


@pytest.mark.parametrize("turn_deg", range(0, 360, 15))
@pytest.mark.parametrize("shift_m", [0.0, 1234.567])
def test_a_line_that_touches_the_wall_of_the_trench_is_not_in_it(turn_deg, shift_m):
    turn = math.radians(turn_deg)
    cosine, sine = math.cos(turn), math.sin(turn)

    def turned(run):
        axis = [(x * cosine - y * sine + shift_m, x * sine + y * cosine) for x, y in run["axis"]]
        return run | {"axis": axis}

    found = dig(check(turned(NEW), turned(beside(WALL_M + 0.1, crown=28.6))))

    assert {v.outcome for v in found} == {Outcome.CLEAR}


@pytest.mark.parametrize("shift_m", [0.0, 0.1, 1234.567, 77.7])
def test_a_line_that_touches_the_wall_of_a_hole_is_not_in_it(shift_m):
    outline = [(shift_m, -5.1), (shift_m + 40, -5.1), (shift_m + 40, 5.1), (shift_m, 5.1)]
    hole = Hole(
        tuple((x + ORIGIN_M[0], y + ORIGIN_M[1]) for x, y in outline), bottom_level_m=28.0, depth_m=None
    )
    line = a_new_run([(shift_m, 5.2), (shift_m + 40, 5.2)], WATER, crown=28.6)

    found = dig(judge(no_runs(ORIGIN_M), columns(line), CATALOGUE, excavations=[hole]))

    assert {v.outcome for v in found} == {Outcome.CLEAR}


@pytest.mark.parametrize(
    ("distance_m", "sigma_m", "outcome", "missing"),
    [
        # Wall of the trench at 0.1 m + working space; the line is 0.2 m or 2.0 m wide.
        pytest.param(WALL_M, 0.0, Outcome.BREACH, (), id="in it with the smallest size"),
        pytest.param(WALL_M + 0.6, 0.0, Outcome.CANNOT_JUDGE, ("b.size",), id="in it with the largest alone"),
        pytest.param(
            WALL_M + 1.01, 0.02, Outcome.WITHIN_TOLERANCE, ("b.size",), id="within tolerance of that"
        ),
    ],
)
def test_a_strike_that_hangs_on_an_unknown_size_names_it(distance_m, sigma_m, outcome, missing):
    line = beside(distance_m, width=(0.2, 2.0), height=0.5, crown=28.6, sigma=sigma_m)

    (found,) = [v for v in dig(check(NEW, line)) if v.outcome is not Outcome.CLEAR]

    assert (found.outcome, found.missing) == (outcome, missing)
    assert "strike" in found.duties


def test_a_strike_by_a_trench_of_unknown_width_names_it():
    new = NEW | {"width": (0.2, 2.0)}

    for distance_m, outcome, missing in (
        (WALL_M, Outcome.BREACH, ()),
        (WALL_M + 0.6, Outcome.CANNOT_JUDGE, ("a.size",)),
    ):
        found = [v for v in dig(check(new, beside(distance_m, crown=28.6))) if v.outcome is not Outcome.CLEAR]
        assert [(v.outcome, v.missing) for v in found] == [(outcome, missing)]


def test_a_line_whose_height_alone_is_known_from_below_names_its_size_in_a_hole():
    """Bottom known, height 0.2 m to 1.0 m: its crown reaches the floor of the hole with the largest alone."""
    line = a_new_run([(5, 0), (35, 0)], WATER, width=0.2, height=(0.2, 1.0), crown=None, bottom=27.5)

    (found,) = in_hole(line)

    assert (found.outcome, found.missing) == (Outcome.CANNOT_JUDGE, ("b.size",))
    assert not found.advisory


@pytest.mark.parametrize(
    ("inside_m", "sigma_m", "outcome"),
    [
        pytest.param(0.02, 0.115, Outcome.WITHIN_TOLERANCE, id="2 cm inside, known to 23 cm"),
        pytest.param(0.12, 0.115, Outcome.WITHIN_TOLERANCE, id="half a width and a hair"),
        pytest.param(0.14, 0.115, Outcome.BREACH, id="farther inside than the spread leaves open"),
        pytest.param(0.02, 0.04, Outcome.BREACH, id="known well enough"),
        pytest.param(-0.09, 0.0, Outcome.BREACH, id="its wall inside, for certain"),
    ],
)
def test_a_vague_line_at_the_edge_of_a_hole_is_no_sure_strike(inside_m, sigma_m, outcome):
    """0.2 m wide along the edge of the hole at 5 m: sure where the axis lies more than k sigma - 0.1 m inside."""
    line = a_new_run([(5, 5.0 - inside_m), (35, 5.0 - inside_m)], WATER, crown=28.6, sigma=sigma_m)

    (found,) = in_hole(line)

    assert (found.outcome, found.missing) == (outcome, ())


def test_what_crosses_the_edge_of_a_hole_is_a_strike_all_the_same():
    line = a_new_run([(20, 0), (20, 20)], WATER, crown=28.6, sigma=0.2)

    (found,) = [v for v in in_hole(line) if v.outcome is not Outcome.CLEAR]

    assert found.outcome is Outcome.BREACH


@pytest.mark.parametrize(
    ("level_m", "depth_m", "ground_m", "crown_m", "missing", "said"),
    [
        pytest.param(None, None, 30.0, 28.6, ("a.hole_depth",), "查明开挖深度或坑底高程即可判定", id="how deep it is dug"),
        pytest.param(None, 2.0, None, 28.6, ("b.ground",), "查明既有管线地面高程即可判定", id="the ground"),
        pytest.param(28.0, None, None, None, ("b.depth",), "查明既有管线埋深即可判定", id="the line"),
        pytest.param(None, None, None, None, ("a.hole_depth", "b.depth"), "须查明", id="both"),
    ],
)  # fmt: skip
def test_what_keeps_a_hole_open_is_named(level_m, depth_m, ground_m, crown_m, missing, said):
    line = a_new_run([(5, 0), (35, 0)], WATER, crown=crown_m, ground=ground_m)

    (found,) = in_hole(line, level_m, depth_m=depth_m)

    assert (found.outcome, found.missing) == (Outcome.CANNOT_JUDGE, missing)
    assert said in found.words.zh


@pytest.mark.parametrize(
    ("outside_m", "outcome", "missing"),
    [
        (0.05, Outcome.BREACH, ()),
        (0.6, Outcome.CANNOT_JUDGE, ("b.size",)),
        (1.01, Outcome.WITHIN_TOLERANCE, ("b.size",)),
    ],
)
def test_a_strike_in_a_hole_that_hangs_on_a_size_names_it(outside_m, outcome, missing):
    axis = [(5, 5.0 + outside_m), (35, 5.0 + outside_m)]
    (found,) = in_hole(a_new_run(axis, WATER, crown=28.6, width=(0.2, 2.0), height=0.5, sigma=0.02))

    assert (found.outcome, found.missing) == (outcome, missing)
