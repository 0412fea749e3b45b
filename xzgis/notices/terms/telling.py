"""What is told, to whom, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from xzgis.core.errors import Invalid
from xzgis.core.words import Language, Words
from xzgis.identity.permissions import Permission
from xzgis.notices.terms.sorts import Kind, Sort, sort_called

#: A fact that fills a sentence: the same in every language, or a word in both.
Fact = str | dict[str, str]
Facts = Mapping[str, Fact]
What = Literal["todo", "notice", "done"]
WHATS: Final[tuple[What, ...]] = ("todo", "notice", "done")


@dataclass(frozen=True, slots=True)
class Addressee:
    """For whom it is: one person, or whoever holds a permission (to-dos alone)."""

    person_id: int | None = None
    permission: Permission | None = None

    @property
    def bell(self) -> str:
        """The address its pages listen to."""
        return f"person:{self.person_id}" if self.permission is None else f"permission:{self.permission}"


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be told.

    ``about`` and ``object_id`` name its cause; ``key`` makes it the same as another one to the same addressee,
    empty: the cause does.
    """

    kind: Kind
    about: str
    object_id: str
    facts: Facts = field(default_factory=dict)
    key: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A to-do or notice as it is read; ``is_mine``: to one person, else to whoever holds ``permission``."""

    id: int
    kind: str
    about: str
    object_id: str
    facts: Mapping[str, Any]
    permission: str | None
    told_at: datetime
    due_at: datetime | None
    read_at: datetime | None
    done_at: datetime | None
    done_by: str | None

    @property
    def sort(self) -> Sort:
        """What all of its kind have in common; of a kind from a newer version only that there is one."""
        return sort_called(self.kind)

    @property
    def path(self) -> str | None:
        """The page on which it is seen to."""
        return None if self.sort.path is None else self.sort.path.format(id=self.object_id)

    def is_overdue(self, now: datetime) -> bool:
        """Whether it still waits past its time."""
        return self.done_at is None and self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True)
class Counts:
    """What counts for somebody: to-dos that wait, of those overdue, notices not read; the number of the latest."""

    todos: int
    overdue: int
    unread: int
    latest: int


def word(fact: Fact, language: Language) -> str:
    """A fact in one language."""
    return fact if isinstance(fact, str) else fact.get(language, fact.get("zh", ""))


def what_of(given: str) -> What:
    """Which list is asked for.

    Raises
    ------
    Invalid
        There is no such list.
    """
    for what in WHATS:
        if what == given:
            return what
    named = "、".join(WHATS)
    raise Invalid(
        Words(
            f"没有“{given[:40]}”这一类；可用：{named}。",
            f"There is no list {given[:40]!r}; ask for {', '.join(WHATS)}.",
        )
    )
