"""Findings as CSV and XLSX: one row each, the three answers on sheets of their own."""

import csv
import io
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from xzgis.conflicts.reports.labels import deciding_rule, measure_word, outcome_word
from xzgis.conflicts.terms import CheckResult, Finding, Outcome
from xzgis.core.words import Language

COLUMNS = (
    "id", "outcome", "outcome_zh", "measure", "measure_zh", "a_id", "a_kind", "a_label", "b_id", "b_kind", "b_label",
    "b_owner", "b_state", "from_m", "to_m", "angle_deg", "gap_m", "required_m", "shortfall_m", "sigma_m",
    "probability", "rule", "rules_asked", "missing", "gives_way", "mend", "place_east_m", "place_north_m", "words",
)  # fmt: skip
# A cell that begins so would be a formula to a spreadsheet; a leading apostrophe keeps it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(result: CheckResult, language: Language = "zh") -> bytes:
    """Findings as CSV in UTF-8 with a byte-order mark, which spreadsheets in Chinese need."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in result.findings:
        writer.writerow([_safe(value) for value in _row(finding, language)])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(result: CheckResult, language: Language = "zh") -> bytes:
    """Findings, what is not surveyed, and the counts with the versions, as three sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "findings", COLUMNS, [_row(finding, language) for finding in result.findings])
    _sheet(
        book,
        "not_surveyed",
        ("kind", "run", "from_m", "to_m"),
        [(part.kind, part.run, *part.chainage_m) for part in result.not_covered],
    )
    counts = [(outcome.value, result.counts.get(outcome.value, 0)) for outcome in Outcome]
    _sheet(book, "summary", ("what", "value"), [*counts, *sorted(result.versions.items())])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _sheet(book: Workbook, title: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    sheet: Worksheet = book.create_sheet(title)
    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_safe(value) for value in row])


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS) and not value.lstrip("+-").isdigit():
        return "'" + value
    return round(value, 4) if isinstance(value, float) else value


def _row(finding: Finding, language: Language) -> tuple[Any, ...]:
    a, b = finding.a, finding.b
    east, north = _place(finding.geometry)
    asked = "; ".join(
        f"{rule.rule_id} {rule.standard} {rule.table} {rule.clearance_m} m ({rule.confidence})"
        for rule in finding.rules
    )
    return (
        finding.id, finding.outcome.value, outcome_word(finding.outcome, "zh"),
        finding.measure.value, measure_word(finding.measure, "zh"), a.id, a.kind, a.label,
        b.id if b else None, b.kind if b else None, b.label if b else None, b.owner if b else None,
        b.state if b else None, finding.chainage_m[0], finding.chainage_m[1], finding.angle_deg, finding.gap_m,
        finding.required_m, finding.shortfall_m, finding.sigma_m, finding.probability, deciding_rule(finding), asked,
        "; ".join(finding.missing), _flat(finding.gives_way), _flat(finding.mend), east, north,
        finding.words.spoken(language),
    )  # fmt: skip


def _flat(facts: dict[str, Any] | None) -> str:
    return "" if not facts else "; ".join(f"{key}={value}" for key, value in sorted(facts.items()))


def _place(geometry: dict[str, Any]) -> tuple[float | None, float | None]:
    """The first position of a geometry."""
    at: Any = geometry.get("coordinates")
    while isinstance(at, list | tuple) and at and isinstance(at[0], list | tuple):
        at = at[0]
    return (float(at[0]), float(at[1])) if at else (None, None)
