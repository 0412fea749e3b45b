"""The trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import Base


class TrailEntry(Base):
    """One thing that happened. It has no foreign keys: it outlives what it speaks of."""

    __tablename__ = "audit_trail"
    __table_args__ = (Index(None, "object_kind", "object_id"), Index(None, "happened_at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    transaction_id: Mapped[str] = mapped_column(Text, server_default=text("pg_current_xact_id()::text"))
    actor: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    object_kind: Mapped[str | None] = mapped_column(Text)
    object_id: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
