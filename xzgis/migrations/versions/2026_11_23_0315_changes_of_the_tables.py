"""A city's own changes of the tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "5b8e02d7c914"
down_revision: str | None = "5c0e8a71d3b4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the table, empty: what was shipped is in force."""
    op.create_table(
        "catalogue_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row", postgresql.JSONB(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("bearing", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("wanted_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("proposed_for", sa.Text(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_reason", sa.Text(), nullable=True),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        *_checks(),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["identity_person.id"], name=op.f("fk_catalogue_change_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["identity_person.id"], name=op.f("fk_catalogue_change_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_change")),
    )
    op.create_index(op.f("ix_catalogue_change_row"), "catalogue_change", ["table_name", "row_key"])
    op.create_index(
        op.f("uq_catalogue_change_proposed"), "catalogue_change", ["table_name", "row_key"], unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )  # fmt: skip
    op.create_index(
        op.f("ix_catalogue_change_in_force"), "catalogue_change", ["in_force_from"],
        postgresql_where=sa.text("state = 'approved'"),
    )  # fmt: skip


def _checks() -> list[sa.CheckConstraint]:
    told = {
        "state": "state in ('proposed', 'approved', 'refused', 'withdrawn')",
        "bearing": "bearing in ('words', 'stricter', 'unclear', 'looser')",
        "ground_told": "btrim(reason) <> '' and length(reason) <= 500 and btrim(source) <> '' and length(source) <= 500",
        "changes_something": "jsonb_typeof(after) = 'object' and after <> '{}'::jsonb",
        "not_by_oneself": "decided_by is null or (decided_by <> proposed_by and decided_by_id is distinct from "
        "coalesce(proposed_by_id, -1))",
        "decision_is_whole": "(decided_at is null) = (decided_by is null) and (decided_at is null) = "
        "(decided_reason is null) and (state <> 'proposed' or decided_at is null) "
        "and (state not in ('approved', 'refused') or decided_at is not null)",
        "only_approved_come_into_force": "(state <> 'approved' or in_force_from is not null) and (in_force_from is null "
        "or (decided_at is not null and state in ('approved', 'withdrawn')))",
        "never_in_the_past": "in_force_from >= decided_at",
        "withdrawn_before_its_time": "(withdrawn_at is null) = (state <> 'withdrawn') and (withdrawn_at is null) = "
        "(withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_reason is null) "
        "and withdrawn_at < in_force_from is not false",
    }
    return [sa.CheckConstraint(text, name=op.f(f"ck_catalogue_change_{name}")) for name, text in told.items()]


def downgrade() -> None:
    """Remove it; who changed what stays in the trail."""
    op.drop_table("catalogue_change")
