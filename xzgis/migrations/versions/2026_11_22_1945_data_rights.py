"""What posts may see of the register, and which records are secret."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "b7f20d94ce31"
down_revision: str | None = "e5b8027fd61c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make both tables, empty: a post without rows has the rights of its role, a record without one no grade."""
    op.create_table(
        "identity_data_right",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("owners", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("life_states", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("secrecy", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attributes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("granted_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "precision in ('exact', 'corridor', 'hidden')", name=op.f("ck_identity_data_right_precision")
        ),
        sa.CheckConstraint("secrecy between 0 and 3", name=op.f("ck_identity_data_right_secrecy")),
        sa.CheckConstraint(
            "cardinality(kinds) > 0 and cardinality(owners) > 0 and cardinality(life_states) > 0 "
            "and cardinality(attributes) > 0",
            name=op.f("ck_identity_data_right_nothing_empty"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["identity_post.id"], name=op.f("fk_identity_data_right_post_id")
        ),
        sa.ForeignKeyConstraint(
            ["area_id"], ["identity_area.id"], name=op.f("fk_identity_data_right_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["identity_person.id"], name=op.f("fk_identity_data_right_granted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_data_right")),
    )
    op.create_index(op.f("ix_identity_data_right_post_id"), "identity_data_right", ["post_id"])
    op.create_index(op.f("ix_identity_data_right_area_id"), "identity_data_right", ["area_id"])
    op.create_table(
        "networks_secret",
        sa.Column("object_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grade between 1 and 3", name=op.f("ck_networks_secret_grade")),
        sa.PrimaryKeyConstraint("object_id", name=op.f("pk_networks_secret")),
    )


def downgrade() -> None:
    """Remove both."""
    op.drop_table("networks_secret")
    op.drop_table("identity_data_right")
