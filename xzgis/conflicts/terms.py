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
    WITHHELD = "withheld"
    """Of a line that the reader may not see: not said."""


LEAST_STRETCH_M = 0.05
"""Nothing shorter is told as a stretch from one chainage to another, but as one place."""


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
    """One of the two objects of a finding.

    ``is_displaced``: test data of another place, laid over the city; ``is_invented``: of a sample.
    """

    id: str
    kind: str
    owner: str | None
    state: str
    label: str = ""
    surveyed_on: str | None = None
    batch: str | None = None
    is_displaced: bool = False
    is_invented: bool = False


@dataclass(frozen=True, slots=True)
class Contest:
    """What a planner holds against a finding: it stands beside the verdict and never changes it.

    ``at`` is an ISO time; ``facts`` stands for what the finding rested on then. ``reason`` is empty for who may not
    see the line it speaks of.
    """

    reason: str
    by: str
    at: str
    facts: str


@dataclass(frozen=True, slots=True)
class Also:
    """What else is found at the place of a finding and said in it: a measure, its outcome, what is missing, duties."""

    measure: Measure
    outcome: Outcome
    missing: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict with everything a person needs to act on it. Lengths in metres, storage CRS.

    ``lines``: the findings on single lines that this one stands for, itself among them; empty where it is of one line.
    """

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
    needs_checking: bool = False
    advisory: bool = False
    duties: tuple[str, ...] = ()
    within_tolerance_m: tuple[tuple[float, float], ...] = ()
    cannot_judge_m: tuple[tuple[float, float], ...] = ()
    also: tuple[Also, ...] = ()
    contest: Contest | None = None
    lines: tuple["Finding", ...] = ()

    @property
    def to_find_out(self) -> tuple[str, ...]:
        """Every fact that is missing: of its own measure, and of what else is found at its place."""
        return tuple(dict.fromkeys([*self.missing, *(fact for other in self.also for fact in other.missing)]))


@dataclass(frozen=True, slots=True)
class NotCovered:
    """A part of the work where nobody looked for a kind."""

    kind: str
    run: str
    chainage_m: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ByRun:
    """What a check counted, run by run of the register: identity (0 for none) and the word it is counted under.

    ``pairs``: kinds; ``left_out``: reasons; ``by_memory``: rules of clear verdicts that rest on a figure from memory;
    ``untold``: kinds of the runs near of which nobody says what stands at their points.
    """

    pairs: tuple[tuple[int, str], ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    by_memory: tuple[tuple[int, str], ...] = ()
    untold: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """The answer to a check: three answers always (conflicts, clear, could not be judged).

    ``by_run``: what ``checked`` counts, with the run of the register (its identity, 0 for none) that each stands for.
    """

    versions: dict[str, str]
    counts: dict[str, int]
    findings: tuple[Finding, ...]
    not_covered: tuple[NotCovered, ...]
    checked: dict[str, Any] = field(default_factory=dict)
    by_run: ByRun = ByRun()


@dataclass(frozen=True, slots=True)
class TieIn:
    """A declared joint: new run number ``new`` meets run ``existing`` (its identity) at a chainage."""

    new: int
    chainage_m: float
    existing: int


@dataclass(frozen=True, slots=True)
class SurfaceStretch:
    """The surface above new run number ``new`` between two chainages; None where it is not known."""

    new: int
    chainage_m: tuple[float, float]
    surface: str | None


@dataclass(frozen=True, slots=True)
class AssumedDry:
    """A part of new run number ``new`` whose cover was judged as under dry land because nothing tells the surface.

    ``asked_m``: the cover that would be asked were it a water.
    """

    new: int
    chainage_m: tuple[float, float]
    asked_m: float


@dataclass(frozen=True, slots=True)
class Hole:
    """An excavation: outline in the storage CRS, and its bottom level or its depth below ground, metres.

    ``None`` for both means that nobody said how deep: then it may reach anything.
    """

    outline: tuple[tuple[float, float], ...]
    bottom_level_m: float | None = None
    depth_m: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict of the kernel on one pair and measure; :class:`Finding` without the people's facts.

    Attributes
    ----------
    a
        Number of the new run in its columns; for an excavation the number of the excavation, with
        ``a_is_hole``.
    b
        Number of the existing run in its columns, None for cover.
    b_is_new
        ``b`` is a number in the columns of the new runs: two runs of one work.
    chainage_m
        Along ``a``; along ``b`` for an excavation.
    points
        Storage CRS: one point, or the line of the stretch.
    missing
        Facts that are not known; the first one would settle the verdict alone, if any fact does.
    needs_checking
        The figure that decides awaits checking against a bought copy of its standard (confidence memory).
    advisory
        A hint (order with wording 宜) or a duty (dig), not a breach of a table.
    within_tolerance_m
        Chainages beside a breach of the same pair and measure that lie within tolerance: no verdicts of their own.
    cannot_judge_m
        Such chainages beside a breach in plan that cannot be judged: one place is one verdict.
    also
        Of a chamber: the other measures of its place, no verdicts of their own (decision 0077).
    duties
        For dig: strike, hand_dig, owner_present, support.
    """

    id: str
    outcome: Outcome
    measure: Measure
    a: int
    b: int | None
    chainage_m: tuple[float, float]
    points: tuple[tuple[float, float], ...]
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
    needs_checking: bool = False
    advisory: bool = False
    duties: tuple[str, ...] = ()
    a_is_hole: bool = False
    b_is_new: bool = False
    within_tolerance_m: tuple[tuple[float, float], ...] = ()
    cannot_judge_m: tuple[tuple[float, float], ...] = ()
    also: tuple[Also, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """The kernel's answer: every verdict that is not clear, in canonical order, and what was looked at.

    Attributes
    ----------
    counts
        By outcome, per pair and measure, advice left out; ``clear`` counts what was looked at and found clear.
    advice
        Count of the advisory verdicts by measure.
    pairs
        Pairs of runs within each other's reach.
    by_kind
        The same by the kind of the existing run.
    left_out
        Pairs or parts that were not judged, by reason.
    clear
        Clear pairs as (measure, a, b); ``b`` is -1 for cover, and -2 - b for new run ``b`` of the same work.
    unverified
        For each clear verdict that rests on a figure of confidence memory alone: its measure, that rule and ``b``.
    assumed_dry
        Where the cover is judged as under dry land because nothing tells the surface, and it matters.
    left_out_of, paired
        Reason and ``b`` of each of ``left_out``; ``b`` of each of ``pairs``.
    """

    verdicts: tuple[Verdict, ...]
    counts: dict[str, int]
    advice: dict[str, int]
    pairs: int
    by_kind: dict[str, int]
    left_out: dict[str, int]
    clear: tuple[tuple[Measure, int, int], ...] = ()
    unverified: tuple[tuple[Measure, str, int], ...] = ()
    assumed_dry: tuple[AssumedDry, ...] = ()
    left_out_of: tuple[tuple[str, int], ...] = ()
    paired: tuple[int, ...] = ()
