"""The ground that lines and points show somebody looked at: never more than within reach, hardly less."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from tests.factories import a_line
from xzgis.networks.rules import covered_ground as module
from xzgis.networks.rules.covered_ground import covered_ground, looked_at

COORDINATE = st.integers(0, 300)
NETWORK = st.lists(
    st.tuples(COORDINATE, COORDINATE, COORDINATE, COORDINATE).filter(lambda one: one[:2] != one[2:]),
    min_size=1,
    max_size=25,
)


def test_covered_ground_never_reaches_beyond() -> None:
    line = LineString([(0, 0), (30, 5), (60, -40)])

    (ground,) = covered_ground(np.array([line], dtype=object), reach_m=15)

    assert max(line.distance(Point(xy)) for xy in shapely.get_coordinates(ground)) <= 15 + 1e-9


@settings(deadline=None, max_examples=60)
@given(NETWORK, st.booleans())
def test_any_network_is_covered_as_line_by_line(ends: list[tuple[int, int, int, int]], twice: bool) -> None:
    lines = np.array([LineString([one[:2], one[2:]]) for one in ends * (1 + twice)], dtype=object)
    points = shapely.points(np.array([one[:2] for one in ends], dtype=float))

    ground = shapely.union_all(covered_ground(np.concatenate([lines, points]), reach_m=15))

    alone = shapely.union_all(shapely.buffer(lines, 15, quad_segs=4))
    boundary = shapely.points(shapely.get_coordinates(shapely.segmentize(ground.boundary, 1.0)))
    assert shapely.is_valid(ground)
    assert shapely.distance(boundary, shapely.union_all(lines)).max() <= 15 + 1e-6
    assert alone.difference(ground).area <= 0.002 * alone.area


def test_a_large_survey_is_covered_square_by_square(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_VERTICES", 50)
    lines = np.array([a_line(x_m=x_m, y_m=y_m) for x_m in (0, 700) for y_m in (0, 700)], dtype=object)

    parts = covered_ground(lines, reach_m=15)

    assert len(parts) == 4
    assert shapely.union_all(parts).equals(shapely.union_all(shapely.buffer(lines, 15, quad_segs=4)))


def test_nothing_covers_nothing() -> None:
    assert covered_ground(np.array([], dtype=object), reach_m=15) == []


def test_a_point_on_its_own_is_looked_at_and_a_kind_stays_apart() -> None:
    runs = pd.DataFrame({"kind": ["gas", "gas"], "axis": [LineString([(0, 0), (50, 0)]), LineString([(0, 900), (9, 900)])],
                         "surveyed_on": [date(2023, 5, 1), None]})  # fmt: skip
    nodes = pd.DataFrame({"kind": ["gas", "heat"], "place": [Point(50, 0), Point(500, 0)]}, dtype=object)

    found = looked_at(nodes, runs, reach_m=15)

    assert sorted(found) == ["gas", "heat"]
    assert found["gas"].youngest == date(2023, 5, 1)
    assert shapely.union_all(found["heat"].areas).area == pytest.approx(15**2 * np.pi, rel=0.03)
    assert not shapely.union_all(found["gas"].areas).intersects(Point(500, 0))
