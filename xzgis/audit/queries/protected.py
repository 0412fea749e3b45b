"""How the trail is read, and whether this connection's role could change it."""

from sqlalchemy import text

# A role that owns the trail, may become its owner, or owns the schema it lies in, may take the guard away.
TRAIL_PROTECTED = text(
    """
    select not (
        has_table_privilege('audit_trail', 'UPDATE, DELETE, TRUNCATE, TRIGGER')
        or pg_has_role(c.relowner, 'MEMBER')
        or pg_has_role(n.nspowner, 'MEMBER')
        or (select rolsuper from pg_roles where rolname = current_user)
    )
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.oid = 'audit_trail'::regclass
    """
)
"""One truth: the role of the connection can add to the trail and read it, and cannot change it."""
