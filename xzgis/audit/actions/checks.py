"""Verifications that somebody asked for: begun, followed, ended."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from xzgis.audit.events import TrailVerified
from xzgis.audit.models import TrailCheck
from xzgis.audit.record import record
from xzgis.audit.terms import Verdict
from xzgis.core.actor import Actor
from xzgis.core.jobs import defer


def ask(session: Session, *, actor: Actor, now: datetime) -> int:
    """Queue a verification; its number. One that waits or runs already is given instead."""
    running = session.scalars(select(TrailCheck).where(TrailCheck.ended_at.is_(None))).first()
    if running is not None:
        return running.id
    check = TrailCheck(asked_by=actor.name, asked_at=now)
    session.add(check)
    session.flush()
    defer(session, "audit.verify", once="audit.verify", check_id=check.id, actor=actor.name)
    return check.id


def is_open(session: Session, check_id: int) -> bool:
    """Whether a verification is still to be done."""
    check = session.get(TrailCheck, check_id)
    return check is not None and check.ended_at is None


def tell_progress(session: Session, *, check_id: int, done: int, total: int) -> None:
    """Keep how far it is, where the page sees it."""
    session.execute(update(TrailCheck).where(TrailCheck.id == check_id).values(done=done, total=total))


def end(session: Session, *, actor: Actor, check_id: int, verdict: Verdict, now: datetime) -> None:
    """Keep what was found; the verification itself is an event of the trail."""
    session.execute(
        update(TrailCheck)
        .where(TrailCheck.id == check_id)
        .values(ended_at=now, verdict=verdict.as_document(), done=verdict.last_pos, total=verdict.last_pos)
    )
    event = TrailVerified(str(verdict.last_pos), verdict.sound, verdict.rows, verdict.harmed)
    record(session, actor=actor, event=event, now=now, result="done")
