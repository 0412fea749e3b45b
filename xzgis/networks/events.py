"""What can have happened to the register, past tense."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from xzgis.audit.record import Event


@dataclass(frozen=True)
class RecordReplaced(Event):
    """A run or node got a new version; ``changes`` holds column → [before, after]."""

    name: ClassVar[str] = "networks.record.replaced"
    about: ClassVar[str] = "networks.record"
    record_kind: str
    reason: str
    changes: dict[str, Any]


@dataclass(frozen=True)
class RecordRemoved(Event):
    """A run or node was taken out of the register; its history stays."""

    name: ClassVar[str] = "networks.record.removed"
    about: ClassVar[str] = "networks.record"
    record_kind: str
    reason: str


@dataclass(frozen=True)
class BatchUndone(Event):
    """Everything a batch brought was taken out again, and what it had replaced came back."""

    name: ClassVar[str] = "networks.batch.undone"
    about: ClassVar[str] = "networks.batch"
    runs_removed: int
    nodes_removed: int
    runs_revived: int
    nodes_revived: int
    coverage_removed: int
    roads_removed: int


@dataclass(frozen=True)
class CoverageSet(Event):
    """A survey coverage was drawn, or changed."""

    name: ClassVar[str] = "networks.coverage.set"
    about: ClassVar[str] = "networks.coverage"
    kind: str
    area_m2: float
    method: str | None
    batch_id: int | None


@dataclass(frozen=True)
class CoverageMade(Event):
    """An accepted batch made the survey coverage of one kind, in so many areas."""

    name: ClassVar[str] = "networks.coverage.made"
    about: ClassVar[str] = "networks.batch"
    kind: str
    areas: int
    area_m2: float
    reach_m: float


@dataclass(frozen=True)
class CoverageRemoved(Event):
    """A survey coverage was withdrawn: nobody looked there after all."""

    name: ClassVar[str] = "networks.coverage.removed"
    about: ClassVar[str] = "networks.coverage"
    kind: str
    reason: str


@dataclass(frozen=True)
class GroundUnknown(Event):
    """The ground of so many rows that an accepted batch left out counts as looked at by no older coverage."""

    name: ClassVar[str] = "networks.ground.unknown"
    about: ClassVar[str] = "networks.batch"
    rows: int
    kinds: list[str]
    of_any_kind: int


@dataclass(frozen=True)
class GroundKnown(Event):
    """An accepted batch brought so many rows that other batches had left out; older coverage counts there again."""

    name: ClassVar[str] = "networks.ground.known"
    about: ClassVar[str] = "networks.batch"
    rows: int


@dataclass(frozen=True)
class BatchReceived(Event):
    """A delivery came in."""

    name: ClassVar[str] = "networks.batch.received"
    about: ClassVar[str] = "networks.batch"
    files: list[str]
    content_digest: str


@dataclass(frozen=True)
class BatchRead(Event):
    """A delivery was read, understood, placed and checked."""

    name: ClassVar[str] = "networks.batch.read"
    about: ClassVar[str] = "networks.batch"
    points: int
    lines: int
    findings: dict[str, int]
    crs: str | None = None
    """The system its figures are taken in; ``asked`` tells what a person decided of it."""
    asked: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchAccepted(Event):
    """A delivery went into the register."""

    name: ClassVar[str] = "networks.batch.accepted"
    about: ClassVar[str] = "networks.batch"
    nodes: int
    runs: int
    points_left_out: int
    lines_left_out: int
    same: str = "replace"
    """What became of lines that the register held: a new version of each, or ``keep``."""
    replaced: dict[str, int] = field(default_factory=dict)
    kept_from: dict[str, int] = field(default_factory=dict)
    """How many lines stayed as which batch has them, and ``points_kept_from`` how many points."""
    points_kept_from: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchCancelled(Event):
    """A delivery was given up before it went into the register."""

    name: ClassVar[str] = "networks.batch.cancelled"
    about: ClassVar[str] = "networks.batch"
    reason: str


@dataclass(frozen=True)
class RecordsGraded(Event):
    """Records got a grade of secrecy, 0 for none; ``object_id`` is the batch, the owner or the first of them."""

    name: ClassVar[str] = "networks.record.graded"
    about: ClassVar[str] = "networks.record"
    grade: int
    records: int
    reason: str
