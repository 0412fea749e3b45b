"""The cookies of signing in: session and device."""

from fastapi import Request, Response

from web.asking import door_of
from xzgis.identity.actions.asking import DEVICE_COOKIE

YEAR_S = 365 * 24 * 3600


def keep_session(request: Request, answer: Response, token: str) -> None:
    """Let the browser go on with ``token`` until it is closed; no script reads it."""
    door = door_of(request)
    answer.set_cookie(door.cookie, token, httponly=True, secure=door.is_secure, samesite="lax", path="/")


def forget_session(request: Request, answer: Response) -> None:
    """Take the session's cookie away."""
    door = door_of(request)
    answer.delete_cookie(door.cookie, httponly=True, secure=door.is_secure, samesite="lax", path="/")


def keep_device(request: Request, answer: Response, device: str) -> None:
    """Remember for a year that this browser signed in: guesses made elsewhere do not slow it down."""
    secure = door_of(request).is_secure
    answer.set_cookie(
        DEVICE_COOKIE, device, max_age=YEAR_S, httponly=True, secure=secure, samesite="lax", path="/sign-in"
    )
