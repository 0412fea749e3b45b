"""Contests: what a planner holds against a finding. They stand beside the answer and never change it."""

from collections.abc import Mapping
from dataclasses import replace

from xzgis.conflicts.rules.identity import digest
from xzgis.conflicts.terms import CheckResult, Contest, Finding

DIGITS = 3


def facts_of_finding(finding: Finding) -> str:
    """A word that changes with every fact the finding rests on, so that a contest lapses with them.

    Verdict, places, figures to the millimetre, rules, what is missing, and what the other line is, and all of that of
    every line that it stands for: not its owner's
    name nor the name of a delivery, which change nothing on the ground.
    """
    other = finding.b
    return digest([
        finding.outcome.value, finding.measure.value, finding.advisory, finding.a.kind,
        None if other is None else [other.id, other.kind, other.state, other.surveyed_on],
        _figures(finding.chainage_m), _figures((finding.angle_deg, finding.gap_m, finding.required_m, finding.sigma_m)),
        _figures(finding.gap_range_m), _figures(finding.required_range_m),
        [[rule.rule_id, rule.clearance_m, rule.confidence, rule.decides] for rule in finding.rules],
        list(finding.missing), list(finding.duties), *_also(finding),
        *map(facts_of_finding, finding.lines),
    ])  # fmt: skip


def _also(finding: Finding) -> list[object]:
    """The other measures said in a finding; nothing at all where there are none."""
    return [
        [one.measure.value, one.outcome.value, list(one.missing), list(one.duties)] for one in finding.also
    ]


def _figures(values: "tuple[float | None, ...] | None") -> list[float | None] | None:
    if values is None:
        return None
    return [None if value is None or value != value else round(value, DIGITS) + 0.0 for value in values]


def with_contests(result: CheckResult, contests: Mapping[str, Contest]) -> CheckResult:
    """``result`` with each finding that still is as it was contested carrying its contest; counts stay.

    ``contests`` by the identity of the finding.
    """
    if not contests:
        return result
    return replace(result, findings=tuple(_contested(one, contests) for one in result.findings))


def _contested(finding: Finding, contests: Mapping[str, Contest]) -> Finding:
    said = contests.get(finding.id)
    if said is None or said.facts != facts_of_finding(finding):
        return finding
    return replace(finding, contest=said)
