"""Backups: what could be restored, what the last drill showed; a backup or a drill at the press of a button."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from web.asking import actor_of, need
from web.render import render
from xzgis.core.db import transaction
from xzgis.core.errors import Refusal
from xzgis.core.settings import settings
from xzgis.identity.permissions import Permission
from xzgis.keeping.actions.asking import ask
from xzgis.keeping.queries.backups import backup_state

router = APIRouter()

SHOWN = 20


def _page(request: Request, refusal: Refusal | None = None) -> Response:
    with transaction(actor_of(request)) as session:
        state = backup_state(session, settings())
    return render(
        request, "system/backups.html", status=409 if refusal else 200, state=state, shown=SHOWN, refusal=refusal
    )  # fmt: skip


@router.get("/system/backups", dependencies=[need(Permission.BACKUPS_READ)])
def backups(request: Request) -> Response:
    """The copies, the log of changes, the window, the last drill."""
    return _page(request)


@router.post("/system/backups", dependencies=[need(Permission.BACKUPS_MAKE)])
def make(request: Request, what: Annotated[Literal["backup", "drill"], Form()]) -> Response:
    """Queue a backup or a drill, and lead to the jobs."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            ask(session, settings(), what, actor=actor, now=datetime.now(UTC))
    except Refusal as refusal:
        return _page(request, refusal)
    return RedirectResponse("/jobs", status_code=303)
