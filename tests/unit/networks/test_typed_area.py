"""An area as people type or paste it."""

import json

import pytest

from tests.factories import EAST_M, NORTH_M
from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.networks.rules.survey import city_extent
from xzgis.networks.rules.typed_area import area_of_geojson, area_of_text

CITY = city_extent(catalogue())
CORNERS = [(EAST_M, NORTH_M), (EAST_M + 100, NORTH_M), (EAST_M + 100, NORTH_M + 50), (EAST_M, NORTH_M + 50)]
TYPED = "\n".join(f"{north} {east}" for east, north in CORNERS)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TYPED, id="X north, Y east"),
        pytest.param("\n".join(f"{east}, {north}" for east, north in CORNERS), id="east, north"),
        pytest.param("\n".join(f"{north} 39{east:.1f}" for east, north in CORNERS), id="zone prefix"),
    ],
)
def test_corners_are_understood_in_any_order_that_lies_in_the_city(text: str) -> None:
    area = area_of_text(text, CITY)

    assert area.area == pytest.approx(5000)
    assert area.bounds[:2] == pytest.approx((EAST_M, NORTH_M))


def test_an_empty_line_begins_another_polygon() -> None:
    far = "\n".join(f"{north + 200} {east}" for east, north in CORNERS)

    assert len(area_of_text(f"{TYPED}\n\n{far}\n", CITY).geoms) == 2


def test_each_line_that_is_no_place_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        area_of_text(f"{TYPED}\n1 2\nabc", CITY)

    assert ["第 5 行" in fault.words.zh or "第 6 行" in fault.words.zh for fault in refused.value.faults] == [
        True,
        True,
    ]


@pytest.mark.parametrize("text", ["", f"{NORTH_M} {EAST_M}", f"{NORTH_M} {EAST_M}\n{NORTH_M} {EAST_M + 1}"])
def test_two_corners_are_no_area(text: str) -> None:
    with pytest.raises(Invalid):
        area_of_text(text, CITY)


@pytest.mark.parametrize("wrapped", ["geometry", "feature", "collection"])
def test_geojson_in_metres_is_taken_with_its_holes(wrapped: str) -> None:
    hole = [(EAST_M + 10, NORTH_M + 10), (EAST_M + 20, NORTH_M + 10), (EAST_M + 20, NORTH_M + 20)]
    told: dict[str, object] = {"type": "Polygon", "coordinates": [[*CORNERS, CORNERS[0]], [*hole, hole[0]]]}
    if wrapped != "geometry":
        told = {"type": "Feature", "properties": {}, "geometry": told}
    if wrapped == "collection":
        told = {"type": "FeatureCollection", "features": [told]}

    assert area_of_geojson(json.dumps(told), CITY).area == pytest.approx(4950)


def test_geojson_in_degrees_lands_in_the_city() -> None:
    ring = [[117.19, 34.27], [117.2, 34.27], [117.2, 34.28], [117.19, 34.27]]

    area = area_of_geojson(json.dumps({"type": "Polygon", "coordinates": [ring]}), CITY)

    # Half of 921 m by 1109 m.
    assert area.area == pytest.approx(510_700, rel=0.01)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"type": "Point", "coordinates": [1, 2]}',
        '{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,0]]]}',
    ],
)
def test_what_is_no_area_of_the_city_is_refused(content: str) -> None:
    with pytest.raises(Invalid):
        area_of_geojson(content, CITY)
