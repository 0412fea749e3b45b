"""To-dos and notices as somebody sees them, and whom a letter goes to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from xzgis.core.actor import Actor
from xzgis.core.errors import NotFound
from xzgis.core.paging import MOST
from xzgis.core.words import Words
from xzgis.identity.models import Delegation, Person, Post
from xzgis.identity.permissions import ROLES
from xzgis.identity.queries.actors import holding_now, lent_now
from xzgis.notices.models import Notice, NoticeChoice, NoticeLetter
from xzgis.notices.terms import Counts, Told, What

OPEN_TODO = and_(Notice.is_todo, Notice.done_at.is_(None))
UNREAD = and_(~Notice.is_todo, Notice.read_at.is_(None))


class NoticeNotFound(NotFound):
    """There is no such notice, or it is not the asker's."""

    def __init__(self, number: int) -> None:
        super().__init__(Words(f"没有待办或通知 {number}。", f"There is no to-do or notice {number}."))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """What ``actor`` may know of: his own, and to-dos that wait for a permission he has at this moment."""
    own = false() if actor.id is None else Notice.person_id == actor.id
    return or_(own, Notice.permission.in_(sorted(actor.permissions)))


def counts(
    session: Session, *, actor: Actor, now: datetime, seen: ColumnElement[bool] | None = None
) -> Counts:
    """How much waits for ``actor``. ``seen`` narrows it to causes he may know of."""
    row = session.execute(
        select(
            func.count().filter(OPEN_TODO),
            func.count().filter(OPEN_TODO, Notice.due_at < now),
            func.count().filter(UNREAD),
            func.coalesce(func.max(Notice.id), 0),
        ).where(visible_to(actor), or_(OPEN_TODO, UNREAD), true() if seen is None else seen)
    ).one()
    return Counts(*row)


def listed(
    session: Session,
    *,
    actor: Actor,
    what: What,
    before: int | None = None,
    limit: int = 50,
    seen: ColumnElement[bool] | None = None,
) -> list[Told]:
    """To-dos by their clock, the most urgent first; notices and what is done, the latest first.

    ``before`` is the number of the last one of the page before; to-dos come on one page, up to ``limit``.
    """
    shown = {
        "todo": OPEN_TODO,
        "notice": ~Notice.is_todo,
        "done": and_(Notice.is_todo, Notice.done_at.is_not(None)),
    }
    asked = select(Notice).where(visible_to(actor), shown[what], true() if seen is None else seen)
    if what == "todo":
        asked = asked.order_by(Notice.due_at.asc().nulls_last(), Notice.id)
    else:
        asked = asked.order_by(Notice.id.desc())
        if before is not None:
            asked = asked.where(Notice.id < before)
    return [told_of(row) for row in session.scalars(asked.limit(max(1, min(limit, MOST + 1))))]


def unread(session: Session, *, actor: Actor, limit: int) -> list[Told]:
    """Notices that ``actor`` has not read, the latest first."""
    asked = select(Notice).where(Notice.person_id == actor.id, UNREAD).order_by(Notice.id.desc()).limit(limit)
    return [told_of(row) for row in session.scalars(asked)]


def told(session: Session, number: int, *, actor: Actor, seen: ColumnElement[bool] | None = None) -> Told:
    """One to-do or notice.

    Raises
    ------
    NoticeNotFound
        There is none, or it is not the actor's.
    """
    row = session.scalar(
        select(Notice).where(Notice.id == number, visible_to(actor), true() if seen is None else seen)
    )
    if row is None:
        raise NoticeNotFound(number)
    return told_of(row)


def told_of(row: Notice) -> Told:
    """A row as it is read."""
    return Told(
        id=row.id,
        kind=row.kind,
        about=row.about,
        object_id=row.object_id,
        facts=row.facts,
        permission=row.permission,
        told_at=row.told_at,
        due_at=row.due_at,
        read_at=row.read_at,
        done_at=row.done_at,
        done_by=row.done_by,
    )


def wants_letters(session: Session, person_id: int) -> bool:
    """Whether a person chose to get letters; who chose nothing does."""
    choice = session.get(NoticeChoice, person_id)
    return choice is None or choice.by_mail


def people_to_write_to(session: Session, row: Notice, *, now: datetime) -> Sequence[int]:
    """People a letter goes to: the one it is for, or who holds its permission now, also in a post lent to him.

    Only those with an address who did not switch letters off and have not left.
    """
    asked = (
        select(Person.id)
        .outerjoin(NoticeChoice, NoticeChoice.person_id == Person.id)
        .where(
            Person.left_at.is_(None), Person.email.is_not(None), func.coalesce(NoticeChoice.by_mail, true())
        )
        .order_by(Person.id)
    )
    if row.permission is None:
        return session.scalars(asked.where(Person.id == row.person_id)).all()
    roles = [role.value for role, permissions in ROLES.items() if row.permission in permissions]
    held = select(Post.person_id).where(Post.role.in_(roles), holding_now(now))
    lent = (
        select(Delegation.to_person_id)
        .join(Post, Post.id == Delegation.post_id)
        .where(Post.role.in_(roles), holding_now(now), lent_now(now))
    )
    return session.scalars(asked.where(Person.id.in_(held.union(lent)))).all()


def letters_by_state(session: Session) -> Sequence[tuple[str, int, str | None]]:
    """Letters of each state: state, how many, the latest reason a server gave."""
    latest = func.max(NoticeLetter.reason)
    asked = select(NoticeLetter.state, func.count(), latest).group_by(NoticeLetter.state)
    return [
        (state, count, reason) for state, count, reason in session.execute(asked.order_by(NoticeLetter.state))
    ]
