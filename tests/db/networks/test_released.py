"""Batches whose process died are given up; those of the living, the waiting and the new are left alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.factories import NOW, a_batch, an_actor
from xzgis.core.actor import told
from xzgis.core.jobs import defer
from xzgis.networks.actions.at_work import AT_ONCE, GRACE, OURS, release_abandoned
from xzgis.networks.models import Batch

LONG_AGO = NOW - 2 * GRACE


def batch(session: Session, state: str, *, by_command: bool = True, **facts: Any) -> Batch:
    options = {AT_ONCE: True} if by_command else {}
    made = a_batch(state=state, **({"accepted_at": None, "created_at": LONG_AGO, "options": options} | facts))
    session.add(made)
    session.flush()
    return made


def released(session: Session) -> list[int]:
    return release_abandoned(session, actor=an_actor(), now=NOW)


@pytest.mark.parametrize(
    ("state", "by_command", "becomes"),
    [
        ("received", True, "cancelled"),
        ("read", True, "cancelled"),
        ("reading", True, "cancelled"),
        ("reading", False, "cancelled"),
        ("accepting", True, "read"),
        ("accepting", False, "read"),
    ],
)
def test_what_a_dead_process_left_is_given_up_and_says_why(
    session: Session, state: str, by_command: bool, becomes: str
) -> None:
    left = batch(session, state, by_command=by_command)

    assert released(session) == [left.id]
    assert left.state == becomes
    assert "处理中断" in str(left.summary)


@pytest.mark.parametrize("state", ["received", "read", "reading", "accepting"])
def test_what_a_living_process_holds_stays(session: Session, state: str) -> None:
    held = batch(session, state)
    session.execute(text("select pg_advisory_xact_lock(:ours, :id)"), {"ours": OURS, "id": held.id})

    assert released(session) == []
    assert held.state == state


@pytest.mark.parametrize(("state", "job"), [("reading", "read"), ("accepting", "accept")])
def test_what_a_job_will_take_up_stays(session: Session, state: str, job: str) -> None:
    waiting = batch(session, state, by_command=False)
    more: dict[str, Any] = {} if job == "read" else {"leave_out_errors": False, "same": "replace"}
    defer(session, f"networks.{job}_batch", once=f"{job}-{waiting.id}", batch_id=waiting.id,
          actor=told(an_actor()), **more)  # fmt: skip

    assert released(session) == []
    assert waiting.state == state


@pytest.mark.parametrize(
    ("state", "by_command", "age"),
    [
        pytest.param("received", True, GRACE - timedelta(microseconds=1), id="a command that just began"),
        pytest.param("received", False, 2 * GRACE, id="a page's batch that waits for its mapping"),
        pytest.param("read", False, 2 * GRACE, id="a page's batch that waits for a person"),
        pytest.param("refused", True, 2 * GRACE, id="one that was refused"),
        pytest.param("accepted", True, 2 * GRACE, id="one in the register"),
    ],
)
def test_what_nobody_left_in_the_middle_stays(
    session: Session, state: str, by_command: bool, age: timedelta
) -> None:
    accepted_at = NOW if state == "accepted" else None
    waiting = batch(session, state, by_command=by_command, created_at=NOW - age, accepted_at=accepted_at)

    assert released(session) == []
    assert waiting.state == state
