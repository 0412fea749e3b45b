"""The own account: password, second factor, sessions, the post acted in, posts lent, access tokens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from web.asking import actor_of, need, signed_in
from web.cookies import forget_session, keep_session
from web.forms.people import until_of
from web.pages.signing import named_address
from web.render import render
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import NotAllowed, Refusal, WrongState
from xzgis.core.words import Words
from xzgis.identity import actions, queries
from xzgis.identity.permissions import Permission
from xzgis.identity.terms import DelegationAsked

router = APIRouter()

OWN = [need(Permission.IDENTITY_OWN)]
TOKENS = [need(Permission.IDENTITY_TOKENS)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Typed = Annotated[str, Form(max_length=500)]
Secret = Annotated[str, Form(max_length=1000)]
NOT_THE_SAME = WrongState(Words("两次输入的新密码不一致。", "The new password was not typed the same twice."))


def me(
    request: Request, *, refusal: Refusal | None = None, status: int | None = None, **shown: Any
) -> Response:
    """The page; ``refusal`` says why the last thing asked was not done, ``shown`` what is shown this once."""
    asker = signed_in(request)
    actor, now = asker.actor, datetime.now(UTC)
    assert actor.id is not None
    with transaction(actor) as session:
        values = {
            "posts": queries.posts_of(session, actor.id, now=now),
            "sessions": queries.sessions_of(session, actor.id, now=now),
            "tokens": queries.tokens_of(session, actor.id),
            "delegations": queries.delegations_of(session, actor.id, now=now),
            "passkeys": actions.passkeys_of(session, actor.id),
        }
    may_lend = sorted(
        permission for permission in Permission
        if actor.may(permission) and not permission.startswith("identity.")
    )  # fmt: skip
    return render(
        request, "own/me.html", status=status or (422 if refusal else 200), refusal=refusal, now=now,
        scopes=may_lend, elsewhere=named_address(request),
        **({"enrolment": None, "confirming": False, "secret": None} | values | shown),
    )  # fmt: skip


def _done(
    request: Request, act: Callable[[Session, Actor, datetime], str | None], *, to: str = "/me"
) -> Response:
    """Do something in one transaction and go back; a token that comes of it is kept by the browser."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            token = act(session, actor, datetime.now(UTC))
    except Refusal as refusal:
        return me(request, refusal=refusal)
    answer = RedirectResponse(to, status_code=303)
    if token is not None:
        keep_session(request, answer, token)
    return answer


@router.get("/me", dependencies=OWN)
def show(request: Request) -> Response:
    """The own account."""
    return me(request)


@router.post("/me/password", dependencies=OWN)
def password(request: Request, current: Secret = "", new: Secret = "", again: Secret = "") -> Response:
    """Change the own password; every other session is over."""
    asker = signed_in(request)
    if new != again:
        return me(request, refusal=NOT_THE_SAME)
    return _done(
        request,
        lambda session, actor, now: actions.change_password(
            session, actor=actor, token=asker.token, current=current, new=new, now=now
        ),
        to="/" if asker.is_held_up else "/me",
    )


@router.post("/me/factor", dependencies=OWN)
def enrol(request: Request, password: Secret = "") -> Response:
    """Begin a second factor: its secret is shown this once."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            enrolment = actions.enrol_totp(session, actor=actor, password=password, now=datetime.now(UTC))
    except Refusal as refusal:
        return me(request, refusal=refusal)
    return me(request, enrolment=enrolment, confirming=True)


@router.post("/me/factor/confirm", dependencies=OWN)
def confirm(request: Request, code: Typed = "") -> Response:
    """Take the second factor into use with its first code."""
    asker = signed_in(request)
    actor = asker.actor
    try:
        with transaction(actor) as session:
            token = actions.confirm_totp(
                session, actor=actor, token=asker.token, code=code, now=datetime.now(UTC)
            )
    except NotAllowed as refusal:
        return me(request, refusal=refusal, confirming=True)
    answer = RedirectResponse("/" if asker.is_held_up else "/me", status_code=303)
    keep_session(request, answer, token)
    return answer


@router.post("/me/post", dependencies=OWN)
def act_in(request: Request, post: Typed = "") -> Response:
    """Go on in one post, also one lent to the person; without one in all own ones."""
    chosen = int(post) if post.isdigit() else None
    token = signed_in(request).token
    return _done(
        request,
        lambda session, actor, now: actions.act_in(
            session, actor=actor, token=token, post_id=chosen, now=now
        ),
    )


@router.post("/me/sessions/{key}/end", dependencies=OWN)
def end_session(request: Request, key: Annotated[str, Path(pattern="^[0-9a-f]{16}$")]) -> Response:
    """End one of the own sessions."""
    return _done(
        request, lambda session, actor, now: actions.end_session(session, actor=actor, key=key, now=now)
    )


@router.post("/me/sign-out-everywhere", dependencies=OWN)
def everywhere(request: Request) -> Response:
    """End every session of the own account, this one too."""
    actor = actor_of(request)
    with transaction(actor) as session:
        actions.sign_out_everywhere(session, actor=actor, now=datetime.now(UTC))
    answer = RedirectResponse("/sign-in", status_code=303)
    forget_session(request, answer)
    return answer


@router.post("/me/delegations", dependencies=OWN)
def lend(
    request: Request,
    post: Annotated[int, Form(ge=1, le=2**62)],
    to: Typed = "",
    until: Typed = "",
    reason: Typed = "",
) -> Response:
    """Lend one of the own posts for some days."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        asked = DelegationAsked(post, to.strip(), until_of(until), reason)
        actions.delegate(session, actor=actor, asked=asked, now=now)

    return _done(request, act)


@router.post("/me/delegations/{number}/end", dependencies=OWN)
def take_back(request: Request, number: Number) -> Response:
    """Take a lent post back, or give it back, before its time."""
    return _done(
        request,
        lambda session, actor, now: actions.end_delegation(
            session, actor=actor, delegation_id=number, now=now
        ),
    )


@router.post("/me/tokens", dependencies=TOKENS)
def issue(
    request: Request,
    name: Typed = "",
    days: Annotated[int, Form(ge=1, le=3650)] = 90,
    scopes: Annotated[list[str] | None, Form(max_length=60)] = None,
) -> Response:
    """Let a program in, in the own name; its secret is shown this once."""
    actor, now = actor_of(request), datetime.now(UTC)
    try:
        with transaction(actor) as session:
            secret = actions.issue_token(
                session, actor=actor, name=name, permissions=scopes or [], expires_at=now + timedelta(days=days),
                now=now,
            )  # fmt: skip
    except Refusal as refusal:
        return me(request, refusal=refusal)
    return me(request, secret=secret)


@router.post("/me/tokens/{number}/revoke", dependencies=OWN)
def revoke(request: Request, number: Number) -> Response:
    """Shut a program out."""
    return _done(
        request,
        lambda session, actor, now: actions.revoke_token(session, actor=actor, token_id=number, now=now),
    )
