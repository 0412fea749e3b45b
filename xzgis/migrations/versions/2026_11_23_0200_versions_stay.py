"""A version of the register is never rewritten, never doubled in time, and no version of an undone batch is current."""

from collections.abc import Sequence

from alembic import op

revision: str = "a90c35e71fd4"
down_revision: str | None = "d41c7be9a052"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("networks_run", "networks_node", "networks_coverage")
# Infinity and a slip of a century; a plain constant, since a check constraint must not ask a clock.
KNOWN = (
    "known_from >= '2000-01-01 00:00:00+00' and known_from < '2200-01-01 00:00:00+00' "
    "and known_to < '2200-01-01 00:00:00+00'"
)
# The city is ahead of UTC, and the clock of a machine may be a day ahead of both.
LATEST = "(known_from at time zone 'UTC')::date + 2"
SURVEYED = f"surveyed_on >= '1800-01-01' and surveyed_on <= {LATEST}"
TRUE = " and ".join(f"{day} >= '1800-01-01' and {day} < '2200-01-01'" for day in ("true_from", "true_to"))
BOUNDS = {
    "networks_run": {
        "known_bounded": KNOWN,
        "true_bounded": TRUE,
        "surveyed_before_known": SURVEYED,
        "built_before_known": f"built_on >= '1800-01-01' and built_on < '2200-01-01' and "
        f"(built_on <= {LATEST} or life_state not in ('built','disused'))",
        "ends_differ": "from_node_id <> to_node_id or st_distance(st_startpoint(axis), st_endpoint(axis)) < 0.1",
        "burial": "burial in ('direct_buried','pipe_buried','conduit','duct_block','channel','overhead','surface',"
        "'riser','small_passage','utility_tunnel','civil_defence','chamber_link','jacked','underwater',"
        "'underground_structure')",
    },
    "networks_node": {"known_bounded": KNOWN, "true_bounded": TRUE},
    "networks_coverage": {"known_bounded": KNOWN, "surveyed_before_known": SURVEYED},
    "networks_batch": {
        "accepted_told": "state <> 'accepted' or accepted_at is not null",
        "undone_told": "(state = 'undone') = (undone_at is not null)",
    },
}

VERSION_STAYS = """
create function networks_version_stays() returns trigger language plpgsql as $$
declare changed record;
begin
  if tg_op = 'UPDATE' then
    changed := new;
    changed.known_to := old.known_to;
    -- Byte by byte: an axis drawn the other way round is another axis.
    if old.known_to is null and not changed *<> old then return null; end if;
  end if;
  raise exception 'a version of the register is never rewritten or deleted: close it and add another'
    using errcode = 'integrity_constraint_violation', constraint = 'networks_version_stays', table = tg_table_name;
end $$
"""
# The two halves of the index by object (current, past) are asked apart, so that both are used.
VERSIONS_FOLLOW = """
create function {table}_versions_follow() returns trigger language plpgsql as $$
declare wrong bigint;
begin
  select a.object_id into wrong
    from added a join {table} past on past.object_id = a.object_id and past.known_to is not null
   where past.version_id <> a.version_id and past.known_to > a.known_from
     and (a.known_to is null or past.known_from < a.known_to) limit 1;
  if not found then
    select a.object_id into wrong
      from added a join {table} now on now.object_id = a.object_id and now.known_to is null
     where a.known_to is not null and now.known_from < a.known_to limit 1;
  end if;
  if wrong is not null then
    raise exception 'two versions of object % would be known at the same moment', wrong
      using errcode = 'exclusion_violation', constraint = 'ex_{table}_versions', table = '{table}';
  end if;
  select id into wrong from networks_batch
   where id in (select batch_id from added where known_to is null) and state in ('undone','cancelled') limit 1;
  if found then
    raise exception 'batch % is not in the register', wrong
      using errcode = 'integrity_constraint_violation', constraint = 'networks_batch_stands', table = '{table}';
  end if;
  return null;
end $$
"""
UNDONE_IS_OUT = """
create function networks_undone_is_out() returns trigger language plpgsql as $$
begin
  if exists (select from networks_run where batch_id = new.id and known_to is null)
     or exists (select from networks_node where batch_id = new.id and known_to is null)
     or exists (select from networks_coverage where batch_id = new.id and known_to is null) then
    raise exception 'batch % is undone but has current records', new.id
      using errcode = 'integrity_constraint_violation', constraint = 'networks_batch_stands', table = 'networks_batch';
  end if;
  return null;
end $$
"""
# Deferred: the batch is marked first, and its records are closed behind it.
ON_UNDONE = """
create constraint trigger networks_undone_is_out after insert or update of state on networks_batch
deferrable initially deferred for each row when (new.state in ('undone', 'cancelled'))
execute function networks_undone_is_out()
"""
STAYS = """
create trigger {table}_version_stays after update or delete on {table} for each row
execute function networks_version_stays()
"""
FOLLOW = """
create trigger {table}_versions_follow after insert on {table} referencing new table as added
for each statement execute function {table}_versions_follow()
"""


def upgrade() -> None:
    """Named bounds and triggers; a register that breaks a bound keeps its old schema and says which."""
    for table, bounds in BOUNDS.items():
        for name, condition in bounds.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    for statement in (VERSION_STAYS, UNDONE_IS_OUT, ON_UNDONE):
        op.execute(statement)
    for table in TABLES:
        for statement in (VERSIONS_FOLLOW, STAYS, FOLLOW):
            op.execute(statement.format(table=table))


def downgrade() -> None:
    """Without them."""
    op.execute("drop trigger networks_undone_is_out on networks_batch")
    for table in TABLES:
        op.execute(f"drop trigger {table}_version_stays on {table}")
        op.execute(f"drop trigger {table}_versions_follow on {table}")
        op.execute(f"drop function {table}_versions_follow")
    op.execute("drop function networks_version_stays")
    op.execute("drop function networks_undone_is_out")
    for table, bounds in BOUNDS.items():
        for name in bounds:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
