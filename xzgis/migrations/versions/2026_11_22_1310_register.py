"""The register: batches, runs, nodes, coverage, roads."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision: str = "5b1c7e02a9d4"
down_revision: str | None = "d3db50ecd848"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# One call per row of a large load: plain loops in one function are the fastest that PostgreSQL 15 offers
# (a SQL function with unnest costs several times as much). NaN is refused: unknown is NULL, nothing else.
LEVELS_SOUND = """
create function networks_levels_sound(crown float8[], bottom float8[], n int) returns boolean
language plpgsql immutable parallel safe as $$
begin
  if crown is not null and (cardinality(crown) <> n or array_ndims(crown) <> 1) then return false; end if;
  if bottom is not null and (cardinality(bottom) <> n or array_ndims(bottom) <> 1) then return false; end if;
  for i in 1..n loop
    if crown[i] < bottom[i] or crown[i] > 10000 or bottom[i] > 10000 then return false; end if;
  end loop;
  return true;
end $$
"""


def upgrade() -> None:
    """Make the tables of the register."""
    op.execute(sa.schema.CreateSequence(sa.Sequence("networks_object_id", data_type=sa.BigInteger())))
    op.execute(LEVELS_SOUND)
    op.create_table(
        "networks_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("intake", sa.Text(), nullable=True),
        sa.Column("options", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("files", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("crs", postgresql.JSONB(), nullable=True),
        sa.Column("summary", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("delivery_file", sa.Text(), nullable=True),
        sa.Column("progress_percent", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("progress_step", sa.Text(), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_invented", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "state in ('received','reading','read','refused','accepting','accepted','undone','cancelled')",
            name=op.f("ck_networks_batch_state"),
        ),
        sa.CheckConstraint(
            "progress_percent between 0 and 100", name=op.f("ck_networks_batch_progress_percent")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_networks_batch"),
    )
    op.create_index("ix_networks_batch_content_digest", "networks_batch", ["content_digest"])
    op.create_table(
        "networks_batch_finding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column("remedy_zh", sa.Text(), nullable=False),
        sa.Column("remedy_en", sa.Text(), nullable=False),
        sa.Column(
            "place",
            Geometry(geometry_type="POINT", srid=4548, dimension=2, spatial_index=False),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["networks_batch.id"], name="fk_networks_batch_finding_batch_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_networks_batch_finding"),
    )
    op.create_index("ix_networks_batch_finding_batch_id", "networks_batch_finding", ["batch_id"])
    op.create_table(
        "networks_coverage",
        sa.Column("version_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "area",
            Geometry(geometry_type="MULTIPOLYGON", srid=4548, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.Column("surveyed_on", sa.Date(), nullable=True),
        sa.Column("surveyed_by", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("quality", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "known_to is null or known_from < known_to", name=op.f("ck_networks_coverage_known_in_order")
        ),
        sa.CheckConstraint("st_isvalid(area)", name=op.f("ck_networks_coverage_area_valid")),
        sa.ForeignKeyConstraint(["batch_id"], ["networks_batch.id"], name="fk_networks_coverage_batch_id"),
        sa.ForeignKeyConstraint(["kind"], ["catalogue_kind.token"], name="fk_networks_coverage_kind"),
        sa.PrimaryKeyConstraint("version_id", name="pk_networks_coverage"),
    )
    op.create_index(
        "ix_networks_coverage_area_current",
        "networks_coverage",
        ["area"],
        postgresql_using="gist",
        postgresql_where=sa.text("known_to is null"),
    )
    op.create_index("ix_networks_coverage_batch_id", "networks_coverage", ["batch_id"])
    op.create_index(
        "ix_networks_coverage_past",
        "networks_coverage",
        ["object_id"],
        postgresql_where=sa.text("known_to is not null"),
    )
    op.create_index(
        "uq_networks_coverage_current",
        "networks_coverage",
        ["object_id"],
        unique=True,
        postgresql_where=sa.text("known_to is null"),
    )
    op.create_table(
        "networks_node",
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("point_no", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column(
            "place",
            Geometry(geometry_type="POINT", srid=4548, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.Column("ground_m", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("feature", sa.Text(), nullable=True),
        sa.Column("appurtenance", sa.Text(), nullable=True),
        sa.Column("chamber_depth_m", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("is_visible", sa.Boolean(), nullable=True),
        sa.Column("accuracy_class", sa.Text(), nullable=False),
        sa.Column("sigma_plan_m", sa.DOUBLE_PRECISION(), nullable=False),
        sa.Column("sigma_level_m", sa.DOUBLE_PRECISION(), nullable=False),
        sa.Column("road", sa.Text(), nullable=True),
        sa.Column("version_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("life_state", sa.Text(), nullable=False),
        sa.Column("true_from", sa.Date(), nullable=True),
        sa.Column("true_to", sa.Date(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=True),
        sa.Column("attributes", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(
            "life_state in ('pending','approved','reserved','built','disused')",
            name=op.f("ck_networks_node_life_state"),
        ),
        sa.CheckConstraint(
            "abs(st_x(place)) < 100000000 and abs(st_y(place)) < 100000000",
            name=op.f("ck_networks_node_place_finite"),
        ),
        sa.CheckConstraint(
            "known_to is null or known_from < known_to", name=op.f("ck_networks_node_known_in_order")
        ),
        sa.CheckConstraint(
            "sigma_plan_m >= 0 and sigma_plan_m < 100000 and sigma_level_m >= 0 and sigma_level_m < 100000",
            name=op.f("ck_networks_node_sigma_positive"),
        ),
        sa.CheckConstraint(
            "true_to is null or true_from is null or true_from <= true_to",
            name=op.f("ck_networks_node_true_in_order"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["networks_batch.id"], name="fk_networks_node_batch_id"),
        sa.ForeignKeyConstraint(["kind"], ["catalogue_kind.token"], name="fk_networks_node_kind"),
        sa.PrimaryKeyConstraint("version_id", name="pk_networks_node"),
    )
    op.create_index("ix_networks_node_batch", "networks_node", ["batch_id"], postgresql_using="brin")
    op.create_index(
        "ix_networks_node_past",
        "networks_node",
        ["object_id"],
        postgresql_where=sa.text("known_to is not null"),
    )
    op.create_index(
        "ix_networks_node_place_current",
        "networks_node",
        ["place"],
        postgresql_using="gist",
        postgresql_where=sa.text("known_to is null"),
    )
    op.create_index(
        "ix_networks_node_place_past",
        "networks_node",
        ["place"],
        postgresql_using="gist",
        postgresql_where=sa.text("known_to is not null"),
    )
    op.create_index(
        "ix_networks_node_point_no",
        "networks_node",
        ["point_no"],
        postgresql_ops={"point_no": "text_pattern_ops"},
        postgresql_where=sa.text("known_to is null"),
    )
    op.create_index(
        "ix_networks_node_road",
        "networks_node",
        ["road"],
        postgresql_ops={"road": "text_pattern_ops"},
        postgresql_where=sa.text("known_to is null and road is not null"),
    )
    op.create_index(
        "uq_networks_node_current",
        "networks_node",
        ["object_id"],
        unique=True,
        postgresql_where=sa.text("known_to is null"),
    )
    op.create_table(
        "networks_road",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("shape", Geometry(srid=4548, dimension=2, spatial_index=False), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "part in ('centreline','carriageway','footway','kerb')", name=op.f("ck_networks_road_part")
        ),
        sa.CheckConstraint("st_isvalid(shape)", name=op.f("ck_networks_road_shape_valid")),
        sa.ForeignKeyConstraint(["batch_id"], ["networks_batch.id"], name="fk_networks_road_batch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_networks_road"),
    )
    op.create_index("ix_networks_road_batch_id", "networks_road", ["batch_id"])
    op.create_index("ix_networks_road_name", "networks_road", ["name"])
    op.create_index("ix_networks_road_shape", "networks_road", ["shape"], postgresql_using="gist")
    op.create_table(
        "networks_run",
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column(
            "axis",
            Geometry(geometry_type="LINESTRING", srid=4548, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.Column("crown_m", postgresql.ARRAY(sa.DOUBLE_PRECISION()), nullable=True),
        sa.Column("bottom_m", postgresql.ARRAY(sa.DOUBLE_PRECISION()), nullable=True),
        sa.Column("ground_m", postgresql.ARRAY(sa.DOUBLE_PRECISION()), nullable=True),
        sa.Column("from_node_id", sa.BigInteger(), nullable=True),
        sa.Column("to_node_id", sa.BigInteger(), nullable=True),
        sa.Column("shape", sa.Text(), nullable=True),
        sa.Column("nominal_width_mm", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("nominal_height_mm", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("outer_width_mm", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("outer_height_mm", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("outer_spread_mm", sa.DOUBLE_PRECISION(), server_default=sa.text("0"), nullable=False),
        sa.Column("outer_is_assumed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("pressure_class", sa.Text(), nullable=True),
        sa.Column("voltage_kv", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("burial", sa.Text(), nullable=True),
        sa.Column("material", sa.Text(), nullable=True),
        sa.Column("bank_id", sa.BigInteger(), nullable=True),
        sa.Column("start_depth_m", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("end_depth_m", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("start_level_m", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("end_level_m", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("depth_reference", sa.Text(), nullable=True),
        sa.Column("flow", sa.Integer(), nullable=True),
        sa.Column("accuracy_class", sa.Text(), nullable=False),
        sa.Column("sigma_plan_m", sa.DOUBLE_PRECISION(), nullable=False),
        sa.Column("sigma_level_m", sa.DOUBLE_PRECISION(), nullable=False),
        sa.Column("built_on", sa.Date(), nullable=True),
        sa.Column("surveyed_on", sa.Date(), nullable=True),
        sa.Column("road", sa.Text(), nullable=True),
        sa.Column("version_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("life_state", sa.Text(), nullable=False),
        sa.Column("true_from", sa.Date(), nullable=True),
        sa.Column("true_to", sa.Date(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=True),
        sa.Column("attributes", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(
            "life_state in ('pending','approved','reserved','built','disused')",
            name=op.f("ck_networks_run_life_state"),
        ),
        sa.CheckConstraint("shape in ('circle','rectangle')", name=op.f("ck_networks_run_shape")),
        sa.CheckConstraint(
            "ground_m is null or cardinality(ground_m) = st_npoints(axis)",
            name=op.f("ck_networks_run_ground_fits"),
        ),
        sa.CheckConstraint(
            "known_to is null or known_from < known_to", name=op.f("ck_networks_run_known_in_order")
        ),
        sa.CheckConstraint(
            "networks_levels_sound(crown_m, bottom_m, st_npoints(axis))",
            name=op.f("ck_networks_run_levels_sound"),
        ),
        sa.CheckConstraint(
            "outer_width_mm > 0 and outer_width_mm < 100000 and outer_height_mm > 0 and outer_height_mm < 100000",
            name=op.f("ck_networks_run_outer_positive"),
        ),
        sa.CheckConstraint(
            "sigma_plan_m >= 0 and sigma_plan_m < 100000 and sigma_level_m >= 0 and sigma_level_m < 100000",
            name=op.f("ck_networks_run_sigma_positive"),
        ),
        sa.CheckConstraint(
            "st_length(axis) > 0 and st_length(axis) < 1000000", name=op.f("ck_networks_run_has_length")
        ),
        sa.CheckConstraint(
            "true_to is null or true_from is null or true_from <= true_to",
            name=op.f("ck_networks_run_true_in_order"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["networks_batch.id"], name="fk_networks_run_batch_id"),
        sa.ForeignKeyConstraint(["kind"], ["catalogue_kind.token"], name="fk_networks_run_kind"),
        sa.PrimaryKeyConstraint("version_id", name="pk_networks_run"),
    )
    op.create_index(
        "ix_networks_run_axis_current",
        "networks_run",
        ["axis"],
        postgresql_using="gist",
        postgresql_where=sa.text("known_to is null"),
    )
    op.create_index(
        "ix_networks_run_axis_past",
        "networks_run",
        ["axis"],
        postgresql_using="gist",
        postgresql_where=sa.text("known_to is not null"),
    )
    op.create_index("ix_networks_run_batch", "networks_run", ["batch_id"], postgresql_using="brin")
    op.create_index(
        "ix_networks_run_from_node",
        "networks_run",
        ["from_node_id"],
        postgresql_where=sa.text("known_to is null"),
    )
    op.create_index(
        "ix_networks_run_label",
        "networks_run",
        ["label"],
        postgresql_ops={"label": "text_pattern_ops"},
        postgresql_where=sa.text("known_to is null"),
    )
    op.create_index(
        "ix_networks_run_past",
        "networks_run",
        ["object_id"],
        postgresql_where=sa.text("known_to is not null"),
    )
    op.create_index(
        "ix_networks_run_road",
        "networks_run",
        ["road"],
        postgresql_ops={"road": "text_pattern_ops"},
        postgresql_where=sa.text("known_to is null and road is not null"),
    )
    op.create_index(
        "ix_networks_run_to_node",
        "networks_run",
        ["to_node_id"],
        postgresql_where=sa.text("known_to is null"),
    )
    op.create_index(
        "uq_networks_run_current",
        "networks_run",
        ["object_id"],
        unique=True,
        postgresql_where=sa.text("known_to is null"),
    )


def downgrade() -> None:
    """Take the register away."""
    for thing in ("run", "road", "node", "coverage", "batch_finding", "batch"):
        op.execute(f"drop table networks_{thing}")
    op.execute("drop function networks_levels_sound")
    op.execute("drop sequence networks_object_id")
