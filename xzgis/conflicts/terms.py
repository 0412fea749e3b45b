"""Outcomes, measures and findings: what a check says (definitions: docs/conflicts.md)."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from xzgis.core.words import Words


class Outcome(StrEnum):
    """The verdict on one pair and measure."""

    BREACH = "breach"
    WITHIN_TOLERANCE = "within_tolerance"
    CANNOT_JUDGE = "cannot_judge"
    REFER = "refer"
    CLEAR = "clear"


class Measure(StrEnum):
    """What was measured."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"
    COVER = "cover"
    ORDER = "order"
    STACKED = "stacked"
    COLLISION = "collision"
    DIG = "dig"
    ZONE = "zone"
    NO_DIG = "no_dig"
    SLOPE = "slope"
    WORKS = "works"


@dataclass(frozen=True, slots=True)
class AskedRule:
    """A rule that was asked for a finding; exactly one of them decides."""

    rule_id: str
    standard: str
    table: str
    clearance_m: float
    confidence: str
    decides: bool
    mandatory: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two objects of a finding."""

    id: str
    kind: str
    owner: str | None
    state: str
    label: str = ""
    surveyed_on: str | None = None
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict with everything a person needs to act on it. Lengths in metres, storage CRS."""

    id: str
    outcome: Outcome
    measure: Measure
    a: Party
    b: Party | None
    chainage_m: tuple[float, float]
    geometry: dict[str, Any]
    angle_deg: float | None
    gap_m: float | None
    gap_range_m: tuple[float | None, float | None] | None
    required_m: float | None
    required_range_m: tuple[float, float] | None
    shortfall_m: float | None
    sigma_m: float | None
    probability: float | None
    rules: tuple[AskedRule, ...]
    missing: tuple[str, ...]
    gives_way: dict[str, Any] | None
    mend: dict[str, Any] | None
    words: Words


@dataclass(frozen=True, slots=True)
class NotCovered:
    """A part of the work where nobody looked for a kind."""

    kind: str
    run: str
    chainage_m: tuple[float, float]


@dataclass(frozen=True)
class CheckResult:
    """The answer to a check: three answers always (conflicts, clear, could not be judged)."""

    versions: dict[str, str]
    counts: dict[str, int]
    findings: tuple[Finding, ...]
    not_covered: tuple[NotCovered, ...]
    checked: dict[str, Any] = field(default_factory=dict)
