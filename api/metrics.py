"""The figures of the installation for Prometheus, and the counting of every request."""

import secrets
import time
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.deps import NOBODY, Need
from xzgis.core.actor import Actor
from xzgis.core.metering import count_request, counted
from xzgis.core.settings import Settings
from xzgis.core.version import program_version
from xzgis.identity.permissions import Permission
from xzgis.keeping.queries.figures import figures
from xzgis.keeping.rules.exposition import exposition

router = APIRouter(tags=["health"])
KIND = "text/plain; version=1.0.0; charset=utf-8"
NUMBER = "X-Request-ID"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
REFUSED, SERVER_FAILED, SLOW_S = 400, 500, 1.0
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Set by whoever hands requests on from elsewhere.
HANDED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")

log = structlog.get_logger()


class NeedOrNear(Need):
    """A permission, unless a program on this machine asks an installation that serves this machine alone."""

    def __call__(self, request: Request) -> Actor:
        """Nobody in particular for a program here, else whoever holds the permission; see :class:`Need`."""
        if is_near(request, request.app.state.settings):
            return NOBODY
        return super().__call__(request)


def is_near(request: Request, settings: Settings) -> bool:
    """Whether the request began on this machine.

    Behind a proxy everybody would: an installation that has names or an address of its own, or a request that was
    handed on, asks for a token.
    """
    if settings.host_names or settings.public_url or any(name in request.headers for name in HANDED_ON):
        return False
    asked = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return _is_loopback(request.client.host if request.client else "") and (
        asked == "localhost" or _is_loopback(asked)
    )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(
    request: Request, _actor: Annotated[Actor, Depends(NeedOrNear(Permission.METRICS_READ))]
) -> PlainTextResponse:
    """Requests, checks and jobs counted by every process, and the state of database, queue, trail, backup and disk."""
    told = exposition(counted(), figures(request.app.state.settings), version=program_version())
    return PlainTextResponse(told, media_type=KIND)


class Counting:
    """Gives each request a number, and counts it by the template of its route, never by the address typed.

    The number stands in the answer (``X-Request-ID``) and in every line of the log that the request caused.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and count it when its answer has left."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status, kept_open, number = time.monotonic(), 500, False, secrets.token_hex(8)
        # Not taken off again: a request is a task with a context of its own, and what fails is logged after us.
        structlog.contextvars.bind_contextvars(request=number)

        async def sending(message: Message) -> None:
            nonlocal status, kept_open
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[NUMBER] = number
                kept_open = headers.get("content-type", "").startswith("text/event-stream")
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            took_s = None if kept_open else time.monotonic() - began
            count_request(method, route_of(scope), status, took_s)
            _note(method, route_of(scope), status, took_s)


def _note(method: str, route: str, status: int, took_s: float | None) -> None:
    """One line for a request that changed something, was refused, failed or was slow; others are only counted."""
    if status >= SERVER_FAILED:
        log.warning("request", method=method, route=route, status=status, ms=round(1000 * (took_s or 0)))
    elif method not in READS or status >= REFUSED or (took_s or 0) >= SLOW_S:
        log.info("request", method=method, route=route, status=status, ms=round(1000 * (took_s or 0)))


def route_of(scope: Scope) -> str:
    """The template that answered; one word for everything that no route knows."""
    route = scope.get("route")
    path = getattr(route, "path_format", None)
    if isinstance(path, str):
        return path
    return "static files" if str(scope.get("path", "")).startswith("/static/") else "none"
