"""What reactions have to know, and the desk of a person: what waits, what is new, his works, the latest batches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, Row, Text, and_, cast, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from xzgis.audit.models import TrailEntry
from xzgis.core.actor import Actor
from xzgis.core.errors import NotFound
from xzgis.core.words import Words
from xzgis.identity.models import Delegation, Device, Person, Post, Token, Unit
from xzgis.identity.permissions import Permission, allowed_to
from xzgis.identity.queries.actors import holding_now, own_posts, sight_of_asker
from xzgis.networks.models import Batch, Coverage, Run, UnknownGround
from xzgis.networks.queries.batches import BatchRow, all_batches, seen_batches
from xzgis.notices import queries as notices
from xzgis.notices.models import Notice
from xzgis.notices.terms import Counts, Kind, Told, What
from xzgis.works.models import Work

#: Further than any figure between lines asks, both half widths and vague places included.
NEAR_M = 50.0
SHOWN = 8
#: A delegation: number, from and until when, role, number and account of giver and taker.
Lent: TypeAlias = Row[int, datetime, datetime, str, int, str, int, str]


def seen(session: Session, actor: Actor) -> ColumnElement[bool]:
    """To-dos whose cause ``actor`` may know of: those about deliveries he may not see are not there."""
    if not actor.may(Permission.NETWORKS_ACCEPT):
        return true()
    known = select(cast(Batch.id, Text)).where(seen_batches(session))
    return or_(Notice.permission.is_(None), Notice.about != "networks.batch", Notice.object_id.in_(known))


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody begins the day with; works and batches None where he may not read them."""

    counts: Counts
    todos: Sequence[Told]
    notices: Sequence[Told]
    works: Sequence[Work] | None
    batches: Sequence[BatchRow] | None


def desk_of(session: Session, *, actor: Actor, now: datetime) -> Desk:
    """The desk of ``actor``, through the lens of the transaction."""
    known = seen(session, actor)
    return Desk(
        counts=notices.counts(session, actor=actor, now=now, seen=known),
        todos=notices.listed(session, actor=actor, what="todo", limit=SHOWN, seen=known),
        notices=notices.unread(session, actor=actor, limit=SHOWN),
        works=works_of(session, actor, limit=SHOWN) if actor.may(Permission.WORKS_READ) else None,
        batches=all_batches(session, limit=SHOWN) if actor.may(Permission.DATA_READ) else None,
    )


def counts_of(session: Session, *, actor: Actor, now: datetime) -> Counts:
    """How much waits for ``actor``, through the lens of the transaction."""
    return notices.counts(session, actor=actor, now=now, seen=seen(session, actor))


def listed(
    session: Session, *, actor: Actor, what: What, before: int | None = None, limit: int = 50
) -> list[Told]:
    """To-dos and notices of ``actor``, through the lens of the transaction."""
    return notices.listed(
        session, actor=actor, what=what, before=before, limit=limit, seen=seen(session, actor)
    )


def works_of(session: Session, actor: Actor, *, limit: int) -> Sequence[Work]:
    """Works that somebody saved himself, the one changed last first."""
    asked = select(Work).where(Work.created_by == actor.name).order_by(Work.changed_at.desc(), Work.id.desc())
    return session.scalars(asked.limit(limit)).all()


def person_called(session: Session, account: str) -> int | None:
    """The number of the person of an account; None for machines, the console and leavers."""
    return session.scalar(select(Person.id).where(Person.account == account, Person.left_at.is_(None)))


def actor_called(session: Session, account: str, *, now: datetime) -> Actor:
    """Somebody with everything his own posts allow at ``now``, seen through his lens; for the console.

    Raises
    ------
    NotFound
        There is no such account, or its person left.
    """
    person_id = person_called(session, account)
    if person_id is None:
        raise NotFound(Words(f"没有人员 {account[:40]}。", f"There is no person {account[:40]}."))
    held = own_posts(session, person_id, now=now)
    alone = Actor(name=account, via="command", id=person_id)
    permissions = allowed_to(post.role for post in held)
    return replace(alone, permissions=permissions, sight=sight_of_asker(session, alone, now=now))


def signed_in_before(session: Session, person_id: int) -> bool:
    """Whether a person has signed in on another device than the one just now."""
    return (session.scalar(select(func.count()).where(Device.person_id == person_id)) or 0) > 1


def unit_called(session: Session, code: str) -> dict[str, str]:
    """The name of a unit in both languages; its code where there is none."""
    row = session.execute(select(Unit.name_zh, Unit.name_en).where(Unit.code == code)).one_or_none()
    return {"zh": code, "en": code} if row is None else {"zh": row[0], "en": row[1]}


def holder_of_post(session: Session, post_id: int) -> Row[int, str] | None:
    """Who holds a post, and its role."""
    return session.execute(select(Post.person_id, Post.role).where(Post.id == post_id)).one_or_none()


GIVER, TAKER = aliased(Person), aliased(Person)
LENDING = (
    select(
        Delegation.id, Delegation.from_at, Delegation.until_at, Post.role, GIVER.id.label("giver_id"),
        GIVER.account.label("giver"), TAKER.id.label("taker_id"), TAKER.account.label("taker"),
    )
    .join(Post, Post.id == Delegation.post_id)
    .join(GIVER, GIVER.id == Post.person_id)
    .join(TAKER, TAKER.id == Delegation.to_person_id)
)  # fmt: skip


def lending(session: Session, delegation_id: int) -> Lent | None:
    """A delegation with its giver and taker."""
    return session.execute(LENDING.where(Delegation.id == delegation_id)).one_or_none()


def lendings_begun(session: Session, *, now: datetime, within: timedelta) -> Sequence[Lent]:
    """Delegations that began lately and were made known before: one that began at once needs no second word."""
    made_known = exists().where(
        Notice.kind == Kind.LENT_TO_ME.value, Notice.object_id == cast(Delegation.id, Text),
        Notice.told_at < Delegation.from_at,
    )  # fmt: skip
    began = and_(Delegation.from_at <= now, Delegation.from_at > now - within, Delegation.until_at > now)
    return session.execute(LENDING.where(began, made_known)).all()


def lendings_to_end(session: Session, *, now: datetime, within: timedelta) -> Sequence[Lent]:
    """Delegations that end soon, of those that last longer than that."""
    soon = and_(Delegation.from_at <= now, Delegation.until_at > now, Delegation.until_at <= now + within)
    return session.execute(LENDING.where(soon, Delegation.until_at - Delegation.from_at > 2 * within)).all()


def posts_to_end(session: Session, *, now: datetime, within: timedelta) -> Sequence[Post]:
    """Posts that hold now and end soon."""
    return session.scalars(
        select(Post).where(holding_now(now), Post.valid_to <= now + within).order_by(Post.id)
    ).all()


def tokens_to_end(session: Session, *, now: datetime, within: timedelta) -> Sequence[Token]:
    """Access tokens that end soon, of those that last longer than that."""
    soon = and_(Token.expires_at > now, Token.expires_at <= now + within, Token.revoked_at.is_(None))
    return session.scalars(select(Token).where(soon, Token.expires_at - Token.created_at > 2 * within)).all()


def last_backup(session: Session) -> datetime | None:
    """When the last copy was made; None: never, as far as the trail in the database tells."""
    return session.scalar(
        select(func.max(TrailEntry.happened_at)).where(TrailEntry.event == "audit.backup.made")
    )


def begun_at(session: Session) -> datetime | None:
    """When the first account of this installation was made."""
    return session.scalar(select(func.min(Person.created_at)))


def batch_maker(session: Session, batch_id: str) -> Row[str, str] | None:
    """Who brought a batch in, and where it stands."""
    return session.execute(
        select(Batch.created_by, Batch.state).where(cast(Batch.id, Text) == batch_id)
    ).one_or_none()


def work_maker(session: Session, work_id: str) -> Row[str, str] | None:
    """Who saved a work, and its name."""
    return session.execute(
        select(Work.created_by, Work.name).where(cast(Work.id, Text) == work_id)
    ).one_or_none()


def works_near_batch(session: Session, batch_id: int) -> Sequence[Row[int, str, str]]:
    """Saved works near which a batch brought, took or left out lines or surveyed ground: number, name, account of the maker."""
    near = or_(
        *(
            exists().where(table.batch_id == batch_id, func.st_dwithin(place, Work.axis, NEAR_M), state)
            for table, place in (
                (Run, Run.axis),
                (Coverage, Coverage.area),
                (UnknownGround, UnknownGround.area),
            )
            for state in (table.known_to.is_(None), table.known_to.is_not(None))
        )
    )
    asked = select(Work.id, Work.name, Work.created_by).where(near).order_by(Work.id)
    return session.execute(asked).all()
