"""GML 3.2 geometry elements as shapely geometries: points, lines, curves of straight segments, polygons."""

import re
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from xzgis.formats.safe_xml import local

_STRAIGHT = frozenset({"LineString", "LineStringSegment", "GeodesicString"})


class WrongGeometry(Exception):
    """A geometry that is no sound GML; carries a sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def geometry_of(holder: Any) -> tuple[shapely.Geometry | None, str | None]:
    """The geometry inside ``holder`` and its CRS as ``EPSG:n``; None where the element is empty.

    The three spellings of a CRS name in use (urn, old urn, plain) come out alike.
    """
    child = next((one for one in holder if isinstance(one.tag, str)), None)
    if child is None:
        return None, None
    crs = srs_name(child.get("srsName"))
    dimension = int(child.get("srsDimension") or 0)
    name = local(child)
    if name == "Point":
        return shapely.Point(_numbers(child, dimension)[0]), crs
    if name in ("LineString", "Curve"):
        return _line(child, dimension), crs
    if name in ("Polygon", "Surface"):
        return _polygon(child, dimension), crs
    if name in ("MultiCurve", "MultiLineString"):
        parts = [one for one in child.iter() if local(one) in ("LineString", "Curve")]
        return shapely.MultiLineString([_line(one, dimension) for one in parts]), crs
    raise WrongGeometry(f"不支持的几何 {name}", f"{name} is not supported")


def srs_name(name: str | None) -> str | None:
    """``EPSG:n`` of an srsName in any of its spellings; the name itself where it is none of them."""
    if not name:
        return None
    found = re.search(r"EPSG[:/]{1,2}(?:[\d.]*[:/])?(\d+)/?$", name, re.IGNORECASE)
    return f"EPSG:{found.group(1)}" if found else name


def _line(element: Any, dimension: int) -> shapely.LineString:
    parts: list[Any] = []
    for one in element.iter():
        if local(one) in _STRAIGHT:
            parts.append(_numbers(one, dimension))
        elif local(one) in ("Arc", "ArcString", "Circle", "CubicSpline", "BSpline"):
            raise WrongGeometry("曲线段暂不支持", f"curve segment {local(one)} is not supported here")
    if not parts:
        raise WrongGeometry("线没有坐标", "a line without positions")
    # Pieces of one curve repeat the vertex they share.
    joined = [
        parts[0],
        *(part[1:] if np.array_equal(part[0], before[-1]) else part for before, part in pairwise(parts)),
    ]
    positions = np.vstack(joined)
    if len(positions) < 2:
        raise WrongGeometry("线少于两个点", "a line of fewer than two positions")
    return shapely.LineString(positions)


def _polygon(element: Any, dimension: int) -> shapely.Geometry:
    rings = [_ring(one, dimension) for one in element.iter() if local(one) == "LinearRing"]
    if not rings:
        raise WrongGeometry("面没有边界", "a polygon without rings")
    try:
        return shapely.Polygon(rings[0], rings[1:])
    except (ValueError, shapely.errors.ShapelyError) as wrong:
        raise WrongGeometry("面的边界不完整", "a ring is not closed or too short") from wrong


def _ring(element: Any, dimension: int) -> Any:
    return _numbers(element, dimension)


def _numbers(element: Any, dimension: int) -> Any:
    """The positions below ``element`` as an ``(n, 2)`` or ``(n, 3)`` array."""
    texts: list[str] = []
    for one in element.iter():
        if local(one) in ("posList", "pos", "coordinates"):
            dimension = int(one.get("srsDimension") or dimension)
            texts.append((one.text or "").replace(",", " "))
            if local(one) == "pos" and not dimension:
                dimension = len(texts[-1].split())
    try:
        numbers = np.array(" ".join(texts).split(), dtype=np.float64)
    except ValueError as wrong:
        raise WrongGeometry("坐标不是数", "a coordinate is not a number") from wrong
    width = dimension or 2
    if width not in (2, 3) or not len(numbers) or len(numbers) % width:
        raise WrongGeometry("坐标个数不对", f"{len(numbers)} numbers cannot be positions of {width}")
    return numbers.reshape(-1, width)
