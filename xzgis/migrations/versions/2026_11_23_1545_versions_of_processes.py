"""Versions of process definitions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "9a41c7e05d62"
down_revision: str | None = "90b6e1d24cf7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the table, empty: the definitions of ``layers/workflow`` come in when the product starts."""
    op.create_table(
        "workflow_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("bpmn", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_shipped", sa.Boolean(), nullable=False),
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
            ["proposed_by_id"], ["identity_person.id"], name=op.f("fk_workflow_version_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["identity_person.id"], name=op.f("fk_workflow_version_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_version")),
    )
    op.create_index(
        op.f("uq_workflow_version_number"), "workflow_version", ["process_key", "number"], unique=True
    )
    op.create_index(
        op.f("uq_workflow_version_proposed"), "workflow_version", ["process_key"], unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )  # fmt: skip
    op.create_index(op.f("ix_workflow_version_digest"), "workflow_version", ["digest"])


def _checks() -> list[sa.CheckConstraint]:
    told = {
        "state": "state in ('proposed', 'approved', 'refused', 'withdrawn')",
        "key_is_one": "process_key ~ '^[a-z][a-z0-9_]{1,39}$'",
        "file_is_whole": "length(bpmn) between 1 and 1000000 and digest ~ '^[0-9a-f]{64}$'",
        "ground_told": "btrim(reason) <> '' and length(reason) <= 500 and btrim(source) <> '' and length(source) <= 500",
        "not_by_oneself": "decided_by is null or (decided_by <> proposed_by and decided_by_id is distinct from "
        "coalesce(proposed_by_id, -1))",
        "decision_is_whole": "(decided_at is null) = (decided_by is null) and (decided_at is null) = "
        "(decided_reason is null) and (state <> 'proposed' or decided_at is null) "
        "and (state <> 'refused' or decided_at is not null)",
        "approved_by_somebody": "state <> 'approved' or decided_at is not null or (is_shipped and number = 1)",
        "only_approved_come_into_force": "(state <> 'approved' or (in_force_from is not null and number is not null)) "
        "and (in_force_from is null or state in ('approved', 'withdrawn')) "
        "and (number is null) = (in_force_from is null)",
        "never_in_the_past": "in_force_from >= decided_at",
        "withdrawn_before_its_time": "(withdrawn_at is null) = (state <> 'withdrawn') and (withdrawn_at is null) = "
        "(withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_reason is null) "
        "and withdrawn_at < in_force_from is not false",
    }
    return [sa.CheckConstraint(text, name=op.f(f"ck_workflow_version_{name}")) for name, text in told.items()]


def downgrade() -> None:
    """Remove it; who changed what stays in the trail."""
    op.drop_table("workflow_version")
