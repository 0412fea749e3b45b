"""A run keeps what was assumed of it: depths borrowed, sizes from tables, accuracy taken."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "a4e81b5d20f7"
down_revision: str | None = "6f20c9d17e3b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KNOWN = (
    "assumptions <@ array['outer_size','end_depth_of_point','level_column_contradicts_rule','taken_as_hidden',"
    "'standard_depth','depth_from_one_point']"
)


def upgrade() -> None:
    """One column; of records taken in before nothing is known: NULL."""
    op.add_column("networks_run", sa.Column("assumptions", postgresql.ARRAY(sa.Text()), nullable=True))
    op.create_check_constraint(op.f("ck_networks_run_assumptions_known"), "networks_run", KNOWN)


def downgrade() -> None:
    """Without it."""
    op.drop_constraint(op.f("ck_networks_run_assumptions_known"), "networks_run")
    op.drop_column("networks_run", "assumptions")
