"""Findings as CSV and XLSX: one row each, the three answers on sheets of their own.

The heads of the CSV are tokens that scripts read (decision 0086); those of the workbook, and of a CSV that a person
takes from a page, are words in the language of the reader.
"""

from collections.abc import Iterable
from typing import Any

from xzgis.conflicts.reports.headings import COLUMN_WORDS, NOT_SURVEYED, SHEETS, SUMMARY, SUMMARY_WORDS
from xzgis.conflicts.reports.labels import (
    OUTCOMES,
    VERSIONS,
    contest_words,
    deciding_rule,
    gap_place,
    hole_chainages,
    measure_word,
    part_word,
    way_words,
)
from xzgis.conflicts.reports.mends import mend_words
from xzgis.conflicts.reports.numbering import numbered
from xzgis.conflicts.reports.standing import marks_of, rests_on
from xzgis.conflicts.reports.standing_word import advice_count, standing_word
from xzgis.conflicts.terms import CheckResult, Finding, NotCovered, Outcome
from xzgis.core.words import Language, Words
from xzgis.formats.sheets import csv_bytes, xlsx_bytes

COLUMNS = (
    "number", "id", "outcome", "outcome_zh", "measure", "measure_zh", "a_id", "a_kind", "a_label", "b_id", "b_kind", "b_label",
    "b_owner", "b_state", "from_m", "to_m", "angle_deg", "gap_m", "required_m", "shortfall_m", "sigma_m",
    "probability", "rule", "rules_asked", "missing", "gives_way", "mend", "place_east_m", "place_north_m", "words", "contest",
    "advisory", "invented",
)  # fmt: skip


def as_csv(result: CheckResult, language: Language = "zh", *, for_people: bool = False) -> bytes:
    """Findings as CSV in UTF-8 with a byte-order mark, which spreadsheets in Chinese need.

    ``for_people``: with the heads and words of the workbook instead of the tokens that scripts read.
    """
    if for_people:
        return csv_bytes([_heads(language), *_rows(result, language, language)])
    return csv_bytes([COLUMNS, *_rows(result, language, "zh")])


def _heads(language: Language) -> tuple[str, ...]:
    """The heads of the columns in words."""
    return tuple(COLUMN_WORDS[name].spoken(language) for name in COLUMNS)


def as_xlsx(result: CheckResult, language: Language = "zh", *, mark: str = "") -> bytes:
    """Findings, what is not surveyed, and the counts with the versions, as three sheets; ``mark`` when it leaves."""

    def heads(words: Iterable[Words]) -> tuple[str, ...]:
        return tuple(each.spoken(language) for each in words)

    not_surveyed = [(part.kind, *_gap_cells(part, language)) for part in result.not_covered]
    findings, gaps, summary = heads(SHEETS)
    return xlsx_bytes([
        (findings, [_heads(language), *_rows(result, language, language)]),
        (gaps, [heads(NOT_SURVEYED), *not_surveyed]),
        (summary, [heads(SUMMARY), *_summary(result, language)]),
    ], mark=mark)  # fmt: skip


def _gap_cells(part: NotCovered, language: Language) -> tuple[Any, ...]:
    """The part of the work and from where to where; of an excavation all of it, in words and without figures."""
    named = part_word(part.run, language)
    if part.run.startswith("hole:"):
        return f"{named} · {gap_place(part, language)}", None, None
    return named, *part.chainage_m


def _summary(result: CheckResult, language: Language) -> list[tuple[str, Any]]:
    """Items by outcome, advice beside them, the pairs of lines, what clear rests on, the versions."""
    told: list[tuple[str, Any]] = [
        (OUTCOMES[outcome].spoken(language), result.counts.get(outcome.value, 0)) for outcome in Outcome
    ]
    told.append((SUMMARY_WORDS["advice"].spoken(language), advice_count(result)))
    pairs = result.checked.get("pairs", 0)
    told.append(
        (SUMMARY_WORDS["pairs"].spoken(language), pairs or SUMMARY_WORDS["no_pairs"].spoken(language))
    )
    told += [
        (SUMMARY_WORDS["chainage"].spoken(language), said.spoken(language)) for said in hole_chainages(result)
    ]
    told += [(COLUMN_WORDS["invented"].spoken(language), said.spoken(language)) for said in marks_of(result)]
    told += [(SUMMARY_WORDS["rests_on"].spoken(language), said.spoken(language)) for said in rests_on(result)]
    told += [
        (
            SUMMARY_WORDS["version"].spoken(language)
            + (VERSIONS[name].spoken(language) if name in VERSIONS else name),
            value,
        )
        for name, value in sorted(result.versions.items())
    ]
    return told


def _rows(result: CheckResult, language: Language, tagged: Language) -> list[tuple[Any, ...]]:
    """What needs an eye by its number, as on the page; what is clear after it, without one."""
    clear = [one for one in result.findings if one.outcome is Outcome.CLEAR and not one.advisory]
    mark = bool(marks_of(result))
    told = [(number, *_row(one, language, tagged), mark) for number, one in numbered(result.findings)]
    return told + [(None, *_row(one, language, tagged), mark) for one in clear]


def _row(finding: Finding, language: Language, tagged: Language) -> tuple[Any, ...]:
    a, b = finding.a, finding.b
    east, north = _place(finding.geometry)
    asked = "; ".join(
        f"{rule.rule_id} {rule.standard} {rule.table} {rule.clearance_m} m ({rule.confidence})"
        for rule in finding.rules
    )
    return (
        finding.id, finding.outcome.value, standing_word(finding, tagged),
        finding.measure.value, measure_word(finding.measure, tagged), a.id, a.kind, a.label,
        b.id if b else None, b.kind if b else None, b.label if b else None, b.owner if b else None,
        b.state if b else None, finding.chainage_m[0], finding.chainage_m[1], finding.angle_deg, finding.gap_m,
        finding.required_m, finding.shortfall_m, finding.sigma_m, finding.probability,
        deciding_rule(finding, language), asked,
        "; ".join(finding.to_find_out), way_words(finding.gives_way, language),
        mend_words(finding.mend, language), east, north,
        finding.words.spoken(language), contest_words(finding, language),
        finding.advisory,
    )  # fmt: skip


def _place(geometry: dict[str, Any]) -> tuple[float | None, float | None]:
    """The first position of a geometry."""
    at: Any = geometry.get("coordinates")
    while isinstance(at, list | tuple) and at and isinstance(at[0], list | tuple):
        at = at[0]
    return (float(at[0]), float(at[1])) if at else (None, None)
