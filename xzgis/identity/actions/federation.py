"""Signing in by another house: the person is made at the first sign-in, the posts follow the rules at each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.core.actor import Actor
from xzgis.core.words import Words
from xzgis.identity.actions.people import add_person
from xzgis.identity.actions.posts import end_post, grant_post
from xzgis.identity.actions.signing_in import Caller, caller_of, let_in, refuse
from xzgis.identity.models import Area, Person, Post, Unit
from xzgis.identity.permissions import Permission
from xzgis.identity.queries.directory import person_to_change
from xzgis.identity.rules.federation import (
    PostRule,
    account_of_subject,
    is_strong,
    name_told,
    posts_by_rule,
)
from xzgis.identity.terms import Browser, PostAsked, SignedIn

#: In whose name accounts and posts follow the rules; it has no number, so that its posts are known by that.
FEDERATION = Actor(
    name="oidc",
    via="page",
    permissions=frozenset({Permission.IDENTITY_READ, Permission.IDENTITY_PEOPLE, Permission.IDENTITY_POSTS}),
)
NO_POST = Words(
    "统一登录成功，但没有为您设置岗位；请联系安全管理员。",
    "You were signed in there, but no post is set for you here; ask the security administrator.",
)


def sign_in_by_provider(
    session: Session,
    *,
    claims: Mapping[str, Any],
    rules: Sequence[PostRule],
    address: str | None,
    browser: Browser,
    now: datetime,
) -> SignedIn:
    """Let somebody in whom the provider vouched for, or say why not; commit in either case.

    ``claims`` are verified. Who gets no post by the rules and has none here is not let in, and no account is made.
    """
    account = account_of_subject(str(claims["iss"]), str(claims["sub"]))
    wanted = posts_by_rule(claims, rules)
    known = session.scalars(select(Person).where(Person.account == account)).one_or_none()
    if known is None and wanted:
        made = add_person(session, actor=FEDERATION, account=account, name=name_told(claims), now=now)
        known = person_to_change(session, made.id)
        # No password lets in whom another house vouches for: nobody was ever told the one just made.
        known.password_hash, known.must_change = None, False
        session.flush()
    caller = caller_of(session, account, address=address, browser=browser, now=now)
    if known is None or known.left_at is not None or known.password_hash is not None:
        return _refused(session, caller)
    person = person_to_change(session, known.id)
    # Vouched for just now: the age of a password that is not there bothers nobody.
    person.password_changed_at = now
    if not _follow(session, person, wanted, now=now):
        return _refused(session, caller)
    return let_in(session, caller, person, second_factor=is_strong(claims))


def _refused(session: Session, caller: Caller) -> SignedIn:
    refused = refuse(session, caller, reason="provider")
    return SignedIn(token=None, refusal=NO_POST, wait_s=refused.wait_s)


def _follow(session: Session, person: Person, wanted: Sequence[PostAsked], *, now: datetime) -> bool:
    """Grant what the rules give and end what they no longer give; whether the person holds any post now.

    Posts that a person of this house granted stay as they are.
    """
    held = session.execute(
        select(Post.id, Unit.code, Post.role, Area.code, Post.granted_by)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Area, Area.id == Post.area_id)
        .where(Post.person_id == person.id, Post.valid_from <= now)
        .where((Post.valid_to.is_(None)) | (Post.valid_to > now))
    ).all()
    asked = {(one.unit, one.role.value, one.area): one for one in wanted}
    ruled = {(unit, role, area): number for number, unit, role, area, by in held if by is None}
    for place, number in ruled.items():
        if place not in asked:
            end_post(session, actor=FEDERATION, post_id=number, now=now)
    for place, one in asked.items():
        if place not in ruled:
            grant_post(session, actor=FEDERATION, account=person.account, asked=one, now=now)
    return bool(asked) or any(by is not None for *_, by in held)
