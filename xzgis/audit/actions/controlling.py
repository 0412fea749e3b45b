"""What people do to background jobs, and that it was they who did."""

from datetime import datetime

from sqlalchemy.orm import Session

from xzgis.audit.events import JobCancelled, JobRetried
from xzgis.audit.record import record
from xzgis.core import queued
from xzgis.core.actor import Actor


def retry_job(session: Session, *, actor: Actor, number: int, now: datetime) -> None:
    """Have a failed job done again; see :func:`xzgis.core.queued.do_again`."""
    name = queued.do_again(session, number)
    record(session, actor=actor, event=JobRetried(str(number), name), now=now)


def cancel_job(session: Session, *, actor: Actor, number: int, now: datetime) -> None:
    """Take a waiting job out of the queue; see :func:`xzgis.core.queued.take_out`."""
    name = queued.take_out(session, number)
    record(session, actor=actor, event=JobCancelled(str(number), name), now=now)
