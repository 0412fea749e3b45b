"""Secrets that are shown once: made elsewhere, kept as digests, compared without telling by time."""

import hashlib
import hmac

TOKEN_BYTES = 32
TOKEN_MARK = "xzt_"  # noqa: S105 - the mark by which a leaked token is recognised, not a secret


def digest_of(secret: str) -> bytes:
    """What is kept of a secret of 256 random bits, ``(32,)`` bytes; no salt, as nobody can guess it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def csrf_token(session_token: str) -> str:
    """What a page of the session sends back with every change; says nothing of the session's token."""
    return hmac.new(session_token.encode("utf-8", "surrogatepass"), b"csrf", hashlib.sha256).hexdigest()


def csrf_matches(session_token: str, given: str) -> bool:
    """Whether a page of this session sent ``given``."""
    return hmac.compare_digest(csrf_token(session_token).encode(), given.encode("utf-8", "surrogatepass"))
