"""Accounts: made, changed, helped back in, and ended."""

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.errors import Fault, Invalid, WrongState
from xzgis.core.words import Words
from xzgis.identity.actions import hashing
from xzgis.identity.actions.own import end_sessions
from xzgis.identity.actions.tries import key_of
from xzgis.identity.events import (
    FactRevealed,
    PasswordReset,
    PersonAdded,
    PersonChanged,
    PersonLeft,
    SecondFactorReset,
)
from xzgis.identity.models import Delegation, Device, Passkey, Person, Post, Token, Try
from xzgis.identity.permissions import Permission
from xzgis.identity.policy import (
    check_can_let_leave,
    check_can_reset_factor,
    check_can_reset_password,
)
from xzgis.identity.queries import directory as queries
from xzgis.identity.queries.actors import holding_now
from xzgis.identity.queries.posts import held_during, lock_administrators
from xzgis.identity.rules.accounts import (
    MASKS,
    account_of,
    email_of,
    is_its_mask,
    name_of,
    phone_of,
    reason_of,
)
from xzgis.identity.rules.passwords import ONE_TIME_LENGTH, ONE_TIME_SIGNS, is_common
from xzgis.identity.rules.slowing import Counter
from xzgis.identity.terms import NewPerson, PersonFacts, Role


def add_person(
    session: Session,
    *,
    actor: Actor,
    account: str,
    name: str,
    email: str | None = None,
    phone: str | None = None,
    now: datetime,
) -> NewPerson:
    """Make an account with a one-time password, which has to be changed at the first sign-in.

    Raises
    ------
    NotAllowed
        No right to make accounts.
    Invalid
        Account, name or address do not read like ones.
    WrongState
        The account is taken, by a leaver perhaps: it names him in the records for ever.
    """
    actor.require(Permission.IDENTITY_PEOPLE)
    account, name = account_of(account), name_of(name)
    password = _one_time_password()
    person = Person(
        account=account,
        name=name,
        email=email_of(email),
        phone=phone_of(phone),
        password_hash=hashing.hashed(password),
        must_change=True,
        password_changed_at=now,
        created_at=now,
    )
    _insert(session, person)
    record(session, actor=actor, event=PersonAdded(str(person.id), account, name), now=now)
    return NewPerson(id=person.id, account=account, name=name, password=password)


def change_person(
    session: Session,
    *,
    actor: Actor,
    account: str,
    name: str,
    email: str | None,
    phone: str | None,
    now: datetime,
) -> PersonFacts:
    """Change name and addresses of a person who has not left; an address given as its mask stays as it is.

    Raises
    ------
    NotAllowed
        No right to keep accounts.
    NotFound
        No such person.
    Invalid
        Name or address do not read like ones.
    """
    actor.require(Permission.IDENTITY_PEOPLE)
    person = _known(session, actor, account, now=now)
    facts = {
        "name": name_of(name),
        "email": person.email if is_its_mask("email", email, person.email) else email_of(email),
        "phone": person.phone if is_its_mask("phone", phone, person.phone) else phone_of(phone),
    }
    changed = tuple(field for field, value in facts.items() if getattr(person, field) != value)
    for field in changed:
        setattr(person, field, facts[field])
    if changed:
        record(session, actor=actor, event=PersonChanged(str(person.id), person.account, changed), now=now)
    session.flush()
    return queries.person_facts(person)


def reveal_fact(
    session: Session, *, actor: Actor, account: str, field: str, reason: str, now: datetime
) -> str | None:
    """The e-mail address or telephone of a person in clear; that it was looked at, and why, stands in the trail.

    Raises
    ------
    NotAllowed, NotFound, Invalid
        No right; no such person; no such field, or no reason.
    """
    actor.require(Permission.IDENTITY_REVEAL)
    if field not in MASKS:
        words = Words("只能查看 email 或 phone。", "Only email and phone can be revealed.")
        raise Invalid(words, faults=(Fault(("field",), words),))
    why = reason_of(reason)
    person = queries.person(session, actor=actor, account=account, now=now)
    record(session, actor=actor, event=FactRevealed(str(person.id), person.account, field, why), now=now)
    value: str | None = getattr(person, field)
    return value


def reset_password(session: Session, *, actor: Actor, account: str, now: datetime) -> NewPerson:
    """Give a person a new one-time password; every session of his ends, failed tries are forgotten.

    Raises
    ------
    NotFound, NotAllowed
        No such person; see :func:`xzgis.identity.policy.check_can_reset_password`.
    """
    actor.require(Permission.IDENTITY_PEOPLE)
    person = _known(session, actor, account, now=now)
    check_can_reset_password(
        actor,
        person_id=person.id,
        held=held_during(session, person.id, begins=now, ends=None),
        has_second_factor=person.totp_secret is not None,
    )
    password = _one_time_password()
    person.password_hash, person.must_change, person.password_changed_at = (
        hashing.hashed(password), True, now,
    )  # fmt: skip
    person.rights_version += 1
    end_sessions(session, actor=actor, person_id=person.id, now=now)
    session.execute(delete(Try).where(Try.key == key_of(Counter.ACCOUNT, person.account)))
    record(session, actor=actor, event=PasswordReset(str(person.id), person.account), now=now)
    session.flush()
    return NewPerson(id=person.id, account=person.account, name=person.name, password=password)


def reset_second_factor(session: Session, *, actor: Actor, account: str, now: datetime) -> None:
    """Take a lost second factor and every passkey away; every session of the person ends.

    Raises
    ------
    NotFound, NotAllowed
        No such person; see :func:`xzgis.identity.policy.check_can_reset_factor`.
    """
    actor.require(Permission.IDENTITY_POSTS)
    person = _known(session, actor, account, now=now)
    check_can_reset_factor(actor, person_id=person.id)
    person.totp_secret = person.totp_pending = None
    session.execute(delete(Passkey).where(Passkey.person_id == person.id))
    person.rights_version += 1
    end_sessions(session, actor=actor, person_id=person.id, now=now)
    record(session, actor=actor, event=SecondFactorReset(str(person.id), person.account), now=now)
    session.flush()


def sign_out_person(session: Session, *, actor: Actor, account: str, now: datetime) -> int:
    """End every session of somebody; how many.

    Raises
    ------
    NotFound, NotAllowed
        No such person; no right to keep accounts.
    """
    actor.require(Permission.IDENTITY_PEOPLE)
    person = _known(session, actor, account, now=now)
    return end_sessions(session, actor=actor, person_id=person.id, now=now)


def leave_person(session: Session, *, actor: Actor, account: str, now: datetime) -> PersonFacts:
    """End everything that lets a person in, at once: posts, delegations from and to him, sessions, tokens, secrets.

    The row stays for the records that name him; the account is never given again.

    Raises
    ------
    NotFound, NotAllowed
        No such person; see :func:`xzgis.identity.policy.check_can_let_leave`.
    """
    actor.require(Permission.IDENTITY_PEOPLE)
    lock_administrators(session)
    person = _known(session, actor, account, now=now)
    roles = set(session.scalars(select(Post.role).where(Post.person_id == person.id, holding_now(now))).all())
    mine = [Role(role) for role in sorted(roles)]
    others = {
        holder
        for role in mine
        for holder in queries.holders_of(session, role, now=now)
        if holder != person.id
    }
    check_can_let_leave(actor, person_id=person.id, roles=mine, others=others)
    ended = _end_everything(session, actor=actor, person=person, now=now)
    record(session, actor=actor, event=ended, now=now)
    session.flush()
    return queries.person_facts(person)


def _end_everything(session: Session, *, actor: Actor, person: Person, now: datetime) -> PersonLeft:
    own = select(Post.id).where(Post.person_id == person.id)
    lent = session.scalars(
        update(Delegation)
        .where((Delegation.post_id.in_(own)) | (Delegation.to_person_id == person.id))
        .where(Delegation.until_at > now)
        .values(until_at=func.greatest(Delegation.from_at, now))
        .returning(Delegation.id)
    ).all()
    posts = session.scalars(
        update(Post)
        .where(Post.person_id == person.id, (Post.valid_to.is_(None)) | (Post.valid_to > now))
        .values(valid_to=func.greatest(Post.valid_from, now))
        .returning(Post.id)
    ).all()
    tokens = session.scalars(
        update(Token)
        .where(Token.person_id == person.id, Token.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(Token.id)
    ).all()
    sessions = end_sessions(session, actor=actor, person_id=person.id, now=now)
    session.execute(delete(Device).where(Device.person_id == person.id))
    session.execute(delete(Passkey).where(Passkey.person_id == person.id))
    person.left_at = now
    person.password_hash = person.totp_secret = person.totp_pending = None
    person.rights_version += 1
    return PersonLeft(
        str(person.id), person.account, posts=len(posts), delegations=len(lent), sessions=sessions,
        tokens=len(tokens),
    )  # fmt: skip


def _known(session: Session, actor: Actor, account: str, *, now: datetime) -> Person:
    """The locked row of a person the actor may know of and who has not left."""
    found = queries.person(session, actor=actor, account=account, now=now)
    return queries.person_to_change(session, found.id)


def _insert(session: Session, person: Person) -> None:
    """Add the row; whether the account is free is the database's word, as two may ask at once."""
    account = person.account
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        words = Words(f"账号 {account} 已被使用。", f"The account {account} is taken.")
        raise WrongState(words, faults=(Fault(("account",), words),)) from error


def _one_time_password() -> str:
    while True:
        password = "".join(secrets.choice(ONE_TIME_SIGNS) for _ in range(ONE_TIME_LENGTH))
        if not is_common(password.lower()):
            return password
