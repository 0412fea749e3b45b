"""New works: draw or type a line, see the findings as it grows, its section and its profile."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import dist
from typing import Any

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from web.drawing.cuts import (
    Draughtsman,
    cut_at,
    missed,
    new_run,
    own_hits,
    profile_scene,
    section_scene,
    turn_for,
)
from web.drawing.sheet import Sheet, lay_out
from web.drawing.table import csv_of, rows_of
from web.formats import chainage as spoken_chainage
from web.forms.work import Faults, WorkForm, add_refusal, document_of
from web.language import Speaker
from web.pages.map import buried_kinds, holdings_now, map_config
from web.render import ACTOR, ENVIRONMENT, render, speaker, wants_fragment
from xzgis.catalogue.files import catalogue
from xzgis.catalogue.rules.asked import asked_attributes, offered_values
from xzgis.conflicts.actions.check import check_work, sources_of
from xzgis.conflicts.rules.answer import Checked
from xzgis.conflicts.rules.words import missing_words
from xzgis.conflicts.terms import Finding, Outcome
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid
from xzgis.core.settings import settings
from xzgis.networks.queries import map_view
from xzgis.networks.queries.section import crossings_of, cut_hits
from xzgis.networks.rules.cut import CutHit, CutRun, Pair
from xzgis.networks.terms import Method
from xzgis.works.terms import WorkDocument

router = APIRouter()

# A vertex this near to a recorded point is meant to be on it: the coarsest tile with points is 12 cm a step.
SNAP_M = 0.3
REACH_LIMITS_M = (2.0, 200.0)
ORDER = (Outcome.BREACH, Outcome.WITHIN_TOLERANCE, Outcome.CANNOT_JUDGE, Outcome.REFER)
TONE_OF = {
    Outcome.BREACH: "bad",
    Outcome.WITHIN_TOLERANCE: "warn",
    Outcome.CANNOT_JUDGE: "ask",
    Outcome.REFER: "ask",
}


@dataclass(frozen=True)
class CutAsked:
    """Which section is asked for: where, how far to each side, how far turned, at which scale."""

    chainage_m: float
    reach_m: float
    turn_deg: float
    true_scale: bool


@dataclass(frozen=True)
class Answered:
    """A checked form: its findings numbered in the order they are shown, and its first run, if it has one."""

    checked: Checked
    numbered: list[tuple[int, Finding]]
    run: CutRun | None
    axis_m: tuple[Pair, ...]
    snapped: tuple[str, ...] = ()


async def typed(request: Request) -> dict[str, str]:
    """What the browser sent, the last value of each name."""
    async with request.form() as form:
        return {name: value for name, value in form.multi_items() if isinstance(value, str)}


def form_values(form: WorkForm, faults: Faults) -> dict[str, Any]:
    """What the form's template needs: choices from the catalogue, only the facts that matter for the kind."""
    known = catalogue()
    say = faults.say
    kind = known.kinds.get(form.kind) or buried_kinds(known)[0]
    asked = asked_attributes(known, kind.token)
    own = {attribute.token for attribute in kind.attributes}
    lists = {
        name: [(value.token, say.of(value)) for value in offered_values(known, name, kind.token)]
        for name in ("pressure_class", "burial", "material")
        if (name in asked or name == "material") and name in own
    }
    return {
        "form": form,
        "faults": faults,
        "lists": lists,
        "asks_voltage": "voltage_kv" in asked,
        "kinds": [(each.token, f"{say.of(each)} {each.code}") for each in buried_kinds(known)],
        "methods": [(method.value, say(f"works.method.{method.value}")) for method in Method],
        "surfaces": [(value.token, say.of(value)) for value in offered_values(known, "surface", kind.token)],
    }


def check_form(form: WorkForm, faults: Faults) -> Answered | None:
    """The check of what was typed; None when there is nothing to check yet, or faults to mend first."""
    document = document_of(form, faults)
    if document is None:
        return None
    document, snapped = snapped_document(form, document)
    try:
        return replace(check_document(document), snapped=snapped)
    except Invalid as refusal:
        add_refusal(refusal, faults)
        return None


def snapped_document(form: WorkForm, document: WorkDocument) -> tuple[WorkDocument, tuple[str, ...]]:
    """The document with its vertices exactly on the recorded points beside them, when asked; and their numbers.

    What a browser snaps to is tile geometry, centimetres off: the stored point is taken instead.
    """
    run = document.runs[0]
    if not form.snap:
        return document, ()
    with transaction(ACTOR) as session:
        nodes = map_view.nodes_at(session, run.axis, within_m=SNAP_M)
    axis, numbers = [], []
    for place in run.axis:
        near = min(nodes, key=lambda node: dist(place, node[1:]), default=None)
        if near is not None and dist(place, near[1:]) <= SNAP_M:
            axis.append((near[1], near[2]))
            numbers.append(near[0] or "—")
        else:
            axis.append(place)
    snapped = run.model_copy(update={"axis": tuple(axis)})
    return document.model_copy(update={"runs": (snapped,)}), tuple(numbers)


def check_document(document: WorkDocument) -> Answered:
    """The check of a document, by the function that the API and the command use."""
    with transaction(ACTOR) as session:
        checked = check_work(
            session, document, catalogue=catalogue(), sources=sources_of(settings()), with_clear=True
        )
    run = new_run(checked.work.runs, 0, label=document.name) if document.runs else None
    axis = document.runs[0].axis if document.runs else ()
    return Answered(checked=checked, numbered=numbered(checked), run=run, axis_m=axis)


def numbered(checked: Checked) -> list[tuple[int, Finding]]:
    """The findings that need an eye, worst first, then along the work; advice after the rest."""
    open_ones = [one for one in checked.result.findings if one.outcome is not Outcome.CLEAR]
    open_ones.sort(key=lambda one: (one.advisory, ORDER.index(one.outcome), one.chainage_m, one.id))
    return list(enumerate(open_ones, 1))


def answer_values(form: WorkForm, answered: Answered | None, faults: Faults) -> dict[str, Any]:
    """What the findings' template needs."""
    values: dict[str, Any] = {"form": form, "faults": faults, "answered": answered, "known": catalogue()}
    if answered is None:
        return values
    result = answered.checked.result
    run = answered.run
    existing = answered.checked.existing
    clear = [one for one in result.findings if one.outcome is Outcome.CLEAR]
    gaps: dict[str, list[tuple[float, float]]] = {}
    for gap in result.not_covered:
        gaps.setdefault(gap.kind, []).append(gap.chainage_m)
    return values | {
        "conflicts": [(number, one) for number, one in answered.numbered
                      if one.outcome in (Outcome.BREACH, Outcome.WITHIN_TOLERANCE) and not one.advisory],
        "advice": [(number, one) for number, one in answered.numbered if one.advisory],
        "unjudged": [(number, one) for number, one in answered.numbered
                     if one.outcome in (Outcome.CANNOT_JUDGE, Outcome.REFER) and not one.advisory],
        "missing": {one.id: faults.say.of(missing_words(one.missing)) for _, one in answered.numbered if one.missing},
        "clear": clear,
        "gaps": gaps,
        "result": result,
        "length_m": 0.0 if run is None else run.length_m,
        "turns": {one.id: 0.0 if run is None else turn_for(run.axis_m, one, existing)
                  for _, one in answered.numbered},
        "overlay": [
            {"type": "Feature", "geometry": one.geometry,
             "properties": {"id": one.id, "tone": TONE_OF[one.outcome], "text": str(number)}}
            for number, one in reversed(answered.numbered) if one.outcome in TONE_OF and not one.advisory
        ],
        "axis": answered.axis_m,
    }  # fmt: skip


def cut_asked(sent: dict[str, str], length_m: float) -> CutAsked:
    """The section a browser asks for: a button's value, else what was shown before, else the middle."""

    def number(names: tuple[str, ...], otherwise: float) -> float:
        for name in names:
            try:
                return float(sent[name])
            except (KeyError, ValueError):
                continue
        return otherwise

    return CutAsked(
        chainage_m=min(max(number(("chainage", "at"), length_m / 2), 0.0), length_m),
        reach_m=min(max(number(("reach", "at_reach"), 12.0), REACH_LIMITS_M[0]), REACH_LIMITS_M[1]),
        turn_deg=(number(("turn", "at_turn"), 0.0) + 90.0) % 180.0 - 90.0,
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


def whole_answer(say: Speaker, form: WorkForm, faults: Faults, sent: dict[str, str]) -> dict[str, Any]:
    """Findings, section and profile of what was typed."""
    answered = check_form(form, faults)
    values = answer_values(form, answered, faults)
    if answered is None or answered.run is None:
        return values | {"section": None, "profile": None}
    asked = cut_asked(sent, answered.run.length_m)
    return values | {
        "section": section_values(say, answered, answered.run, asked),
        "profile": profile_sheet(say, answered, answered.run, asked.chainage_m),
    }


def page(
    request: Request, form: WorkForm, sent: dict[str, str], *, notes: Sequence[str] = ()
) -> HTMLResponse:
    """The whole page of a work: form, map, findings, section, profile."""
    return page_of(request, form, sent, Faults(speaker(request)), notes=notes)


def page_of(
    request: Request, form: WorkForm, sent: dict[str, str], faults: Faults, *, notes: Sequence[str] = ()
) -> HTMLResponse:
    """The whole page, with faults that were found before the check; ``notes`` tell how a file was read."""
    answer = whole_answer(faults.say, form, faults, sent)
    values = answer | form_values(form, faults)
    config = json.dumps(map_config(faults.say, holdings_now()), ensure_ascii=False)
    status = 422 if faults.found else 200
    return render(request, "works/work.html", status=status, config=config, notes=notes, **values)


def read_only_page(request: Request, document: WorkDocument, work_id: int) -> HTMLResponse:
    """A saved work that the form cannot hold: its check, without the tools to change it."""
    faults = Faults(speaker(request))
    answered = check_document(document)
    values = answer_values(WorkForm(name=document.name), answered, faults)
    return render(
        request, "works/read_only.html", work_id=work_id, section=None,
        config=json.dumps(map_config(faults.say, holdings_now()), ensure_ascii=False),
        profile=profile_sheet(faults.say, answered, answered.run, None) if answered.run else None,
        parts_count=len(document.runs) + len(document.excavations), **values,
    )  # fmt: skip


@router.get("/works/new")
def new_work(request: Request) -> HTMLResponse:
    """The empty form; fields may be given in the address."""
    sent = dict(request.query_params)
    return page(request, WorkForm.of(sent), sent)


@router.post("/works/check")
async def check(request: Request) -> Response:
    """The answer to what was typed so far: findings, section and profile as fragments, or the whole page."""
    sent = await typed(request)
    return await anyio.to_thread.run_sync(_check, request, sent)


def _check(request: Request, sent: dict[str, str]) -> Response:
    form = WorkForm.of(sent)
    if not wants_fragment(request):
        return page(request, form, sent)
    say = speaker(request)
    faults = Faults(say)
    values = whole_answer(say, form, faults, sent)
    return render(request, "works/_answer.html", status=422 if faults.found else 200, **values)


@router.post("/works/fields")
async def fields(request: Request) -> Response:
    """The fields that matter for the chosen kind."""
    sent = await typed(request)
    form = WorkForm.of(sent)
    if not wants_fragment(request):
        return await anyio.to_thread.run_sync(_check, request, sent)
    return render(request, "works/_conditions.html", **form_values(form, Faults(speaker(request))))


@router.post("/works/section")
async def section(request: Request) -> Response:
    """The cross-section at a chainage: on the page, or as a file (``download`` svg or csv)."""
    sent = await typed(request)
    return await anyio.to_thread.run_sync(_section, request, sent)


def _section(request: Request, sent: dict[str, str]) -> Response:
    form = WorkForm.of(sent)
    wanted = sent.get("download", "")
    say = speaker(request)
    faults = Faults(say)
    answered = check_form(form, faults)
    if answered is None or answered.run is None:
        return page(request, form, sent)
    values = section_values(say, answered, answered.run, cut_asked(sent, answered.run.length_m))
    if wanted == "csv":
        return file_answer(
            csv_of(say, catalogue(), values["hits"]).encode(), "text/csv; charset=utf-8", "section.csv"
        )
    if wanted == "svg":
        return file_answer(svg_text(values["sheet"]).encode(), "image/svg+xml", "section.svg")
    if not wants_fragment(request):
        return page(request, form, sent)
    return render(request, "works/_section.html", section=values, form=form, known=catalogue())


def svg_text(sheet: Sheet) -> str:
    """A sheet as a file of its own."""
    module = ENVIRONMENT.get_template("drawing/_sheet.svg.html").module
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + str(module.draw(sheet, standalone=True))  # type: ignore[attr-defined]


def file_answer(content: bytes, kind: str, name: str) -> Response:
    """A file to be kept rather than shown."""
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
