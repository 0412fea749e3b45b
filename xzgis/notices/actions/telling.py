"""Telling, settling, reading."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.bell import ring
from xzgis.core.settings import settings
from xzgis.notices import queries
from xzgis.notices.actions.letters import write_letters
from xzgis.notices.events import TodoCalledDone
from xzgis.notices.models import TO_PERMISSION, TO_PERSON, Notice, NoticeChoice
from xzgis.notices.policy import check_can_call_done
from xzgis.notices.terms import SORTS, Addressee, Kind, Telling


def tell(session: Session, to: Addressee, telling: Telling, *, now: datetime) -> int | None:
    """Tell somebody, in the transaction of the cause; its number, None when it was told already.

    A to-do that was done is opened again; the facts of one that still waits are brought up to date.
    """
    sort, key = SORTS[telling.kind], telling.key or f"{telling.about}:{telling.object_id}"
    values = {
        "about": telling.about, "object_id": telling.object_id, "facts": dict(telling.facts),
        "due_at": telling.due_at,
    }  # fmt: skip
    address = {"person_id": to.person_id, "permission": to.permission and str(to.permission)}
    names = {"kind": telling.kind.value, "key": key}
    number = session.scalar(
        insert(Notice)
        .values(**address, **names, **values, is_todo=sort.is_todo, told_at=now)
        .on_conflict_do_nothing(
            index_elements=["person_id" if to.permission is None else "permission", "kind", "key"],
            index_where=TO_PERSON if to.permission is None else TO_PERMISSION,
        )
        .returning(Notice.id)
    )
    if number is None and sort.is_todo:
        number = _reopened(session, {**address, **names}, values, now=now)
    if number is not None:
        ring(session, to.bell)
        if sort.by_mail and settings().smtp_host is not None:
            write_letters(session, number, now=now)
    return number


def _reopened(
    session: Session, names: Mapping[str, Any], values: Mapping[str, Any], *, now: datetime
) -> int | None:
    row = session.scalars(select(Notice).filter_by(**names).with_for_update()).one()
    row.facts = values["facts"]
    if row.done_at is None:
        return None
    row.told_at, row.due_at = now, values["due_at"]
    row.done_at = row.done_by = None
    session.flush()
    return row.id


def settle(
    session: Session,
    *,
    about: str,
    object_id: str,
    now: datetime,
    by: str,
    kinds: Iterable[Kind] | None = None,
) -> int:
    """Call every to-do of a cause done, whoever did it; how many. ``kinds`` None: all of them."""
    asked = update(Notice).where(
        Notice.about == about, Notice.object_id == object_id, Notice.is_todo, Notice.done_at.is_(None)
    )
    if kinds is not None:
        asked = asked.where(Notice.kind.in_([kind.value for kind in kinds]))
    return _settled(session, asked.values(done_at=now, done_by=by))


def settle_person(session: Session, person_id: int, *, now: datetime, by: str) -> None:
    """Nothing waits any more for somebody who left."""
    open_ones = and_(Notice.person_id == person_id, Notice.is_todo, Notice.done_at.is_(None))
    _settled(session, update(Notice).where(open_ones).values(done_at=now, done_by=by))
    session.execute(
        update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None)).values(read_at=now)
    )


def _settled(session: Session, asked: Update) -> int:
    rows = session.execute(asked.returning(Notice.person_id, Notice.permission)).all()
    for person_id, permission in sorted(set(rows), key=str):
        ring(session, f"person:{person_id}" if permission is None else f"permission:{permission}")
    return len(rows)


def read_one(session: Session, number: int, *, actor: Actor, now: datetime) -> None:
    """Mark one of the own notices as read; one that is read stays as it is. No business of the trail.

    Raises
    ------
    NoticeNotFound
        There is none, or it is not the actor's.
    """
    queries.told(session, number, actor=actor)
    _read(session, actor, and_(Notice.id == number), now=now)


def read_all(session: Session, *, actor: Actor, up_to: int, now: datetime) -> int:
    """Mark the own notices as read, up to the number that the page showed: later ones nobody saw; how many."""
    return _read(session, actor, Notice.id <= up_to, now=now)


def _read(session: Session, actor: Actor, which: ColumnElement[bool], *, now: datetime) -> int:
    read = session.scalars(
        update(Notice)
        .where(Notice.person_id == actor.id, ~Notice.is_todo, Notice.read_at.is_(None), which)
        .values(read_at=now)
        .returning(Notice.id)
    ).all()
    if read:
        ring(session, Addressee(person_id=actor.id).bell)
    return len(read)


def call_done(session: Session, number: int, *, actor: Actor, now: datetime) -> None:
    """Call a to-do done that no record ends.

    Raises
    ------
    NoticeNotFound
        There is none, or it is not the actor's.
    WrongState
        See :func:`xzgis.notices.policy.check_can_call_done`.
    """
    told = queries.told(session, number, actor=actor)
    session.execute(select(Notice.id).where(Notice.id == number).with_for_update())
    session.expire_all()
    told = queries.told(session, number, actor=actor)
    check_can_call_done(told)
    _settled(session, update(Notice).where(Notice.id == number).values(done_at=now, done_by=actor.name))
    event = TodoCalledDone(str(number), told.kind, f"{told.about} {told.object_id}")
    record(session, actor=actor, event=event, now=now)


def choose_letters(session: Session, *, actor: Actor, by_mail: bool) -> None:
    """Switch letters on or off for oneself."""
    assert actor.id is not None
    session.execute(
        insert(NoticeChoice)
        .values(person_id=actor.id, by_mail=by_mail)
        .on_conflict_do_update(index_elements=["person_id"], set_={"by_mail": by_mail})
    )


def forget_old(session: Session, *, now: datetime, days: int) -> int:
    """Remove what is read or done for longer than ``days``; how many. The trail keeps what happened."""
    before = now - timedelta(days=days)
    old = delete(Notice).where(or_(Notice.read_at < before, Notice.done_at < before)).returning(Notice.id)
    return len(session.scalars(old).all())
