-- How the keeping of the trail stands: one row.
-- horizon: number before which all is sealed (null: nothing sealed yet).
select (select count(*) from (select from audit_trail as entry
          where transaction_id >= coalesce(:horizon, 0)
            and not exists (select from audit_link as link
                             where link.entry_id = entry.id and link.happened_at = entry.happened_at)
          limit 100001) as unsealed) as waiting,
       (select count(*) from (select from audit_trail_default limit 100001) as outside) as outside_months,
       (select max(to_regclass(child.relname::text)::text)
          from pg_inherits join pg_class as child on child.oid = inhrelid
         where inhparent = 'audit_trail'::regclass and child.relname ~ '^audit_trail_[0-9]{4}_[0-9]{2}$') as last_month,
       (select extract(epoch from now() - min(xact_start)) from pg_stat_activity
         where backend_xid is not null and datname = current_database() and pid <> pg_backend_pid())::float
         as oldest_open_s
