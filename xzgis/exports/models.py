"""Exports, their files, and approvals to take more ground."""

from datetime import datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Sequence,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xzgis.core.db import STORAGE_SRID, Base

#: Numbers are taken before the file is made, since the file bears its number; a file that failed leaves a gap.
NUMBERS = Sequence("exports_number_seq", metadata=Base.metadata)
PEOPLE = "identity_person.id"


class Export(Base):
    """One taking out; ``extent`` is the ground it holds in whole cells, ``held_km2`` its person's ground with it."""

    __tablename__ = "exports_export"
    __table_args__ = (
        CheckConstraint(
            "reason is null or (btrim(reason) <> '' and length(reason) <= 500)", name="reason_told"
        ),
        CheckConstraint("records >= 0", name="records"),
        CheckConstraint(
            "(withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_reason is null)",
            name="withdrawal_is_whole",
        ),
        Index("ix_exports_export_person_at", "person", "at"),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    dataset: Mapped[str] = mapped_column(Text)
    file_format: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    grade: Mapped[str] = mapped_column(Text)
    records: Mapped[int] = mapped_column(BigInteger)
    extent: Mapped[WKBElement | None] = mapped_column(
        Geometry("MULTIPOLYGON", srid=STORAGE_SRID, spatial_index=False)
    )
    held_km2: Mapped[float] = mapped_column(Double)
    person: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(PEOPLE))
    unit_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("identity_unit.id"))
    acting_for: Mapped[str | None] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    token: Mapped[str] = mapped_column(Text, unique=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    files: Mapped[list["ExportFile"]] = relationship(order_by="ExportFile.name", lazy="raise")


class ExportFile(Base):
    """A file of an export, as it left; ``sha256`` in hexadecimal finds it again."""

    __tablename__ = "exports_file"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        Index("ix_exports_file_sha256", "sha256"),
    )

    export_number: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("exports_export.number"), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)


class ExportApproval(Base):
    """A request to hold more contiguous ground than the stop, up to ``km2``, and what a second person decided."""

    __tablename__ = "exports_approval"
    __table_args__ = (
        CheckConstraint("state in ('asked', 'approved', 'refused')", name="state"),
        CheckConstraint("km2 > 0 and km2 <= 100000", name="km2"),
        CheckConstraint("btrim(reason) <> '' and length(reason) <= 500", name="reason_told"),
        CheckConstraint("decided_by is null or decided_by <> asked_by", name="not_by_oneself"),
        CheckConstraint(
            "(state = 'asked') = (decided_by is null) and (state = 'asked') = (decided_at is null) "
            "and (state = 'approved') = (until is not null)",
            name="decision_is_whole",
        ),
        Index("ix_exports_approval_asked_by", "asked_by"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(PEOPLE))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str] = mapped_column(Text)
    km2: Mapped[float] = mapped_column(Double)
    state: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_reason: Mapped[str | None] = mapped_column(Text)
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
