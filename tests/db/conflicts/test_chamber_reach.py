"""How far a chamber reaches by what is drawn in it: the same of the register now, in the past, and of a file."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.db.conflicts.test_chambers import AWAY_M, asked
from tests.db.conflicts.test_check import DAY
from tests.factories import EAST_M, NORTH_M, a_line, a_node, a_run
from tests.unit.conflicts.test_delivered import a_delivery
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.queries.chambers import chambers_of
from xzgis.conflicts.rules.delivered_chambers import chambers_delivered
from xzgis.networks.terms import Vertices, empty_lines, empty_points

THROUGH = {
    # Kind and burial of a line past the well in the middle, features of its ends, its bends along x and off it.
    "link through": (("heat", "chamber_link", None, None), [(-4.0, 0.0), (3.0, 0.0)], 4.0),
    "bent link": (("heat", "chamber_link", None, None), [(0.0, 0.4), (0.0, 6.0), (1.0, 1.0)], 6.0),
    "link too far off": (("heat", "chamber_link", None, None), [(-4.0, 0.51), (4.0, 0.51)], None),
    "link of another kind": (("gas", "chamber_link", None, None), [(-4.0, 0.0), (4.0, 0.0)], None),
    "edge to edge": (("heat", "channel", "chamber_edge", "chamber_edge"), [(-4.0, 0.3), (4.0, 0.3)], math.hypot(4.0, 0.3)),
    "long, edge to edge": (("heat", "channel", "chamber_edge", "chamber_edge"), [(-7.5, 0.0), (7.5, 0.0)], 7.5),
    "edges near, off the middle": (("heat", None, "chamber_edge", "chamber_edge"), [(-0.4, 0.0), (0.6, 0.0)], 0.6),
    "pipe that begins at its edge, and what its far one may be of": (
        ("heat", None, "chamber_edge", "chamber_edge"), [(0.4, 0.0), (7.0, 0.0)], 7.0),
    "pipe through, no edge": (("heat", None, "bend", None), [(-4.0, 0.0), (4.0, 0.0)], None),
    "edge beyond the widest": (("heat", None, "chamber_edge", None), [(-8.1, 0.0), (1.0, 0.0)], None),
}  # fmt: skip


@pytest.mark.parametrize(("told", "bends_m", "reach_m"), THROUGH.values(), ids=THROUGH)
def test_links_and_edge_lines_drawn_through_a_chamber_tell_how_far_it_reaches_alike_everywhere(
    session, told, bends_m, reach_m
):
    kind, burial, *features = told
    node = a_node("heat", x_m=43.0, y_m=AWAY_M, appurtenance="manhole")
    places = [(43.0 + x, AWAY_M + y) for x, y in bends_m]
    ends = [a_node(kind, x_m=x, y_m=y, feature=feature)
            for (x, y), feature in zip((places[0], places[-1]), features, strict=True)]  # fmt: skip
    session.add_all([node, *ends])
    session.flush()
    session.add(a_run(kind, axis=a_line(points=tuple(places)), burial=burial, from_node_id=ends[0].object_id,
                      to_node_id=ends[1].object_id))  # fmt: skip
    session.flush()

    now, then = (chambers_of(asked(session, as_of=as_of), catalogue())[0].reach_m for as_of in (None, DAY))
    of_file = a_delivered_chamber(kind, burial, features, bends_m).reach_m

    expected = None if reach_m is None else pytest.approx(reach_m)
    assert (now, then, of_file) == (expected,) * 3


def a_delivered_chamber(kind, burial, features, bends_m):
    """The manhole of heat at the origin, in a delivery, and one line past it."""
    lines, points = empty_lines(1), empty_points(3)
    lines["kind"], lines["burial"] = [kind], [burial]
    lines["from_point"], lines["to_point"] = [1], [2]
    points["kind"], points["appurtenance"] = ["heat", kind, kind], ["manhole", None, None]
    points["feature"] = [None, *features]
    xy_m = np.array(bends_m) + np.array([EAST_M, NORTH_M])
    points["east_m"], points["north_m"] = np.vstack([[(EAST_M, NORTH_M)], xy_m[[0, -1]]]).T
    nothing = np.full(len(xy_m), np.nan)
    delivery = replace(
        a_delivery(), points=points, lines=lines,
                       vertices=Vertices(np.array([0, len(xy_m)]), xy_m, *[nothing] * 3))  # fmt: skip
    (found,) = chambers_delivered(delivery, catalogue(), node_id=1)
    return found
