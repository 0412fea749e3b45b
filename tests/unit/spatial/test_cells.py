"""Ground in whole cells: against a sampling that knows nothing of the way it is computed."""

from fractions import Fraction
from itertools import pairwise
from math import floor

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box

from xzgis.spatial.cells import cells_of, ground_of, merged

SIDE_M = 100.0
place = st.tuples(st.integers(-900, 900), st.integers(-900, 900))


def crossed(start: tuple[int, int], end: tuple[int, int]) -> set[tuple[int, int]]:
    """Cells a straight line passes, by exact fractions: cut at every border, looked up at the middle of each part."""
    cuts = {Fraction(0), Fraction(1)}
    for axis in (0, 1):
        run = end[axis] - start[axis]
        for border in range(-1000, 1001, 100):
            if run and 0 < Fraction(border - start[axis], run) < 1:
                cuts.add(Fraction(border - start[axis], run))
    found, ordered = set(), sorted(cuts)
    for one, other in pairwise(ordered):
        at = (one + other) / 2
        found.add(tuple(floor((start[axis] + at * (end[axis] - start[axis])) / 100) for axis in (0, 1)))
    return found


@settings(max_examples=300, deadline=None)
@given(place, place)
def test_a_line_touches_exactly_the_cells_it_passes(start: tuple[int, int], end: tuple[int, int]) -> None:
    if start == end:
        return

    cells = {tuple(cell) for cell in cells_of([LineString([start, end])], side_m=SIDE_M).tolist()}

    # A point of rounding may add a cell that the line passes at a corner only; it may leave none out.
    missing = crossed(start, end) - cells
    assert missing == set()
    line = LineString([start, end])
    assert all(line.distance(box(c * 100, r * 100, c * 100 + 100, r * 100 + 100)) < 1e-6 for c, r in cells)


def test_a_polygon_touches_the_cells_it_shares_ground_with() -> None:
    assert cells_of([box(0, 0, 200, 100)], side_m=SIDE_M).tolist() == [[0, 0], [1, 0]]
    assert cells_of([box(10, 10, 20, 20)], side_m=SIDE_M).tolist() == [[0, 0]]


def test_points_nothing_and_empty_shapes() -> None:
    assert cells_of([Point(-1, 250)], side_m=SIDE_M).tolist() == [[-1, 2]]
    assert cells_of([None, LineString()], side_m=SIDE_M).shape == (0, 2)
    assert ground_of(cells_of([], side_m=SIDE_M), side_m=SIDE_M).is_empty


def test_a_line_of_no_length_is_a_place() -> None:
    place, line = LineString([(25, 35), (25, 35)]), LineString([(1, 1), (2, 2)])

    assert cells_of([place, line], side_m=10).tolist() == [[0, 0], [2, 3]]


def test_several_findings_count_a_cell_once() -> None:
    one = cells_of([Point(5, 5), Point(6, 6)], side_m=SIDE_M)

    assert merged([one, one, cells_of([], side_m=SIDE_M)]).tolist() == [[0, 0]]


@settings(max_examples=100, deadline=None)
@given(st.sets(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), max_size=40))
def test_the_ground_of_cells_is_as_large_as_they_are(chosen: set[tuple[int, int]]) -> None:
    cells = np.array(sorted(chosen), dtype=np.int64).reshape(-1, 2)

    ground = ground_of(cells, side_m=SIDE_M)

    assert isinstance(ground, MultiPolygon)
    assert ground.is_valid
    assert ground.area == len(chosen) * SIDE_M**2
    assert shapely.get_coordinates(ground).shape[1] == 2
