"""Passkeys."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a90d3be5f417"
down_revision: str | None = "c41d7e92b05a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Keys that sign, and the questions they were asked."""
    op.create_table(
        "identity_passkey",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity_person.id"], name=op.f("fk_identity_passkey_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_identity_passkey_credential_id")),
    )
    op.create_index(op.f("ix_identity_passkey_person_id"), "identity_passkey", ["person_id"])
    op.create_table(
        "identity_challenge",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_identity_challenge_digest_is_sha256")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity_person.id"], name=op.f("fk_identity_challenge_person_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_identity_challenge")),
    )
    op.create_index(op.f("ix_identity_challenge_person_id"), "identity_challenge", ["person_id"])
    op.create_index(op.f("ix_identity_challenge_expires_at"), "identity_challenge", ["expires_at"])


def downgrade() -> None:
    """Passwords and codes only."""
    op.drop_table("identity_challenge")
    op.drop_table("identity_passkey")
