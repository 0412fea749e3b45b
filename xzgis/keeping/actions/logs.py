"""The log leaves as a file, and it is recorded that it did."""

from datetime import datetime

from sqlalchemy.orm import Session

from xzgis.audit.events import LogTaken
from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.settings import Settings
from xzgis.keeping.queries.logs import MOST_TAKEN, as_file, log_lines
from xzgis.keeping.terms import LogAsked


def take_log(session: Session, settings: Settings, asked: LogAsked, *, actor: Actor, now: datetime) -> str:
    """The lines asked for as one JSON document a line, the earliest first; at most the latest 100 000.

    Who took what is in the trail.
    """
    found = log_lines(settings, asked, limit=MOST_TAKEN)
    event = LogTaken(
        "log", lines=len(found.lines), level=asked.level, module=asked.module, request=asked.request,
        since=None if asked.since is None else asked.since.isoformat(),
        until=None if asked.until is None else asked.until.isoformat(),
    )  # fmt: skip
    record(session, actor=actor, event=event, now=now)
    return as_file(found)
