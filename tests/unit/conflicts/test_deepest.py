"""A collision is told with its deepest place, whichever way the two lines are stored."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs import ORIGIN_M, POWER, TELECOM, WATER, a_new_run, columns
from tests.verdicts import check, of
from xzgis.conflicts.kernel.lines import lines_of
from xzgis.conflicts.kernel.solid import deepest
from xzgis.conflicts.terms import Measure, Outcome

PLACE = st.tuples(st.integers(-80, 80).map(lambda n: n / 10), st.integers(-80, 80).map(lambda n: n / 10))
AXES = st.lists(PLACE, min_size=2, max_size=4, unique=True)
RISES = st.lists(st.sampled_from([0.0, 0.0, 0.3, -0.4, 0.7]), min_size=4, max_size=4)


def points(run, count=120):
    """Places along the axis with crown: ``(count, 3)``."""
    axis = np.array(run["axis"], dtype=float)
    chain = np.r_[0.0, np.cumsum(np.hypot(*np.diff(axis, axis=0).T))]
    at = np.unique(np.r_[chain, np.linspace(0.0, chain[-1], count)])
    return np.stack([np.interp(at, chain, each) for each in (*axis.T, run["crown"])], axis=1)


def gaps_of(a, b):
    return [(v.outcome, v.gap_m) for v in of(check(a, b), Measure.COLLISION)]


def turned(run):
    return run | {"axis": run["axis"][::-1], "crown": run["crown"][::-1]}


@settings(max_examples=80, deadline=None, derandomize=True)
@given(AXES, AXES, RISES, RISES, st.sampled_from([0.2, 2.4]))
def test_the_deepest_place_is_that_of_a_brute_force(one, other, rises, others, width):
    a = a_new_run(one, width=0.6, height=0.6, crown=[28.0 + r for r in rises[: len(one)]])
    b = a_new_run(other, WATER, width=width, height=0.5, crown=[28.0 + r for r in others[: len(other)]])
    sides = [lines_of(columns(run), origin_m=ORIGIN_M) for run in (a, b)]
    reach = 0.3 + width / 2

    found = [deepest(x, 0, y, 0, (0.0, 1e3), reach) for x, y in (sides, sides[::-1])]

    p, q = points(a)[:, None], points(b)[None]
    plan = np.hypot(p[..., 0] - q[..., 0], p[..., 1] - q[..., 1]) - reach
    level = np.maximum(p[..., 2] - 0.6 - q[..., 2], q[..., 2] - 0.5 - p[..., 2])
    wanted = float(np.maximum(plan, level).min())
    step = max(np.hypot(*np.diff(each[:, :2], axis=0).T).max() for each in (points(a), points(b)))
    assert found[0] == pytest.approx(found[1], abs=1e-6)
    assert found[0] <= wanted + 1e-6
    assert found[0] >= wanted - 2.0 * step


def test_a_line_that_crosses_twice_in_one_collision_is_told_at_its_deepest():
    """Twice over the other: the place of distance 0 that is found first is not the deepest."""
    power = a_new_run([(-4.0, 4.0), (-2.0, -8.65)], POWER, width=0.6, crown=[27.0, 27.0], sigma=0.05)
    duct = a_new_run([(-8.0, -3.07), (4.31, 0.37), (-3.54, 0.0)], TELECOM, width=2.4,
                     crown=[28.86, 28.1, 28.63], sigma=0.05)  # fmt: skip

    said = gaps_of(power, duct)

    assert [outcome for outcome, _ in said] == [Outcome.BREACH]
    assert said[0][1] < -0.84
    assert gaps_of(turned(power), duct) == gaps_of(power, turned(duct)) == said
    # Along the duct it is one collision on each of its legs; the deeper one is the same.
    assert min(gap for _, gap in gaps_of(duct, power)) == said[0][1]
