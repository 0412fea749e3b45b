"""The one line of history: from nothing to head, back, and equal to the models."""

from alembic import command
from sqlalchemy import CheckConstraint, create_engine, text

from tests import databases
from xzgis import migrations
from xzgis.core import cluster
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
