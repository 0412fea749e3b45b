"""How the trail is read, and whether this connection's role could change it."""

from sqlalchemy import text

# A role that owns a part of the trail, may become its owner, or owns the schema it lies in, may take the guard away.
# Verifications that were asked for (audit_check) are no part of it: they are brought to their end.
TRAIL_PROTECTED = text(
    r"""
    select not exists (
        select from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname like 'audit\_%'
           and c.relname <> 'audit_check'
           and (has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
                or pg_has_role(c.relowner, 'MEMBER') or pg_has_role(n.nspowner, 'MEMBER'))
    ) and not exists (
        select from pg_proc p
         where p.pronamespace = 'public'::regnamespace and p.proname like 'audit\_%'
           and pg_has_role(p.proowner, 'MEMBER')
    ) and not (select rolsuper from pg_roles where rolname = current_user)
    """
)
"""One truth: the role of the connection can add to the trail and read it, and cannot change it."""
