"""What can have happened to files that leave, past tense.

Names begin with ``audit.``: like every read that is kept, none of them changes data of the register.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from xzgis.audit.record import Event


@dataclass(frozen=True)
class FileLeft(Event):
    """An export left; ``object_id`` is its number. ``held_km2``: contiguous ground its person holds with it."""

    name: ClassVar[str] = "audit.export.left"
    about: ClassVar[str] = "exports.export"
    dataset: str
    file_format: str
    subject: str
    grade: str
    reason: str | None
    records: int
    area_m2: float | None
    held_km2: float
    files: dict[str, str]
    asked: dict[str, Any]


@dataclass(frozen=True)
class FileHeldBack(Event):
    """An export was refused for the ground its person would hold; ``object_id`` is the dataset."""

    name: ClassVar[str] = "audit.export.held_back"
    about: ClassVar[str] = "exports.dataset"
    file_format: str
    reason: str
    with_km2: float


@dataclass(frozen=True)
class ExportWithdrawn(Event):
    """An export was withdrawn: whoever has its files is to destroy them."""

    name: ClassVar[str] = "audit.export.withdrawn"
    about: ClassVar[str] = "exports.export"
    person: str
    reason: str


@dataclass(frozen=True)
class GroundAsked(Event):
    """Somebody asked to hold more contiguous ground; ``object_id`` is the request."""

    name: ClassVar[str] = "audit.ground.asked"
    about: ClassVar[str] = "exports.approval"
    km2: float
    reason: str


@dataclass(frozen=True)
class GroundDecided(Event):
    """A second person decided such a request."""

    name: ClassVar[str] = "audit.ground.decided"
    about: ClassVar[str] = "exports.approval"
    person: str
    km2: float
    approved: bool
    reason: str
