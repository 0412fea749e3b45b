"""Findings as CSV and XLSX: one row each, the three answers on sheets of their own.

A CSV has no second sheet: after what needs an eye come the verdict, what nobody surveyed and what the answer rests on,
as rows of their own sort (decision 0090). A bare head would be read as "nothing found".

The heads of the CSV are tokens that scripts read (decision 0086); those of the workbook, and of a CSV that a person
takes from a page, are words in the language of the reader.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from xzgis.conflicts.reports.document import verdict
from xzgis.conflicts.reports.headings import (
    BESIDE,
    COLUMN_WORDS,
    NOT_SURVEYED,
    SHEETS,
    SUMMARY,
    SUMMARY_WORDS,
    VERDICT_WORDS,
)
from xzgis.conflicts.reports.labels import (
    OUTCOMES,
    VERSIONS,
    contest_words,
    deciding_rule,
    gap_place,
    hole_chainages,
    kind_word,
    measure_word,
    part_word,
    way_words,
)
from xzgis.conflicts.reports.mends import mend_words
from xzgis.conflicts.reports.numbering import numbered
from xzgis.conflicts.reports.standing import NOT_JUDGED, marks_of, rests_on
from xzgis.conflicts.reports.standing_word import advice_count, counts_line, standing_word
from xzgis.conflicts.reports.table import NOBODY_LOOKED, sentence_of, versions_line
from xzgis.conflicts.terms import CheckResult, Finding, NotCovered, Outcome
from xzgis.core.words import Language, Words
from xzgis.formats.sheets import csv_bytes, xlsx_bytes

COLUMNS = (
    "number", "id", "outcome", "outcome_zh", "measure", "measure_zh", "a_id", "a_kind", "a_label", "b_id", "b_kind", "b_label",
    "b_owner", "b_state", "from_m", "to_m", "angle_deg", "gap_m", "required_m", "shortfall_m", "sigma_m",
    "probability", "rule", "rules_asked", "missing", "gives_way", "mend", "place_east_m", "place_north_m", "words", "contest",
    "advisory", "invented",
)  # fmt: skip


def as_csv(
    result: CheckResult, kinds: Mapping[str, Words], language: Language = "zh", *, for_people: bool = False
) -> bytes:
    """Findings and what stands beside them as CSV in UTF-8 with a byte-order mark, which spreadsheets in Chinese need.

    ``for_people``: with the heads and words of the workbook instead of the tokens that scripts read.
    """
    if for_people:
        rows = _rows(result, language, language, beside=_beside(result, kinds, language, language))
        return csv_bytes([_heads(language), *rows])
    return csv_bytes([COLUMNS, *_rows(result, language, "zh", beside=_beside(result, kinds, language, "zh"))])


def _heads(language: Language) -> tuple[str, ...]:
    """The heads of the columns in words."""
    return tuple(COLUMN_WORDS[name].spoken(language) for name in COLUMNS)


def as_xlsx(
    result: CheckResult, kinds: Mapping[str, Words], language: Language = "zh", *, mark: str = ""
) -> bytes:
    """Findings, what is not surveyed, and the counts with the versions, as three sheets; ``mark`` when it leaves."""

    def heads(words: Iterable[Words]) -> tuple[str, ...]:
        return tuple(each.spoken(language) for each in words)

    not_surveyed = [
        (kind_word(part.kind, kinds, language), *_gap_cells(part, language), part.kind)
        for part in result.not_covered
    ]
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
    """The verdict, items by outcome, advice beside them, the pairs of lines, what clear rests on, the versions."""
    told: list[tuple[str, Any]] = [
        (SUMMARY_WORDS["verdict"].spoken(language), sentence_of(result).spoken(language)),
        (SUMMARY_WORDS["not_judged"].spoken(language), NOT_JUDGED.spoken(language)),
    ]
    told += [(OUTCOMES[outcome].spoken(language), result.counts.get(outcome.value, 0)) for outcome in Outcome]
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


def _beside(
    result: CheckResult, kinds: Mapping[str, Words], language: Language, tagged: Language
) -> list[tuple[Any, ...]]:
    """The verdict, every part that nobody surveyed, and what the answer rests on: rows whose outcome is none of a finding."""
    said = verdict(result)

    def row(sort: str, words: str, **cells: Any) -> tuple[Any, ...]:
        cells |= {"outcome": sort, "outcome_zh": BESIDE[sort].spoken(tagged), "words": words,
                  "advisory": False, "invented": bool(marks_of(result))}  # fmt: skip
        return tuple(cells.get(name) for name in COLUMNS)

    told = [
        row("verdict", f"{sentence_of(result).spoken(language)} {counts_line(result, language)}",
            measure=said, measure_zh=VERDICT_WORDS[said].spoken(tagged))
    ]  # fmt: skip
    for part in result.not_covered:
        name, (named, from_m, to_m) = kind_word(part.kind, kinds, language), _gap_cells(part, language)
        place = f"{part_word(part.run, language)} {gap_place(part, language)}"
        words = f"{NOBODY_LOOKED.spoken(language)} {name} {place}"
        told.append(
            row("not_covered", words, a_id=part.run, a_label=named, b_kind=part.kind, b_label=name,
                from_m=from_m, to_m=to_m)
        )  # fmt: skip
    notes = [*marks_of(result), NOT_JUDGED, *hole_chainages(result), *rests_on(result)]
    told += [row("note", note.spoken(language)) for note in notes]
    return [*told, row("note", versions_line(result, language))]


def _rows(
    result: CheckResult, language: Language, tagged: Language, *, beside: Iterable[tuple[Any, ...]] = ()
) -> list[tuple[Any, ...]]:
    """What needs an eye by its number, as on the page; then what stands ``beside``, and last what is clear.

    Nothing clear stands before the verdict: whoever looks at the first row alone reads no "clear" that is none.
    """
    clear = [one for one in result.findings if one.outcome is Outcome.CLEAR and not one.advisory]
    mark = bool(marks_of(result))
    told = [(number, *_row(one, language, tagged), mark) for number, one in numbered(result.findings)]
    return [*told, *beside, *((None, *_row(one, language, tagged), mark) for one in clear)]


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
