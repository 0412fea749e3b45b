"""The findings document that people script against (docs/schemas/findings.schema.json)."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

from pydantic_core import to_json

from xzgis.conflicts.reports.numbering import numbered
from xzgis.conflicts.terms import AskedRule, CheckResult, Finding, NotCovered, Outcome, Party

CRS = "EPSG:4548"
DECIMALS = 4
# What a check did not look at (docs/decisions/0090): while one of these is told, nothing is simply clear.
UNSEEN = ("unplaced_lines", "not_read", "without_points", "crosses_itself", "beside_itself")


def document(result: CheckResult) -> dict[str, Any]:
    """``result`` as plain values, lengths in metres to a tenth of a millimetre, storage CRS.

    The same result gives the same document, key by key.
    """
    return {
        "crs": CRS,
        "versions": dict(sorted(result.versions.items())),
        "verdict": verdict(result),
        "counts": {outcome.value: result.counts.get(outcome.value, 0) for outcome in Outcome},
        "findings": _findings(result.findings),
        "not_covered": [_gap(part) for part in result.not_covered],
        "checked": _rounded(result.checked),
    }


def verdict(result: CheckResult) -> str:
    """``clear`` only when every pair is clear and every kind covered; else ``findings`` or ``cannot_judge``."""
    counts = result.counts
    if counts.get(Outcome.BREACH.value) or counts.get(Outcome.WITHIN_TOLERANCE.value):
        return "findings"
    open_questions = counts.get(Outcome.CANNOT_JUDGE.value) or counts.get(Outcome.REFER.value)
    return "cannot_judge" if open_questions or result.not_covered or is_unseen(result) else "clear"


def is_unseen(result: CheckResult) -> bool:
    """Whether something was not read or not compared, be it all surveyed: lines of the files, a run beside itself."""
    aside = result.checked.get("left_aside") or ()
    return any(result.checked.get(name) for name in UNSEEN) or any(
        not one.get("is_said_none") for one in aside
    )


def as_json(result: CheckResult) -> str:
    """The document as JSON text, Chinese unescaped; see :func:`in_lines`."""
    return in_lines(document(result))


def in_lines(told: Mapping[str, Any]) -> str:
    """JSON text of ``told``: each member on a line of its own, and so each element of a list of objects.

    To be read and compared line by line. No spaces in a line: pydantic's encoder, a fifth of the time of Python's
    own, knows none. A number that is none becomes null, as in the document itself.
    """
    members = [to_json(name) + b": " + _lines(value) for name, value in told.items()]
    return (b"{\n" + b",\n".join(members) + b"\n}").decode()


def _lines(value: Any) -> bytes:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return b"[\n" + b",\n".join([to_json(each, inf_nan_mode="null") for each in value]) + b"\n]"
    return to_json(value, inf_nan_mode="null")


def _findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Parties and lists of rules that many findings share are put into plain values once."""
    parties: dict[int, dict[str, Any]] = {}
    rules: dict[int, list[dict[str, Any]]] = {}
    numbers = {one.id: number for number, one in numbered(findings)}
    told = []
    for finding in findings:
        for party in (finding.a, finding.b):
            if party is not None and id(party) not in parties:
                parties[id(party)] = _party(party)
        if id(finding.rules) not in rules:
            rules[id(finding.rules)] = [_rule(rule) for rule in finding.rules]
        told.append(
            {"number": numbers.get(finding.id)} | _finding(finding, parties, rules[id(finding.rules)])
        )
    return told


def _finding(
    finding: Finding, parties: Mapping[int, dict[str, Any]], rules: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": finding.id,
        "outcome": finding.outcome.value,
        "measure": finding.measure.value,
        "a": parties[id(finding.a)],
        "b": None if finding.b is None else parties[id(finding.b)],
        "chainage_m": _numbers(finding.chainage_m),
        "geometry": _geometry(finding.geometry),
        "angle_deg": _number(finding.angle_deg),
        "gap_m": _number(finding.gap_m),
        "gap_range_m": _numbers(finding.gap_range_m),
        "required_m": _number(finding.required_m),
        "required_range_m": _numbers(finding.required_range_m),
        "shortfall_m": _number(finding.shortfall_m),
        "sigma_m": _number(finding.sigma_m),
        "probability": _number(finding.probability),
        "rules": rules,
        "missing": list(finding.missing),
        "gives_way": None if finding.gives_way is None else _rounded(finding.gives_way),
        "mend": None if finding.mend is None else _rounded(finding.mend),
        "needs_checking": finding.needs_checking,
        "advisory": finding.advisory,
        "duties": list(finding.duties),
        "within_tolerance_m": [_numbers(span) for span in finding.within_tolerance_m],
        "cannot_judge_m": [_numbers(span) for span in finding.cannot_judge_m],
        "also": [
            {
                "measure": one.measure.value,
                "outcome": one.outcome.value,
                "missing": list(one.missing),
                "duties": list(one.duties),
            }
            for one in finding.also
        ],
        "contest": _contest(finding),
        "words": {"zh": finding.words.zh, "en": finding.words.en},
        **({"lines": [_line(one) for one in finding.lines]} if finding.lines else {}),
    }


def _line(one: Finding) -> dict[str, Any]:
    """One of the lines that a finding stands for, and where the work is near it."""
    told = {"a": one.a.id, "b": None if one.b is None else _party(one.b)}
    return told | {
        "chainage_m": _numbers(one.chainage_m), "gap_m": _number(one.gap_m), "geometry": _geometry(one.geometry)
    }  # fmt: skip


def _contest(finding: Finding) -> dict[str, str] | None:
    said = finding.contest
    return None if said is None else {"reason": said.reason, "by": said.by, "at": said.at}


def _party(party: Party) -> dict[str, Any]:
    return {
        "id": party.id,
        "kind": party.kind,
        "owner": party.owner,
        "state": party.state,
        "label": party.label,
        "surveyed_on": party.surveyed_on,
        "batch": party.batch,
        "is_displaced": party.is_displaced,
        "is_invented": party.is_invented,
    }


def _rule(rule: AskedRule) -> dict[str, Any]:
    return {
        "rule_id": rule.rule_id,
        "standard": rule.standard,
        "table": rule.table,
        "clearance_m": _number(rule.clearance_m),
        "confidence": rule.confidence,
        "decides": rule.decides,
        "mandatory": rule.mandatory,
        "note": rule.note,
    }


def _gap(part: NotCovered) -> dict[str, Any]:
    return {"kind": part.kind, "run": part.run, "chainage_m": _rounded(part.chainage_m)}


def _number(value: float | None) -> float | None:
    """A number cut to four decimals; one that is none becomes null."""
    if not isinstance(value, float):
        return value
    return round(value, DECIMALS) + 0.0 if isfinite(value) else None


def _numbers(values: Iterable[float | None] | None) -> list[float | None] | None:
    return None if values is None else [_number(value) for value in values]


def _geometry(shape: Mapping[str, Any]) -> dict[str, Any]:
    """A point or a line as findings hold it, its coordinates cut to four decimals."""
    places = shape["coordinates"]
    if shape["type"] == "Point":
        return {"type": "Point", "coordinates": _numbers(places)}
    if shape["type"] == "LineString":
        if not isfinite(sum(map(sum, places))):
            return {"type": "LineString", "coordinates": [_numbers(place) for place in places]}
        cut = [[round(value, DECIMALS) + 0.0 for value in place] for place in places]
        return {"type": "LineString", "coordinates": cut}
    return {str(key): _rounded(each) for key, each in shape.items()}


def _rounded(value: Any) -> Any:
    """Plain values with every number cut to four decimals; numbers that are none become null."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        return {str(key): _rounded(each) for key, each in value.items()}
    if hasattr(value, "spoken"):
        return {"zh": value.zh, "en": value.en}
    return [_rounded(each) for each in value]
