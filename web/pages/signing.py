"""Signing in and out, and the start page."""

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from web.asking import actor_of, asker_of, door_of, inside, need, signed_in
from web.cookies import forget_session, keep_device, keep_session
from web.render import render
from xzgis.core.actor import SYSTEM
from xzgis.core.db import transaction
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.identity import actions
from xzgis.identity.actions.asking import DEVICE_COOKIE
from xzgis.identity.permissions import PUBLIC, Permission
from xzgis.identity.terms import Browser, SignedIn

router = APIRouter()

NOT_SECURE = Words(
    "本机以外须经 HTTPS 登录：未加密的连接会泄露密码。请用 https 地址打开，或在服务器本机打开。",
    "From another machine sign in over HTTPS only: without it the password could be read on the way.",
)
Typed = Annotated[str, Form(max_length=200)]


@router.get("/", dependencies=[need(Permission.IDENTITY_OWN)])
def start(request: Request) -> RedirectResponse:
    """On to the desk; a password to be changed comes first."""
    return RedirectResponse("/me" if signed_in(request).is_held_up else "/desk", status_code=303)


@router.get("/sign-in", dependencies=[need(PUBLIC)])
def form(request: Request, following: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
    """The form; who is signed in already goes on."""
    if asker_of(request) is not None:
        return RedirectResponse(inside(following), status_code=303)
    return _page(request, following=inside(following))


def named_address(request: Request) -> str | None:
    """Where passkeys work, when they do not here: a key is bound to a name, and a bare address is none.

    None where they do work; empty where no other address of the same machine is known.
    """
    try:
        address = ip_address((request.url.hostname or "").strip("[]"))
    except ValueError:
        return None
    if not address.is_loopback:
        return ""
    port = f":{request.url.port}" if request.url.port else ""
    return f"{request.url.scheme}://localhost{port}{request.url.path}"


def _page(
    request: Request,
    *,
    following: str,
    account: str = "",
    refusal: Words | None = None,
    wait_s: int = 0,
    status: int = 200,
) -> Response:
    if not door_of(request).lets_sign_in:
        refusal, status = NOT_SECURE, 403
    answer = render(
        request, "own/sign_in.html", status=status, following=following, account=account, refusal=refusal,
        wait_s=wait_s, elsewhere=named_address(request),
        provider=settings().oidc_name if settings().oidc_issuer else None,
    )  # fmt: skip
    if wait_s:
        answer.headers["Retry-After"] = str(wait_s)
    return answer


@router.post("/sign-in", dependencies=[need(PUBLIC)])
def sign_in(
    request: Request,
    account: Typed = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    code: Typed = "",
    following: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Let somebody in, or say why not: the same sentence for an unknown account and a wrong password."""
    door = door_of(request)
    onward = inside(following)
    if not door.lets_sign_in:
        return _page(request, following=onward)
    browser = Browser(request.cookies.get(DEVICE_COOKIE), request.headers.get("user-agent", ""))
    with transaction(SYSTEM) as session:
        done = actions.sign_in(
            session, account=account, password=password, code=code, address=door.address, browser=browser,
            now=datetime.now(UTC),
        )  # fmt: skip
    return let_in(request, done, following=onward, account=account)


def let_in(request: Request, done: SignedIn | None, *, following: str, account: str = "") -> Response:
    """Go on with the session that a try brought, or back to the form with the reason; None: nobody may try here."""
    if done is None:
        return _page(request, following=following)
    if done.token is None:
        status = 429 if done.wait_s else 422
        return _page(
            request,
            following=following,
            account=account,
            refusal=done.refusal,
            wait_s=done.wait_s,
            status=status,
        )
    answer = RedirectResponse("/me" if done.must_change or done.must_enrol else following, status_code=303)
    keep_session(request, answer, done.token)
    keep_device(request, answer, done.device or "")
    return answer


@router.post("/sign-out", dependencies=[need(Permission.IDENTITY_OWN)])
def sign_out(request: Request) -> Response:
    """End this session."""
    actor = actor_of(request)
    with transaction(actor) as session:
        actions.sign_out(session, actor=actor, token=signed_in(request).token, now=datetime.now(UTC))
    answer = RedirectResponse("/sign-in", status_code=303)
    forget_session(request, answer)
    return answer
