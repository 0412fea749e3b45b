"""From what stands in a file to a work document: its features, and what the person says over them."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import numpy as np
import shapely
from pydantic import ValidationError
from shapely.geometry.base import BaseGeometry

from xzgis.catalogue.terms import CityExtent
from xzgis.core.errors import Invalid
from xzgis.core.sound_json import MemberTwice, loads
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray, Method, Shape
from xzgis.spatial.crs import STORAGE, Extent
from xzgis.spatial.height_systems import not_used, other_heights
from xzgis.spatial.placing import PlaceQuestion, place, placed
from xzgis.works.rules.cells import as_figure, as_text
from xzgis.works.rules.field_words import FIELDS, not_valid
from xzgis.works.rules.height_datum import check_datum
from xzgis.works.rules.list_columns import LevelOf
from xzgis.works.rules.overruled import SIZES, facts_overruled, told_overruled
from xzgis.works.rules.unread_properties import unread_properties
from xzgis.works.rules.unsaid import Unsaid
from xzgis.works.terms import WorkDocument

NUMBERS = ("diameter_mm", "width_mm", "height_mm", "voltage_kv", "cover_m", "sigma_plan_m", "sigma_level_m")
UNUSED_Z = Words(
    "图形中的 Z 值未用：文件没有说明它是外顶、外底还是管内底高程；请说明，或另行给出埋深。",
    "The Z values were not used: the file does not say whether they are crown, bottom or invert. Say so, or give the depth.",
    "--level-of crown | bottom | invert",
)
TEXTS = ("kind", "pressure_class", "burial", "material", "method")


@dataclass(frozen=True)
class WorkOptions:
    """What the person says of the whole work; it stands over what a file says. None: not said.

    ``level_of`` tells what the levels of the file are: crown or bottom of the outer envelope, or invert; None ignores
    the Z of features, and of a list takes what its head says. ``else_kind`` is the kind of a line whose own nobody
    says. ``is_outer``: the sizes said here are those of the outer envelope.
    """

    kind: str | None = None
    diameter_mm: float | None = None
    width_mm: float | None = None
    height_mm: float | None = None
    pressure_class: str | None = None
    voltage_kv: float | None = None
    burial: str | None = None
    material: str | None = None
    method: str | None = None
    cover_m: float | None = None
    crs: str | None = None
    level_of: LevelOf | None = None
    else_kind: str | None = None
    surface: str | None = None
    sigma_plan_m: float | None = None
    sigma_level_m: float | None = None
    is_outer: bool | None = None


@dataclass(frozen=True)
class ReadWork:
    """A work read from a file, and what was decided on the way; ``took_else_kind``: some line says no kind of its own."""

    document: WorkDocument
    notes: tuple[Words, ...] = ()
    took_else_kind: bool = False


@dataclass(frozen=True)
class Shapes:
    """Geometries of the layer ``name`` with their properties; ``crs`` is what the file declares, None: nothing."""

    geometry: Sequence[BaseGeometry | None]
    properties: Sequence[Mapping[str, Any]]
    crs: str | None
    name: str = ""


def parsed(text: str | bytes, *, source: str) -> WorkDocument:
    """A work document from its JSON text; refused with the path of each fault, and where it tells a member twice."""
    try:
        loads(text)
    except MemberTwice as twice:
        raise Invalid(
            Words(
                f"{source} 中同一对象的成员“{twice.name}”出现两次，不能确定以哪个为准：请留一个。",
                f"{source}: the member “{twice.name}” comes twice in one object, and which counts is not known: keep one.",
            )
        ) from twice
    except (ValueError, RecursionError):
        pass  # told below, with its place
    return _validated(text, source)


def _validated(text: str | bytes, source: str) -> WorkDocument:
    try:
        return WorkDocument.model_validate_json(text)
    except ValidationError as error:
        raise not_valid(error, source) from error


def with_options(document: WorkDocument, options: WorkOptions) -> WorkDocument:
    """``document`` with what the person said put over every run."""
    given = options_said(options)
    if options == WorkOptions(else_kind=options.else_kind):
        return document
    told = document.model_dump(mode="json")
    for run in told["runs"]:
        put(run, given)
        if options.cover_m is not None:
            run["depth"] = {"cover_m": options.cover_m}
        elif options.level_of is not None and run["depth"]["profile"]:
            run["depth"]["profile_of"] = options.level_of
    if options.crs is not None:
        told["crs"] = options.crs
    return made_document(told | of_whole(options))


def overruled_by(document: WorkDocument, options: WorkOptions, name: str) -> tuple[Words, ...]:
    """What :func:`with_options` changes of what the document ``name`` says itself."""
    told = document.model_dump(mode="json", exclude_unset=True)
    said = options_said(options)
    fields = [one for run in told["runs"] for one in facts_overruled(run, said, cover_m=options.cover_m)]
    if options.level_of is not None and options.cover_m is None:
        profiles = (run.get("depth", {}) for run in told["runs"])
        fields += [
            "profile_of" for one in profiles if one.get("profile_of", options.level_of) != options.level_of
        ]
    whole = {"crs": options.crs, "surface": options.surface}
    fields += [key for key, value in whole.items() if value is not None and told.get(key, value) != value]
    return told_overruled(name, fields)


def work_of_features(
    layers: Sequence[Shapes], options: WorkOptions, city: CityExtent, *, name: str
) -> ReadWork:
    """Lines as runs and polygons as excavations; each keeps what its own properties say.

    Raises
    ------
    Invalid
        There is neither line nor polygon, the kind is not said, or nobody can tell the CRS.
    """
    draft = _Draft(options, city, name)
    for layer in layers:
        for shape, properties in zip(layer.geometry, layer.properties, strict=True):
            if shape is not None and not shape.is_empty:
                for part in _simple(shape):
                    draft.add(part, properties, layer)
    if not draft.runs and not draft.holes:
        raise Invalid(
            Words(f"{name} 中没有线或面，不能作为工程。", f"{name} holds neither a line nor a polygon.")
        )
    told = {"name": title_of(name), "crs": STORAGE, "runs": draft.runs, "excavations": draft.holes}
    told |= of_whole(options)
    each = ((shape, said) for one in layers for shape, said in zip(one.geometry, one.properties, strict=True))
    notes = (*draft.notes.values(), *told_overruled(name, draft.overruled), *unread_properties(each, name))
    return ReadWork(made_document(told, name), notes, took_else_kind=draft.took_else_kind)


def _simple(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """The points, lines and polygons of a shape, however deep its collections go."""
    parts = shapely.get_parts(shape)
    if len(parts) == 1 and parts[0].geom_type == shape.geom_type:
        yield shape
        return
    for part in parts:
        yield from _simple(part)


class _Draft:
    """A work that grows feature by feature."""

    def __init__(self, options: WorkOptions, city: CityExtent, name: str) -> None:
        self.options, self.city, self.name = options, city, name
        self.took_else_kind = False
        self.runs: list[dict[str, Any]] = []
        self.holes: list[dict[str, Any]] = []
        self.notes: dict[str, Words] = {}
        self.overruled: dict[str, None] = {}

    def add(self, part: BaseGeometry, properties: Mapping[str, Any], layer: Shapes) -> None:
        """One simple geometry as a run or an excavation; points are told of."""
        if part.geom_type not in ("LineString", "Polygon"):
            self.notes["skipped"] = Words(
                "文件中的点未用作工程。", "Points in the file are no part of the work."
            )
            return
        is_line = part.geom_type == "LineString"
        outline = shapely.get_coordinates(part if is_line else shapely.get_exterior_ring(part))
        xy = self._in_storage(outline, layer)
        if is_line:
            self.runs.append(self._run(part, xy, properties, layer))
            return
        depth, bottom = self._figure(properties, "depth_m"), self._figure(properties, "bottom_level_m")
        if bottom is not None:
            self._check_datum(layer)
        self.holes.append({"outline": xy.tolist(), "depth_m": depth, "bottom_level_m": bottom})

    def _run(
        self, line: BaseGeometry, xy: FloatArray, properties: Mapping[str, Any], layer: Shapes
    ) -> dict[str, Any]:
        said = {key: properties[key] for key in TEXTS if as_text(properties.get(key))}
        said |= {key: figure for key in NUMBERS if (figure := self._figure(properties, key)) is not None}
        run: dict[str, Any] = {"axis": xy.tolist(), "section": {}, "depth": {}, "kind": None}
        put(run, said)
        heights = shapely.get_coordinates(line, include_z=True)[:, 2]
        if line.has_z and self.options.level_of is not None:
            self._check_datum(layer)
            check_no_gaps(heights, range(1, len(heights) + 1), "")
            run["depth"] = along_profile(xy, heights, self.options.level_of)
        elif "cover_m" in said:
            run["depth"] = {"cover_m": said["cover_m"]}
        elif line.has_z and heights.any():
            self.notes["z"] = UNUSED_Z
        self.took_else_kind |= self.options.kind is None and run["kind"] is None
        self.overruled |= dict.fromkeys(
            facts_overruled(run, options_said(self.options), cover_m=self.options.cover_m)
        )
        finish(run, self.options, self.name)
        return run

    def _figure(self, properties: Mapping[str, Any], key: str) -> float | None:
        """The figure of a property; one that looks like a figure and is none is refused, not left out."""
        value = properties.get(key)
        found = as_figure(value)
        is_meant = isinstance(value, bool | np.bool_) or (isinstance(value, str) and re.search(r"\d", value))
        if found is None and is_meant:
            raise Invalid(
                Words(
                    f"{self.name} 的属性 {key}（{FIELDS[key].zh}）为“{value}”：不是数字。只填数字 0–9 和小数点，不写单位。",
                    f"{self.name}, property {key} ({FIELDS[key].en}): “{value}” is no number. Write digits 0–9 and a decimal "
                    "point, no unit.",
                )
            )
        return found

    def _check_datum(self, layer: Shapes) -> None:
        check_datum((self.name, layer.name), declared=self.options.crs, attached=layer.crs)

    def _in_storage(self, xy: FloatArray, layer: Shapes) -> FloatArray:
        question = PlaceQuestion(
            first=xy[:, 0], second=xy[:, 1], declared=self.options.crs, attached=layer.crs, axes_known=True,
            words=f"{self.name} {layer.name}",
        )  # fmt: skip
        decision = place(question, extent_of_city(self.city))
        if decision.decided is None:
            raise crs_unsaid(decision.evidence, self.name)
        for words in (*decision.evidence[1:], *decision.warnings):
            self.notes.setdefault(words.zh, words)
        heights = other_heights(self.options.crs, layer.crs)
        if heights is not None:
            # With levels in use the file is refused.
            self.notes["heights"] = not_used(heights)
        return placed(decision, xy[:, 0], xy[:, 1])


def finish(run: dict[str, Any], options: WorkOptions, name: str) -> None:
    """Put the options over ``run`` of the file ``name``; :class:`Unsaid` where nobody says its kind."""
    put(run, options_said(options))
    if options.cover_m is not None:
        run["depth"] = {"cover_m": options.cover_m}
    run["kind"] = run["kind"] or options.else_kind
    if not run["kind"]:
        raise Unsaid(
            Words(
                f"{name} 没有说明新建管线的种类，不能推定：请给出管线类别。",
                f"{name} does not say the kind of the new line, and it is not guessed: give the kind of line.",
                "--kind gas",
            ),
            asked="kind",
        )


def put(run: dict[str, Any], said: Mapping[str, Any]) -> None:
    """Put plain options into the nested run; a size that is said takes the place of every size said before.

    Raises
    ------
    Invalid
        A diameter beside a width or a height.
    """
    sizes = {name: said[name] for name in SIZES if name in said}
    if len(sizes) > 1:  # columns of zeros say nothing
        sizes = {name: size for name, size in sizes.items() if size}
    if "diameter_mm" in sizes and len(sizes) > 1:
        raise Invalid(
            Words(
                "同时给出了直径和宽、高：圆形只给直径，矩形只给宽和高。",
                "There are a diameter and a width or height: a circle has a diameter alone, a rectangle width and height.",
            )
        )
    run.update({key: value for key, value in said.items() if key not in (*SIZES, "cover_m", "is_outer")})
    section = run["section"]
    if not sizes:
        if said.get("is_outer"):
            section["is_outer"] = True
        return
    for name in SIZES if "diameter_mm" in sizes else ("diameter_mm",):
        section.pop(name, None)
    section |= sizes | {"is_outer": bool(said.get("is_outer"))}
    section["shape"] = (Shape.CIRCLE if "diameter_mm" in sizes else Shape.RECTANGLE).value


def of_whole(options: WorkOptions) -> dict[str, Any]:
    """What was said of the whole work, not of its runs."""
    return {} if options.surface is None else {"surface": options.surface}


def options_said(options: WorkOptions) -> dict[str, Any]:
    """The options that were said, as fields of a run."""
    names = (
        "kind", "diameter_mm", "width_mm", "height_mm", "pressure_class", "voltage_kv", "burial", "material",
        "sigma_plan_m", "sigma_level_m", "is_outer",
    )  # fmt: skip
    said = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    if options.method is not None:
        said["method"] = Method(options.method).value
    return said


def extent_of_city(city: CityExtent) -> Extent:
    """The extent of the city as the placing asks for it."""
    return Extent(**{field: getattr(city, field) for field in Extent.__dataclass_fields__})


def crs_unsaid(evidence: Sequence[Words], name: str) -> Unsaid:
    """The refusal of the file ``name`` whose system cannot be told."""
    zh, en = "；".join(words.zh for words in evidence), "; ".join(words.en for words in evidence)
    return Unsaid(
        Words(
            f"不能确定 {name} 的坐标系，请指定。{zh}",
            f"The coordinate system of {name} cannot be told: name it. {en}",
            "--crs EPSG:n",
        ),
        asked="crs",
    )


def check_no_gaps(level: FloatArray, rows: Sequence[int], name: str) -> None:
    """Refuse points without a level between points with one: it would be guessed. Beyond the last level none is.

    ``rows`` are the rows of the file ``name``, or the vertices of a line where it is empty.
    """
    known = np.flatnonzero(~np.isnan(level))
    gaps = [at for at in np.flatnonzero(np.isnan(level)) if len(known) and known[0] < at < known[-1]]
    if not gaps:
        return
    where = "、".join(str(rows[int(at)]) for at in gaps[:5])
    zh, en = (
        (f"{name} 第 {where} 行", f"{name}, row {where.replace('、', ', ')}")
        if name
        else (f"图线第 {where} 个顶点", f"Vertex {where.replace('、', ', ')}")
    )
    raise Invalid(
        Words(
            f"{zh}没有高程，而前后各点有：其间的高程不能推定。请补全高程，或删去这些点，或改给覆土。",
            f"{en}: no level between points that have one, and it is not guessed. Fill it in, leave the point out, or "
            "give a cover instead.",
            "--cover-m",
        )
    )


def along_profile(xy: FloatArray, level: FloatArray, level_of: LevelOf) -> dict[str, Any]:
    """The depth of a run along ``xy`` ``(n, 2)`` from the levels ``(n,)`` of its vertices, NaN where unknown."""
    chain = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    points = [
        {"chainage_m": float(at), "level_m": float(height)}
        for at, height in zip(chain, level, strict=True)
        if not math.isnan(height)
    ]
    return {"profile": points, "profile_of": level_of}


def title_of(name: str) -> str:
    """The name of the work that a file brings."""
    return PurePath(name).stem[:200]


def made_document(told: Mapping[str, Any], source: str = "") -> WorkDocument:
    """The work document that ``told`` makes; refused with the path of each fault."""
    return _validated(json.dumps(told), source or str(told.get("name", "")))
