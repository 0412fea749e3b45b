"""Rows of the rule tables as people read them: kinds, conditions and surfaces by their names."""

from dataclasses import dataclass

from web.language import Speaker
from xzgis.catalogue.rules.tables import LEVELS
from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.changes import Row, Table

KINDS = ("kind", "kind_a", "kind_b", "upper", "lower", "rule_kind")
CONDITIONS = ("condition", "condition_a", "condition_b")
FLAGS = ("enabled", "mandatory", "must", "assumed")
LEVEL = ("level", "level_strict")


@dataclass(frozen=True, slots=True)
class Told:
    """A row with each shown cell in the reader's language, by column."""

    row: Row
    words: dict[str, str]


def told_row(say: Speaker, known: Catalogue, row: Row) -> Told:
    """The row as it is read."""
    return Told(row, {name: cell_words(say, known, name, text) for name, text in row.cells.items()})


def cell_words(say: Speaker, known: Catalogue, name: str, text: str) -> str:
    """A cell as it is read; what has no other word stays as it stands in the file."""
    said = ""
    if name in KINDS:
        said = _kind(say, known, text)
    elif name in CONDITIONS:
        tokens = (one for one in text.split(";") if one)
        said = "；".join(say.of(known.conditions[one]) if one in known.conditions else one for one in tokens)
    elif name in ("surface", "material", "burial") and text:
        said = say.code(known, name, text)
    elif name in (*FLAGS, *LEVEL, "confidence", "clearance_m"):
        word = f"rules.value.{text.removeprefix('=')}"
        said = say(word) if say.has(word) else ""
    return said or text


def _kind(say: Speaker, known: Catalogue, token: str) -> str:
    named = known.rule_kinds.get(token) or known.kinds.get(token)
    if named is not None:
        return say.of(named)
    return say("rules.value.any") if token == "any" else ""  # noqa: S105 - a kind, no secret


def choices_of(say: Speaker, known: Catalogue, table: Table, name: str) -> list[tuple[str, str]]:
    """What a column can hold, for a list to choose from; empty: it is written."""
    if name in FLAGS and name in table.model.model_fields:
        return [(one, say(f"rules.value.{one}")) for one in ("yes", "no")]
    if name == "confidence":
        return [(one, say(f"rules.value.{one}")) for one in ("memory", "verified")]
    if name in LEVEL:
        return [(one, say(f"rules.value.{one}")) for one in reversed(LEVELS)]
    if name in ("kind", "kind_a", "kind_b", "upper", "lower"):
        named = {**known.kinds, **known.rule_kinds}
        return sorted(((token, say.of(one)) for token, one in named.items()), key=lambda pair: pair[1])
    if name == "surface" and table.part == "cover":
        values = {value.token: say.of(value) for value in known.codes.get("surface", ())}
        return list(values.items())
    return []
