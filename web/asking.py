"""Who asks for a page: every route names one permission; unsigned people are led to the sign-in page."""

from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

import anyio
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from xzgis.core.actor import Actor
from xzgis.core.errors import NotAllowed
from xzgis.core.words import Words, preferred_language
from xzgis.identity.actions.asking import Door, asker_of_session, may_change
from xzgis.identity.permissions import Permission
from xzgis.identity.terms import Asker

SIGN_IN = "/sign-in"
OWN_PAGE = "/me"
LONGEST_ADDRESS = 8000  # of a page that keeps a drawn work in it
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# As much as the largest form of any page: a form is parsed once, by whoever asks for it first.
MOST_FIELDS, MOST_FILES = 40_000, 200
NOT_OUR_PAGE = Words(
    "页面已过期或请求不是由本站页面发出，未执行；请刷新页面后重试。",
    "The page is out of date or the request was not sent by a page of ours; nothing was done. Reload it and try again.",
)
NOT_FOR_TOKENS = Words(
    "访问令牌只用于接口，不能打开页面。请改用 /api/ 下的地址，例如 GET /api/works/工程编号；全部地址见 /api/openapi.json。",
    "An access token opens the API, not a page. Ask an address under /api/ instead, for instance GET /api/works/{id}; "
    "/api/openapi.json lists them all.",
)
TOKEN_TITLE = Words("页面不收访问令牌", "No page takes an access token")


class Elsewhere(Exception):
    """The browser is to go on at another address, whatever it asked for."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class TokenSent(Exception):
    """A program sent an access token to a page; whether it is a good one is not even looked at."""


class Need:
    """What a page asks for: a signed-in person with one permission; :data:`PUBLIC` asks for nobody.

    ``permission`` is read by the matrix of routes and roles (tests/api/test_matrix.py).
    """

    def __init__(self, permission: Permission | Literal["public"]) -> None:
        self.permission = permission

    async def __call__(self, request: Request) -> None:
        """Let the request pass, with its asker in ``request.state``.

        Raises
        ------
        Elsewhere
            Nobody is signed in, or the own password or second factor comes first.
        NotAllowed
            The sentence names the permission; or no page of the session sent the change.
        TokenSent
            An access token came with it, which opens the API alone.
        """
        if isinstance(self.permission, Permission) and carries_token(request):
            raise TokenSent
        asker = await anyio.to_thread.run_sync(_found, request)
        request.state.asker = asker
        if not isinstance(self.permission, Permission):
            return
        if asker is None:
            raise Elsewhere(f"{SIGN_IN}?{urlencode({'next': _asked_for(request)})}")
        if asker.is_held_up and self.permission is not Permission.IDENTITY_OWN:
            raise Elsewhere(OWN_PAGE)
        asker.actor.require(self.permission)
        if request.method not in SAFE_METHODS and not may_change(asker, await _mark(request)):
            raise NotAllowed(NOT_OUR_PAGE)


def need(permission: Permission | Literal["public"]) -> Any:
    """What a page says of who may ask: ``@router.get("/map", dependencies=[need(Permission.MAP_READ)])``."""
    return Depends(Need(permission))


def carries_token(request: Request) -> bool:
    """Whether an access token came with the request, good or not: it was sent by a program."""
    return request.headers.get("authorization", "").partition(" ")[0].lower() == "bearer"


def door_of(request: Request) -> Door:
    """How the request came in."""
    address = request.client.host if request.client else None
    return Door(scheme=request.url.scheme, host=request.url.hostname or "", address=address)


def _found(request: Request) -> Asker | None:
    door = door_of(request)
    return asker_of_session(
        request.cookies.get(door.cookie, ""), door=door, via="page", now=datetime.now(UTC)
    )


async def _mark(request: Request) -> str:
    """The mark of the session that came with a change: htmx sends a header, a plain form a hidden field."""
    header = request.headers.get(CSRF_HEADER)
    if header is not None or not request.headers.get("content-type", "").startswith(FORMS):
        return header or ""
    form = await request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES)
    return str(form.get(CSRF_FIELD, ""))


def asker_of(request: Request) -> Asker | None:
    """Who asks; None for nobody, and where a route asks for nobody."""
    found: Asker | None = getattr(request.state, "asker", None)
    return found


def signed_in(request: Request) -> Asker:
    """Who asks, on a page that asks for somebody."""
    found = asker_of(request)
    if found is None:
        raise Elsewhere(SIGN_IN)
    return found


def actor_of(request: Request) -> Actor:
    """On whose behalf a page works."""
    return signed_in(request).actor


def inside(address: str) -> str:
    """``address`` when it is a path of this site, else the start page."""
    parts = urlsplit(address)
    foreign = parts.scheme or parts.netloc or not address.startswith("/") or address.startswith("//")
    # Browsers take a backslash for a slash, and leave control signs out.
    strange = "\\" in address or any(ord(sign) < 33 for sign in address)
    return "/" if foreign or strange else address[:LONGEST_ADDRESS]


def _asked_for(request: Request) -> str:
    """Where to go on after signing in: the page asked for, or the one from which a change was sent."""
    if request.method in ("GET", "HEAD") and "hx-request" not in request.headers:
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    page = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
    return inside(page.path + (f"?{page.query}" if page.query else ""))


def lead_elsewhere(app: FastAPI) -> None:
    """Answer :class:`Elsewhere` with a redirect that htmx follows with the whole page, a program with a document."""
    app.add_exception_handler(Elsewhere, _led)
    app.add_exception_handler(TokenSent, _told)


async def _led(request: Request, error: Exception) -> Response:
    address = error.address if isinstance(error, Elsewhere) else SIGN_IN
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


async def _told(request: Request, _error: Exception) -> Response:
    """The document of RFC 9457 in the shape of the API's own: a program can do nothing with a sign-in page."""
    spoken = preferred_language(request.headers.get("accept-language", ""))
    body = {
        "type": "urn:xzgis:problem:page-for-browsers",
        "title": TOKEN_TITLE.spoken(spoken),
        "status": 401,
        "detail": NOT_FOR_TOKENS.spoken(spoken),
        "errors": [],
    }
    headers = {"WWW-Authenticate": "Bearer"}
    return JSONResponse(body, 401, headers=headers, media_type="application/problem+json")
