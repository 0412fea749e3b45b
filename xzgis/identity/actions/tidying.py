"""What nobody needs any more."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from xzgis.identity.models import Challenge, Device, SignedInSession, Try

TRIES_KEPT = timedelta(days=1)
DEVICES_KEPT = timedelta(days=366)


def tidy(session: Session, *, now: datetime) -> int:
    """Remove sessions past their end, tries of yesterday and devices of last year; how many rows.

    They let nobody in any more; the trail keeps what was done with them.
    """
    return sum(
        len(session.scalars(statement).all())
        for statement in (
            delete(SignedInSession)
            .where(SignedInSession.ends_at <= now)
            .returning(SignedInSession.person_id),
            delete(Challenge).where(Challenge.expires_at <= now).returning(Challenge.expires_at),
            delete(Try).where(Try.last_at <= now - TRIES_KEPT).returning(Try.count),
            delete(Device).where(Device.seen_at <= now - DEVICES_KEPT).returning(Device.person_id),
        )
    )
