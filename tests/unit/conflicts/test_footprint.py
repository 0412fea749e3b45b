"""The vertical gap is the least over the ground that both outer envelopes cover, not the one where the axes meet."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs import GAS, SEWER, WATER, a_new_run, columns
from tests.verdicts import CATALOGUE, EAST, across, check, of
from xzgis.conflicts.kernel.pairs import crossings_of_pairs
from xzgis.conflicts.rules.book import RuleBook
from xzgis.conflicts.rules.scene import pair_of, scene_of
from xzgis.conflicts.rules.vertical import Crossing, crossing_of
from xzgis.conflicts.terms import Measure, Outcome

BOUNDED = settings(max_examples=150, deadline=None, derandomize=True)
ANGLES = st.floats(16.0, 164.0)
SLOPES = st.sampled_from([-0.6, -0.08, -0.003, 0.0, 0.02, 0.3])
SIZES = st.sampled_from([0.1, 0.8, 2.4])
BOOK = RuleBook(CATALOGUE)


def a_sloping(axis, crown_m, slope, *, width, facts=WATER, height=0.5):
    """A straight run whose crown is ``crown_m`` at its middle."""
    half = math.dist(*axis) / 2.0
    return a_new_run(
        axis, facts, width=width, height=height, crown=[crown_m - slope * half, crown_m + slope * half]
    )


def through_middle(angle_deg, half_m=30.0):
    east, north = half_m * math.cos(math.radians(angle_deg)), half_m * math.sin(math.radians(angle_deg))
    return [(30.0 - east, -north), (30.0 + east, north)]


def crossing(a, b) -> Crossing:
    scene = scene_of(columns(a, first_id=-1), columns(b), BOOK)
    (row,) = crossings_of_pairs(scene.lines, scene.others, np.array([[0, 0]]))
    return crossing_of(scene, pair_of(scene, 0, 0, 0), row[1:])


def brute_m(angle_deg, crowns, slopes, widths, height=0.5):
    """The gap at many places that both strips cover, the boundary included, each way of lying; the better way."""
    turn = math.radians(angle_deg)
    ua, ub = np.array([1.0, 0.0]), np.array([math.cos(turn), math.sin(turn)])
    na, nb = np.array([0.0, 1.0]), np.array([-math.sin(turn), math.cos(turn)])
    beside = np.linspace(-0.5, 0.5, 9)
    places = [
        np.linalg.solve(np.array([na, nb]), [u * widths[0], v * widths[1]]) for u in beside for v in beside
    ]
    top = [np.array([crown + slope * (p @ along) for p in places])
           for crown, slope, along in zip(crowns, slopes, (ua, ub), strict=True)]  # fmt: skip
    return max((top[0] - height - top[1]).min(), (top[1] - height - top[0]).min())


@BOUNDED
@given(ANGLES, st.tuples(SLOPES, SLOPES), st.tuples(SIZES, SIZES), st.floats(-2.0, 2.0))
def test_the_gap_is_the_least_of_a_brute_force(angle, slopes, widths, above):
    crowns = (28.0 + above, 28.0)
    a = a_sloping(EAST, crowns[0], slopes[0], width=widths[0], facts=GAS)
    b = a_sloping(through_middle(angle), crowns[1], slopes[1], width=widths[1])

    found = crossing(a, b)

    assert found.gap_m[0] == pytest.approx(brute_m(angle, crowns, slopes, widths), abs=1e-6)
    assert found.at_a_m == pytest.approx(30.0)


@BOUNDED
@given(ANGLES, st.tuples(SLOPES, SLOPES), st.tuples(SIZES, SIZES), st.floats(-2.0, 2.0), st.floats(0.3, 0.7))
def test_swapping_reversing_and_splitting_change_nothing(angle, slopes, widths, above, share):
    a = a_sloping(EAST, 28.0 + above, slopes[0], width=widths[0])
    b = a_sloping(through_middle(angle), 28.0, slopes[1], width=widths[1])
    gap = crossing(a, b).gap_m

    back = b | {"axis": b["axis"][::-1], "crown": b["crown"][::-1]}
    middle = tuple(np.array(a["axis"][0]) + share * (np.array(a["axis"][1]) - np.array(a["axis"][0])))
    level = a["crown"][0] + share * (a["crown"][1] - a["crown"][0])
    more = a | {"axis": [a["axis"][0], middle, a["axis"][1]], "crown": [a["crown"][0], level, a["crown"][1]]}

    assert crossing(b, a).gap_m == pytest.approx(gap, abs=1e-6)
    assert crossing(a, back).gap_m == pytest.approx(gap, abs=1e-6)
    assert crossing(more, b).gap_m == pytest.approx(gap, abs=1e-6)


def test_a_new_pipe_on_a_slope_over_a_wide_box_meets_its_wall():
    box = across(30, SEWER, width=4.0, height=1.0, crown=28.0)
    gas = a_new_run(EAST, crown=[28.0 + 0.2 + 0.20 - 1.5, 28.0 + 0.2 + 0.20 + 1.5])

    (found,) = of(check(gas, box), Measure.VERTICAL)

    # 0.20 m where the axes meet, 0.05 x 2.0 m less above the wall of the box: 0.10 m of the 0.15 m asked.
    assert (found.outcome, found.gap_m, found.required_m) == (Outcome.BREACH, 0.1, 0.15)
    assert found.mend["raise_m"] == 0.05
    assert found.chainage_m == (30.0, 30.0)
