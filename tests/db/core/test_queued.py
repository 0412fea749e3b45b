"""Jobs are seen, done again and taken out, and it is written who did so."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.factories import NOW, an_actor
from xzgis.audit.actions.controlling import cancel_job, retry_job
from xzgis.core.errors import Invalid, WrongState
from xzgis.core.jobs import defer, state_of
from xzgis.core.queued import jobs_seen


def fail(session: Session, number: int) -> None:
    session.execute(text("update procrastinate_jobs set status = 'failed' where id = :id"), {"id": number})


def test_jobs_are_seen_by_state_the_latest_first(session: Session) -> None:
    first = defer(session, "networks.read_batch", batch_id=1, actor={"name": "li.na", "id": 7})
    second = defer(session, "audit.seal", timestamp=1)
    fail(session, first)

    assert [one.number for one in jobs_seen(session)] == [second, first]
    assert [one.number for one in jobs_seen(session, before=second)] == [first]
    failed = jobs_seen(session, state="failed")
    assert [(one.name, one.asked_by, one.state) for one in failed] == [
        ("networks.read_batch", "li.na", "failed")
    ]
    assert failed[0].queued_at is not None
    with pytest.raises(Invalid):
        jobs_seen(session, state="lost")


def test_only_what_failed_is_done_again_and_only_what_waits_is_taken_out(session: Session) -> None:
    number = defer(session, "audit.seal", once="seal", timestamp=1)
    with pytest.raises(WrongState):
        retry_job(session, actor=an_actor(), number=number, now=NOW)
    fail(session, number)
    with pytest.raises(WrongState):
        cancel_job(session, actor=an_actor(), number=number, now=NOW)

    retry_job(session, actor=an_actor(), number=number, now=NOW)
    assert state_of(session, number) == "todo"
    cancel_job(session, actor=an_actor(), number=number, now=NOW)

    assert state_of(session, number) == "cancelled"
    written = session.execute(text("select event, object_id from audit_trail order by id")).all()
    assert [tuple(row) for row in written] == [
        ("audit.job.retried", str(number)),
        ("audit.job.cancelled", str(number)),
    ]


def test_what_waits_already_is_not_queued_twice(session: Session) -> None:
    first = defer(session, "audit.seal", once="seal", timestamp=1)
    fail(session, first)
    defer(session, "audit.seal", once="seal", timestamp=2)

    with pytest.raises(WrongState, match="排队"):
        retry_job(session, actor=an_actor(), number=first, now=NOW)
