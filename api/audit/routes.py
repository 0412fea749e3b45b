"""The trail: search it, take it out as a file, see its seals, have it verified."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import StreamingResponse

from api.audit.schemas import CheckOut, EntryOut, EntryPage, StateOut
from api.deps import NowDep, TakingDep, need
from xzgis.audit.actions import checks
from xzgis.audit.queries import search, state, written
from xzgis.audit.rules.asked import search_of
from xzgis.audit.terms import Search
from xzgis.core import paging
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.exports.jobs import leave_trail
from xzgis.identity.permissions import Permission

router = APIRouter(prefix="/api/trail", tags=["trail"])

Read = Annotated[Actor, need(Permission.AUDIT_READ)]
Verify = Annotated[Actor, need(Permission.AUDIT_VERIFY)]

Text = Annotated[str | None, Query(max_length=200)]
Day = Annotated[str | None, Query(max_length=20, description="Year-month-day, in the city's time")]
FILES: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}, "application/json": {}}}}
CheckId = Annotated[int, Path(ge=1, le=2**62)]
SEARCH_TIMEOUT_S = 20


def asked(
    person: Text = None,
    event: Text = None,
    record: Annotated[str | None, Query(max_length=200, description="kind/number, as works.work/12")] = None,
    since: Day = None,
    until: Day = None,
    box: Annotated[str | None, Query(max_length=200, description="west,south,east,north, EPSG:4548")] = None,
    result: Annotated[Literal["done", "refused"] | None, Query()] = None,
) -> Search:
    """What is looked for."""
    return search_of(
        person=person, event=event, record=record, since=since, until=until, box=box, result=result
    )


AskedDep = Annotated[Search, Depends(asked)]


@router.get("")
def entries(
    actor: Read,
    looked_for: AskedDep,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=paging.MOST)] = 50,
) -> EntryPage:
    """What happened, the latest first."""
    key = paging.read(after, kinds=(int, int))
    before = (search.moment_of(int(key[0])), int(key[1])) if key else None
    with transaction(actor, statement_timeout_s=SEARCH_TIMEOUT_S) as session:
        rows = search.found(session, looked_for, before=before, limit=limit + 1)
        page = paging.page_of(rows, limit=limit, key=search.key_of)
        return EntryPage(
            items=[EntryOut.of(entry) for entry in page.items],
            after=page.after,
            count=search.counted(session, looked_for),
        )


@router.get("/export", response_class=StreamingResponse, responses=FILES)
def export(
    actor: Read,
    taking: TakingDep,
    looked_for: AskedDep,
    format_: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv",
) -> StreamingResponse:
    """What a search finds, as a file; an export with a reason, kept before the first row leaves."""
    file, headers = leave_trail(actor, looked_for, format_, reason=taking.reason, now=taking.now)
    headers |= {"Content-Disposition": f'attachment; filename="trail.{format_}"'}
    return StreamingResponse(file, media_type=written.FORMATS[format_], headers=headers)


@router.get("/state")
def keeping(actor: Read) -> StateOut:
    """The last seal, what waits for the next, months ahead and archived."""
    with transaction(actor, statement_timeout_s=SEARCH_TIMEOUT_S) as session:
        return StateOut.of(state.trail_state(session))


@router.post("/checks", status_code=202)
def verify(actor: Verify, now: NowDep) -> CheckOut:
    """Have the whole trail verified; one that runs already is given instead."""
    with transaction(actor) as session:
        number = checks.ask(session, actor=actor, now=now)
        return CheckOut.of(state.check_of(session, number))


@router.get("/checks/{check_id}")
def check(check_id: CheckId, actor: Read) -> CheckOut:
    """A verification: its progress, and its verdict."""
    with transaction(actor) as session:
        return CheckOut.of(state.check_of(session, check_id))
