"""What a GML document says in ways that GDAL reads wrongly or not at all, without a word.

Parts of a geometry that stand elsewhere (``xlink:href``) are left out of it, a curve to be run backwards runs forwards,
positions with heights that no geometry declares become positions in the plane, elsewhere; and of several geometries of
one feature a single one remains. One pass over the document, of which nothing is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.features import Note
from xzgis.formats.gml_geometry import may_have_heights
from xzgis.formats.safe_xml import XLINK_HREF, watch

_GML = "http://www.opengis.net/gml"
_MEMBERS = frozenset({"featureMember", "featureMembers", "member"})
_NO_GEOMETRY = _MEMBERS | {"FeatureCollection", "boundedBy"}
_GEOMETRIES = frozenset({
    "Point", "LineString", "Curve", "OrientableCurve", "CompositeCurve", "Polygon", "Surface", "CompositeSurface",
    "OrientableSurface", "PolyhedralSurface", "TriangulatedSurface", "Tin", "LinearRing", "Ring", "MultiPoint",
    "MultiLineString", "MultiCurve", "MultiPolygon", "MultiSurface", "MultiGeometry", "Solid", "MultiSolid",
})  # fmt: skip
_PARTS = frozenset({
    "curveMember", "curveMembers", "lineStringMember", "pointMember", "pointMembers", "pointProperty", "pointRep",
    "surfaceMember", "surfaceMembers", "polygonMember", "geometryMember", "geometryMembers", "baseCurve", "baseSurface",
    "exterior", "interior", "outerBoundaryIs", "innerBoundaryIs", "segments", "patches", "solidMember",
})  # fmt: skip
_IN_SPACE = "4979"
"""The one code of a system of degrees with heights: GDAL takes three numbers for a position there."""


@dataclass(slots=True, eq=False)
class _Open:
    """An element that has begun: its name, whether GML's own, and its attributes. Looked into where it matters only."""

    name: str
    is_gml: bool
    said: Mapping[str, str]

    @property
    def own_id(self) -> str:
        return next((self.said[key] for key in self.said if key.rpartition("}")[2] in ("id", "fid")), "")

    @property
    def dimension(self) -> int:
        """The numbers of a position that it declares, 0 where it declares none."""
        told = self.said.get("srsDimension", "").strip()
        return int(told) if told.isdecimal() else 0

    @property
    def is_geometry(self) -> bool:
        return self.is_gml and self.name not in _NO_GEOMETRY


_NOTHING: Mapping[str, str] = {}


def doubts_of(path: Path, *, file: str) -> tuple[Note, ...]:
    """What to tell of the geometries of a document. Refuses one that would be read without a part, or elsewhere."""
    watcher = _Watch(file)
    watch(path, watcher, file=file)
    return watcher.notes()


class _Watch:
    """The target of a parser: sees every element once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[_Open] = []
        self._names: dict[str, tuple[str, bool]] = {}
        self._texts: list[str] | None = None
        self._of_collection = 0
        self._feature: _Open | None = None
        self._geometries = 0
        self._several: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        known = self._names.get(tag)
        if known is None:
            space, _, name = tag.rpartition("}")
            known = self._names[tag] = name, space.startswith("{" + _GML)
        one = _Open(*known, dict(attributes) if attributes else _NOTHING)
        parent = self._open[-1] if self._open else None
        if self._feature is None and parent is not None and parent.name in _MEMBERS:
            self._feature, self._geometries = one, 0
        elif one.is_gml:
            self._judge_start(one, is_inside=parent is not None and parent.is_geometry)
        self._open.append(one)
        if one.is_gml and one.name == "posList":
            self._texts = []

    def data(self, text: str) -> None:
        if self._texts is not None:
            self._texts.append(text)

    def end(self, _tag: str) -> None:
        if self._texts is not None and self._open[-1].name == "posList":
            self._judge_positions("".join(self._texts))
            self._texts = None
        if self._open.pop() is self._feature:
            if self._geometries > 1:
                self._several.append(self._feature.own_id or self._feature.name)
            self._feature = None

    def close(self) -> None:
        """Asked for by the parser."""

    def notes(self) -> tuple[Note, ...]:
        """A warning where features hold several geometries."""
        if not self._several:
            return ()
        count, first = len(self._several), self._several[0]
        words = Words(
            f"{count} 个要素各有多个几何（如 {first}），每个只读了一个",
            f"{count} features hold several geometries each ({first} for one), of which one alone was read",
        )
        remedy = Words(
            "如其中有管线，请在来源软件中拆为各有一个几何的图层后重新导出",
            "if lines are among them, export them as layers of one geometry each",
        )
        return (Note("R37", "warning", words, remedy, value=first),)

    def _judge_start(self, one: _Open, *, is_inside: bool) -> None:
        """Looks at an element of GML; ``is_inside``: of a geometry."""
        if one.name == "Envelope" and self._feature is None and one.dimension:
            self._of_collection = one.dimension
        if one.name in _GEOMETRIES and not is_inside:
            self._geometries += 1
        if one.name in _PARTS and is_inside and XLINK_HREF in one.said:
            raise self._refused(
                f"几何的一部分（{one.name}）以 xlink:href 引用 {one.said[XLINK_HREF]}，未写在要素内",
                f"a part of the geometry ({one.name}) is a reference to {one.said[XLINK_HREF]}, and not written there",
                Words(
                    "请导出为不带引用的 GML 或 GeoPackage",
                    "export it as GML without references, or as GeoPackage",
                ),
            )
        if one.name == "OrientableCurve" and one.said.get("orientation") == "-":
            raise self._refused(
                '曲线方向写为反向（OrientableCurve，orientation="-"），无法按其方向读取',
                'the curve runs backwards (OrientableCurve, orientation "-"), which cannot be followed',
                Words("请按实际方向导出，或导出为 GeoPackage", "export it as it runs, or as GeoPackage"),
            )

    def _judge_positions(self, text: str) -> None:
        """Refuses positions whose dimension GDAL would take otherwise than the numbers hang together."""
        if any(one.is_geometry and one.dimension for one in self._open):
            return
        try:
            numbers = np.array(text.split(), dtype=np.float64)
        except ValueError:
            return
        is_in_space = any(one.said.get("srsName", "").endswith(_IN_SPACE) for one in self._open)
        width = self._of_collection or (3 if is_in_space else 2)
        looks_like_three = may_have_heights(numbers)
        if len(numbers) % width or looks_like_three != (width == 3):
            raise self._refused(
                f"posList 的坐标每点像是 {3 if looks_like_three else 2} 个数，而几何未写明 srsDimension",
                f"the positions look like {3 if looks_like_three else 2} numbers each, and their geometry declares no"
                " srsDimension",
                Words("请在 posList 上写明 srsDimension，或导出为 GeoPackage",
                      "declare srsDimension at each posList, or export it as GeoPackage"),
            )  # fmt: skip

    def _refused(self, zh: str, en: str, remedy: Words) -> Invalid:
        named = next((one for one in reversed(self._open) if one.own_id), None)
        feature = self._feature or named
        where = (feature.own_id or feature.name) if feature is not None else "?"
        return Invalid(
            Words(
                f"文件 {self._file} 无法读取：要素 {where} 的{zh}。{remedy.zh}。",
                f"File {self._file} cannot be read: of feature {where}, {en}. To mend it, {remedy.en}.",
            )
        )
