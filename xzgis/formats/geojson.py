"""GeoJSON, read strictly (RFC 7946): what the standard calls wrong is named with its place, never guessed.

Harmless slips are mended and said: a bounding box that is no box, members that do not belong, the case of a
type, a fourth number in a position, nested collections, the winding of rings. Everything else is an error
of its feature, which keeps its attributes and loses its geometry, or refuses the file.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xzgis.core.errors import Fault, Invalid
from xzgis.core.sound_json import MemberTwice, once
from xzgis.core.words import Words
from xzgis.formats.features import (
    MAX_FEATURES,
    FeatureFile,
    Layer,
    Level,
    Note,
    as_geometries,
    capped,
    rows_from_one,
    sound_geometry,
)
from xzgis.formats.geojson_geometry import TYPES, Builder

_FOREIGN_TO_FEATURE = ("features", "coordinates", "geometries")
_FOREIGN_TO_COLLECTION = ("coordinates", "geometries", "geometry", "properties")
_CRS84 = "EPSG:4326"


def read(path: Path, *, file: str) -> FeatureFile:
    """The features of a GeoJSON text as one layer named after the file.

    Coordinates stay as written. The layer's CRS is the old ``crs`` member where there is one, else WGS 84 by
    the standard, else None where the numbers cannot be degrees. Refuses what is no GeoJSON at all.
    """
    document = _parsed(path, file)
    reader = _Reader(file)
    reader.document(document)
    layer = reader.layer(Path(file).stem, document)
    layer, unsound = sound_geometry(layer)
    return FeatureFile(file, "GeoJSON", (layer,), capped([*reader.notes, *unsound]))


def _parsed(path: Path, file: str) -> Mapping[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise _refused(
            file, f"不是 UTF-8 文本（第 {wrong.start} 字节）", f"it is not UTF-8 (byte {wrong.start})"
        ) from wrong
    try:
        document = json.loads(text, parse_constant=_no_constant, object_pairs_hook=once)
    except RecursionError as deep:
        raise _refused(file, "嵌套过深", "it is nested too deeply") from deep
    except json.JSONDecodeError as wrong:
        raise _refused(
            file,
            f"第 {wrong.lineno} 行第 {wrong.colno} 列不是合法 JSON",
            f"line {wrong.lineno}, column {wrong.colno}: {wrong.msg}",
        ) from wrong
    except _Unsound as wrong:
        raise _refused(file, wrong.words.zh, wrong.words.en) from wrong
    except MemberTwice as wrong:
        raise _refused(
            file, f"同一对象中成员“{wrong.name}”出现两次", f'member "{wrong.name}" comes twice in one object'
        ) from wrong
    except ValueError as wrong:
        # What is left is Python's own limit of the digits of a whole number; its advice is not for people.
        raise _refused(file, "含有位数过多的整数", "it holds a whole number of too many digits") from wrong
    if not isinstance(document, dict):
        raise _refused(file, "最外层不是对象", "its outermost value is not an object")
    return document


class _Unsound(ValueError):
    """What the JSON standard forbids and Python's reader would let pass."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def _no_constant(name: str) -> float:
    raise _Unsound(Words(f"{name} 不是 JSON 的数值", f"{name} is not a number of JSON"))


def _refused(file: str, zh: str, en: str, *, loc: tuple[str | int, ...] = ()) -> Invalid:
    words = Words(
        f"文件 {file} 不是合法的 GeoJSON：{zh}。请在来源软件中重新导出。",
        f"File {file} is not sound GeoJSON: {en}. Export it again from its source program.",
    )
    return Invalid(words, faults=(Fault((file, *loc), Words(zh, en)),))


class _Reader:
    """One pass over a document: collects features, geometries and notes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.notes: list[Note] = []
        self.properties: list[Mapping[str, Any]] = []
        self.builder = Builder(self.note)
        self.row = 0

    def note(self, code: str, level: Level, zh: str, en: str, place: str = "", value: object = None) -> None:
        """Keep a note about the feature now being read."""
        mended = level != "error"
        remedy = (
            Words("已自动处理，建议在来源处改正", "mended here; better corrected at the source")
            if mended
            else Words(
                "请在来源软件中改正该要素后重新导出", "correct the feature in its source and export again"
            )
        )
        shown = None if value is None else json.dumps(value, ensure_ascii=False, default=str)[:80]
        self.notes.append(
            Note(code, level, Words(zh, en), remedy, row=self.row or None, field=place or None, value=shown)
        )

    def document(self, document: Mapping[str, Any]) -> None:
        """Read the outermost object, whatever GeoJSON object it is."""
        kind = self.kind_of(document, "")
        if kind.startswith("Feature"):
            self.check_box(document, "")
        if kind == "FeatureCollection":
            self.foreign(document, _FOREIGN_TO_COLLECTION, "")
            features = document.get("features")
            if not isinstance(features, list):
                raise _refused(
                    self.file, "FeatureCollection 没有 features 数组", 'the "features" member is no array'
                )
            if len(features) > MAX_FEATURES:
                raise _refused(self.file, f"要素超过 {MAX_FEATURES} 个", f"more than {MAX_FEATURES} features")
            for feature in features:
                self.feature(feature)
        elif kind == "Feature":
            self.feature(document, checked=True)
        else:
            self.row = 1
            self.keep({}, document)

    def kind_of(self, value: Mapping[str, Any], place: str) -> str:
        """The type of the outermost object; its case is mended, anything else refused."""
        if "type" not in value:
            raise _refused(self.file, "缺少 type 成员", 'the "type" member is missing', loc=(place,))
        kind = value["type"]
        if not isinstance(kind, str):
            shown = json.dumps(kind, ensure_ascii=False)[:40]
            raise _refused(
                self.file,
                f"type 成员 {shown} 不是文字",
                f'the "type" member {shown} is not a text',
                loc=(place,),
            )
        return self.mended_case(kind, (*TYPES, "GeometryCollection", "Feature", "FeatureCollection"))

    def mended_case(self, kind: str, known: tuple[str, ...]) -> str:
        """``kind`` as the standard writes it; refuses a type that is unknown even without its case."""
        if kind in known:
            return kind
        for right in known:
            if kind.casefold() == right.casefold():
                self.note(
                    "R22",
                    "warning",
                    f"类型 {kind} 应写作 {right}",
                    f"type {kind} should read {right}",
                    "type",
                    kind,
                )
                return right
        raise _refused(self.file, f"未知类型 {kind[:40]}", f"the type {kind[:40]} is unknown")

    def feature(self, feature: object, *, checked: bool = False) -> None:
        """Read one feature; what is wrong with it is noted, and nothing of it is passed over in silence."""
        self.row = len(self.properties) + 1
        if not isinstance(feature, dict):
            self.note("R20", "error", "要素不是对象", "every feature must be an object", value=feature)
            return self.keep({}, None)
        if not checked:
            self.feature_type(feature)
            self.check_box(feature, "")
        self.foreign(feature, _FOREIGN_TO_FEATURE, "")
        properties = self.own_properties(feature)
        if "geometry" not in feature:
            self.note(
                "R20", "error", "要素缺少 geometry 成员", 'the "geometry" member is missing', "geometry"
            )
        return self.keep(properties, feature.get("geometry"))

    def feature_type(self, feature: Mapping[str, Any]) -> None:
        """Check that a member of ``features`` says it is a Feature."""
        kind = feature.get("type")
        if kind == "Feature":
            return
        if isinstance(kind, str) and kind.casefold() == "feature":
            self.note(
                "R22",
                "warning",
                f"类型 {kind} 应写作 Feature",
                f"type {kind} should read Feature",
                "type",
                kind,
            )
        else:
            self.note(
                "R20", "error", "要素的 type 必须是 Feature", "features must have type Feature", "type", kind
            )

    def own_properties(self, feature: Mapping[str, Any]) -> Mapping[str, Any]:
        """The attributes, with the feature's ``id`` beside them as ``@id``."""
        properties = feature.get("properties")
        if properties is not None and not isinstance(properties, dict):
            self.note(
                "R20",
                "error",
                "properties 不是对象",
                '"properties" must be an object',
                "properties",
                properties,
            )
            properties = None
        own = dict(properties or {})
        if "id" in feature:
            if isinstance(feature["id"], str | int | float) and not isinstance(feature["id"], bool):
                own.setdefault("@id", str(feature["id"]))
            else:
                self.note(
                    "R20",
                    "error",
                    "要素 id 必须是文字或数",
                    'the "id" must be a text or a number',
                    "id",
                    feature["id"],
                )
        return own

    def foreign(self, value: Mapping[str, Any], names: tuple[str, ...], place: str) -> None:
        """Note members that would change what the object is; they are not read."""
        for name in names:
            if name in value:
                self.note(
                    "R21",
                    "warning",
                    f"成员 {name} 不属于此对象，已忽略",
                    f'a "{name}" member does not belong here, ignored',
                    place + name,
                )

    def check_box(self, value: Mapping[str, Any], place: str) -> None:
        """Note a bounding box that is none; boxes are never used."""
        box = value.get("bbox")
        if box is None:
            return
        numbers = isinstance(box, list) and all(
            isinstance(one, int | float) and not isinstance(one, bool) for one in box
        )
        if not numbers:
            self.note(
                "R23",
                "warning",
                "bbox 应为数组，已忽略",
                "bbox must be an array of numbers, ignored",
                place + "bbox",
                box,
            )
        elif len(box) not in (4, 6):
            self.note(
                "R23",
                "warning",
                "bbox 应有 4 或 6 个数，已忽略",
                "bbox must hold 4 or 6 numbers, ignored",
                place + "bbox",
                box,
            )

    def keep(self, properties: Mapping[str, Any], geometry: object) -> None:
        """Keep one feature with the geometry that could be built, or None."""
        if isinstance(geometry, dict) and self.row and geometry.get("bbox") is not None:
            self.check_box(geometry, "geometry.")
        self.properties.append(properties)
        self.builder.add(geometry)

    def layer(self, name: str, document: Mapping[str, Any]) -> Layer:
        """All that was read as one layer."""
        self.row = 0
        geometry = as_geometries(self.builder.geometries())
        crs, source = self.crs(document, self.builder.range())
        frame = pd.DataFrame.from_records(
            [dict(one) for one in self.properties], index=range(len(self.properties))
        )
        frame = _plain(frame)
        return Layer(name, frame, geometry, rows_from_one(len(geometry)), crs, source)

    def crs(
        self, document: Mapping[str, Any], extent: tuple[float, float] | None
    ) -> tuple[str | None, str | None]:
        """The declared CRS and where it stands; None where the numbers contradict the standard's WGS 84."""
        if "crs" in document:
            named = _named_crs(document["crs"])
            if named is None:
                self.note(
                    "R28",
                    "warning",
                    "crs 成员无法识别，坐标系需另行确认",
                    "the crs member is not understood; say the CRS",
                    "crs",
                    document["crs"],
                )
                return None, None
            self.note(
                "R28",
                "info",
                f"采用旧式 crs 成员：{named}",
                f"the old crs member is followed: {named}",
                "crs",
            )
            return named, "crs member"
        if extent is not None and (extent[0] > 180.0 or extent[1] > 90.0):
            self.note(
                "R29",
                "warning",
                "坐标值超出经纬度范围且未声明坐标系，需另行确认",
                "numbers beyond degrees and no declared CRS; say the CRS",
                value=[round(one, 1) for one in extent],
            )
            return None, None
        return _CRS84, "standard"


def _named_crs(member: object) -> str | None:
    """``EPSG:n`` of an old-style ``crs`` member, None where it names nothing we know."""
    if not isinstance(member, dict) or member.get("type") != "name":
        return None
    properties = member.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or len(name) > 200:
        return None
    if name.upper().endswith("CRS84"):
        return _CRS84
    parts = name.replace("/", ":").split(":")
    is_epsg = any(part.upper() == "EPSG" for part in parts) and parts[-1].isdigit()
    return f"EPSG:{int(parts[-1])}" if is_epsg else None


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Nested values as JSON text, so that every column is plain."""
    for column in frame.columns:
        if frame[column].dtype == object:
            frame[column] = pd.Series([_flat(value) for value in frame[column]], index=frame.index)
    frame.columns = [str(column)[:200] for column in frame.columns]
    return frame


def _flat(value: object) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return np.nan
    return str(value)
