"""The figures of an installation, and what is known of its copies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

#: Where the last backup leaves word, inside the var folder.
LAST_BACKUP = "backup.json"


@dataclass(frozen=True, slots=True)
class JobFigures:
    """The queue. ``counts`` by state and queue; ``oldest_s``: seconds since the longest-standing one, by state."""

    counts: Mapping[tuple[str, str], int]
    oldest_s: Mapping[str, float]
    workers: int


@dataclass(frozen=True, slots=True)
class DatabaseFigures:
    """The database. ``connections`` by state, of the whole server; ``archived_s``: since the last file of the log of
    changes was copied, None where none is; ``archive_failures``: copies that did not succeed since the server's start.
    """

    size_bytes: int
    connections: Mapping[str, int]
    connections_most: int
    schema: str | None
    archives: bool
    archived_s: float | None
    archive_failures: int


@dataclass(frozen=True, slots=True)
class Room:
    """Space of the disk that a folder lies on, bytes."""

    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The state of an installation at one moment; what the database tells is None while it does not answer.

    ``seal_s``, ``backup_s``: seconds since the last seal of the trail and the last backup; None before the first.
    ``waiting``: rows of the trail that are not sealed yet.
    ``pool``: connections of the asking process in use, idle, and at most.
    ``failures``: requests that failed by an error of the program within a day.
    """

    at: datetime
    database: DatabaseFigures | None
    jobs: JobFigures | None
    batches: Mapping[str, int] = field(default_factory=dict)
    seal_s: float | None = None
    waiting: int | None = None
    backup_s: float | None = None
    disks: Mapping[str, Room] = field(default_factory=dict)
    pool: tuple[int, int, int] | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class LogAsked:
    """Which lines of the log. ``level``: at least this; ``since``, ``until``: from, and before; ``module``: it and all
    inside it; ``request``: number of a request, or ``job-`` and the number of a job.
    """

    level: str = "info"
    since: datetime | None = None
    until: datetime | None = None
    module: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line: when, how grave, which module of which process, what; ``facts`` is what it tells besides."""

    at: datetime
    level: str
    module: str
    process: str
    event: str
    request: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LogFound:
    """Lines, the latest first. ``more``: there are earlier ones; ``stopped``: so many lines were looked at that the
    search ended before the beginning of the log.
    """

    lines: tuple[LogLine, ...]
    more: bool
    stopped: bool


@dataclass(frozen=True, slots=True)
class CopyFound:
    """A whole backup on the disk; ``wal_from``: file of the log of changes at its beginning, None when not kept."""

    name: str
    ended_at: datetime
    size_bytes: int
    program: str
    wal_from: str | None


@dataclass(frozen=True, slots=True)
class WalFound:
    """The copied log of changes: how many files and bytes, when the last came, and how many are missing in between."""

    files: int
    size_bytes: int
    first: str
    last: str
    last_at: datetime
    missing: int


@dataclass(frozen=True, slots=True)
class DrillFound:
    """What the last drill showed, as the trail tells it."""

    at: datetime
    by: str
    copy: str
    acknowledged: int
    lost: int
    restore_s: float
    archived: bool


@dataclass(frozen=True, slots=True)
class BackupState:
    """What could be restored. ``window``: first and last moment; None when there is no copy.

    ``own``: whether the cluster is ours to copy; else everything is empty.
    """

    own: bool
    folder: str | None
    archive: str | None
    copies: tuple[CopyFound, ...] = ()
    wal: WalFound | None = None
    window: tuple[datetime, datetime] | None = None
    drill: DrillFound | None = None
