"""An area that somebody typed, pasted or uploaded as GeoJSON, brought into the storage CRS."""

import json
from collections.abc import Sequence
from typing import Any

from shapely import MultiPolygon, Polygon

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words
from xzgis.spatial.crs import Extent
from xzgis.spatial.typed import read_place

Ring = list[tuple[float, float]]
LEAST_CORNERS = 3
MOST_TEXT = 2_000_000
AREA = Words("范围无法理解。", "The area cannot be understood.")


def area_of_text(text: str, city: Extent) -> MultiPolygon:
    """The area whose corners stand one per line; an empty line begins another polygon.

    Each line is X = north, Y = east as surveyors write it, or any order of which one reading lies in the city;
    degrees and the zone prefix are understood too (:func:`xzgis.spatial.typed.read_place`).

    Raises
    ------
    Invalid
        A line that is no place in the city, or fewer than three corners; each fault names its line.
    """
    rings: list[Ring] = [[]]
    faults: list[Fault] = []
    for number, line in enumerate(text[:MOST_TEXT].splitlines(), 1):
        if not line.strip():
            rings.append([])
            continue
        place = read_place(line, city)
        if place is None:
            faults.append(_no_place(f"第 {number} 行", f"line {number}", line.strip()))
        else:
            rings[-1].append((place.east_m, place.north_m))
    if faults:
        raise Invalid(AREA, faults=tuple(faults))
    return _areas([[ring] for ring in rings if ring])


def area_of_geojson(content: str | bytes, city: Extent) -> MultiPolygon:
    """The polygons of a GeoJSON geometry, feature or collection, in degrees or in metres of the storage CRS."""
    try:
        told = json.loads(content)
    except ValueError as wrong:
        raise Invalid(
            AREA, faults=(Fault(("file",), Words("不是有效的 GeoJSON。", "This is no valid GeoJSON.")),)
        ) from wrong
    polygons = _polygons(told)
    if not polygons:
        none = Words(
            "文件中没有面（Polygon 或 MultiPolygon）。", "The file holds no Polygon or MultiPolygon."
        )
        raise Invalid(AREA, faults=(Fault(("file",), none),))
    return _areas([[_ring(ring, city) for ring in rings] for rings in polygons])


def _polygons(told: Any) -> list[list[Any]]:
    """The rings of every polygon in a GeoJSON object, however deep."""
    if not isinstance(told, dict):
        return []
    kind = told.get("type")
    if kind == "FeatureCollection":
        return [one for feature in _listed(told.get("features")) for one in _polygons(feature)]
    if kind == "Feature":
        return _polygons(told.get("geometry"))
    if kind == "GeometryCollection":
        return [one for part in _listed(told.get("geometries")) for one in _polygons(part)]
    if kind == "Polygon":
        return [_listed(told.get("coordinates"))]
    return [_listed(one) for one in _listed(told.get("coordinates"))] if kind == "MultiPolygon" else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _ring(ring: Any, city: Extent) -> Ring:
    found: Ring = []
    for corner in _listed(ring):
        text = " ".join(str(number) for number in _listed(corner)[:2])
        place = read_place(text, city)
        if place is None:
            raise Invalid(AREA, faults=(_no_place("坐标", "coordinates", text),))
        found.append((place.east_m, place.north_m))
    return found


def _no_place(where_zh: str, where_en: str, text: str) -> Fault:
    return Fault(
        ("area",),
        Words(
            f"{where_zh}“{text[:60]}”不是本市范围内的坐标。",
            f"{where_en.capitalize()} {text[:60]!r} is no place in the city.",
        ),
        remedy=Words(
            "每行一个角点：X（北）Y（东），EPSG:4548；或经纬度。",
            "One corner per line: X (north) Y (east) in EPSG:4548, or degrees.",
        ),
    )


def _areas(polygons: Sequence[Sequence[Ring]]) -> MultiPolygon:
    if not polygons or any(len(ring) < LEAST_CORNERS for rings in polygons for ring in rings):
        few = Words("一个面至少要三个角点。", "A polygon needs at least three corners.")
        raise Invalid(AREA, faults=(Fault(("area",), few),))
    return MultiPolygon([Polygon(rings[0], rings[1:]) for rings in polygons if rings])
