"""Rows of the rule tables as people read them: kinds, conditions and surfaces by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from web.language import Speaker
from xzgis.catalogue.rules.tables import CODES, LEVELS
from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.changes import Row, Table
from xzgis.catalogue.terms.closed import CLOSED

KINDS = ("kind", "kind_a", "kind_b", "upper", "lower", "rule_kind")
CONDITIONS = ("condition", "condition_a", "condition_b")
FLAGS = ("enabled", "mandatory", "must", "assumed", "otherwise_stricter")
LEVEL = ("level", "level_strict")
RANGES = ("plausible_outer_width_mm", "plausible_cover_m")
SPOKEN = (
    *FLAGS,
    *LEVEL,
    "confidence",
    "clearance_m",
    "nominal_is",
    "flow",
    "attribute",
    "scheme",
    "standard",
    "unit",
    "looser",
    "zone",
    "measured_from",
    "outcome",
)
#: Facts that conditions ask for, and the code list that has their values.
ATTRIBUTES = {
    "pressure_class": "pressure_class",
    "burial": "burial",
    "material": "material",
    "method": "method",
}
#: Columns that are read as one, by the column that they stand in.
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "condition", "pressure_classes", "not_materials"),
    "distance_m": ("distance_m", "measured_from"),
    "kind_a": ("kind_a", "condition_a"),
    "kind_b": ("kind_b", "condition_b"),
    "standard": ("standard", "table", "clause"),
    "minimum": ("minimum", "maximum", "unit"),
    "value": ("value", "unit"),
    "least": ("least", "most"),
    "nominal_mm_from": ("nominal_mm_from", "nominal_mm_to", "nominal_is"),
    "line_mm_from": ("line_mm_from", "line_mm_to"),
    "width_mm_from": ("width_mm_from", "width_mm_to"),
    "depth_mm_from": ("depth_mm_from", "depth_mm_to"),
    "base_mm_from": ("base_mm_from", "base_mm_to"),
    "attribute": (
        "attribute",
        "values",
        "not_values",
        "any_of",
        "all_of",
        "at_least",
        "above",
        "below",
        "at_most",
    ),
}
HEADS = {"minimum": "range", "least": "allowed", "nominal_mm_from": "nominal", "attribute": "asks", "aliases": "aliases",
         "token": "name", "code": "name", "line_mm_from": "line", "width_mm_from": "width", "depth_mm_from": "depth",
         "base_mm_from": "base"}  # fmt: skip
LEAST_TO_MOST = ("least", "line_mm_from", "width_mm_from", "depth_mm_from", "base_mm_from")
BOUNDS = {"at_least": "≥", "above": "＞", "below": "＜", "at_most": "≤"}
UNITS = {"nominal_mm": "mm", "voltage_kv": "kV"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row says under one head of a list, what was shipped there where that is other, and the code beside a name."""

    text: str
    before: str | None = None
    is_changed: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A row with each shown cell in the reader's language, by column."""

    row: Row
    words: dict[str, str]


def told_row(say: Speaker, known: Catalogue, row: Row, table: Table) -> Told:
    """The row as it is read."""
    return Told(row, _words(say, known, row.cells, table))


def _value(say: Speaker, known: Catalogue, listed: str, token: str) -> str:
    """The word for a token of a code list; the ways of laying a line are no code list."""
    return say.maybe("works.method", token) if listed == "method" else say.code(known, listed, token)


def _words(say: Speaker, known: Catalogue, cells: Mapping[str, str], table: Table) -> dict[str, str]:
    listed = ATTRIBUTES.get(cells.get("attribute", ""), "")
    if table.token.startswith(CODES):
        listed = table.token.removeprefix(CODES)
    if table.part == "zones":
        listed = "pressure_class"
    return {name: cell_words(say, known, name, text, listed) for name, text in cells.items()}


def cell_words(say: Speaker, known: Catalogue, name: str, text: str, listed: str = "") -> str:
    """A cell as it is read; what has no other word stays as it stands in the file.

    ``listed``: the code list that the values of a condition or a group of codes are of.
    """
    said = ""
    tokens = [one for one in text.split(";") if one]
    between = "、" if say.language == "zh" else ", "
    if name in KINDS:
        said = _kind(say, known, text)
    elif name == "kinds":
        said = between.join(_kind(say, known, one) or one for one in tokens)
    elif name in (*CONDITIONS, "any_of", "all_of"):
        between = "；" if name in CONDITIONS else between
        said = between.join(
            say.of(known.conditions[one]) if one in known.conditions else one for one in tokens
        )
    elif name in ("surface", "material", "burial", "depth_reference", "appurtenance") and text:
        said = say.code(known, name, text)
    elif name == "not_materials":
        said = between.join(say.code(known, "material", one) for one in tokens)
    elif name in ("values", "not_values", "unknown_values", "one_of", "pressure_classes") and listed:
        said = between.join(_value(say, known, listed, one) for one in tokens)
    elif name == "aliases":
        said = between.join(tokens)
    elif name in RANGES:
        said = "–".join(tokens)
    elif name in SPOKEN:
        word = f"rules.value.{text.removeprefix('=')}"
        said = say(word) if say.has(word) else ""
    return said or text


def heads_of(say: Speaker, table: Table, rows: Sequence[Told]) -> list[str]:
    """The columns of a list of rows, by the first of those read together.

    Left out: names in another language, the source where the standard stands, and what no row says.
    """
    taken = {
        name for first, names in TOGETHER.items() if first in table.shown for name in names if name != first
    }
    if say.language in table.shown and table.key[0] in ("token", "code"):
        taken |= {"zh", "en", "token", "code"} - {table.shown[0]}
    other = "en" if say.language == "zh" else "zh"
    taken |= {other, f"effect_{other}"}
    if "standard" in table.shown:
        taken.add("source")
    every = [cells for one in rows for cells in (one.row.cells, one.row.shipped or {})]
    return [
        name
        for name in table.shown
        if name not in taken
        and any(cells.get(part) for cells in every for part in TOGETHER.get(name, (name,)))
    ]


def head_words(say: Speaker, heads: Sequence[str]) -> list[str]:
    """The words of :func:`heads_of`, those of columns that are read together by what they say."""
    return [
        say(f"rules.head.{HEADS[name]}") if name in HEADS else say.maybe("rules.col", name) for name in heads
    ]


def cells_under(say: Speaker, known: Catalogue, table: Table, told: Told, heads: Sequence[str]) -> list[Cell]:
    """What a row says under each of ``heads``."""
    shipped = told.row.shipped if told.row.applied is not None else None
    before = None if shipped is None else _words(say, known, shipped, table)
    changed = set(told.row.changed) if told.row.applied is not None else set()
    found = []
    for head in heads:
        names = TOGETHER.get(head, (head,))
        code = ""
        if head == table.shown[0] and head in ("token", "code") and say.language in told.words:
            known_as = (told.words.get(name, "") for name in ("code", "token"))
            code = " · ".join(dict.fromkeys(one for one in known_as if one))
            names = (say.language,)
        is_changed = bool(changed & set(names))
        was = None if before is None or not is_changed else _under(say, names, before)
        found.append(Cell(_under(say, names, told.words), was, is_changed, code))
    return found


def _under(say: Speaker, names: Sequence[str], words: Mapping[str, str]) -> str:
    """The words of columns that are read together, as one phrase."""
    first, *others = (words.get(name, "") for name in names)
    if names[0] == "standard":
        table, clause = others if len(others) > 1 else ("", others[0] if others else "")
        told = say("rules.in_table", table=table) if table else ""
        also = say("rules.in_clause", clause=clause) if clause and clause != table else ""
        return " ".join(part for part in (first, told, also) if part)
    if names[0] == "value":
        return " ".join(part for part in (first, *others) if part)
    if names[0] in LEAST_TO_MOST:
        return f"{first}–{others[0]}"
    if names[0] in ("minimum", "nominal_mm_from"):
        high, what = others
        told = f"{first or '…'}–{high or '…'}" if first or high else ""
        return (
            told + say.beside(what) if told and what and names[0] != "minimum" else f"{told} {what}".strip()
        )
    if names[0] == "attribute":
        return condition_sentence(say, words)
    return first + say.beside(*(one for one in others if one)) if any(others) else first


def condition_sentence(say: Speaker, words: Mapping[str, str]) -> str:
    """What a condition asks of a line, as one sentence from the words of its cells."""
    asked = words.get("attribute", "")
    unit = next((unit for name, unit in UNITS.items() if asked == say(f"rules.value.{name}")), "")
    parts = [
        f"{asked} {sign} {words[name]} {unit}".strip() for name, sign in BOUNDS.items() if words.get(name)
    ]
    parts += [
        say(f"rules.asks.{name}", asked=asked, listed=words[name])
        for name in ("values", "not_values", "any_of", "all_of")
        if words.get(name)
    ]
    return say("rules.asks.and").join(parts) or say("rules.asks.nothing")


def _kind(say: Speaker, known: Catalogue, token: str) -> str:
    named = known.rule_kinds.get(token) or known.kinds.get(token)
    if named is not None:
        return say.of(named)
    return say("rules.value.any") if token == "any" else ""  # noqa: S105 - a kind, no secret


def choices_of(say: Speaker, known: Catalogue, table: Table, name: str) -> list[tuple[str, str]]:
    """What a column can hold, for a list to choose from; empty: it is written."""
    listed = table.token.removeprefix(CODES)
    tokens: Sequence[str] = ()
    if name in FLAGS and name in table.model.model_fields:
        tokens = ("yes", "no")
    elif name == "confidence":
        tokens = ("memory", "verified")
    elif name in LEVEL:
        tokens = tuple(reversed(LEVELS))
    if tokens:
        return [(one, say(f"rules.value.{one}")) for one in tokens]
    if name in ("kind", "kind_a", "kind_b", "upper", "lower"):
        named = {**known.kinds, **known.rule_kinds}
        return sorted(((token, say.of(one)) for token, one in named.items()), key=lambda pair: pair[1])
    if name == "token" and listed in CLOSED:
        return [(one, f"{say.code(known, listed, one)} · {one}") for one in sorted(CLOSED[listed])]
    if name == "surface" and table.part == "cover":
        return list({value.token: say.of(value) for value in known.codes.get("surface", ())}.items())
    return []
