"""Sections and profiles of a checked work as scenes."""

from collections.abc import Iterable, Sequence
from math import atan2, cos, degrees, hypot, pi, radians, sin

import numpy as np

from web.drawing.scene import Bar, DrawingWords, Link, Mark, Scene, Strip, Tone
from web.formats import chainage as spoken_chainage
from web.formats import metres
from web.language import Speaker
from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.terms import Finding, Measure, Outcome
from xzgis.networks.rules.cut import CutHit, CutRun, Pair, hits
from xzgis.networks.terms import FloatArray, RunColumns
from xzgis.works.terms import GroundSource

FALLBACK_COLOUR = "#410e76"
NEAR_M = 1.0
TONES: dict[Outcome, Tone] = {
    Outcome.BREACH: "bad",
    Outcome.WITHIN_TOLERANCE: "warn",
    Outcome.CANNOT_JUDGE: "ask",
    Outcome.REFER: "ask",
}
SIGNS = {"bad": "✕", "warn": "△", "ask": "?", "plain": ""}
BETWEEN_WALLS = (Measure.HORIZONTAL, Measure.VERTICAL, Measure.STACKED, Measure.COLLISION)


def new_run(runs: RunColumns, at: int, *, label: str) -> CutRun:
    """A new run of a placed work as a section needs it."""
    part = slice(int(runs.offset[at]), int(runs.offset[at + 1]))
    facts = runs.conditions[int(runs.condition[at])]
    # The largest size that fits what was said: a drawing must not promise more room than there is.
    width, height = float(runs.width_m[at, 1]), float(runs.height_m[at, 1])
    crown, bottom = runs.crown_m[part], runs.bottom_m[part]
    return CutRun(
        run_id=int(runs.run_id[at]), kind=facts.kind, label=label,
        size=None if facts.nominal_mm is None else f"DN{facts.nominal_mm:g}",
        shape="circle" if width == height else "rectangle", owner=None, life_state="new", surveyed_on=None,
        axis_m=runs.xy_m[part] + np.array(runs.origin_m),
        crown_m=np.where(np.isnan(crown), bottom + height, crown),
        bottom_m=np.where(np.isnan(bottom), crown - height, bottom), ground_m=runs.ground_m[part],
        width_m=width, height_m=height,
        sigma_plan_m=float(runs.sigma_plan_m[at]), sigma_level_m=float(runs.sigma_level_m[at]),
    )  # fmt: skip


def stations_of(axis_m: FloatArray) -> FloatArray:
    """Chainage of every vertex of an axis ``(n, 2)``."""
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(axis_m, axis=0).T))))


def cut_at(axis_m: FloatArray, *, chainage_m: float, reach_m: float, turn_deg: float) -> tuple[Pair, Pair]:
    """The cut through a chainage: square to the axis, or turned; its first end lies to the left."""
    stations = stations_of(axis_m)
    at = int(np.clip(np.searchsorted(stations, chainage_m, side="right") - 1, 0, len(axis_m) - 2))
    (x0, y0), (x1, y1) = axis_m[at], axis_m[at + 1]
    share = (chainage_m - stations[at]) / max(stations[at + 1] - stations[at], 1e-9)
    x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
    heading = atan2(y1 - y0, x1 - x0) + pi / 2 + radians(turn_deg)
    dx, dy = cos(heading) * reach_m, sin(heading) * reach_m
    return (float(x + dx), float(y + dy)), (float(x - dx), float(y - dy))


def turn_for(axis_m: FloatArray, finding: Finding, existing: RunColumns) -> float:
    """How far to turn the cut at a crossing so that it passes both lines as squarely as it can, degrees."""
    if finding.angle_deg is None or finding.b is None or not finding.b.id.isdigit():
        return 0.0
    found = np.flatnonzero(existing.run_id == int(finding.b.id))
    if not len(found):
        return 0.0
    at = int(found[0])
    line = existing.xy_m[int(existing.offset[at]) : int(existing.offset[at + 1])] + np.array(
        existing.origin_m
    )
    place = np.array(finding.geometry["coordinates"][:2], dtype=float)
    (cut_start, cut_end) = cut_at(axis_m, chainage_m=finding.chainage_m[0], reach_m=1.0, turn_deg=0.0)
    own = atan2(cut_start[1] - cut_end[1], cut_start[0] - cut_end[0]) - pi / 2
    middles = (line[:-1] + line[1:]) / 2
    nearest = int(np.argmin(np.hypot(*(middles - place).T)))
    step = line[nearest + 1] - line[nearest]
    # Between the two directions, in (-90, 90]; half of it turns the square cut to the bisector.
    between = degrees(atan2(step[1], step[0]) - own) % 180.0
    return round((between if between <= 90.0 else between - 180.0) / 2.0, 1)


class Draughtsman:
    """Turns hits into marks, in the reader's words and the kinds' colours."""

    def __init__(self, say: Speaker, known: Catalogue) -> None:
        self.say = say
        self.known = known

    def colour(self, kind: str) -> str:
        """Screen colour of a kind."""
        symbol = self.known.symbols.get(kind)
        return symbol.screen if symbol else FALLBACK_COLOUR

    def mark(self, identity: str, at_m: float, hit: CutHit, *, tone: Tone = "plain") -> Mark:
        """One line seen in a cut."""
        run = hit.run
        is_new = run.run_id < 0
        code = self.known.kinds[run.kind].code if run.kind in self.known.kinds else run.kind
        cover = None if hit.crown_m is None or hit.ground_m is None else hit.ground_m - hit.crown_m
        if not hit.depth_known:
            note = self.say("works.depth_unknown")
        elif cover is None:
            note = metres(hit.crown_m)
        else:
            note = self.say("works.cover_note", cover=f"{cover:.2f}")
        sentence = self.say(
            "works.mark_sentence", at=f"{at_m:.2f}", kind=self.say.kind(self.known, run.kind),
            size=run.size or self.say("works.size_unknown"), label=run.label,
            crown=metres(hit.crown_m), bottom=metres(hit.bottom_m), angle=f"{hit.angle_deg:.0f}",
            owner=run.owner or "—",
        )  # fmt: skip
        caption = f"{code} {run.size or '?'}"
        return Mark(
            id=identity, at_m=at_m, width_m=hit.seen_width_m, crown_m=hit.crown_m, bottom_m=hit.bottom_m,
            is_round=run.shape != "rectangle", colour=self.colour(run.kind),
            caption=f"{self.say('works.new')} {caption}" if is_new else caption, note=note, sentence=sentence,
            tone=tone, is_new=is_new, href=None if is_new else f"/map/runs/{run.run_id}",
        )  # fmt: skip

    def words(self) -> DrawingWords:
        """Labels that every drawing has."""
        return DrawingWords(
            unknown_depth=self.say("works.depth_unknown"),
            level_axis=self.say("works.level_axis"),
            scale=self.say("works.scale_words"),
        )

    def description(self, length_m: float, marks: Iterable[Mark]) -> str:
        """A whole drawing as sentences."""
        marks = list(marks)
        return self.say("works.drawing_sentence", length=f"{length_m:.1f}", count=len(marks)) + " ".join(
            mark.sentence for mark in marks
        )


def figures(say: Speaker, finding: Finding) -> str:
    """A failing pair in figures: ✕ 水平净距 0.40 < 1.5 m."""
    sign = f"{SIGNS[TONES.get(finding.outcome, 'plain')]} {say(f'works.measure.{finding.measure.value}')}"
    if finding.gap_m is None or finding.required_m is None:
        return sign
    relation = "<" if finding.gap_m < finding.required_m else "≈"
    return f"{sign} {finding.gap_m:.2f} {relation} {finding.required_m:g} m"


def section_scene(
    artist: Draughtsman,
    *,
    cut: tuple[Pair, Pair],
    found: Sequence[CutHit],
    mine: Sequence[CutHit],
    findings: Sequence[Finding],
    chainage_m: float | None,
    title: str,
) -> Scene:
    """A cross-section: existing lines ``found`` and new ones ``mine`` on one cut."""  # fmt: skip
    start, end = cut
    speaks = [one for one in findings if chainage_m is not None and _speaks_at(one, chainage_m)]
    worst = _worst_by_run(speaks)
    marks: list[Mark] = []
    by_run: dict[str, str] = {}
    for number, hit in enumerate([*mine, *found]):
        key = str(hit.run.run_id)
        tone = TONES.get(worst[key].outcome, "plain") if key in worst else "plain"
        mark = artist.mark(f"s{number}", hit.offset_m, hit, tone=tone)
        marks.append(mark)
        by_run.setdefault(key, mark.id)
    links = []
    if mine:
        links = [
            Link(
                from_id="s0",
                to_id=by_run[key],
                text=figures(artist.say, one),
                tone=TONES.get(one.outcome, "plain"),
            )
            for key, one in worst.items()
            if key in by_run
        ]
    ground = tuple(
        sorted((hit.offset_m, hit.ground_m) for hit in [*mine, *found] if hit.ground_m is not None)
    )
    length = hypot(end[0] - start[0], end[1] - start[1])
    return Scene(
        title=title, length_m=length, axis_label=artist.say("works.section_axis"),
        ground=ground, ground_words=artist.say("works.ground_line" if ground else "works.ground_unknown"),
        marks=tuple(marks), links=tuple(links), description=artist.description(length, marks), words=artist.words(),
    )  # fmt: skip


def missed(
    found: Sequence[CutHit], findings: Iterable[tuple[int, Finding]], chainage_m: float
) -> list[tuple[int, Finding]]:
    """Findings at a chainage whose other line ends beside the cut, so that the drawing does not show it."""
    seen = {str(hit.run.run_id) for hit in found}
    return [
        (number, one)
        for number, one in findings
        if one.b is not None and one.b.id not in seen and _speaks_at(one, chainage_m)
    ]


def _speaks_at(finding: Finding, chainage_m: float) -> bool:
    first, last = finding.chainage_m
    return finding.measure in BETWEEN_WALLS and first - NEAR_M <= chainage_m <= last + NEAR_M


def _worst_by_run(findings: Iterable[Finding]) -> dict[str, Finding]:
    rank = {Outcome.BREACH: 0, Outcome.WITHIN_TOLERANCE: 1, Outcome.CANNOT_JUDGE: 2}
    worst: dict[str, Finding] = {}
    for one in sorted((one for one in findings if one.outcome in rank), key=lambda one: rank[one.outcome]):
        if one.b is not None:
            worst.setdefault(one.b.id, one)
    return worst


def profile_scene(
    artist: Draughtsman,
    *,
    run: CutRun,
    crossings: Sequence[tuple[float, CutHit]],
    numbered: Sequence[tuple[int, Finding]],
    cursor_m: float | None,
    title: str,
    ground_source: GroundSource,
) -> Scene:
    """A long profile along a new run: ground, the run's body, every line it crosses, stretches of findings."""  # fmt: skip
    stations = stations_of(run.axis_m)
    worst = _worst_by_run(one for _, one in numbered)
    marks = tuple(
        artist.mark(
            f"p{number}",
            at_m,
            hit,
            tone=TONES.get(worst[key].outcome, "plain") if (key := str(hit.run.run_id)) in worst else "plain",
        )
        for number, (at_m, hit) in enumerate(crossings)
    )
    bars = tuple(
        Bar(
            id=one.id,
            number=str(number),
            from_m=one.chainage_m[0],
            to_m=max(one.chainage_m[1], one.chainage_m[0]),
            tone=TONES[one.outcome],
            text=f"{number}. {spoken_chainage(one.chainage_m[0])} {artist.say.of(one.words)}",
        )
        for number, one in numbered
        if one.outcome in TONES and not one.advisory
    )
    known = [
        (float(at), float(level))
        for at, level in zip(stations, run.ground_m, strict=True)
        if not np.isnan(level)
    ]
    length = float(stations[-1])
    return Scene(
        title=title, length_m=length, axis_label=artist.say("works.profile_axis"),
        ground=tuple(known), ground_words=artist.say(f"works.ground_from.{ground_source.value}"),
        marks=marks, bars=bars, cursor_m=cursor_m, is_chainage=True,
        strips=(Strip(at_m=tuple(float(at) for at in stations), crown_m=_optional(run.crown_m),
                      bottom_m=_optional(run.bottom_m), colour=artist.colour(run.kind)),),
        description=artist.description(length, marks), words=artist.words(),
    )  # fmt: skip


def _optional(levels: FloatArray) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(level) else float(level) for level in levels)


def own_hits(cut: tuple[Pair, Pair], runs: Iterable[CutRun]) -> list[CutHit]:
    """Where the new runs pass through a cut."""
    return hits(*cut, runs)
