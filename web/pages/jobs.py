"""Background jobs: what waits, runs and failed and why; again, or out of the queue; what is done when."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from web.asking import actor_of, need
from web.render import render, wants_fragment
from xzgis.audit.actions.controlling import cancel_job, retry_job
from xzgis.audit.queries.failures import causes_of
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Refusal
from xzgis.core.queued import STATES, jobs_seen, last_times, workers_alive
from xzgis.identity.permissions import Permission
from xzgis.networks.queries.progress import percent_of
from xzgis.worker import SILENCE_S, TIMETABLE

router = APIRouter()

READ = [need(Permission.JOBS_READ)]
CONTROL = [need(Permission.JOBS_CONTROL)]
PAGE_SIZE = 50
TONES = {
    "todo": "info",
    "doing": "info",
    "succeeded": "ok",
    "failed": "bad",
    "cancelled": "plain",
    "aborted": "warn",
}
Number = Annotated[int, Path(ge=1, le=2**62)]
State = Annotated[Literal["", "todo", "doing", "succeeded", "failed", "cancelled", "aborted"], Query()]
Before = Annotated[int | None, Query(ge=1, le=2**62)]


def _page(request: Request, state: str, before: int | None, refusal: Refusal | None = None) -> Response:
    with transaction(actor_of(request)) as session:
        found = jobs_seen(session, state=state or None, before=before, limit=PAGE_SIZE + 1)
        values = {
            "percent": percent_of(session, found),
            "causes": causes_of(session, [one.number for one in found if one.state == "failed"]),
            "alive": workers_alive(session, silence_s=SILENCE_S),
            "last": last_times(session),
        }
    fragment = wants_fragment(request) and refusal is None
    return render(
        request, "jobs/_jobs.html" if fragment else "jobs/jobs.html", status=422 if refusal else 200,
        jobs=found[:PAGE_SIZE], following=found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None,
        state=state, before=before, states=STATES, tones=TONES, timetable=TIMETABLE, refusal=refusal, **values,
    )  # fmt: skip


@router.get("/jobs", dependencies=READ)
def jobs(request: Request, state: State = "", before: Before = None) -> Response:
    """Jobs, the latest first; asked again every few seconds by the page itself."""
    return _page(request, state, before)


Doing = Callable[[Session, Actor, datetime], None]


def _done(request: Request, act: Doing) -> Response:
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            act(session, actor, datetime.now(UTC))
    except Refusal as refusal:
        return _page(request, "", None, refusal)
    return RedirectResponse("/jobs", status_code=303)


@router.post("/jobs/{number}/retry", dependencies=CONTROL)
def retry(request: Request, number: Number) -> Response:
    """Have a failed job done again."""
    return _done(request, lambda session, actor, now: retry_job(session, actor=actor, number=number, now=now))


@router.post("/jobs/{number}/cancel", dependencies=CONTROL)
def cancel(request: Request, number: Number) -> Response:
    """Take a waiting job out of the queue."""
    return _done(
        request, lambda session, actor, now: cancel_job(session, actor=actor, number=number, now=now)
    )
