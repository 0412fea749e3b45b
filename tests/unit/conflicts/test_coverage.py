"""What nobody surveyed, and which surface lies above: chainage intervals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box, unary_union

from tests.runs import GAS, a_new_run, columns
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.rules.book import RuleBook
from xzgis.conflicts.rules.cover import stretches_of
from xzgis.conflicts.rules.coverage import (
    QUARTER_SEGMENTS,
    not_covered,
    outside,
    surface_along,
    surveyed_kinds,
)
from xzgis.conflicts.rules.judge import rule_book
from xzgis.conflicts.rules.survey_reach import farthest_m, survey_reaches_m

AXIS = LineString([(0, 0), (60, 0), (60, 40)])

HAIR_M = 1e-6
"""A reach so short that only the axis itself is asked."""


def test_an_area_over_the_whole_line_leaves_nothing():
    assert outside(AXIS, [box(-1, -1, 100, 100)], 1.0) == ()


def test_without_any_area_the_whole_line_is_open():
    assert outside(AXIS, [], 1.0) == ((0.0, 100.0),)


def test_two_areas_that_touch_leave_no_gap():
    assert outside(AXIS, [box(-1, -1, 30, 50), box(30, -1, 100, 50)], 1.0) == ()


def test_a_hole_and_an_end_are_told_as_they_lie():
    area = MultiPolygon([box(-1, -1, 20, 1), box(25.5, -1, 61, 30)])

    assert outside(AXIS, [area], HAIR_M) == (
        (pytest.approx(20.0), pytest.approx(25.5)),
        (pytest.approx(90.0), pytest.approx(100.0)),
    )


def test_a_line_that_crosses_itself_keeps_its_chainages():
    loop = LineString([(0, 0), (40, 0), (40, 20), (20, 20), (20, -20)])

    # The place (20, 0) is passed at 20 m and again at 100 m.
    (first, second, *rest) = outside(loop, [box(-1, -50, 19, 50), box(21, -50, 50, 50)], HAIR_M)

    assert first == (pytest.approx(19.0), pytest.approx(21.0))
    assert second == (pytest.approx(79.0), pytest.approx(120.0))
    assert rest == []


def test_a_narrow_strip_along_the_axis_is_not_the_ground_beside_it():
    axis = LineString([(0, 0), (100, 0)])

    assert outside(axis, [box(-5, -0.3, 105, 0.3)], 0.5) == ((0.0, 100.0),)
    assert outside(axis, [box(-5, -0.5, 105, 0.5)], 0.5) == ()


def test_neighbouring_areas_hold_the_ground_together():
    axis = LineString([(0, 0), (100, 0)])

    assert outside(axis, [box(-5, -3, 105, 0.1), box(-5, 0.1, 50, 3), box(50, 0.1, 105, 3)], 1.0) == ()


def test_a_hole_beside_the_axis_opens_as_far_as_it_is_near():
    axis = LineString([(0, 0), (100, 0)])
    area = box(-5, -5, 105, 5).difference(box(40, 0.6, 44, 2))

    # The corner (40, 0.6) is 1 m away at 40 - sqrt(1 - 0.36) = 39.2.
    assert outside(axis, [area], 1.0) == ((pytest.approx(39.2, abs=0.002), pytest.approx(44.8, abs=0.002)),)


def test_a_point_is_surveyed_with_the_ground_around_it():
    riser = LineString([(0, 0), (0, 0)])

    assert outside(riser, [box(-1, -1, 1, 1)], 0.9) == ()
    assert outside(riser, [box(-1, -1, 1, 0.5)], 0.9) == ((0.0, 0.0),)


AREA = st.tuples(st.integers(-4, 24), st.integers(-6, 4), st.integers(1, 16), st.integers(1, 8)).map(
    lambda at: box(at[0], at[1], at[0] + at[2], at[1] + at[3])
)
BENDS = st.lists(st.tuples(st.integers(0, 20), st.integers(-3, 3)), min_size=2, max_size=4, unique=True)


@settings(max_examples=150, deadline=None)
@given(bends=BENDS, areas=st.lists(AREA, max_size=5), reach=st.sampled_from([0.25, 0.8, 1.7]))
def test_the_open_stretches_are_those_of_a_disc_moved_along_the_axis(bends, areas, reach):
    axis, ground = LineString(bends), unary_union(areas)
    open_parts = outside(axis, areas, reach)

    for at in np.linspace(0.0, axis.length, 41):
        disc = Point(axis.interpolate(at)).buffer(reach, quad_segs=64)
        is_open = any(first <= at <= last for first, last in open_parts)
        if disc.buffer(0.01).within(ground):
            assert not is_open
        if disc.buffer(-0.01).difference(ground).area > 1e-6:
            assert is_open


def test_an_area_whose_round_ends_are_cut_does_not_hold_the_ground():
    # Drawn with few chords inside the arcs: slits of a third of a metre are missing between them.
    axis = LineString([(0, 0), (100, 0)])

    cut, whole = (
        not_covered([axis], ["new:1"], {"water": [area]}, {"water": [4.0]})
        for area in (axis.buffer(4.02, quad_segs=QUARTER_SEGMENTS), axis.buffer(4.4))
    )

    assert cut != ()
    assert whole == ()


def test_an_open_trench_needs_its_working_space_surveyed():
    limits = catalogue().limits
    values = limits.values | {"dig_working_space_m": 9.0}
    wide = catalogue().model_copy(update={"limits": limits.model_copy(update={"values": values})})
    dug, jacked = (
        survey_reaches_m(
            columns(a_new_run([(0, 0), (50, 0)], replace(GAS, method=method))), ("water",), RuleBook(wide)
        )["water"][0]
        for method in ("open_cut", "jacking")
    )

    assert dug == pytest.approx(0.1 + 9.0)
    assert jacked < dug


def test_the_ground_that_must_be_surveyed_is_what_a_line_there_would_break():
    new = columns(a_new_run([(0, 0), (50, 0)], sigma=0.05))

    reach = survey_reaches_m(new, ("water", "utility_tunnel"), rule_book(catalogue()))

    # Half a width of 0.2 m, twice sigma; H041 asks 0.5 m of a water main, wider than the trench beside the pipe.
    assert reach["water"] == [pytest.approx(0.1 + 0.1 + 0.5)]
    assert reach["utility_tunnel"] > reach["water"]
    assert farthest_m(reach, 1).tolist() == reach["utility_tunnel"]


def test_every_kind_is_asked_for_itself():
    found = not_covered([AXIS], ["new:1"], {"gas": [box(-1, -1, 100, 100)]}, {"gas": [0.5], "water": [0.5]})

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


@pytest.mark.parametrize("length_m", [0.0, 5e-7])
def test_a_riser_has_one_place_under_its_surface(length_m):
    assert stretches_of(length_m, []) == [((0.0, length_m), None)]
