"""What can have happened to saved works, past tense."""

from dataclasses import dataclass
from typing import Any, ClassVar

from xzgis.audit.record import Event


@dataclass(frozen=True)
class WorkSaved(Event):
    """A planned work was saved; ``document`` is what was saved."""

    name: ClassVar[str] = "works.work.saved"
    about: ClassVar[str] = "works.work"
    document: dict[str, Any]


@dataclass(frozen=True)
class WorkChanged(Event):
    """A saved work was replaced; both documents are kept in the trail."""

    name: ClassVar[str] = "works.work.changed"
    about: ClassVar[str] = "works.work"
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class FindingContested(Event):
    """A finding of a saved work was contested; ``before`` is the reason that stood there, if any."""

    name: ClassVar[str] = "works.finding.contested"
    about: ClassVar[str] = "works.work"
    finding_id: str
    facts: str
    reason: str
    before: str | None


@dataclass(frozen=True)
class ContestWithdrawn(Event):
    """The contest of a finding was withdrawn; its reason stays in the trail."""

    name: ClassVar[str] = "works.contest.withdrawn"
    about: ClassVar[str] = "works.work"
    finding_id: str
    reason: str


@dataclass(frozen=True)
class WorkRemoved(Event):
    """A saved work was removed; its last document stays in the trail."""

    name: ClassVar[str] = "works.work.removed"
    about: ClassVar[str] = "works.work"
    document: dict[str, Any]
