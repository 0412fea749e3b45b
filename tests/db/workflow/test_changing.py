"""A version of a process: proposed, decided by somebody else, in force at its time, and never rewritten."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.processes import END, START, a_file, a_flow, a_process, a_task
from xzgis.audit.models import TrailEntry
from xzgis.core.actor import Actor
from xzgis.core.errors import Invalid, NotAllowed, WrongState
from xzgis.identity.permissions import CONSOLE, Permission
from xzgis.notices.models import Notice
from xzgis.workflow import queries
from xzgis.workflow.actions.changing import decide_version, propose_version, withdraw_version
from xzgis.workflow.models import ProcessVersion
from xzgis.workflow.terms import Proposal

LI = Actor(name="li", via="page", permissions=frozenset({Permission.WORKFLOW_PROPOSE}))
CHIEF = Actor(name="chief", via="page", permissions=CONSOLE)
A_DAY = timedelta(days=1)


def proposed(
    session: Session, bpmn: bytes | None = None, *, by: Actor = LI, now: Any = NOW, **facts: Any
) -> ProcessVersion:
    given: dict[str, Any] = {"reason": "机构改革", "source": "徐政办〔2026〕8 号"} | facts
    proposal = Proposal(bpmn or a_process(), **given)
    return propose_version(session, actor=by, proposal=proposal, now=now)


def approved(session: Session, bpmn: bytes | None = None, *, now: Any = NOW, **facts: Any) -> ProcessVersion:
    made = proposed(session, bpmn, now=now, **facts)
    return decide_version(session, actor=CHIEF, version_id=made.id, approved=True, reason="已核对", now=now)


def number_at(session: Session, at: Any) -> int | None:
    found = queries.in_force_of(session, "trial", at)
    return None if found is None else found.number


def test_a_version_is_in_force_from_its_approval_until_the_next(session: Session) -> None:
    approved(session, now=NOW)
    approved(session, a_process(said="收件"), now=NOW + A_DAY)

    assert [number_at(session, NOW + step) for step in (-A_DAY, timedelta(0), A_DAY, 2 * A_DAY)] == [
        None,
        1,
        2,
        2,
    ]
    assert [one.state for one in queries.versions_of(session, "trial")] == ["approved", "approved"]
    told = session.scalars(
        select(TrailEntry)
        .where(TrailEntry.event.like("workflow.%"))
        .order_by(TrailEntry.happened_at, TrailEntry.event.desc())
    ).all()
    assert [(one.event, one.actor) for one in told] == [
        ("workflow.version.proposed", "li"), ("workflow.version.decided", "chief"),
        ("workflow.version.proposed", "li"), ("workflow.version.decided", "chief"),
    ]  # fmt: skip
    assert told[2].details["differences"] == ["经办“受理”改名为“收件”"]
    assert told[3].details["number"] == 2


def test_nobody_decides_his_own_version(session: Session) -> None:
    made = proposed(session, by=CHIEF)
    deputy = Actor(name="wang", via="page", permissions=CONSOLE, acting_for="chief")

    for actor in (CHIEF, deputy):
        with pytest.raises(NotAllowed):
            decide_version(session, actor=actor, version_id=made.id, approved=True, reason="已核对", now=NOW)
    with pytest.raises(NotAllowed):
        decide_version(session, actor=LI, version_id=made.id, approved=True, reason="已核对", now=NOW)
    with pytest.raises(NotAllowed):
        proposed(session, by=Actor(name="x", via="page"))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            update(ProcessVersion).values(
                decided_by="chief", decided_at=NOW, decided_reason="是", state="refused"
            )
        )


def test_a_process_waits_for_one_decision_at_a_time_and_each_is_made_once(session: Session) -> None:
    made = proposed(session)
    with pytest.raises(WrongState, match=str(made.id)):
        proposed(session)

    decide_version(session, actor=CHIEF, version_id=made.id, approved=False, reason="未核对", now=NOW)

    with pytest.raises(WrongState):
        decide_version(session, actor=CHIEF, version_id=made.id, approved=True, reason="已核对", now=NOW)
    with pytest.raises(WrongState):
        withdraw_version(session, actor=LI, version_id=made.id, reason="不需要", now=NOW)
    assert (made.state, made.number, number_at(session, NOW + A_DAY)) == ("refused", None, None)


def test_a_version_comes_at_its_time_and_can_be_withdrawn_until_then(session: Session) -> None:
    approved(session)
    later = approved(session, a_process(said="收件"), wanted_from=NOW + 2 * A_DAY)
    assert [number_at(session, NOW + step * A_DAY) for step in (1, 2)] == [1, 2]

    withdraw_version(session, actor=LI, version_id=later.id, reason="另有安排", now=NOW + A_DAY)

    assert number_at(session, NOW + 3 * A_DAY) == 1
    third = approved(session, a_process(said="登记"), now=NOW + A_DAY)
    assert third.number == 3
    with pytest.raises(WrongState):
        withdraw_version(session, actor=CHIEF, version_id=third.id, reason="晚了", now=NOW + 2 * A_DAY)


def test_no_version_slips_in_before_one_that_is_to_come(session: Session) -> None:
    approved(session)
    approved(session, a_process(said="收件"), wanted_from=NOW + 5 * A_DAY)

    with pytest.raises(WrongState, match="第 2 版已定于"):
        approved(session, a_process(said="登记"), now=NOW + A_DAY)


def test_who_neither_made_nor_decides_it_withdraws_nothing(session: Session) -> None:
    made = proposed(session)
    reader = Actor(name="reader", via="page", permissions=frozenset({Permission.WORKFLOW_READ}))

    with pytest.raises(NotAllowed):
        withdraw_version(session, actor=reader, version_id=made.id, reason="不需要", now=NOW)
    assert (
        withdraw_version(session, actor=LI, version_id=made.id, reason="不需要", now=NOW).state == "withdrawn"
    )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reason": " "}, "reason"), ({"source": ""}, "source_of_change"), ({"reason": "长" * 501}, "reason"),
        ({"wanted_from": NOW}, "wanted_from"), ({"bpmn": b"<a/>"}, "bpmn"), ({}, "bpmn"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_its_field(
    session: Session, facts: dict[str, Any], field: str
) -> None:
    approved(session)

    with pytest.raises(Invalid) as refused:
        proposed(session, **{"now": NOW, **facts})
    assert refused.value.faults[0].loc[0] == field
    assert queries.waiting(session) == []


def test_what_is_called_is_in_force_when_it_is_proposed_and_when_it_is_approved(session: Session) -> None:
    call = a_task("call", kind="callActivity", more='calledElement="trial"')
    calling = a_file(START, call, END, a_flow("start", "call"), a_flow("call", "end"), key="caller")
    with pytest.raises(Invalid, match="没有流程“trial”"):
        proposed(session, calling)

    approved(session)

    assert approved(session, calling).number == 1


def test_the_file_stays_as_it_came(session: Session) -> None:
    content = a_process()
    made = approved(session, content)
    session.expire_all()

    assert queries.version(session, made.id).bpmn.encode() == content
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("update workflow_version set state = 'approved', number = null"))


def test_who_decides_is_told_and_who_proposed_learns_it(session: Session) -> None:
    made = proposed(session)
    waits = session.scalars(select(Notice).where(Notice.about == "workflow.version")).one()
    assert (waits.kind, waits.permission, waits.done_at) == ("process_waits", "workflow.approve", None)

    decide_version(session, actor=CHIEF, version_id=made.id, approved=True, reason="已核对", now=NOW)

    session.refresh(waits)
    assert waits.done_at == NOW
