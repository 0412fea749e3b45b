"""Posts and delegations as the separation of the administrators needs them."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from xzgis.core.errors import NotFound
from xzgis.core.words import Words
from xzgis.identity.models import Delegation, Person, Post
from xzgis.identity.policy import Held
from xzgis.identity.terms import Role

ADMINISTRATORS_KEY = 4548_0003


def lock_administrators(session: Session) -> None:
    """Let changes that might take the last administrator away come one after the other."""
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADMINISTRATORS_KEY})


def held_during(session: Session, person_id: int, *, begins: datetime, ends: datetime | None) -> Held:
    """Roles the person holds at any moment of [begins, ends), and whether posts are lent to him then."""
    roles = session.scalars(
        select(Post.role)
        .where(Post.person_id == person_id, _touches(Post.valid_from, Post.valid_to, begins, ends))
        .distinct()
    )
    lent = session.scalars(
        select(Delegation.id)
        .where(Delegation.to_person_id == person_id)
        .where(_touches(Delegation.from_at, Delegation.until_at, begins, ends))
        .limit(1)
    )
    return Held(roles=frozenset(Role(role) for role in roles), is_lent_posts=lent.first() is not None)


def _touches(
    column_begins: ColumnElement[datetime] | object,
    column_ends: ColumnElement[datetime | None] | object,
    begins: datetime,
    ends: datetime | None,
) -> ColumnElement[bool]:
    held: ColumnElement[bool] = func.tstzrange(column_begins, column_ends).op("&&", is_comparison=True)(
        func.tstzrange(begins, ends)
    )
    return held


def post_to_change(session: Session, post_id: int) -> tuple[Post, Person]:
    """A post and its holder, the post locked.

    Raises
    ------
    NotFound
        There is no such post.
    """
    row = session.execute(
        select(Post, Person)
        .join(Person, Person.id == Post.person_id)
        .where(Post.id == post_id)
        .with_for_update(of=Post, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(Words(f"没有岗位 {post_id}。", f"There is no post {post_id}."))
    return row[0], row[1]


def delegation_to_change(session: Session, delegation_id: int) -> tuple[Delegation, int]:
    """A delegation, locked, and the number of the person whose post is lent.

    Raises
    ------
    NotFound
        There is no such delegation.
    """
    row = session.execute(
        select(Delegation, Post.person_id)
        .join(Post, Post.id == Delegation.post_id)
        .where(Delegation.id == delegation_id)
        .with_for_update(of=Delegation, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(Words(f"没有代理 {delegation_id}。", f"There is no delegation {delegation_id}."))
    return row[0], row[1]
