"""A level may be told to the inside of the crown 管内顶."""

from collections.abc import Sequence

from alembic import op

revision: str = "e27d90b4f16a"
down_revision: str | None = "c7d14a90e2b8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ck_networks_run_depth_reference"
BEFORE = "depth_reference in ('invert','crown','outer_top','inner_bottom','outer_bottom','unknown')"
REFERENCES = (
    "depth_reference in ('invert','crown','outer_top','inner_bottom','outer_bottom','inner_top','unknown')"
)


def upgrade() -> None:
    """One more token."""
    op.drop_constraint(op.f(NAME), "networks_run", type_="check")
    op.create_check_constraint(op.f(NAME), "networks_run", REFERENCES)


def downgrade() -> None:
    """Without it; refused by the database while a line is told so, since no other word is true of it."""
    op.drop_constraint(op.f(NAME), "networks_run", type_="check")
    op.create_check_constraint(op.f(NAME), "networks_run", BEFORE)
