"""What can have happened around the trail itself, and the sensitive reads it keeps, past tense.

Names begin with ``audit.``: none of them changes data of the register.
"""

from dataclasses import dataclass
from typing import ClassVar

from xzgis.audit.record import Event


@dataclass(frozen=True)
class PartitionArchived(Event):
    """A month of the trail left the database as a file; ``object_id`` is the partition."""

    name: ClassVar[str] = "audit.partition.archived"
    about: ClassVar[str] = "audit.partition"
    rows: int
    file: str
    file_digest: str


@dataclass(frozen=True)
class EpochBegun(Event):
    """The chain was taken up anew after a restore; ``object_id`` is the number of the epoch."""

    name: ClassVar[str] = "audit.epoch.begun"
    about: ClassVar[str] = "audit.epoch"
    reason: str


@dataclass(frozen=True)
class TrailVerified(Event):
    """Somebody had the trail verified; ``object_id`` is the last position."""

    name: ClassVar[str] = "audit.trail.verified"
    about: ClassVar[str] = "audit.trail"
    sound: bool
    rows: int
    harmed: int


@dataclass(frozen=True)
class CheckMasked(Event):
    """A check found so many things against lines its asker may not see; ``object_id`` is the name of the work."""

    name: ClassVar[str] = "audit.check.masked"
    about: ClassVar[str] = "works.work"
    findings: int


@dataclass(frozen=True)
class BackupMade(Event):
    """The whole installation was copied; ``object_id`` is the name of the copy's folder."""

    name: ClassVar[str] = "audit.backup.made"
    about: ClassVar[str] = "audit.backup"
    size_bytes: int
    files: int


@dataclass(frozen=True)
class BackupRestored(Event):
    """The installation was put back to a copy; ``to`` is the moment asked for, None the latest there is.

    ``lost_seals``: seals that the file outside had at that time and the database restored has not.
    """

    name: ClassVar[str] = "audit.backup.restored"
    about: ClassVar[str] = "audit.backup"
    to: str | None
    lost_seals: int


@dataclass(frozen=True)
class JobRetried(Event):
    """A failed background job was put back into the queue; ``job`` is what it does."""

    name: ClassVar[str] = "audit.job.retried"
    about: ClassVar[str] = "job"
    job: str


@dataclass(frozen=True)
class JobCancelled(Event):
    """A waiting background job was taken out of the queue; ``job`` is what it does."""

    name: ClassVar[str] = "audit.job.cancelled"
    about: ClassVar[str] = "job"
    job: str


@dataclass(frozen=True)
class JobFailed(Event):
    """A background job ended with an error; ``cause`` in both languages, without what the job was about."""

    name: ClassVar[str] = "audit.job.failed"
    about: ClassVar[str] = "job"
    job: str
    attempt: int
    cause: dict[str, str]


@dataclass(frozen=True)
class LogTaken(Event):
    """Lines of the program's own log left as a file; what was asked for, None and empty being whatever."""

    name: ClassVar[str] = "audit.log.taken"
    about: ClassVar[str] = "log"
    lines: int
    level: str
    module: str
    request: str
    since: str | None
    until: str | None


@dataclass(frozen=True)
class BackupAsked(Event):
    """Somebody had a backup or a drill queued; ``object_id`` is the number of the job, ``what`` backup or drill."""

    name: ClassVar[str] = "audit.backup.asked"
    about: ClassVar[str] = "job"
    what: str


@dataclass(frozen=True)
class DrillBegun(Event):
    """A drill begins: this row is the last that it must find again; ``object_id`` is the copy's folder."""

    name: ClassVar[str] = "audit.drill.begun"
    about: ClassVar[str] = "audit.backup"


@dataclass(frozen=True)
class DrillDone(Event):
    """A copy was restored beside the running system; ``object_id`` is its folder.

    ``acknowledged``: rows of the trail that stood when it began, each of a transaction that was acknowledged;
    ``lost``: how many of them were not restored. ``archived``: whether the copied log of changes was gone through.
    """

    name: ClassVar[str] = "audit.drill.done"
    about: ClassVar[str] = "audit.backup"
    acknowledged: int
    lost: int
    restore_s: float
    archived: bool
    size_bytes: int
