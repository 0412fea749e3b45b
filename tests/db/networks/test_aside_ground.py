"""Features that stay out for their geometry leave their ground unknown: a channel drawn as an area among lines."""

import json
from itertools import pairwise
from typing import Any

import pytest
import shapely
from shapely import Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from tests.db.networks.test_batches import bring, codes
from tests.factories import a_coverage, an_actor
from xzgis.core.db import transaction
from xzgis.networks import jobs
from xzgis.networks.actions.coverage import area_of
from xzgis.networks.actions.unknown_ground import unknown_in
from xzgis.networks.models import Coverage

pytestmark = pytest.mark.usefixtures("read_here", "own_engine")

EAST, NORTH = 517_000.0, 3_793_000.0
CITY = box(EAST - 300, NORTH - 300, EAST + 300, NORTH + 300)
CHANNEL = Polygon([(EAST + x, NORTH + y) for x, y in ((60, 3), (80, 3), (80, 8), (60, 8))])
# Its second half turns the other way.
BOW = Polygon([(EAST + x, NORTH + y) for x, y in ((40, 0), (80, 20), (80, 0), (40, 20))])


def a_feature(shape: BaseGeometry, kind: str = "power") -> dict[str, Any]:
    facts = {"burial": "direct_buried", "depth_m": 0.8, "ground_m": 31.0, "accuracy_class": "as_built"}
    return {
        "type": "Feature",
        "properties": {"kind": kind, **facts},
        "geometry": shapely.geometry.mapping(shape),
    }


def a_layer(*features: dict[str, Any]) -> str:
    crs = {"type": "name", "properties": {"name": "EPSG:4548"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": features})


def cables(kind: str = "power") -> list[dict[str, Any]]:
    ends = [(EAST + 40 * at, NORTH + 0.001) for at in range(5)]
    return [a_feature(shapely.LineString(pair), kind) for pair in pairwise(ends)]


def taken_in(*features: dict[str, Any]) -> dict[str, BaseGeometry]:
    """Covered ground by kind, after the rows without errors came in."""
    number = bring({"lines.geojson": a_layer(*features)})
    assert codes(number, "error") == ["G02"]
    jobs.accept_batch(number, leave_out_errors=True)
    with transaction(an_actor()) as session:
        areas = session.scalars(select(Coverage).where(Coverage.batch_id == number)).all()
        return {one.kind: area_of(one) for one in areas}


@pytest.mark.parametrize("shape", [CHANNEL, BOW, Point(EAST + 70, NORTH + 5)], ids=["area", "bow", "point"])
def test_what_stays_out_for_its_geometry_shows_no_ground(shape):
    covered = taken_in(*cables(), a_feature(shape))

    assert not covered["power"].intersects(shape.convex_hull)
    assert not covered["power"].intersects(Point(EAST + 70, NORTH + 5))
    assert covered["power"].covers(Point(EAST + 5, NORTH + 5))


def test_older_coverage_does_not_show_it_either():
    with transaction(an_actor()) as session:
        session.add(a_coverage("power", area=CITY))
    taken_in(*cables(), a_feature(CHANNEL))

    with transaction(an_actor()) as session:
        unknown = unknown_in(session, "power", CITY)
        assert unknown.covers(CHANNEL)
        assert unknown_in(session, "gas", CITY).is_empty


def test_of_an_unknown_kind_it_hides_every_kind():
    covered = taken_in(*cables("gas"), a_feature(CHANNEL, "Kanal?"))

    assert not covered["gas"].intersects(CHANNEL)


@pytest.mark.parametrize(
    ("name", "kind", "level"),
    [
        ("电力管沟.geojson", "power", "warning"),
        ("宗地.geojson", None, "info"),
        ("道路面.geojson", None, "info"),
    ],
)
def test_a_layer_of_areas_of_a_kind_of_lines_is_no_background(name, kind, level):
    area = a_feature(CHANNEL)
    area["properties"] = {"kind": kind} if kind else {"用途": "住宅"}

    number = bring({"lines.geojson": a_layer(*cables()), name: a_layer(area)})

    assert "R33" in codes(number, level)


def covered_beside(name, area):
    number = bring({"lines.geojson": a_layer(*cables()), name: a_layer(area)})
    jobs.accept_batch(number)
    with transaction(an_actor()) as session:
        areas = session.scalars(select(Coverage).where(Coverage.batch_id == number)).all()
        return {one.kind: area_of(one) for one in areas}


@pytest.mark.parametrize(
    ("name", "kind", "is_known"),
    [
        ("电力管沟面.geojson", "power", False),
        ("电力管沟面.geojson", None, False),
        ("电力保护范围.geojson", None, True),
    ],
)
def test_a_layer_of_unread_channels_leaves_its_ground_unknown(name, kind, is_known):
    area = a_feature(CHANNEL)
    area["properties"] = {"kind": kind} if kind else {}

    covered = covered_beside(name, area)

    assert covered["power"].intersects(CHANNEL) is is_known
    assert covered["power"].covers(Point(EAST + 5, NORTH + 5))
