"""Data rights given to a post and taken away again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.errors import NotAllowed, NotFound, WrongState
from xzgis.core.words import Words
from xzgis.identity.events import DataRightGiven, DataRightTaken
from xzgis.identity.models import DataRightRow, Person, Post
from xzgis.identity.permissions import Permission
from xzgis.identity.queries.organisation import area_by_code
from xzgis.identity.queries.posts import post_to_change
from xzgis.identity.rules.sight import check_right
from xzgis.identity.terms import RightAsked, Role


def give_right(
    session: Session, *, actor: Actor, post_id: int, asked: RightAsked, kinds: Collection[str], now: datetime
) -> int:
    """Give a post one data right and return its number; the first one replaces what followed from the post itself.

    The holder's older sessions are over. ``kinds`` are those of the register.

    Raises
    ------
    NotFound
        No such post or area.
    NotAllowed
        No right to grant; a post of one's own; or a post of an administrator, who sees no line.
    Invalid
        The right names what is not there.
    WrongState
        The post is over.
    """
    post, person = _to_change(session, actor, post_id, now=now)
    check_right(asked, kinds=sorted(kinds))
    area = None if asked.area is None else area_by_code(session, asked.area)
    row = DataRightRow(
        post_id=post.id, precision=asked.precision, kinds=_listed(asked.kinds),
        area_id=None if area is None else area.id, owners=_listed(asked.owners),
        life_states=_listed(asked.life_states), secrecy=asked.secrecy, attributes=_listed(asked.attributes),
        granted_by=actor.id,
    )  # fmt: skip
    session.add(row)
    person.rights_version += 1
    session.flush()
    event = DataRightGiven(
        str(post.id), person.account, row.id, asked.precision, row.kinds, asked.area, row.owners,
        row.life_states, asked.secrecy, row.attributes,
    )  # fmt: skip
    record(session, actor=actor, event=event, now=now)
    return row.id


def take_right(session: Session, *, actor: Actor, post_id: int, right_id: int, now: datetime) -> None:
    """Take one data right of a post away; it falls with the holder's next request.

    Raises
    ------
    NotFound
        No such post, or no such right of it.
    NotAllowed
        As :func:`give_right`.
    WrongState
        It is the last one: without any, those that follow from the post itself would come back.
    """
    post, person = _to_change(session, actor, post_id, now=now)
    row = session.get(DataRightRow, right_id)
    if row is None or row.post_id != post.id:
        raise NotFound(Words(f"没有数据权限 {right_id}。", f"There is no data right {right_id}."))
    count = session.scalar(select(func.count()).where(DataRightRow.post_id == post.id))
    if count == 1:
        raise WrongState(
            Words(
                "这是最后一条：删去后岗位会恢复默认权限。请先另授一条；什么都不能看时授“不可见”。",
                "This is the last one; without it the post has the rights of its role again. Give another first, "
                "“hidden” to show nothing.",
            )
        )
    session.delete(row)
    session.flush()
    record(session, actor=actor, event=DataRightTaken(str(post.id), person.account, right_id), now=now)


def _to_change(session: Session, actor: Actor, post_id: int, *, now: datetime) -> tuple[Post, Person]:
    actor.require(Permission.IDENTITY_POSTS)
    post, person = post_to_change(session, post_id)
    if actor.id == person.id:
        raise NotAllowed(
            Words("任何人不得更改自己的数据权限。", "Nobody changes the data rights of his own post.")
        )
    if Role(post.role).is_administrator:
        raise NotAllowed(Words("三员的岗位没有数据权限。", "A post of an administrator has no data rights."))
    if post.valid_to is not None and post.valid_to <= now:
        raise WrongState(Words(f"岗位 {post_id} 已经结束。", f"The post {post_id} is over already."))
    return post, person


def _listed(names: Collection[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)
