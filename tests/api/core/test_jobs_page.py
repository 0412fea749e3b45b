"""The page and the routes of background jobs: seen, failed with a cause, done again, taken out."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.api.test_matrix import APP
from tests.factories import NOW, a_batch
from tests.signed_in import a_session, sign_in
from xzgis.audit.actions.controlling import note_failure
from xzgis.core.errors import Unavailable
from xzgis.core.jobs import defer
from xzgis.core.words import Words
from xzgis.identity.terms import Role

FULL = Unavailable(Words("磁盘已满。", "The disk is full."))


@pytest.fixture
def keeper(session: Session) -> Any:
    client = TestClient(APP, base_url="http://localhost", follow_redirects=False)
    return sign_in(client, a_session(session, "keeps.jobs", Role.SYSTEM_ADMIN))


def failed(session: Session, error: Exception) -> int:
    number = defer(session, "audit.keep", timestamp=1)
    session.execute(text("update procrastinate_jobs set status = 'failed' where id = :id"), {"id": number})
    note_failure(session, number=number, name="audit.keep", attempt=1, error=error, now=NOW)
    session.flush()
    return number


def test_a_job_tells_how_far_it_is(keeper: Any, session: Session) -> None:
    batch = a_batch(state="reading", progress_percent=42)
    session.add(batch)
    session.flush()
    number = defer(session, "networks.read_batch", batch_id=batch.id, actor={"name": "li.na"})
    session.execute(text("update procrastinate_jobs set status = 'doing' where id = :id"), {"id": number})

    told = keeper.get("/api/jobs").json()["items"][0]

    assert (told["number"], told["state"], told["percent"], told["asked_by"]) == (
        number,
        "doing",
        42,
        "li.na",
    )
    assert "42 %" in keeper.get("/jobs").text


@pytest.mark.parametrize(
    ("error", "told"),
    [(FULL, "磁盘已满。"), (ValueError("secret line 7"), "意外错误 ValueError")],
)
def test_a_failed_job_says_why_and_not_what_it_was_about(
    keeper: Any, session: Session, error: Exception, told: str
) -> None:
    failed(session, error)

    page = keeper.get("/jobs?state=failed").text

    assert told in page
    assert "secret" not in page
    assert told in keeper.get("/api/jobs?state=failed").json()["items"][0]["cause"]


def test_a_failed_job_is_done_again_and_a_waiting_one_taken_out(keeper: Any, session: Session) -> None:
    number = failed(session, FULL)
    assert f'action="/jobs/{number}/retry"' in keeper.get("/jobs").text

    assert keeper.post(f"/jobs/{number}/retry").headers["location"] == "/jobs"
    assert keeper.get("/api/jobs").json()["items"][0]["state"] == "todo"
    assert keeper.post(f"/api/jobs/{number}/retry").status_code == 409
    assert keeper.post(f"/api/jobs/{number}/cancel").status_code == 204
    assert keeper.get("/api/jobs").json()["items"][0]["state"] == "cancelled"
    assert "不能取消" in keeper.post(f"/jobs/{number}/cancel").text

    written = session.execute(
        text("select actor, event from audit_trail where object_kind = 'job' order by id")
    ).all()
    assert [tuple(row) for row in written] == [
        ("system", "audit.job.failed"), ("keeps.jobs", "audit.job.retried"), ("keeps.jobs", "audit.job.cancelled"),
    ]  # fmt: skip


def test_the_timetable_says_what_was_last_done_and_whether_anybody_works(
    keeper: Any, session: Session
) -> None:
    assert keeper.get("/api/jobs/timetable").json()["workers"] == 0
    assert "没有后台进程在工作" in keeper.get("/jobs").text
    number = defer(session, "audit.seal", timestamp=1)
    session.execute(
        text(
            "insert into procrastinate_periodic_defers (task_name, defer_timestamp, job_id) values ('audit.seal', 1, :id)"
        ),
        {"id": number},
    )
    session.execute(text("insert into procrastinate_workers (last_heartbeat) values (now())"))

    told = keeper.get("/api/jobs/timetable").json()

    assert told["workers"] == 1
    row = next(one for one in told["items"] if one["job"] == "audit.seal")
    assert (row["cron"], row["last_state"]) == ("* * * * *", "todo")


def test_jobs_are_paged_from_the_latest(keeper: Any, session: Session) -> None:
    numbers = [defer(session, "audit.keep", timestamp=at) for at in range(3)]

    first = keeper.get("/api/jobs?limit=2").json()
    second = keeper.get(f"/api/jobs?limit=2&before={first['before']}").json()

    assert [one["number"] for one in first["items"] + second["items"]] == numbers[::-1]
    assert second["before"] is None
