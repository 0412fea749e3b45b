"""Signing in by another house: there and back again (OpenID Connect)."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from web.asking import door_of, inside, need
from web.pages.signing import let_in
from xzgis.core.actor import SYSTEM
from xzgis.core.db import transaction
from xzgis.core.errors import Refusal
from xzgis.core.settings import settings
from xzgis.identity.actions import provider
from xzgis.identity.actions.asking import DEVICE_COOKIE
from xzgis.identity.actions.federation import sign_in_by_provider
from xzgis.identity.permissions import PUBLIC
from xzgis.identity.rules.federation import rules_of
from xzgis.identity.terms import Browser, SignedIn

router = APIRouter()

AT_THE_DOOR = [need(PUBLIC)]
KEPT_COOKIE = "xz_provider"
BACK = "/sign-in/provider/back"


def _back_to_the_door(request: Request, refusal: Refusal, following: str = "/") -> Response:
    answer = let_in(request, SignedIn(token=None, refusal=refusal.words), following=following)
    answer.delete_cookie(KEPT_COOKIE, path=BACK)
    return answer


@router.get("/sign-in/provider", dependencies=AT_THE_DOOR)
def leave(
    request: Request, following: Annotated[str, Query(alias="next", max_length=2000)] = "/"
) -> Response:
    """On to the provider; the browser keeps, sealed, what its answer is held against."""
    door, onward = door_of(request), inside(following)
    if not door.lets_sign_in:
        return let_in(request, None, following=onward)
    back = f"{request.url.scheme}://{request.url.netloc}{BACK}"
    try:
        address, kept = provider.begin(settings(), back=back, following=onward)
    except Refusal as refusal:
        return _back_to_the_door(request, refusal, onward)
    answer = RedirectResponse(address, status_code=303)
    # Lax: the provider sends the browser back from its own site.
    answer.set_cookie(
        KEPT_COOKIE, kept, max_age=provider.ANSWERED_WITHIN_S, httponly=True, secure=door.is_secure, samesite="lax",
        path=BACK,
    )  # fmt: skip
    return answer


@router.get("/sign-in/provider/back", dependencies=AT_THE_DOOR)
def come_back(
    request: Request,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Let in whom the provider vouches for and the rules give a post, or say why not."""
    door, chosen = door_of(request), settings()
    if not door.lets_sign_in:
        return let_in(request, None, following="/")
    try:
        rules = rules_of(chosen.oidc_posts)
        claims, following = provider.finish(
            chosen, kept=request.cookies.get(KEPT_COOKIE, ""), state=state, code=code
        )
        browser = Browser(request.cookies.get(DEVICE_COOKIE), request.headers.get("user-agent", ""))
        with transaction(SYSTEM) as session:
            done = sign_in_by_provider(
                session,
                claims=claims,
                rules=rules,
                address=door.address,
                browser=browser,
                now=datetime.now(UTC),
            )
    except Refusal as refusal:
        return _back_to_the_door(request, refusal)
    answer = let_in(request, done, following=inside(following))
    answer.delete_cookie(KEPT_COOKIE, path=BACK)
    return answer
