"""The kinds as the database knows them, so that no record can name one that does not exist; a city's own changes."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import Base

PEOPLE = "identity_person.id"


class Kind(Base):
    """A kind of line or road part; filled from ``layers/kinds`` when the product starts."""

    __tablename__ = "catalogue_kind"

    token: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)


class RuleChange(Base):
    """A change of one row of a table: proposed, decided by somebody else, in force from its time on.

    ``row`` is the whole row when it was proposed, empty for a new one; ``before`` and ``after`` are the cells that
    change. An approved change is withdrawn before its time or never: from then on another change takes it back,
    so that the tables of every past moment stay what they were.
    """

    __tablename__ = "catalogue_change"
    __table_args__ = (
        CheckConstraint("state in ('proposed', 'approved', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("bearing in ('words', 'stricter', 'unclear', 'looser')", name="bearing"),
        CheckConstraint(
            "btrim(reason) <> '' and length(reason) <= 500 and btrim(source) <> '' and length(source) <= 500",
            name="ground_told",
        ),
        CheckConstraint("jsonb_typeof(after) = 'object' and after <> '{}'::jsonb", name="changes_something"),
        CheckConstraint(
            "decided_by is null or (decided_by <> proposed_by and decided_by_id is distinct from "
            "coalesce(proposed_by_id, -1))",
            name="not_by_oneself",
        ),
        CheckConstraint(
            "(decided_at is null) = (decided_by is null) and (decided_at is null) = (decided_reason is null) "
            "and (state <> 'proposed' or decided_at is null) "
            "and (state not in ('approved', 'refused') or decided_at is not null)",
            name="decision_is_whole",
        ),
        CheckConstraint(
            "(state <> 'approved' or in_force_from is not null) "
            "and (in_force_from is null or (decided_at is not null and state in ('approved', 'withdrawn')))",
            name="only_approved_come_into_force",
        ),
        CheckConstraint("in_force_from >= decided_at", name="never_in_the_past"),
        CheckConstraint(
            "(withdrawn_at is null) = (state <> 'withdrawn') and (withdrawn_at is null) = (withdrawn_by is null) "
            "and (withdrawn_at is null) = (withdrawn_reason is null) and withdrawn_at < in_force_from is not false",
            name="withdrawn_before_its_time",
        ),
        Index("ix_catalogue_change_row", "table_name", "row_key"),
        Index(
            "uq_catalogue_change_proposed", "table_name", "row_key", unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_catalogue_change_in_force", "in_force_from", postgresql_where=text("state = 'approved'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    table_name: Mapped[str] = mapped_column(Text)
    row_key: Mapped[str] = mapped_column(Text)
    row: Mapped[dict[str, str]] = mapped_column(JSONB)
    before: Mapped[dict[str, str]] = mapped_column(JSONB)
    after: Mapped[dict[str, str]] = mapped_column(JSONB)
    bearing: Mapped[str] = mapped_column(Text)
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
