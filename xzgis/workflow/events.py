"""What can have happened to process definitions, past tense."""

from dataclasses import dataclass
from typing import ClassVar

from xzgis.audit.record import Event


@dataclass(frozen=True)
class _Version(Event):
    """Something happened to a version: ``object_id`` is the version, ``digest`` the SHA-256 of its file."""

    about: ClassVar[str] = "workflow.version"
    process: str
    zh: str
    en: str
    digest: str


@dataclass(frozen=True)
class VersionShipped(_Version):
    """The first version of a process came with the product and is in force."""

    name: ClassVar[str] = "workflow.version.shipped"


@dataclass(frozen=True)
class VersionProposed(_Version):
    """Somebody proposed a version; ``differences`` say in Chinese what it changes in the one in force."""

    name: ClassVar[str] = "workflow.version.proposed"
    reason: str
    source: str
    wanted_from: str | None
    differences: tuple[str, ...]


@dataclass(frozen=True)
class VersionDecided(_Version):
    """A second person approved or refused it; approved, it is version ``number``, in force from ``in_force_from`` on."""

    name: ClassVar[str] = "workflow.version.decided"
    proposed_by: str
    approved: bool
    number: int | None
    reason: str
    in_force_from: str | None


@dataclass(frozen=True)
class VersionWithdrawn(_Version):
    """It was withdrawn before it was decided, or before its time came."""

    name: ClassVar[str] = "workflow.version.withdrawn"
    proposed_by: str
    reason: str
