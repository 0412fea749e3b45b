"""Saved works: list, save, open, remove."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import anyio
from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from web.asking import actor_of, need
from web.forms.work import Faults, WorkForm, add_refusal, document_of, form_of
from web.pages.works.check import kept_page, page, page_of, typed
from web.pages.works.checked import snapped_document
from web.render import render, speaker
from xzgis.catalogue.queries import catalogue
from xzgis.conflicts.reports.formats import disposition, file_name
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, WrongState
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.spatial.crs import STORAGE
from xzgis.works.actions import change_work, remove_work, save_work
from xzgis.works.queries import saved
from xzgis.works.queries.seen import seen_document
from xzgis.works.rules.axes import in_storage
from xzgis.works.rules.faults import check_size

router = APIRouter()

PAGE_SIZE = 50
WorkId = Annotated[int, Path(ge=1, le=2**62)]


class Stale(WrongState):
    """The work was changed since the page showed it."""


def _stale(work_id: int) -> Stale:
    return Stale(
        Words(
            f"第 {work_id} 号工程在打开之后已被修改，未保存。以下是您填写的内容，再次保存将另存为一项新工程；"
            f"要在最新的一份上修改，请到工程列表打开第 {work_id} 号工程。",
            f"Work {work_id} was changed after you opened it; nothing was saved. Below is what you typed: saved again it "
            f"becomes a new work. To change the latest one, open work {work_id} in the list of works.",
        )
    )


@router.get("/works", dependencies=[need(Permission.WORKS_READ)])
def works(request: Request, before: Annotated[int | None, Query(ge=1, le=2**62)] = None) -> HTMLResponse:
    """Saved works, the latest first."""
    with transaction(actor_of(request)) as session:
        rows = saved.saved_works(session, before=before, limit=PAGE_SIZE + 1)
        following = rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None
        return render(
            request, "works/list.html", works=rows[:PAGE_SIZE], following=following, known=catalogue()
        )


@router.get("/works/{work_id}", dependencies=[need(Permission.WORKS_READ)])
def opened(request: Request, work_id: WorkId, part: Annotated[int, Query(ge=1, le=500)] = 1) -> Response:
    """A saved work, checked again against the register as it is now; ``part`` says which of its runs the form shows."""
    with transaction(actor_of(request)) as session:
        work = saved.saved_work(session, work_id)
        document, version = seen_document(session, work), work.changed_at.isoformat()
    form = form_of(in_storage(document, catalogue()), work_id=work_id, at=part - 1)
    notes = [speaker(request)("works.brought_over", crs=document.crs)] if document.crs != STORAGE else []
    return page(request, replace(form, version=version), dict(request.query_params), notes=notes)


@router.get("/works/{work_id}/document", dependencies=[need(Permission.WORKS_READ)])
def document_file(request: Request, work_id: WorkId) -> Response:
    """The document of a saved work as a file that ``xzgis check`` and the API read, named by the work."""
    with transaction(actor_of(request)) as session:
        work = saved.saved_work(session, work_id)
        content, name = seen_document(session, work).model_dump_json(indent=1), work.name
    headers = disposition(file_name(name, str(work_id), ".work.json"))
    return Response(content.encode() + b"\n", media_type="application/json", headers=headers)


@router.post("/works/save", dependencies=[need(Permission.WORKS_EDIT)])
async def save(request: Request) -> Response:
    """Save what was typed, as a new work or over the one it was opened from."""
    sent = await typed(request)
    return await anyio.to_thread.run_sync(_save, request, sent)


def _save(request: Request, sent: dict[str, str]) -> Response:
    form = WorkForm.of(sent)
    faults = Faults(speaker(request))
    if not form.name.strip():
        faults.add("name", "works.name_it")
    document = document_of(form, faults)
    if document is None:
        if not faults.found:
            faults.add("axis", "works.no_line_yet")
        return page_of(request, form, sent, faults)
    document, _ = snapped_document(actor_of(request), form, document)
    now = datetime.now(UTC)
    try:
        check_size(document)
        with transaction(actor_of(request)) as session:
            if form.work_id.isdigit():
                work_id = int(form.work_id)
                if saved.work_to_change(session, work_id).changed_at.isoformat() != form.version:
                    raise _stale(work_id)
                change_work(
                    session,
                    actor=actor_of(request),
                    work_id=work_id,
                    document=document,
                    catalogue=catalogue(),
                    now=now,
                )
            else:
                work = save_work(
                    session, actor=actor_of(request), document=document, catalogue=catalogue(), now=now
                )
                work_id = work.id
    except Invalid as refusal:
        add_refusal(refusal, faults, at=form.at)
        return page_of(request, form, sent, faults)
    except Stale as stale:
        # What was typed stays, as a work of its own: saved again it takes nobody's place.
        return kept_page(request, replace(form, work_id="", version=""), sent, stale, field="name")
    return RedirectResponse(f"/works/{work_id}", status_code=303)


@router.post("/works/{work_id}/remove", dependencies=[need(Permission.WORKS_EDIT)])
def remove(request: Request, work_id: WorkId, sure: Annotated[str, Form()] = "") -> RedirectResponse:
    """Remove a saved work; its last document stays in the trail."""
    if sure != "yes":
        raise Invalid(Words("请先勾选“确认删除”。", "Tick “yes, remove” first."))
    with transaction(actor_of(request)) as session:
        remove_work(session, actor=actor_of(request), work_id=work_id, now=datetime.now(UTC))
    return RedirectResponse("/works", status_code=303)
