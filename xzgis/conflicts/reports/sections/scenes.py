"""Sections and profiles of a checked work as scenes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.reports.labels import measure_word
from xzgis.conflicts.reports.sections.ground import GroundLine, ground_of_profile
from xzgis.conflicts.reports.sections.places import stations_of
from xzgis.conflicts.reports.sections.scene import Bar, DrawingWords, Link, Mark, Scene, Strip, Tone
from xzgis.conflicts.reports.sections.speech import Speech, metres, station
from xzgis.conflicts.reports.sections.spoken import TONES, Spoken, run_key, spans_of
from xzgis.conflicts.terms import Finding, Measure, Outcome
from xzgis.networks.rules.cut import CutHit, CutRun, Pair, hit_at, hits
from xzgis.networks.terms import FloatArray, LifeState, RunColumns
from xzgis.works.terms import GroundSource

FALLBACK_COLOUR = "#410e76"
SIGNS = {"bad": "✕", "warn": "△", "ask": "?", "plain": ""}
UPRIGHT = (Measure.VERTICAL, Measure.COLLISION)
SAME_COVER_M = 0.05


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


def existing_run(runs: RunColumns, at: int, *, label: str, owner: str | None = None) -> CutRun:
    """A candidate of a check as a section needs it; an unknown size is drawn as the largest it may be."""
    return replace(
        new_run(runs, at, label=label), owner=owner, life_state=tuple(LifeState)[runs.life[at]].value
    )


class Draughtsman:
    """Turns hits into marks, in the reader's words and the kinds' colours."""

    def __init__(self, say: Speech, known: Catalogue) -> None:
        self.say = say
        self.known = known

    def colour(self, kind: str) -> str:
        """Screen colour of a kind."""
        symbol = self.known.symbols.get(kind)
        return symbol.screen if symbol else FALLBACK_COLOUR

    def mark(
        self, identity: str, at_m: float, hit: CutHit, *, tone: Tone = "plain", drawn_m: float | None = None
    ) -> Mark:
        """One line seen in a cut; ``drawn_m`` is the level of the ground drawn above it, where that is known."""
        run = hit.run
        is_new = run.run_id < 0
        code = self.known.kinds[run.kind].code if run.kind in self.known.kinds else run.kind
        cover = None if hit.crown_m is None or hit.ground_m is None else hit.ground_m - hit.crown_m
        if not hit.depth_known:
            note = self.say("depth_unknown")
        elif cover is None:
            note = metres(hit.crown_m)
        elif (
            hit.crown_m is not None
            and drawn_m is not None
            and abs(cover - (drawn_m - hit.crown_m)) > SAME_COVER_M
        ):
            # The depth that was measured from the line's own ground would contradict what the eye reads off.
            note = self.say("drawn_note", cover=f"{drawn_m - hit.crown_m:.2f}")
        else:
            note = self.say("cover_note", cover=f"{cover:.2f}")
        sentence = self.say(
            "mark_sentence", at=f"{at_m:.2f}", kind=self.say.kind(self.known, run.kind),
            size=run.size or self.say("size_unknown"), label=run.label,
            crown=metres(hit.crown_m), bottom=metres(hit.bottom_m), angle=f"{hit.angle_deg:.0f}",
            owner=run.owner or "—",
        )  # fmt: skip
        caption = f"{code} {run.size or '?'}"
        return Mark(
            id=identity, at_m=at_m, width_m=hit.seen_width_m, crown_m=hit.crown_m, bottom_m=hit.bottom_m,
            is_round=run.shape != "rectangle", colour=self.colour(run.kind),
            caption=f"{self.say('new')} {caption}" if is_new else caption, note=note, sentence=sentence,
            tone=tone, is_new=is_new, href=None if is_new else f"/map/runs/{run.run_id}",
        )  # fmt: skip

    def words(self) -> DrawingWords:
        """Labels that every drawing has."""
        return DrawingWords(
            unknown_depth=self.say("depth_unknown"),
            level_axis=self.say("level_axis"),
            scale=self.say("scale_words"),
            equal=self.say("scale_equal"),
        )

    def description(self, length_m: float, marks: Iterable[Mark]) -> str:
        """A whole drawing as sentences."""
        marks = list(marks)
        return self.say("drawing_sentence", length=f"{length_m:.1f}", count=len(marks)) + " ".join(
            mark.sentence for mark in marks
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """The earth opened along ``cut``: existing lines ``found``, new ones ``mine``, and the line of the ground."""

    cut: tuple[Pair, Pair]
    found: Sequence[CutHit]
    mine: Sequence[CutHit]
    ground: GroundLine


def section_scene(
    artist: Draughtsman,
    *,
    opened: Opened,
    spoken: Sequence[Spoken],
    title: str,
    run_id: int = -1,
) -> Scene:
    """A cross-section of the new run ``run_id`` and what else one cut meets."""
    start, end = opened.cut
    mine, found = opened.mine, opened.found
    length = hypot(end[0] - start[0], end[1] - start[1])
    first = _first_by_run(spoken)
    level = (*UPRIGHT, Measure.COVER)
    round_at = {key for key, each in first.items() if each.is_here and each.finding.measure not in level}
    marks: list[Mark] = []
    by_run: dict[str, tuple[Mark, CutHit]] = {}
    mine = sorted(mine, key=lambda hit: (hit.run.run_id != run_id, abs(hit.offset_m - length / 2)))
    for number, passed in enumerate([*mine, *sorted(found, key=lambda hit: abs(hit.offset_m - length / 2))]):
        key, hit = str(passed.run.run_id), passed
        if key in round_at and key not in by_run and (foot := first[key].place.foot_m) is not None:
            hit = hit_at(start, end, passed.run, foot)
        tone = TONES.get(first[key].finding.outcome, "plain") if key in first else "plain"
        drawn_m = opened.ground.at(hit.offset_m)
        mark = artist.mark(f"s{number}", hit.offset_m, hit, tone=tone, drawn_m=drawn_m)
        if key in round_at or (number == 0 and round_at):
            # Nearest points at an end or a bend: there the envelope is round, as wide as it is in the square cut.
            mark = replace(mark, width_m=hit.run.width_m)
        marks.append(mark)
        by_run.setdefault(key, (mark, hit))
    links = _links(artist.say, spoken, first, marks, by_run) if mine else ()
    return Scene(
        title=title, length_m=length, axis_label=artist.say("section_axis"),
        ground=opened.ground.points, ground_words=opened.ground.words,
        marks=tuple(marks), links=links, description=artist.description(length, marks), words=artist.words(),
    )  # fmt: skip


def _links(
    say: Speech,
    spoken: Sequence[Spoken],
    first: Mapping[str, Spoken],
    marks: Sequence[Mark],
    by_run: Mapping[str, tuple[Mark, CutHit]],
) -> tuple[Link, ...]:
    """The gaps of a section: to every other line that a finding names, and the cover where it is too small."""
    own = marks[0]
    links = []
    for key, each in first.items():
        if key not in by_run or by_run[key][0].id == own.id:
            continue
        other = by_run[key][0]
        upright = each.finding.measure in UPRIGHT
        here = _upright_m(own, other) if upright else _level_m(own, other)
        links.append(
            Link(own.id, other.id, figures(say, each, here), tone_of(each, here),
                 along="down" if upright else "across")
        )  # fmt: skip
    own_hit = next(hit for mark, hit in by_run.values() if mark.id == own.id)
    for each in spoken:
        if each.finding.measure is Measure.COVER and own_hit.ground_m is not None:
            cover = None if own.crown_m is None else own_hit.ground_m - own.crown_m
            links.append(
                Link(own.id, "", figures(say, each, cover), TONES.get(each.finding.outcome, "plain"),
                     along="down", to_level_m=own_hit.ground_m)
            )  # fmt: skip
            break
    return tuple(links)


def _level_m(one: Mark, other: Mark) -> float | None:
    """From wall to wall along the cut, as drawn."""
    if one.width_m is None or other.width_m is None:
        return None
    return abs(one.at_m - other.at_m) - (one.width_m + other.width_m) / 2


def _upright_m(one: Mark, other: Mark) -> float | None:
    """From the bottom of the upper to the crown of the lower, as drawn."""
    levels = (one.crown_m, one.bottom_m, other.crown_m, other.bottom_m)
    if any(level is None for level in levels):
        return None
    crown, bottom, other_crown, other_bottom = (level for level in levels if level is not None)
    return max(bottom - other_crown, other_bottom - crown)


def figures(say: Speech, spoken: Spoken, here_m: float | None) -> str:
    """A pair in figures: 1 ✕ 水平净距 0.40 < 1.5 m; beside its least place also what is measured here."""
    finding = spoken.finding
    sign = SIGNS[tone_of(spoken, here_m)]
    head = f"{spoken.number} {sign} {measure_word(finding.measure, say.language)}"
    least = _least(finding)
    if not spoken.is_here and here_m is not None and least not in (None, f"{here_m:.2f}"):
        at, here = station(spoken.place.chainage_m), f"{here_m:.2f}"
        if at == station(spoken.chainage_m):
            # One place and two figures: what is drawn, and the bounds that the verdict was given by.
            return f"{head} {say('bounds_here', here=here, least=least)}"
        told = say("least_elsewhere", here=here, least=least, at=at)
        if spoken.is_beside:
            first, last = (station(each) for each in finding.chainage_m)
            told += say("beside_stretch", first=first, last=last)
        return f"{head} {told}"
    asked = "" if finding.required_m is None else say("asked", metres=f"{finding.required_m:g}")
    if least is None:
        return f"{head} {say('not_known')}{asked}"
    known = finding.gap_m is not None and finding.required_m is not None and "～" not in least
    if known and finding.gap_m < finding.required_m:  # type: ignore[operator]  # both are known
        return f"{head} {least} < {finding.required_m:g} m"
    return f"{head} {least} m{asked}"


def tone_of(spoken: Spoken, here_m: float | None) -> Tone:
    """The tone of a finding in a section: beside its stretch, where what is asked is kept as drawn, it is none."""
    required_m = spoken.finding.required_m
    keeps = here_m is not None and required_m is not None and here_m >= required_m
    if spoken.is_beside and keeps:
        return "plain"
    return TONES.get(spoken.finding.outcome, "plain")


def _least(finding: Finding) -> str | None:
    """The least gap, or its bounds, to centimetres; None when nothing is known of it."""
    low, high = finding.gap_range_m or (finding.gap_m, finding.gap_m)
    if low is not None and high is not None and f"{low:.2f}" != f"{high:.2f}":
        return f"{low:.2f}～{high:.2f}"
    return None if finding.gap_m is None else f"{finding.gap_m:.2f}"


def _first_by_run(spoken: Iterable[Spoken]) -> dict[str, Spoken]:
    """The finding that is drawn for every other run: the one cut exactly, else the first in number."""
    first: dict[str, Spoken] = {}
    for each in spoken:
        # A zone is no gap between two walls: nothing is drawn of it.
        is_gap = each.finding.measure is not Measure.ZONE
        if is_gap and each.finding.b is not None and each.finding.outcome in TONES:
            first.setdefault(run_key(each.finding.b.id), each)
    return first


def _worst_by_run(findings: Iterable[Finding]) -> dict[str, Finding]:
    rank = {Outcome.BREACH: 0, Outcome.WITHIN_TOLERANCE: 1, Outcome.CANNOT_JUDGE: 2}
    worst: dict[str, Finding] = {}
    for one in sorted((one for one in findings if one.outcome in rank), key=lambda one: rank[one.outcome]):
        if one.b is not None:
            worst.setdefault(run_key(one.b.id), one)
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
            from_m=span[0],
            to_m=max(span),
            tone=TONES[one.outcome],
            text=f"{number}. {station(span[0])} {artist.say.of(one.words)}",
        )
        for number, one in numbered
        if one.outcome in TONES and not one.advisory
        for span in spans_of(one, f"new:{-run.run_id}")
    )
    ground = ground_of_profile(artist.say, stations, run.ground_m, ground_source)
    length = float(stations[-1])
    return Scene(
        title=title, length_m=length, axis_label=artist.say("profile_axis"),
        ground=ground.points, ground_words=ground.words,
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
