"""Sections and profile of a checked work, laid out for its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from web.drawing.table import rows_of
from web.language import Speaker
from web.pages.works.checked import Answered
from xzgis.catalogue.queries import catalogue
from xzgis.conflicts.actions.check import sources_of
from xzgis.conflicts.queries.ground import grounds_of
from xzgis.conflicts.reports.sections.ground import ground_of_section
from xzgis.conflicts.reports.sections.places import Place, cut_at, number_of, place_of
from xzgis.conflicts.reports.sections.scenes import (
    Draughtsman,
    Opened,
    own_hits,
    profile_scene,
    section_scene,
)
from xzgis.conflicts.reports.sections.sheet import Sheet, lay_out
from xzgis.conflicts.reports.sections.speech import Speech, station
from xzgis.conflicts.reports.sections.spoken import missed, spoken_at, turn_words
from xzgis.conflicts.reports.templating import svg_of
from xzgis.conflicts.terms import Finding
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.settings import settings
from xzgis.identity.terms import MOST_SECRET
from xzgis.networks.queries.section import crossings_of, cut_hits
from xzgis.networks.rules.cut import CutHit, CutRun, Pair

REACH_LIMITS_M = (2.0, 200.0)


@dataclass(frozen=True)
class CutAsked:
    """Which section is asked for: along which new run, where, how far to each side, how far turned, at which scale."""

    run: int
    chainage_m: float
    reach_m: float
    turn_deg: float
    true_scale: bool

    @property
    def place(self) -> Place:
        """The cut without its scale."""
        return Place(self.chainage_m, self.turn_deg, self.reach_m)


def cut_asked(sent: Mapping[str, str], answered: Answered) -> CutAsked:
    """The section a browser asks for: of a finding (``look``), moved from what was shown, or of the first finding.

    Without findings it is the middle of the work.
    """
    first = _looked_at(sent, answered)
    run = _run_asked(sent, answered, first)
    length_m = answered.runs[run].length_m
    shown = Place(length_m / 2)
    if first is not None:
        shown = place_of(first, new=answered.checked.work.runs, existing=answered.checked.existing)
    moved = {} if "look" in sent and first is not None else sent

    def number(names: tuple[str, ...], otherwise: float) -> float:
        for name in names:
            try:
                return float(moved[name])
            except (KeyError, ValueError):
                continue
        return otherwise

    turn = number(("turn", "at_turn"), 0.0 if "chainage" in moved or "at" in moved else shown.turn_deg)
    return CutAsked(
        run=run,
        chainage_m=min(max(number(("chainage", "at"), shown.chainage_m), 0.0), length_m),
        reach_m=min(max(number(("reach", "at_reach"), shown.reach_m), REACH_LIMITS_M[0]), REACH_LIMITS_M[1]),
        turn_deg=(turn + 90.0) % 180.0 - 90.0,
        true_scale=sent.get("scale", sent.get("at_scale", "true")) == "true",
    )


def _looked_at(sent: Mapping[str, str], answered: Answered) -> Finding | None:
    """The finding whose section is asked for, else the first of the run that is shown, else of any."""
    along = [one for _, one in answered.numbered if number_of(one) >= 0]
    asked = next((one for one in along if one.id == sent.get("look")), None)
    judged = [one for one in along if not one.advisory]
    shown = sent.get("at_run", "")
    if asked is None and shown.isdigit():
        return next((one for one in judged if number_of(one) == int(shown)), None)
    return asked or next(iter(judged), None)


def _run_asked(sent: Mapping[str, str], answered: Answered, first: Finding | None) -> int:
    """The number of the new run, from 0."""
    if "look" not in sent and sent.get("at_run", "").isdigit():
        return min(int(sent["at_run"]), len(answered.runs) - 1)
    return 0 if first is None else number_of(first)


def section_values(actor: Actor, say: Speaker, answered: Answered, asked: CutAsked) -> dict[str, Any]:
    """What the section's template needs: drawing, table, the cut on the map."""
    known = catalogue()
    run = answered.runs[asked.run]
    cut = cut_at(run.axis_m, chainage_m=asked.chainage_m, reach_m=asked.reach_m, turn_deg=asked.turn_deg)
    mine = own_hits(cut, answered.runs)
    with transaction(actor) as session:
        found = cut_hits(session, start_m=cut[0], end_m=cut[1])
        beside = grounds_of(session, known, sources_of(settings())).beside(np.array(cut))
    checked = answered.checked
    spoken = spoken_at(
        answered.numbered, asked.place, run=run, new=checked.work.runs, existing=checked.existing
    )
    speech = Speech(say.language)
    title = speech("section_title", name=run.label or speech("new_work"), at=station(asked.chainage_m),
                   turn=f"{asked.turn_deg:+.0f}°") + partly(actor, say)  # fmt: skip
    ground = ground_of_section(speech, mine=mine, found=found, sources=checked.work.ground, beside=beside)
    scene = section_scene(
        Draughtsman(speech, known), opened=Opened(cut, found, mine, ground), spoken=spoken, title=title,
        run_id=run.run_id,
    )  # fmt: skip
    hits: list[CutHit] = sorted([*mine, *found], key=lambda hit: hit.offset_m)
    return {
        "asked": asked, "sheet": lay_out(scene, true_scale=asked.true_scale), "hits": hits,
        "rows": rows_of(say, known, hits), "cut": cut_feature(cut, station(asked.chainage_m)), "cut_m": cut,
        "length_m": run.length_m, "missed": missed([*mine, *found], spoken),
        "turned": turn_words(asked.turn_deg, spoken),
        "spoken": [(each.number, each.finding) for each in spoken if not each.finding.advisory],
    }  # fmt: skip


def partly(actor: Actor, say: Speaker) -> str:
    """What a drawing says for who may not see every line: that some may be left out, whether there are any or not.

    Who sees all but what is graded secret is told of that alone, by the right and never by what there is.
    """
    if actor.sight is None:
        return ""
    # Some lines of a higher grade may be drawn as well: then only this much is true.
    if actor.sight.whole_to is None or actor.sight.grade > actor.sight.whole_to:
        return say("map.partly_drawn")
    if actor.sight.whole_to >= MOST_SECRET:
        return ""
    if actor.sight.whole_to == 0:
        return say("map.secret_not_drawn")
    return say("map.higher_not_drawn", grade=say(f"rights.grade.{actor.sight.whole_to}"))


def cut_feature(cut: tuple[Pair, Pair], text: str) -> list[dict[str, Any]]:
    """The cut line for the map, storage CRS."""
    line = {"type": "LineString", "coordinates": [list(cut[0]), list(cut[1])]}
    end = {"type": "Point", "coordinates": list(cut[0])}
    return [
        {"type": "Feature", "geometry": line, "properties": {"tone": "cut"}},
        {"type": "Feature", "geometry": end, "properties": {"tone": "cut", "text": text}},
    ]


def profile_sheet(
    actor: Actor, say: Speaker, answered: Answered, run: CutRun, cursor_m: float | None
) -> Sheet:
    """The long profile of one run."""
    with transaction(actor) as session:
        crossings = crossings_of(session, axis_m=run.axis_m)
    speech = Speech(say.language)
    title = speech("profile_title", name=run.label or speech("new_work")) + partly(actor, say)
    scene = profile_scene(
        Draughtsman(speech, catalogue()), run=run, crossings=crossings, numbered=answered.numbered,
        cursor_m=cursor_m, title=title, ground_source=answered.checked.work.ground[-run.run_id - 1],
    )  # fmt: skip
    return lay_out(scene, true_scale=False)


def svg_text(sheet: Sheet) -> str:
    """A sheet as a file of its own."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + svg_of(sheet)
