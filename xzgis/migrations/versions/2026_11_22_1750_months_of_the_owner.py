"""Months of the trail are made and released under the owner's rights, with nothing of the application's in the way."""

from collections.abc import Sequence

from alembic import op

revision: str = "e5b8027fd61c"
down_revision: str | None = "a90d3be5f417"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# They run with the rights of the trail's owner, and the application may make functions in public: a function that
# fits better than one of pg_catalog would be called in its place. So nothing is looked up there, and what lies
# there is named in full. Whoever may read the trail may read a month of it.
ADD_PARTITION = """
create or replace function public.audit_add_partition(month date) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  name text := 'audit_trail_' || to_char(month::timestamp, 'YYYY_MM');
  from_at timestamptz := date_trunc('month', month::timestamp) at time zone 'UTC';
  to_at timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') at time zone 'UTC';
  reader oid;
begin
  if to_regclass('public.' || name) is not null then return false; end if;
  if exists (select from public.audit_archive where partition = name) then
    raise exception 'the month % was archived', name using errcode = 'object_not_in_prerequisite_state';
  end if;
  lock table public.audit_trail in share row exclusive mode;
  execute format('create table public.%I (like public.audit_trail including defaults including constraints)', name);
  if exists (select from public.audit_trail_default where happened_at >= from_at and happened_at < to_at) then
    -- Nobody made the month in time. Its rows keep number, content and place in the chain.
    alter table public.audit_trail_default disable trigger audit_trail_append_only;
    execute format('with late as (delete from public.audit_trail_default where happened_at >= %L '
                   'and happened_at < %L returning *) insert into public.%I select * from late', from_at, to_at, name);
    alter table public.audit_trail_default enable trigger audit_trail_append_only;
  end if;
  execute format('alter table public.audit_trail attach partition public.%I for values from (%L) to (%L)',
                 name, from_at, to_at);
  execute format('create trigger audit_trail_append_only before update or delete or truncate on public.%I '
                 'for each statement execute function public.audit_trail_refuse()', name);
  for reader in
    select distinct held.grantee from pg_class c, aclexplode(c.relacl) held
     where c.oid = 'public.audit_trail'::regclass and held.privilege_type = 'SELECT'
       and held.grantee not in (0, c.relowner)
  loop execute format('grant select on public.%I to %s', name, reader::regrole); end loop;
  return true;
end $$
"""
RELEASE_PARTITION = """
create or replace function public.audit_release_partition(name text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  held bigint;
  kept public.audit_archive;
begin
  if name !~ '^audit_trail_[0-9]{4}_[0-9]{2}$' or not exists (
       select from pg_inherits
        where inhparent = 'public.audit_trail'::regclass and inhrelid = to_regclass('public.' || name)) then
    raise exception '% is no month of the trail', name using errcode = 'invalid_parameter_value';
  end if;
  select * into kept from public.audit_archive where partition = name;
  execute format('select count(*) from public.%I', name) into held;
  if kept.partition is null or kept.rows <> held
     or kept.to_at <> (to_date(right(name, 7), 'YYYY_MM')::timestamp + interval '1 month') at time zone 'UTC' then
    raise exception '% was not archived', name using errcode = 'insufficient_privilege';
  end if;
  if kept.to_at > now() - interval '180 days' then
    raise exception '% must stay online for 180 days', name using errcode = 'insufficient_privilege';
  end if;
  execute format('alter table public.audit_trail detach partition public.%I', name);
  execute format('drop table public.%I', name);
end $$
"""
AS_BEFORE = "alter function audit_{}_partition set search_path = public, pg_temp"


def upgrade() -> None:
    """Close the two functions against names of the application."""
    op.execute(ADD_PARTITION)
    op.execute(RELEASE_PARTITION)


def downgrade() -> None:
    """The functions do the same as before; only where they look names up goes back."""
    for verb in ("add", "release"):
        op.execute(AS_BEFORE.format(verb))
