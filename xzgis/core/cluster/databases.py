"""Databases inside a server: the role, the template with PostGIS, and what an outside server must offer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from xzgis.core.cluster import server
from xzgis.core.cluster.place import PORT, Place
from xzgis.core.cluster.server import ADMIN, OWNER, ROLE, VIEWER
from xzgis.core.errors import Invalid, Unavailable
from xzgis.core.words import Words

MAIN = "xzgis"
TEMPLATE = "xzgis_template"
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")
LEAST_POSTGIS = (3, 3)
CONNECT_TIMEOUT_S = 5

# PostGIS 3.3 does not mark it; without the mark row security keeps the planner off the spatial index.
LEAKPROOF = """
do $$
declare wanted regprocedure;
begin
  select p.oid into wanted from pg_proc p
   where p.proname = 'geometry_overlaps' and p.pronargs = 2 and not p.proleakproof
     and p.proargtypes[0] = 'geometry'::regtype and p.proargtypes[1] = 'geometry'::regtype;
  if found then execute format('alter function %s leakproof', wanted); end if;
end $$
"""

# What belongs to the trail is its owner's: tables, months, and the functions that make and release months. The
# application adds and reads; a verification it asked for it may also bring to its end (decision 0025).
TRAIL_TO_OWNER = r"""
do $$
declare thing record;
begin
  perform set_config('search_path', 'pg_catalog', true);
  for thing in
    select c.oid::regclass as name, c.relname::text as plain, c.relispartition as is_month,
           c.relowner <> '{owner}'::regrole as is_foreign
      from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and (c.relname like 'audit\_%' or c.relname = 'alembic_version')
     order by c.relispartition
  loop
    if thing.is_foreign then execute 'alter table ' || thing.name || ' owner to {owner}'; end if;
    execute 'revoke all on ' || thing.name || ' from {role}';
    execute 'grant select on ' || thing.name || ' to {role}';
    if not thing.is_month and thing.plain <> 'alembic_version' then
      execute 'grant insert on ' || thing.name || ' to {role}';
    end if;
    if thing.plain = 'audit_check' then execute 'grant update on ' || thing.name || ' to {role}'; end if;
  end loop;
  for thing in
    select p.oid::regprocedure as name from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proname like 'audit\_%'
       and p.proowner <> '{owner}'::regrole
  loop execute 'alter function ' || thing.name || ' owner to {owner}'; end loop;
end $$
"""


# What the application may do, the role behind the wall may do too; row security alone makes the difference. Tables of
# migrations to come are given by those.
TO_VIEWER = r"""
do $$
declare thing record;
begin
  if not exists (select from pg_catalog.pg_roles where rolname = '{viewer}') then return; end if;
  perform set_config('search_path', 'pg_catalog', true);
  for thing in
    select c.oid::regclass as name, c.relkind = 'S' as counts,
           case when c.relname = 'alembic_version' then 'select' when c.relname = 'audit_check' then 'select, insert, update'
                when c.relname like 'audit\_%' then 'select, insert' else 'select, insert, update, delete' end as rights
      from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S') and not c.relispartition
       and pg_has_role(c.relowner, 'usage')
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  loop
    execute 'grant ' || case when thing.counts then 'usage, select on sequence ' else thing.rights || ' on ' end
            || thing.name || ' to {viewer}';
  end loop;
end $$
"""


def to_viewer() -> str:
    """The statement that gives the role behind the wall what it needs; for who owns the tables."""
    return TO_VIEWER.format(viewer=VIEWER)


def trail_to_owner() -> str:
    """The statement that gives the trail to its owner; for the administrator, and for the owner itself."""
    return TRAIL_TO_OWNER.format(owner=OWNER, role=ROLE)


def url_in(place: Place, database: str = MAIN) -> str:
    """SQLAlchemy URL of ``database`` in the private cluster."""
    return _url(place, database, ROLE).render_as_string(hide_password=False)


def owners_url(url: str) -> str:
    """``url`` of a database in the private cluster, for the owner's role in place of the application's."""
    return make_url(url).set(username=OWNER).render_as_string(hide_password=False)


def _url(place: Place, database: str, role: str) -> URL:
    where = {"host": str(place.socket_dir), "port": str(PORT)}
    return URL.create("postgresql+psycopg", username=role, database=database, query=where)


@contextmanager
def admin(place: Place, database: str = "postgres") -> Iterator[psycopg.Connection]:
    """A connection of the cluster's administrator in which every statement stands for itself."""
    with psycopg.connect(
        host=str(place.socket_dir), port=PORT, user=ADMIN, dbname=database, autocommit=True,
        connect_timeout=CONNECT_TIMEOUT_S,
    ) as connection:  # fmt: skip
        yield connection


def answers(place: Place) -> bool:
    """Whether the main database can be reached with the application's role."""
    try:
        with psycopg.connect(
            host=str(place.socket_dir), port=PORT, user=ROLE, dbname=MAIN,
            connect_timeout=CONNECT_TIMEOUT_S,
        ):  # fmt: skip
            return True
    except psycopg.OperationalError:
        return False


def prepare(place: Place) -> None:
    """Role, template and main database, each step repeatable after a kill at any point."""
    with admin(place) as connection:
        if not _exists(connection, "pg_roles", "rolname", ROLE):
            connection.execute(sql.SQL("create role {} login createdb").format(sql.Identifier(ROLE)))
        if not _exists(connection, "pg_roles", "rolname", OWNER):
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(OWNER)))
        if not _exists(connection, "pg_roles", "rolname", VIEWER):
            connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(VIEWER)))
        connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(VIEWER), sql.Identifier(ROLE)))
        # The owner may do what the application may, never the other way round.
        connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(ROLE), sql.Identifier(OWNER)))
        # A server that already runs learns of the owner's role here, one that starts in ``server.start``.
        server.configure(place)
        connection.execute("select pg_reload_conf()")
        # Large loads check foreign keys once per value instead of once per row (networks/actions/loading.py).
        if connection.info.server_version >= 150_000:
            connection.execute(
                sql.SQL("grant set on parameter session_replication_role to {}").format(sql.Identifier(ROLE))
            )
        if not _exists(connection, "pg_database", "datname", TEMPLATE):
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
        _equip(place, TEMPLATE)
        if not _exists(connection, "pg_database", "datname", MAIN):
            _create(connection, MAIN, TEMPLATE)
        else:
            _equip(place, MAIN)


def _equip(place: Place, database: str) -> None:
    with admin(place, database) as connection:
        for name in EXTENSIONS:
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(name)))
        connection.execute(LEAKPROOF)
        # Whoever owns the database owns its schema, and with it may drop what lies in it, the trail too.
        names = {
            "database": sql.Identifier(database),
            "owner": sql.Identifier(OWNER),
            "role": sql.Identifier(ROLE),
        }
        connection.execute(sql.SQL("alter database {database} owner to {owner}").format(**names))
        connection.execute(sql.SQL("grant usage, create on schema public to {role}").format(**names))
        connection.execute(trail_to_owner())


def _exists(connection: psycopg.Connection, table: str, column: str, name: str) -> bool:
    asked = sql.SQL("select 1 from {} where {} = %s").format(sql.Identifier(table), sql.Identifier(column))
    return connection.execute(asked, (name,)).fetchone() is not None


def create(place: Place, name: str, template: str | None) -> None:
    """A new database in the cluster, owned by the owner's role."""
    _check_name(name)
    with admin(place) as connection:
        _create(connection, name, template or TEMPLATE)


def _create(connection: psycopg.Connection, name: str, template: str) -> None:
    connection.execute(
        sql.SQL("create database {} owner {} template {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
        )
    )


def drop(place: Place, name: str) -> None:
    """Drop a database made with :func:`create`, ending its connections; nothing when it is not there."""
    _check_name(name)
    with admin(place) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name) or name in {MAIN, TEMPLATE, "postgres"}:
        raise Invalid(
            Words(f"“{name}”不能用作附加数据库名。", f"{name!r} cannot be the name of a further database.")
        )


# --- a server that is not ours -------------------------------------------------------------------


def outside_url(given: str, database: str | None = None) -> str:
    """``XZGIS_DATABASE_URL`` as SQLAlchemy wants it, optionally naming another database on that server."""
    try:
        url = make_url(given)
    except ArgumentError as error:
        raise Unavailable(
            Words(
                "XZGIS_DATABASE_URL 写法不对；应如 postgresql://用户@主机:5432/库名。",
                "XZGIS_DATABASE_URL is not an address; write postgresql://user@host:5432/name.",
            )
        ) from error
    if url.drivername not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise Unavailable(
            Words(
                f"XZGIS_DATABASE_URL 指向 {url.drivername}，只支持 PostgreSQL + PostGIS。",
                f"XZGIS_DATABASE_URL names {url.drivername}; only PostgreSQL with PostGIS will do.",
            )
        )
    url = url.set(drivername="postgresql+psycopg", database=database or url.database)
    return url.render_as_string(hide_password=False)


@contextmanager
def outside(given: str) -> Iterator[psycopg.Connection]:
    """A connection to the server of ``XZGIS_DATABASE_URL``; unreachable becomes one sentence."""
    url = make_url(outside_url(given)).set(drivername="postgresql")
    shown = url.set(password=None).render_as_string()
    try:
        connection = psycopg.connect(
            url.render_as_string(hide_password=False), autocommit=True, connect_timeout=CONNECT_TIMEOUT_S
        )
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())[:200]
        raise Unavailable(
            Words(
                f"连不上 XZGIS_DATABASE_URL 指定的数据库 {shown}（{reason}）；请检查地址、用户与服务是否启动。",
                f"The database of XZGIS_DATABASE_URL, {shown}, cannot be reached ({reason}); "
                "check address, user and whether the server runs.",
            )
        ) from error
    with connection:
        yield connection


def check_outside(given: str) -> str:
    """The URL of a server that is not ours, once it is known to have PostGIS 3.3 or later."""
    with outside(given) as connection:
        row = connection.execute("select extversion from pg_extension where extname = 'postgis'").fetchone()
    if row is None:
        raise Unavailable(
            Words(
                "XZGIS_DATABASE_URL 指定的数据库没有 PostGIS；请由管理员在该库执行 CREATE EXTENSION postgis。",
                "The database of XZGIS_DATABASE_URL has no PostGIS; "
                "let its administrator run CREATE EXTENSION postgis there.",
            )
        )
    version = str(row[0])
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < LEAST_POSTGIS:
        raise Unavailable(
            Words(
                f"XZGIS_DATABASE_URL 指定的数据库是 PostGIS {version}，需要 3.3 以上；请升级该扩展。",
                f"The database of XZGIS_DATABASE_URL has PostGIS {version}; 3.3 or later is needed: "
                "upgrade the extension.",
            )
        )
    return outside_url(given)


def create_outside(given: str, name: str, template: str | None) -> str:
    """A further database on a server that is not ours, with PostGIS; needs the right to make databases."""
    _check_name(name)
    with outside(given) as connection:
        made = sql.SQL("create database {} template {}")
        connection.execute(made.format(sql.Identifier(name), sql.Identifier(template or "template1")))
    url = outside_url(given, name)
    if template is None:
        with outside(url) as connection:
            for extension in EXTENSIONS:
                connection.execute(
                    sql.SQL("create extension if not exists {}").format(sql.Identifier(extension))
                )
    return url


def drop_outside(given: str, name: str) -> None:
    """Drop a database made with :func:`create_outside`."""
    _check_name(name)
    with outside(given) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
