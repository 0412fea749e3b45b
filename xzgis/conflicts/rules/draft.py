"""A verdict before it is put in order and named: everything but identity and place in the list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xzgis.catalogue.terms import ClearanceRule
from xzgis.conflicts.rules.verdict import Range, breach_probability, rounded
from xzgis.conflicts.terms import Also, AskedRule, Measure, Outcome, Verdict
from xzgis.core.words import Words


@dataclass(slots=True)
class Draft:
    """One verdict in full precision, local chainages; see :class:`xzgis.conflicts.terms.Verdict`."""

    measure: Measure
    outcome: Outcome
    a: int
    b: int | None
    chainage_m: Range
    points: tuple[tuple[float, float], ...]
    words: Words
    gap_m: Range | None = None
    required_m: Range | None = None
    sigma_m: float | None = None
    angle_deg: float | None = None
    rules: tuple[AskedRule, ...] = ()
    missing: tuple[str, ...] = ()
    gives_way: dict[str, Any] | None = None
    mend: dict[str, Any] | None = None
    needs_checking: bool = False
    advisory: bool = False
    duties: tuple[str, ...] = ()
    a_is_hole: bool = False
    within_tolerance_m: tuple[Range, ...] = ()
    cannot_judge_m: tuple[Range, ...] = ()
    also: tuple[Also, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def named(self, identity: str, *, b_is_new: bool) -> Verdict:
        """The verdict with its lengths rounded to 1 mm; ``gap_m`` is the strict reading's, None when unknown."""
        gap = None if self.gap_m is None else self.gap_m[0]
        known = gap is not None and abs(gap) != float("inf")
        need = None if self.required_m is None else self.required_m[1]
        short = rounded(need - gap) if known and need is not None and gap is not None else None
        if self.outcome is Outcome.CANNOT_JUDGE and short is not None and short < 0.0:
            short = None  # what is not known decides, not the figure that is told
        return Verdict(
            id=identity,
            outcome=self.outcome,
            measure=self.measure,
            a=self.a,
            b=self.b,
            chainage_m=(rounded(self.chainage_m[0]), rounded(self.chainage_m[1])),
            points=self.points,
            angle_deg=None if self.angle_deg is None else rounded(self.angle_deg, 2),
            gap_m=rounded(gap) if known and gap is not None else None,
            gap_range_m=None if self.gap_m is None else (_finite(self.gap_m[0]), _finite(self.gap_m[1])),
            required_m=None if need is None else rounded(need),
            required_range_m=None
            if self.required_m is None
            else (rounded(self.required_m[0]), rounded(self.required_m[1])),
            shortfall_m=short,
            sigma_m=None if self.sigma_m is None else rounded(self.sigma_m),
            probability=self._probability(),
            rules=self.rules,
            missing=self.missing,
            gives_way=self.gives_way,
            mend=self.mend,
            words=self.words,
            needs_checking=self.needs_checking,
            advisory=self.advisory,
            duties=self.duties,
            a_is_hole=self.a_is_hole,
            b_is_new=b_is_new,
            within_tolerance_m=_spans(self.within_tolerance_m),
            cannot_judge_m=_spans(self.cannot_judge_m),
            also=self.also,
        )

    def _probability(self) -> float | None:
        """Of the strictest reading: the smallest gap against the largest figure. None where a reading decides."""
        if self.gap_m is None or self.required_m is None or self.sigma_m is None:
            return None
        if self.outcome in (Outcome.CANNOT_JUDGE, Outcome.REFER):
            return None
        return rounded(breach_probability(self.gap_m[0], self.sigma_m, self.required_m[1]), 4)


def asked_rules(rules: tuple[ClearanceRule, ...], strict_m: float, tunnel_m: float) -> tuple[AskedRule, ...]:
    """All rules asked in any reading; the one with the strictest figure decides (the first by identity)."""
    figures = [(tunnel_m if isinstance(rule.clearance_m, str) else rule.clearance_m, rule) for rule in rules]
    deciding = next((rule.rule_id for figure, rule in figures if abs(figure - strict_m) <= 1e-9), None)
    return tuple(
        AskedRule(
            rule_id=rule.rule_id,
            standard=rule.standard,
            table=rule.table,
            clearance_m=rounded(figure),
            confidence=rule.confidence,
            decides=rule.rule_id == deciding,
            mandatory=rule.mandatory,
            note=rule.note,
        )
        for figure, rule in figures
    )


def _spans(spans: Sequence[Range]) -> tuple[Range, ...]:
    return tuple((rounded(low), rounded(high)) for low, high in spans)


def _finite(value: float) -> float | None:
    return None if abs(value) == float("inf") else rounded(value)
