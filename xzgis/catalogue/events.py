"""What can have happened to the definitions, past tense."""

from dataclasses import dataclass
from typing import ClassVar

from xzgis.audit.record import Event


@dataclass(frozen=True)
class KindsSynchronised(Event):
    """The kinds of the database were brought in step with ``layers/kinds``; ``object_id`` is the version read."""

    name: ClassVar[str] = "catalogue.kinds.synchronised"
    about: ClassVar[str] = "catalogue.version"
    added: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class _RowChange(Event):
    """A change of a row of the tables: ``object_id`` is the change, ``before`` and ``after`` are the cells of the row."""

    about: ClassVar[str] = "catalogue.change"
    table: str
    row: str
    before: dict[str, str]
    after: dict[str, str]
    bearing: str


@dataclass(frozen=True)
class RuleChangeProposed(_RowChange):
    """Somebody proposed to change a row of the tables."""

    name: ClassVar[str] = "catalogue.change.proposed"
    reason: str
    source: str
    wanted_from: str | None


@dataclass(frozen=True)
class RuleChangeDecided(_RowChange):
    """A second person approved or refused it; approved, it is in force from ``in_force_from`` on."""

    name: ClassVar[str] = "catalogue.change.decided"
    proposed_by: str
    approved: bool
    reason: str
    in_force_from: str | None


@dataclass(frozen=True)
class RuleChangeWithdrawn(Event):
    """It was withdrawn before it was decided, or before its time came."""

    name: ClassVar[str] = "catalogue.change.withdrawn"
    about: ClassVar[str] = "catalogue.change"
    table: str
    row: str
    proposed_by: str
    reason: str
