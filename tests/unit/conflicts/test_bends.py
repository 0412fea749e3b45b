"""A pipe that bends in plan over a wide culvert is followed until it has left it: no place of the ground is left out."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs import GAS, SEWER, STORM, TELECOM, WATER, a_new_run, columns
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


def from_both_sides(parts, others):
    """The vertical verdicts on ``parts`` against ``others``, and the other way round."""
    for one, other in ((parts, others), (others, parts)):
        yield of(judge(columns(*one, first_id=-1), columns(*other), CATALOGUE), Measure.VERTICAL)


def cut_at(run, rows):
    """The run in parts that meet at nodes at some of its vertices."""
    ends = [0, *rows, len(run["axis"]) - 1]
    return [
        run
        | {
            "axis": run["axis"][low : high + 1],
            "crown": run["crown"][low : high + 1],
            "nodes": (50 + low, 50 + high),
        }
        for low, high in itertools.pairwise(ends)
    ]


@pytest.mark.parametrize("rows", [[], [1], [2, 4], [1, 2, 3, 4]])
def test_an_axis_that_leaves_the_culvert_and_comes_back_is_met_there_as_well(rows):
    """Out of its wall at x = 2.0 and back to 1.7, 1.2 m farther on, within what the crossing explains: 0.02 m above."""
    axis = [(-20, 0), (2.3, 0), (2.3, 0.2), (1.7, 0.2), (1.7, 0.3), (20, 0.3)]
    pipe = a_new_run(axis, GAS, width=0.02, height=0.2, crown=[27.8, 27.8, 27.8, 27.22, 27.8, 27.8])

    for found in from_both_sides(cut_at(pipe, rows), [CULVERT]):
        assert [(v.outcome, v.gap_m) for v in found] == [(Outcome.BREACH, 0.02)]


def test_an_unknown_level_where_an_axis_comes_back_is_any_level():
    axis = [(-20, 0), (2.3, 0), (2.3, 0.2), (1.7, 0.2), (1.7, 0.3), (20, 0.3)]
    pipe = a_new_run(axis, GAS, width=0.02, height=0.2, crown=[27.8, 27.8, 27.8, np.nan, 27.8, 27.8])

    for (found,), missing in zip(from_both_sides([pipe], [CULVERT]), ("a.depth", "b.depth"), strict=True):
        assert (found.outcome, found.missing, found.gap_range_m) == (
            Outcome.CANNOT_JUDGE,
            (missing,),
            (None, 0.6),
        )


def test_two_crossings_keep_each_its_own_gap():
    """Out over the wall and back across the axis: what the second crossing is near of is not told of the first."""
    box = a_new_run([(0, -40), (0, 40)], STORM, width=0.4, height=1.0, crown=27.0)
    pipe = a_new_run([(-20, 0), (0.6, 0), (0.6, 0.5), (-20, 0.5)], GAS, width=0.02, height=0.2,
                     crown=[27.8, 27.8, 27.22, 27.22])  # fmt: skip

    (found,) = of(check(pipe, box), Measure.VERTICAL)

    assert (found.outcome, found.gap_m, found.chainage_m[0] > 21.0) == (Outcome.BREACH, 0.02, True)


@pytest.mark.parametrize("is_first", [False, True])
def test_a_bent_line_beside_a_riser_is_met_where_it_lies(is_first):
    """Round the middle of a shaft 2 m wide: lowest 0.7 m beside it, 1.0 m along the axis from it."""
    shaft = a_new_run([(0, 0), (0, 0)], TELECOM, width=2.0, height=1.0, crown=[27.0, 26.0])
    axis = [(-20, 0), (0.2, 0), (0.2, -0.7), (0.5, -0.7), (0.5, 0.7), (20, 0.7)]
    pipe = a_new_run(axis, GAS, width=0.02, height=0.2, crown=[27.8, 27.8, 27.8, 27.3, 27.8, 27.8])

    for found in from_both_sides([shaft] if is_first else [pipe], [pipe] if is_first else [shaft]):
        assert [(v.outcome, v.gap_m) for v in found] == [(Outcome.BREACH, 0.1)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("low", [1, 2])
def test_every_branch_over_the_culvert_is_met_in_whatever_order_it_is_stored(low, order):
    """Two branches that turn alike to both sides; one of them dips over the wall. The axis before is 0.6 m above."""
    parts = [a_new_run([(-20, 0), (1, 0)], GAS, crown=27.8, nodes=(1, 2)),
             a_new_run([(1, 0), (1.8, 0.8), (20, 19)], GAS, crown=[27.8, 27.22 if low == 1 else 27.8, 27.8], nodes=(2, 3)),
             a_new_run([(1, 0), (1.8, -0.8), (20, -19)], GAS, crown=[27.8, 27.22 if low == 2 else 27.8, 27.8],
                       nodes=(2, 4))]  # fmt: skip

    for found in from_both_sides([parts[k] for k in order], [CULVERT]):
        assert [(v.outcome, v.gap_m) for v in found] == [(Outcome.BREACH, 0.02)]
