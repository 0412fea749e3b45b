"""Shapes of the installation's own state."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from xzgis.keeping.queries.logs import as_document
from xzgis.keeping.terms import LogFound


class LogLineOut(BaseModel):
    """One line of the log; ``facts`` is what it tells besides."""

    at: datetime
    level: str
    module: str
    process: str
    event: str
    request: str
    facts: dict[str, Any]


class LogOut(BaseModel):
    """Lines, the latest first. ``more``: ask again until the last one's time; ``stopped``: the search ended before the
    beginning of the log.
    """

    lines: list[LogLineOut]
    more: bool
    stopped: bool

    @classmethod
    def of(cls, found: LogFound) -> "LogOut":
        """The lines as they are answered."""
        lines = [LogLineOut.model_validate(as_document(one)) for one in found.lines]
        return cls(lines=lines, more=found.more, stopped=found.stopped)


class CopyOut(BaseModel):
    """A whole backup."""

    name: str
    ended_at: datetime
    size_bytes: int
    program: str


class WalOut(BaseModel):
    """The copied log of changes; ``missing``: files that lack in between."""

    files: int
    size_bytes: int
    first: str
    last: str
    last_at: datetime
    missing: int


class DrillOut(BaseModel):
    """The last drill: rows of the trail acknowledged when it began, how many were not restored, seconds it took."""

    at: datetime
    by: str
    copy_name: str = Field(validation_alias="copy")
    acknowledged: int
    lost: int
    restore_s: float
    archived: bool


class BackupsOut(BaseModel):
    """What could be restored. ``own``: false for a server of XZGIS_DATABASE_URL, whose administrator keeps it."""

    own: bool
    copies: list[CopyOut]
    wal: WalOut | None
    window: tuple[datetime, datetime] | None
    drill: DrillOut | None


class AskedOut(BaseModel):
    """The job that does it."""

    job: int
