"""New works: draw or type a line, see the findings as it grows, its section and its profile."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from shapely import LinearRing

from web.asking import actor_of, need
from web.clauses import clauses_of
from web.drawing.plan import plan_of
from web.drawing.table import csv_of
from web.forms.joints import offered_joints
from web.forms.parts import parts_of
from web.forms.work import Faults, WorkForm
from web.language import Speaker
from web.pages.map import buried_kinds, holdings_now, map_config
from web.pages.works.checked import Answered, check_form
from web.pages.works.drawings import cut_asked, profile_sheet, section_values, svg_text
from web.pages.works.extent import extent_words
from web.pages.works.gaps import gap_words, part_lengths_m
from web.render import render, speaker, status_of, wants_fragment
from xzgis.catalogue.queries import catalogue
from xzgis.catalogue.rules.asked import asked_attributes, offered_values
from xzgis.catalogue.terms import CodeValue
from xzgis.conflicts.actions.downloads import Cut, ReportAsked, drawn_section, leave_report
from xzgis.conflicts.reports.document import is_unseen
from xzgis.conflicts.reports.formats import file_name
from xzgis.conflicts.reports.sections.spoken import TONES
from xzgis.conflicts.reports.settling import settled_by
from xzgis.conflicts.reports.standing import NOT_JUDGED, loosened, rests_on
from xzgis.conflicts.reports.standing_word import advice_sorts, beside_clear
from xzgis.conflicts.rules.words import missing_words
from xzgis.conflicts.terms import Outcome
from xzgis.core.actor import Actor
from xzgis.core.errors import Refusal
from xzgis.exports.actions.leaving import exporting
from xzgis.identity.permissions import Permission
from xzgis.networks.rules.cut import CutHit
from xzgis.networks.terms import Method
from xzgis.works.terms import Section

router = APIRouter()

# What the form asks of a file to be read.
OF_FILE = ("file_kind", "level_of", "crs")


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
        name: [
            (value.token, say.of(value)) for value in natural_order(offered_values(known, name, kind.token))
        ]
        for name in ("pressure_class", "burial", "material")
        if (name in asked or name == "material") and name in own
    }
    return {
        "form": form,
        "faults": faults,
        "lists": lists,
        "kind_words": say.of(kind),
        "asks_voltage": "voltage_kv" in asked,
        "kinds": [(each.token, f"{say.of(each)} {each.code}") for each in buried_kinds(known)],
        "methods": [(method.value, say(f"works.method.{method.value}")) for method in Method],
        "lines": parts_shown(say, form),
        "surfaces": [(value.token, say.of(value)) for value in offered_values(known, "surface", kind.token)],
    }


def parts_shown(say: Speaker, form: WorkForm) -> list[tuple[int, str]]:
    """The runs of the work, from 1, in words; the one of the form as it was last kept. Empty for a single run."""
    known = catalogue()
    others = parts_of(form.whole)
    told = [] if others is None else [
        (number, say("works.part", number=number, kind=say.kind(known, run.kind), size=size_of(run.section)))
        for number, run in enumerate(others.runs, 1)
    ]  # fmt: skip
    if told and form.at >= len(told):
        told.append((len(told) + 1, say("works.part_new", number=len(told) + 1)))
    return told


def size_of(section: Section) -> str:
    """The size of a section as people write it; empty when nobody said it."""
    if section.diameter_mm is not None:
        return f" DN{section.diameter_mm:g}"
    if section.width_mm is not None:
        return f" {section.width_mm:g}×{section.height_mm or 0:g}"
    return ""


def natural_order(values: Sequence[CodeValue]) -> list[CodeValue]:
    """Values in the order of their list, a group right before the first of its members: low, medium, medium B …"""
    places = {value.token: place for place, value in enumerate(values)}

    def place(value: CodeValue) -> tuple[float, int]:
        members = [places[token] for token in value.one_of if token in places]
        return (min(members) - 0.5, -len(members)) if members else (places[value.token], 0)

    return sorted(values, key=place)


def answer_values(form: WorkForm, answered: Answered | None, faults: Faults) -> dict[str, Any]:
    """What the findings' template needs."""
    values: dict[str, Any] = {"form": form, "faults": faults, "answered": answered, "known": catalogue()}
    values["plan"] = None
    if answered is None:
        return values
    result = answered.checked.result
    existing = answered.checked.existing
    colours = {kind: symbol.screen for kind, symbol in catalogue().symbols.items()}
    clear = [one for one in result.findings if one.outcome is Outcome.CLEAR and not one.advisory]
    outlines = [LinearRing(hole.outline).length for hole in answered.document.excavations]
    lengths_m = part_lengths_m((run.length_m for run in answered.runs), outlines)
    length_m = sum(run.length_m for run in answered.runs)
    return values | {
        "conflicts": [(number, one) for number, one in answered.numbered
                      if one.outcome in (Outcome.BREACH, Outcome.WITHIN_TOLERANCE) and not one.advisory],
        "advice": [(number, one) for number, one in answered.numbered if one.advisory],
        "advice_sorts": advice_sorts(result),
        "beside_clear": beside_clear(result),
        "offers": offered_joints(answered.document, (one for _, one in answered.numbered if not one.advisory), existing,
                                 at=answered.at),
        "clauses": {one.id: clauses_of(faults.say, catalogue(), one.rules) for _, one in answered.numbered},
        "unjudged": [(number, one) for number, one in answered.numbered
                     if one.outcome in (Outcome.CANNOT_JUDGE, Outcome.REFER) and not one.advisory],
        "missing": {one.id: faults.say.of(missing_words(one.to_find_out)) for _, one in answered.numbered if one.to_find_out},
        "clear": clear,
        "gaps": gap_words(faults.say, result.not_covered, lengths_m),
        "unseen": is_unseen(result),
        "not_judged": NOT_JUDGED,
        "rests_on": rests_on(result),
        "settled_by": settled_by(result),
        "loosened": loosened(result),
        "result": result,
        "extent": extent_words(faults.say, length_m=length_m, holes=answered.document.excavations),
        "overlay": [
            {"type": "Feature", "geometry": one.geometry,
             "properties": {"id": one.id, "tone": TONES[one.outcome], "text": str(number)}}
            for number, one in reversed(answered.numbered) if one.outcome in TONES and not one.advisory
        ],
        "axis": answered.axes_m[answered.at] if answered.at < len(answered.axes_m) else None,
        "beside": beside_of(answered),
        "plan": plan_of(answered.checked, answered.numbered, colours),
    }  # fmt: skip


def beside_of(answered: Answered) -> list[dict[str, Any]]:
    """The other runs and the excavations of the work, for the map."""
    lines = [axis for at, axis in enumerate(answered.axes_m) if at != answered.at]
    lines += [(*hole.outline, hole.outline[0]) for hole in answered.document.excavations]
    return [
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": line}, "properties": {"tone": "cut"}}
        for line in lines
    ]  # fmt: skip


def whole_answer(
    actor: Actor, say: Speaker, form: WorkForm, faults: Faults, sent: dict[str, str]
) -> dict[str, Any]:
    """Findings, section and profile of what was typed."""
    answered = check_form(actor, form, faults)
    values = answer_values(form, answered, faults)
    if answered is None or not answered.runs:
        return values | {"section": None, "profile": None}
    asked = cut_asked(sent, answered)
    return values | {
        "section": section_values(actor, say, answered, asked),
        "profile": profile_sheet(actor, say, answered, answered.runs[asked.run], asked.chainage_m),
    }


def answer_page(request: Request, form: WorkForm, sent: dict[str, str], faults: Faults) -> HTMLResponse:
    """The answer as fragments, with faults that are not the form's own: what was typed is checked nevertheless."""
    checked = Faults(faults.say)
    values = whole_answer(actor_of(request), faults.say, form, checked, sent)
    faults.found += checked.found
    values["faults"] = faults
    status = 422 if faults.found else 200
    return render(request, "works/_answer.html", status=status, tied=False, **values)


def page(
    request: Request, form: WorkForm, sent: dict[str, str], *, notes: Sequence[str] = ()
) -> HTMLResponse:
    """The whole page of a work: form, map, findings, section, profile."""
    return page_of(request, form, sent, Faults(speaker(request)), notes=notes)


def kept_page(
    request: Request, form: WorkForm, sent: dict[str, str], refusal: Refusal, *, field: str = "reason"
) -> HTMLResponse:
    """The whole page with what was drawn and its answer, and at ``field`` why no file of it leaves, or it is not kept."""
    faults = Faults(speaker(request))
    answer = whole_answer(actor_of(request), faults.say, form, faults, sent)
    faults.found.append((field, faults.say.of(refusal.words)))
    return _drawn_page(request, form, sent, answer, faults, status=status_of(refusal))


def page_of(
    request: Request, form: WorkForm, sent: dict[str, str], faults: Faults, *, notes: Sequence[str] = ()
) -> HTMLResponse:
    """The whole page, with faults that were found before the check; ``notes`` tell how a file was read."""
    answer = whole_answer(actor_of(request), faults.say, form, faults, sent)
    return _drawn_page(request, form, sent, answer, faults, notes=notes)


def _drawn_page(
    request: Request, form: WorkForm, sent: dict[str, str], answer: dict[str, Any], faults: Faults,
    *, notes: Sequence[str] = (), status: int = 422,
) -> HTMLResponse:  # fmt: skip
    """The page of an answer; ``status``: of one with faults."""
    values = answer | form_values(form, faults)
    config = json.dumps(map_config(faults.say, holdings_now(actor_of(request))), ensure_ascii=False)
    # What was said of a file that was not read is kept: only the file itself has to be chosen again.
    values["of_file"] = {name: sent.get(name, "") if faults.found else "" for name in OF_FILE}
    return render(
        request,
        "works/work.html",
        status=status if faults.found else 200,
        config=config,
        notes=notes,
        **values,
    )


@router.get("/works/new", dependencies=[need(Permission.CONFLICTS_CHECK)])
def new_work(request: Request) -> HTMLResponse:
    """The empty form; fields may be given in the address."""
    sent = dict(request.query_params)
    return page(request, WorkForm.of(sent), sent)


@router.get("/works/check", dependencies=[need(Permission.CONFLICTS_CHECK)], include_in_schema=False)
@router.get("/works/fields", dependencies=[need(Permission.CONFLICTS_CHECK)], include_in_schema=False)
@router.get("/works/section", dependencies=[need(Permission.CONFLICTS_CHECK)], include_in_schema=False)
@router.get("/works/upload", dependencies=[need(Permission.CONFLICTS_CHECK)], include_in_schema=False)
@router.get("/works/part", dependencies=[need(Permission.CONFLICTS_CHECK)], include_in_schema=False)
@router.get("/works/contest", dependencies=[need(Permission.CONFLICTS_CHECK)], include_in_schema=False)
@router.get("/works/report", dependencies=[need(Permission.CONFLICTS_CHECK)], include_in_schema=False)
def posted_page(request: Request) -> Response:
    """The address of a page that was answered to a form, opened by itself: the form, with what the address says."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/works/new{query}", status_code=303)


@router.post("/works/check", dependencies=[need(Permission.CONFLICTS_CHECK)])
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
    values = whole_answer(actor_of(request), say, form, faults, sent)
    status = 422 if faults.found else 200
    return render(request, "works/_answer.html", status=status, tied="tie" in sent, **values)


@router.post("/works/fields", dependencies=[need(Permission.CONFLICTS_CHECK)])
async def fields(request: Request) -> Response:
    """The fields that matter for the chosen kind."""
    sent = await typed(request)
    form = WorkForm.of(sent)
    if not wants_fragment(request):
        return await anyio.to_thread.run_sync(_check, request, sent)
    return render(request, "works/_conditions.html", **form_values(form, Faults(speaker(request))))


@router.post("/works/section", dependencies=[need(Permission.CONFLICTS_CHECK)])
async def section(request: Request) -> Response:
    """The cross-section at a chainage: on the page, or as a file (``download`` svg or csv)."""
    sent = await typed(request)
    return await anyio.to_thread.run_sync(_section, request, sent)


def _section(request: Request, sent: dict[str, str]) -> Response:
    form = WorkForm.of(sent)
    wanted = sent.get("download", "")
    say = speaker(request)
    faults = Faults(say)
    answered = check_form(actor_of(request), form, faults)
    if answered is None or not answered.runs:
        return page(request, form, sent)
    values = section_values(actor_of(request), say, answered, cut_asked(sent, answered))
    at = f"{values['asked'].chainage_m:.1f}m"
    name = file_name(f"{form.name or say('works.new_work')}-{at}", form.work_id, "{}")
    if wanted in ("csv", "svg"):
        asked = ReportAsked(wanted, title=form.name or say("works.new_work"), number=form.work_id,
                            reason=sent.get("reason", ""), file_name=name.format(f".{wanted}"))  # fmt: skip
        content = (
            csv_of(say, catalogue(), values["hits"])
            if wanted == "csv"
            else svg_text(values["sheet"]).encode()
        )
        try:
            return left_section(request, content, asked, cut_m=values["cut_m"], hits=values["hits"])
        except Refusal as refusal:
            return kept_page(request, form, sent, refusal)
    if not wants_fragment(request):
        return page(request, form, sent)
    return render(request, "works/_section.html", section=values, form=form, known=catalogue())


def left_section(
    request: Request, content: bytes, asked: ReportAsked, *, cut_m: Cut, hits: Sequence[CutHit]
) -> Response:
    """A cross-section that leaves as a file."""
    drawn = drawn_section(content, asked, cut_m=cut_m, hits=hits, catalogue=catalogue())
    actor, now = actor_of(request), datetime.now(UTC)
    with exporting(actor, now=now) as session:
        left = leave_report(session, actor=actor, drawn=drawn, catalogue=catalogue(), now=now)
    return Response(left.content, media_type=left.media_type, headers=left.headers)
