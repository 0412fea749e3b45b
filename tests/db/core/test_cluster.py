"""The private cluster: made from nothing, and back after any kill."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from xzgis.core import cluster
from xzgis.core.cluster import databases, server
from xzgis.core.cluster.place import LONGEST_SOCKET_DIR_BYTES, Place, place_of
from xzgis.core.errors import Invalid, Unavailable
from xzgis.core.settings import Settings


def a_folder() -> Path:
    """A short folder that the server's user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="xz-"))
    folder.chmod(0o755)
    return folder


def remove(settings: Settings) -> None:
    place = place_of(settings)
    cluster.stop(settings)
    for folder in (place.home, place.socket_dir, settings.var_dir):
        shutil.rmtree(folder, ignore_errors=True)


def opened(url: str) -> psycopg.Connection:
    return psycopg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    )


def processes(place: Place) -> list[int]:
    return list(server._inhabitants(place))


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    made = Settings(var_dir=a_folder(), database_url=None)
    cluster.ensure(made)
    yield made
    remove(made)


def test_is_closed_to_the_network_and_guards_its_pages(settings):
    with opened(cluster.ensure(settings)) as connection:
        asked = "select current_setting(%s)"
        found = {
            name: connection.execute(asked, (name,)).fetchone()[0]
            for name in ("listen_addresses", "data_checksums", "max_locks_per_transaction", "lc_collate")
        }

    assert found == {
        "listen_addresses": "",
        "data_checksums": "on",
        "max_locks_per_transaction": "256",
        "lc_collate": "C.UTF-8",
    }


def test_application_is_no_superuser_and_geometry_overlap_is_leakproof(settings):
    with opened(cluster.ensure(settings)) as connection:
        role = connection.execute("select rolname, rolsuper from pg_roles where rolname = user").fetchone()
        marks = connection.execute(
            "select proleakproof from pg_proc where proname = 'geometry_overlaps'"
        ).fetchall()

    assert role == ("xzgis", False)
    assert marks == [(True,)]


@pytest.mark.parametrize("victims", ["all", "server only", "children only"])
def test_comes_back_after_kill_with_what_was_committed(settings, victims):
    with opened(cluster.ensure(settings)) as connection:
        connection.execute("create table if not exists kept (n int)")
        connection.execute("insert into kept values (1)")
        before = connection.execute("select count(*) from kept").fetchone()
    place = place_of(settings)
    main = server.running_pid(place)
    doomed = [main, *(pid for pid in processes(place) if pid != main)]
    for pid in {"all": doomed, "server only": doomed[:1], "children only": doomed[1:]}[victims]:
        server._signal(pid, signal.SIGKILL)

    with opened(after_kill(settings)) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == before


def after_kill(settings: Settings) -> str:
    """The URL once the cluster is back: children alone are replaced by the server itself within moments."""
    deadline = time.monotonic() + 15
    while True:
        url = cluster.ensure(settings)
        try:
            with opened(url) as connection:
                connection.execute("select 1")
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return url


def test_stale_pid_file_that_names_another_program_is_no_obstacle(settings):
    cluster.ensure(settings)
    cluster.stop(settings)
    place = place_of(settings)
    (place.data / "postmaster.pid").write_text(f"{os.getpid()}\n{place.data}\n")

    cluster.ensure(settings)

    assert cluster.status(settings).running


def test_folder_half_made_is_made_anew_by_two_at_once():
    fresh = Settings(var_dir=a_folder(), database_url=None)
    place = place_of(fresh)
    (place.home / "data.new-1").mkdir()
    (place.home / "data.new-1" / "PG_VERSION").write_text("15\n")
    command = [
        sys.executable,
        "-c",
        "from xzgis.core import cluster, settings as s; cluster.ensure(s.settings())",
    ]
    environment = os.environ | {"XZGIS_VAR_DIR": str(fresh.var_dir)}
    environment.pop("XZGIS_DATABASE_URL", None)

    both = [subprocess.Popen(command, env=environment) for _ in range(2)]

    assert [process.wait(60) for process in both] == [0, 0]
    assert cluster.status(fresh).running
    assert [path.name for path in place.home.glob("data*")] == ["data"]
    remove(fresh)


def test_long_folder_still_has_a_short_socket():
    deep = Settings(var_dir=a_folder() / ("x" * 90), database_url=None)

    place = place_of(deep)

    assert len(os.fsencode(place.socket_dir)) <= LONGEST_SOCKET_DIR_BYTES
    assert place.socket_dir.stat().st_mode & 0o077 == 0
    shutil.rmtree(deep.var_dir.parent)
    place.socket_dir.rmdir()


def test_further_database_has_postgis_and_goes_away(settings):
    url = cluster.create_database(settings, "further")
    with opened(url) as connection:
        assert connection.execute("select st_astext(st_point(1, 2))").fetchone() == ("POINT(1 2)",)

    cluster.drop_database(settings, "further")

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        opened(url).close()


@pytest.mark.parametrize("name", ["xzgis", "postgres", "Bad", "a;b", ""])
def test_further_database_cannot_take_a_name_that_matters(settings, name):
    with pytest.raises(Invalid):
        cluster.drop_database(settings, name)


def test_stays_while_another_process_uses_it(settings):
    cluster.ensure(settings)
    script = (
        "import sys; from xzgis.core import cluster, settings as s; cluster.ensure(s.settings()); "
        "print(1, flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | {"XZGIS_VAR_DIR": str(settings.var_dir)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout.readline() == b"1\n"

    kept = not cluster.stop_if_unused(settings)
    other.communicate()

    assert kept
    assert cluster.stop_if_unused(settings)
    assert not cluster.status(settings).running


@pytest.mark.parametrize(
    ("url", "word"),
    [
        pytest.param("postgresql://somebody@127.0.0.1:1/none", "连不上", id="unreachable"),
        pytest.param("mysql://somebody@127.0.0.1/none", "只支持", id="another product"),
        pytest.param("nonsense", "写法", id="no address"),
    ],
)
def test_wrong_address_is_one_sentence_without_the_password(url, word):
    with pytest.raises(Unavailable, match=word) as caught:
        cluster.ensure(Settings(database_url=url.replace("somebody", "somebody:secret")))

    assert "secret" not in caught.value.words.zh + caught.value.words.en


def test_outside_database_without_postgis_is_told_what_to_do(settings):
    address = make_url(cluster.ensure(settings)).set(drivername="postgresql")
    own = Settings(database_url=address.render_as_string(hide_password=False))
    assert cluster.ensure(own).startswith("postgresql+psycopg://")
    cluster.create_database(own, "bare", template="template1")
    bare = Settings(database_url=address.set(database="bare").render_as_string(hide_password=False))

    with pytest.raises(Unavailable, match="CREATE EXTENSION postgis"):
        cluster.ensure(bare)

    cluster.drop_database(own, "bare")


def test_a_cluster_made_before_hands_the_trail_to_its_owner(settings):
    place = place_of(settings)
    cluster.ensure(settings)
    with databases.admin(place, databases.MAIN) as connection:
        connection.execute("alter database xzgis owner to xzgis")
        connection.execute("set role xzgis")
        connection.execute("create table audit_trail (id int)")
        connection.execute("create function audit_trail_refuse() returns int language sql as 'select 1'")
    server.note(place, "prepared", "2")

    with opened(cluster.ensure(settings)) as connection:
        connection.execute("insert into audit_trail values (1)")
        assert connection.execute("select count(*) from audit_trail").fetchone() == (1,)
        for statement in ("delete from audit_trail", "drop table audit_trail", "drop schema public cascade"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)

    with databases.admin(place, databases.MAIN) as connection:
        connection.execute("drop table audit_trail")
        connection.execute("drop function audit_trail_refuse")
