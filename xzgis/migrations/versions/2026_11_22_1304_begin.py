"""Begin: the trail, the kinds, land, works, and the queue's own tables."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision: str = "d3db50ecd848"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

QUEUE = Path(__file__).parents[1] / "sql" / "procrastinate_3_10.sql"

TRAIL_APPEND_ONLY = """
create function audit_trail_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the trail is append-only: % refused', lower(tg_op) using errcode = 'insufficient_privilege';
end $$
"""
TRAIL_GUARD = """
create trigger audit_trail_append_only before update or delete or truncate on audit_trail
for each statement execute function audit_trail_refuse()
"""

DROP_QUEUE = """
do $$
declare thing record;
begin
  drop table if exists procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs,
    procrastinate_workers cascade;
  for thing in select p.oid::regprocedure as name from pg_proc p where p.proname like 'procrastinate%' loop
    execute 'drop function ' || thing.name;
  end loop;
  drop type if exists procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type;
end $$
"""


def upgrade() -> None:
    """Make the tables; the extension is there already unless this is a bare database."""
    op.execute("create extension if not exists postgis")
    op.create_table(
        "audit_trail",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "transaction_id", sa.Text(), server_default=sa.text("pg_current_xact_id()::text"), nullable=False
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=True),
        sa.Column("object_id", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_trail"),
    )
    op.create_index("ix_audit_trail_happened_at", "audit_trail", ["happened_at"])
    op.create_index("ix_audit_trail_object_kind_object_id", "audit_trail", ["object_kind", "object_id"])
    op.create_table(
        "catalogue_kind",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_catalogue_kind"),
    )
    op.create_table(
        "land_building",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("storeys", sa.Integer(), nullable=True),
        sa.Column(
            "outline",
            Geometry(geometry_type="POLYGON", srid=4548, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.CheckConstraint("st_isvalid(outline)", name=op.f("ck_land_building_outline_valid")),
        sa.PrimaryKeyConstraint("id", name="pk_land_building"),
    )
    op.create_index("ix_land_building_outline", "land_building", ["outline"], postgresql_using="gist")
    op.create_table(
        "land_parcel",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("land_use", sa.Text(), nullable=True),
        sa.Column(
            "area",
            Geometry(geometry_type="POLYGON", srid=4548, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.Column("attributes", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("st_isvalid(area)", name=op.f("ck_land_parcel_area_valid")),
        sa.PrimaryKeyConstraint("id", name="pk_land_parcel"),
        sa.UniqueConstraint("number", name="uq_land_parcel_number"),
    )
    op.create_index("ix_land_parcel_area", "land_parcel", ["area"], postgresql_using="gist")
    op.create_table(
        "works_work",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "axis",
            Geometry(geometry_type="MULTILINESTRING", srid=4548, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ends_on is null or starts_on is null or starts_on <= ends_on",
            name=op.f("ck_works_work_dates_in_order"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_works_work"),
    )
    op.create_index("ix_works_work_axis", "works_work", ["axis"], postgresql_using="gist")
    op.execute(TRAIL_APPEND_ONLY)
    op.execute(TRAIL_GUARD)
    op.get_bind().exec_driver_sql(QUEUE.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Take everything away but the extensions."""
    for table in ("works_work", "land_parcel", "land_building", "catalogue_kind", "audit_trail"):
        op.execute(f"drop table {table}")
    op.execute("drop function audit_trail_refuse")
    op.execute(DROP_QUEUE)
