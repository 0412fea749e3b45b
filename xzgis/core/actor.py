"""Who is acting."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a machine on whose behalf something is done.

    ``via`` names the door it came through: ``command``, ``page``, ``api``, ``job``.
    """

    name: str
    via: str


SYSTEM = Actor(name="system", via="job")
