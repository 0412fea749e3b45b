"""Posts granted and ended, lent and taken back."""

import re
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.errors import Fault, Invalid, NotFound, WrongState
from xzgis.core.words import Words
from xzgis.identity.events import DelegationEnded, DelegationGiven, PostEnded, PostGranted
from xzgis.identity.models import Delegation, Person, Post
from xzgis.identity.permissions import Permission
from xzgis.identity.policy import (
    check_can_end_delegation,
    check_can_end_post,
    check_can_grant,
    check_can_lend,
)
from xzgis.identity.queries import directory as queries
from xzgis.identity.queries.actors import post_facts
from xzgis.identity.queries.organisation import area_by_code, unit_by_code
from xzgis.identity.queries.posts import (
    delegation_to_change,
    held_during,
    lock_administrators,
    post_to_change,
)
from xzgis.identity.rules.accounts import reason_of
from xzgis.identity.rules.periods import check_delegation_period, check_post_period, holds_at
from xzgis.identity.terms import DelegationAsked, PostAsked, PostFacts, Role

KIND = re.compile(r"[a-z][a-z_]{0,39}\Z")


def grant_post(session: Session, *, actor: Actor, account: str, asked: PostAsked, now: datetime) -> PostFacts:
    """Give a person a post. His older sessions are over: rights rise only with a fresh sign-in.

    Raises
    ------
    NotFound
        No such person, unit or area.
    NotAllowed
        See :func:`xzgis.identity.policy.check_can_grant`.
    Invalid
        The period or the kinds are none.
    WrongState
        The unit is closed.
    """
    actor.require(Permission.IDENTITY_POSTS)
    unit, area = unit_by_code(session, asked.unit), area_by_code(session, asked.area)
    if unit.closed_on is not None:
        raise WrongState(Words(f"单位 {unit.code} 已关闭。", f"The unit {unit.code} is closed."))
    begins = asked.valid_from or now
    check_post_period(begins, asked.valid_to, now=now)
    kinds = _kinds(asked)
    person = _to_change(session, actor, account, now=now)
    held = held_during(session, person.id, begins=begins, ends=asked.valid_to)
    check_can_grant(actor, person_id=person.id, role=asked.role, held=held)
    post = Post(
        person_id=person.id,
        unit_id=unit.id,
        role=asked.role.value,
        area_id=area.id,
        kinds=kinds,
        valid_from=begins,
        valid_to=asked.valid_to,
        granted_by=actor.id,
    )
    session.add(post)
    person.rights_version += 1
    session.flush()
    event = PostGranted(
        str(post.id),
        account=person.account,
        role=asked.role.value,
        unit=unit.code,
        area=area.code,
        kinds=None if kinds is None else tuple(kinds),
        valid_from=begins.isoformat(),
        valid_to=None if asked.valid_to is None else asked.valid_to.isoformat(),
    )
    record(session, actor=actor, event=event, now=now)
    return post_facts(post, unit.name_zh, unit.name_en, area.code)


def end_post(session: Session, *, actor: Actor, post_id: int, now: datetime) -> None:
    """End a post now, and what was lent of it; one that has not begun never will.

    Raises
    ------
    NotFound
        No such post.
    NotAllowed
        See :func:`xzgis.identity.policy.check_can_end_post`.
    WrongState
        It is over already.
    """
    actor.require(Permission.IDENTITY_POSTS)
    lock_administrators(session)
    post, person = post_to_change(session, post_id)
    if post.valid_to is not None and post.valid_to <= now:
        raise WrongState(Words(f"岗位 {post_id} 已经结束。", f"The post {post_id} is over already."))
    role = Role(post.role)
    others = _who_remains(session, post, role=role, now=now)
    check_can_end_post(actor, person_id=person.id, role=role, others=others)
    post.valid_to = max(post.valid_from, now)
    lent = session.scalars(
        update(Delegation)
        .where(Delegation.post_id == post.id, Delegation.until_at > now)
        .values(until_at=func.greatest(Delegation.from_at, now))
        .returning(Delegation.id)
    ).all()
    event = PostEnded(str(post.id), person.account, role.value, delegations=len(lent))
    record(session, actor=actor, event=event, now=now)
    session.flush()


def _who_remains(session: Session, post: Post, *, role: Role, now: datetime) -> set[int]:
    """Holders of the role once the post is over; a post that does not hold now takes nobody away."""
    holders = set(queries.holders_of(session, role, now=now))
    again = session.scalars(
        select(Post.id).where(
            Post.person_id == post.person_id, Post.role == post.role, Post.id != post.id,
            Post.valid_from <= now, (Post.valid_to.is_(None)) | (Post.valid_to > now),
        )
    ).first()  # fmt: skip
    if holds_at(post.valid_from, post.valid_to, now) and again is None:
        holders.discard(post.person_id)
    return holders


def delegate(session: Session, *, actor: Actor, asked: DelegationAsked, now: datetime) -> int:
    """Lend a post for some days; the number of the delegation.

    Raises
    ------
    NotFound
        No such post, or person.
    NotAllowed
        See :func:`xzgis.identity.policy.check_can_lend`.
    Invalid
        The period or the reason is none.
    WrongState
        The post does not hold during the whole time.
    """
    begins = asked.from_at or now
    check_delegation_period(begins, asked.until_at, now=now)
    reason = reason_of(asked.reason)
    post, holder = post_to_change(session, asked.post_id)
    if actor.id != holder.id and not actor.may(Permission.IDENTITY_POSTS):
        raise NotFound(Words(f"没有岗位 {asked.post_id}。", f"There is no post {asked.post_id}."))
    taker = _to_change(session, actor, asked.to_account, now=now)
    held = held_during(session, taker.id, begins=begins, ends=asked.until_at)
    check_can_lend(actor, holder_id=holder.id, to_id=taker.id, role=Role(post.role), taker=held)
    ends = post.valid_to
    if begins < post.valid_from or (ends is not None and ends < asked.until_at):
        raise WrongState(
            Words("代理期超出岗位的有效期。", "The delegation reaches beyond the period of the post.")
        )
    lent = Delegation(
        post_id=post.id, to_person_id=taker.id, from_at=begins, until_at=asked.until_at, reason=reason
    )
    session.add(lent)
    session.flush()
    event = DelegationGiven(
        str(lent.id), post.id, holder.account, taker.account, begins.isoformat(),
        asked.until_at.isoformat(), reason,
    )  # fmt: skip
    record(session, actor=actor, event=event, now=now)
    return lent.id


def end_delegation(session: Session, *, actor: Actor, delegation_id: int, now: datetime) -> None:
    """Take a lent post back before its time.

    Raises
    ------
    NotFound
        No such delegation, or the actor may not know of it.
    WrongState
        It is over already.
    """
    lent, giver_id = delegation_to_change(session, delegation_id)
    if actor.id not in (giver_id, lent.to_person_id) and not actor.may(Permission.IDENTITY_POSTS):
        raise NotFound(Words(f"没有代理 {delegation_id}。", f"There is no delegation {delegation_id}."))
    check_can_end_delegation(actor, giver_id=giver_id, taker_id=lent.to_person_id)
    if lent.until_at <= now:
        raise WrongState(Words("该代理已经结束。", "The delegation is over already."))
    lent.until_at = max(lent.from_at, now)
    event = DelegationEnded(str(lent.id), lent.post_id)
    record(session, actor=actor, event=event, now=now)
    session.flush()


def _to_change(session: Session, actor: Actor, account: str, *, now: datetime) -> Person:
    found = queries.person(session, actor=actor, account=account, now=now)
    return queries.person_to_change(session, found.id)


def _kinds(asked: PostAsked) -> list[str] | None:
    if asked.kinds is None:
        return None
    wrong = sorted(kind for kind in asked.kinds if not KIND.match(kind))
    if wrong or not asked.kinds:
        words = Words(
            "管线种类无效；不限种类时请留空。", "The kinds are not valid; leave them out for every kind."
        )
        raise Invalid(words, faults=(Fault(("kinds",), words),))
    return sorted(asked.kinds)
