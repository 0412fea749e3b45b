"""Contiguous ground, against a flood over single cells that uses no geometry at all."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, box

from xzgis.exports.rules.ground import contiguous_km2
from xzgis.spatial.cells import ground_of

SIDE_M = 100
CELL_KM2 = 0.01
Cell = tuple[int, int]
some_cells = st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=30)


def ground(cells: Iterable[Cell]) -> MultiPolygon:
    return ground_of(np.array(sorted(cells), dtype=np.int64).reshape(-1, 2), side_m=SIDE_M)


def flooded(cells: set[Cell], reach: int) -> list[set[Cell]]:
    """Cells within ``reach`` cells' distance (0: sharing side or corner) of one another, group by group."""
    left, groups = set(cells), []
    while left:
        group, front = set(), [left.pop()]
        while front:
            column, row = front.pop()
            group.add((column, row))
            near = {
                (c, r) for c, r in left
                if max(abs(c - column) - 1, 0) ** 2 + max(abs(r - row) - 1, 0) ** 2 <= reach**2
            }  # fmt: skip
            left -= near
            front += near
        groups.append(group)
    return groups


def enclosed(cells: set[Cell]) -> set[Cell]:
    """``cells`` with what cannot be left to the outside by side or corner steps without passing one.

    A hole of a polygon of squares is closed by squares that meet at a corner only when these belong to one part:
    parts are joined by sides.
    """
    found = set(cells)
    for part in by_sides(cells):
        outside, front = set(), [(-2, -2)]
        while front:
            column, row = front.pop()
            if (
                (column, row) in outside
                or (column, row) in part
                or not (-2 <= column <= 11 and -2 <= row <= 11)
            ):
                continue
            outside.add((column, row))
            front += [(column + 1, row), (column - 1, row), (column, row + 1), (column, row - 1)]
        found |= {(c, r) for c in range(-2, 12) for r in range(-2, 12)} - outside
    return found


def by_sides(cells: set[Cell]) -> list[set[Cell]]:
    left, parts = set(cells), []
    while left:
        part, front = set(), [left.pop()]
        while front:
            column, row = front.pop()
            part.add((column, row))
            near = left & {(column + 1, row), (column - 1, row), (column, row + 1), (column, row - 1)}
            left -= near
            front += near
        parts.append(part)
    return parts


@settings(max_examples=300, deadline=None)
@given(st.lists(some_cells, min_size=1, max_size=4), st.integers(0, 2))
def test_the_largest_ground_is_that_of_a_flood(taken: list[set[Cell]], reach: int) -> None:
    filled = enclosed(set().union(*taken))
    expected = max(len(group) for group in flooded(filled, reach)) * CELL_KM2

    found = contiguous_km2([ground(one) for one in taken], join_m=reach * SIDE_M)

    assert found == pytest.approx(expected)


@settings(max_examples=200, deadline=None)
@given(st.lists(some_cells, min_size=1, max_size=3), some_cells, st.integers(0, 2))
def test_what_lies_elsewhere_does_not_count(earlier: list[set[Cell]], new: set[Cell], reach: int) -> None:
    filled = enclosed(set().union(new, *earlier))
    groups = [group for group in flooded(filled, reach) if group & new]
    expected = max(len(group) for group in groups) * CELL_KM2
    fresh = ground(new)

    found = contiguous_km2([*map(ground, earlier), fresh], join_m=reach * SIDE_M, around=fresh)

    # A part that only touches the new one is met by it, and contiguous anyway.
    assert found == pytest.approx(expected)


@settings(max_examples=100, deadline=None)
@given(st.lists(some_cells, min_size=1, max_size=4), some_cells)
def test_more_never_counts_less_and_the_same_again_nothing(taken: list[set[Cell]], more: set[Cell]) -> None:
    before = contiguous_km2([ground(one) for one in taken], join_m=0)

    assert contiguous_km2([ground(one) for one in (*taken, more)], join_m=0) >= before - 1e-9
    assert contiguous_km2([ground(one) for one in (*taken, *taken)], join_m=0) == pytest.approx(before)


def test_parts_at_the_joining_distance_are_one_and_beyond_it_two() -> None:
    left, at, beyond = box(0, 0, 1000, 1000), box(1200, 0, 2200, 1000), box(1200.01, 0, 2200.01, 1000)

    assert contiguous_km2([left, at], join_m=200) == pytest.approx(2.0)
    assert contiguous_km2([left, beyond], join_m=200) == pytest.approx(1.0)


def test_nothing_taken_is_no_ground() -> None:
    assert contiguous_km2([], join_m=200) == 0.0
    assert contiguous_km2([MultiPolygon()], join_m=200) == 0.0
