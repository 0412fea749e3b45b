"""The five families of refusal. Each carries a sentence for the person who asked."""

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
