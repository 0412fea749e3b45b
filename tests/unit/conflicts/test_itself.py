"""A new run that comes back beside itself is told: it is not judged against itself."""

import numpy as np
import pytest
import shapely

from tests.runs import GAS, WATER, a_new_run, columns
from xzgis.catalogue.files import shipped
from xzgis.conflicts.rules.itself import (
    BETWEEN,
    MOST_TURNED,
    beside_themselves,
    crossing_themselves,
    returned_m,
    turned_rad,
)
from xzgis.networks.terms import Conditions

UNKNOWN = Conditions("water")
NEAR_M = 0.7


def u_turn(apart_m, length_m=60.0):
    return [(0, 0), (length_m, 0), (length_m, apart_m), (0, apart_m)]


def v_turn(angle_deg, length_m=30.0):
    way = np.deg2rad(angle_deg)
    return [(length_m, 0), (0, 0), (length_m * np.cos(way), length_m * np.sin(way))]


def told(axis, facts=GAS, **more):
    return beside_themselves(columns(a_new_run(axis, facts, **more), first_id=-1), shipped().catalogue)


@pytest.mark.parametrize(
    ("axis", "facts", "is_told"),
    [
        # Two such gas mains lie 0.4 m apart, wall to wall, and are 0.2 m wide.
        pytest.param(u_turn(0.3), GAS, True, id="out and back 0.3 m apart"),
        pytest.param(u_turn(0.59), GAS, True, id="just nearer than two gas mains may lie"),
        pytest.param(u_turn(0.61), GAS, False, id="just as far as two gas mains lie"),
        pytest.param(u_turn(0.3, length_m=2.0), GAS, True, id="a short one"),
        pytest.param(u_turn(0.15), WATER, True, id="no figure between two water mains: into itself"),
        pytest.param(v_turn(10.0), GAS, True, id="a sharp turn"),
        pytest.param(v_turn(90.0), GAS, False, id="a right angle"),
        pytest.param(v_turn(61.0), GAS, False, id="a turn of 119 degrees"),
        pytest.param([(0, 0), (60, 0)], GAS, False, id="straight"),
        pytest.param([(0, 0), (20, 0), (20, 0.3), (60, 0.3)], GAS, False, id="a jog"),
        pytest.param([(0, 0), (20, 0), (20, 5), (25, 5), (25, 0), (60, 0)], GAS, False, id="an expansion loop"),
        pytest.param([(0, 0), (20, 0), (20, 5), (20.3, 5), (20.3, 0), (60, 0)], GAS, True, id="a narrow loop"),
        pytest.param([(0, 0), (20, 0), (20, 0), (60, 0)], GAS, False, id="a drop at one place"),
    ],
)  # fmt: skip
def test_a_run_beside_itself_is_told(axis, facts, is_told):
    assert bool(told(axis, facts)) is is_told
    assert bool(told([(-x, y) for x, y in reversed(axis)], facts)) is is_told


def test_what_both_places_may_be_off_counts():
    assert not told(u_turn(0.7), sigma=0.0)
    assert told(u_turn(0.7), sigma=0.05)


def test_a_width_that_nobody_knows_is_its_largest():
    assert told(u_turn(0.5), UNKNOWN, width=(0.1, 0.6))
    assert not told(u_turn(0.5), UNKNOWN, width=(0.1, 0.4))


def test_a_run_that_meets_itself_is_told_once():
    runs = columns(
        a_new_run([(0, 0), (40, 0), (40, 20), (20, 20), (20, -20)]), a_new_run(u_turn(0.3)), first_id=-1
    )

    crossed = crossing_themselves(runs)

    assert crossed == ["new:1"]
    assert beside_themselves(runs, shipped().catalogue, without=crossed) == ["new:2"]


@pytest.mark.parametrize("seed", range(40))
def test_the_distance_is_that_of_many_places(seed):
    """Against places every 2 cm along random lines: never farther than the nearest of them, nor nearer by their spacing."""
    rng = np.random.default_rng(seed)
    turns = np.cumsum(rng.normal(0.0, 1.2, 9))
    lengths = rng.uniform(0.2, 3.0, 9)[:, None]
    axis = np.concatenate(
        [np.zeros((1, 2)), np.cumsum(np.column_stack([np.cos(turns), np.sin(turns)]) * lengths, axis=0)]
    )
    line = shapely.LineString(axis)
    if not line.is_simple:
        axis = axis[:3]
        line = shapely.LineString(axis)
    chain = np.append(np.arange(0.0, line.length, 0.02), line.length)
    places = shapely.get_coordinates(shapely.line_interpolate_point(line, chain))
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    far = chain[None] - chain[:, None] >= BETWEEN * NEAR_M
    sampled = apart[far].min() if far.any() else np.inf

    exact = returned_m(axis, NEAR_M)

    if exact < NEAR_M or sampled < NEAR_M - 0.03:
        assert sampled - 0.05 <= exact <= sampled + 1e-9
    if turned_rad(axis) <= MOST_TURNED:
        assert exact >= NEAR_M
