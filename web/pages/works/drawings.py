"""Sections and profile of a checked work, laid out for its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.drawing.cuts import Draughtsman, cut_at, missed, own_hits, profile_scene, section_scene
from web.drawing.sheet import Sheet, lay_out
from web.drawing.table import rows_of
from web.formats import chainage as spoken_chainage
from web.language import Speaker
from web.pages.works.checked import Answered
from web.render import ACTOR, ENVIRONMENT
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.terms import Finding
from xzgis.core.db import transaction
from xzgis.networks.queries.section import crossings_of, cut_hits
from xzgis.networks.rules.cut import CutHit, CutRun, Pair

REACH_LIMITS_M = (2.0, 200.0)


@dataclass(frozen=True)
class CutAsked:
    """Which section is asked for: where, how far to each side, how far turned, at which scale."""

    chainage_m: float
    reach_m: float
    turn_deg: float
    true_scale: bool


def cut_asked(
    sent: Mapping[str, str],
    length_m: float,
    numbered: Sequence[tuple[int, Finding]] = (),
    turns: Mapping[str, float] | None = None,
) -> CutAsked:
    """The section a browser asks for: a button's value, else what was shown before, else the first finding.

    Without findings it is the middle of the work.
    """
    first = next((one for _, one in numbered if not one.advisory), None)
    middle = length_m / 2 if first is None else sum(first.chainage_m) / 2
    turn = 0.0 if first is None or "at" in sent else (turns or {}).get(first.id, 0.0)

    def number(names: tuple[str, ...], otherwise: float) -> float:
        for name in names:
            try:
                return float(sent[name])
            except (KeyError, ValueError):
                continue
        return otherwise

    return CutAsked(
        chainage_m=min(max(number(("chainage", "at"), middle), 0.0), length_m),
        reach_m=min(max(number(("reach", "at_reach"), 12.0), REACH_LIMITS_M[0]), REACH_LIMITS_M[1]),
        turn_deg=(number(("turn", "at_turn"), turn) + 90.0) % 180.0 - 90.0,
        true_scale=sent.get("scale", sent.get("at_scale", "fill")) == "true",
    )


def section_values(say: Speaker, answered: Answered, run: CutRun, asked: CutAsked) -> dict[str, Any]:
    """What the section's template needs: drawing, table, the cut on the map."""
    known = catalogue()
    cut = cut_at(run.axis_m, chainage_m=asked.chainage_m, reach_m=asked.reach_m, turn_deg=asked.turn_deg)
    mine = own_hits(cut, [run])
    with transaction(ACTOR) as session:
        found = cut_hits(session, start_m=cut[0], end_m=cut[1])
    title = say("works.section_title", name=run.label or say("works.new_work"),
                at=spoken_chainage(asked.chainage_m), turn=f"{asked.turn_deg:+.0f}°")  # fmt: skip
    scene = section_scene(
        Draughtsman(say, known), cut=cut, found=found, mine=mine,
        findings=[one for _, one in answered.numbered], chainage_m=asked.chainage_m, title=title,
    )  # fmt: skip
    hits: list[CutHit] = sorted([*mine, *found], key=lambda hit: hit.offset_m)
    return {
        "asked": asked, "sheet": lay_out(scene, true_scale=asked.true_scale), "hits": hits,
        "rows": rows_of(say, known, hits), "cut": cut_feature(cut, spoken_chainage(asked.chainage_m)),
        "length_m": run.length_m,
        "missed": missed(found, answered.numbered, asked.chainage_m),
    }  # fmt: skip


def cut_feature(cut: tuple[Pair, Pair], text: str) -> list[dict[str, Any]]:
    """The cut line for the map, storage CRS."""
    line = {"type": "LineString", "coordinates": [list(cut[0]), list(cut[1])]}
    end = {"type": "Point", "coordinates": list(cut[0])}
    return [
        {"type": "Feature", "geometry": line, "properties": {"tone": "cut"}},
        {"type": "Feature", "geometry": end, "properties": {"tone": "cut", "text": text}},
    ]


def profile_sheet(say: Speaker, answered: Answered, run: CutRun, cursor_m: float | None) -> Sheet:
    """The long profile of the first run."""
    with transaction(ACTOR) as session:
        crossings = crossings_of(session, axis_m=run.axis_m)
    title = say("works.profile_title", name=run.label or say("works.new_work"))
    scene = profile_scene(
        Draughtsman(say, catalogue()), run=run, crossings=crossings, numbered=answered.numbered,
        cursor_m=cursor_m, title=title, ground_source=answered.checked.work.ground[0],
    )  # fmt: skip
    return lay_out(scene, true_scale=False)


def svg_text(sheet: Sheet) -> str:
    """A sheet as a file of its own."""
    module = ENVIRONMENT.get_template("drawing/_sheet.svg.html").module
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + str(module.draw(sheet, standalone=True))  # type: ignore[attr-defined]  # a macro of the template
