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
    ``pool``: connections of the asking process in use, idle, and at most.
    """

    at: datetime
    database: DatabaseFigures | None
    jobs: JobFigures | None
    batches: Mapping[str, int] = field(default_factory=dict)
    seal_s: float | None = None
    backup_s: float | None = None
    disks: Mapping[str, Room] = field(default_factory=dict)
    pool: tuple[int, int, int] | None = None


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
