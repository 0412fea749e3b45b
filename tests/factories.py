"""Makers of records: say only what the test is about."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from shapely import LineString, MultiPolygon, Point, Polygon, box

from xzgis.catalogue.models import Kind
from xzgis.core.actor import Actor
from xzgis.core.db import stored
from xzgis.networks.models import Batch, Coverage, Node, Run

EAST_M = 517_000.0
NORTH_M = 3_793_000.0
NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
KINDS = (
    "drainage_storm", "drainage_foul", "drainage_combined", "water", "reclaimed", "gas", "heat", "power",
    "telecom", "trench", "utility_tunnel", "industrial", "road", "unknown",
)  # fmt: skip


def an_actor(name: str = "tester", via: str = "command") -> Actor:
    """Somebody who acts."""
    return Actor(name=name, via=via)


def a_kind(token: str) -> Kind:
    """A kind as the database knows it."""
    return Kind(token=token, code=token[:2].upper(), zh=token, en=token)


def a_line(
    *, x_m: float = 0.0, y_m: float = 0.0, length_m: float = 100.0, points: Sequence[tuple[float, float]] = ()
) -> LineString:
    """A line in the storage CRS, given relative to the middle of the test city; eastward by default."""
    pairs = points or ((x_m, y_m), (x_m + length_m, y_m))
    return LineString([(EAST_M + east_m, NORTH_M + north_m) for east_m, north_m in pairs])


def a_batch(**facts: Any) -> Batch:
    """A delivery that was accepted."""
    given: dict[str, Any] = {
        "name": "测区一", "state": "accepted", "intake": "cn-survey", "content_digest": "0" * 64,
        "created_by": "tester", "created_at": NOW, "accepted_at": NOW,
    }  # fmt: skip
    return Batch(**(given | facts))


def a_run(kind: str = "water", *, axis: LineString | None = None, **facts: Any) -> Run:
    """A built run with a known section and level, 100 m eastward unless an axis is given."""
    axis = a_line(x_m=facts.pop("x_m", 0.0), y_m=facts.pop("y_m", 0.0)) if axis is None else axis
    count = len(axis.coords)
    given: dict[str, Any] = {
        "kind": kind, "label": "J1-J2", "axis": stored(axis), "owner": "水务集团", "life_state": "built",
        "known_from": NOW, "crown_m": [30.0] * count, "bottom_m": [29.8] * count, "ground_m": [31.0] * count,
        "shape": "circle", "nominal_width_mm": 200.0, "outer_width_mm": 200.0, "outer_height_mm": 200.0,
        "accuracy_class": "visible_point", "sigma_plan_m": 0.05, "sigma_level_m": 0.05,
    }  # fmt: skip
    return Run(**(given | facts))


def a_node(kind: str = "water", *, x_m: float = 0.0, y_m: float = 0.0, **facts: Any) -> Node:
    """A surveyed point."""
    given: dict[str, Any] = {
        "kind": kind, "point_no": "J1", "place": stored(Point(EAST_M + x_m, NORTH_M + y_m)), "ground_m": 31.0,
        "life_state": "built", "known_from": NOW, "accuracy_class": "visible_point", "sigma_plan_m": 0.05,
        "sigma_level_m": 0.05,
    }  # fmt: skip
    return Node(**(given | facts))


def an_area(*, x_m: float = -50.0, y_m: float = -50.0, size_m: float = 300.0) -> Polygon:
    """A square in the storage CRS."""
    return box(EAST_M + x_m, NORTH_M + y_m, EAST_M + x_m + size_m, NORTH_M + y_m + size_m)


def a_coverage(kind: str = "water", *, area: Polygon | None = None, **facts: Any) -> Coverage:
    """A place where somebody looked for a kind."""
    shape = MultiPolygon([an_area() if area is None else area])
    return Coverage(**({"kind": kind, "area": stored(shape), "known_from": NOW, "method": "survey"} | facts))
