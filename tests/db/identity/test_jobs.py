"""What runs in the background."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from tests.people import inside
from xzgis.identity.jobs import tidy_job
from xzgis.identity.models import SignedInSession
from xzgis.worker import TIMETABLE


def test_sessions_past_their_end_are_removed_every_hour_and_others_stay(organised):
    now = datetime.now(UTC)
    inside(organised, "lihua", now=now)
    wang = inside(organised, "wang", now=now)
    past = organised.scalars(select(SignedInSession).where(SignedInSession.person_id == wang.person.id)).one()
    past.created_at, past.ends_at = now - timedelta(hours=13), now - timedelta(hours=1)
    organised.flush()

    tidy_job(timestamp=0)
    tidy_job(timestamp=0)

    assert "identity.tidy" in TIMETABLE
    organised.expire_all()
    assert organised.scalar(select(func.count()).select_from(SignedInSession)) == 1
