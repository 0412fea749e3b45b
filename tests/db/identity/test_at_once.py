"""Two at once, each in a transaction that really commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pyotp
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.people import HERE, PASSWORD, THE_CONSOLE, a_person, a_post, an_organisation, inside, tries
from xzgis.audit.models import TrailEntry
from xzgis.core.db import transaction
from xzgis.core.errors import Refusal, WrongState
from xzgis.identity import actions, queries
from xzgis.identity.models import Person
from xzgis.identity.queries.directory import holders_of
from xzgis.identity.terms import DelegationAsked, Role

LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def organised(own_engine):
    """A database of the test's own with an organisation in it; ``transaction()`` commits there."""
    with transaction(THE_CONSOLE) as session:
        an_organisation(session)


def at_once(*acts: Callable[[Session], Any]) -> list[Any]:
    """Results of acts begun together, each in a transaction of its own; a refusal is a result."""
    ready = Barrier(len(acts))

    def run(act: Callable[[Session], Any]) -> Any:
        try:
            with transaction(THE_CONSOLE) as session:
                ready.wait(10)
                return act(session)
        except (Refusal, IntegrityError) as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def refused(results: list[Any]) -> int:
    return sum(isinstance(result, Exception) for result in results)


def test_two_sign_ins_at_once_are_two_sessions():
    with transaction(THE_CONSOLE) as session:
        inside(session)

    done = at_once(*[lambda session: tries(session, "lihua", PASSWORD)] * 2)

    tokens = {one.token for one in done}
    assert len(tokens) == 2
    with transaction(THE_CONSOLE) as session:
        assert all(queries.actor_of_session(session, token, now=NOW, address=HERE) for token in tokens)


def test_guesses_at_once_are_counted_one_after_the_other():
    """Were they let in side by side, all would find the counter still low."""
    with transaction(THE_CONSOLE) as session:
        inside(session)
    for _ in range(4):
        at_once(*[lambda session: tries(session, "lihua", "guess")] * 3)

    with transaction(THE_CONSOLE) as session:
        failures = session.scalar(
            select(func.count()).where(TrailEntry.event == "identity.person.sign_in_refused")
        )
    assert failures == 5


def test_one_code_lets_in_once():
    with transaction(THE_CONSOLE) as session:
        lihua = inside(session)
        begun = actions.enrol_totp(session, actor=lihua.actor(session), password=PASSWORD, now=NOW)
        totp = pyotp.TOTP(begun.secret)
        actions.confirm_totp(
            session, actor=lihua.actor(session), token=lihua.token, code=totp.at(NOW), now=NOW
        )

    done = at_once(
        *[
            lambda session, place=f"192.0.2.{number}": tries(
                session, "lihua", PASSWORD, code=totp.at(LATER), address=place, now=LATER
            )
            for number in range(3)
        ]
    )

    assert sum(one.token is not None for one in done) == 1


@pytest.mark.parametrize("second", [Role.PLANNER, Role.AUDIT_ADMIN])
def test_two_grants_at_once_do_not_mix_the_administrators(second):
    with transaction(THE_CONSOLE) as session:
        a_person(session, "chen")

    done = at_once(
        lambda session: a_post(session, "chen", Role.SYSTEM_ADMIN),
        lambda session: a_post(session, "chen", second),
    )

    assert refused(done) == 1


def test_a_post_lent_and_a_power_granted_at_once_do_not_meet():
    with transaction(THE_CONSOLE) as session:
        lihua = a_person(session, "lihua", Role.PLANNER)
        a_person(session, "chen")
        post = queries.posts_of(session, lihua.id, now=NOW)[0].id
    asked = DelegationAsked(post, "chen", LATER, "出差")

    done = at_once(
        lambda session: a_post(session, "chen", Role.AUDIT_ADMIN),
        lambda session: actions.delegate(session, actor=THE_CONSOLE, asked=asked, now=NOW),
    )

    assert refused(done) == 1


def test_of_two_administrators_leaving_at_once_one_stays():
    with transaction(THE_CONSOLE) as session:
        for account in ("chen", "zhou"):
            a_person(session, account, Role.AUDIT_ADMIN)

    done = at_once(
        *[
            lambda session, account=account: actions.leave_person(
                session, actor=THE_CONSOLE, account=account, now=NOW
            )
            for account in ("chen", "zhou")
        ]
    )

    assert refused(done) == 1
    with transaction(THE_CONSOLE) as session:
        assert len(holders_of(session, Role.AUDIT_ADMIN, now=NOW)) == 1


def test_the_first_three_are_made_once():
    done = at_once(*[lambda session: actions.first_administrators(session, actor=THE_CONSOLE, now=NOW)] * 2)

    assert sorted(len(made) for made in done) == [0, 3]
    with transaction(THE_CONSOLE) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 3


def test_one_account_is_made_once():
    done = at_once(*[lambda session: a_person(session, "chen")] * 2)

    assert sum(isinstance(result, WrongState) for result in done) == 1


def test_a_refused_try_stays_on_record_when_nobody_gets_in():
    with transaction(THE_CONSOLE) as session:
        tries(session, "nobody", "guess")

    with transaction(THE_CONSOLE) as session:
        last = session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc()).limit(1)).one()
        assert (last.event, last.object_id) == ("identity.person.sign_in_refused", "unknown")


def test_a_wrong_current_password_stays_on_record_though_the_change_is_undone():
    with transaction(THE_CONSOLE) as session:
        lihua = inside(session)
        actor = lihua.actor(session)

    with pytest.raises(Refusal), transaction(actor) as session:
        actions.change_password(
            session, actor=actor, token=lihua.token, current="wrong", new="anders-als-Vorher-3", now=NOW
        )

    with transaction(THE_CONSOLE) as session:
        last = session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc()).limit(1)).one()
        assert last.event == "identity.person.own_password_wrong"
