"""Shapes of the installation's own state."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

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
