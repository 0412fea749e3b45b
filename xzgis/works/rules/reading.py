"""From what stands in a file to a work document: features, or a list of positions."""

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import numpy as np
import shapely
from pydantic import ValidationError
from shapely.geometry.base import BaseGeometry

from xzgis.catalogue.terms import CityExtent
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray, Method, Shape
from xzgis.spatial.crs import STORAGE, Extent
from xzgis.spatial.placing import PlaceQuestion, place, placed
from xzgis.works.rules.field_words import not_valid
from xzgis.works.rules.list_columns import MEANT, LevelOf, as_figure, as_text, columns_of, level_column
from xzgis.works.terms import WorkDocument

NUMBERS = ("diameter_mm", "width_mm", "height_mm", "voltage_kv", "cover_m", "sigma_plan_m", "sigma_level_m")
BASE_IS_INVERT = Words(
    "重力流管的“管底高程”按管内底高程计，外底再低一个管壁；如为外底，请说明。",
    "The base levels of a gravity sewer are taken as its invert; the bottom lies a wall lower. Say so if they are the "
    "bottom.",
    "--level-of bottom",
)
SIZES = ("diameter_mm", "width_mm", "height_mm")
TEXTS = ("kind", "pressure_class", "burial", "material", "method")


@dataclass(frozen=True)
class WorkOptions:
    """What the person says of the whole work; it stands over what a file says. None: not said.

    ``level_of`` tells what the levels of the file are: crown or bottom of the outer envelope, or invert; None ignores
    the Z of features and takes the level column of a list as crown. ``else_kind`` is the kind of a line whose own
    nobody says.
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


@dataclass(frozen=True)
class ReadWork:
    """A work read from a file, and what was decided on the way."""

    document: WorkDocument
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Shapes:
    """Geometries of one layer with their properties; ``crs`` is what the file declares, None: nothing."""

    geometry: Sequence[BaseGeometry | None]
    properties: Sequence[Mapping[str, Any]]
    crs: str | None


def parsed(text: str | bytes, *, source: str) -> WorkDocument:
    """A work document from its JSON text; refused with the path of each fault."""
    try:
        return WorkDocument.model_validate_json(text)
    except ValidationError as error:
        raise not_valid(error, source) from error


def with_options(document: WorkDocument, options: WorkOptions) -> WorkDocument:
    """``document`` with what the person said put over every run."""
    given = _given(options)
    if options == WorkOptions(else_kind=options.else_kind):
        return document
    told = document.model_dump(mode="json")
    for run in told["runs"]:
        _put(run, given)
        if options.cover_m is not None:
            run["depth"] = {"cover_m": options.cover_m}
        elif options.level_of is not None and run["depth"]["profile"]:
            run["depth"]["profile_of"] = options.level_of
    if options.crs is not None:
        told["crs"] = options.crs
    return _document(told | _of_whole(options))


def work_of_features(
    layers: Sequence[Shapes], options: WorkOptions, city: CityExtent, *, name: str
) -> ReadWork:
    """Lines as runs and polygons as excavations; each keeps what its own properties say.

    Raises
    ------
    Invalid
        There is neither line nor polygon, the kind is not said, or nobody can tell the CRS.
    """
    draft = _Draft(options, city)
    for layer in layers:
        for shape, properties in zip(layer.geometry, layer.properties, strict=True):
            if shape is not None and not shape.is_empty:
                for part in _simple(shape):
                    draft.add(part, properties, layer.crs)
    if not draft.runs and not draft.holes:
        raise Invalid(
            Words(f"{name} 中没有线或面，不能作为工程。", f"{name} holds neither a line nor a polygon.")
        )
    told = {"name": _stem(name), "crs": STORAGE, "runs": draft.runs, "excavations": draft.holes}
    told |= _of_whole(options)
    return ReadWork(_document(told, name), tuple(draft.notes.values()))


def work_of_positions(
    rows: Sequence[tuple[int, list[str | None]]],
    options: WorkOptions,
    city: CityExtent,
    *,
    name: str,
    gravity_kinds: Collection[str],
) -> ReadWork:
    """One run from a list of positions: X north, Y east and a level, by header or in that order.

    ``gravity_kinds``: kinds of which a plain 管底高程 is the invert; this is told.
    """
    columns, body = columns_of(rows, name)
    values = np.array(
        [
            [_number(row, cells, column, (name, MEANT[what])) for column, what in columns.items()]
            for row, cells in body
        ]
    )
    if len(values) < 2:
        raise Invalid(Words(f"{name} 中少于两个点。", f"{name} holds fewer than two points."))
    table = dict(zip(columns.values(), values.T, strict=True))
    decision = place(
        PlaceQuestion(first=table["north"], second=table["east"], declared=options.crs),
        Extent(**{field: getattr(city, field) for field in Extent.__dataclass_fields__}),
    )
    if decision.decided is None:
        raise _asked(decision.evidence)
    xy = placed(decision, table["north"], table["east"])
    run: dict[str, Any] = {
        "kind": options.kind or options.else_kind,
        "axis": xy.tolist(),
        "section": {},
        "depth": {},
    }
    notes: tuple[Words, ...] = ()
    is_gravity = run["kind"] in gravity_kinds
    asked = options.cover_m is None
    chosen = level_column(frozenset(table), options.level_of, name, is_gravity=is_gravity) if asked else None
    if chosen is not None:
        column, level_of = chosen
        _check_no_gaps(table[column], [row for row, _ in body], name)
        run["depth"] = _profile(xy, table[column], level_of)
        if (column, options.level_of) == ("base", None) and is_gravity:
            notes = (BASE_IS_INVERT,)
    if "ground" in table:
        run["ground_m"] = [None if math.isnan(value) else value for value in table["ground"]]
    _finish(run, options)
    told = {"name": _stem(name), "crs": STORAGE, "runs": [run]} | _of_whole(options)
    return ReadWork(_document(told, name), (*decision.evidence, *decision.warnings, *notes))


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

    def __init__(self, options: WorkOptions, city: CityExtent) -> None:
        self.options, self.city = options, city
        self.runs: list[dict[str, Any]] = []
        self.holes: list[dict[str, Any]] = []
        self.notes: dict[str, Words] = {}

    def add(self, part: BaseGeometry, properties: Mapping[str, Any], crs: str | None) -> None:
        """One simple geometry as a run or an excavation; points are told of."""
        if part.geom_type not in ("LineString", "Polygon"):
            self.notes["skipped"] = Words(
                "文件中的点未用作工程。", "Points in the file are no part of the work."
            )
            return
        is_line = part.geom_type == "LineString"
        outline = shapely.get_coordinates(part if is_line else shapely.get_exterior_ring(part))
        xy = _in_storage(outline, crs, self.options, self.city, self.notes)
        if is_line:
            self.runs.append(_run(part, xy, properties, self.options, self.notes))
            return
        depth, bottom = as_figure(properties.get("depth_m")), as_figure(properties.get("bottom_level_m"))
        self.holes.append({"outline": xy.tolist(), "depth_m": depth, "bottom_level_m": bottom})


def _run(
    line: BaseGeometry,
    xy: FloatArray,
    properties: Mapping[str, Any],
    options: WorkOptions,
    notes: dict[str, Words],
) -> dict[str, Any]:
    said = {key: properties[key] for key in TEXTS if as_text(properties.get(key))}
    said |= {
        key: as_figure(properties.get(key)) for key in NUMBERS if as_figure(properties.get(key)) is not None
    }
    run: dict[str, Any] = {"axis": xy.tolist(), "section": {}, "depth": {}, "kind": None}
    _put(run, said)
    if line.has_z and options.level_of is not None:
        heights = shapely.get_coordinates(line, include_z=True)[:, 2]
        _check_no_gaps(heights, range(1, len(heights) + 1), "")
        run["depth"] = _profile(xy, heights, options.level_of)
    elif "cover_m" in said:
        run["depth"] = {"cover_m": said["cover_m"]}
    elif line.has_z and shapely.get_coordinates(line, include_z=True)[:, 2].any():
        notes["z"] = Words(
            "图形中的 Z 值未用：文件没有说明它是外顶、外底还是管内底高程；请另行给出埋深。",
            "The Z values were not used: the file does not say whether they are crown, bottom or invert. Give the depth.",
            "--level-of crown | bottom | invert",
        )
    _finish(run, options)
    return run


def _finish(run: dict[str, Any], options: WorkOptions) -> None:
    _put(run, _given(options))
    if options.cover_m is not None:
        run["depth"] = {"cover_m": options.cover_m}
    run["kind"] = run["kind"] or options.else_kind
    if not run["kind"]:
        raise Invalid(
            Words("没有说明新建管线的种类，请给出管线类别。",
                  "The kind of the new line is not said: give the kind of line.", "--kind gas")
        )  # fmt: skip


def _put(run: dict[str, Any], said: Mapping[str, Any]) -> None:
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
    run.update({key: value for key, value in said.items() if key not in SIZES and key != "cover_m"})
    if not sizes:
        return
    section = run["section"]
    for name in SIZES if "diameter_mm" in sizes else ("diameter_mm",):
        section.pop(name, None)
    section |= sizes | {"is_outer": False}
    section["shape"] = (Shape.CIRCLE if "diameter_mm" in sizes else Shape.RECTANGLE).value


def _of_whole(options: WorkOptions) -> dict[str, Any]:
    """What was said of the whole work, not of its runs."""
    return {} if options.surface is None else {"surface": options.surface}


def _given(options: WorkOptions) -> dict[str, Any]:
    """The options that were said, as fields of a run."""
    names = (
        "kind",
        "diameter_mm",
        "width_mm",
        "height_mm",
        "pressure_class",
        "voltage_kv",
        "burial",
        "material",
        "sigma_plan_m",
        "sigma_level_m",
    )
    said = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    if options.method is not None:
        said["method"] = Method(options.method).value
    return said


def _in_storage(
    xy: FloatArray, crs: str | None, options: WorkOptions, city: CityExtent, notes: dict[str, Words]
) -> FloatArray:
    extent = Extent(**{field: getattr(city, field) for field in Extent.__dataclass_fields__})
    question = PlaceQuestion(
        first=xy[:, 0], second=xy[:, 1], declared=options.crs, attached=crs, axes_known=True
    )  # fmt: skip
    decision = place(question, extent)
    if decision.decided is None:
        raise _asked(decision.evidence)
    for words in (*decision.evidence[1:], *decision.warnings):
        notes.setdefault(words.zh, words)
    return placed(decision, xy[:, 0], xy[:, 1])


def _asked(evidence: Sequence[Words]) -> Invalid:
    zh, en = "；".join(words.zh for words in evidence), "; ".join(words.en for words in evidence)
    return Invalid(
        Words(
            f"不能确定坐标系，请指定。{zh}",
            f"The coordinate system cannot be told: name it. {en}",
            "--crs EPSG:n",
        )
    )


def _check_no_gaps(level: FloatArray, rows: Sequence[int], name: str) -> None:
    """Refuse points without a level between points with one: it would be guessed. Beyond the last level none is.

    ``rows`` are the rows of the file ``name``, or the vertices of a line where it is empty.
    """
    known = np.flatnonzero(~np.isnan(level))
    gaps = [at for at in np.flatnonzero(np.isnan(level)) if len(known) and known[0] < at < known[-1]]
    if not gaps:
        return
    where = "、".join(str(rows[int(at)]) for at in gaps[:5])
    zh, en = (
        (f"{name} 第 {where} 行", f"{name}, row {where}")
        if name
        else (f"图线第 {where} 个顶点", f"Vertex {where}")
    )
    raise Invalid(
        Words(
            f"{zh}没有高程，而前后各点有：其间的高程不能推定。请补全高程，或删去这些点，或改给覆土。",
            f"{en}: no level between points that have one, and it is not guessed. Fill it in, leave the point out, or "
            "give a cover instead.",
            "--cover-m",
        )
    )


def _profile(xy: FloatArray, level: FloatArray, level_of: LevelOf) -> dict[str, Any]:
    chain = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    points = [
        {"chainage_m": float(at), "level_m": float(height)}
        for at, height in zip(chain, level, strict=True)
        if not math.isnan(height)
    ]
    return {"profile": points, "profile_of": level_of}


def _number(row: int, cells: Sequence[str | None], column: int, told: tuple[str, Words]) -> float:
    """The figure of one cell; ``told`` is the file and what the column is, for the refusal."""
    text = as_text(cells[column]) if column < len(cells) else None
    if text is None:
        return math.nan
    value = as_figure(text)
    if value is None:
        name, what = told
        raise Invalid(
            Words(
                f"{name} 第 {row} 行第 {column + 1} 列（{what.zh}）：“{text}”不是数字。",
                f"{name}, row {row}, column {column + 1} ({what.en}): “{text}” is no number.",
            )
        )
    return value


def _stem(name: str) -> str:
    """The name of the work that a file brings."""
    return PurePath(name).stem[:200]


def _document(told: Mapping[str, Any], source: str = "") -> WorkDocument:
    return parsed(json.dumps(told), source=source or str(told.get("name", "")))
