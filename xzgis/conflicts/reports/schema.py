"""The published shape of the findings document; ``docs/schemas/findings.schema.json`` is made from it."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from xzgis.conflicts.terms import Measure, Outcome

Interval = tuple[float, float]
ALONG = (
    "From and to, metres along new run `a` from its first vertex (an existing run `a` of the register likewise);"
    " of an excavation (`a` is `hole:…`) along the other run `b`, from its first point as registered:"
    " an excavation has no chainage, a chamber stands at [0, 0]. Also [0, 0] where the other line is withheld"
)


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PartyShape(_Shape):
    """One of the two objects: a new run (``new:1``), an excavation (``hole:1``) or a run of the register."""

    id: str
    kind: str
    owner: str | None
    state: Literal["new", "pending", "approved", "reserved", "built", "disused"]
    label: str
    surveyed_on: str | None
    batch: str | None
    is_displaced: bool = Field(description="Test data of another place, laid over the city: no true position")
    is_invented: bool = Field(description="Of an invented sample: nobody surveyed it")


class RuleShape(_Shape):
    """A rule that was asked; at most one decides. ``memory`` figures await checking against the standard."""

    rule_id: str
    standard: str
    table: str
    clearance_m: float
    confidence: Literal["verified", "memory"]
    decides: bool
    mandatory: bool
    note: str


class WordsShape(_Shape):
    """One sentence in both languages."""

    zh: str
    en: str


class GeometryShape(_Shape):
    """GeoJSON geometry in the document's ``crs``: a point, the line of the stretch, or those of several."""

    type: Literal["Point", "LineString", "MultiLineString"]
    coordinates: list[Any]


class ContestShape(_Shape):
    """What a planner holds against a finding; it changes no verdict and no count."""

    reason: str
    by: str
    at: str


class LineShape(_Shape):
    """One of several lines that a finding stands for, and where the work (``a``: its part) is near it."""

    a: str
    b: PartyShape | None
    chainage_m: Interval = Field(description=ALONG)
    gap_m: float | None
    geometry: GeometryShape


class AlsoShape(_Shape):
    """Another measure of the same place, said in the finding that leads."""

    measure: Measure
    outcome: Outcome
    missing: list[str]
    duties: list[str]


class FindingShape(_Shape):
    """One verdict. Lengths in metres; ranges are mildest and strictest reading of what is not known."""

    number: int | None = Field(description="As on the page and in every report; none for what is clear")
    id: str = Field(description="Stable digest: the same finding keeps it from check to check")
    outcome: Outcome = Field(
        description="What was found. With advisory true it is no verdict of a table: not in counts, not a breach"
    )
    measure: Measure
    a: PartyShape
    b: PartyShape | None
    chainage_m: Interval = Field(description=ALONG)
    geometry: GeometryShape
    angle_deg: float | None
    gap_m: float | None
    gap_range_m: tuple[float | None, float | None] | None
    required_m: float | None
    required_range_m: Interval | None
    shortfall_m: float | None
    sigma_m: float | None
    probability: float | None
    rules: list[RuleShape]
    missing: list[str]
    gives_way: dict[str, Any] | None
    mend: dict[str, Any] | None
    needs_checking: bool = Field(description="The deciding figure awaits checking against its standard")
    advisory: bool = Field(
        description="True: a duty about digging or a hint (an order that a clause only recommends), "
        "named so in every table and report;"
        " its outcome is not among counts, so breaches are the findings with outcome breach and advisory false"
    )
    duties: list[str]
    within_tolerance_m: list[Interval]
    cannot_judge_m: list[Interval]
    also: list[AlsoShape] = Field(
        description="Of a chamber: what else is found at its place, in no count of its own"
    )
    contest: ContestShape | None = Field(description="“I think this does not apply”, with the reason")
    words: WordsShape
    lines: list[LineShape] | None = Field(
        default=None,
        description="All lines that the finding stands for, the nearest first (protection and control zones"
        " of one owner are one finding); left out where it is of one line",
    )


class NotCoveredShape(_Shape):
    """A part of a new run, or an excavation, where nobody looked for a kind."""

    kind: str
    run: str
    chainage_m: Interval = Field(
        description="Metres along the new run; of an excavation (`hole:…`) 0 and the length of its outline: all of it"
    )


class CountsShape(_Shape):
    """Verdicts by outcome, advice left out."""

    breach: int
    within_tolerance: int
    cannot_judge: int
    refer: int
    clear: int


class VersionsShape(_Shape):
    """What the document was computed with."""

    rules: str
    data: str
    program: str
    terrain: str


class FindingsDocument(_Shape):
    """The answer to a check: conflicts, what is clear, and what could not be judged."""

    crs: Literal["EPSG:4548"]
    versions: VersionsShape
    verdict: Literal["clear", "findings", "cannot_judge"]
    counts: CountsShape
    findings: list[FindingShape]
    not_covered: list[NotCoveredShape]
    checked: dict[str, Any]
    export: dict[str, Any] | None = Field(
        default=None, description="The mark of the export, in a file that left: number, person, time, grade"
    )


def schema_text() -> str:
    """The JSON Schema as kept in ``docs/schemas/findings.schema.json``."""
    return (
        json.dumps(FindingsDocument.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    )
