"""Saved works: list, save, read, change, remove, check again, report, contest a finding."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Response

from api.deps import STALE, IfMatch, NowDep, TakingDep, check_fresh, need, tag
from api.works.schemas import ContestIn, ContestOut, WorkOut, WorkPage, version_of
from xzgis.catalogue.queries import catalogue
from xzgis.conflicts.actions.check import sources_of
from xzgis.conflicts.actions.contest import Objection, contest_finding, contests_seen, withdraw_told_contest
from xzgis.conflicts.actions.downloads import ReportAsked, drawn_report, leave_report
from xzgis.conflicts.actions.seen import check_for
from xzgis.conflicts.reports.formats import FORMATS, rendered
from xzgis.core import paging
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.settings import settings
from xzgis.exports.actions.leaving import exporting
from xzgis.identity.permissions import Permission
from xzgis.works.actions import change_work, remove_work, save_work
from xzgis.works.queries.saved import document_of, saved_work, saved_works, work_to_change
from xzgis.works.queries.seen import seen_document, seen_documents
from xzgis.works.rules.faults import check_size
from xzgis.works.rules.said_levels import check_levels_said
from xzgis.works.terms import WorkDocument

router = APIRouter(prefix="/api/works", tags=["works"])

Read = Annotated[Actor, need(Permission.WORKS_READ)]
Edit = Annotated[Actor, need(Permission.WORKS_EDIT)]
Check = Annotated[Actor, need(Permission.CONFLICTS_CHECK)]

WorkId = Annotated[int, Path(ge=1, le=2**62)]
FormatName = Literal["json", "geojson", "csv", "xlsx", "html", "table"]
REPORT: dict[int | str, dict[str, Any]] = {
    200: {"content": {each.media_type: {} for each in FORMATS.values()}}
}


@router.get("")
def works(
    actor: Read,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=paging.MOST)] = 50,
) -> WorkPage:
    """Saved works, the latest first."""
    key = paging.read(after, kinds=(int,))
    before = int(key[0]) if key else None
    with transaction(actor) as session:
        rows = saved_works(session, before=before, limit=limit + 1)
        page = paging.page_of(rows, limit=limit, key=lambda work: (work.id,))
        documents = seen_documents(session, page.items)
        items = [WorkOut.of(*each) for each in zip(page.items, documents, strict=True)]
        return WorkPage(items=items, after=page.after)


@router.post("", status_code=201)
def save(document: Annotated[WorkDocument, Body()], actor: Edit, now: NowDep, response: Response) -> WorkOut:
    """Save a new work."""
    check_size(document)
    check_levels_said(document, catalogue())
    with transaction(actor) as session:
        work = save_work(session, actor=actor, document=document, catalogue=catalogue(), now=now)
        answer = WorkOut.of(work, seen_document(session, work))
    tag(response, answer.version)
    response.headers["Location"] = f"/api/works/{answer.id}"
    return answer


@router.get("/{work_id}")
def read(work_id: WorkId, actor: Read, response: Response) -> WorkOut:
    """One saved work."""
    with transaction(actor) as session:
        work = saved_work(session, work_id)
        answer = WorkOut.of(work, seen_document(session, work))
    tag(response, answer.version)
    return answer


@router.put("/{work_id}", responses=STALE)
def change(
    work_id: WorkId,
    document: Annotated[WorkDocument, Body()],
    actor: Edit,
    now: NowDep,
    response: Response,
    if_match: IfMatch = None,
) -> WorkOut:
    """Replace a saved work; ``If-Match`` says which version was read."""
    check_size(document)
    check_levels_said(document, catalogue())
    with transaction(actor) as session:
        check_fresh(version_of(work_to_change(session, work_id)), if_match)
        work = change_work(
            session, actor=actor, work_id=work_id, document=document, catalogue=catalogue(), now=now
        )
        answer = WorkOut.of(work, seen_document(session, work))
    tag(response, answer.version)
    return answer


@router.delete("/{work_id}", status_code=204, responses=STALE)
def remove(work_id: WorkId, actor: Edit, now: NowDep, if_match: IfMatch = None) -> None:
    """Remove a saved work; its last document stays in the trail."""
    with transaction(actor) as session:
        check_fresh(version_of(work_to_change(session, work_id)), if_match)
        remove_work(session, actor=actor, work_id=work_id, now=now)


@router.get("/{work_id}/check", response_class=Response, responses=REPORT)
def check(
    work_id: WorkId,
    actor: Check,
    taking: TakingDep,
    format_: Annotated[FormatName, Query(alias="format")] = "json",
    all_: Annotated[bool, Query(alias="all", description="Name the clear pairs too")] = False,
) -> Response:
    """Check a saved work again, against the register as it is now; as document or as report to keep, an export."""
    if format_ != "json":
        actor.require(Permission.CONFLICTS_REPORT)
    with transaction(actor) as session:
        known = catalogue()
        work = document_of(saved_work(session, work_id))
        checked = check_for(
            session, actor, work, catalogue=known, sources=sources_of(settings()), with_clear=all_,
            work_id=work_id,
        )  # fmt: skip
    if format_ == "json":  # the document is what the pages are made of; the others are files to keep
        content = rendered(checked, "json", catalogue=known, title=work.name, language=taking.language)
        return Response(content, media_type=FORMATS["json"].media_type)
    asked = ReportAsked(
        format_, title=work.name, number=str(work_id), reason=taking.reason, language=taking.language
    )
    drawn = drawn_report(checked, asked, catalogue=known)
    with exporting(actor, now=taking.now) as session:
        left = leave_report(session, actor=actor, drawn=drawn, catalogue=known, now=taking.now)
    return Response(left.content, media_type=left.media_type, headers=left.headers)


@router.get("/{work_id}/contests")
def contests(work_id: WorkId, actor: Read) -> list[ContestOut]:
    """What is contested in a work, those whose facts have changed since too."""
    with transaction(actor) as session:
        work = document_of(saved_work(session, work_id))
        rows = contests_seen(session, work_id, lambda: check_for(
            session, actor, work, catalogue=catalogue(), sources=sources_of(settings()), work_id=work_id
        ))  # fmt: skip
        return [ContestOut.of(row, finding_id=named, is_told=is_told) for row, named, is_told in rows]


@router.post("/{work_id}/contests", status_code=201)
def contest(work_id: WorkId, said: Annotated[ContestIn, Body()], actor: Edit, now: NowDep) -> ContestOut:
    """Say that a finding of the work does not apply, and why; its verdict and the counts stay as they are."""
    with transaction(actor) as session:
        row = contest_finding(
            session, actor=actor, work_id=work_id, said=Objection(said.finding_id, said.reason),
            catalogue=catalogue(), sources=sources_of(settings()), now=now,
        )  # fmt: skip
        return ContestOut.of(row, finding_id=said.finding_id)


@router.delete("/{work_id}/contests/{finding_id}", status_code=204)
def withdraw(
    work_id: WorkId,
    finding_id: Annotated[str, Path(max_length=64, pattern=r"^[0-9a-f]+$")],
    actor: Edit,
    now: NowDep,
) -> None:
    """Withdraw a contest; its reason stays in the trail."""
    with transaction(actor) as session:
        withdraw_told_contest(session, actor=actor, work_id=work_id, finding_id=finding_id, now=now)
