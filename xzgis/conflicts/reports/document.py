"""The findings document that people script against (docs/schemas/findings.schema.json)."""

import json
from typing import Any

from xzgis.conflicts.terms import AskedRule, CheckResult, Finding, NotCovered, Outcome, Party

CRS = "EPSG:4548"
DECIMALS = 4


def document(result: CheckResult) -> dict[str, Any]:
    """``result`` as plain values, lengths in metres to a tenth of a millimetre, storage CRS.

    The same result gives the same document, key by key.
    """
    return {
        "crs": CRS,
        "versions": dict(sorted(result.versions.items())),
        "verdict": verdict(result),
        "counts": {outcome.value: result.counts.get(outcome.value, 0) for outcome in Outcome},
        "findings": [_finding(finding) for finding in result.findings],
        "not_covered": [_gap(part) for part in result.not_covered],
        "checked": _rounded(result.checked),
    }


def verdict(result: CheckResult) -> str:
    """``clear`` only when every pair is clear and every kind covered; else ``findings`` or ``cannot_judge``."""
    counts = result.counts
    if counts.get(Outcome.BREACH.value) or counts.get(Outcome.WITHIN_TOLERANCE.value):
        return "findings"
    open_questions = counts.get(Outcome.CANNOT_JUDGE.value) or counts.get(Outcome.REFER.value)
    unseen = result.not_covered or result.checked.get("unplaced_lines")
    return "cannot_judge" if open_questions or unseen else "clear"


def as_json(result: CheckResult, *, indent: int | None = 1) -> str:
    """The document as JSON text, Chinese unescaped."""
    return json.dumps(document(result), ensure_ascii=False, allow_nan=False, indent=indent)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "outcome": finding.outcome.value,
        "measure": finding.measure.value,
        "a": _party(finding.a),
        "b": None if finding.b is None else _party(finding.b),
        "chainage_m": _rounded(finding.chainage_m),
        "geometry": _rounded(finding.geometry),
        "angle_deg": _rounded(finding.angle_deg),
        "gap_m": _rounded(finding.gap_m),
        "gap_range_m": _rounded(finding.gap_range_m),
        "required_m": _rounded(finding.required_m),
        "required_range_m": _rounded(finding.required_range_m),
        "shortfall_m": _rounded(finding.shortfall_m),
        "sigma_m": _rounded(finding.sigma_m),
        "probability": _rounded(finding.probability),
        "rules": [_rule(rule) for rule in finding.rules],
        "missing": list(finding.missing),
        "gives_way": _rounded(finding.gives_way),
        "mend": _rounded(finding.mend),
        "needs_checking": finding.needs_checking,
        "advisory": finding.advisory,
        "duties": list(finding.duties),
        "words": {"zh": finding.words.zh, "en": finding.words.en},
    }


def _party(party: Party) -> dict[str, Any]:
    return {
        "id": party.id,
        "kind": party.kind,
        "owner": party.owner,
        "state": party.state,
        "label": party.label,
        "surveyed_on": party.surveyed_on,
        "batch": party.batch,
    }


def _rule(rule: AskedRule) -> dict[str, Any]:
    return {
        "rule_id": rule.rule_id,
        "standard": rule.standard,
        "table": rule.table,
        "clearance_m": _rounded(rule.clearance_m),
        "confidence": rule.confidence,
        "decides": rule.decides,
        "mandatory": rule.mandatory,
        "note": rule.note,
    }


def _gap(part: NotCovered) -> dict[str, Any]:
    return {"kind": part.kind, "run": part.run, "chainage_m": _rounded(part.chainage_m)}


def _rounded(value: Any) -> Any:
    """Plain values with every number cut to four decimals; numbers that are none become null."""
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return (
            None if value != value or value in (float("inf"), float("-inf")) else round(value, DECIMALS) + 0.0
        )
    if isinstance(value, dict):
        return {str(key): _rounded(each) for key, each in value.items()}
    if hasattr(value, "spoken"):
        return {"zh": value.zh, "en": value.en}
    return [_rounded(each) for each in value]
