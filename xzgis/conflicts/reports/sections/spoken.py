"""Which findings a section speaks of, and where along a new run a finding is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from xzgis.conflicts.reports.sections.places import Place, place_of
from xzgis.conflicts.reports.sections.scene import Tone
from xzgis.conflicts.terms import Finding, Measure, Outcome
from xzgis.core.words import Words
from xzgis.networks.rules.cut import CutHit, CutRun
from xzgis.networks.terms import RunColumns

NEAR_M = 1.0
TONES: dict[Outcome, Tone] = {
    Outcome.BREACH: "bad",
    Outcome.WITHIN_TOLERANCE: "warn",
    Outcome.CANNOT_JUDGE: "ask",
    Outcome.REFER: "ask",
}
BETWEEN_WALLS = (Measure.HORIZONTAL, Measure.VERTICAL, Measure.STACKED, Measure.COLLISION)
SAME_M, SAME_DEG = 0.002, 0.01
SQUARE_DEG = 0.5
"""Turned by less, a cut is shown as square."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A finding that a section at ``chainage_m`` speaks of; ``is_here``: the section is cut where its gap is least."""

    number: int
    finding: Finding
    place: Place
    is_here: bool
    chainage_m: float

    @property
    def is_beside(self) -> bool:
        """Whether the section lies outside the stretch of the finding."""
        first, last = self.finding.chainage_m
        return not first - SAME_M <= self.chainage_m <= last + SAME_M


def spoken_at(
    numbered: Iterable[tuple[int, Finding]],
    asked: Place,
    *,
    run: CutRun,
    new: RunColumns,
    existing: RunColumns,
) -> list[Spoken]:
    """The findings of the new run ``run`` whose stretch the section at ``asked`` passes, those cut exactly first."""
    spoken = []
    for number, whole in numbered:
        one = _of_place(whole, f"new:{-run.run_id}", asked.chainage_m)
        if one.a.id != f"new:{-run.run_id}" or not _speaks_at(one, asked.chainage_m):
            continue
        place = place_of(one, new=new, existing=existing)
        here = place.is_exact and abs(place.chainage_m - asked.chainage_m) <= SAME_M
        here = here and abs(place.turn_deg - asked.turn_deg) <= SAME_DEG
        spoken.append(Spoken(number, one, place, here, asked.chainage_m))
    return sorted(spoken, key=lambda each: (not each.is_here, each.number))


def run_key(party_id: str) -> str:
    """The identity that a mark's run has for a party of a finding: new runs count down from -1."""
    return f"-{party_id.removeprefix('new:')}" if party_id.startswith("new:") else party_id


def turn_words(turn_deg: float, spoken: Iterable[Spoken]) -> Words | None:
    """Why the cut is not square to the new line, and which way it is turned; None where it is square as far as is shown."""
    if abs(turn_deg) < SQUARE_DEG:
        return None
    zh = f"剖面自垂直于新管的方向{'逆' if turn_deg > 0 else '顺'}时针转 {abs(turn_deg):.0f}°"
    way = "anticlockwise" if turn_deg > 0 else "clockwise"
    en = f"The cut is turned {abs(turn_deg):.0f}° {way} from square to the new line"
    here = next((each.place for each in spoken if each.is_here), None)
    if here is None:
        return Words(
            f"{zh}（不是任何一项的净距方向）：斜切的管线截面比实际宽，图上间距不是净距。",
            f"{en}, along the gap of no finding: lines cut aslant look wider than they are, and distances are no gaps.",
        )
    if here.foot_m is None:
        return Words(
            f"{zh}：取两条线夹角的平分方向，使两条线都尽量正交地切开。",
            f"{en}, midway between both lines, so that it passes each as squarely as it can.",
        )
    return Words(
        f"{zh}：使剖面通过两条线最近的两点，图上的净距就是该项的净距。",
        f"{en}, so that it runs through the nearest points of both lines: the gap drawn is the gap of the finding.",
    )


def missed(found: Sequence[CutHit], spoken: Iterable[Spoken]) -> list[tuple[int, Finding]]:
    """Findings at a chainage whose other line ends beside the cut, so that the drawing does not show it."""
    seen = {str(hit.run.run_id) for hit in found}
    return [
        (each.number, each.finding)
        for each in spoken
        if each.finding.b is not None
        and each.finding.measure is not Measure.ZONE
        and run_key(each.finding.b.id) not in seen
    ]


def _of_place(finding: Finding, run: str, chainage_m: float) -> Finding:
    """Of a finding that stands for several lines what it says of the nearest of them at that place of ``run``."""
    here = [
        line
        for line in finding.lines
        if line.a.id == run and line.chainage_m[0] <= chainage_m <= line.chainage_m[1]
    ]
    if not here:
        # Between the stretches of its lines nothing is said of it.
        return replace(finding, chainage_m=finding.lines[0].chainage_m) if finding.lines else finding
    nearest = min(here, key=lambda line: line.gap_m or 0.0)
    return replace(nearest, id=finding.id, words=finding.words, contest=finding.contest)


def _speaks_at(finding: Finding, chainage_m: float) -> bool:
    first, last = finding.chainage_m
    if finding.measure is Measure.ZONE:
        return not finding.advisory and first <= chainage_m <= last
    walls = finding.measure in BETWEEN_WALLS or (
        finding.measure is Measure.COVER and finding.outcome in TONES
    )
    near = 0.0 if finding.measure is Measure.COVER else NEAR_M
    return walls and not finding.advisory and first - near <= chainage_m <= last + near


def spans_of(finding: Finding, run: str) -> list[tuple[float, float]]:
    """Where ``finding`` is along ``run``; one that stands for several lines from the first to the last of them there."""
    parts = [one.chainage_m for one in finding.lines or (finding,) if one.a.id == run]
    return [(min(first for first, _ in parts), max(last for _, last in parts))] if parts else []
