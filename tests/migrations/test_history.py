"""The one line of history: from nothing to head, back, and equal to the models."""

import pytest
from alembic import command
from sqlalchemy import CheckConstraint, NullPool, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from tests import databases
from xzgis import migrations
from xzgis.audit.queries.protected import TRAIL_PROTECTED
from xzgis.core import cluster
from xzgis.core.cluster import databases as cluster_databases
from xzgis.core.cluster.place import place_of
from xzgis.core.db import Base
from xzgis.core.settings import Settings

OURS = text(
    "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public' "
    "where c.relkind in ('r', 'S', 'v') and not exists (select from pg_depend d where d.objid = c.oid "
    "and d.deptype = 'e' and d.classid = 'pg_class'::regclass)"
)


def test_models_equal_head(template_url: str) -> None:
    engine = create_engine(template_url)
    with engine.connect() as connection:
        command.check(migrations.configuration(connection))
    engine.dispose()


def test_downgrade_leaves_only_the_extensions(server: Settings) -> None:
    with databases.migrated(server) as url:
        migrations.downgrade(cluster.migration_url(server, url), revision="base")

        engine = create_engine(url)
        with engine.connect() as connection:
            left = set(connection.scalars(OURS)) - {"alembic_version"}
            functions = connection.scalar(
                text(
                    "select count(*) from pg_proc where proname ~ '^(procrastinate|networks|audit|catalogue)_'"
                )
            )
        engine.dispose()

        assert left == set()
        assert functions == 0


def test_upgrade_twice_changes_nothing(server: Settings) -> None:
    with databases.migrated(server) as url:
        migrations.upgrade(cluster.migration_url(server, url))

        engine = create_engine(url)
        with engine.connect() as connection:
            count = connection.scalar(text("select count(*) from catalogue_kind"))
        engine.dispose()

        assert count == 14


def test_names_are_those_of_the_models(template_url: str) -> None:
    """``alembic check`` does not look at check constraints; their names are what a refusal shows."""
    engine = create_engine(template_url)
    with engine.connect() as connection:
        found = set(
            connection.scalars(
                text(
                    "select conname from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace"
                )
            )
        )
    engine.dispose()
    migrations.load_models()

    wanted = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }

    assert wanted <= found
    assert {
        name for name in found - wanted if not name.startswith(("check_", "procrastinate_", "spatial_"))
    } == set()


# Where a database may come from: one role for everything (before decision 0025, and with the chain besides), or
# two roles with the trail as it was before its chain.
@pytest.mark.parametrize(
    ("revision", "roles"),
    [
        pytest.param("b27e5f08c6d1", 1, id="one role, before the chain"),
        pytest.param("a90d3be5f417", 1, id="one role, with the chain"),
        pytest.param("c93b7d12e6a5", 2, id="two roles, before the chain"),
    ],
)
def test_the_trail_of_an_older_database_is_its_owners_afterwards(
    server: Settings, revision: str, roles: int
) -> None:
    if server.database_url is not None:
        pytest.skip("the server of XZGIS_TEST_DATABASE_URL has one role for everything")
    place = place_of(server)
    with databases.empty(server) as url:
        name = make_url(url).database
        assert name is not None
        owners = cluster.migration_url(server, url)
        if roles == 1:
            with cluster_databases.admin(place) as connection:
                connection.execute(f"alter database {name} owner to xzgis".encode())
        migrations.upgrade(url if roles == 1 else owners, revision=revision)
        done(
            url,
            "insert into audit_trail (happened_at, actor, via, event) values (now(), 'x', 'job', 'a.b.c')",
        )

        cluster_databases._equip(place, name)
        migrations.upgrade(owners)

        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            assert connection.scalar(TRAIL_PROTECTED) is True
            assert connection.scalars(text("select actor from audit_trail")).all() == ["x"]
            command.check(migrations.configuration(connection))
        engine.dispose()
        done(
            url,
            "insert into audit_trail (happened_at, actor, via, event) values (now(), 'y', 'job', 'a.b.c')",
        )
        done(url, "select audit_add_partition('2031-05-01')")
        done(url, "select count(*) from audit_trail_2031_05, audit_trail_default, audit_link, audit_seal")
        done(url, "insert into audit_check (asked_by, asked_at) values ('x', now())")
        done(url, "update audit_check set done = 1")
        for table in ("audit_trail", "audit_trail_2031_05", "audit_link", "audit_seal", "audit_archive"):
            for attack in (f"delete from {table}", f"alter table {table} disable trigger all"):
                with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                    done(url, attack)


def done(url: str, statement: str) -> None:
    """Do and commit one statement with the application's role."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
