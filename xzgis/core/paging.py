"""The one way to page: by key, never by offset, so that a page stays right while records come and go."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words

MOST = 200
Item = TypeVar("Item")
Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, and where the next page begins; ``after`` None means that there is no more."""

    items: tuple[Item, ...]
    after: str | None


def page_of(rows: Sequence[Item], *, limit: int, key: Callable[[Item], Key]) -> Page[Item]:
    """A page of at most ``limit`` items out of ``limit + 1`` rows read in the order of ``key``."""
    items = tuple(rows[:limit])
    return Page(items, written(key(items[-1])) if len(rows) > limit else None)


def written(key: Key) -> str:
    """The key as the opaque word that stands in an address."""
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode().rstrip("=")


def read(after: str | None, *, kinds: tuple[type, ...]) -> Key | None:
    """The key out of the word of an address, its parts of the types ``kinds``; None for the first page.

    Raises
    ------
    Invalid
        The word was not made by :func:`written`.
    """
    if after is None:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (binascii.Error, ValueError):
        parts = None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        fault = Fault(
            ("query", "after"), Words("翻页标记无效，请从第一页重新开始。", "Not a page mark: begin again.")
        )
        raise Invalid(Words("翻页标记无效。", "The page mark is not valid."), faults=(fault,))
    return tuple(parts)
