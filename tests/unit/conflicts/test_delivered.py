"""Deliveries as columns: what has no place counts, what is unknown stays unknown."""

from dataclasses import replace

import numpy as np
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.conflicts.queries.deliveries import near_places, run_boxes
from xzgis.conflicts.rules.delivered import covered_by_lines, delivered, joined
from xzgis.conflicts.rules.unread import left_aside
from xzgis.core.words import Words
from xzgis.networks.terms import Delivery, IntakeFinding, Vertices, empty_lines, empty_points
from xzgis.spatial.crs import CrsDecision, Displacement

ORIGIN = (517_000.0, 3_793_000.0)


def a_delivery(**columns):
    """Three lines eastward of 30 m: gas, of no known kind, and one without a place."""
    lines = empty_lines(3)
    lines["kind"] = ["gas", None, "water"]
    lines["label"] = ["R1-R2", None, "J1-J2"]
    lines["outer_width_mm"] = lines["outer_height_mm"] = [219.0, np.nan, 110.0]
    lines["from_point"] = [0, 1, -1]
    lines["to_point"] = [1, 2, -1]
    for name, values in columns.items():
        lines[name] = values
    xy = np.array([[0.0, 0.0], [30.0, 0.0], [30.0, 0.0], [60.0, 0.0]]) + ORIGIN
    unknown = np.full(4, np.nan)
    return Delivery(
        intake="test", files=(), crs=CrsDecision("EPSG:4548", "given"), points=empty_points(3), lines=lines,
        vertices=Vertices(np.array([0, 2, 4, 4]), xy, unknown, unknown, unknown), findings=(),
    )  # fmt: skip


def columns(delivery=None, first_id=1):
    return delivered(delivery or a_delivery(), catalogue(), first_id=first_id, origin_m=ORIGIN)


def test_a_line_without_a_place_is_counted_not_dropped():
    given = columns()

    assert given.unplaced == 1
    assert given.runs.run_id.tolist() == [1, 2]


def test_a_line_of_no_known_kind_stays_as_unknown():
    runs = columns().runs

    assert [runs.conditions[condition].kind for condition in runs.condition] == ["gas", "unknown"]


def test_an_unknown_size_is_every_plausible_size():
    runs = columns().runs

    assert (runs.width_m[0] * 1000).tolist() == [219.0, 219.0]
    assert (runs.width_m[1] * 1000).tolist() == list(catalogue().kinds["unknown"].plausible_outer_width_mm)


def test_lines_that_meet_share_a_node_and_two_deliveries_never_do():
    first, second = columns(), columns(first_id=4)
    both = joined([first, second], origin_m=ORIGIN).runs

    assert both.to_node[0] == both.from_node[1] != 0
    assert not {int(node) for node in both.from_node[:2]} & {int(node) for node in both.from_node[2:]}
    assert both.offset.tolist() == [0, 2, 4, 6, 8]


def test_facts_come_from_the_row_they_belong_to():
    both = joined([columns(), columns(first_id=4)], origin_m=ORIGIN)

    facts = both.facts([1, 5])

    assert facts[1].label == "R1-R2"
    assert facts[5].kind == "unknown"
    assert facts[5].label == "5"


def test_roads_are_no_obstacles():
    assert columns(a_delivery(kind=["road", "gas", "water"])).runs.run_id.tolist() == [1]


def test_only_the_ground_near_a_line_counts_as_surveyed():
    given = columns(a_delivery(accuracy_class="hidden_point"))
    areas = covered_by_lines(given.runs, surveyed=given.surveyed, reach_m=15.0)

    assert set(areas) == {"gas", "unknown"}
    assert areas["gas"][0].bounds[3] <= ORIGIN[1] + 15.0


@pytest.mark.parametrize("facts", [
    {"life_state": "approved"}, {"life_state": "disused"}, {"accuracy_class": "digitised"},
    {"accuracy_class": "assumed"},
])  # fmt: skip
def test_only_lines_that_somebody_measured_count_as_surveyed(facts):
    given = columns(a_delivery(**{"accuracy_class": "hidden_point"} | facts))

    assert len(given.runs.run_id) == 2
    assert covered_by_lines(given.runs, surveyed=given.surveyed, reach_m=15.0) == {}


def test_test_data_of_another_place_counts_as_surveyed_nowhere():
    moved = CrsDecision("EPSG:4548", "given", displaced=Displacement("EPSG:4326", 1.0, 2.0))
    given = columns(replace(a_delivery(accuracy_class="hidden_point"), crs=moved))

    assert given.surveyed.tolist() == []
    assert given.is_displaced
    assert not columns().is_displaced


def test_boxes_that_touch_meet():
    boxes = run_boxes(columns().runs)

    found = near_places(boxes, np.array([[ORIGIN[0] + 30.0, ORIGIN[1], ORIGIN[0] + 31.0, ORIGIN[1] + 1.0]]))

    assert found.tolist() == [0, 1]
    assert near_places(boxes, boxes[:1] + 500.0).tolist() == []


def test_what_a_file_holds_beside_lines_is_told_and_refuses_nothing():
    aside, refused, other = (
        IntakeFinding(code, level, Words("甲", "a"), Words("乙", "b"), file="a.dxf")
        for code, level in (("R37", "info"), ("R37", "error"), ("C01", "info"))
    )

    assert left_aside([aside, refused, other]) == (aside,)


def a_well(
    *, kinds=("drainage_foul", "drainage_storm"), widths_mm=(300.0, 1500.0), off_m=0.0, burial=None, edge=None
):
    """The well at the first point of three: one line of 30 m starts there, one passes it without an end there."""
    lines, points = empty_lines(2), empty_points(3)
    lines["kind"], lines["nominal_width_mm"], lines["burial"] = kinds, widths_mm, [burial, None]
    lines["from_point"], lines["to_point"] = [0, -1], [1, -1]
    points["kind"], points["appurtenance"], points["feature"] = (
        kinds[0],
        ["manhole", None, None],
        [None, edge, None],
    )
    points["east_m"], points["north_m"] = ORIGIN[0] + np.array([0.0, 6.0, 30.0]), ORIGIN[1]
    xy = np.array([[0.0, 0.0], [6.0, 0.0], [-5.0, off_m], [0.0, off_m], [40.0, off_m]]) + ORIGIN
    nothing = np.full(5, np.nan)
    delivery = replace(
        a_delivery(), points=points, lines=lines, vertices=Vertices(np.array([0, 2, 5]), xy, *[nothing] * 3)
    )
    (found,) = delivered(delivery, catalogue(), first_id=1, origin_m=ORIGIN).chambers
    return found


@pytest.mark.parametrize(
    ("facts", "widest_mm"),
    [
        ({}, 1500.0),
        ({"off_m": 0.49}, 1500.0),
        ({"off_m": 0.51}, 300.0),
        ({"widths_mm": (300.0, np.nan)}, None),
        ({"kinds": ("drainage_foul", None)}, 1500.0),
        ({"kinds": ("drainage_foul", "gas")}, 300.0),
    ],
)
def test_a_well_is_sized_by_a_drain_drawn_through_it(facts, widest_mm):
    found = a_well(**facts)

    assert (found.widest_mm, found.nominal_mm) == (widest_mm, 300.0)


@pytest.mark.parametrize(
    ("facts", "reach_m"),
    [({"burial": "chamber_link"}, 6.0), ({"edge": "chamber_edge"}, 6.0), ({"edge": "bend"}, None)],
)
def test_edges_and_links_inside_tell_how_far_a_well_reaches(facts, reach_m):
    assert a_well(**facts).reach_m == reach_m
