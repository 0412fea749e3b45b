"""Before any route: whose host name, which site asks, how large the body; after it: security headers.

Pure ASGI, because neither uvicorn nor FastAPI limits a body, and FastAPI reads it before it asks who sent it.
"""

from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import anyio
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.deps import SAFE_METHODS, asker_of, language
from api.errors import problem
from xzgis.core.words import Words

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OWN_PATHS = ("/api/", "/health/", "/metrics")
JSON_LIMIT_BYTES = 1_000_000
UPLOAD_TYPE = "multipart/form-data"
# Only these take files; the pages among them read a body after they have found who asks.
API_UPLOADS = frozenset({"/api/networks/batches"})
PAGE_UPLOADS = ("/intake", "/works/upload", "/data/coverage")

FOREIGN_HOST = Words(
    "请求的主机名不属于本站；请用启动时显示的地址打开。",
    "The host name asked for is not this site's; open the address shown at the start.",
)
FOREIGN_SITE = Words("请求来自其他站点，已拒绝。", "The request came from another site and was refused.")


class Guard:
    """Refuses foreign hosts, foreign sites and oversized bodies; adds the security headers.

    ``hosts`` are further host names this installation answers to, beside addresses and ``localhost``.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], upload_limit_bytes: int) -> None:
        self.app = app
        self.hosts = hosts
        self.upload_limit_bytes = upload_limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = await self._limit(Request(scope), headers)
        refusal = self._refused(Request(scope), headers, limit)
        guarded = _with_headers(scope["path"], send)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        await self.app(scope, _counting(receive, limit), guarded)

    async def _limit(self, request: Request, headers: Headers) -> int:
        """The most bytes of the body: a stranger's are few, whatever he calls them."""
        if not headers.get("content-type", "").startswith(UPLOAD_TYPE):
            return JSON_LIMIT_BYTES
        path = request.url.path
        if path in API_UPLOADS:
            known = await anyio.to_thread.run_sync(_is_known, request)
            return self.upload_limit_bytes if known else JSON_LIMIT_BYTES
        return self.upload_limit_bytes if path.startswith(PAGE_UPLOADS) else JSON_LIMIT_BYTES

    def _refused(self, request: Request, headers: Headers, limit: int) -> Response | None:
        if not self._own_host(headers.get("host", "")):
            return _answer(request, 403, "foreign-host", FOREIGN_HOST)
        if request.method not in SAFE_METHODS and not comes_from_us(headers):
            return _answer(request, 403, "foreign-site", FOREIGN_SITE)
        length = headers.get("content-length", "0")
        if not length.isdigit():
            return _answer(
                request, 400, "http-400", Words("Content-Length 无效。", "Content-Length is wrong.")
            )
        if int(length) > limit:
            return _too_large(request, limit)
        return None

    def _own_host(self, host: str) -> bool:
        """Whether a browser may have meant us: a rebound name of a stranger reaches this port as well."""
        name = urlsplit(f"//{host}").hostname or ""
        if name in self.hosts or name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True


def _is_known(request: Request) -> bool:
    """Whether somebody signed in asks; nobody is while the database does not answer."""
    try:
        return asker_of(request, datetime.now(UTC)) is not None
    except SQLAlchemyError:
        return False


def _counting(receive: Receive, limit: int) -> Receive:
    """``receive`` that stops a body without a length once it passes ``limit`` bytes."""
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            # An HTTPException, since the readers of bodies turn every other error into "cannot parse".
            raise HTTPException(413)
        return message

    return counting


def comes_from_us(headers: Headers) -> bool:
    """Whether an unsafe request was sent by our own page, or by a program that is no browser."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _with_headers(path: str, send: Send) -> Send:
    """``send`` with the headers of the API; the pages have a content policy of their own."""
    if not path.startswith(OWN_PATHS):
        return send

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending


def _answer(request: Request, status: int, kind: str, words: Words) -> Response:
    spoken = language(request)
    return problem(status, kind=kind, title=words.spoken(spoken), detail=words.spoken(spoken))


def _too_large(request: Request, limit: int) -> Response:
    size_mb = f"{limit / 1_000_000:g}"
    return _answer(
        request,
        413,
        "too-large",
        Words(f"内容超过 {size_mb} MB 的上限。", f"The body is larger than the limit of {size_mb} MB."),
    )
