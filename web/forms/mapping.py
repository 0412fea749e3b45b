"""The form of a mapping: how a batch was understood, shown to be edited, and what was changed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.forms.work import Faults
from web.language import Speaker
from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules.feature_fields import ALL_FIELDS, unit_column
from xzgis.networks.rules.feature_mapping import key_of, own_key
from xzgis.networks.rules.finding_words import survey_fields

ROLES = ("lines", "points", "depth_points", "area", "skip")
KEEP = "="
OUT = "-"
HEIGHT = "@z"
Sent = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """One delivered column: the tables it stands in, its first values, the fields it was taken for.

    ``change`` is what a person said: ``"="`` nothing, ``"-"`` leave it out, else one of our fields.
    """

    name: str
    tables: tuple[str, ...]
    samples: tuple[str, ...]
    fields: tuple[str, ...]
    change: str


def survey_columns(facts: Mapping[str, Any], overrides: Mapping[str, str]) -> list[Column]:
    """Every column of the tables once, in the order of the tables; those not recognised behind the others."""
    found: dict[str, Column] = {}
    for table, samples in facts.get("samples", {}).items():
        fields: dict[str, list[str]] = {}
        for field, column in facts.get("columns", {}).get(table, {}).items():
            fields.setdefault(column, []).append(field)
        for name, values in samples.items():
            before = found.get(name)
            known = (*(before.fields if before else ()), *fields.get(name, ()))
            found[name] = Column(
                name=name,
                tables=(*(before.tables if before else ()), table),
                samples=before.samples if before and before.samples else tuple(values),
                fields=tuple(dict.fromkeys(known)),
                change=(overrides[name] or OUT) if name in overrides else KEEP,
            )
    return sorted(found.values(), key=lambda one: not one.fields)


def sent_overrides(sent: Sent, catalogue: Catalogue, faults: Faults) -> dict[str, str]:
    """Column → field as chosen in the form; columns left as recognised are not named."""
    known = set(survey_fields(catalogue))
    chosen: dict[str, str] = {}
    for name, value in sent.items():
        if not name.startswith("c:") or value == KEEP:
            continue
        if value != OUT and value not in known:
            faults.add("", "intake.unknown_field", value=value)
            continue
        chosen[name[2:]] = "" if value == OUT else value
    return chosen


def sent_kinds(sent: Sent) -> dict[str, str]:
    """Delivered code → kind as chosen in the form."""
    return {name[2:]: value for name, value in sent.items() if name.startswith("k:") and value}


@dataclass(frozen=True)
class LayerColumn:
    """One column of a layer: its first values, the words of the field it fills, and its unit.

    ``unit_column``: the column that tells the unit of each row instead.
    """

    name: str
    samples: tuple[str, ...]
    field: str
    unit: str
    unit_column: str | None = None


@dataclass(frozen=True)
class LayerView:
    """One layer of features as the form shows it."""

    sight: Mapping[str, Any]
    mapping: Mapping[str, Any]
    columns: tuple[LayerColumn, ...]
    values: tuple[tuple[str, str], ...]


def layer_views(facts: Mapping[str, Any], mapping: Mapping[str, Any], say: Speaker) -> list[LayerView]:
    """The layers in the order of their files, with what ``mapping`` makes of them."""
    layers = mapping.get("layers", {})
    return [
        _view(sight, layers.get(key_of(layers, sight["file"], sight["name"]), {}), say)
        for sight in facts.get("layers", ())
    ]


def _view(sight: Mapping[str, Any], layer: Mapping[str, Any], say: Speaker) -> LayerView:
    filled = _filled(layer.get("fields", {}))
    columns = dict(sight["columns"]) | ({HEIGHT: []} if HEIGHT in filled else {})
    kind_values = dict(layer.get("kind_values", {}))
    for value in columns.get(layer.get("kind_column") or "", ()):
        kind_values.setdefault(str(value), "")
    return LayerView(
        sight=sight,
        mapping=layer,
        columns=tuple(_column(name, columns, filled, say) for name in columns),
        values=tuple(kind_values.items()),
    )


def _filled(fields: Mapping[str, Any]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Column → the field that the form shows it as filling; one may fill several, as heights do."""
    return {one["column"]: (field, one) for field, one in fields.items()}


def _column(
    name: str,
    columns: Mapping[str, Sequence[str]],
    filled: Mapping[str, tuple[str, Mapping[str, Any]]],
    say: Speaker,
) -> LayerColumn:
    values = columns[name]
    field, told = filled.get(name, ("", {}))
    by_row = unit_column(name) if unit_column(name) in columns and field else None
    return LayerColumn(name, tuple(values), field_words(say, field), str(told.get("unit") or ""), by_row)


def field_words(say: Speaker, field: str) -> str:
    """What a field is called; empty for none."""
    return say(f"field.{field}") if field and say.has(f"field.{field}") else field


def sent_mapping(
    sent: Sent, facts: Mapping[str, Any], mapping: Mapping[str, Any], faults: Faults
) -> dict[str, Any]:
    """The mapping as edited: ``mapping`` with what was changed in the form."""
    by_words = {field_words(faults.say, field): field for field in ALL_FIELDS} | {
        one: one for one in ALL_FIELDS
    }
    layers = dict(mapping.get("layers", {}))
    names = Counter(sight["name"] for sight in facts.get("layers", ()))
    shared = {name for name, files in names.items() if files > 1}
    for number, sight in enumerate(facts.get("layers", ())):
        key = key_of(layers, sight["file"], sight["name"])
        layer = dict(before := layers.get(key, {}))
        if f"role:{number}" not in sent:
            continue
        layer["role"] = sent[f"role:{number}"]
        layer["kind"] = sent.get(f"kind:{number}") or None
        layer["kind_column"] = sent.get(f"kind_column:{number}") or None
        layer["kind_values"] = {value: kind for value, kind in _under(sent, f"v:{number}:") if kind}
        layer["fields"] = dict(_fields(sent, number, layer.get("fields", {}), by_words, faults))
        if sent.get(f"drop_rules:{number}"):
            layer["kind_rules"] = []
        edited = {name: value for name, value in layer.items() if value not in (None, {}, [])}
        if key == sight["name"] and key in shared and edited != {"role": "lines"} | dict(before):
            # What is said of this file says nothing of the other files that hold a layer of the name.
            key = own_key(sight["file"], key)
        layers[key] = edited
    return dict(mapping) | {"layers": layers}


def _under(sent: Sent, start: str) -> Iterator[tuple[str, str]]:
    return ((name[len(start) :], value) for name, value in sent.items() if name.startswith(start))


def _fields(
    sent: Sent, number: int, before: Mapping[str, Any], by_words: Mapping[str, str], faults: Faults
) -> Iterator[tuple[str, dict[str, Any]]]:
    shown = _filled(before)
    for column, words in _under(sent, f"f:{number}:"):
        if not words.strip():
            continue
        unit = sent.get(f"u:{number}:{column}", "").strip() or None
        old, told = shown.get(column, ("", {}))
        # Two fields may share their words (a voltage as told, a voltage in kV), and one column may fill two.
        if old and words.strip() == field_words(faults.say, old) and (told.get("unit") or None) == unit:
            yield from ((name, dict(one)) for name, one in before.items() if one["column"] == column)
            continue
        field = by_words.get(words.strip())
        if field is None:
            faults.add(f"{number}-{column}", "intake.unknown_field", value=words.strip())
            continue
        yield field, {"column": column} | ({"unit": unit} if unit else {})
