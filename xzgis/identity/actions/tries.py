"""Failed tries, counted in a table that a crash may lose."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import case, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from xzgis.identity.models import Try
from xzgis.identity.rules.slowing import FORGOTTEN_AFTER, Counter, wait_s

Keys = Mapping[Counter, bytes]


def key_of(counter: Counter, *parts: str) -> bytes:
    """The key a counter is kept under; account and address do not stand in the table in clear."""
    return hashlib.sha256("\x00".join((counter, *parts)).encode("utf-8", "surrogatepass")).digest()


def one_at_a_time(session: Session, key: bytes) -> None:
    """Let tries under the same key come one after the other: together they would all find the door unguarded."""
    number = int.from_bytes(key[:8], "big", signed=True)
    session.execute(text("select pg_advisory_xact_lock(:number)"), {"number": number})


def waiting_s(session: Session, keys: Keys, *, now: datetime) -> int:
    """Seconds to wait still before the next try; 0 when free."""
    rows = {
        row.key: row
        for row in session.scalars(
            select(Try).where(Try.key.in_(keys.values())).execution_options(populate_existing=True)
        )
    }
    waits = [
        wait_s(counter, count=rows[key].count, last_at=rows[key].last_at, now=now)
        for counter, key in keys.items()
        if key in rows
    ]
    return max(waits, default=0)


def count_failure(session: Session, keys: Keys, *, now: datetime) -> int:
    """Count one more under every key; the highest count. An hour of quiet begins anew."""
    quiet = Try.last_at <= now - FORGOTTEN_AFTER
    # Sorted, so that two at once take the rows in the same order.
    rows = [{"key": key, "count": 1, "since": now, "last_at": now} for key in sorted(keys.values())]
    made = insert(Try).values(rows)
    counted = made.on_conflict_do_update(
        index_elements=[Try.key],
        set_={
            "count": case((quiet, 1), else_=func.least(Try.count + 1, 1_000_000)),
            "since": case((quiet, now), else_=Try.since),
            "last_at": func.greatest(Try.last_at, now),
        },
    ).returning(Try.count)
    return max(session.scalars(counted))


def forget(session: Session, keys: Collection[bytes]) -> None:
    """Begin anew under these keys."""
    session.execute(delete(Try).where(Try.key.in_(keys)))
