"""Find the points that are vague beyond the ordinary by themselves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e82d5b7f1c64"
down_revision: str | None = "c3f08a51d97e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_networks_node_vague"


def upgrade() -> None:
    """A check asks for the vaguest point, to know how far it has to look for what stands there."""
    op.create_index(NAME, "networks_node", ["sigma_plan_m"], postgresql_where=sa.text("sigma_plan_m > 0.5"))


def downgrade() -> None:
    """Without it."""
    op.drop_index(NAME, "networks_node")
