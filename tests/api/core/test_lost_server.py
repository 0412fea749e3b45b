"""The database server dies or ends connections between two requests: no trace of it, or a plain 503."""

import select
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.main import create_app
from tests import databases
from tests.factories import EAST_M, NORTH_M, an_actor
from tests.signed_in import BUSINESS, a_session, sign_in
from xzgis.core import cluster, db
from xzgis.core.cluster import server as processes
from xzgis.core.cluster.place import place_of
from xzgis.core.settings import Settings
from xzgis.core.sql import binary_rows, driver_of

WORK = {
    "name": "试验",
    "runs": [
        {
            "kind": "gas",
            "axis": [[EAST_M, NORTH_M], [EAST_M + 100, NORTH_M]],
            "section": {"diameter_mm": 200, "is_outer": True},
        }
    ],
    "surface": "carriageway",
}


@pytest.fixture(scope="module")
def own_server() -> Iterator[Settings]:
    """A server that only this module kills."""
    folder = Path(tempfile.mkdtemp(prefix="xz-"))
    folder.chmod(0o755)
    made = Settings(var_dir=folder, database_url=None, pool_size=3)
    cluster.ensure(made)
    yield made
    place = place_of(made)
    cluster.stop(made)
    for left in (place.home, place.socket_dir, folder):
        shutil.rmtree(left, ignore_errors=True)


@pytest.fixture(scope="module")
def pooled(own_server: Settings) -> Iterator[Engine]:
    """``transaction()`` over a pool on that server."""
    with databases.migrated(own_server) as url, databases.unbound():
        opened = db.connect(url, own_server)
        yield opened
        opened.dispose()


@pytest.fixture(scope="module")
def token(pooled: Engine) -> str:
    """Somebody signed in on that server."""
    with db.transaction(an_actor()) as session:
        return a_session(session, "tester", *BUSINESS)


@pytest.fixture
def asked(own_server: Settings, pooled: Engine, token: str) -> TestClient:
    app = create_app(own_server, database_url=pooled.url.render_as_string(hide_password=False))
    return sign_in(TestClient(app, raise_server_exceptions=False, base_url="http://localhost"), token)


def check(client: TestClient) -> Any:
    return client.post("/api/conflicts/check", json=WORK)


def kept_connections(count: int) -> list[int]:
    """Fill the pool; the numbers of the server's processes behind it."""
    found: list[int] = []
    if count:
        with db.transaction(an_actor()) as session:
            found = [int(session.scalar(text("select pg_backend_pid()"))), *kept_connections(count - 1)]
    return found


def end(pooled: Engine, backends: list[int]) -> None:
    """What an administrator does: end connections from the server's side."""
    outside = create_engine(pooled.url, poolclass=NullPool)
    with outside.connect() as connection:
        for pid in backends:
            assert connection.scalar(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    outside.dispose()


def slow(session: Session) -> None:
    with driver_of(session) as driver:
        driver.execute("select pg_sleep(2)")


def test_ended_connections_are_replaced_without_a_word(asked, pooled):
    assert check(asked).status_code == 200
    ended = kept_connections(3)

    end(pooled, ended)

    assert [check(asked).status_code for _ in range(4)] == [200] * 4
    assert not set(kept_connections(3)) & set(ended)


def test_a_server_killed_between_two_requests_answers_503_and_then_comes_back(asked, own_server):
    assert check(asked).status_code == 200
    kept_connections(3)
    place = place_of(own_server)
    main = processes.running_pid(place)
    for pid in [main, *(pid for pid in processes._inhabitants(place) if pid != main)]:
        processes._signal(pid, signal.SIGKILL)

    refused = check(asked)
    cluster.ensure(own_server)
    again = [check(asked).status_code for _ in range(4)]

    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in refused.text
    assert "psycopg" not in refused.text
    assert again == [200] * 4


def test_a_connection_lost_in_the_middle_is_told_as_a_loss_and_not_kept(pooled):
    with db.transaction(an_actor()) as session:
        lost = int(session.scalar(text("select pg_backend_pid()")))
        end(pooled, [lost])
        with pytest.raises(OperationalError) as told:
            binary_rows(session, "conflicts", "state", {})
        session.rollback()

    assert told.value.connection_invalidated
    assert lost not in kept_connections(3)


def test_a_statement_that_takes_too_long_is_told_like_any_other(pooled):
    with db.transaction(an_actor()) as session:
        session.execute(text("set local statement_timeout = 20"))
        with pytest.raises(OperationalError, match="statement timeout"):
            slow(session)
        session.rollback()


def test_a_silent_connection_is_not_asked_and_one_that_stirs_is(pooled):
    def last_asked(pid: int) -> Any:
        with pooled.connect() as other:
            started = text("select query_start from pg_stat_activity where pid = :pid")
            return other.scalar(started, {"pid": pid})

    with pooled.connect() as kept:
        driver = kept.connection.driver_connection
        kept.exec_driver_sql("listen news")
        kept.commit()
        pid = driver.info.backend_pid
        before = last_asked(pid)
        assert pooled.dialect.do_ping(driver)
        silent = last_asked(pid)
        with pooled.connect() as other:
            other.exec_driver_sql("notify news")
            other.commit()
        # The news takes its own time to the waiting connection.
        assert select.select([driver.fileno()], [], [], 30)[0]
        # Something to read, but no loss: the server is asked and says that it lives.
        assert pooled.dialect.do_ping(driver)
        stirred = last_asked(pid)

    assert silent == before
    assert stirred > before
