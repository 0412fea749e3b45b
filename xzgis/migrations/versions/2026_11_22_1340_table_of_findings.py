"""A finding of the intake says whether its row is a point or a line.

Revision ID: 1d7f0c35ab92
Revises: 8c41d90e7b26
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1d7f0c35ab92"
down_revision: str | None = "8c41d90e7b26"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """One column; old findings do not say."""
    op.add_column("networks_batch_finding", sa.Column("table_name", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_networks_batch_finding_table_name"),
        "networks_batch_finding",
        "table_name in ('points', 'lines')",
    )


def downgrade() -> None:
    """Without it."""
    op.drop_constraint(op.f("ck_networks_batch_finding_table_name"), "networks_batch_finding")
    op.drop_column("networks_batch_finding", "table_name")
