"""The tables refuse what can never be true: sizes, levels, places, words, and ends that do not exist."""

from collections.abc import Sequence

from alembic import op

revision: str = "6f20c9d17e3b"
down_revision: str | None = "b27e5f08c6d1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHINA = "st_makeenvelope(200000, 1500000, 800000, 6000000, 4548)"
BOUNDS = {
    "networks_run": {
        "place_bounded": f"axis @ {CHINA}",
        "levels_bounded": "-500 < all (crown_m) and 9000 > all (crown_m) and -500 < all (bottom_m) and "
        "9000 > all (bottom_m) and -500 < all (ground_m) and 9000 > all (ground_m)",
        "recorded_bounded": "abs(start_depth_m) < 10000 and abs(end_depth_m) < 10000 and "
        "abs(start_level_m) < 10000 and abs(end_level_m) < 10000",
        "nominal_positive": "nominal_width_mm > 0 and nominal_width_mm < 100000 and "
        "nominal_height_mm > 0 and nominal_height_mm < 100000",
        "wall_not_negative": "outer_width_mm >= nominal_width_mm * 0.999 and "
        "outer_height_mm >= nominal_height_mm * 0.999",
        "spread_positive": "outer_spread_mm >= 0 and outer_spread_mm < 100000",
        "voltage_positive": "voltage_kv > 0 and voltage_kv <= 2000",
        "pressure_class": "pressure_class in ('low','medium','medium_A','medium_B','subhigh','subhigh_A',"
        "'subhigh_B','high','high_A','high_B','super_high')",
        "depth_reference": "depth_reference in "
        "('invert','crown','outer_top','inner_bottom','outer_bottom','unknown')",
        "flow": "flow in (1, -1)",
    },
    "networks_node": {
        "place_bounded": "st_x(place) > 200000 and st_x(place) < 800000 and "
        "st_y(place) > 1500000 and st_y(place) < 6000000",
        "ground_bounded": "ground_m > -500 and ground_m < 9000",
        "chamber_bounded": "abs(chamber_depth_m) < 10000",
    },
    "networks_coverage": {
        "place_bounded": f"area @ {CHINA}",
        "method_told": "btrim(method) <> '' and length(method) <= 500",
        "quality_told": "btrim(quality) <> '' and length(quality) <= 500",
    },
    "networks_road": {"place_bounded": f"shape @ {CHINA}"},
}

# The two halves of the index of nodes (current, past) are asked apart, so that both are used.
NODE_IS_THERE = """
create function networks_node_is_there(node bigint) returns boolean language sql stable parallel safe as $$
  select exists (select from networks_node where object_id = node and known_to is null)
      or exists (select from networks_node where object_id = node and known_to is not null)
$$
"""
# One query for all rows of a statement; a large load of the product asks once itself (networks/actions/register.py).
ENDS_OF_ADDED = """
create function networks_run_ends_of_added() returns trigger language plpgsql as $$
declare missing bigint;
begin
  select ends.id into missing
    from (select distinct unnest(array[from_node_id, to_node_id]) as id from added) ends
   where ends.id is not null and not networks_node_is_there(ends.id) limit 1;
  if found then
    raise exception 'run ends at node %, which does not exist', missing
      using errcode = 'foreign_key_violation', constraint = 'fk_networks_run_node', table = 'networks_run';
  end if;
  return null;
end $$
"""
ENDS_OF_CHANGED = """
create function networks_run_ends_of_changed() returns trigger language plpgsql as $$
begin
  if (new.from_node_id is not null and not networks_node_is_there(new.from_node_id))
     or (new.to_node_id is not null and not networks_node_is_there(new.to_node_id)) then
    raise exception 'run ends at a node that does not exist'
      using errcode = 'foreign_key_violation', constraint = 'fk_networks_run_node', table = 'networks_run';
  end if;
  return null;
end $$
"""
NODES_STAY = """
create function networks_node_stays() returns trigger language plpgsql as $$
begin
  if exists (select from gone join networks_run run on run.from_node_id = gone.object_id
              where not networks_node_is_there(gone.object_id))
     or exists (select from gone join networks_run run on run.to_node_id = gone.object_id
              where not networks_node_is_there(gone.object_id)) then
    raise exception 'a run ends at this node'
      using errcode = 'foreign_key_violation', constraint = 'fk_networks_run_node', table = 'networks_node';
  end if;
  return null;
end $$
"""
IDENTITY_STAYS = """
create function networks_node_identity_stays() returns trigger language plpgsql as $$
begin
  raise exception 'the identity of a node never changes'
    using errcode = 'integrity_constraint_violation', constraint = 'networks_node_identity', table = 'networks_node';
end $$
"""
ON_ADDED = """
create trigger networks_run_ends_of_added after insert on networks_run referencing new table as added
for each statement execute function networks_run_ends_of_added()
"""
ON_CHANGED = """
create trigger networks_run_ends_of_changed after update of from_node_id, to_node_id on networks_run for each row
when (new.from_node_id is distinct from old.from_node_id or new.to_node_id is distinct from old.to_node_id)
execute function networks_run_ends_of_changed()
"""
ON_REMOVED = """
create trigger networks_node_stays_removed after delete on networks_node referencing old table as gone
for each statement execute function networks_node_stays()
"""
ON_RENAMED = """
create trigger networks_node_identity_stays after update of object_id on networks_node for each row
when (new.object_id is distinct from old.object_id) execute function networks_node_identity_stays()
"""
TRIGGERS = (ON_ADDED, ON_CHANGED, ON_REMOVED, ON_RENAMED)


def upgrade() -> None:
    """Named bounds and triggers; a register that breaks one keeps its old schema and says which."""
    op.drop_constraint(op.f("ck_networks_node_place_finite"), "networks_node")
    for table, bounds in BOUNDS.items():
        for name, condition in bounds.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    for statement in (NODE_IS_THERE, ENDS_OF_ADDED, ENDS_OF_CHANGED, NODES_STAY, IDENTITY_STAYS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """Without them."""
    for table, name in (
        ("networks_run", "networks_run_ends_of_added"),
        ("networks_run", "networks_run_ends_of_changed"),
        ("networks_node", "networks_node_stays_removed"),
        ("networks_node", "networks_node_identity_stays"),
    ):
        op.execute(f"drop trigger {name} on {table}")
    for name in (
        "run_ends_of_added",
        "run_ends_of_changed",
        "node_stays",
        "node_identity_stays",
        "node_is_there",
    ):
        op.execute(f"drop function networks_{name}")
    for table, bounds in BOUNDS.items():
        for name in bounds:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(
        op.f("ck_networks_node_place_finite"),
        "networks_node",
        "abs(st_x(place)) < 100000000 and abs(st_y(place)) < 100000000",
    )
