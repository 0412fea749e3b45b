"""Findings that a planner contests, kept with the saved work."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d17f4a60b8c3"
down_revision: str | None = "c93b7d12e6a5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """One row for each contested finding of a work; they go with the work, their trail stays."""
    op.create_table(
        "works_contest",
        sa.Column("work_id", sa.BigInteger(), nullable=False),
        sa.Column("finding_id", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "btrim(reason) <> '' and length(reason) <= 2000", name=op.f("ck_works_contest_reason_told")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["works_work.id"],
            name=op.f("fk_works_contest_work_id_works_work"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("work_id", "finding_id", name=op.f("pk_works_contest")),
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table("works_contest")
