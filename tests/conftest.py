"""Databases built by the migrations, each test undone; the real application; the Debian browser."""

import fcntl
import gc
import os
import signal
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests import databases
from tests.applications import application
from tests.factories import NOW, an_actor
from tests.signed_in import BUSINESS, a_session, sign_in
from xzgis.core import cluster, db
from xzgis.core.actor import Actor
from xzgis.core.settings import ROOT, Settings

pytest_plugins = ("tests.browser", "tests.readers")


# Whose tests call the kernel: to compile it takes a minute of a core, which no test is to wait for inside its own
# time, nor inside a transaction. What is compiled is kept beside the sources.
NEED_THE_KERNEL = {"api", "cli", "conflicts", "e2e", "samples"}


def pytest_configure() -> None:
    # A shell's background command is deaf to interrupts, and so is all it starts: the processes under test must hear.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The kernel after the rest, so that there is something to do for the other processes while one compiles. Browsers
    # last of all, and each file in one piece: a browser leaves its loop running, where no other loop can be started,
    # and pytest itself would put the tests that share a browser before tests that start loops of their own.
    items.sort(
        key=lambda item: (needs_the_kernel(item), in_a_browser(item), item.path if in_a_browser(item) else "")
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    # What is loaded by now stays: to look through it again and again for rings took an eighth of the time.
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)
    if not session.config.option.collectonly and any(map(needs_the_kernel, session.items)):
        load_the_kernel(fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    # Before the clock of the test starts to run.
    if needs_the_kernel(item):
        load_the_kernel(fcntl.LOCK_EX)
    return (yield)


def needs_the_kernel(item: pytest.Item) -> bool:
    return not NEED_THE_KERNEL.isdisjoint(item.path.parts)


def in_a_browser(item: pytest.Item) -> bool:
    return "e2e" in item.path.parts


def load_the_kernel(how: int, loaded: list[bool] = []) -> None:  # noqa: B006 - once in a process
    """Of several processes of one test run the first compiles, the others load what it kept when they need it."""
    if loaded:
        return
    from xzgis.conflicts.kernel.warm import warm_up  # here: other tests need no compiler

    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "test-kernel.lock").open("w") as alone:
        try:
            fcntl.flock(alone, how)
        except BlockingIOError:
            return
        warm_up()
        loaded.append(True)


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves the machine; unit tests open no connection at all."""
    connect: Callable[..., Any] = socket.socket.connect
    nothing = "unit" in request.path.parts

    def guarded(self: socket.socket, address: Any) -> Any:
        outside = self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost")
        if nothing or outside:
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def no_database_in_unit_tests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit test starts, migrates and asks no database: neither this run's nor the one somebody works with."""
    if "unit" not in request.path.parts:
        return

    def refused(*given: Any, **more: Any) -> Any:
        # No Exception: a command would make a sentence and an exit code of one, and the test could pass.
        pytest.fail("a unit test tried to reach a database")

    monkeypatch.setattr(cluster, "ensure", refused)
    monkeypatch.setattr(psycopg.Connection, "_connect_gen", refused)


@pytest.fixture(scope="session")
def server() -> Iterator[Settings]:
    """Settings of the database server of this test run."""
    with databases.server() as settings:
        yield settings


@pytest.fixture(scope="session")
def template_url(server: Settings) -> Iterator[str]:
    """A database built by the migrations, with the kinds, that nobody works in: the model of the others."""
    with databases.migrated(server) as url:
        yield url


@pytest.fixture(scope="session")
def engine(server: Settings, template_url: str) -> Iterator[Engine]:
    """The engine under ``session``; a test that really commits takes ``own_engine``."""
    with databases.copied(server, template_url) as url:
        with databases.unbound():
            opened = db.connect(url, server.model_copy(update={"pool_size": 3, "statement_timeout_s": 30}))
        yield opened
        opened.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is undone; every ``transaction()`` of the test is a savepoint inside it."""
    with engine.connect() as connection:
        outer = connection.begin()
        with (
            databases.bound(connection),
            Session(connection, join_transaction_mode="create_savepoint") as opened,
        ):
            yield opened
        outer.rollback()


@pytest.fixture
def own_database(server: Settings, template_url: str) -> Iterator[str]:
    """The URL of a fresh migrated database for a test that must really commit; dropped afterwards."""
    with databases.copied(server, template_url) as url:
        yield url


@pytest.fixture
def own_engine(server: Settings, own_database: str) -> Iterator[Engine]:
    """``transaction()`` bound to a database of the test's own, in which it really commits."""
    with databases.unbound():
        opened = db.connect(
            own_database, server.model_copy(update={"pool_size": 4, "statement_timeout_s": 30})
        )
        yield opened
        opened.dispose()


@pytest.fixture
def actor() -> Actor:
    """Somebody who acts."""
    return an_actor()


@pytest.fixture
def now() -> datetime:
    """The moment at which a test happens."""
    return NOW


@pytest.fixture
def client(session: Session) -> Any:
    """The real application over the test's own transaction; somebody with every business role is signed in."""
    from fastapi.testclient import TestClient  # here: tests without it need no web library

    made = TestClient(application(), raise_server_exceptions=True, base_url="http://localhost")
    return sign_in(made, a_session(session, "tester", *BUSINESS))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real deliveries, kept beside the project and read in place."""
    places = [os.environ.get("XZGIS_SHARED_DATA"), ROOT.parent / "shared" / "data", "/srv/shared/data"]
    for place in places:
        if place and Path(place).is_dir():
            return Path(place)
    pytest.skip("the real deliveries are not here: set XZGIS_SHARED_DATA to their folder")
