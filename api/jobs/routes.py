"""Background jobs: see them and why they failed, do them again, take them out; the timetable."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from api.deps import LanguageDep, NowDep, need
from api.jobs.schemas import JobOut, JobPage, PeriodicOut, TimetableOut
from xzgis.audit.actions.controlling import cancel_job, retry_job
from xzgis.audit.queries.failures import causes_of
from xzgis.core import paging
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.queued import jobs_seen, last_times, workers_alive
from xzgis.identity.permissions import Permission
from xzgis.networks.queries.progress import percent_of
from xzgis.worker import SILENCE_S, TIMETABLE

router = APIRouter(prefix="/api/jobs", tags=["jobs"])

Read = Annotated[Actor, need(Permission.JOBS_READ)]
Control = Annotated[Actor, need(Permission.JOBS_CONTROL)]
Number = Annotated[int, Path(ge=1, le=2**62)]
State = Annotated[Literal["todo", "doing", "succeeded", "failed", "cancelled", "aborted"] | None, Query()]


@router.get("")
def jobs(
    actor: Read,
    language: LanguageDep,
    state: State = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=paging.MOST)] = 50,
) -> JobPage:
    """Jobs, the latest first."""
    with transaction(actor) as session:
        found = jobs_seen(session, state=state, before=before, limit=limit + 1)
        percent = percent_of(session, found)
        causes = causes_of(session, [one.number for one in found if one.state == "failed"])
    items = [
        JobOut.of(one, percent=percent.get(one.number), cause=causes.get(one.number), language=language)
        for one in found[:limit]
    ]
    return JobPage(items=items, before=items[-1].number if len(found) > limit else None)


@router.get("/timetable")
def timetable(actor: Read) -> TimetableOut:
    """What is done when, and whether anybody is there to do it."""
    with transaction(actor) as session:
        last = last_times(session)
        alive, _ = workers_alive(session, silence_s=SILENCE_S)
    rows = [(name, cron, *last.get(name, (None, None))) for name, cron in TIMETABLE.items()]
    return TimetableOut(
        workers=alive,
        items=[
            PeriodicOut(job=name, cron=cron, last_at=at, last_state=state) for name, cron, at, state in rows
        ],
    )


@router.post("/{number}/retry", status_code=204)
def retry(number: Number, actor: Control, now: NowDep) -> Response:
    """Have a failed job done again."""
    with transaction(actor) as session:
        retry_job(session, actor=actor, number=number, now=now)
    return Response(status_code=204)


@router.post("/{number}/cancel", status_code=204)
def cancel(number: Number, actor: Control, now: NowDep) -> Response:
    """Take a waiting job out of the queue; one that is being done comes to its end."""
    with transaction(actor) as session:
        cancel_job(session, actor=actor, number=number, now=now)
    return Response(status_code=204)
