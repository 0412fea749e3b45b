"""To-dos and notices, the letters that tell of them, and who wants letters."""

from datetime import datetime
from typing import Any

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
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import Base

TO_PERSON = text("person_id is not null")
TO_PERMISSION = text("permission is not null")


class Notice(Base):
    """A to-do or a notice, to one person or (a to-do) to whoever holds a permission; the same cause is there once.

    ``facts`` fill the sentence of its kind. A notice counts until ``read_at``, a to-do until ``done_at``.
    """

    __tablename__ = "notices_notice"
    __table_args__ = (
        CheckConstraint("(person_id is null) <> (permission is null)", name="one_addressee"),
        CheckConstraint("is_todo or permission is null", name="only_todos_wait_for_a_permission"),
        CheckConstraint("is_todo or done_at is null", name="only_todos_are_done"),
        Index("uq_notices_notice_person", "person_id", "kind", "key", unique=True, postgresql_where=TO_PERSON),
        Index(
            "uq_notices_notice_permission", "permission", "kind", "key", unique=True,
            postgresql_where=TO_PERMISSION,
        ),
        Index("ix_notices_notice_cause", "about", "object_id", postgresql_where=text("is_todo and done_at is null")),
        Index(
            "ix_notices_notice_waiting", "person_id",
            postgresql_where=text("done_at is null and read_at is null"),
        ),
        Index("ix_notices_notice_told_at", "told_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"))
    permission: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    is_todo: Mapped[bool] = mapped_column(Boolean)
    about: Mapped[str] = mapped_column(Text)
    object_id: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    told_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_by: Mapped[str | None] = mapped_column(Text)


class NoticeLetter(Base):
    """One letter to one person about one telling; ``tried_at`` is set while a try is under way.

    ``state``: waits, sent, unsure (taken or not: never sent again), failed.
    """

    __tablename__ = "notices_letter"
    __table_args__ = (
        CheckConstraint("state in ('waits', 'sent', 'unsure', 'failed', 'unwanted')", name="state"),
        CheckConstraint("tries >= 0", name="tries"),
    )

    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notices_notice.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("identity_person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    told_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    state: Mapped[str] = mapped_column(Text, server_default=text("'waits'"))
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    tried_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None] = mapped_column(Text)


class NoticeChoice(Base):
    """What a person chose; who has no row wants letters."""

    __tablename__ = "notices_choice"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("identity_person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    by_mail: Mapped[bool] = mapped_column(Boolean, server_default=true())
