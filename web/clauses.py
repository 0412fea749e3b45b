"""What a clause says, in own words: the row of the table that was asked, with its source and its confidence."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from web.language import Speaker
from xzgis.catalogue.terms import Catalogue, ClearanceRule, CoverRule, OrderRule
from xzgis.catalogue.terms.changes import Applied
from xzgis.catalogue.terms.zones import ZoneRule
from xzgis.conflicts.reports.labels import UNNUMBERED
from xzgis.conflicts.terms import AskedRule

Row = ClearanceRule | CoverRule | OrderRule | ZoneRule


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule that was asked, ready to be read."""

    title: str
    says: str
    decides: bool
    mandatory: bool
    is_checked: bool
    source: str
    note: str
    number: str
    changed: Applied | None = None


def clauses_of(say: Speaker, known: Catalogue, asked: Iterable[AskedRule]) -> list[Clause]:
    """The rules of a finding, the deciding one first."""
    tables: list[Row] = [*known.horizontal, *known.vertical, *known.cover, *known.order, *known.zones]
    rows = {rule.rule_id: rule for rule in tables}
    changed = {one.key: one for one in known.changes}
    return [
        replace(_clause(say, known, rule, rows.get(rule.rule_id)), changed=changed.get(rule.rule_id))
        for rule in sorted(asked, key=lambda r: not r.decides)
    ]


def _clause(say: Speaker, known: Catalogue, asked: AskedRule, row: Row | None) -> Clause:
    clause = row.clause if row is not None else ""
    parts = [asked.standard or say("works.clause.own")]
    if asked.table:
        is_clause = isinstance(row, OrderRule) or row is None
        numbered = say("works.clause.number" if is_clause else "works.table", table=asked.table)
        # A table that the code gives no number is called what it is, in the reader's language.
        parts.append(say.of(UNNUMBERED[asked.table]) if asked.table in UNNUMBERED else numbered)
    if clause and clause != asked.table:
        parts.append(say("works.clause.number", table=clause))
    return Clause(
        title=" ".join(parts), says=_says(say, known, asked, row), decides=asked.decides, mandatory=asked.mandatory,
        is_checked=asked.confidence == "verified", source=row.source if row is not None else "",
        # A rule of our own says in the reader's language all that its note does.
        note=asked.note if asked.standard else "", number=asked.rule_id,
    )  # fmt: skip


def _says(say: Speaker, known: Catalogue, asked: AskedRule, row: Row | None) -> str:
    if isinstance(row, ClearanceRule):
        return say(
            "works.clause.clearance",
            a=_party(say, known, row.kind_a, row.condition_a), b=_party(say, known, row.kind_b, row.condition_b),
            metres=f"{asked.clearance_m:g}",
        )  # fmt: skip
    if isinstance(row, CoverRule):
        return say(
            "works.clause.cover", a=_party(say, known, row.kind, row.condition),
            surface=say.code(known, "surface", row.surface), metres=f"{asked.clearance_m:g}",
        )  # fmt: skip
    if isinstance(row, ZoneRule):
        return say(
            f"works.clause.{row.zone}", a=_party(say, known, row.kind, ""), metres=f"{row.distance_m:g}",
            start=say(f"rules.value.{row.measured_from}"),
            pressures=say.beside(*(say.code(known, "pressure_class", one) for one in row.pressure_classes)),
            effect=row.effect_en if say.language == "en" else row.effect_zh,
        )  # fmt: skip
    if isinstance(row, OrderRule):
        return say(
            "works.clause.order_must" if row.must else "works.clause.order_should",
            a=_party(say, known, row.upper, ""), b=_party(say, known, row.lower, ""),
        )  # fmt: skip
    return say("works.clause.own_words") if not asked.standard else say("works.clause.not_stacked")


def _party(say: Speaker, known: Catalogue, kind: str, conditions: str) -> str:
    """A side of a rule: the kind and, in brackets, the conditions that must hold."""
    named = known.rule_kinds.get(kind) or known.kinds.get(kind)
    words = kind if named is None else say.of(named)
    told = [
        say.of(known.conditions[token]) if token in known.conditions else token
        for token in (part.strip() for part in conditions.split(";"))
        if token
    ]
    return words + say.beside(*told) if told else words
