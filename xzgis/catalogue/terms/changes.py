"""A city's own changes of the tables: what is changed, how it bears on a check, how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from xzgis.core.words import Words

LONGEST_REASON = 500
LONGEST_CELL = 500
ENABLED = "enabled"


class ChangeState(StrEnum):
    """How a change stands. Approved, it is scheduled until its time and in force from then on."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Bearing(StrEnum):
    """How a row bears on a check beside the shipped one; what cannot be compared is never stricter."""

    WORDS = "words"
    STRICTER = "stricter"
    UNCLEAR = "unclear"
    LOOSER = "looser"

    @property
    def words(self) -> Words:
        """What people read."""
        return _BEARINGS[self]


_BEARINGS: Mapping[Bearing, Words] = {
    Bearing.WORDS: Words("仅文字", "words only"),
    Bearing.STRICTER: Words("比出厂值严", "stricter than shipped"),
    Bearing.UNCLEAR: Words("影响不明", "bearing not known"),
    Bearing.LOOSER: Words("比出厂值松", "looser than shipped"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may be changed, and in which way it is stricter.

    ``stricter``: ``more`` the greater number, ``spread`` neither way, and the smaller number is looser, ``yes`` the
    flag set, ``verified`` that confidence, ``level`` the graver severity, ``words`` it bears on no check, ``unclear``
    nobody can say in general.
    """

    name: str
    stricter: str = "unclear"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of ``layers/`` as it is looked at and changed.

    Attributes
    ----------
    token
        Its name in addresses, commands and the database; a code list is ``codes.<list>``.
    part
        Its name in the parts that were read.
    key
        Columns that tell a row from all others; they are never changed.
    columns
        Columns that may be changed; none: the table is only looked at.
    may_add
        Whether a city may add rows of its own.
    """

    token: str
    part: str
    file: str
    model: type[BaseModel]
    words: Words
    key: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    may_add: bool = False
    shown: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of that name, if it may be changed."""
        return next((one for one in self.columns if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Change:
    """An approved change as it is laid over the shipped rows.

    ``row`` is the whole row as it stood when the change was proposed, empty for a new row: should a later delivery of
    the product lack it, the city's row stays.
    """

    number: int
    table: str
    key: str
    row: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
    in_force_from: datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """A row that is not as shipped, by the latest change of it, and how it bears on a check."""

    number: int
    table: str
    key: str
    bearing: Bearing
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes: new cells of one row, why, on what ground, and from when (None: once approved)."""

    table: str
    key: str
    after: Mapping[str, str]
    reason: str
    source: str
    wanted_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is shown: its cells as they stand in the file, and what the city changed of it."""

    key: str
    cells: Mapping[str, str]
    shipped: Mapping[str, str] | None
    applied: Applied | None = None

    @property
    def changed(self) -> tuple[str, ...]:
        """Columns that are not as shipped; all of them for a row that was not shipped."""
        if self.shipped is None:
            return tuple(self.cells)
        return tuple(name for name, text in self.cells.items() if self.shipped.get(name, "") != text)
