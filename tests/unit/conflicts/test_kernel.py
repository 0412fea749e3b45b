"""The compiled geometry against exact arithmetic."""

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.runs import a_new_run, columns
from xzgis.conflicts.kernel.crossing import crossings
from xzgis.conflicts.kernel.lines import Lines, lines_of
from xzgis.conflicts.kernel.plan import nearest, stretches

BOUNDED = settings(max_examples=120, deadline=None, derandomize=True)
QUARTERS = st.integers(-40, 40).map(lambda n: n / 4)
PLACES = st.tuples(QUARTERS, QUARTERS)
AXES = st.lists(PLACES, min_size=2, max_size=4, unique=True)


def two(axis, other, origin_m=(517_000.0, 3_793_000.0)) -> tuple[Lines, Lines]:
    return tuple(lines_of(columns(a_new_run(line)), origin_m=origin_m) for line in (axis, other))


@BOUNDED
@given(AXES, AXES, st.sampled_from([0.35, 1.0, 2.6]))
def test_stretches_hold_exactly_the_places_nearer_than_the_reach(axis, other, reach):
    lines, others = two(axis, other)

    found = stretches(lines, 0, others, 0, reach)

    a, b = oracle.exact(axis), oracle.exact(other)
    for place in oracle.telling_places(a, b):
        far = oracle.distance(oracle.point(a, place), b)
        if abs(far - reach) < 1e-9:
            continue
        at = oracle.chainage(a, place)
        assert any(low - 1e-9 <= at <= high + 1e-9 for low, high in found) == (far < reach)


@BOUNDED
@given(AXES, AXES, st.sampled_from([0.35, 1.0, 2.6]))
def test_ends_of_stretches_are_at_the_reach(axis, other, reach):
    lines, others = two(axis, other)

    found = stretches(lines, 0, others, 0, reach)

    whole = lines.chain_m[-1]
    ends = [float(end) for end in found.ravel() if 1e-6 < end < whole - 1e-6]
    distances = [nearest(lines, 0, others, 0, end, end).distance_m for end in ends]
    assert distances == pytest.approx([reach] * len(ends), abs=1e-6)


@BOUNDED
@given(AXES, AXES)
def test_nearest_is_the_least_distance(axis, other):
    lines, others = two(axis, other)
    a, b = oracle.exact(axis), oracle.exact(other)
    assume(not oracle.meetings(a, b))

    found = nearest(lines, 0, others, 0, 0.0, float(lines.chain_m[-1]))

    least = min(oracle.distance(oracle.point(a, place), b) for place in oracle.telling_places(a, b))
    assert found.distance_m == pytest.approx(float(least), abs=1e-9)


@BOUNDED
@given(AXES, AXES)
def test_crossings_are_where_the_axes_meet(axis, other):
    lines, others = two(axis, other)

    found = crossings(lines, 0, others, 0)

    a, b = oracle.exact(axis), oracle.exact(other)
    wanted: dict[tuple[float, float], mpmath.mpf] = {}
    for meeting in oracle.meetings(a, b):
        key = (
            round(float(oracle.chainage(a, meeting.on_a)), 6),
            round(float(oracle.chainage(b, meeting.on_b)), 6),
        )
        wanted[key] = max(meeting.sine, wanted.get(key, mpmath.mpf(0)))
    assert {(round(row[0], 6) + 0.0, round(row[1], 6) + 0.0) for row in found} == set(wanted)
    assert sorted(found[:, 2]) == pytest.approx(sorted(float(s) for s in wanted.values()), abs=1e-9)


@pytest.mark.parametrize(
    ("axis", "other", "expected"),
    [
        pytest.param([(0, 0), (10, 0)], [(0, 1), (10, 1)], [(0, 10)], id="parallel nearer than the reach"),
        pytest.param([(0, 0), (10, 0)], [(0, 2), (10, 2)], [], id="parallel exactly at the reach"),
        pytest.param([(0, 0), (10, 0)], [(0, 0), (10, 0)], [(0, 10)], id="the same line"),
        pytest.param([(0, 0), (10, 0)], [(10, 0), (0, 0)], [(0, 10)], id="the same line backwards"),
        pytest.param([(0, 0), (10, 0)], [(12, 0), (20, 0)], [], id="end on exactly at the reach"),
        pytest.param([(0, 0), (10, 0)], [(11, 0), (20, 0)], [(9, 10)], id="end on nearer than the reach"),
        pytest.param([(0, 0), (10, 0)], [(5, 0)], [(3, 7)], id="a riser on the axis"),
        pytest.param([(5, 0)], [(0, 1), (10, 1)], [(0, 0)], id="a new riser"),
        pytest.param([(5, 0)], [(5, 0)], [(0, 0)], id="a riser on a riser"),
        pytest.param([(0, 0), (5, 0), (5, 0), (10, 0)], [(0, 1), (10, 1)], [(0, 10)], id="a repeated vertex"),
        pytest.param([(0, 0), (10, 0)], [(0, 1), (5, 1), (5, 9), (6, 9), (6, 1), (10, 1)], [(0, 10)],
                     id="joined over segments of the other"),
    ],
)  # fmt: skip
def test_stretches_of_awkward_pairs(axis, other, expected):
    lines, others = two(axis, other)

    found = stretches(lines, 0, others, 0, 2.0 - 1e-6)

    assert np.asarray(found).tolist() == [pytest.approx(pair, abs=1e-5) for pair in expected]


@pytest.mark.parametrize(
    ("axis", "other", "expected"),
    [
        pytest.param([(0, 0), (10, 0)], [(5, -5), (5, 5)], [(5.0, 5.0, 1.0)], id="square"),
        pytest.param([(0, 0), (10, 0)], [(5, 0), (5, 5)], [(5.0, 0.0, 1.0)], id="touching with an end"),
        pytest.param([(0, 0), (5, 0), (10, 0)], [(5, -5), (5, 0), (5, 5)], [(5.0, 5.0, 1.0)], id="vertex on vertex"),
        pytest.param([(0, 0), (10, 0)], [(0, 0), (10, 0)], [], id="identical lines have no crossing point"),
        pytest.param([(0, 0), (10, 0)], [(10, 0), (20, 0)], [], id="end on"),
        pytest.param([(0, 0), (10, 0)], [(4, 0)], [(4.0, 0.0, 1.0)], id="a riser is met at a right angle"),
        pytest.param([(0, 0), (1000, 0)], [(0, -0.1), (1000, 0.1)], [(500.0, 500.00001, 0.0002)], id="shallow"),
        pytest.param([(0, 0), (10, 0)], [(2, 5), (5, 0), (8, 5)], [(5.0, 5.8309519, 0.857493)], id="touching vertex"),
    ],
)  # fmt: skip
def test_crossings_of_awkward_pairs(axis, other, expected):
    lines, others = two(axis, other)

    found = crossings(lines, 0, others, 0)

    assert found[:, :3].tolist() == [pytest.approx(row, abs=1e-5) for row in expected]


def test_crossing_at_a_drop_meets_the_whole_height():
    other = a_new_run([(5, -5), (5, 0), (5, 0), (5, 5)], crown=[28.0, 28.0, 25.0, 25.0], height=0.5)
    lines = lines_of(columns(a_new_run([(0, 0), (10, 0)])), origin_m=(0.0, 0.0))
    others = lines_of(columns(other), origin_m=(0.0, 0.0))

    found = crossings(lines, 0, others, 0)

    assert found[:, 7:9].tolist() == [[28.0, 24.5]]


def test_kernel_keeps_a_tenth_of_a_millimetre_at_national_size():
    axis, other = [(0.0, 0.0), (98.7654, 12.3456)], [(3.1234, 0.4321), (97.1111, 13.2222)]
    near, far = two(axis, other), two(axis, other, origin_m=(0.0, 0.0))

    both = [nearest(lines, 0, others, 0, 0.0, 50.0).distance_m for lines, others in (near, far)]

    assert both[0] == pytest.approx(both[1], abs=1e-7)


def test_infinite_coordinates_are_refused():
    runs = columns(a_new_run([(0, 0), (float("nan"), 0)]))

    with pytest.raises(ValueError, match="finite"):
        lines_of(runs, origin_m=(0.0, 0.0))
