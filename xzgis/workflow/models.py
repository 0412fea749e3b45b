"""Versions of process definitions: the file as it came, who proposed and who decided it, and from when it is in force."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import Base

PEOPLE = "identity_person.id"


class ProcessVersion(Base):
    """One version of a process: never rewritten, never removed.

    ``number`` counts the approved versions of a process. The version in force is the approved one whose time came last;
    it is superseded by the next, and withdrawn only before its time. One that came with the product is version 1
    without a decision, or, where a city has one already, a proposal of the system's that somebody decides.
    """

    __tablename__ = "workflow_version"
    __table_args__ = (
        CheckConstraint("state in ('proposed', 'approved', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("process_key ~ '^[a-z][a-z0-9_]{1,39}$'", name="key_is_one"),
        CheckConstraint("length(bpmn) between 1 and 1000000 and digest ~ '^[0-9a-f]{64}$'", name="file_is_whole"),
        CheckConstraint(
            "btrim(reason) <> '' and length(reason) <= 500 and btrim(source) <> '' and length(source) <= 500",
            name="ground_told",
        ),
        CheckConstraint(
            "decided_by is null or (decided_by <> proposed_by and decided_by_id is distinct from "
            "coalesce(proposed_by_id, -1))",
            name="not_by_oneself",
        ),
        CheckConstraint(
            "(decided_at is null) = (decided_by is null) and (decided_at is null) = (decided_reason is null) "
            "and (state <> 'proposed' or decided_at is null) "
            "and (state <> 'refused' or decided_at is not null)",
            name="decision_is_whole",
        ),
        CheckConstraint(
            "state <> 'approved' or decided_at is not null or (is_shipped and number = 1)", name="approved_by_somebody"
        ),
        CheckConstraint(
            "(state <> 'approved' or (in_force_from is not null and number is not null)) "
            "and (in_force_from is null or state in ('approved', 'withdrawn')) "
            "and (number is null) = (in_force_from is null)",
            name="only_approved_come_into_force",
        ),
        CheckConstraint("in_force_from >= decided_at", name="never_in_the_past"),
        CheckConstraint(
            "(withdrawn_at is null) = (state <> 'withdrawn') and (withdrawn_at is null) = (withdrawn_by is null) "
            "and (withdrawn_at is null) = (withdrawn_reason is null) and withdrawn_at < in_force_from is not false",
            name="withdrawn_before_its_time",
        ),
        Index("uq_workflow_version_number", "process_key", "number", unique=True),
        Index(
            "uq_workflow_version_proposed", "process_key", unique=True, postgresql_where=text("state = 'proposed'")
        ),
        Index("ix_workflow_version_digest", "digest"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    process_key: Mapped[str] = mapped_column(Text)
    number: Mapped[int | None] = mapped_column(Integer)
    bpmn: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    is_shipped: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    wanted_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(PEOPLE))
    proposed_for: Mapped[str | None] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_by_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(PEOPLE))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_reason: Mapped[str | None] = mapped_column(Text)
    in_force_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
