"""The drawings of a report: a section for every finding where its gap is least, a long profile for every new run.

Drawn from what the check looked at alone, so that a report needs no database: lines farther off than the rules
ask about are not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.reports.numbering import numbered
from xzgis.conflicts.reports.sections.ground import ground_of_section
from xzgis.conflicts.reports.sections.places import axis_of, cut_at, number_of, place_of
from xzgis.conflicts.reports.sections.scenes import (
    Draughtsman,
    Opened,
    existing_run,
    new_run,
    own_hits,
    profile_scene,
    section_scene,
)
from xzgis.conflicts.reports.sections.sheet import Sheet, lay_out
from xzgis.conflicts.reports.sections.speech import Speech, station
from xzgis.conflicts.reports.sections.spoken import spoken_at, turn_words
from xzgis.conflicts.reports.templating import svg_of
from xzgis.conflicts.rules.answer import Checked
from xzgis.conflicts.terms import Finding, Outcome
from xzgis.core.words import Language, Words
from xzgis.networks.rules.cut import CutHit, CutRun, hits

SECTIONS_MOST = 60
PROFILES_MOST = 20


@dataclass(frozen=True)
class Artwork:
    """SVG texts: sections by the number of their finding, profiles by the number of their run, from 1.

    ``turned``: why a section is not square to its run, by the same number.
    ``undrawn``: findings along a run that are past the most that is drawn.
    """

    sections: dict[int, str]
    profiles: dict[int, str]
    turned: dict[int, str] = field(default_factory=dict)
    undrawn: int = 0


def artwork_of(checked: Checked, catalogue: Catalogue, *, title: str, language: Language) -> Artwork:
    """The drawings of one answer in the reader's language."""
    speech = Speech(language)
    artist = Draughtsman(speech, catalogue)
    new = checked.work.runs
    runs = [new_run(new, at, label=title) for at in range(len(new.run_id))]
    around = _Around(checked)
    open_ones = numbered(checked.result.findings)
    wanted = [
        (number, one)
        for number, one in open_ones
        if not one.advisory and one.outcome is not Outcome.CLEAR and 0 <= number_of(one) < len(runs)
    ]
    sections, turned = {}, {}
    for number, one in wanted[:SECTIONS_MOST]:
        sheet, why = _section(artist, checked, runs, around, (number, one), open_ones)
        sections[number] = svg_of(sheet, tag=f"f{number}-")
        if why is not None:
            turned[number] = speech.of(why)
    profiles = {
        at + 1: svg_of(_profile(artist, checked, run, around, open_ones, at), tag=f"p{at + 1}-")
        for at, run in enumerate(runs[:PROFILES_MOST])
    }
    return Artwork(sections, profiles, turned, undrawn=max(len(wanted) - SECTIONS_MOST, 0))


class _Around:
    """The candidates of a check as runs to be cut, each made when it is first met."""

    def __init__(self, checked: Checked) -> None:
        self._runs = checked.existing
        named = [one.b for one in checked.result.findings if one.b is not None]
        self._parties = {party.id: party for party in named}
        self._made: dict[int, CutRun] = {}
        axes = [axis_of(self._runs, at) for at in range(len(self._runs.run_id))]
        self._low = np.array([axis.min(axis=0) for axis in axes]).reshape(-1, 2)
        self._high = np.array([axis.max(axis=0) for axis in axes]).reshape(-1, 2)

    def near(self, places: Sequence[tuple[float, float]]) -> list[CutRun]:
        """The runs whose boxes meet the box of ``places``."""
        low, high = np.min(places, axis=0), np.max(places, axis=0)
        met = np.flatnonzero(((self._low <= high) & (self._high >= low)).all(axis=1))
        return [self._run(int(at)) for at in met]

    def _run(self, at: int) -> CutRun:
        if at not in self._made:
            party = self._parties.get(str(int(self._runs.run_id[at])))
            label = str(int(self._runs.run_id[at])) if party is None else party.label or party.id
            self._made[at] = existing_run(
                self._runs, at, label=label, owner=None if party is None else party.owner
            )
        return self._made[at]


def _section(
    artist: Draughtsman,
    checked: Checked,
    runs: Sequence[CutRun],
    around: _Around,
    shown: tuple[int, Finding],
    open_ones: Sequence[tuple[int, Finding]],
) -> tuple[Sheet, Words | None]:
    """The section of one finding, and why it is turned."""
    number, finding = shown
    new, existing = checked.work.runs, checked.existing
    run = runs[number_of(finding)]
    place = place_of(finding, new=new, existing=existing)
    cut = cut_at(run.axis_m, chainage_m=place.chainage_m, reach_m=place.reach_m, turn_deg=place.turn_deg)
    # Of other findings at this place only those against other lines: the drawing is about this one.
    beside = [(other, one) for other, one in open_ones if other == number or one.b != finding.b]
    say = artist.say
    title = say("section_title", name=f"{number}. {run.label or say('new_work')}",
                at=station(place.chainage_m), turn=f"{place.turn_deg:+.0f}°")  # fmt: skip
    found, mine = hits(*cut, around.near(cut)), own_hits(cut, runs)
    ground = ground_of_section(say, mine=mine, found=found, sources=checked.work.ground, beside=None)
    spoken = spoken_at(beside, place, run=run, new=new, existing=existing)
    scene = section_scene(
        artist, opened=Opened(cut, found, mine, ground), spoken=spoken, title=title, run_id=run.run_id
    )
    return lay_out(scene, true_scale=True), turn_words(place.turn_deg, spoken)


def _profile(
    artist: Draughtsman,
    checked: Checked,
    run: CutRun,
    around: _Around,
    open_ones: Sequence[tuple[int, Finding]],
    at: int,
) -> Sheet:
    crossings: list[tuple[float, CutHit]] = []
    chainage = 0.0
    for start, end in zip(run.axis_m[:-1], run.axis_m[1:], strict=True):
        ends = (float(start[0]), float(start[1])), (float(end[0]), float(end[1]))
        crossings += [(chainage + hit.offset_m, hit) for hit in hits(*ends, around.near(ends))]
        chainage += float(np.hypot(*(end - start)))
    name = f"{at + 1}. {run.label or artist.say('new_work')}"
    scene = profile_scene(
        artist, run=run, crossings=crossings, numbered=open_ones, cursor_m=None,
        title=artist.say("profile_title", name=name), ground_source=checked.work.ground[at],
    )  # fmt: skip
    return lay_out(scene, true_scale=False)
