"""A work of several runs: choose the run that the form shows, add one, take one out."""

from dataclasses import replace

import anyio
from fastapi import APIRouter, Request, Response

from web.asking import need
from web.forms.parts import parts_of, parts_text
from web.forms.work import Faults, WorkForm, document_of, form_of
from web.pages.works.check import page, page_of, typed
from web.render import speaker
from xzgis.identity.permissions import Permission
from xzgis.works.terms import WorkDocument

router = APIRouter()

SECTION_FIELDS = ("at_run", "at", "at_turn", "look", "chainage", "turn")


@router.post("/works/part", dependencies=[need(Permission.CONFLICTS_CHECK)])
async def part(request: Request) -> Response:
    """The form with another run of the work: ``go`` is its number, ``new`` adds one, ``drop`` takes this one out."""
    sent = await typed(request)
    return await anyio.to_thread.run_sync(_part, request, sent)


def _part(request: Request, sent: dict[str, str]) -> Response:
    form = WorkForm.of(sent)
    wanted = sent.get("go", "")
    if wanted == "drop":
        return _page(request, without(form), sent)
    faults = Faults(speaker(request))
    document = document_of(form, faults)
    if document is None:
        if not faults.found:
            faults.add("axis", "works.no_line_yet")
        return page_of(request, form, sent, faults)
    at = int(wanted) - 1 if wanted.isdigit() else form.at
    return _page(request, shown(form, document, at=max(at, 0), is_new=wanted == "new"), sent)


def shown(form: WorkForm, document: WorkDocument, *, at: int, is_new: bool) -> WorkForm:
    """The form with run ``at`` of the work; a new one is like it, but without line, profile and joints."""
    other = form_of(document, at=at)
    if is_new:
        whole = document.model_dump_json(include={"runs", "excavations"}, exclude_defaults=True)
        other = replace(other, axis="", profile="", tie_ins="", part=str(len(document.runs) + 1), whole=whole)
    return replace(other, work_id=form.work_id, version=form.version)


def without(form: WorkForm) -> WorkForm:
    """The form after the run it shows was taken out; the last run of a work leaves an empty line."""
    others = parts_of(form.whole) or WorkDocument()
    rest = others.model_copy(update={"runs": (*others.runs[: form.at], *others.runs[form.at + 1 :])})
    run = form_of(rest, at=max(form.at - 1, 0))
    names = ("name", "surface", "starts_on", "ends_on", "holes", "work_id", "version")
    return replace(run, whole=parts_text(rest), **{name: getattr(form, name) for name in names})


def _page(request: Request, form: WorkForm, sent: dict[str, str]) -> Response:
    """The page, its section on the run that the form now shows."""
    kept = {name: value for name, value in sent.items() if name not in SECTION_FIELDS}
    return page(request, form, kept | {"at_run": str(form.at)})
