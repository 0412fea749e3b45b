"""Codes of the second factor: six figures of 30 seconds, RFC 6238, each used once."""

import base64
import hmac
from datetime import datetime

import pyotp

STEP_S = 30
#: A clock may be wrong by one step either way (RFC 6238 clause 5.2).
DRIFT_STEPS = 1
SECRET_BYTES = 20


def secret_text(secret: bytes) -> str:
    """The secret as authenticator apps are told it (base32)."""
    return base64.b32encode(secret).decode("ascii").rstrip("=")


def address_of(secret: bytes, *, account: str, issuer: str) -> str:
    """The ``otpauth:`` address that stands in the square code."""
    return pyotp.TOTP(secret_text(secret), interval=STEP_S).provisioning_uri(name=account, issuer_name=issuer)


def step_of(secret: bytes, code: str, *, last_step: int, now: datetime) -> int | None:
    """The step ``code`` belongs to; None when it is wrong, too old, or used already (``last_step`` and before)."""
    typed = "".join(code.split())
    if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        return None
    totp = pyotp.TOTP(secret_text(secret), interval=STEP_S)
    current = int(now.timestamp()) // STEP_S
    found = None
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.at(step * STEP_S), typed) and step > last_step:
            found = step
    return found
