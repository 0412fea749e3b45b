"""Files that leave: exports, their files, approvals of more ground."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision: str = "d41c7be9a052"
down_revision: str | None = "c41a7be0952d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the three tables and the numbers of exports, all empty."""
    op.execute(sa.schema.CreateSequence(sa.Sequence("exports_number_seq")))
    op.create_table(
        "exports_export",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("file_format", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column(
            "extent", Geometry("MULTIPOLYGON", srid=4548, dimension=2, spatial_index=False), nullable=True
        ),
        sa.Column("held_km2", sa.Double(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("acting_for", sa.Text(), nullable=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason is null or (btrim(reason) <> '' and length(reason) <= 500)",
            name=op.f("ck_exports_export_reason_told"),
        ),
        sa.CheckConstraint("records >= 0", name=op.f("ck_exports_export_records")),
        sa.CheckConstraint(
            "(withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_reason is null)",
            name=op.f("ck_exports_export_withdrawal_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity_person.id"], name=op.f("fk_exports_export_person_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["identity_unit.id"], name=op.f("fk_exports_export_unit_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_exports_export")),
        sa.UniqueConstraint("token", name=op.f("uq_exports_export_token")),
    )
    op.create_index(op.f("ix_exports_export_person_at"), "exports_export", ["person", "at"])
    op.create_table(
        "exports_file",
        sa.Column("export_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_exports_file_sha256")),
        sa.ForeignKeyConstraint(
            ["export_number"], ["exports_export.number"], name=op.f("fk_exports_file_export_number")
        ),
        sa.PrimaryKeyConstraint("export_number", "name", name=op.f("pk_exports_file")),
    )
    op.create_index(op.f("ix_exports_file_sha256"), "exports_file", ["sha256"])
    op.create_table(
        "exports_approval",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("km2", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_reason", sa.Text(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('asked', 'approved', 'refused')", name=op.f("ck_exports_approval_state")
        ),
        sa.CheckConstraint("km2 > 0 and km2 <= 100000", name=op.f("ck_exports_approval_km2")),
        sa.CheckConstraint(
            "btrim(reason) <> '' and length(reason) <= 500", name=op.f("ck_exports_approval_reason_told")
        ),
        sa.CheckConstraint(
            "decided_by is null or decided_by <> asked_by", name=op.f("ck_exports_approval_not_by_oneself")
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_by is null) and (state = 'asked') = (decided_at is null) "
            "and (state = 'approved') = (until is not null)",
            name=op.f("ck_exports_approval_decision_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["identity_person.id"], name=op.f("fk_exports_approval_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports_approval")),
    )
    op.create_index(op.f("ix_exports_approval_asked_by"), "exports_approval", ["asked_by"])


def downgrade() -> None:
    """Remove them; what left stays in the trail."""
    op.drop_table("exports_approval")
    op.drop_table("exports_file")
    op.drop_table("exports_export")
    op.execute(sa.schema.DropSequence(sa.Sequence("exports_number_seq")))
