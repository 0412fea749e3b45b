"""A pipe that bends in plan over a wide culvert is followed until it has left it: no place of the ground is left out."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs import GAS, SEWER, STORM, WATER, a_new_run, columns
from tests.verdicts import CATALOGUE, check, of
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure, Outcome

CULVERT = a_new_run([(0, -40), (0, 40)], STORM, width=4.0, height=1.0, crown=27.0)


def bent_axis(turn_m, ways, angle_deg=30.0):
    """Under 30° over the culvert, along it from ``turn_m`` behind its axis on, then out of it to the east."""
    ux, uy = math.sin(math.radians(angle_deg)), math.cos(math.radians(angle_deg))
    bend = (turn_m * ux, turn_m * uy)
    along = [(bend[0], bend[1] + way) for way in ways]
    return [(-20 * ux, -20 * uy), bend, *along, (along[-1][0] + 20.0, along[-1][1])]


def least_above_m(axis, bottoms, half_m=2.0):
    """The least of the levels of a thin line over the culvert, at many places of its axis."""
    points = np.array(axis)
    chain = np.r_[0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]
    at = np.linspace(0.0, chain[-1], 20_001)
    is_over = np.abs(np.interp(at, chain, points[:, 0])) <= half_m
    return float(np.interp(at, chain, bottoms)[is_over].min()) - 27.0


def dipping(ways=(0.6, 0.85, 1.1, 1.15), low_m=0.02):
    high, low = 27.0 + 0.2 + 0.6, 27.0 + 0.2 + low_m
    return a_new_run(bent_axis(3.6, ways), GAS, crown=[high, high, high, low, high, high, high])


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("facts", [STORM, WATER, SEWER])
def test_a_dip_behind_a_bend_over_a_culvert_is_found_from_both_sides(facts, turn):
    pipe, culvert = dipping(), CULVERT | {"facts": facts}
    pipe |= {"axis": pipe["axis"][::turn], "crown": pipe["crown"][::turn]}

    for judged in (check(pipe, culvert), check(culvert, pipe)):
        (found,) = of(judged, Measure.VERTICAL)
        assert (found.outcome, found.gap_m) == (Outcome.BREACH, 0.02)


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_a_node_on_the_bent_part_changes_nothing(cut):
    pipe = dipping()
    parts = [
        pipe | {"axis": pipe["axis"][: cut + 1], "crown": pipe["crown"][: cut + 1], "nodes": (0, 7)},
        pipe | {"axis": pipe["axis"][cut:], "crown": pipe["crown"][cut:], "nodes": (7, 0)},
    ]

    (found,) = of(judge(columns(*parts, first_id=-1), columns(CULVERT), CATALOGUE), Measure.VERTICAL)

    assert (found.outcome, found.gap_m) == (Outcome.BREACH, 0.02)


def test_an_unknown_level_behind_a_bend_over_a_culvert_is_any_level():
    pipe = dipping(low_m=0.6)
    unknown = pipe | {"crown": [*pipe["crown"][:3], np.nan, *pipe["crown"][4:]]}

    assert of(check(pipe, CULVERT), Measure.VERTICAL) == []
    assert [(v.outcome, v.missing) for v in of(check(unknown, CULVERT), Measure.VERTICAL)] == [
        (Outcome.CANNOT_JUDGE, ("a.depth",))
    ]


def test_a_dip_that_lies_beside_the_culvert_is_no_dip_over_it():
    """Bent outside its wall: 0.60 m where they cross, whatever the pipe does 0.5 m beside it."""
    axis = [(-20, 0), (2.6, 0), (2.6, 3), (2.6, 6), (20, 6)]

    assert of(check(a_new_run(axis, crown=[27.8, 27.8, 27.22, 27.8, 27.8]), CULVERT), Measure.VERTICAL) == []


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.floats(0.2, 3.8), st.lists(st.integers(2, 40).map(lambda n: n / 20), min_size=4, max_size=4, unique=True),
       st.lists(st.sampled_from([0.0, 0.0, -0.3, -0.55, 0.2]), min_size=7, max_size=7), st.floats(25.0, 80.0))  # fmt: skip
def test_no_place_over_the_culvert_is_nearer_than_told(turn_m, ways, rises, angle_deg):
    axis = bent_axis(turn_m, sorted(ways), angle_deg)
    bottoms = [27.65 + rise for rise in rises]
    pipe = a_new_run(axis, GAS, width=0.02, height=0.2, crown=[level + 0.2 for level in bottoms])

    said = [v.gap_m for v in of(check(pipe, CULVERT), Measure.VERTICAL)]

    wanted = least_above_m(axis, bottoms)
    if wanted < 0.15 - 1e-6:
        assert said
        assert min(said) <= wanted + 0.001
