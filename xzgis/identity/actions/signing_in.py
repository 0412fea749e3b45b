"""Signing in: the one door for people.

A refused try is a result and not an exception, so that its count and its record are committed with the caller's
transaction. Unknown account, leaver and wrong password get the same words after the same work.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.errors import Invalid, NotFound
from xzgis.core.sealing import unseal
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.identity.actions import hashing, tries
from xzgis.identity.events import PersonSignedIn, SignInRefused
from xzgis.identity.models import Device, Person, SignedInSession
from xzgis.identity.queries.actors import must_change, must_enrol, posts_of
from xzgis.identity.queries.directory import person_to_change
from xzgis.identity.rules.accounts import account_of
from xzgis.identity.rules.codes import step_of
from xzgis.identity.rules.slowing import Counter
from xzgis.identity.rules.tokens import TOKEN_BYTES, digest_of
from xzgis.identity.terms import Browser, SignedIn

WRONG = Words("账号、密码或动态口令不正确。", "Account, password or code is not right.")
CODE_WANTED = Words("请输入动态口令。", "Enter the code of your authenticator.")
LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """Who tries, from where, and under which counters."""

    person: Person | None
    address: str | None
    browser: Browser
    known_device: bool
    keys: tries.Keys
    now: datetime

    def actor(self) -> Actor:
        """Who is named in the trail."""
        person = self.person
        return Actor(
            name="unknown" if person is None else person.account,
            via="page",
            id=None if person is None else person.id,
            address=self.address,
        )


def sign_in(
    session: Session,
    *,
    account: str,
    password: str,
    code: str | None,
    address: str | None,
    browser: Browser,
    now: datetime,
) -> SignedIn:
    """Let somebody in, or say why not; commit in either case.

    A fresh token is made at every sign-in; one that the browser brought along is never taken over. ``code`` None
    or empty asks whether one is needed.

    Raises
    ------
    Unavailable
        Too many sign in at once.
    """
    caller = caller_of(session, account, address=address, browser=browser, now=now)
    tries.one_at_a_time(session, next(iter(caller.keys.values())))
    waiting_s = tries.waiting_s(session, caller.keys, now=now)
    if waiting_s:
        return SignedIn(token=None, refusal=_wait(waiting_s), wait_s=waiting_s)

    kept = None if caller.person is None else caller.person.password_hash
    if not hashing.matches(kept, password):
        return refuse(session, caller, reason="password")
    person = _locked(session, caller, kept)
    if person is None:
        return refuse(session, caller, reason="password")

    if person.totp_secret is not None:
        if not (code or "").strip():
            return SignedIn(token=None, refusal=CODE_WANTED, needs_code=True)
        if not use_code(person, code or "", now=now):
            return refuse(session, caller, reason="code")
    if kept is not None and hashing.is_outdated(kept):
        person.password_hash = hashing.hashed(password)
    return let_in(session, caller, person, second_factor=person.totp_secret is not None)


def use_code(person: Person, code: str, *, now: datetime) -> bool:
    """Whether ``code`` is right for the second factor of the locked person; a right one is used up."""
    assert person.totp_secret is not None
    secret = unseal(person.totp_secret, context=factor_context(person.id))
    step = step_of(secret, code, last_step=person.totp_step, now=now)
    if step is not None:
        person.totp_step = step
    return step is not None


def factor_context(person_id: int) -> str:
    """What the sealed secret of a person's second factor is bound to."""
    return f"identity.totp:{person_id}"


def begin_session(
    session: Session,
    person: Person,
    *,
    address: str | None,
    agent: str,
    second_factor: bool,
    now: datetime,
) -> tuple[str, SignedInSession]:
    """A new session and its token, which is kept nowhere but in the browser."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = SignedInSession(
        digest=digest_of(token),
        person_id=person.id,
        created_at=now,
        seen_at=now,
        ends_at=now + timedelta(hours=settings().session_hours),
        address=clean_address(address),
        agent=agent,
        second_factor=second_factor,
        rights_version=person.rights_version,
    )
    session.add(made)
    return token, made


def clean_address(address: str | None) -> str | None:
    """An internet address as the database takes it; None for what is none, such as a test's name."""
    try:
        return None if address is None else str(ip_address(address.partition("%")[0]))
    except ValueError:
        return None


def caller_of(
    session: Session, typed: str, *, address: str | None, browser: Browser, now: datetime
) -> Caller:
    """Who tries, and the counters that apply."""
    try:
        account = account_of(typed)
    except Invalid:
        account = ""
    person = session.scalars(
        select(Person).where(Person.account == account, Person.left_at.is_(None))
    ).one_or_none()
    place = clean_address(address) or "-"
    known = person is not None and _knows(session, person, browser)
    if known:
        keys = {Counter.DEVICE: tries.key_of(Counter.DEVICE, account, str(browser.device))}
    else:
        keys = {
            Counter.PAIR: tries.key_of(Counter.PAIR, account, place),
            Counter.ADDRESS: tries.key_of(Counter.ADDRESS, place),
            Counter.ACCOUNT: tries.key_of(Counter.ACCOUNT, account),
        }
    return Caller(person, clean_address(address), browser, known, keys, now)


def _knows(session: Session, person: Person, browser: Browser) -> bool:
    if not browser.device:
        return False
    return session.get(Device, (digest_of(browser.device), person.id)) is not None


def _locked(session: Session, caller: Caller, kept: str | None) -> Person | None:
    """The person's row, locked, if the password that matched is still the one; None when it was changed meanwhile."""
    assert caller.person is not None
    try:
        person = person_to_change(session, caller.person.id)
    except NotFound:
        return None
    return person if person.password_hash == kept else None


def refuse(session: Session, caller: Caller, *, reason: str) -> SignedIn:
    """Count and record a try that failed."""
    failures = tries.count_failure(session, caller.keys, now=caller.now)
    who = "unknown" if caller.person is None else str(caller.person.id)
    event = SignInRefused(object_id=who, reason=reason, failures=failures)
    record(session, actor=caller.actor(), event=event, now=caller.now)
    session.flush()
    waiting_s = tries.waiting_s(session, caller.keys, now=caller.now)
    return SignedIn(token=None, refusal=WRONG, wait_s=waiting_s)


def let_in(session: Session, caller: Caller, person: Person, *, second_factor: bool) -> SignedIn:
    """Begin the session of somebody who has proven who he is."""
    now = caller.now
    forgiven = [key for counter, key in caller.keys.items() if counter in (Counter.PAIR, Counter.DEVICE)]
    tries.forget(session, forgiven)
    device = caller.browser.device if caller.known_device else None
    device = device or secrets.token_urlsafe(TOKEN_BYTES)
    session.execute(
        insert(Device)
        .values(digest=digest_of(device), person_id=person.id, seen_at=now)
        .on_conflict_do_update(index_elements=[Device.digest, Device.person_id], set_={"seen_at": now})
    )
    token, made = begin_session(
        session, person, address=caller.address, agent=clean_agent(caller.browser.agent),
        second_factor=second_factor, now=now,
    )  # fmt: skip
    event = PersonSignedIn(str(person.id), second_factor=second_factor, known_device=caller.known_device)
    record(session, actor=caller.actor(), event=event, now=now)
    session.flush()
    held = [post for post in posts_of(session, person.id, now=now) if post.acting_for is None]
    return SignedIn(
        token=token,
        person_id=person.id,
        device=device,
        ends_at=made.ends_at,
        must_change=must_change(person, now=now),
        must_enrol=must_enrol(held, second_factor=second_factor),
    )


def clean_agent(agent: str) -> str:
    """What a browser calls itself, without what does not show, 200 signs at the most."""
    return "".join(sign for sign in agent if unicodedata.category(sign)[0] != "C")[:LONGEST_AGENT]


def _wait(waiting_s: int) -> Words:
    return Words(
        f"尝试次数过多，请 {waiting_s} 秒后再试。", f"Too many tries; wait {waiting_s} s and try again."
    )
