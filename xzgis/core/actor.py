"""Who is acting."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from xzgis.core.errors import NotAllowed
from xzgis.core.sight import Sight
from xzgis.core.words import Words


class Right(StrEnum):
    """Root of the permission names: each carries the words that say what it allows."""

    words: Words

    def __new__(cls, name: str, zh: str = "", en: str = "") -> Self:
        """A permission called ``name``."""
        made = str.__new__(cls, name)
        made._value_ = name
        made.words = Words(zh, en)
        return made


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a machine on whose behalf something is done.

    Attributes
    ----------
    name
        Account of a person, or the machine's user at the console.
    via
        The door it came through: ``command``, ``page``, ``api``, ``job``.
    id
        The person; None is the machine itself or its console.
    unit_id
        Unit of the post acted in; None without a post.
    acting_for
        Account of the absent person when acting by delegation.
    address
        Where the request came from; None inside the machine.
    permissions
        Names of what it may do at this moment, as :class:`Right` gives them.
    sight
        What it may see of the register; None, for the system itself and its console, is everything.
    """

    name: str
    via: str
    id: int | None = None
    unit_id: int | None = None
    acting_for: str | None = None
    address: str | None = None
    permissions: frozenset[str] = frozenset()
    sight: Sight | None = None

    def may(self, permission: str) -> bool:
        """Whether this is among the permissions."""
        return permission in self.permissions

    def require(self, permission: Right) -> None:
        """Refuse unless this is among the permissions.

        Raises
        ------
        NotAllowed
            The sentence names what would be needed.
        """
        if permission not in self.permissions:
            raise NotAllowed(
                Words(
                    f"您没有“{permission.words.zh}”的权限；需要时请联系安全管理员。",
                    f"You may not do this ({permission.words.en}); ask the security administrator if you need it.",
                )
            )


SYSTEM = Actor(name="system", via="job")

# What a job is told of whoever asked for it: everything the trail writes, no permission.
TOLD = ("name", "id", "unit_id", "acting_for", "address")


def told(actor: Actor) -> dict[str, Any]:
    """``actor`` as plain JSON for a job that acts later on its behalf.

    Permissions stay behind: the action checked them when it queued the job, and what waits in a queue is no
    place to keep rights.
    """
    values = {field: getattr(actor, field) for field in TOLD}
    return {field: value for field, value in values.items() if value is not None}


def actor_told(given: Mapping[str, Any] | str) -> Actor:
    """Whoever asked for a job, acting through it; the other half of :func:`told`. A bare name comes from an older queue."""
    if isinstance(given, str):
        return Actor(name=given, via="job")
    return Actor(via="job", **{field: given[field] for field in TOLD if field in given})
