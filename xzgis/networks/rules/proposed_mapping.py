"""Which layer of features is which kind, and which column is which of our fields: proposed, with how sure each is."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import shapely

from xzgis.catalogue.rules.chamber_words import thing_named, words_with_extent
from xzgis.catalogue.terms import Catalogue, IntakeField, IntakeMapping
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Layer
from xzgis.networks.rules.end_heads import end_head
from xzgis.networks.rules.feature_fields import ALL_FIELDS, unit_by_name
from xzgis.networks.rules.feature_mapping import (
    FeatureMapping,
    FieldMapping,
    KindRule,
    LayerMapping,
    Role,
    own_key,
)
from xzgis.networks.rules.kind_words import Beside
from xzgis.networks.rules.layer_kinds import (
    beside_layers,
    is_in_doubt,
    is_word,
    kind_of_layer_name,
    kinds_of_words,
)
from xzgis.networks.rules.mapping import folded_name, without_unit

_MOST_VALUES_OF_A_KIND_COLUMN = 60
_SHARE_THAT_DECIDES = 0.5
_EXACT, _FOLDED, _GENERIC = 1.0, 0.95, 0.75
_LEAST_MM = 10.0
_A_LAYER_COUNTS = 3
_LEAST_OWN_COLUMNS = 2
_POINTS, _LINES, _AREAS = (0, 4), (1, 2, 5), (3, 6)
"""Numbers of shapely for what may be points, lines and areas of a network."""

_MAY_BE_OTHER = Words(
    "图层名所指的管类不唯一，或与文件名、相邻图层不符，请选择",
    "the layer's name may mean another kind, by its words, the file's name or the layers beside it; choose it",
)


def propose_mapping(
    files: Sequence[FeatureFile],
    catalogue: Catalogue,
    *,
    intake: str | None = None,
    code_kinds: Mapping[str, str] | None = None,
) -> FeatureMapping:
    """A mapping for ``files``: by the known intake that fits best (or ``intake``), else by names alone.

    ``code_kinds``: what a person says that values of the column of kinds mean.
    Every field carries how sure it is; a layer of lines whose kind cannot be told has ``kind`` None.
    """
    known = _known_intake(files, catalogue, intake)
    given = code_kinds or {}
    beside = beside_layers(files, catalogue)
    layers = {
        (file.file, layer.name): _propose_layer(layer, known, catalogue, given, beside[file.file])
        for file in files
        for layer in file.layers
    }
    if any(_has_kind(one) for one in layers.values()):
        # In a file whose networks are told by name the other line layers are background: streets, plots. One whose name
        # speaks of pipes is none, whatever it carries.
        layers = {
            of: one
            if _has_kind(one) or one.role != "lines" or is_in_doubt(of[1], catalogue, beside[of[0]])
            else _skipped(one)
            for of, one in layers.items()
        }
    schemes = tuple(one for one in str(known.constants.get("value_schemes", "")).split(";") if one)
    return FeatureMapping(intake=known.token, schemes=schemes, layers=_keyed(layers), is_proposed=True)


def _keyed(layers: Mapping[tuple[str, str], LayerMapping]) -> dict[str, LayerMapping]:
    """By the name of the layer; by its file too where files hold layers of one name that are not understood alike."""
    alike: dict[str, LayerMapping] = {}
    differing: set[str] = set()
    for (_, name), one in layers.items():
        if alike.setdefault(name, one) != one:
            differing.add(name)
    return {own_key(file, name) if name in differing else name: one for (file, name), one in layers.items()}


def _has_kind(layer: LayerMapping) -> bool:
    return bool(layer.kind or layer.kind_column or layer.kind_rules)


def _skipped(layer: LayerMapping) -> LayerMapping:
    return layer.model_copy(
        update={
            "role": "skip",
            "confidence": 0.5,
            "why_zh": "图层名看不出管类，视为背景",
            "why_en": "no kind can be told from it; taken as background",
        }
    )


def _known_intake(files: Sequence[FeatureFile], catalogue: Catalogue, asked: str | None) -> IntakeMapping:
    usable = {token: one for token, one in catalogue.intakes.items() if one.reads in ("features", "imkl")}
    if asked is not None:
        if asked not in usable:
            raise Invalid(
                Words(f"没有名为 {asked} 的要素导入格式。", f"There is no intake of features called {asked}.")
            )
        return usable[asked]
    named = {"IMKL": "imkl", "OSM": "osm"}.get(files[0].format if files else "", "")
    if named in usable:
        return usable[named]
    scores = {token: _score(files, one, usable["features"], catalogue) for token, one in usable.items()}
    best = max(scores, key=lambda name: (scores[name], name == "features"))
    return usable[best] if scores[best] > 0 else usable["features"]


def _score(
    files: Sequence[FeatureFile], intake: IntakeMapping, generic: IntakeMapping, catalogue: Catalogue
) -> int:
    """How much of ``files`` an intake knows by names of its own: layers, and columns nobody else uses.

    Names that merely tell the kind (``water``) prove nothing by themselves, of layers or in columns: anybody
    writes them.
    """
    common = {folded_name(name) for field in generic.line_fields for name in (*field.names, field.field)}
    own = {name for field in intake.line_fields for name in field.names if folded_name(name) not in common}
    score = 0
    for file in files:
        for layer in file.layers:
            is_own = layer.name in intake.layer_kinds and layer.name not in catalogue.kinds
            score += _A_LAYER_COUNTS * is_own
            known = len(own & {str(column) for column in layer.frame.columns})
            score += known if known >= _LEAST_OWN_COLUMNS else 0
    return score


def _propose_layer(
    layer: Layer, intake: IntakeMapping, catalogue: Catalogue, given: Mapping[str, str], beside: Beside
) -> LayerMapping:
    is_named = thing_named(layer.name, words_with_extent(catalogue)) is not None
    role = _role(layer, intake, is_named=is_named)
    generic = catalogue.intakes.get("features", intake)
    listed = "line_fields" if role == "lines" else "point_fields"
    fields = _fields(layer, getattr(intake, listed), known=intake is not generic)
    for field, found in _fields(layer, getattr(generic, listed), known=False).items():
        taken = {one.column for one in fields.values()}
        if field not in fields and found.column not in taken and intake.token == generic.token:
            fields[field] = found
    constants = {name: value for name, value in intake.constants.items() if name in ALL_FIELDS}
    values = {name: dict(meant) for name, meant in intake.values.items() if name in fields}
    told = LayerMapping(role=role, fields=fields, constants=constants, values=values)
    return _with_kind(told, layer, intake, catalogue, given, beside)


def _role(layer: Layer, intake: IntakeMapping, *, is_named: bool) -> Role:
    """``is_named``: its name tells what stands at its points, be there no column that says more."""
    kinds = pd.Series(shapely.get_type_id(layer.geometry))
    points, areas = int(kinds.isin(_POINTS).sum()), int(kinds.isin(_AREAS).sum())
    # However many areas stand beside it, a line may be a pipe.
    if kinds.isin(_LINES).any():
        return "lines"
    if layer.name == "depth_point" or {"depth", "reference"} <= set(layer.frame.columns):
        return "depth_points"
    if points >= areas and points:
        known = (
            is_named
            or layer.name in intake.layer_kinds
            or bool(_fields(layer, intake.point_fields, known=False))
        )
        return "points" if known else "skip"
    return "area" if layer.name == "request_area" else "skip"


def _fields(layer: Layer, wanted: Sequence[IntakeField], *, known: bool) -> dict[str, FieldMapping]:
    columns = {str(column): str(column) for column in layer.frame.columns}
    folded: dict[str, str] = {}
    for own in columns:
        folded.setdefault(folded_name(own), own)
        folded.setdefault(without_unit(folded_name(own)), own)
    for own in columns:
        said = end_head(folded_name(own))
        if said is not None:
            folded.setdefault(said, own)
    found: dict[str, FieldMapping] = {}
    taken: set[str] = set()
    for field in wanted:
        for name in (*field.names, field.field):
            column: str | None = (
                columns.get(name) or folded.get(folded_name(name)) or ("@z" if name == "@z" else None)
            )
            if column is None or column in taken:
                continue
            sure = (_EXACT if column == name else _FOLDED) * (1.0 if known else _GENERIC)
            unit = unit_by_name(field.field, column) or field.unit
            proposed = FieldMapping(column=column, unit=unit, scale=field.scale, confidence=sure)
            target, proposed = _sized(field.field, proposed, layer)
            found.setdefault(target, proposed)
            taken.add(column)
            break
    return found


def _sized(field: str, proposed: FieldMapping, layer: Layer) -> tuple[str, FieldMapping]:
    """A column of plain numbers is a diameter, no section text; one that never reaches 10 is in metres."""
    column = layer.frame.get(proposed.column)
    if column is None or not pd.api.types.is_numeric_dtype(column) or field not in ("section", "diameter_mm"):
        return field, proposed
    largest = float(np.nanmax(column.to_numpy(dtype=np.float64, na_value=np.nan), initial=0.0))
    if 0 < largest < _LEAST_MM and proposed.scale == 1.0 and unit_by_name(field, proposed.column) is None:
        proposed = proposed.model_copy(update={"unit": "m", "confidence": proposed.confidence * _GENERIC})
    return "diameter_mm", proposed


def _with_kind(
    mapping: LayerMapping,
    layer: Layer,
    intake: IntakeMapping,
    catalogue: Catalogue,
    given: Mapping[str, str],
    beside: Beside,
) -> LayerMapping:
    """``mapping`` with the kind of its features, by the surest way that the layer allows."""
    if layer.name in intake.layer_kinds:
        return _told(
            mapping,
            1.0,
            "图层名在导入格式中",
            "the intake names the layer",
            kind=intake.layer_kinds[layer.name],
        )
    rules = tuple(
        KindRule(kind=intake.layer_kinds[name], where=where)
        for name, where in intake.layer_filters.items()
        if name in intake.layer_kinds and set(where) <= set(layer.frame.columns)
    )
    if rules:
        return _told(mapping, 1.0, "按属性值区分管类", "kinds told apart by attributes", kind_rules=rules)
    told = _kind_column(layer, {**intake.layer_kinds, **intake.code_kinds})
    if told:
        return _told(
            mapping,
            0.95,
            f"按 {told[0]} 列区分管类",
            f"kinds told by column {told[0]}",
            kind_column=told[0],
            kind_values={**told[1], **given},
        )
    named = kind_of_layer_name(layer.name, catalogue, beside)
    coded = _coded_kinds(mapping, layer, catalogue, intake.code_schemes, given, beside)
    if coded is None and named is not None:
        coded = _odd_kinds(mapping, layer, catalogue, intake.code_schemes, given, named.kind, beside)
    if coded is not None:
        return coded
    if named is not None:
        return _told(mapping, named.confidence, named.why_zh, named.why_en, kind=named.kind)
    doubt = is_in_doubt(layer.name, catalogue, beside)
    why = _MAY_BE_OTHER if doubt else Words("看不出管类，请选择", "the kind cannot be told; choose it")
    return _told(mapping, 0.0, why.zh, why.en)


def _told(mapping: LayerMapping, confidence: float, zh: str, en: str, **what: object) -> LayerMapping:
    return mapping.model_copy(update={"confidence": confidence, "why_zh": zh, "why_en": en, **what})


def _kind_column(layer: Layer, names: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """The column whose values are names of the intake, and what they mean."""
    for column in layer.frame.columns:
        values = _few_values(layer.frame[column])
        hits = {value: names[value] for value in values if value in names}
        if hits and len(hits) >= _SHARE_THAT_DECIDES * len(values):
            return str(column), hits
    return None


def _few_values(column: pd.Series) -> list[str]:
    """The distinct texts of a column that could name a kind; none for numbers and for long lists."""
    if pd.api.types.is_numeric_dtype(column):
        return []
    values = column.dropna().unique()
    return [str(value) for value in values] if 0 < len(values) <= _MOST_VALUES_OF_A_KIND_COLUMN else []


def _coded_kinds(
    mapping: LayerMapping,
    layer: Layer,
    catalogue: Catalogue,
    schemes: Sequence[str],
    given: Mapping[str, str],
    beside: Beside,
) -> LayerMapping | None:
    """Kinds by the values of the column mapped to ``code``: codes of a standard, Chinese names, our tokens."""
    found = mapping.fields.get("code")
    if found is None:
        return None
    values = _few_values(layer.frame[found.column])
    chosen = kinds_of_words(values, layer.name, catalogue, schemes, given, beside)
    kinds = {value: choice.kind for value, choice in chosen.items() if choice.kind is not None}
    # A column that a person spoke of is the one, however many other words stand in it.
    if not kinds or (len(kinds) < _SHARE_THAT_DECIDES * len(values) and not kinds.keys() & given.keys()):
        return None
    sure = float(np.mean([chosen[value].is_sure for value in kinds]))
    return _told(
        mapping,
        0.6 + 0.35 * sure,
        f"按 {found.column} 列的代码区分管类",
        f"kinds told by the codes of {found.column}",
        kind_column=found.column,
        kind_values=kinds,
    )


def _odd_kinds(
    mapping: LayerMapping,
    layer: Layer,
    catalogue: Catalogue,
    schemes: Sequence[str],
    given: Mapping[str, str],
    named: str,
    beside: Beside,
) -> LayerMapping | None:
    """Kinds of a layer whose name says one and whose column says words nobody knows: those stay unknown."""
    found = mapping.fields.get("code")
    values = [] if found is None else _few_values(layer.frame[found.column])
    chosen = kinds_of_words(values, layer.name, catalogue, schemes, given, beside)
    if found is None or not any(is_word(value) and chosen[value].kind is None for value in values):
        return None
    kinds = {value: one.kind or named for value, one in chosen.items() if one.kind or not is_word(value)}
    zh, en = f"{found.column} 列有不认识的管类", f"{found.column} holds kinds that nobody knows"
    return _told(mapping, 0.3, zh, en, kind=named, kind_column=found.column, kind_values=kinds)
