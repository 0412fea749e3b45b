"""Saved works."""

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import STORAGE_SRID, Base


class Work(Base):
    """A new work somebody plans; ``document`` is the work document of docs/formats.md."""

    __tablename__ = "works_work"
    __table_args__ = (
        CheckConstraint(
            "ends_on is null or starts_on is null or starts_on <= ends_on", name="dates_in_order"
        ),
        Index("ix_works_work_axis", "axis", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    axis: Mapped[WKBElement] = mapped_column(
        Geometry("MULTILINESTRING", srid=STORAGE_SRID, spatial_index=False)
    )
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class WorkContest(Base):
    """What a planner holds against one finding of a saved work; ``facts`` stands for what the finding rested on."""

    __tablename__ = "works_contest"
    __table_args__ = (CheckConstraint("btrim(reason) <> '' and length(reason) <= 2000", name="reason_told"),)

    work_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("works_work.id", ondelete="CASCADE"), primary_key=True
    )
    finding_id: Mapped[str] = mapped_column(Text, primary_key=True)
    facts: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
