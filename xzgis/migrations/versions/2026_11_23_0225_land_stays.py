"""Parcels and buildings that are taken out stay, with the times from and to which they were known."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c3f81b5d20ae"
down_revision: str | None = "a90c35e71fd4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CURRENT = sa.text("known_to is null")
SHAPES = {"land_parcel": "area", "land_building": "outline"}
# What stands was written no later than the trail says; without a word of it, from now on.
WRITTEN = """
update {table} set known_from =
  coalesce((select max(happened_at) from audit_trail where event = 'land.land.written'), now())
"""
FORGET = "delete from {table} where known_to is not null"
STAYS = """
create trigger {table}_version_stays after update or delete on {table} for each row
execute function networks_version_stays()
"""


def upgrade() -> None:
    """Add both times; numbers are unique among current parcels, and what is closed is never changed."""
    for table, shape in SHAPES.items():
        for name in ("known_from", "known_to"):
            op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        op.execute(WRITTEN.format(table=table))
        op.alter_column(table, "known_from", nullable=False)
        op.create_check_constraint(op.f(f"ck_{table}_known_in_order"), table, "known_from < known_to")
        op.drop_index(f"ix_{table}_{shape}", table)
        op.create_index(
            f"ix_{table}_{shape}", table, [shape], postgresql_using="gist", postgresql_where=CURRENT
        )
        op.execute(STAYS.format(table=table))
    op.drop_constraint("uq_land_parcel_number", "land_parcel")
    op.create_index(
        "uq_land_parcel_current", "land_parcel", ["number"], unique=True, postgresql_where=CURRENT
    )


def downgrade() -> None:
    """Without them; what was taken out goes for good."""
    op.drop_index("uq_land_parcel_current", "land_parcel")
    for table, shape in SHAPES.items():
        op.execute(f"drop trigger {table}_version_stays on {table}")
        op.execute(FORGET.format(table=table))
        op.drop_index(f"ix_{table}_{shape}", table)
        op.drop_constraint(op.f(f"ck_{table}_known_in_order"), table)
        for name in ("known_from", "known_to"):
            op.drop_column(table, name)
        op.create_index(f"ix_{table}_{shape}", table, [shape], postgresql_using="gist")
    op.create_unique_constraint("uq_land_parcel_number", "land_parcel", ["number"])
