"""Layers of features understood by a mapping: one canonical line or point for every delivered feature.

Coordinates are still those of the file here; placing, cleaning and joining follow in :mod:`.feature_geometry`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Note
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
from xzgis.networks.rules.feature_shapes import kinds_and_places, of_shape
from xzgis.networks.rules.feature_texts import attributes_json, objects
from xzgis.networks.rules.feature_units import size_unit_told, tell_two_units
from xzgis.networks.rules.feature_values import field_column
from xzgis.networks.rules.level_words import LEVEL_FIELDS, beside_field, twin_of, word_field, word_of
from xzgis.networks.rules.unfound_columns import has_column, unfound_columns
from xzgis.networks.rules.unread_entities import notes_of
from xzgis.networks.rules.unused_layers import only_areas, tell_unused, unread_layers
from xzgis.networks.terms import IntakeFinding

ObjectArray = npt.NDArray[np.object_]
_LINE_TYPES = (1, 2, 5)
_POINT_TYPES = (0, 4)
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
    aside
        Features that stay out for their geometry, a polygon among lines or a layer of channels drawn as areas:
        ``kind file sheet row crs`` with ``aside_geometry``.
    areas
        Polygons of layers that name an area, in source coordinates.
    """

    lines: pd.DataFrame
    line_geometry: ObjectArray
    points: pd.DataFrame
    point_geometry: ObjectArray
    depth_points: pd.DataFrame
    depth_geometry: ObjectArray
    aside: pd.DataFrame
    aside_geometry: ObjectArray
    areas: tuple[shapely.Geometry, ...]
    findings: tuple[IntakeFinding, ...]


def understand(files: Sequence[FeatureFile], mapping: FeatureMapping, catalogue: Catalogue) -> Understood:
    """Every feature of ``files`` in our words. Layers the mapping does not name are not used, and that is said."""
    found: dict[str, list[tuple[pd.DataFrame, ObjectArray]]] = {
        "lines": [], "points": [], "depth_points": [], "aside": [],
    }  # fmt: skip
    areas: list[shapely.Geometry] = []
    findings = unfound_columns(files, mapping)
    unread = set(unread_layers(files, mapping, catalogue))
    for file in files:
        findings += [_as_finding(file, note, mapping) for note in notes_of(file, mapping, catalogue)]
        for layer in file.layers:
            about = mapping.of(file.file, layer.name) or LayerMapping(role="skip")
            part = LayerPart(file, layer, about, catalogue, mapping.schemes or OUR_SCHEMES)
            if about.role == "skip":
                is_unread = (file.file, layer.name) in unread
                tell_unused(part, is_unread=is_unread)
                if is_unread and only_areas(layer):
                    found["aside"].append(kinds_and_places(replace(part, findings=[])))
            elif about.role == "area":
                areas += [one for one in layer.geometry if one is not None]
            else:
                part, others = of_shape(part, _LINE_TYPES if about.role == "lines" else _POINT_TYPES)
                found[about.role].append(_understand_layer(part))
                if len(others.layer.row):
                    found["aside"].append(kinds_and_places(others))
            findings += part.findings
    lines, points, depths, aside = (_joined(told) for told in found.values())
    return Understood(*lines, *points, *depths, *aside, tuple(areas), tuple(findings))


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


def _constant(value: object, count: int) -> pd.Series:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return pd.Series(np.full(count, float(value)))
    array: ObjectArray = np.empty(count, dtype=object)
    array[:] = value
    return objects(array)
