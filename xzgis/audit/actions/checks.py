"""Verifications that somebody asked for: begun, followed, ended."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from xzgis.audit.events import TrailVerified
from xzgis.audit.models import TrailCheck
from xzgis.audit.record import record
from xzgis.audit.terms import Verdict
from xzgis.core.actor import Actor, told
from xzgis.core.jobs import arguments_of_open_jobs, defer


def ask(session: Session, *, actor: Actor, now: datetime) -> int:
    """Queue a verification; its number. One that waits or runs already is given instead."""
    at_work = {given["check_id"] for given in arguments_of_open_jobs(session, "audit.verify")}
    for left in session.scalars(select(TrailCheck).where(TrailCheck.ended_at.is_(None))):
        if left.id in at_work:
            return left.id
        break_off(session, check_id=left.id, now=now)
    check = TrailCheck(asked_by=actor.name, asked_at=now)
    session.add(check)
    session.flush()
    defer(session, "audit.verify", once="audit.verify", check_id=check.id, actor=told(actor))
    return check.id


def is_open(session: Session, check_id: int) -> bool:
    """Whether a verification is still to be done."""
    check = session.get(TrailCheck, check_id)
    return check is not None and check.ended_at is None


def tell_progress(session: Session, *, check_id: int, done: int, total: int) -> None:
    """Keep how far it is, where the page sees it."""
    session.execute(update(TrailCheck).where(TrailCheck.id == check_id).values(done=done, total=total))


def break_off(session: Session, *, check_id: int, now: datetime) -> None:
    """Keep that a verification ended without a verdict: its job failed."""
    session.execute(update(TrailCheck).where(TrailCheck.id == check_id).values(ended_at=now))


def end(session: Session, *, actor: Actor, check_id: int, verdict: Verdict, now: datetime) -> None:
    """Keep what was found; the verification itself is an event of the trail."""
    session.execute(
        update(TrailCheck)
        .where(TrailCheck.id == check_id)
        .values(ended_at=now, verdict=verdict.as_document(), done=verdict.last_pos, total=verdict.last_pos)
    )
    event = TrailVerified(str(verdict.last_pos), verdict.sound, verdict.rows, verdict.harmed)
    record(session, actor=actor, event=event, now=now, result="done")
