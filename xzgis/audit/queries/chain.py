"""Rows, links and seals as the database holds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from xzgis.audit.models import TrailArchive, TrailEntry, TrailLink, TrailSeal
from xzgis.audit.terms import ArchivedMonth, ChainLink, ChainSeal, Row
from xzgis.core.sql import binary_rows

CHUNK_ROWS = 5_000
LINK_COLUMNS = 6
HORIZON = text(
    "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
)
CLUSTER = text("select system_identifier::text from pg_control_system()")
MONTHS = text(
    "select child.relname::text from pg_inherits join pg_class as child on child.oid = inhrelid "
    "where inhparent = 'audit_trail'::regclass order by 1"
)


@dataclass(frozen=True, slots=True)
class Horizon:
    """Every transaction before ``over`` is finished; no number from ``next`` on was given yet."""

    over: int
    next: int


def horizon(session: Session) -> Horizon:
    """The horizon now."""
    over, following = session.execute(HORIZON).one()
    return Horizon(int(over), int(following))


def cluster_number(session: Session) -> str:
    """The number the database server gave itself when it was made: another one after a logical restore elsewhere."""
    return str(session.scalar(CLUSTER))


def last_seal(session: Session) -> ChainSeal | None:
    """The latest seal; None before the first."""
    found = session.scalars(select(TrailSeal).order_by(TrailSeal.number.desc()).limit(1)).one_or_none()
    return None if found is None else _seal(found)


def seals(session: Session, *, after: int = 0) -> list[ChainSeal]:
    """Seals with a number beyond ``after``, in order."""
    asked = select(TrailSeal).where(TrailSeal.number > after).order_by(TrailSeal.number)
    return [_seal(found) for found in session.scalars(asked)]


def latest_seals(session: Session, *, limit: int) -> list[ChainSeal]:
    """The last seals, the latest first."""
    asked = select(TrailSeal).order_by(TrailSeal.number.desc()).limit(limit)
    return [_seal(found) for found in session.scalars(asked)]


def last_pos(session: Session) -> int:
    """The last position of the chain; zero before the first link."""
    return int(session.scalar(select(func.max(TrailLink.pos))) or 0)


def rows_to_seal(session: Session, *, from_transaction: int, to_transaction: int, most: int) -> list[Row]:
    """Rows of finished transactions without a link, in the order of sealing."""
    asked = {"from_transaction": from_transaction, "to_transaction": to_transaction, "most": most}
    return [Row(*found) for found in binary_rows(session, "audit", "rows_to_seal", asked)]


def links_with_rows(
    session: Session, *, after_pos: int, upto_pos: int
) -> Iterator[tuple[ChainLink, Row | None]]:
    """Links after one position up to another, in order, each with its row where that is there."""
    while after_pos < upto_pos:
        end = min(after_pos + CHUNK_ROWS, upto_pos)
        asked = {"after_pos": after_pos, "upto_pos": end}
        for found in binary_rows(session, "audit", "links_with_rows", asked):
            row = Row(*found[LINK_COLUMNS:]) if found[LINK_COLUMNS] is not None else None
            yield ChainLink(*found[:LINK_COLUMNS]), row
        after_pos = end


def archives(session: Session) -> list[ArchivedMonth]:
    """Months that left the database, the oldest first."""
    asked = select(TrailArchive).order_by(TrailArchive.partition)
    return [ArchivedMonth(**_columns(found)) for found in session.scalars(asked)]


def rows_between(session: Session, bounds: tuple[datetime, datetime]) -> int:
    """How many rows happened from the first moment on and before the second."""
    asked = select(func.count()).select_from(TrailEntry)
    inside = asked.where(TrailEntry.happened_at >= bounds[0], TrailEntry.happened_at < bounds[1])
    return int(session.scalar(inside) or 0)


def partitions(session: Session) -> list[str]:
    """Names of the partitions of the trail, the default one among them."""
    return [str(name) for name in session.scalars(MONTHS)]


def _seal(found: TrailSeal) -> ChainSeal:
    return ChainSeal(**_columns(found))


def _columns(found: TrailSeal | TrailArchive) -> dict[str, Any]:
    return {column.key: getattr(found, column.key) for column in cast(Any, found).__table__.columns}
