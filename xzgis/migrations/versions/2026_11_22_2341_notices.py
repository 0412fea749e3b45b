"""To-dos and notices, the letters that tell of them, and who wants letters."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "c41a7be0952d"
down_revision: str | None = "3e71b9c0d825"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the three tables, empty: nothing that happened before is told."""
    _notices()
    _letters()
    op.create_table(
        "notices_choice",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("by_mail", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["identity_person.id"],
            name=op.f("fk_notices_choice_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notices_choice")),
    )


def _notices() -> None:
    op.create_table(
        "notices_notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("permission", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("is_todo", sa.Boolean(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(person_id is null) <> (permission is null)", name=op.f("ck_notices_notice_one_addressee")
        ),
        sa.CheckConstraint(
            "is_todo or permission is null", name=op.f("ck_notices_notice_only_todos_wait_for_a_permission")
        ),
        sa.CheckConstraint("is_todo or done_at is null", name=op.f("ck_notices_notice_only_todos_are_done")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["identity_person.id"],
            name=op.f("fk_notices_notice_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices_notice")),
    )
    for name, columns, unique, where in (
        ("uq_notices_notice_person", ["person_id", "kind", "key"], True, "person_id is not null"),
        ("uq_notices_notice_permission", ["permission", "kind", "key"], True, "permission is not null"),
        ("ix_notices_notice_cause", ["about", "object_id"], False, "is_todo and done_at is null"),
        ("ix_notices_notice_waiting", ["person_id"], False, "done_at is null and read_at is null"),
    ):
        op.create_index(name, "notices_notice", columns, unique=unique, postgresql_where=sa.text(where))
    op.create_index("ix_notices_notice_told_at", "notices_notice", ["told_at"])


def _letters() -> None:
    op.create_table(
        "notices_letter",
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waits'"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('waits', 'sent', 'unsure', 'failed', 'unwanted')", name=op.f("ck_notices_letter_state")
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_notices_letter_tries")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices_notice.id"], name=op.f("fk_notices_letter_notice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["identity_person.id"],
            name=op.f("fk_notices_letter_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice_id", "person_id", "told_at", name=op.f("pk_notices_letter")),
    )
    op.create_index(op.f("ix_notices_letter_person_id"), "notices_letter", ["person_id"])


def downgrade() -> None:
    """Remove the three."""
    op.drop_table("notices_choice")
    op.drop_table("notices_letter")
    op.drop_table("notices_notice")
