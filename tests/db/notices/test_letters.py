"""Letters to a real mail server: each once, again after a sure refusal, never after doubt."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session

from tests.db.notices.test_telling import a_read_batch
from tests.factories import NOW
from tests.mail_server import Postbox, a_mail_server
from tests.people import THE_CONSOLE, a_person, a_post, an_organisation
from xzgis import worker
from xzgis.audit.record import record
from xzgis.core import db
from xzgis.core import settings as settings_module
from xzgis.core.actor import SYSTEM, Actor
from xzgis.core.settings import Settings
from xzgis.identity import actions as identity
from xzgis.identity.models import Person
from xzgis.identity.terms import Role
from xzgis.networks.events import BatchCancelled
from xzgis.notices import jobs, rules
from xzgis.notices.actions import letters, telling

STATES = text("select state, tries, reason from notices_letter order by notice_id, person_id, told_at")
DUE = text("update procrastinate_jobs set scheduled_at = null where status = 'todo'")


@dataclass
class Office:
    box: Postbox
    url: str

    def work(self) -> None:
        """Do everything that is queued, also what is to wait."""
        with db.transaction(SYSTEM) as session:
            session.execute(DUE)
        worker.work(self.url, queues=["quick"], wait=False)

    def states(self) -> list[tuple[Any, ...]]:
        with db.transaction(SYSTEM) as session:
            return [tuple(row) for row in session.execute(STATES)]


@pytest.fixture
def office(own_engine: Engine, own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A mail server, two keepers with addresses, one without, and a planner."""
    assert own_engine is not None
    with a_mail_server() as box:
        for name, value in {
            "HOST": "127.0.0.1", "PORT": str(box.port), "SECURITY": "none", "SENDER": "gis@city.example",
            "TIMEOUT_S": "3",
        }.items():  # fmt: skip
            monkeypatch.setenv(f"XZGIS_SMTP_{name}", value)
        settings_module.settings.cache_clear()
        with db.transaction(SYSTEM) as session:
            an_organisation(session)
            for account, role in (
                ("keeper", Role.DATA_KEEPER),
                ("second", Role.DATA_KEEPER),
                ("planner", Role.PLANNER),
            ):
                a_person(session, account, role)
                session.execute(
                    update(Person).where(Person.account == account).values(email=f"{account}@city.example")
                )
            a_person(session, "silent", Role.DATA_KEEPER)
        yield Office(box, own_database)
    settings_module.settings.cache_clear()


def tell_keepers() -> str:
    with db.transaction(SYSTEM) as session:
        return a_read_batch(session, maker="machine")


def recipients(box: Postbox) -> list[str]:
    return sorted(str(letter["To"]) for letter in box.letters)


def test_everybody_it_waits_for_gets_one_letter(office: Office) -> None:
    number = tell_keepers()

    office.work()
    office.work()

    assert recipients(office.box) == ["keeper@city.example", "second@city.example"]
    assert [state for state, _, _ in office.states()] == ["sent", "sent"]
    letter = office.box.letters[0]
    assert letter["Subject"] == "[城市管线] 有批次等待接收入库"
    told = letter.get_content()
    assert "A delivery waits to be accepted." in told
    assert "请在 " in told
    assert number not in told.replace(letter["Message-ID"], "").split()
    assert len({str(each["Message-ID"]) for each in office.box.letters}) == 2


def test_the_same_job_twice_sends_one_letter(office: Office) -> None:
    tell_keepers()
    with db.transaction(SYSTEM) as session:
        arguments = session.scalars(
            text("select args from procrastinate_jobs where task_name = 'notices.send_letter'")
        ).all()
    assert len(arguments) == 2

    for each in [*arguments, *arguments]:
        jobs.send_letter(**each)

    assert len(office.box.letters) == 2


def test_a_server_that_is_busy_is_asked_again(office: Office) -> None:
    tell_keepers()
    office.box.mood = "451 busy"
    office.work()
    assert {state for state, _, _ in office.states()} == {"waits"}
    assert office.box.letters == []

    office.box.mood = "250 taken"
    office.work()

    assert recipients(office.box) == ["keeper@city.example", "second@city.example"]
    assert {state for state, _, _ in office.states()} == {"sent"}


def test_a_try_waits_longer_each_time_and_ends(office: Office) -> None:
    tell_keepers()
    office.box.to_person = "450 not now"
    for _ in range(len(rules.PAUSES) + 2):
        office.work()

    assert {(state, tries) for state, tries, _ in office.states()} == {("failed", len(rules.PAUSES) + 1)}
    assert "450 not now" in office.states()[0][2]
    assert list(rules.PAUSES) == sorted(rules.PAUSES)


def test_a_person_the_server_does_not_know_is_not_tried_again(office: Office) -> None:
    tell_keepers()
    office.box.to_person = "550 no such person"

    office.work()

    assert {(state, tries) for state, tries, _ in office.states()} == {("failed", 1)}


def test_a_line_that_broke_after_the_letter_sends_none_again(office: Office) -> None:
    tell_keepers()
    office.box.mood = "hang up"
    office.work()
    office.box.mood = "250 taken"

    office.work()

    assert {state for state, _, _ in office.states()} == {"unsure"}
    assert len(office.box.letters) == 2


def test_a_worker_that_died_with_a_letter_in_hand_sends_it_never_again(office: Office) -> None:
    tell_keepers()
    now = datetime.now(UTC)
    with db.transaction(SYSTEM) as session:
        rows = session.execute(text("select notice_id, person_id, told_at from notices_letter")).all()
        for row in rows:
            assert letters.take_letter(session, *row, now=now) is not None

    office.work()

    assert office.box.letters == []
    assert {state for state, _, _ in office.states()} == {"unsure"}


def test_no_letter_about_what_was_done_meanwhile(office: Office) -> None:
    number = tell_keepers()
    with db.transaction(SYSTEM) as session:
        record(session, actor=SYSTEM, event=BatchCancelled(number, "x"), now=datetime.now(UTC))

    office.work()

    assert office.box.letters == []
    assert {state for state, _, _ in office.states()} == {"unwanted"}


def test_who_switched_letters_off_gets_none(office: Office) -> None:
    with db.transaction(SYSTEM) as session:
        keeper = session.scalar(text("select id from identity_person where account = 'keeper'"))
        telling.choose_letters(session, actor=Actor(name="keeper", via="page", id=keeper), by_mail=False)
    tell_keepers()

    office.work()

    assert recipients(office.box) == ["second@city.example"]


def test_a_letter_stands_or_falls_with_its_cause(office: Office) -> None:
    def broken() -> None:
        with db.transaction(SYSTEM) as session:
            a_read_batch(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    office.work()

    assert office.box.letters == []
    assert office.states() == []


def test_without_a_mail_server_nothing_is_queued(session: Session) -> None:
    an_organisation(session)
    a_person(session, "zhang", Role.PLANNER)
    session.execute(update(Person).values(email="zhang@city.example"))
    a_post(session, "zhang", Role.CLERK)

    assert session.scalar(text("select count(*) from notices_letter")) == 0


def test_a_leaver_gets_no_letter_any_more(office: Office) -> None:
    with db.transaction(SYSTEM) as session:
        a_post(session, "planner", Role.CLERK)
        identity.leave_person(session, actor=THE_CONSOLE, account="planner", now=NOW + timedelta(seconds=1))
    assert {state for state, _, _ in office.states()} == {"waits"}

    office.work()

    assert office.box.letters == []


def test_lines_that_begin_with_a_dot_arrive_whole(office: Office) -> None:
    from xzgis.core.mail import Letter, hand_over

    chosen = Settings()
    letter = Letter("x@city.example", "题\t目", ".\r\n..\r\nfrom here\r\n.", "<1@city.example>")

    hand_over(letter, chosen, now=datetime.now(UTC))

    assert office.box.letters[0].get_content().splitlines() == [".", "..", "from here", "."]


@pytest.mark.parametrize("subject", ["a\r\nBcc: all@city.example", "a\nb"])
def test_no_heading_is_smuggled_in(office: Office, subject: str) -> None:
    from xzgis.core.mail import Letter, hand_over

    with pytest.raises(ValueError, match=r"linefeed|newline|carriage"):
        hand_over(Letter("x@city.example", subject, "t", "<1@x>"), Settings(), now=datetime.now(UTC))

    assert office.box.letters == []
