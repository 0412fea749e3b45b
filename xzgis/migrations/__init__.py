"""The history of the schema, and the way up it."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from sqlalchemy import Connection, NullPool, create_engine, text

import xzgis
from xzgis.core.cluster.databases import to_viewer, trail_to_owner
from xzgis.core.cluster.server import OWNER, ROLE

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
LOCK_LIMIT_S = 10
STATEMENT_LIMIT_S = 600
ADVISORY_KEY = 4548_0001

# What an owner made is handed to the application, but for the trail and the record of migrations: there it may
# only add and read (``databases.trail_to_owner``). Nothing happens where one role does everything (decision 0025).
HAND_OVER = r"""
do $$
declare thing record;
begin
  if current_user <> '{owner}' then return; end if;
  -- The application may make functions in public: none of them is to be found under the owner's rights.
  perform set_config('search_path', 'pg_catalog', true);
  for thing in
    select format('%s %I.%I', case c.relkind when 'S' then 'sequence' when 'v' then 'view' else 'table' end,
                  n.nspname, c.relname) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'S') and c.relowner = current_user::regrole
       and c.relname not like 'audit\_%' and c.relname <> 'alembic_version'
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i')
                          and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass)
  loop execute 'alter ' || thing.name || ' owner to {role}'; end loop;
  for thing in
    select p.oid::regprocedure as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'public' and p.proowner = current_user::regrole and p.proname not like 'audit\_%'
  loop execute 'alter function ' || thing.name || ' owner to {role}'; end loop;
  for thing in
    select format('%I.%I', n.nspname, t.typname) as name
      from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
     where n.nspname = 'public' and t.typowner = current_user::regrole
       and (t.typtype in ('e', 'd') or t.typtype = 'c' and c.relkind = 'c')
  loop execute 'alter type ' || thing.name || ' owner to {role}'; end loop;
end $$
"""


def load_models() -> None:
    """Import the tables of every module, so that ``core.db.Base.metadata`` is complete."""
    for module in iter_modules(xzgis.__path__):
        name = f"xzgis.{module.name}.models"
        if module.ispkg and find_spec(name) is not None:
            import_module(name)


def configuration(connection: Connection) -> "Config":
    """Alembic's configuration, bound to ``connection``."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, *, revision: str = "head") -> None:
    """Bring the database at ``url`` (SQLAlchemy form) up to ``revision``.

    Two at once wait for each other; each statement runs under a lock limit and a statement limit, so a
    migration never stands in front of a running product for long.
    """
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(text("select pg_advisory_lock(:key)"), {"key": ADVISORY_KEY})
            connection.execute(
                text("select set_config('lock_timeout', :limit, false)"), {"limit": f"{LOCK_LIMIT_S}s"}
            )
            connection.execute(
                text("select set_config('statement_timeout', :limit, false)"),
                {"limit": f"{STATEMENT_LIMIT_S}s"},
            )
            connection.commit()
            from alembic import command  # a fifth of a second that a start without news saves

            command.upgrade(configuration(connection), revision)
            connection.exec_driver_sql(HAND_OVER.format(owner=OWNER, role=ROLE).replace("%", "%%"))
            if connection.scalar(text("select current_user")) == OWNER:
                connection.exec_driver_sql(trail_to_owner().replace("%", "%%"))
            connection.exec_driver_sql(to_viewer().replace("%", "%%"))
            connection.commit()
    finally:
        engine.dispose()


def downgrade(url: str, *, revision: str) -> None:
    """Take the database at ``url`` back to ``revision`` (``base``: only the extensions stay)."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            from alembic import command

            command.downgrade(configuration(connection), revision)
    finally:
        engine.dispose()
