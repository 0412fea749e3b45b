"""The log of the program, read and taken as a file; backups and drills."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse

from api.deps import NowDep, need
from api.keeping.schemas import AskedOut, BackupsOut, LogOut
from xzgis.core import paging
from xzgis.core.actor import Actor
from xzgis.core.clock import city_zone
from xzgis.core.db import transaction
from xzgis.core.settings import Settings
from xzgis.identity.permissions import Permission
from xzgis.keeping.actions.asking import What, ask
from xzgis.keeping.actions.logs import take_log
from xzgis.keeping.queries.backups import backup_state
from xzgis.keeping.queries.logs import log_lines
from xzgis.keeping.rules.asked import log_asked
from xzgis.keeping.terms import LogAsked

router = APIRouter(prefix="/api/system", tags=["system"])

SeeBackups = Annotated[Actor, need(Permission.BACKUPS_READ)]
MakeBackups = Annotated[Actor, need(Permission.BACKUPS_MAKE)]
ReadLogs = Annotated[Actor, need(Permission.LOGS_READ)]
Typed = Annotated[str, Query(max_length=100)]


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _asked(
    level: Typed = "", since: Typed = "", until: Typed = "", module: Typed = "",
    number: Annotated[str, Query(alias="request", max_length=100)] = "",
) -> LogAsked:  # fmt: skip
    return log_asked(zone=city_zone(), level=level, since=since, until=until, module=module, request=number)


AskedDep = Annotated[LogAsked, Depends(_asked)]
SettingsDep = Annotated[Settings, Depends(_settings)]


@router.get("/logs")
def logs(
    _actor: ReadLogs,
    asked: AskedDep,
    chosen: SettingsDep,
    limit: Annotated[int, Query(ge=1, le=paging.MOST)] = 100,
) -> LogOut:
    """Lines of the log, the latest first: at least of a level, from and before a moment, of a module, of a request."""
    return LogOut.of(log_lines(chosen, asked, limit=limit))


@router.post("/logs/file", response_class=PlainTextResponse)
def file(actor: ReadLogs, asked: AskedDep, chosen: SettingsDep, now: NowDep) -> PlainTextResponse:
    """The lines as one JSON document a line, the earliest first, at most 100 000; that they were taken is recorded."""
    with transaction(actor) as session:
        content = take_log(session, chosen, asked, actor=actor, now=now)
    return PlainTextResponse(content, media_type="application/x-ndjson")


@router.get("/backups")
def backups(actor: SeeBackups, chosen: SettingsDep) -> BackupsOut:
    """The copies, the newest first, the copied log of changes, the moments that can be restored, the last drill."""
    with transaction(actor) as session:
        return BackupsOut.model_validate(asdict(backup_state(session, chosen)))


@router.post("/backups/{what}", status_code=202)
def make(what: What, actor: MakeBackups, chosen: SettingsDep, now: NowDep) -> AskedOut:
    """Queue a backup or a drill; the number of the job that does it."""
    with transaction(actor) as session:
        return AskedOut(job=ask(session, chosen, what, actor=actor, now=now))
