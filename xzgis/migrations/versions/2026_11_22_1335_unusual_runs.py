"""Find the vaguest and widest runs at once."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "8c41d90e7b26"
down_revision: str | None = "5b1c7e02a9d4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

UNUSUAL = {
    "vague": ("sigma_plan_m", "sigma_plan_m > 0.5"),
    "wide": ("outer_width_mm", "outer_width_mm > 3000"),
    "spread": ("outer_spread_mm", "outer_spread_mm > 500"),
}


def upgrade() -> None:
    """Three small partial indexes: a check asks for their ends to know how far it must look."""
    for name, (column, condition) in UNUSUAL.items():
        op.create_index(
            f"ix_networks_run_{name}", "networks_run", [column], postgresql_where=sa.text(condition)
        )


def downgrade() -> None:
    """Without them."""
    for name in UNUSUAL:
        op.drop_index(f"ix_networks_run_{name}", "networks_run")
