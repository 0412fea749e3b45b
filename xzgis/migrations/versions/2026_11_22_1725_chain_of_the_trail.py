"""The trail in monthly partitions, with its chain, its seals and its archives."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision: str = "c41d7e92b05a"
down_revision: str | None = "6e0c41d7a9b3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

GUARDED = ("audit_trail", "audit_link", "audit_seal", "audit_archive")
INDEXES: tuple[tuple[str, list[str]], ...] = (
    ("ix_audit_trail_happened_at_id", ["happened_at", "id"]),
    ("ix_audit_trail_actor_happened_at", ["actor", "happened_at"]),
    ("ix_audit_trail_event_happened_at", ["event", "happened_at"]),
    ("ix_audit_trail_object_kind_object_id_happened_at", ["object_kind", "object_id", "happened_at"]),
    ("ix_audit_trail_transaction_id_id", ["transaction_id", "id"]),
)

# A statement trigger of the parent does not fire for statements on a partition: each gets its own.
# Whoever owns the tables owns these functions: the application adds and releases months only through them.
ADD_PARTITION = """
create function audit_add_partition(month date) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  name text := 'audit_trail_' || to_char(month, 'YYYY_MM');
  from_at timestamptz := date_trunc('month', month::timestamp) at time zone 'UTC';
  to_at timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') at time zone 'UTC';
begin
  if to_regclass(name) is not null then return false; end if;
  if exists (select from audit_archive where partition = name) then
    raise exception 'the month % was archived', name using errcode = 'object_not_in_prerequisite_state';
  end if;
  lock table audit_trail in share row exclusive mode;
  execute format('create table %I (like audit_trail including defaults including constraints)', name);
  if exists (select from audit_trail_default where happened_at >= from_at and happened_at < to_at) then
    -- Nobody made the month in time. Its rows keep number, content and place in the chain.
    alter table audit_trail_default disable trigger audit_trail_append_only;
    execute format('with late as (delete from audit_trail_default where happened_at >= %L and happened_at < %L '
                   'returning *) insert into %I select * from late', from_at, to_at, name);
    alter table audit_trail_default enable trigger audit_trail_append_only;
  end if;
  execute format('alter table audit_trail attach partition %I for values from (%L) to (%L)', name, from_at, to_at);
  execute format('create trigger audit_trail_append_only before update or delete or truncate on %I '
                 'for each statement execute function audit_trail_refuse()', name);
  return true;
end $$
"""
RELEASE_PARTITION = """
create function audit_release_partition(name text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  held bigint;
  kept audit_archive;
begin
  if name !~ '^audit_trail_[0-9]{4}_[0-9]{2}$' or not exists (
       select from pg_inherits where inhparent = 'audit_trail'::regclass and inhrelid = to_regclass(name)) then
    raise exception '% is no month of the trail', name using errcode = 'invalid_parameter_value';
  end if;
  select * into kept from audit_archive where partition = name;
  execute format('select count(*) from %I', name) into held;
  if kept.partition is null or kept.rows <> held
     or kept.to_at <> (to_date(right(name, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC' then
    raise exception '% was not archived', name using errcode = 'insufficient_privilege';
  end if;
  if kept.to_at > now() - interval '180 days' then
    raise exception '% must stay online for 180 days', name using errcode = 'insufficient_privilege';
  end if;
  execute format('alter table audit_trail detach partition %I', name);
  execute format('drop table %I', name);
end $$
"""
MONTHS_OF_NOW = """
select audit_add_partition(month::date) from (
  select date_trunc('month', happened_at at time zone 'UTC') as month from audit_trail_before
  union select date_trunc('month', now() at time zone 'UTC') + make_interval(months => step)
    from generate_series(0, 3) as step
) as months
"""
MOVE = """
insert into audit_trail (id, happened_at, transaction_id, actor, via, event, object_kind, object_id, details)
overriding system value
select id, happened_at, transaction_id::bigint, actor, via, event, object_kind, object_id, details
  from audit_trail_before order by id
"""
GO_ON = """
select setval(pg_get_serial_sequence('audit_trail', 'id'), (select max(id) from audit_trail))
 where exists (select from audit_trail)
"""
MOVE_BACK = """
insert into audit_trail_before (id, happened_at, transaction_id, actor, via, event, object_kind, object_id, details)
overriding system value
select id, happened_at, transaction_id::text, actor, via, event, object_kind, object_id, details
  from audit_trail order by id
"""
# Where the tables have an owner of their own, the application adds and reads; where it is the owner itself,
# the triggers and the chain are what there is.
GRANTS = """
do $$
begin
  if current_user <> 'xzgis' and exists (select from pg_roles where rolname = 'xzgis') then
    grant select, insert on audit_trail, audit_link, audit_seal, audit_archive to xzgis;
    grant select, insert, update on audit_check to xzgis;
  end if;
end $$
"""


def upgrade() -> None:
    """Lay the new trail beside the old one, move what happened, drop the old one."""
    op.execute("alter table audit_trail rename to audit_trail_before")
    op.execute("alter sequence audit_trail_id_seq rename to audit_trail_before_id_seq")
    op.execute("alter table audit_trail_before rename constraint pk_audit_trail to pk_audit_trail_before")
    op.execute("drop index ix_audit_trail_happened_at, ix_audit_trail_object_kind_object_id")
    _trail()
    _chain()
    for table in GUARDED:
        op.execute(
            f"create trigger audit_trail_append_only before update or delete or truncate on {table} "
            "for each statement execute function audit_trail_refuse()"
        )
    op.execute("create table audit_trail_default partition of audit_trail default")
    op.execute(
        "create trigger audit_trail_append_only before update or delete or truncate on audit_trail_default "
        "for each statement execute function audit_trail_refuse()"
    )
    op.execute(ADD_PARTITION)
    op.execute(RELEASE_PARTITION)
    op.execute(MONTHS_OF_NOW)
    op.execute(MOVE)
    op.execute(GO_ON)
    op.execute("drop table audit_trail_before")
    _indexes()
    op.execute(GRANTS)


def _trail() -> None:
    op.create_table(
        "audit_trail",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "transaction_id", sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"), nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("acting_for", sa.Text(), nullable=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=True),
        sa.Column("object_id", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), server_default=sa.text("'done'"), nullable=False),
        sa.Column(
            "place",
            Geometry(geometry_type="GEOMETRY", srid=4548, dimension=2, spatial_index=False),
            nullable=True,
        ),
        sa.Column("details", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.CheckConstraint("result in ('done', 'refused')", name=op.f("ck_audit_trail_result_known")),
        sa.CheckConstraint("isfinite(happened_at)", name=op.f("ck_audit_trail_happened_at_finite")),
        sa.PrimaryKeyConstraint("id", "happened_at", name=op.f("pk_audit_trail")),
        postgresql_partition_by="range (happened_at)",
    )  # fmt: skip


def _indexes() -> None:
    for name, columns in INDEXES:
        op.create_index(name, "audit_trail", columns)
    op.create_index(
        "ix_audit_trail_acting_for_happened_at", "audit_trail", ["acting_for", "happened_at"],
        postgresql_where=sa.text("acting_for is not null"),
    )  # fmt: skip
    op.create_index(
        "ix_audit_trail_changes", "audit_trail", ["id"],
        postgresql_where=sa.text("not (event like 'audit.%' or event like 'identity.%')"),
    )  # fmt: skip
    op.create_index(
        "ix_audit_trail_place", "audit_trail", ["place"],
        postgresql_using="gist", postgresql_where=sa.text("place is not null"),
    )  # fmt: skip


def _chain() -> None:
    op.create_table(
        "audit_link",
        sa.Column("pos", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("pos", name=op.f("pk_audit_link")),
    )
    op.create_index(
        "ix_audit_link_entry_id_happened_at", "audit_link", ["entry_id", "happened_at"], unique=True
    )
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("previous", sa.BigInteger(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("horizon", sa.BigInteger(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind in ('begin', 'run')", name=op.f("ck_audit_seal_kind_known")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
    )
    op.create_table(
        "audit_archive",
        sa.Column("partition", sa.Text(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("first_pos", sa.BigInteger(), nullable=False),
        sa.Column("last_pos", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("partition", name=op.f("pk_audit_archive")),
    )
    op.create_table(
        "audit_check",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("done", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_check")),
    )


def downgrade() -> None:
    """One table again, without chain; months that were archived are not brought back."""
    op.create_table(
        "audit_trail_before",
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
        sa.PrimaryKeyConstraint("id", name="pk_audit_trail_before"),
    )
    op.execute(MOVE_BACK)
    op.execute("drop function audit_add_partition, audit_release_partition")
    for table in ("audit_check", "audit_archive", "audit_seal", "audit_link", "audit_trail"):
        op.execute(f"drop table {table}")
    op.execute("alter table audit_trail_before rename to audit_trail")
    op.execute("alter sequence audit_trail_before_id_seq rename to audit_trail_id_seq")
    op.execute("alter table audit_trail rename constraint pk_audit_trail_before to pk_audit_trail")
    op.execute(GO_ON)
    op.create_index("ix_audit_trail_happened_at", "audit_trail", ["happened_at"])
    op.create_index("ix_audit_trail_object_kind_object_id", "audit_trail", ["object_kind", "object_id"])
    op.execute(
        "create trigger audit_trail_append_only before update or delete or truncate on audit_trail "
        "for each statement execute function audit_trail_refuse()"
    )
