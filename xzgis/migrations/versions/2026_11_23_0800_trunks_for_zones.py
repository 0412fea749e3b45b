"""Find lines with wide protection and control zones by themselves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c7d14a90e2b8"
down_revision: str | None = "5b8e02d7c914"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TRUNK = (
    "known_to is null and (kind = 'industrial' or (kind = 'gas' and (pressure_class is null or pressure_class not in "
    "('low', 'medium', 'medium_A', 'medium_B') or outer_width_mm + outer_spread_mm > 2000)))"
)


def upgrade() -> None:
    """Zones reach up to 50 m, clearances 4 m: looked for among all lines, most of what is found would be dropped again."""
    op.create_index(
        "ix_networks_run_trunk",
        "networks_run",
        ["axis"],
        postgresql_using="gist",
        postgresql_where=sa.text(TRUNK),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_networks_run_trunk", "networks_run")
