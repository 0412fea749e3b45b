"""How deep a chamber reaches by what is told of the lines in it: the same of the register now, in the past, and of a file."""

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

SIZE = {"nominal_height_mm": 400.0, "outer_height_mm": 500.0}
FLOORS = {
    # What is told of the end in the well (levels, depth, size ...): lowest level, told depth, whether it is open.
    "bottom": ({"bottom": 27.5, "crown": 28.0, "depth": 3.0, **SIZE}, (27.5, None, False)),
    "crown without a size": ({"crown": 28.0, "depth": 3.0}, (28.0, 3.0, True)),
    "depth to the crown": ({"depth": 3.0, **SIZE}, (None, 3.5, False)),
    "depth to the invert": ({"depth": 3.0, "reference": "invert", **SIZE}, (None, 3.1, False)),
    "depth to the invert, bore unknown": (
        {"depth": 3.0, "reference": "invert", "outer_height_mm": 500.0}, (None, 3.5, False)),
    "level that restates the depth": ({"depth": 3.0, "level": 28.0, **SIZE}, (None, 3.5, False)),
    "level that contradicts the depth": ({"depth": 1.0, "level": 28.0, **SIZE}, (None, 3.5, True)),
    "level alone that is not believed": ({"level": 28.0, **SIZE}, (None, 3.5, True)),
    "depth that cannot be": ({"depth": 120.0, **SIZE}, (None, None, True)),
    "nothing": (SIZE, (None, None, True)),
    "nothing, disused": ({"life": "disused", **SIZE}, (None, None, False)),
    "nothing, in the air": ({"burial": "overhead", **SIZE}, (None, None, False)),
    "nothing, of another kind": ({"kind": "gas", **SIZE}, (None, None, False)),
}  # fmt: skip


@pytest.mark.parametrize("is_start", [True, False], ids=["from", "to"])
@pytest.mark.parametrize(("told", "floor"), FLOORS.values(), ids=FLOORS)
def test_the_floor_of_a_chamber_is_told_alike_everywhere(session, told, floor, is_start):
    at, far = ("start", "end") if is_start else ("end", "start")
    node = a_node("heat", x_m=43.0, y_m=AWAY_M, appurtenance="manhole", chamber_depth_m=1.0)
    session.add(node)
    session.flush()
    places = [(43.0, AWAY_M), (43.0, 60.0), (43.0, 90.0)]
    line = a_line(points=tuple(places if is_start else places[::-1]))
    facts = facts_of(told, at, far)
    crown_m, bottom_m = ([told.get(name), None, None] for name in ("crown", "bottom"))
    if not is_start:
        crown_m, bottom_m = crown_m[::-1], bottom_m[::-1]
    session.add(a_run(
        told.get("kind", "heat"), axis=line, crown_m=crown_m, bottom_m=bottom_m,
        **facts, **{f"{'from' if is_start else 'to'}_node_id": node.object_id},
    ))  # fmt: skip
    session.flush()

    now, then = (chambers_of(asked(session, as_of=as_of), catalogue())[0] for as_of in (None, DAY))
    of_file = a_delivered_chamber(
        facts | {"kind": told.get("kind", "heat")}, (crown_m, bottom_m), is_start=is_start
    )

    lowest_m, told_m, is_open = floor
    expected = (lowest_m, None if told_m is None else pytest.approx(told_m), is_open)
    assert [(one.lowest_m, one.told_m, one.is_open) for one in (now, then, of_file)] == [expected] * 3


def test_a_chamber_without_lines_has_the_floor_that_is_recorded(session):
    session.add(a_node("heat", x_m=43.0, y_m=AWAY_M, appurtenance="manhole", chamber_depth_m=1.0))
    session.flush()

    found = [chambers_of(asked(session, as_of=as_of), catalogue())[0] for as_of in (None, DAY)]

    assert [(one.told_m, one.is_open) for one in found] == [(None, False)] * 2


def facts_of(told, at, far):
    """Columns of the line; its far end has a depth of its own, which says nothing of this one."""
    return {
        f"{at}_depth_m": told.get("depth"), f"{at}_level_m": told.get("level"), f"{far}_depth_m": 9.0,
        "depth_reference": told.get("reference", "crown"), "life_state": told.get("life", "built"),
        "burial": told.get("burial", "direct_buried"), "nominal_height_mm": told.get("nominal_height_mm"),
        "outer_height_mm": told.get("outer_height_mm"),
    }  # fmt: skip


def a_delivered_chamber(facts, levels_m, *, is_start):
    """The manhole of heat at the origin, in a delivery, and one line from it or to it."""
    lines, points = empty_lines(1), empty_points(1)
    for name, value in facts.items():
        lines[name] = [value]
    lines["from_point"], lines["to_point"] = [0 if is_start else -1], [-1 if is_start else 0]
    points["kind"], points["appurtenance"], points["ground_m"] = ["heat"], ["manhole"], [31.0]
    points["chamber_depth_m"], points["east_m"], points["north_m"] = [1.0], [EAST_M], [NORTH_M]
    xy_m = np.array([(0.0, 0.0), (0.0, 58.0), (0.0, 88.0)]) + np.array([EAST_M, NORTH_M])
    crown_m, bottom_m = (np.array(each, dtype=np.float64) for each in levels_m)
    vertices = Vertices(
        np.array([0, 3]), xy_m if is_start else xy_m[::-1], crown_m, bottom_m, np.full(3, 31.0)
    )
    (found,) = chambers_delivered(
        replace(a_delivery(), points=points, lines=lines, vertices=vertices), catalogue(), node_id=1
    )
    return found
