"""Databases for tests: made under names of their own, migrated once, dropped at the end."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.orm import Session

from tests.factories import KINDS, a_kind
from xzgis import migrations
from xzgis.core import cluster, db
from xzgis.core.cluster.databases import admin
from xzgis.core.cluster.place import place_of
from xzgis.core.settings import ROOT, Settings

PREFIX = "xzgis_test"


@contextmanager
def server() -> Iterator[Settings]:
    """Settings of a server in which databases may be made.

    The server of XZGIS_TEST_DATABASE_URL, or a private cluster beside the product's own, which test runs
    side by side share and the last one stops.
    """
    given = os.environ.get("XZGIS_TEST_DATABASE_URL")
    settings = Settings(var_dir=ROOT / "var" / "test", database_url=given)
    url = cluster.ensure(settings)
    if given is None:
        _spare_the_disk(settings)
    _sweep(settings, url)
    yield settings
    cluster.stop_if_unused(settings)


def _spare_the_disk(settings: Settings) -> None:
    """Wait for no disk: nothing in here must outlive the machine, and dropping a database writes out all others.

    Tests of what survives a kill have clusters of their own, with the settings of the product.
    """
    with admin(place_of(settings)) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(SQL("alter system set {} = off").format(Identifier(name)))
        connection.execute("select pg_reload_conf()")


def _sweep(settings: Settings, url: str) -> None:
    """Drop what killed runs on this machine left behind; the process number is part of the name."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        names = connection.scalars(
            text("select datname from pg_database where datname like 'xzgis\\_test\\_%'")
        )
        left = [name for name in names if not Path(f"/proc/{name.split('_')[2]}").exists()]
    engine.dispose()
    if settings.database_url is None:
        for name in left:
            cluster.drop_database(settings, name)


@contextmanager
def empty(settings: Settings, *, template: str | None = None) -> Iterator[str]:
    """A database with nothing in it but the extensions, or a copy of ``template``; dropped afterwards."""
    name = f"{PREFIX}_{os.getpid()}_{secrets.token_hex(4)}"
    url = cluster.create_database(settings, name, template)
    try:
        yield url
    finally:
        cluster.drop_database(settings, name)


@contextmanager
def migrated(settings: Settings) -> Iterator[str]:
    """A database at the head of the migrations, with the kinds; nobody stays connected to it."""
    with empty(settings) as url:
        migrations.upgrade(cluster.migration_url(settings, url))
        engine = create_engine(url, poolclass=NullPool)
        with Session(engine) as session, session.begin():
            session.add_all(a_kind(token) for token in KINDS)
        engine.dispose()
        yield url


@contextmanager
def copied(settings: Settings, url: str) -> Iterator[str]:
    """A copy of the database at ``url``, to which nobody may be connected; dropped afterwards."""
    with empty(settings, template=make_url(url).database) as copy:
        yield copy


@contextmanager
def unbound() -> Iterator[None]:
    """Whatever ``transaction()`` is bound to inside, it is bound to what it was before afterwards."""
    sessions = db._sessions
    before = dict(sessions.kw)
    try:
        yield
    finally:
        sessions.kw.clear()
        sessions.kw.update(before)


@contextmanager
def bound(connection: Connection) -> Iterator[None]:
    """``transaction()`` works inside ``connection``'s own transaction, as savepoints."""
    with unbound():
        db._sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield
