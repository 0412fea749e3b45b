"""Backups and drills that somebody asks for on the page: queued, and recorded that he did."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from xzgis.audit.events import BackupAsked
from xzgis.audit.record import record
from xzgis.core.actor import Actor, told
from xzgis.core.jobs import defer
from xzgis.core.settings import Settings
from xzgis.identity.permissions import Permission
from xzgis.keeping.rules.places import backup_folder

What = Literal["backup", "drill"]
JOBS: dict[What, str] = {"backup": "keeping.back_up", "drill": "keeping.drill"}


def ask(session: Session, settings: Settings, what: What, *, actor: Actor, now: datetime) -> int:
    """Queue a backup or a drill; the number of the job. One that waits already is left to do it.

    Raises
    ------
    NotAllowed
        No right.
    Unavailable
        No folder of backups is set, or the database is another server's business.
    """
    actor.require(Permission.BACKUPS_MAKE)
    backup_folder(settings)
    number = defer(session, JOBS[what], once=JOBS[what], actor=told(actor))
    record(session, actor=actor, event=BackupAsked(str(number), what), now=now)
    return number
