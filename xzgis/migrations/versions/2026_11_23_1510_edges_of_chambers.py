"""Find the edge points of chambers by themselves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "90b6e1d24cf7"
down_revision: str | None = "7d1f0c5ea938"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

EDGE = "known_to is null and feature = 'chamber_edge'"


def upgrade() -> None:
    """They are few, and a check asks for them round every chamber: among all points most of what is found is dropped."""
    op.create_index(
        "ix_networks_node_edge",
        "networks_node",
        ["place"],
        postgresql_using="gist",
        postgresql_where=sa.text(EDGE),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_networks_node_edge", "networks_node")
