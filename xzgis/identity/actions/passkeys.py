"""Passkeys: two factors in one, as the key asks for a finger or a number before it signs (WebAuthn level 2).

A passkey is bound to a host name under HTTPS; a site reached by its bare address cannot use them.
"""

import base64
import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.errors import NotAllowed, NotFound, WrongState
from xzgis.core.words import Words
from xzgis.identity.actions import tries
from xzgis.identity.actions.own import begin_anew, check_current, own_row
from xzgis.identity.actions.signing_in import caller_of, let_in, refuse
from xzgis.identity.events import PasskeyAdded, PasskeyRemoved
from xzgis.identity.models import Challenge, Passkey, Person
from xzgis.identity.queries.directory import person_to_change
from xzgis.identity.rules.accounts import name_of
from xzgis.identity.rules.tokens import digest_of
from xzgis.identity.terms import Browser, PasskeyFacts, SignedIn, Site

ANSWERED_WITHIN = timedelta(minutes=5)
MOST_PASSKEYS = 10
LONGEST_ANSWER = 20_000
CHALLENGE_BYTES = 32
REFUSED = Words("这个通行密钥未被接受；请重试。", "The passkey was not accepted; try again.")


def begin_passkey(session: Session, *, actor: Actor, password: str, site: Site, now: datetime) -> str:
    """Options for ``navigator.credentials.create``, as JSON.

    Raises
    ------
    NotAllowed
        Not signed in; the password is wrong, or was given wrong too often.
    WrongState
        The person has as many as anybody may have.
    """
    person = own_row(session, actor)
    check_current(person, actor=actor, password=password, now=now)
    known = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person.id)).all()
    if len(known) >= MOST_PASSKEYS:
        raise WrongState(
            Words(f"每人最多 {MOST_PASSKEYS} 个通行密钥。", f"{MOST_PASSKEYS} passkeys at the most.")
        )
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_name=person.account,
        user_display_name=person.name,
        user_id=str(person.id).encode(),
        challenge=_challenge(session, person_id=person.id, now=now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json(options)


def add_passkey(
    session: Session, *, actor: Actor, token: str, answer: str, name: str, site: Site, now: datetime
) -> str:
    """Take a passkey into use; the token the browser goes on with, now with a second factor.

    Raises
    ------
    NotAllowed
        Not signed in; the answer is not the one to a question asked of this person within five minutes, or
        comes from another site.
    """
    person = person_to_change(session, own_row(session, actor).id)
    challenge = _asked(session, answer, person_id=person.id, now=now)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise NotAllowed(REFUSED) from error
    taken = session.scalars(select(Passkey.id).where(Passkey.credential_id == made.credential_id)).first()
    if taken is not None:
        raise NotAllowed(REFUSED)
    label = name_of(name)
    session.add(
        Passkey(
            person_id=person.id, name=label, credential_id=made.credential_id,
            public_key=made.credential_public_key, sign_count=made.sign_count, created_at=now,
        )
    )  # fmt: skip
    record(session, actor=actor, event=PasskeyAdded(str(person.id), label), now=now)
    return begin_anew(session, person, token=token, now=now, second_factor=True)


def begin_passkey_sign_in(session: Session, *, site: Site, now: datetime) -> str:
    """Options for ``navigator.credentials.get``, as JSON; they name nobody."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=_challenge(session, person_id=None, now=now),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def sign_in_with_passkey(
    session: Session, *, answer: str, site: Site, address: str | None, browser: Browser, now: datetime
) -> SignedIn:
    """Let somebody in by a passkey, or say why not; commit in either case, as with :func:`sign_in`."""
    key = session.scalars(
        select(Passkey).where(Passkey.credential_id == _credential_id(answer)).with_for_update()
    ).one_or_none()
    person = None if key is None else session.get(Person, key.person_id)
    account = "" if person is None else person.account
    caller = caller_of(session, account, address=address, browser=browser, now=now)
    waiting_s = tries.waiting_s(session, caller.keys, now=now)
    if waiting_s:
        return SignedIn(token=None, refusal=REFUSED, wait_s=waiting_s)
    count = None if caller.person is None else _proven(session, answer, key=key, site=site, now=now)
    if key is None or count is None:
        refused = refuse(session, caller, reason="passkey")
        return SignedIn(token=None, refusal=REFUSED, wait_s=refused.wait_s)
    key.sign_count, key.used_at = count, now
    return let_in(session, caller, person_to_change(session, key.person_id), second_factor=True)


def _proven(session: Session, answer: str, *, key: Passkey | None, site: Site, now: datetime) -> int | None:
    """How often the key has signed, if it signed the question; None when it did not."""
    if key is None:
        return None
    try:
        return verify_authentication_response(
            credential=answer,
            expected_challenge=_asked(session, answer, person_id=None, now=now),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        ).new_sign_count
    except (WebAuthnException, ValueError, NotAllowed):
        return None


def remove_passkey(session: Session, *, actor: Actor, passkey_id: int, now: datetime) -> None:
    """Shut one of the own passkeys out.

    Raises
    ------
    NotFound
        The person has none with this number.
    """
    person = own_row(session, actor)
    name = session.scalars(
        delete(Passkey)
        .where(Passkey.id == passkey_id, Passkey.person_id == person.id)
        .returning(Passkey.name)
    ).one_or_none()
    if name is None:
        raise NotFound(Words(f"没有通行密钥 {passkey_id}。", f"There is no passkey {passkey_id}."))
    record(session, actor=actor, event=PasskeyRemoved(str(person.id), name), now=now)


def passkeys_of(session: Session, person_id: int) -> Sequence[PasskeyFacts]:
    """Passkeys of a person, the oldest first."""
    rows = session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id))
    return [PasskeyFacts(one.id, one.name, one.created_at, one.used_at) for one in rows]


def _challenge(session: Session, *, person_id: int | None, now: datetime) -> bytes:
    """A question never asked before; only its digest is kept."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    digest = digest_of(challenge.hex())
    session.add(Challenge(digest=digest, person_id=person_id, expires_at=now + ANSWERED_WITHIN))
    session.flush()
    return challenge


def _asked(session: Session, answer: str, *, person_id: int | None, now: datetime) -> bytes:
    """The question an answer claims to be to, if it was asked of this person; it is used up."""
    challenge = _told(answer, "response", "clientDataJSON", inner="challenge")
    asked = session.execute(
        delete(Challenge)
        .where(Challenge.digest == digest_of(challenge.hex()))
        .returning(Challenge.person_id, Challenge.expires_at)
    ).one_or_none()
    if asked is None or asked[0] != person_id or asked[1] <= now:
        raise NotAllowed(REFUSED)
    return challenge


def _credential_id(answer: str) -> bytes:
    """Which key an answer claims to come from; empty when it claims nothing readable."""
    try:
        return _told(answer, "rawId")
    except NotAllowed:
        return b""


def _told(answer: str, *path: str, inner: str | None = None) -> bytes:
    """Bytes at ``path`` of an answer; ``inner`` is a field of the JSON that stands there."""
    if len(answer) > LONGEST_ANSWER:
        raise NotAllowed(REFUSED)
    try:
        found = json.loads(answer)
        for name in path:
            found = found[name]
        told = _bytes(found)
        return told if inner is None else _bytes(json.loads(told)[inner])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotAllowed(REFUSED) from error


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
