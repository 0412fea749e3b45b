"""The five families of refusal. Each carries a sentence for the person who asked."""

import errno
from dataclasses import dataclass

from xzgis.core.words import Words


@dataclass(frozen=True, slots=True)
class Fault:
    """One place in the input that is wrong, and how to mend it.

    ``loc`` names file, sheet, row and field as far as they are known, or the path in a JSON body.
    """

    loc: tuple[str | int, ...]
    words: Words
    remedy: Words | None = None


DISK_IS_FULL = Words(
    "磁盘空间已满，没有写入任何内容；请腾出空间后重试。",
    "The disk is full; nothing was written. Free some space and try again.",
)
DISK_FULL_STATE = "53100"


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, says that there is no space left, here or at the database."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(getattr(error, "orig", error), "sqlstate", None) == DISK_FULL_STATE:
            return True
        error = error.__cause__
    return False


class Refusal(Exception):
    """What was asked cannot be done; the message says why and what would help."""

    def __init__(self, words: Words, *, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(words.zh)
        self.words = words
        self.faults = faults


class Invalid(Refusal):
    """The input is wrong (HTTP 422)."""


class NotFound(Refusal):
    """There is no such thing, or the asker may not know of it (HTTP 404)."""


class NotAllowed(Refusal):
    """The asker may not do this (HTTP 403)."""


class WrongState(Refusal):
    """The thing is in a state in which this cannot be done (HTTP 409)."""


class Unavailable(Refusal):
    """A part of the system is away for the moment; try again (HTTP 503)."""
