"""GML 3.2 geometry elements as shapely geometries: points, lines, curves of straight segments, polygons."""

import re
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from xzgis.formats.safe_xml import XLINK_HREF, local

_STRAIGHT = frozenset({"LineString", "LineStringSegment", "GeodesicString"})
_MEMBERS = frozenset({"curveMember", "curveMembers", "lineStringMember"})
_PATCHES = frozenset({"Polygon", "PolygonPatch"})
_OUTER, _INNER = frozenset({"exterior", "outerBoundaryIs"}), frozenset({"interior", "innerBoundaryIs"})
_BESIDE = frozenset({"metaDataProperty", "descriptionReference"})
"""What may point elsewhere and is no part of a geometry."""
_CURVES = frozenset({"Arc", "ArcString", "Circle", "CubicSpline", "BSpline"})


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
    name = local(child)
    _refuse_references(child)
    if name == "Point":
        return shapely.Point(_numbers(child)[0]), crs
    if name in ("LineString", "Curve"):
        return _line(child), crs
    if name in ("Polygon", "Surface"):
        return _polygon(child), crs
    if name in ("MultiCurve", "MultiLineString"):
        return shapely.MultiLineString([_line(one) for one in _members(child)]), crs
    raise WrongGeometry(f"不支持的几何 {name}", f"{name} is not supported")


def _refuse_references(geometry: Any) -> None:
    """A part of a geometry that stands elsewhere is not to be had here, and without it the rest is another geometry."""
    for one in geometry.iter():
        if local(one) not in _BESIDE and XLINK_HREF in one.attrib:
            href = one.get(XLINK_HREF)
            raise WrongGeometry(
                f"其中一部分（{local(one)}）以 xlink:href 引用 {href}，未写在几何内",
                f"a part of it ({local(one)}) is a reference to {href}, and not written there",
            )


def _members(several: Any) -> list[Any]:
    """The lines of several, each of straight pieces; what else is a member is refused, not looked into."""
    members = [one for holder in several if local(holder) in _MEMBERS for one in holder if local(one)]
    for one in members:
        if local(one) not in ("LineString", "Curve"):
            raise WrongGeometry(f"曲线 {local(one)} 暂不支持", f"curve {local(one)} is not supported here")
    if not members:
        raise WrongGeometry("没有任何线", "no line in it")
    return members


def srs_name(name: str | None) -> str | None:
    """``EPSG:n`` of an srsName in any of its spellings; the name itself where it is none of them."""
    if not name:
        return None
    found = re.search(r"EPSG[:/]{1,2}(?:[\d.]*[:/])?(\d+)/?$", name, re.IGNORECASE)
    return f"EPSG:{found.group(1)}" if found else name


def _line(element: Any) -> shapely.LineString:
    parts: list[Any] = []
    for one in element.iter():
        if local(one) in _STRAIGHT:
            parts.append(_numbers(one))
        elif local(one) in _CURVES or _is_segment(one):
            # What is not straight is never bridged by its chord.
            raise WrongGeometry(
                f"曲线段 {local(one)} 暂不支持", f"curve segment {local(one)} is not supported here"
            )
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


def _is_segment(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and local(parent) == "segments" and local(element) != ""


def _polygon(element: Any) -> shapely.Geometry:
    patches = [one for one in element.iter() if local(one) in _PATCHES]
    if element not in patches and len(patches) != 1:
        # The rings of several would be taken for holes of the first.
        raise WrongGeometry(
            f"面由 {len(patches)} 片组成，暂不支持", f"a surface of {len(patches)} patches is not supported"
        )
    outer: list[Any] = []
    inner: list[Any] = []
    for one in patches[0]:
        if local(one) in _OUTER | _INNER:
            (outer if local(one) in _OUTER else inner).extend(_ring(ring) for ring in one if local(ring))
    if len(outer) != 1:
        raise WrongGeometry("面没有边界", "a polygon without rings")
    try:
        return shapely.Polygon(outer[0], inner)
    except (ValueError, shapely.errors.ShapelyError) as wrong:
        raise WrongGeometry("面的边界不完整", "a ring is not closed or too short") from wrong


def _ring(element: Any) -> Any:
    """The positions of a ring, also of one made of curves of straight pieces, each beginning where the last one ends."""
    if local(element) == "LinearRing":
        return _numbers(element)
    if local(element) != "Ring":
        raise WrongGeometry(f"边界 {local(element)} 暂不支持", f"ring {local(element)} is not supported here")
    parts = [np.array(_line(one).coords) for one in _members(element)]
    if any(not np.array_equal(before[-1], part[0]) for before, part in pairwise(parts)):
        raise WrongGeometry("边界各段首尾不相接", "the curves of a ring do not join")
    return np.vstack([parts[0], *(part[1:] for part in parts[1:])])


def _numbers(element: Any) -> Any:
    """The positions below ``element`` as an ``(n, 2)`` or ``(n, 3)`` array."""
    texts: list[str] = []
    dimension = 0
    for one in element.iter():
        if local(one) in ("posList", "pos", "coordinates"):
            dimension = _declared(one) or dimension
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
    if not dimension and may_have_heights(numbers):
        raise WrongGeometry(
            "坐标可能带高程，而未写明 srsDimension",
            "the positions may have heights, and no srsDimension is declared",
        )
    return numbers.reshape(-1, width)


def _declared(element: Any) -> int:
    """The ``srsDimension`` of positions: their own, else that of the nearest element round them; 0 where none is."""
    own = (element, *element.iterancestors())
    told = next((one.get("srsDimension") for one in own if one.get("srsDimension")), "0")
    if not told.strip().isdecimal():
        raise WrongGeometry(f"srsDimension “{told}”不是数", f"srsDimension {told!r} is no number")
    return int(told)


def may_have_heights(numbers: Any) -> bool:
    """Whether numbers that nothing declares hang together better by three than by two: eastings come after eastings."""
    if len(numbers) % 3:
        return False
    if len(numbers) % 2:
        return True
    by_three, by_two = (np.abs(np.diff(numbers.reshape(-1, width)[:, :2], axis=0)).sum() for width in (3, 2))
    return bool(by_three < by_two)
