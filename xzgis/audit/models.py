"""The trail, its chain, its seals, and what left the database."""

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import STORAGE_SRID, Base

# Reading, signing in and keeping the trail change no data: tiles and answers stay valid (networks/queries/tiles.py).
CHANGES_DATA = "not (event like 'audit.%' or event like 'identity.%')"


class TrailEntry(Base):
    """One thing that happened. It has no foreign keys: it outlives what it speaks of. Kept in monthly partitions."""

    __tablename__ = "audit_trail"
    __table_args__ = (
        CheckConstraint("result in ('done', 'refused')", name="result_known"),
        CheckConstraint("isfinite(happened_at)", name="happened_at_finite"),
        Index(None, "happened_at", "id"),
        Index(None, "actor", "happened_at"),
        Index(None, "acting_for", "happened_at", postgresql_where=text("acting_for is not null")),
        Index(None, "event", "happened_at"),
        Index(None, "object_kind", "object_id", "happened_at"),
        Index(None, "transaction_id", "id"),
        Index("ix_audit_trail_changes", "id", postgresql_where=text(CHANGES_DATA)),
        Index(
            "ix_audit_trail_place", "place",
            postgresql_using="gist", postgresql_where=text("place is not null"),
        ),
        {"postgresql_partition_by": "range (happened_at)"},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(
        BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint")
    )
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor: Mapped[str] = mapped_column(Text)
    acting_for: Mapped[str | None] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    object_kind: Mapped[str | None] = mapped_column(Text)
    object_id: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text, server_default=text("'done'"))
    place: Mapped[WKBElement | None] = mapped_column(
        Geometry("GEOMETRY", srid=STORAGE_SRID, spatial_index=False)
    )
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))


class TrailLink(Base):
    """The place of one row in the chain. Only ever added, by the sealer."""

    __tablename__ = "audit_link"
    __table_args__ = (Index(None, "entry_id", "happened_at", unique=True),)

    pos: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    epoch: Mapped[int]
    entry_id: Mapped[int] = mapped_column(BigInteger)
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class TrailSeal(Base):
    """A signed point of the chain; the same line stands in a file outside the database. Only ever added."""

    __tablename__ = "audit_seal"
    __table_args__ = (CheckConstraint("kind in ('begin', 'run')", name="kind_known"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Text)
    epoch: Mapped[int]
    previous: Mapped[int] = mapped_column(BigInteger)
    pos: Mapped[int] = mapped_column(BigInteger)
    horizon: Mapped[int] = mapped_column(BigInteger)
    sealed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    algorithm: Mapped[str] = mapped_column(Text)
    cluster: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class TrailArchive(Base):
    """A month of the trail that left the database as a file. Only ever added."""

    __tablename__ = "audit_archive"

    partition: Mapped[str] = mapped_column(Text, primary_key=True)
    from_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    to_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    rows: Mapped[int] = mapped_column(BigInteger)
    first_pos: Mapped[int] = mapped_column(BigInteger)
    last_pos: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    algorithm: Mapped[str] = mapped_column(Text)
    file: Mapped[str] = mapped_column(Text)
    file_digest: Mapped[str] = mapped_column(Text)
    archived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    key_id: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class TrailCheck(Base):
    """A verification somebody asked for on the page: how far it is, and what it found."""

    __tablename__ = "audit_check"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    total: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    done: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
