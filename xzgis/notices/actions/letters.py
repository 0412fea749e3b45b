"""Letters: written in the transaction of their cause, each sent once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from xzgis.core.clock import city_time
from xzgis.core.errors import Invalid, Unavailable
from xzgis.core.jobs import defer
from xzgis.core.mail import Letter, NotHandedOver, Unsure, hand_over
from xzgis.core.settings import Settings, settings
from xzgis.core.words import Words
from xzgis.identity.models import Person
from xzgis.identity.rules.accounts import email_of
from xzgis.notices import queries
from xzgis.notices.models import Notice, NoticeLetter
from xzgis.notices.rules import letter_of, next_try

#: What is done within moments, as when a command reads and accepts in one go, needs no letter.
LETTERS_WAIT = timedelta(minutes=2)
PRODUCT = Words("城市管线", "City lines")


@dataclass(frozen=True, slots=True)
class Post:
    """A letter that is due, and how often it was tried."""

    letter: Letter
    tries: int


def write_letters(session: Session, number: int, *, now: datetime) -> None:
    """Write to everybody a notice is for who wants letters; to-dos a little later."""
    session.flush()
    row = session.get_one(Notice, number)
    at = now + LETTERS_WAIT if row.is_todo else None
    for person_id in queries.people_to_write_to(session, row, now=now):
        session.add(NoticeLetter(notice_id=number, person_id=person_id, told_at=now))
        _defer_letter(session, number, person_id, now, at=at)


def _defer_letter(
    session: Session, number: int, person_id: int, told_at: datetime, at: datetime | None = None
) -> None:
    defer(
        session, "notices.send_letter", at=at, notice_id=number, person_id=person_id, told_at=told_at.isoformat()
    )  # fmt: skip


def take_letter(
    session: Session, notice_id: int, person_id: int, told_at: datetime, *, now: datetime
) -> Post | None:
    """Take a letter in hand, to be committed before it goes out; None when there is nothing to send.

    One that was in hand already and has no answer went out with a worker that died: it may have been taken by
    the server, so it is never sent again.
    """
    row = session.get(NoticeLetter, (notice_id, person_id, told_at), with_for_update=True)
    if row is None or row.state != "waits":
        return None
    if row.tried_at is not None:
        row.state, row.ended_at, row.reason = "unsure", now, "worker ended before the answer"
        return None
    notice = session.get_one(Notice, notice_id)
    person = session.get_one(Person, person_id)
    over = notice.told_at != told_at or notice.done_at is not None or notice.read_at is not None
    if (
        over
        or person.left_at is not None
        or person.email is None
        or not queries.wants_letters(session, person_id)
    ):
        row.state, row.ended_at = "unwanted", now
        return None
    row.tried_at, row.tries = now, row.tries + 1
    return Post(_letter(notice, person), row.tries)


def _letter(notice: Notice, person: Person) -> Letter:
    chosen, told = settings(), queries.told_of(notice)
    link = None if chosen.public_url is None else chosen.public_url.rstrip("/") + "/notices"
    due = None if notice.due_at is None else city_time(notice.due_at)
    subject, body = letter_of(told.sort, due=due, link=link, account=person.account, product=PRODUCT)
    host = chosen.smtp_sender.partition("@")[2]
    name = f"<notice.{notice.id}.{person.id}.{int(notice.told_at.timestamp() * 1e6)}@{host}>"
    return Letter(to=str(person.email), subject=subject, text=body, name=name)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: ``sent``, ``unsure``, ``failed`` for good, or ``waits`` for another try."""

    state: str
    reason: str | None = None


def put_down_letter(
    session: Session, notice_id: int, person_id: int, told_at: datetime, outcome: Outcome, *, now: datetime
) -> None:
    """Keep what came of a try; one that surely failed is queued again, with growing pauses, until it is given up."""
    row = session.get_one(NoticeLetter, (notice_id, person_id, told_at), with_for_update=True)
    row.state, row.reason = outcome.state, outcome.reason
    again = next_try(row.tries, now) if outcome.state == "waits" else None
    if again is not None:
        row.tried_at = None
        _defer_letter(session, notice_id, person_id, told_at, at=again)
        return
    row.ended_at = now
    if outcome.state == "waits":
        row.state = "failed"


def try_letter(address: str, chosen: Settings, *, now: datetime) -> None:
    """Send one letter to see whether letters get out.

    Raises
    ------
    Invalid
        The address is none.
    Unavailable
        No mail server is set, or it did not take the letter; with its answer.
    """
    to = email_of(address)
    if to is None:
        raise Invalid(Words("请写收件地址。", "Name an address."))
    if chosen.smtp_host is None:
        raise Unavailable(
            Words("没有设置邮件服务器（XZGIS_SMTP_HOST）。", "No mail server is set (XZGIS_SMTP_HOST).")
        )
    host = chosen.smtp_sender.partition("@")[2]
    name = f"<trial.{int(now.timestamp() * 1e6)}@{host}>"
    text = "邮件发送正常。\nE-mail gets out.\n"
    letter = Letter(to=to, subject=f"[{PRODUCT.zh}] 测试邮件 · Test", text=text, name=name)
    try:
        hand_over(letter, chosen, now=now)
    except (NotHandedOver, Unsure) as error:
        raise Unavailable(
            Words(f"邮件服务器没有接收：{error}", f"The mail server did not take it: {error}")
        ) from error
