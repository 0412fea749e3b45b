"""Passkeys: let one in, shut one out, sign in with one. The questions go to ``src/elements/passkeys.ts`` as JSON."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from web.asking import actor_of, door_of, inside, need, signed_in
from web.cookies import keep_session
from web.pages.own import me
from web.pages.signing import Typed, let_in
from web.render import speaker
from xzgis.core.actor import SYSTEM
from xzgis.core.db import transaction
from xzgis.core.errors import Refusal
from xzgis.identity import actions
from xzgis.identity.actions.asking import DEVICE_COOKIE
from xzgis.identity.permissions import PUBLIC, Permission
from xzgis.identity.terms import Browser, Site

router = APIRouter()

OWN = [need(Permission.IDENTITY_OWN)]
AT_THE_DOOR = [need(PUBLIC)]
Answer = Annotated[str, Form(max_length=20_000)]
Secret = Annotated[str, Form(max_length=1000)]
Number = Annotated[int, Path(ge=1, le=2**62)]
JSON_TYPE = "application/json"


def site_of(request: Request) -> Site:
    """Where the page is served, as the browser names it when it asks a key to sign."""
    return Site(
        host=request.url.hostname or "",
        origin=f"{request.url.scheme}://{request.url.netloc}",
        name=speaker(request)("shell.product"),
    )


@router.post("/sign-in/passkey/question", dependencies=AT_THE_DOOR)
def question_at_the_door(request: Request) -> Response:
    """What any passkey of this site may sign, once, within five minutes."""
    with transaction(SYSTEM) as session:
        asked = actions.begin_passkey_sign_in(session, site=site_of(request), now=datetime.now(UTC))
    return Response(asked, media_type=JSON_TYPE)


@router.post("/sign-in/passkey", dependencies=AT_THE_DOOR)
def sign_in(
    request: Request, answer: Answer = "", following: Annotated[Typed, Form(alias="next")] = "/"
) -> Response:
    """Let in whoever's passkey signed the question, or say why not."""
    door, onward = door_of(request), inside(following)
    if not door.lets_sign_in:
        return let_in(request, None, following=onward)
    browser = Browser(request.cookies.get(DEVICE_COOKIE), request.headers.get("user-agent", ""))
    with transaction(SYSTEM) as session:
        done = actions.sign_in_with_passkey(
            session, answer=answer, site=site_of(request), address=door.address, browser=browser,
            now=datetime.now(UTC),
        )  # fmt: skip
    return let_in(request, done, following=onward)


@router.post("/me/passkeys/question", dependencies=OWN)
def question(request: Request, password: Secret = "") -> Response:
    """What a new passkey of this person signs, once, within five minutes; a wrong password is told in words."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            asked = actions.begin_passkey(
                session, actor=actor, password=password, site=site_of(request), now=datetime.now(UTC)
            )
    except Refusal as refusal:
        return JSONResponse({"refusal": speaker(request).of(refusal.words)}, status_code=422)
    return Response(asked, media_type=JSON_TYPE)


@router.post("/me/passkeys", dependencies=OWN)
def add(request: Request, answer: Answer = "", name: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Take a passkey into use: from now on it lets this person in, with both factors."""
    asker = signed_in(request)
    actor = asker.actor
    try:
        with transaction(actor) as session:
            token = actions.add_passkey(
                session, actor=actor, token=asker.token, answer=answer, name=name, site=site_of(request),
                now=datetime.now(UTC),
            )  # fmt: skip
    except Refusal as refusal:
        return me(request, refusal=refusal)
    done = RedirectResponse("/" if asker.is_held_up else "/me#passkeys", status_code=303)
    keep_session(request, done, token)
    return done


@router.post("/me/passkeys/{number}/remove", dependencies=OWN)
def remove(request: Request, number: Number) -> Response:
    """Shut one of the own passkeys out."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            actions.remove_passkey(session, actor=actor, passkey_id=number, now=datetime.now(UTC))
    except Refusal as refusal:
        return me(request, refusal=refusal)
    return RedirectResponse("/me#passkeys", status_code=303)
