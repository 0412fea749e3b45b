"""Layers of features understood by a mapping: one canonical line or point for every delivered feature.

Coordinates are still those of the file here; placing, cleaning and joining follow in :mod:`.feature_geometry`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Layer, Note
from xzgis.networks.rules.codes import OUR_SCHEMES
from xzgis.networks.rules.feature_accuracy import OF_ACCURACY, SOURCE, UNCLEAR
from xzgis.networks.rules.feature_conditions import FIELDS as CONDITIONS
from xzgis.networks.rules.feature_conditions import is_of_words, tell_conditions, tell_named_pressure
from xzgis.networks.rules.feature_constants import tell_constants
from xzgis.networks.rules.feature_counts import COUNTS, tell_counts
from xzgis.networks.rules.feature_fields import ALL_FIELDS, HEIGHT_COLUMN, unit_column
from xzgis.networks.rules.feature_kinds import codes_as_delivered, kinds_of
from xzgis.networks.rules.feature_mapping import FeatureMapping, LayerMapping
from xzgis.networks.rules.feature_numbers import drawn_heights, number_of
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.feature_parts import ORDER_OF_PARTS, put_in_order
from xzgis.networks.rules.feature_texts import attributes_json, objects
from xzgis.networks.rules.feature_units import size_unit_told, tell_two_units
from xzgis.networks.rules.feature_values import field_column
from xzgis.networks.rules.level_words import LEVEL_FIELDS, beside_field, twin_of, word_field, word_of
from xzgis.networks.rules.unfound_columns import has_column, unfound_columns
from xzgis.networks.rules.unread_entities import notes_of
from xzgis.networks.rules.unused_layers import tell_unused, unread_layers
from xzgis.networks.terms import IntakeFinding

ObjectArray = npt.NDArray[np.object_]
_LINE_TYPES = (1, 2, 5)
_POINT_TYPES = (0, 4)
_POINT, _COLLECTION = 0, 7
_OF_DRAWINGS = frozenset({"entity", "handle", "color", "linetype", "closed", "block", "text"})
_MOST_COLUMNS_NAMED = 40


@dataclass(frozen=True)
class Understood:
    """Features in our words, before they are placed.

    Attributes
    ----------
    lines, points
        One row per delivered feature with ``file sheet row kind code attributes`` and the fields the mapping
        fills: texts and tokens None, numbers NaN where unknown. ``crs`` is what the file declares.
    line_geometry, point_geometry
        Shapely geometries in source coordinates beside the rows, None where a feature has none.
    depth_points
        Measured depths at points: ``kind network depth_m reference`` with ``depth_geometry``.
    areas
        Polygons of layers that name an area, in source coordinates.
    """

    lines: pd.DataFrame
    line_geometry: ObjectArray
    points: pd.DataFrame
    point_geometry: ObjectArray
    depth_points: pd.DataFrame
    depth_geometry: ObjectArray
    areas: tuple[shapely.Geometry, ...]
    findings: tuple[IntakeFinding, ...]


def understand(files: Sequence[FeatureFile], mapping: FeatureMapping, catalogue: Catalogue) -> Understood:
    """Every feature of ``files`` in our words. Layers the mapping does not name are not used, and that is said."""
    found: dict[str, list[tuple[pd.DataFrame, ObjectArray]]] = {"lines": [], "points": [], "depth_points": []}
    areas: list[shapely.Geometry] = []
    findings = unfound_columns(files, mapping)
    unread = set(unread_layers(files, mapping))
    for file in files:
        findings += [_as_finding(file, note, mapping) for note in notes_of(file, mapping, catalogue)]
        for layer in file.layers:
            about = mapping.of(file.file, layer.name) or LayerMapping(role="skip")
            part = LayerPart(file, layer, about, catalogue, mapping.schemes or OUR_SCHEMES)
            if about.role == "skip":
                tell_unused(part, holds_lines=(file.file, layer.name) in unread)
            elif about.role == "area":
                areas += [one for one in layer.geometry if one is not None]
            else:
                found[about.role].append(_understand_layer(part))
            findings += part.findings
    lines, points, depths = (_joined(found[role]) for role in ("lines", "points", "depth_points"))
    return Understood(*lines, *points, *depths, tuple(areas), tuple(findings))


def _as_finding(file: FeatureFile, note: Note, mapping: FeatureMapping) -> IntakeFinding:
    # What was not read of a layer that a person calls none of ours keeps nothing out; a guess does not say so.
    is_unused = note.code == "R37" and mapping.is_told_to_skip(file.file, note.layer)
    return IntakeFinding(
        note.code,
        "info" if is_unused else note.level,
        note.words,
        note.remedy,
        file=file.file,
        sheet=note.layer,
        row=note.row,
        field=note.field,
        value=note.value,
    )


def _joined(parts: Sequence[tuple[pd.DataFrame, ObjectArray]]) -> tuple[pd.DataFrame, ObjectArray]:
    if not parts:
        return pd.DataFrame(), np.empty(0, dtype=object)
    frame = pd.concat([frame for frame, _ in parts], ignore_index=True) if len(parts) > 1 else parts[0][0]
    return frame, np.concatenate([geometry for _, geometry in parts])


def _understand_layer(part: LayerPart) -> tuple[pd.DataFrame, ObjectArray]:
    wanted = _LINE_TYPES if part.mapping.role == "lines" else _POINT_TYPES
    part = _only(part, wanted)
    order = None
    if part.mapping.role == "lines":
        part, order = put_in_order(part)
    layer, mapping = part.layer, part.mapping
    count = len(layer.row)
    columns: dict[str, object] = {
        "file": _constant(part.file.file, count),
        "sheet": _constant(layer.name, count),
        "row": layer.row,
        "crs": _constant(layer.crs, count),
        "crs_source": _constant(layer.crs_source, count),
    }
    if order is not None:
        columns[ORDER_OF_PARTS] = order
    kind = kinds_of(part)
    columns["kind"] = objects(kind)
    columns["code"] = objects(codes_as_delivered(part, kind))
    # The kind column stands in ``code`` already.
    told: set[str] = {mapping.kind_column} if mapping.kind_column else set()
    for name, source in mapping.fields.items():
        if name == "code" or source.column == HEIGHT_COLUMN:
            continue
        if not has_column(layer, source.column):
            columns |= {name: _constant(UNCLEAR, count)} if name in OF_ACCURACY else {}
            continue
        if is_of_words(part, name, source) or name in COUNTS:
            continue
        columns[name], is_told = field_column(part, name, kind)
        if is_told:
            told.add(source.column)
    drawn_heights(part, columns)
    told |= tell_conditions(part, columns, kind)
    told |= tell_counts(part, columns)
    tell_two_units(part)
    beside = _heads(part, columns)
    columns["says_size_unit"] = _constant(size_unit_told(mapping.fields, layer.frame.columns), count)
    tell_constants(part, columns, kind)
    tell_named_pressure(part, columns, kind)
    kept = [str(one) for one in layer.frame.columns if one not in told and layer.frame[one].notna().any()]
    columns["attributes"] = objects(attributes_json(layer.frame, kept))
    _tell_kept(part, [one for one in kept if one not in beside])
    return pd.DataFrame(columns, copy=False), layer.geometry


def _heads(part: LayerPart, columns: dict[str, object]) -> set[str]:
    """Adds what the heads of levels and depths say, and the levels of a second head; the columns of the latter."""
    fields = part.mapping.fields
    taken = {source.column for source in fields.values()}
    others = [str(one) for one in part.layer.frame.columns if one not in taken]
    beside: set[str] = set()
    for name in [one for one in LEVEL_FIELDS if one in columns]:
        head = fields[name].column if name in fields else None
        columns[word_field(name)] = _constant(word_of(head), len(part.layer.row))
        twin = twin_of(head, others) if head is not None and name.endswith("level_m") else None
        if twin is None:
            continue
        second = beside_field(name)
        columns[second] = number_of(part, name, fields[name].model_copy(update={"column": twin}))
        columns[word_field(second)] = _constant(word_of(twin), len(part.layer.row))
        beside.add(twin)
    return beside


def _tell_kept(part: LayerPart, kept: list[str]) -> None:
    """Names the columns that nothing is judged by: one of them may be the depth, under a name of its own."""
    used = {name for rule in part.mapping.kind_rules for name in rule.where}
    used |= {unit_column(source.column) for source in part.mapping.fields.values()}
    # Dates and codes are kept in the words they came in, beside what was understood of them.
    fields = part.mapping.fields
    used |= {
        fields[name].column
        for name in fields
        if ALL_FIELDS[name] in ("date", "code") or name in (*CONDITIONS, SOURCE)
    }
    if part.file.format == "DXF":
        used |= _OF_DRAWINGS
    names = [name for name in kept if name not in used]
    if names:
        more = len(names) - _MOST_COLUMNS_NAMED
        in_english = ", ".join(names[:_MOST_COLUMNS_NAMED]) + (f"… (+{more})" if more > 0 else "")
        listed = "、".join(names[:_MOST_COLUMNS_NAMED]) + (f"…（+{more}）" if more > 0 else "")
        part.find(
            "R02",
            "info",
            Words(
                f"未识别的列照原样保留为附加属性，不参与判断：{listed}",
                f"columns kept as they are among the attributes, and not judged by: {in_english}",
            ),
            Words("如其中有需要的字段，请在图层对应中指定", "map them if one of them is a field"),
        )


def _only(part: LayerPart, wanted: tuple[int, ...]) -> LayerPart:
    """The features of the layer that have the wanted geometry, or none at all; what is left out is said."""
    types = shapely.get_type_id(part.layer.geometry)
    empty = shapely.is_missing(part.layer.geometry) | shapely.is_empty(part.layer.geometry)
    fits = np.isin(types, (*wanted, _COLLECTION)) | empty
    notes = _drawn_notes(part, (types == _POINT) & ~fits)
    part.find_rows(
        ~fits & ~notes,
        "G02",
        "error",
        Words("要素的几何类型与此图层的用途不符，不入库", "a feature of another geometry type stays out"),
        Words(
            "其中如有管线，请转为线；确认不需要的，可选择带错行不入库",
            "turn it into a line if it is one; leave rows with errors out if they are not wanted",
        ),
    )
    known_bad = {
        note.row
        for note in part.file.notes
        if note.level == "error" and note.layer in (None, part.layer.name)
    }
    silent = np.isin(part.layer.row, [row for row in known_bad if row is not None])
    part.find_rows(
        empty & ~silent,
        "G01",
        "error",
        Words("要素没有几何，不能入库", "a feature without geometry cannot go in"),
        Words("在来源处补绘或删除", "draw it at the source, or delete it"),
    )
    if fits.all():
        return part
    at = np.flatnonzero(fits)
    layer = part.layer
    kept = Layer(
        layer.name,
        layer.frame.iloc[at].reset_index(drop=True),
        layer.geometry[at],
        layer.row[at],
        layer.crs,
        layer.crs_source,
    )
    return LayerPart(part.file, kept, part.mapping, part.catalogue, part.schemes, part.findings)


def _drawn_notes(part: LayerPart, points: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which of ``points`` among the lines of a layer are notes of a drawing; their number is told.

    Texts, symbols and points of a drawing stand among its lines by custom, and none of them can be a line.
    """
    notes = points & (part.file.format == "DXF")
    if notes.any():
        part.find(
            "G02",
            "info",
            Words(
                f"{int(notes.sum())} 个注记、符号或点未使用：此图层只取线",
                f"{int(notes.sum())} texts, symbols or points were not used: of this layer only lines are",
            ),
            Words(
                "如是管点，请放到单独的图层",
                "put them on a layer of their own if they are points of the lines",
            ),
        )
    return notes


def _constant(value: object, count: int) -> pd.Series:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return pd.Series(np.full(count, float(value)))
    array: ObjectArray = np.empty(count, dtype=object)
    array[:] = value
    return objects(array)
