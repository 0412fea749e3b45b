"""What a person does with his own account: password, second factor, sessions, the post acted in."""

import secrets
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Fault, Invalid, NotAllowed, NotFound
from xzgis.core.sealing import seal, unseal
from xzgis.core.words import Words
from xzgis.identity.actions import hashing, tries
from xzgis.identity.actions.signing_in import begin_session, clean_address, factor_context
from xzgis.identity.events import (
    OwnPasswordWrong,
    PasswordChanged,
    PostActedIn,
    SecondFactorEnrolled,
    SignedOut,
)
from xzgis.identity.models import Person, SignedInSession, Token
from xzgis.identity.permissions import Permission
from xzgis.identity.queries.actors import live_session, posts_of
from xzgis.identity.queries.directory import person_to_change
from xzgis.identity.rules.codes import SECRET_BYTES, address_of, secret_text, step_of
from xzgis.identity.rules.passwords import check_password
from xzgis.identity.rules.periods import SEEN_EVERY
from xzgis.identity.rules.slowing import Counter
from xzgis.identity.rules.tokens import digest_of
from xzgis.identity.terms import Enrolment

ISSUER = "XZGIS"
NOT_SIGNED_IN = Words("您没有登录，或会话已结束。", "You are not signed in, or the session is over.")


def change_password(
    session: Session, *, actor: Actor, token: str, current: str, new: str, now: datetime
) -> str:
    """Change the own password; the token the browser goes on with. Every other session is over.

    Raises
    ------
    NotAllowed
        Not signed in; the current password is wrong, or was given wrong too often.
    Invalid
        The new one is weak, or the same as before.
    """
    person = own_row(session, actor)
    check_current(person, actor=actor, password=current, now=now)
    check_password(new, account=person.account, name=person.name)
    if hashing.matches(person.password_hash, new):
        words = Words("新密码不能与旧密码相同。", "The new password must differ from the old one.")
        raise Invalid(words, faults=(Fault(("new_password",), words),))
    kept, made = person.password_hash, hashing.hashed(new)
    person = person_to_change(session, person.id)
    if person.password_hash != kept:
        raise NotAllowed(NOT_SIGNED_IN)
    person.password_hash, person.must_change, person.password_changed_at = made, False, now
    record(session, actor=actor, event=PasswordChanged(str(person.id)), now=now)
    return begin_anew(session, person, token=token, now=now)


def enrol_totp(session: Session, *, actor: Actor, password: str, now: datetime) -> Enrolment:
    """Begin a second factor; the present one, if any, holds until :func:`confirm_totp`.

    Raises
    ------
    NotAllowed
        Not signed in; the password is wrong, or was given wrong too often.
    """
    person = own_row(session, actor)
    check_current(person, actor=actor, password=password, now=now)
    secret = secrets.token_bytes(SECRET_BYTES)
    person = person_to_change(session, person.id)
    person.totp_pending = seal(secret, context=factor_context(person.id))
    return Enrolment(secret_text(secret), address_of(secret, account=person.account, issuer=ISSUER))


def confirm_totp(session: Session, *, actor: Actor, token: str, code: str, now: datetime) -> str:
    """Take the second factor into use with its first code; the token the browser goes on with.

    Raises
    ------
    NotAllowed
        Not signed in; nothing was begun; or the code is wrong.
    """
    person = person_to_change(session, own_row(session, actor).id)
    if person.totp_pending is None:
        raise NotAllowed(Words("请先开始设置动态口令。", "Begin to set up the second factor first."))
    secret = unseal(person.totp_pending, context=factor_context(person.id))
    step = step_of(secret, code, last_step=0, now=now)
    if step is None:
        raise NotAllowed(
            Words(
                "动态口令不正确；请核对手机时间。", "The code is not right; check the clock of the telephone."
            )
        )
    person.totp_secret, person.totp_pending, person.totp_step = person.totp_pending, None, step
    record(session, actor=actor, event=SecondFactorEnrolled(str(person.id)), now=now)
    return begin_anew(session, person, token=token, now=now, second_factor=True)


def act_in(session: Session, *, actor: Actor, token: str, post_id: int | None, now: datetime) -> str:
    """Go on in one post, also one lent to the person; None: in all own ones. The token the browser goes on with.

    Raises
    ------
    NotAllowed
        Not signed in.
    NotFound
        No such post holds now for the person.
    """
    live = live_session(session, token, now=now)
    if live is None or live[1].id != actor.id:
        raise NotAllowed(NOT_SIGNED_IN)
    old, person = live
    chosen = [post for post in posts_of(session, person.id, now=now) if post.id == post_id]
    if post_id is not None and not chosen:
        raise NotFound(Words(f"您目前没有岗位 {post_id}。", f"You hold no post {post_id} now."))
    fresh = _replace(session, old, person, now=now)
    session.flush()
    session.execute(
        update(SignedInSession).where(SignedInSession.digest == digest_of(fresh)).values(post_id=post_id)
    )
    absent = chosen[0].acting_for if chosen else None
    record(session, actor=actor, event=PostActedIn(str(person.id), post_id, absent), now=now)
    return fresh


def note_seen(session: Session, *, token: str, address: str | None, now: datetime) -> None:
    """Write that the session is in use, at most once a minute; nothing when it is over."""
    session.execute(
        update(SignedInSession)
        .where(SignedInSession.digest == digest_of(token), SignedInSession.seen_at <= now - SEEN_EVERY)
        .values(seen_at=now, address=clean_address(address))
    )


def note_used(session: Session, *, token_id: int, now: datetime) -> None:
    """Write that a token was used, at most once a minute."""
    session.execute(
        update(Token)
        .where(Token.id == token_id, (Token.used_at.is_(None)) | (Token.used_at <= now - SEEN_EVERY))
        .values(used_at=now)
    )


def sign_out(session: Session, *, actor: Actor, token: str, now: datetime) -> None:
    """End the session of this browser; nothing when it is over already."""
    ended = session.scalars(
        delete(SignedInSession)
        .where(SignedInSession.digest == digest_of(token))
        .returning(SignedInSession.person_id)
    ).all()
    for person_id in ended:
        record(session, actor=actor, event=SignedOut(str(person_id), sessions=1), now=now)


def sign_out_everywhere(session: Session, *, actor: Actor, now: datetime) -> int:
    """End every session of the person who asks; how many.

    Raises
    ------
    NotAllowed
        Not signed in.
    """
    person = own_row(session, actor)
    return end_sessions(session, actor=actor, person_id=person.id, now=now)


def end_session(session: Session, *, actor: Actor, key: str, now: datetime) -> None:
    """End one of the own sessions by the ``key`` of its facts.

    Raises
    ------
    NotFound
        There is none with it.
    """
    person = own_row(session, actor)
    digests = session.scalars(
        select(SignedInSession.digest).where(SignedInSession.person_id == person.id)
    ).all()
    found = [digest for digest in digests if digest.hex()[:16] == key]
    if not found:
        raise NotFound(Words("没有这个会话。", "There is no such session."))
    session.execute(delete(SignedInSession).where(SignedInSession.digest.in_(found)))
    record(session, actor=actor, event=SignedOut(str(person.id), sessions=len(found)), now=now)


def end_sessions(session: Session, *, actor: Actor, person_id: int, now: datetime) -> int:
    """End every session of a person, on whoever's word; how many."""
    gone = session.scalars(
        delete(SignedInSession)
        .where(SignedInSession.person_id == person_id)
        .returning(SignedInSession.digest)
    ).all()
    if gone:
        record(session, actor=actor, event=SignedOut(str(person_id), sessions=len(gone)), now=now)
    return len(gone)


def own_row(session: Session, actor: Actor) -> Person:
    """The person who acts, also while the password must be changed first."""
    actor.require(Permission.IDENTITY_OWN)
    person = None if actor.id is None else session.get(Person, actor.id, populate_existing=True)
    if person is None or person.left_at is not None:
        raise NotAllowed(NOT_SIGNED_IN)
    return person


def check_current(person: Person, *, actor: Actor, password: str, now: datetime) -> None:
    """Refuse a wrong current password; counted in a transaction of its own, as this one will be undone."""
    keys = {Counter.PAIR: tries.key_of(Counter.PAIR, "own", str(person.id))}
    with transaction(actor) as apart:
        waiting_s = tries.waiting_s(apart, keys, now=now)
    if waiting_s:
        raise NotAllowed(
            Words(f"密码错误次数过多，请 {waiting_s} 秒后再试。", f"Wrong too often; wait {waiting_s} s.")
        )
    if hashing.matches(person.password_hash, password):
        return
    with transaction(actor) as apart:
        failures = tries.count_failure(apart, keys, now=now)
        record(apart, actor=actor, event=OwnPasswordWrong(str(person.id), failures), now=now)
    raise NotAllowed(Words("当前密码不正确。", "The current password is not right."))


def begin_anew(
    session: Session, person: Person, *, token: str, now: datetime, second_factor: bool | None = None
) -> str:
    """End every session of the person and go on in a fresh one instead of that of ``token``."""
    live = live_session(session, token, now=now)
    if live is None or live[1].id != person.id:
        raise NotAllowed(NOT_SIGNED_IN)
    person.rights_version += 1
    fresh = _replace(session, live[0], person, now=now, second_factor=second_factor)
    session.flush()
    session.execute(
        delete(SignedInSession).where(
            SignedInSession.person_id == person.id, SignedInSession.digest != digest_of(fresh)
        )
    )
    return fresh


def _replace(
    session: Session,
    old: SignedInSession,
    person: Person,
    *,
    now: datetime,
    second_factor: bool | None = None,
) -> str:
    """A fresh token for the same session: its beginning, its end and its post stay."""
    factor = old.second_factor if second_factor is None else second_factor
    address = None if old.address is None else str(old.address)
    fresh, made = begin_session(
        session, person, address=address, agent=old.agent, second_factor=factor, now=now
    )
    made.created_at, made.ends_at, made.post_id = old.created_at, old.ends_at, old.post_id
    session.delete(old)
    return fresh
