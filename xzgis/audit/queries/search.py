"""The trail searched: by person, record, time, event, result and place."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from xzgis.audit.models import TrailEntry
from xzgis.audit.terms import Search
from xzgis.core.db import STORAGE_SRID

# More than so many are told as "more than".
COUNTED = 10_000
STREAMED = 2_000
MICROSECOND = timedelta(microseconds=1)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def found(
    session: Session, asked: Search, *, before: tuple[datetime, int] | None, limit: int
) -> list[TrailEntry]:
    """Entries that match, the latest first; ``before`` is moment and number of the last one of the page before."""
    statement = (
        _matching(session, asked).order_by(TrailEntry.happened_at.desc(), TrailEntry.id.desc()).limit(limit)
    )
    if before is not None:
        statement = statement.where(tuple_(TrailEntry.happened_at, TrailEntry.id) < before)
    return list(session.scalars(statement))


def counted(session: Session, asked: Search) -> int:
    """How many match; 10 001 stands for more than ten thousand."""
    inside = _matching(session, asked).with_only_columns(TrailEntry.id).limit(COUNTED + 1).subquery()
    return int(session.scalar(select(func.count()).select_from(inside)) or 0)


def all_found(session: Session, asked: Search) -> Iterator[TrailEntry]:
    """Every entry that matches, the earliest first, read as it is asked for."""
    statement = _matching(session, asked).order_by(TrailEntry.happened_at, TrailEntry.id)
    entries: Iterable[TrailEntry] = session.scalars(statement.execution_options(yield_per=STREAMED))
    yield from entries


def event_names(session: Session) -> list[str]:
    """Names of the events there are, by a walk over the index instead of over the rows."""
    first = select(func.min(TrailEntry.event).label("event")).cte("names", recursive=True)
    following = select(
        select(func.min(TrailEntry.event)).where(TrailEntry.event > first.c.event).scalar_subquery()
    ).where(first.c.event.is_not(None))
    names = first.union_all(following)
    return list(session.scalars(select(names.c.event).where(names.c.event.is_not(None))))


def key_of(entry: TrailEntry) -> tuple[int, int]:
    """Where an entry stands in the order of a search: microseconds since 1970 and number."""
    return (entry.happened_at - BEGINNING) // MICROSECOND, entry.id


def moment_of(microseconds: int) -> datetime:
    """The moment out of :func:`key_of`; the earliest one when there can be none."""
    try:
        return BEGINNING + microseconds * MICROSECOND
    except OverflowError:
        return BEGINNING


def _matching(session: Session, asked: Search) -> Select[TrailEntry]:
    statement = select(TrailEntry).where(*_conditions(asked))
    if asked.event is None:
        return statement
    # The few names there are, instead of a pattern: an index serves names under any collation.
    names = [name for name in event_names(session) if name.startswith(asked.event)]
    return statement.where(TrailEntry.event.in_(names))


def _conditions(asked: Search) -> Iterator[Any]:
    if asked.person is not None:
        yield or_(
            TrailEntry.actor == asked.person,
            and_(TrailEntry.acting_for.is_not(None), TrailEntry.acting_for == asked.person),
        )
    for column, value in (
        (TrailEntry.object_kind, asked.object_kind),
        (TrailEntry.object_id, asked.object_id),
        (TrailEntry.result, asked.result),
        (TrailEntry.address, asked.address),
    ):
        if value is not None:
            yield column == value
    if asked.since is not None:
        yield TrailEntry.happened_at >= asked.since
    if asked.until is not None:
        yield TrailEntry.happened_at < asked.until
    if asked.box_m is not None:
        box = func.ST_MakeEnvelope(*asked.box_m, STORAGE_SRID)
        yield TrailEntry.place.is_not(None)
        yield TrailEntry.place.op("&&")(box)
