"""A change of the tables: proposed, decided by somebody else, in force at its time, and gone nowhere afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import NOW
from xzgis.audit.models import TrailEntry
from xzgis.catalogue import queries
from xzgis.catalogue.actions.changing import decide_change, propose_change, withdraw_change
from xzgis.catalogue.files import shipped
from xzgis.catalogue.models import RuleChange
from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.changes import Bearing, Proposal
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, NotAllowed, NotFound, WrongState
from xzgis.identity.permissions import CONSOLE, Permission
from xzgis.notices.models import Notice

LI = Actor(name="li", via="page", permissions=frozenset({Permission.CATALOGUE_PROPOSE}))
CHIEF = Actor(name="chief", via="page", permissions=CONSOLE)
GAS_WATER = "H039"
A_DAY = timedelta(days=1)


def proposed(session: Session, *, by: Actor = LI, now: datetime = NOW, **facts: Any) -> RuleChange:
    given: dict[str, Any] = {
        "table": "horizontal", "key": GAS_WATER, "after": {"clearance_m": "2.5"}, "reason": "道路狭窄，事故教训",
        "source": "徐规发〔2026〕12 号",
    }  # fmt: skip
    return propose_change(session, actor=by, proposal=Proposal(**(given | facts)), now=now)


def approved(
    session: Session, *, now: datetime = NOW, from_at: datetime | None = None, **facts: Any
) -> RuleChange:
    row = proposed(session, now=now, **facts)
    return decide_change(
        session, actor=CHIEF, number=row.id, approved=True, reason="已核对", now=now, from_at=from_at
    )


def figure(known: Catalogue, rule_id: str = GAS_WATER) -> Any:
    return next((rule.clearance_m for rule in known.horizontal if rule.rule_id == rule_id), None)


def in_force(session: Session, at: datetime) -> Catalogue:
    with transaction(CHIEF):
        return queries.catalogue(at)


def test_a_change_is_in_force_from_its_approval_and_the_past_stays(session: Session) -> None:
    before = figure(in_force(session, NOW))
    proposed_at = NOW - A_DAY
    row = proposed(session, now=proposed_at)

    assert figure(in_force(session, NOW)) == before
    decide_change(session, actor=CHIEF, number=row.id, approved=True, reason="已核对", now=NOW)

    assert (row.before, row.after) == ({"clearance_m": f"{before:g}"}, {"clearance_m": "2.5"})
    assert figure(in_force(session, NOW)) == 2.5
    assert figure(in_force(session, NOW - timedelta(seconds=1))) == before
    assert in_force(session, NOW).version != shipped().catalogue.version
    assert in_force(session, NOW).changes[0].bearing is Bearing.STRICTER
    assert in_force(session, NOW - A_DAY) is shipped().catalogue
    told = session.scalars(
        select(TrailEntry).where(TrailEntry.event.like("catalogue.change.%")).order_by(TrailEntry.event)
    ).all()
    assert [(one.event, one.actor) for one in told] == [
        ("catalogue.change.decided", "chief"), ("catalogue.change.proposed", "li"),
    ]  # fmt: skip
    assert told[0].details["after"] == {"clearance_m": "2.5"}


def test_a_scheduled_change_waits_for_its_time_and_may_be_withdrawn_until_then(session: Session) -> None:
    row = approved(session, wanted_from=NOW + A_DAY)

    assert figure(in_force(session, NOW + A_DAY / 2)) != 2.5
    assert figure(in_force(session, NOW + A_DAY)) == 2.5
    withdraw_change(session, actor=CHIEF, number=row.id, reason="暂缓", now=NOW + A_DAY / 2)
    assert figure(in_force(session, NOW + A_DAY)) != 2.5


def test_what_is_in_force_is_taken_back_by_another_change_only(session: Session) -> None:
    row = approved(session)
    with pytest.raises(WrongState):
        withdraw_change(session, actor=CHIEF, number=row.id, reason="暂缓", now=NOW)

    approved(session, after=row.before, now=NOW + A_DAY)

    assert in_force(session, NOW + A_DAY) is shipped().catalogue
    assert figure(in_force(session, NOW)) == 2.5


@pytest.mark.parametrize("by", [LI, replace(CHIEF, name="li"), replace(CHIEF, acting_for="li")])
def test_nobody_decides_his_own_change(session: Session, by: Actor) -> None:
    row = proposed(session)

    with pytest.raises(NotAllowed):
        decide_change(session, actor=by, number=row.id, approved=True, reason="已核对", now=NOW)


def test_the_database_lets_nobody_decide_his_own_change_either(session: Session) -> None:
    row = proposed(session)

    with pytest.raises(IntegrityError, match="not_by_oneself"), session.begin_nested():
        session.execute(text(
            "update catalogue_change set state = 'refused', decided_by = 'li', decided_at = now(), decided_reason = 'x' "
            "where id = :id"
        ), {"id": row.id})  # fmt: skip
    approve = (
        "update catalogue_change set state = 'approved', decided_by = 'x', decided_at = now(), decided_reason = 'x', "
        "in_force_from = now() - interval '1 day' where id = :id"
    )
    with pytest.raises(IntegrityError, match="never_in_the_past"), session.begin_nested():
        session.execute(text(approve), {"id": row.id})


def test_who_may_not_propose_does_not(session: Session) -> None:
    with pytest.raises(NotAllowed):
        proposed(session, by=replace(LI, permissions=frozenset({Permission.CATALOGUE_READ})))


@pytest.mark.parametrize(
    ("facts", "kind", "told"),
    [
        ({"after": {"clearance_m": "99"}}, Invalid, "clearances/horizontal.csv 第 40 行“clearance_m”：数值过大 ('99')"),
        ({"after": {"clearance_m": "二"}}, Invalid, "clearances/horizontal.csv 第 40 行“clearance_m”"),
        ({"after": {"kind_a": "water"}}, Invalid, "不能修改"),
        ({"after": {"source": ""}}, Invalid, "规则没有出处"),
        ({"after": {"clearance_m": "1"}, "key": "L001"}, Invalid, "缺少该项"),
        ({"after": {}}, Invalid, "没有任何一列改变"),
        ({"reason": " "}, Invalid, "理由"),
        ({"source": ""}, Invalid, "依据"),
        ({"wanted_from": NOW}, Invalid, "将来"),
        ({"table": "conditions", "key": "new", "after": {"zh": "x"}}, NotFound, "不能新增行"),
        ({"table": "nothing"}, NotFound, "nothing"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_as_in_the_file(
    session: Session, facts: dict[str, Any], kind: type[Exception], told: str
) -> None:
    with pytest.raises(kind) as refused:
        proposed(session, **facts)

    assert told in refused.value.words.zh
    assert session.scalars(select(RuleChange)).all() == []


def test_a_row_has_one_proposal_at_a_time_and_its_old_values_must_hold(session: Session) -> None:
    row = proposed(session, wanted_from=NOW + 2 * A_DAY)
    with pytest.raises(WrongState, match=str(row.id)):
        proposed(session)
    decide_change(
        session, actor=CHIEF, number=row.id, approved=True, reason="已核对", now=NOW, from_at=NOW + 2 * A_DAY
    )

    late = proposed(session, after={"clearance_m": "1.5"}, now=NOW)
    with pytest.raises(WrongState, match="原值"):
        decide_change(
            session,
            actor=CHIEF,
            number=late.id,
            approved=True,
            reason="已核对",
            now=NOW,
            from_at=NOW + 3 * A_DAY,
        )


def test_a_rule_is_switched_off_and_a_rule_of_the_city_added(session: Session) -> None:
    approved(session, after={"enabled": "no"})
    approved(session, key="L001", after={
        "standard": "DB 3203/T 1", "table": "1", "kind_a": "gas", "kind_b": "water", "clearance_m": "3",
        "confidence": "verified", "source": "地方标准",
    })  # fmt: skip

    known = in_force(session, NOW)

    assert (figure(known), figure(known, "L001")) == (None, 3.0)
    assert {one.key: (one.bearing, one.is_disabled) for one in known.changes} == {
        GAS_WATER: (Bearing.LOOSER, True), "L001": (Bearing.UNCLEAR, False),
    }  # fmt: skip


def test_who_decides_has_a_to_do_and_who_proposed_learns_it(session: Session) -> None:
    row = proposed(session)
    waiting = session.scalars(select(Notice).where(Notice.kind == "rule_waits")).one()
    assert (waiting.permission, waiting.object_id) == (Permission.CATALOGUE_APPROVE, str(row.id))

    decide_change(session, actor=CHIEF, number=row.id, approved=False, reason="依据不足", now=NOW)

    session.refresh(waiting)
    assert waiting.done_by == "chief"
    assert (row.state, row.in_force_from) == ("refused", None)


def test_every_process_sees_a_new_edition_without_a_restart(own_engine: Any, monkeypatch: Any) -> None:
    """Outside of a transaction, as a page asks it; another process would see it after the same second."""
    monkeypatch.setattr(queries, "FRESH_FOR_S", 0.0)
    assert queries.catalogue().version == shipped().catalogue.version
    with transaction(LI) as session:
        number = proposed(session, now=datetime.now(NOW.tzinfo)).id
    with transaction(CHIEF) as session:
        decide_change(
            session, actor=CHIEF, number=number, approved=True, reason="已核对", now=datetime.now(NOW.tzinfo)
        )

    assert figure(queries.catalogue()) == 2.5
