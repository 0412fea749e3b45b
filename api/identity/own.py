"""The own account: who asks, sessions, tokens, posts lent."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.deps import NowDep, need
from api.identity.schemas import (
    DelegationIn,
    DelegationOut,
    NewTokenOut,
    OwnOut,
    PasskeyOut,
    PostOut,
    SessionOut,
    TokenIn,
    TokenOut,
)
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.identity import actions, queries
from xzgis.identity.permissions import Permission
from xzgis.identity.terms import DelegationAsked

router = APIRouter(prefix="/api/identity/own", tags=["identity"])

Own = Annotated[Actor, need(Permission.IDENTITY_OWN)]
Issue = Annotated[Actor, need(Permission.IDENTITY_TOKENS)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Key = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


def _own_id(actor: Actor) -> int:
    assert actor.id is not None  # nobody but a person has this permission
    return actor.id


@router.get("")
def own(actor: Own, now: NowDep) -> OwnOut:
    """Who asks, what he may do at this moment, his posts, sessions and what is lent."""
    person_id = _own_id(actor)
    with transaction(actor) as session:
        return OwnOut(
            account=actor.name,
            acting_for=actor.acting_for,
            permissions=sorted(actor.permissions),
            posts=PostOut.of(queries.posts_of(session, person_id, now=now)),
            sessions=[
                SessionOut.model_validate(one) for one in queries.sessions_of(session, person_id, now=now)
            ],
            delegations=[
                DelegationOut.model_validate(one)
                for one in queries.delegations_of(session, person_id, now=now)
            ],
        )


@router.delete("/sessions", status_code=204)
def sign_out_everywhere(actor: Own, now: NowDep) -> Response:
    """End every session of the own account."""
    with transaction(actor) as session:
        actions.sign_out_everywhere(session, actor=actor, now=now)
    return Response(status_code=204)


@router.delete("/sessions/{key}", status_code=204)
def end_session(key: Key, actor: Own, now: NowDep) -> Response:
    """End one of the own sessions."""
    with transaction(actor) as session:
        actions.end_session(session, actor=actor, key=key, now=now)
    return Response(status_code=204)


@router.post("/delegations", status_code=201)
def lend(body: DelegationIn, actor: Own, now: NowDep) -> DelegationOut:
    """Lend one of the own posts."""
    with transaction(actor) as session:
        number = actions.delegate(session, actor=actor, asked=DelegationAsked(**body.model_dump()), now=now)
        lent = queries.delegations_of(session, _own_id(actor), now=now)
        return next(DelegationOut.model_validate(one) for one in lent if one.id == number)


@router.delete("/delegations/{number}", status_code=204)
def take_back(number: Number, actor: Own, now: NowDep) -> Response:
    """Take a lent post back, or give it back, before its time."""
    with transaction(actor) as session:
        actions.end_delegation(session, actor=actor, delegation_id=number, now=now)
    return Response(status_code=204)


@router.get("/passkeys")
def passkeys(actor: Own) -> list[PasskeyOut]:
    """The own passkeys; a page in a browser lets further ones in."""
    with transaction(actor) as session:
        return [PasskeyOut.model_validate(one) for one in actions.passkeys_of(session, _own_id(actor))]


@router.delete("/passkeys/{number}", status_code=204)
def remove_passkey(number: Number, actor: Own, now: NowDep) -> Response:
    """Shut one of the own passkeys out."""
    with transaction(actor) as session:
        actions.remove_passkey(session, actor=actor, passkey_id=number, now=now)
    return Response(status_code=204)


@router.get("/tokens")
def tokens(actor: Own) -> list[TokenOut]:
    """The own tokens, without their secrets; revoked and expired ones too."""
    with transaction(actor) as session:
        return [TokenOut.model_validate(one) for one in queries.tokens_of(session, _own_id(actor))]


@router.post("/tokens", status_code=201)
def issue(body: TokenIn, actor: Issue, now: NowDep) -> NewTokenOut:
    """Let a program in, in the own name; a token issues no other."""
    with transaction(actor) as session:
        made = actions.issue_token(session, actor=actor, now=now, **body.model_dump())
        return NewTokenOut.model_validate(made)


@router.delete("/tokens/{number}", status_code=204)
def revoke(number: Number, actor: Own, now: NowDep) -> Response:
    """Shut a program out."""
    with transaction(actor) as session:
        actions.revoke_token(session, actor=actor, token_id=number, now=now)
    return Response(status_code=204)
