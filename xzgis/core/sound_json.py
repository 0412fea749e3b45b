"""JSON in which no member of an object comes twice: of two, every reader takes another."""

import json
from typing import Any


class MemberTwice(ValueError):
    """A member ``name`` stands twice in one object."""

    def __init__(self, name: str) -> None:
        super().__init__(f"member {name!r} comes twice in one object")
        self.name = name


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of ``pairs``, for ``object_pairs_hook``; refused with :class:`MemberTwice`."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise MemberTwice(next(name for name in names if names.count(name) > 1))
    return found


def loads(text: str | bytes) -> Any:
    """What ``text`` says; :class:`ValueError` where it is no JSON, or an object tells a member twice."""
    return json.loads(text, object_pairs_hook=once)
