"""Geometry objects of GeoJSON, checked position by position and built all at once."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import shapely

from xzgis.formats.features import MAX_COLLECTION_DEPTH

TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}

Tell = Callable[[str, str, str, str, str, object], None]


class _Wrong(Exception):
    """A geometry that cannot be built; carries both sentences, the place and the value."""

    def __init__(self, zh: str, en: str, place: str, value: object) -> None:
        super().__init__(en)
        self.zh, self.en, self.place, self.value = zh, en, place, value


class Builder:
    """Collects the geometries of the features in order; ``tell`` hears what is wrong or was mended."""

    def __init__(self, tell: Callable[..., None]) -> None:
        self._tell = tell
        self._built: list[shapely.Geometry | None] = []
        self._largest = [0.0, 0.0]
        self._any = False

    def add(self, geometry: object) -> None:
        """Build the geometry of the next feature, or None with a note that says why not."""
        try:
            self._built.append(None if geometry is None else self._one(geometry, "geometry", 0))
        except _Wrong as wrong:
            self._tell("R20", "error", wrong.zh, wrong.en, wrong.place, wrong.value)
            self._built.append(None)

    def geometries(self) -> list[shapely.Geometry | None]:
        """What was built, one entry per feature."""
        return self._built

    def range(self) -> tuple[float, float] | None:
        """The largest absolute first and second coordinate, None when there is none."""
        return (self._largest[0], self._largest[1]) if self._any else None

    def _one(self, value: object, place: str, depth: int) -> shapely.Geometry:
        if not isinstance(value, dict):
            raise _Wrong("几何不是对象", "the geometry is not an object", place, value)
        if depth > MAX_COLLECTION_DEPTH:
            raise _Wrong("几何集合嵌套过深", "collections are nested too deeply", place, None)
        kind = self._kind(value.get("type"), place)
        self._foreign(value, kind, place)
        if kind == "GeometryCollection":
            return self._collection(value, place, depth)
        if "coordinates" not in value:
            raise _Wrong("缺少 coordinates", 'the "coordinates" member is missing', place, None)
        where = f"{place}.coordinates"
        parts = self._positions(value["coordinates"], _DEPTH[kind], where)
        return self._made(kind, parts, where)

    def _kind(self, kind: object, place: str) -> str:
        if isinstance(kind, str):
            for right in (*TYPES, "GeometryCollection"):
                if kind == right:
                    return right
                if kind.casefold() == right.casefold():
                    self._tell(
                        "R22",
                        "warning",
                        f"类型 {kind} 应写作 {right}",
                        f"type {kind} should read {right}",
                        f"{place}.type",
                        kind,
                    )
                    return right
        raise _Wrong("未知的几何类型", "the geometry type is unknown", f"{place}.type", kind)

    def _foreign(self, value: dict[str, Any], kind: str, place: str) -> None:
        foreign = {"features", "geometry", "properties"} | (
            {"coordinates"} if kind == "GeometryCollection" else {"geometries"}
        )
        for name in sorted(foreign & value.keys()):
            self._tell(
                "R21",
                "warning",
                f"成员 {name} 不属于几何，已忽略",
                f'a "{name}" member does not belong in a geometry, ignored',
                f"{place}.{name}",
                None,
            )

    def _collection(self, value: dict[str, Any], place: str, depth: int) -> shapely.Geometry:
        members = value.get("geometries")
        if not isinstance(members, list):
            raise _Wrong(
                "GeometryCollection 没有 geometries 数组",
                'the "geometries" member is no array',
                place,
                members,
            )
        parts: list[shapely.Geometry] = []
        for number, member in enumerate(members):
            one = self._one(member, f"{place}.geometries[{number}]", depth + 1)
            if isinstance(one, shapely.GeometryCollection):
                self._tell(
                    "G12",
                    "warning",
                    "嵌套的几何集合已展平",
                    "a nested collection was flattened",
                    f"{place}.geometries[{number}]",
                    None,
                )
                parts.extend(one.geoms)
            else:
                parts.append(one)
        return shapely.GeometryCollection(parts)

    def _positions(self, value: object, depth: int, place: str) -> Any:
        """``value`` with every position checked: lists ``depth`` deep around tuples of two or three numbers."""
        if depth == 0:
            return self._position(value, place)
        if not isinstance(value, list):
            raise _Wrong(
                "应为坐标数组，嵌套层数不足",
                "a position array was expected: this must be nested more deeply",
                place,
                value,
            )
        return [self._positions(one, depth - 1, f"{place}[{number}]") for number, one in enumerate(value)]

    def _position(self, value: object, place: str) -> tuple[float, ...]:
        if not isinstance(value, list):
            raise _Wrong("坐标应为数组", "a position must be an array", place, value)
        for one in value:
            if type(one) is not float and type(one) is not int:
                raise _Wrong("坐标分量必须是数", "each element of a position must be a number", place, value)
        if len(value) < 2:
            raise _Wrong("坐标少于两个数", "a position needs two numbers", place, value)
        if len(value) > 3:
            self._tell(
                "R25",
                "warning",
                "坐标多于三个数，多余的已略去",
                "a position has more than three numbers; the rest is dropped",
                place,
                value,
            )
        try:
            found = tuple(float(one) for one in value[:3])
        except OverflowError:
            raise _Wrong("坐标不是有限的数", "a coordinate is not finite", place, None) from None
        if not all(math.isfinite(one) for one in found):
            raise _Wrong("坐标不是有限的数", "a coordinate is not finite", place, str(value)[:60])
        self._any = True
        self._largest[0] = max(self._largest[0], abs(found[0]))
        self._largest[1] = max(self._largest[1], abs(found[1]))
        return found

    def _made(self, kind: str, parts: Any, place: str) -> shapely.Geometry:
        if kind == "Point":
            return shapely.Point(parts)
        if kind == "MultiPoint":
            return shapely.MultiPoint(_flat(parts))
        if kind == "LineString":
            return self._line(parts, place)
        if kind == "MultiLineString":
            return shapely.MultiLineString([self._line(one, f"{place}[{i}]") for i, one in enumerate(parts)])
        if kind == "Polygon":
            return self._polygon(parts, place)
        return shapely.MultiPolygon([self._polygon(one, f"{place}[{i}]") for i, one in enumerate(parts)])

    def _line(self, parts: list[tuple[float, ...]], place: str) -> shapely.LineString:
        if len(parts) < 2:
            raise _Wrong("线少于两个点", "a line needs two or more positions", place, len(parts))
        return shapely.LineString(_flat(parts))

    def _polygon(self, rings: list[list[tuple[float, ...]]], place: str) -> shapely.Polygon:
        if not rings:
            return shapely.Polygon()
        for number, ring in enumerate(rings):
            if len(ring) < 4:
                raise _Wrong(
                    "环少于四个点", "a ring needs four or more positions", f"{place}[{number}]", len(ring)
                )
            if ring[0] != ring[-1]:
                raise _Wrong(
                    "环首尾坐标不同",
                    "the first and last position of a ring must be the same",
                    f"{place}[{number}]",
                    [ring[0], ring[-1]],
                )
        polygon = shapely.Polygon(_flat(rings[0]), [_flat(ring) for ring in rings[1:]])
        if not polygon.exterior.is_ccw or any(hole.is_ccw for hole in polygon.interiors):
            self._tell(
                "G13",
                "info",
                "环的方向不符合右手规则，已改正",
                "ring winding does not follow the right-hand rule; mended",
                place,
                None,
            )
            return shapely.Polygon(shapely.orient_polygons(polygon))
        return polygon


def _flat(parts: Iterable[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Positions of one dimension: heights are dropped where only some positions carry one."""
    found = list(parts)
    width = min((len(one) for one in found), default=2)
    return [one[:width] for one in found]
