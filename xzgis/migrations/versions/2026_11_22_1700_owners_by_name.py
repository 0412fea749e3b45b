"""Find lines by their owner."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c93b7d12e6a5"
down_revision: str | None = "a4e81b5d20f7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """One index of few distinct names: the search jumps from name to name in it."""
    op.create_index(
        "ix_networks_run_owner",
        "networks_run",
        ["owner"],
        postgresql_ops={"owner": "text_pattern_ops"},
        postgresql_where=sa.text("known_to is null and owner is not null"),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_networks_run_owner", "networks_run")
