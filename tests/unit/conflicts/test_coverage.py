"""What nobody surveyed, and which surface lies above: chainage intervals."""

import pytest
from shapely import LineString, MultiPolygon, box

from xzgis.catalogue.files import catalogue
from xzgis.conflicts.rules.coverage import not_covered, outside, surface_along, surveyed_kinds

AXIS = LineString([(0, 0), (60, 0), (60, 40)])


def test_an_area_over_the_whole_line_leaves_nothing():
    assert outside(AXIS, [box(-1, -1, 100, 100)]) == ()


def test_without_any_area_the_whole_line_is_open():
    assert outside(AXIS, []) == ((0.0, 100.0),)


def test_two_areas_that_touch_leave_no_gap():
    assert outside(AXIS, [box(-1, -1, 30, 50), box(30, -1, 100, 50)]) == ()


def test_a_hole_and_an_end_are_told_as_they_lie():
    area = MultiPolygon([box(-1, -1, 20, 1), box(25.5, -1, 61, 30)])

    assert outside(AXIS, [area]) == (
        (pytest.approx(20.0), pytest.approx(25.5)),
        (pytest.approx(90.0), pytest.approx(100.0)),
    )


def test_a_line_that_crosses_itself_keeps_its_chainages():
    loop = LineString([(0, 0), (40, 0), (40, 20), (20, 20), (20, -20)])

    # The place (20, 0) is passed at 20 m and again at 100 m.
    (first, second, *rest) = outside(loop, [box(-1, -50, 19, 50), box(21, -50, 50, 50)])

    assert first == (pytest.approx(19.0), pytest.approx(21.0))
    assert second == (pytest.approx(79.0), pytest.approx(120.0))
    assert rest == []


def test_every_kind_is_asked_for_itself():
    found = not_covered([AXIS], ["new:1"], ["gas", "water"], {"gas": [box(-1, -1, 100, 100)]})

    assert [(part.kind, part.run) for part in found] == [("water", "new:1")]


def test_nobody_surveys_for_unknown_lines_or_for_roads():
    kinds = surveyed_kinds(catalogue())

    assert {"gas", "water", "industrial"} <= set(kinds)
    assert not {"unknown", "road"} & set(kinds)


def test_a_carriageway_counts_before_a_footway_and_the_rest_is_unknown():
    stretches = surface_along(AXIS, [box(10, -5, 30, 5)], [box(20, -5, 50, 5)])

    assert [(round(a, 6), round(b, 6), surface) for a, b, surface in stretches] == [
        (0.0, 10.0, None),
        (10.0, 30.0, "carriageway"),
        (30.0, 50.0, "non_motor_or_footway"),
        (50.0, 100.0, None),
    ]
