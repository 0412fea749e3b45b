"""Find lines of no known size by their kind."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b27e5f08c6d1"
down_revision: str | None = "1d7f0c35ab92"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """A tunnel of unknown size may be 20 m wide: a check asks whether there is one, and looks that far."""
    op.create_index(
        "ix_networks_run_unsized",
        "networks_run",
        ["kind"],
        postgresql_where=sa.text("outer_width_mm is null"),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_networks_run_unsized", "networks_run")
