"""Edge points that no line ties to a chamber: the same of the register now, in the past, and of a file."""

from dataclasses import replace

import numpy as np
import pytest

from tests.db.conflicts.test_chambers import AWAY_M, asked
from tests.db.conflicts.test_check import DAY
from tests.factories import EAST_M, NORTH_M, a_line, a_node, a_run
from tests.unit.conflicts.test_delivered import a_delivery
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.queries.chambers import chambers_of
from xzgis.conflicts.rules.chambers import chamber_columns
from xzgis.conflicts.rules.delivered_chambers import chambers_delivered
from xzgis.networks.terms import Vertices, empty_lines, empty_points

WELL = ("heat", "manhole", None)
EDGE = ("heat", None, "chamber_edge")
OTHER = ("heat", "valve_chamber", None)
LINK, PIPE = "chamber_link", "channel"
LOOSE = {
    # Points (kind, what stands there, feature, place), lines (kind, burial, ends, more bends between); how far each chamber
    # reaches, in the order of the points.
    "alone": ([(*WELL, (0, 0)), (*EDGE, (3, 0))], [], [3.0]),
    "several": ([(*WELL, (0, 0)), (*EDGE, (3, 0)), (*EDGE, (0, -4))], [], [4.0]),
    "with a pipe that goes away": (
        [(*WELL, (0, 0)), (*EDGE, (3, 0)), ("heat", None, None, (40, 0))], [("heat", PIPE, (1, 2))], [3.0]),
    "of another kind": ([(*WELL, (0, 0)), ("gas", None, "chamber_edge", (3, 0))], [], [None]),
    "of another drain": (
        [("drainage_foul", "manhole", None, (0, 0)), ("drainage_storm", None, "chamber_edge", (3, 0))], [], [3.0]),
    "beyond the widest": ([(*WELL, (0, 0)), (*EDGE, (8.1, 0))], [], [None]),
    "between two": ([(*WELL, (0, 0)), (*EDGE, (3, 0)), (*OTHER, (7, 0))], [], [3.0, 4.0]),
    "tied to the nearer": (
        [(*WELL, (0, 0)), (*EDGE, (3, 0)), (*OTHER, (7, 0))], [("heat", LINK, (1, 0))], [3.0, None]),
    "tied to the farther": (
        [(*WELL, (0, 0)), (*EDGE, (3, 0)), (*OTHER, (7, 0))], [("heat", LINK, (1, 2))], [3.0, 4.0]),
    "tied by a line drawn through": (
        [(*WELL, (0, 0)), (*EDGE, (3, 0)), (*EDGE, (-3, 0)), (*OTHER, (7, 0))], [("heat", PIPE, (1, 2))], [3.0, None]),
    "a link of another kind ties nothing": (
        [(*WELL, (0, 0)), (*EDGE, (3, 0)), (*OTHER, (7, 0))], [("gas", LINK, (1, 0))], [3.0, 4.0]),
    "a link to what is no chamber ties nothing": (
        [(*WELL, (0, 0)), (*EDGE, (3, 0)), ("heat", None, "bend", (4, 0))], [("heat", LINK, (1, 2))], [3.0]),
}  # fmt: skip


@pytest.mark.parametrize(("points", "lines", "reaches_m"), LOOSE.values(), ids=LOOSE)
def test_a_loose_edge_may_be_of_every_chamber_of_its_kind_alike_everywhere(session, points, lines, reaches_m):
    nodes = [
        a_node(kind, x_m=43.0 + x, y_m=AWAY_M + y, appurtenance=what, feature=feature, point_no=f"P{at}")
        for at, (kind, what, feature, (x, y)) in enumerate(points)
    ]
    session.add_all(nodes)
    session.flush()
    for kind, burial, (first, last) in lines:
        ends = tuple((43.0 + points[at][3][0], AWAY_M + points[at][3][1]) for at in (first, last))
        session.add(a_run(kind, axis=a_line(points=ends), burial=burial, from_node_id=nodes[first].object_id,
                          to_node_id=nodes[last].object_id))  # fmt: skip
    session.flush()

    found = [chambers_of(asked(session, as_of=as_of), catalogue()) for as_of in (None, DAY)]
    found.append(chambers_delivered(a_delivered(points, lines), catalogue(), node_id=1))

    expected = [None if reach_m is None else pytest.approx(reach_m) for reach_m in reaches_m]
    told = [[one.reach_m for one in sorted(each, key=lambda one: one.node_id)] for each in found]
    assert told == [expected] * 3


def test_a_loose_edge_changes_the_largest_size_alone_and_makes_nothing_smaller():
    def widths_m(*away_m):
        points = [(*WELL, (0, 0)), *((*EDGE, (each, 0)) for each in away_m)]
        found = chambers_delivered(a_delivered(points, []), catalogue(), node_id=1)
        return chamber_columns(found, catalogue(), origin_m=(EAST_M, NORTH_M)).width_m[0].tolist()

    listed = widths_m()

    assert widths_m(0.5) == listed
    assert widths_m(4.0) == [listed[0], pytest.approx(2 * 2**0.5 * 4.4)]


def a_delivered(points, lines):
    """The points about the origin, in a delivery, and the lines between them."""
    there = np.array([place for *_, place in points], dtype=np.float64) + np.array([EAST_M, NORTH_M])
    told, drawn = empty_points(len(points)), empty_lines(len(lines))
    told["kind"], told["appurtenance"], told["feature"] = map(
        list, zip(*(one[:3] for one in points), strict=True)
    )
    told["east_m"], told["north_m"] = there.T
    ends = [end for _, _, pair in lines for end in pair]
    if lines:
        drawn["kind"], drawn["burial"] = [one[0] for one in lines], [one[1] for one in lines]
        drawn["from_point"], drawn["to_point"] = ends[::2], ends[1::2]
    nothing = np.full(len(ends), np.nan)
    vertices = Vertices(np.arange(0, len(ends) + 1, 2), there[ends].reshape(-1, 2), *[nothing] * 3)
    return replace(a_delivery(), points=told, lines=drawn, vertices=vertices)
