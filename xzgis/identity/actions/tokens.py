"""Access tokens for machines: scoped, expiring, shown once, kept as digests."""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.errors import NotFound, WrongState
from xzgis.core.words import Words
from xzgis.identity.events import TokenIssued, TokenRevoked
from xzgis.identity.models import Person, Token
from xzgis.identity.permissions import Permission
from xzgis.identity.policy import check_can_issue, check_can_revoke
from xzgis.identity.queries.directory import person_to_change
from xzgis.identity.rules.accounts import name_of
from xzgis.identity.rules.periods import check_token_period
from xzgis.identity.rules.tokens import TOKEN_BYTES, TOKEN_MARK, digest_of
from xzgis.identity.terms import NewToken

MOST_TOKENS = 20


def issue_token(
    session: Session,
    *,
    actor: Actor,
    name: str,
    permissions: Collection[str],
    expires_at: datetime,
    now: datetime,
) -> NewToken:
    """Let a machine in, in one's own name, with some of one's own permissions. The secret is shown this once.

    Raises
    ------
    NotAllowed
        See :func:`xzgis.identity.policy.check_can_issue`.
    Invalid
        Name or period are none.
    WrongState
        The person has as many as anybody may have.
    """
    check_can_issue(actor, permissions=permissions)
    check_token_period(expires_at, now=now)
    label = name_of(name)
    assert actor.id is not None
    person = person_to_change(session, actor.id)
    live = session.scalar(
        select(func.count())
        .select_from(Token)
        .where(Token.person_id == person.id, Token.revoked_at.is_(None), Token.expires_at > now)
    )
    if (live or 0) >= MOST_TOKENS:
        raise WrongState(
            Words(
                f"每人最多 {MOST_TOKENS} 个令牌，请先撤销不用的。",
                f"{MOST_TOKENS} tokens at the most; revoke one first.",
            )
        )
    secret = TOKEN_MARK + secrets.token_urlsafe(TOKEN_BYTES)
    token = Token(
        person_id=person.id,
        name=label,
        digest=digest_of(secret),
        permissions=sorted(permissions),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    event = TokenIssued(str(token.id), label, tuple(token.permissions), expires_at.isoformat())
    record(session, actor=actor, event=event, now=now)
    return NewToken(id=token.id, secret=secret, expires_at=expires_at)


def revoke_token(session: Session, *, actor: Actor, token_id: int, now: datetime) -> None:
    """Shut a machine out, at once.

    Raises
    ------
    NotFound
        No such token, or the actor may not know of it.
    WrongState
        It is revoked already.
    """
    row = session.execute(
        select(Token, Person.account)
        .join(Person, Person.id == Token.person_id)
        .where(Token.id == token_id)
        .with_for_update(of=Token)
    ).one_or_none()
    if row is None or (row[0].person_id != actor.id and not actor.may(Permission.IDENTITY_POSTS)):
        raise NotFound(Words(f"没有令牌 {token_id}。", f"There is no token {token_id}."))
    token, account = row
    check_can_revoke(actor, person_id=token.person_id)
    if token.revoked_at is not None:
        raise WrongState(Words("该令牌已经撤销。", "The token is revoked already."))
    token.revoked_at = now
    record(session, actor=actor, event=TokenRevoked(str(token.id), token.name, account), now=now)
    session.flush()
