"""Password hashes: argon2id with 19 MiB and two passes (OWASP's least; 25 ms here, no lever for overload)."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from xzgis.core.errors import Unavailable
from xzgis.core.words import Words
from xzgis.identity.rules.passwords import LONGEST, normalised

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
PATIENCE_S = 2.0
# At most as many at once as cores: more would only make each slower, and the memory is counted in tens of MiB.
_ROOM = BoundedSemaphore(os.cpu_count() or 1)


def hashed(password: str) -> str:
    """The hash that is kept."""
    with _room():
        return HASHER.hash(normalised(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one ``kept`` was made of.

    None, for an account that is not there or has no password, takes as long and never matches.
    """
    given = normalised(password[: LONGEST * 4])
    with _room():
        right = _verified(kept if kept is not None else _dummy(), given)
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def _verified(kept: str, given: str) -> bool:
    try:
        return HASHER.verify(kept, given.encode("utf-8", "surrogatepass"))
    except (Argon2Error, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _dummy() -> str:
    return HASHER.hash(secrets.token_hex(32))


@contextmanager
def _room() -> Iterator[None]:
    if not _ROOM.acquire(timeout=PATIENCE_S):
        raise Unavailable(
            Words("登录的人太多，请稍后再试。", "Too many people are signing in; try again in a moment.")
        )
    try:
        yield
    finally:
        _ROOM.release()
