"""Personal facts are masked wherever people are listed; a look at one takes a right and a reason and is recorded."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW
from xzgis.audit.models import TrailEntry
from xzgis.core.actor import Actor
from xzgis.core.errors import Invalid, NotAllowed
from xzgis.identity import actions, queries
from xzgis.identity.models import Person
from xzgis.identity.permissions import CONSOLE, ROLES
from xzgis.identity.rules.accounts import masked_email, masked_phone
from xzgis.identity.terms import Role

ADMIN = Actor(name="sys", via="page", permissions=ROLES[Role.SYSTEM_ADMIN])


@pytest.fixture
def chen(session: Session) -> Session:
    actions.add_person(
        session, actor=replace(ADMIN, permissions=CONSOLE), account="chen", name="陈", email="chen@example.cn",
        phone="13812345678", now=NOW,
    )  # fmt: skip
    return session


@pytest.mark.parametrize(
    ("number", "mask"),
    [("13812345678", "138****5678"), ("0516-12345678", "051****5678"), ("85741234", "****34"), (None, None)],
)
def test_a_number_shows_its_ends_only(number: str | None, mask: str | None) -> None:
    assert masked_phone(number) == mask


def test_an_address_shows_its_host_only() -> None:
    assert masked_email("chen@example.cn") == "c***@example.cn"
    assert masked_email(None) is None


def test_lists_and_cards_show_the_mask(chen: Session) -> None:
    listed = queries.people(chen, actor=ADMIN, now=NOW).items[0]

    assert (listed.email, listed.phone) == ("c***@example.cn", "138****5678")


def test_a_look_is_recorded_with_its_reason_and_without_the_fact(chen: Session) -> None:
    value = actions.reveal_fact(chen, actor=ADMIN, account="chen", field="phone", reason="夜间抢修", now=NOW)

    chen.flush()
    told = chen.scalars(select(TrailEntry).where(TrailEntry.event == "identity.person.fact_revealed")).one()
    assert value == "13812345678"
    assert (told.details["field"], told.details["reason"]) == ("phone", "夜间抢修")
    assert "13812345678" not in str(told.details)


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"field": "password_hash"}])
def test_no_reason_and_no_other_field(chen: Session, wrong: dict[str, str]) -> None:
    asked = {"account": "chen", "field": "phone", "reason": "夜间抢修"} | wrong

    with pytest.raises(Invalid):
        actions.reveal_fact(chen, actor=ADMIN, now=NOW, **asked)


def test_who_may_look_at_people_may_not_look_behind_the_mask(chen: Session) -> None:
    auditor = Actor(name="aud", via="page", permissions=ROLES[Role.AUDIT_ADMIN])

    with pytest.raises(NotAllowed):
        actions.reveal_fact(chen, actor=auditor, account="chen", field="phone", reason="好奇", now=NOW)


def test_a_mask_sent_back_changes_nothing(chen: Session) -> None:
    actions.change_person(
        chen, actor=ADMIN, account="chen", name="陈", email="c***@example.cn", phone="051687654321", now=NOW
    )

    kept = chen.scalars(select(Person).where(Person.account == "chen")).one()
    assert (kept.email, kept.phone) == ("chen@example.cn", "051687654321")
