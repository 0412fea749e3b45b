"""The ground of rows that stay out of the register is kept: older coverage shows nothing there."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision: str = "7d1f0c5ea938"
down_revision: str | None = "9d41c7e0b583"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "networks_unknown_ground"
CHINA = "st_makeenvelope(200000, 1500000, 800000, 6000000, 4548)"
KNOWN = (
    "known_from >= '2000-01-01 00:00:00+00' and known_from < '2200-01-01 00:00:00+00' "
    "and known_to < '2200-01-01 00:00:00+00'"
)
# As networks_version_stays: it ends once, and nothing else of it ever changes.
STAYS = """
create function networks_unknown_ground_stays() returns trigger language plpgsql as $$
declare changed record;
begin
  if tg_op = 'UPDATE' then
    changed := new;
    changed.known_to := old.known_to;
    changed.ended_by := old.ended_by;
    if old.known_to is null and not changed *<> old then return null; end if;
  end if;
  raise exception 'what a batch left out is never rewritten or deleted: let it end'
    using errcode = 'integrity_constraint_violation', constraint = 'networks_version_stays', table = tg_table_name;
end $$
"""


def upgrade() -> None:
    """Make the table, empty: batches accepted before left no such ground behind."""
    op.create_table(
        TABLE,
        sa.Column("version_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("place", Geometry("GEOMETRY", srid=4548, spatial_index=False), nullable=False),
        sa.Column("area", Geometry("MULTIPOLYGON", srid=4548, spatial_index=False), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("ended_by is null or known_to is not null", name=op.f(f"ck_{TABLE}_end_told")),
        sa.CheckConstraint("st_isvalid(area)", name=op.f(f"ck_{TABLE}_area_valid")),
        sa.CheckConstraint(f"area @ {CHINA}", name=op.f(f"ck_{TABLE}_place_bounded")),
        sa.CheckConstraint(
            "known_to is null or known_from < known_to", name=op.f(f"ck_{TABLE}_known_in_order")
        ),
        sa.CheckConstraint(KNOWN, name=op.f(f"ck_{TABLE}_known_bounded")),
        sa.ForeignKeyConstraint(["batch_id"], ["networks_batch.id"], name=f"fk_{TABLE}_batch_id"),
        sa.ForeignKeyConstraint(["ended_by"], ["networks_batch.id"], name=f"fk_{TABLE}_ended_by"),
        sa.ForeignKeyConstraint(["kind"], ["catalogue_kind.token"], name=f"fk_{TABLE}_kind"),
        sa.PrimaryKeyConstraint("version_id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(f"ix_{TABLE}_area", TABLE, ["area"], postgresql_using="gist")
    op.create_index(op.f(f"ix_{TABLE}_batch_id"), TABLE, ["batch_id"])
    op.create_index(op.f(f"ix_{TABLE}_ended_by"), TABLE, ["ended_by"])
    op.execute(STAYS)
    op.execute(
        f"create trigger {TABLE}_stays after update or delete on {TABLE} for each row "
        "execute function networks_unknown_ground_stays()"
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table(TABLE)
    op.execute("drop function networks_unknown_ground_stays()")
