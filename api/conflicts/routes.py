"""The check: one work in, its findings out. Nothing is written."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Response
from pydantic import AwareDatetime

from api.conflicts.schemas import ANSWERS, WORK_EXAMPLE
from api.deps import TakingDep, need
from xzgis.catalogue.queries import catalogue
from xzgis.conflicts.actions.check import sources_of
from xzgis.conflicts.actions.downloads import ReportAsked, drawn_report, leave_report
from xzgis.conflicts.actions.seen import check_for
from xzgis.conflicts.reports.formats import FORMATS, rendered
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.settings import settings
from xzgis.exports.actions.leaving import exporting
from xzgis.identity.permissions import Permission
from xzgis.works.rules.faults import check_size
from xzgis.works.rules.said_levels import check_levels_said
from xzgis.works.terms import WorkDocument

router = APIRouter(prefix="/api/conflicts", tags=["conflicts"])

Check = Annotated[Actor, need(Permission.CONFLICTS_CHECK)]

FormatName = Literal["json", "geojson", "csv", "xlsx", "html", "table"]
WorkBody = Annotated[WorkDocument, Body(openapi_examples={"gas main": {"value": WORK_EXAMPLE}})]


@router.post("/check", response_class=Response, responses=ANSWERS)
def check(
    work: WorkBody,
    actor: Check,
    taking: TakingDep,
    format_: Annotated[FormatName, Query(alias="format")] = "json",
    all_: Annotated[bool, Query(alias="all", description="Name the clear pairs too")] = False,
    as_of: Annotated[
        AwareDatetime | None,
        Query(description="The register as it was known then, judged by the tables in force then"),
    ] = None,
) -> Response:
    """The conflicts of a work with the register, what is clear, and what could not be judged.

    Coordinates are east, north (longitude, latitude) in the document's ``crs``; an unsound document answers
    422 with the path of every fault. Every format but ``json`` is a file to keep: an export, marked and counted.
    """
    if format_ != "json":
        actor.require(Permission.CONFLICTS_REPORT)
    check_size(work)
    sources = sources_of(settings(), as_of=as_of)
    with transaction(actor) as session:
        known = catalogue(as_of)
        check_levels_said(work, known)
        checked = check_for(session, actor, work, catalogue=known, sources=sources, with_clear=all_)
    if format_ == "json":
        content = rendered(checked, "json", catalogue=known, title=work.name, language=taking.language)
        return Response(content, media_type=FORMATS["json"].media_type)
    asked = ReportAsked(format_, title=work.name, reason=taking.reason, language=taking.language)
    drawn = drawn_report(checked, asked, catalogue=known)
    with exporting(actor, now=taking.now) as session:
        left = leave_report(session, actor=actor, drawn=drawn, catalogue=known, now=taking.now)
    return Response(left.content, media_type=left.media_type, headers=left.headers)
