"""What people do to background jobs, and that it was they who did."""

from datetime import datetime

from sqlalchemy.orm import Session

from xzgis.audit.events import JobCancelled, JobFailed, JobRetried
from xzgis.audit.record import record
from xzgis.core import queued
from xzgis.core.actor import SYSTEM, Actor
from xzgis.core.errors import Refusal
from xzgis.core.words import Words


def retry_job(session: Session, *, actor: Actor, number: int, now: datetime) -> None:
    """Have a failed job done again; see :func:`xzgis.core.queued.do_again`."""
    name = queued.do_again(session, number)
    record(session, actor=actor, event=JobRetried(str(number), name), now=now)


def cancel_job(session: Session, *, actor: Actor, number: int, now: datetime) -> None:
    """Take a waiting job out of the queue; see :func:`xzgis.core.queued.take_out`."""
    name = queued.take_out(session, number)
    record(session, actor=actor, event=JobCancelled(str(number), name), now=now)


def note_failure(
    session: Session, *, number: int, name: str, attempt: int, error: BaseException, now: datetime
) -> None:
    """Keep why a job failed. A refusal is kept in its own words; of an unforeseen error the kind alone, as its text
    may carry what the job was about: that stands in the log.
    """
    if isinstance(error, Refusal):
        cause = error.words
    else:
        kind = type(error).__name__
        cause = Words(f"意外错误 {kind}，详见日志。", f"Unforeseen error {kind}; the log tells more.")
    event = JobFailed(str(number), name, attempt, {"zh": cause.zh, "en": cause.en})
    record(session, actor=SYSTEM, event=event, now=now)
