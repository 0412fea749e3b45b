"""A trail that is really committed, in a database and a folder of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from tests.factories import NOW, an_actor
from tests.trails import ThingMoved, seal_now
from xzgis.audit.record import record
from xzgis.core import cluster
from xzgis.core.db import transaction
from xzgis.core.settings import Settings

GUARDED = text(
    r"select oid::regclass::text from pg_class where relnamespace = 'public'::regnamespace "
    r"and relkind in ('r', 'p') and relname like 'audit\_%' order by relispartition desc"
)


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    """Settings of an installation that writes nowhere but here."""
    return Settings(var_dir=tmp_path / "var")


@pytest.fixture
def write(own_engine: Engine) -> Callable[[int], None]:
    """Writes so many rows, three to a transaction."""

    def writing(count: int) -> None:
        for first in range(0, count, 3):
            with transaction(an_actor()) as session:
                for number in range(first, min(first + 3, count)):
                    event = ThingMoved(str(number), by_m=number / 8)
                    record(session, actor=an_actor(), event=event, now=NOW)

    return writing


@pytest.fixture
def sealed(chosen: Settings, write: Callable[[int], None]) -> Settings:
    """Thirty sealed rows under three seals."""
    for _ in range(3):
        write(10)
        seal_now(chosen)
    return chosen


@pytest.fixture
def owners_engine(server: Settings, own_database: str) -> Iterator[Engine]:
    """The test's own database with the role that owns the trail."""
    engine = create_engine(cluster.migration_url(server, own_database), poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def tamper(owners_engine: Engine) -> Callable[..., None]:
    """Does what only the owner of the tables can: works with the triggers off."""

    def tampering(statement: str, **values: object) -> None:
        with owners_engine.begin() as connection:
            tables = list(connection.scalars(GUARDED))
            for table in tables:
                connection.execute(text(f"alter table {table} disable trigger all"))
            connection.execute(text(statement), values)
            for table in tables:
                connection.execute(text(f"alter table {table} enable trigger all"))

    return tampering
