"""The check: one work in, its findings out. Nothing is written."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Response

from api.conflicts.schemas import ANSWERS, WORK_EXAMPLE
from api.deps import LanguageDep, need
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import sources_of
from xzgis.conflicts.actions.seen import check_for
from xzgis.conflicts.reports.formats import as_answer
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.settings import settings
from xzgis.identity.permissions import Permission
from xzgis.works.rules.faults import check_size
from xzgis.works.terms import WorkDocument

router = APIRouter(prefix="/api/conflicts", tags=["conflicts"])

Check = Annotated[Actor, need(Permission.CONFLICTS_CHECK)]

FormatName = Literal["json", "geojson", "csv", "xlsx", "html", "table"]
WorkBody = Annotated[WorkDocument, Body(openapi_examples={"gas main": {"value": WORK_EXAMPLE}})]


@router.post("/check", response_class=Response, responses=ANSWERS)
def check(
    work: WorkBody,
    actor: Check,
    language: LanguageDep,
    format_: Annotated[FormatName, Query(alias="format")] = "json",
    all_: Annotated[bool, Query(alias="all", description="Name the clear pairs too")] = False,
    as_of: Annotated[datetime | None, Query(description="The register as it was known then")] = None,
) -> Response:
    """The conflicts of a work with the register, what is clear, and what could not be judged.

    Coordinates are east, north (longitude, latitude) in the document's ``crs``; an unsound document answers
    422 with the path of every fault.
    """
    if format_ != "json":
        actor.require(Permission.CONFLICTS_REPORT)
    check_size(work)
    known = catalogue()
    sources = sources_of(settings(), as_of=as_of)
    with transaction(actor) as session:
        checked = check_for(session, actor, work, catalogue=known, sources=sources, with_clear=all_)
    answer = as_answer(checked, format_, catalogue=known, title=work.name, language=language)
    return Response(answer.content, media_type=answer.media_type, headers=answer.headers)
