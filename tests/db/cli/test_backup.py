"""The drill: back up, write on, lose the machine, restore, and find everything that was acknowledged."""

import io
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from tests.databases import unbound
from xzgis.cli.frame import run
from xzgis.core import cluster, db
from xzgis.core import settings as settings_module
from xzgis.core.cluster import server
from xzgis.core.cluster.place import place_of
from xzgis.core.settings import Settings

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that the server's user can reach, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="xz-"))
    made.chmod(0o755)
    yield made
    place = place_of(Settings(var_dir=made / "var", database_url=None))
    with server.alone(place):
        server.stop(place)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings(var_dir=folder / "var", database_url=None, wal_archive=folder / "wal")


@pytest.fixture
def xzgis(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Runs a command of this installation; in this process, since to start one takes longer than most of them."""
    for name in [name for name in os.environ if name.startswith("XZGIS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XZGIS_VAR_DIR", str(settings.var_dir))

    def running(*words: str, archive: bool = True) -> "subprocess.CompletedProcess[str]":
        if archive:
            monkeypatch.setenv("XZGIS_WAL_ARCHIVE", str(settings.wal_archive))
        settings_module.settings.cache_clear()
        out, err = io.StringIO(), io.StringIO()
        with unbound(), redirect_stdout(out), redirect_stderr(err):
            code = run(words)
            bound = db._sessions.kw.get("bind")
            if isinstance(bound, Engine):  # a process that ends closes its connections
                bound.dispose()
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

    yield running
    settings_module.settings.cache_clear()


def write(settings: Settings, name: str) -> None:
    """One acknowledged row of the trail."""
    with opened(settings) as connection:
        connection.execute(
            "insert into audit_trail (happened_at, actor, via, event) values (now(), %s, 'job', 'tests.thing.moved')",
            (name,),
        )


def written(settings: Settings) -> list[str]:
    with opened(settings) as connection:
        asked = "select actor from audit_trail where event = 'tests.thing.moved' order by id"
        return [row[0] for row in connection.execute(asked)]


def opened(settings: Settings) -> psycopg.Connection[Any]:
    url = make_url(cluster.database_url(settings)).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def kill(settings: Settings) -> None:
    """The machine is gone: the server and everything it had on the disk."""
    place = place_of(settings)
    for pid in server._inhabitants(place):
        server._signal(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while server._inhabitants(place) and time.monotonic() < deadline:
        time.sleep(0.05)
    cluster._leave_users(place)
    shutil.rmtree(settings.var_dir)


def archived_up_to_now(settings: Settings) -> None:
    """Wait until the log written so far lies in the archive."""
    with psycopg.connect(
        host=str(place_of(settings).socket_dir), user=server.ADMIN, dbname="postgres", autocommit=True
    ) as connection:
        name = connection.execute("select pg_walfile_name(pg_current_wal_lsn())").fetchone()[0]
        connection.execute("select pg_switch_wal()")
    assert settings.wal_archive is not None
    deadline = time.monotonic() + 30
    while not (settings.wal_archive / f"{name}.gz").exists():
        assert time.monotonic() < deadline, f"{name} was not archived"
        time.sleep(0.1)


def doctor_says(done: "subprocess.CompletedProcess[str]") -> dict[str, str]:
    return {one["check"]: one["state"] for one in json.loads(done.stdout.splitlines()[-1])["checks"]}


def test_everything_archived_survives_the_loss_of_the_machine(
    folder: Path, settings: Settings, xzgis: Command
) -> None:
    assert xzgis("db", "migrate").returncode == 0
    write(settings, "before")
    assert xzgis("trail", "seal").returncode == 0
    kept = settings.var_dir / "files" / "ab" / "cd"
    kept.mkdir(parents=True)
    assert xzgis("backup", str(folder / "copies")).returncode == 0
    write(settings, "after")
    assert xzgis("trail", "seal").returncode == 0
    archived_up_to_now(settings)
    with opened(settings) as connection:
        between = connection.execute("select now()::text").fetchone()[0]
    write(settings, "last")
    drilled = xzgis("drill", str(folder / "copies"), "--json")
    assert drilled.returncode == 0, drilled.stderr
    told = json.loads(drilled.stdout)
    assert (told["lost"], told["archived"], told["acknowledged"] > 3) == (0, True, True)
    assert 0 < told["restore_s"] < 120
    assert not (settings.var_dir / "drill").exists()
    archived_up_to_now(settings)

    kill(settings)
    done = xzgis("restore", str(folder / "copies"), "--json")

    assert done.returncode == 0, done.stderr
    assert {name for name, state in doctor_says(done).items() if state == "bad"} == set()
    assert written(settings) == ["before", "after", "last"]
    sealed = xzgis("trail", "seal")
    assert sealed.returncode == 0, sealed.stderr
    assert xzgis("trail", "verify").returncode == 0
    with opened(settings) as connection:
        assert connection.execute("select distinct epoch from audit_link").fetchall() == [(1,)]

    assert xzgis("db", "stop").returncode == 0
    refused = xzgis("restore", str(folder / "copies"), "--to", between)
    assert (refused.returncode, "--replace" in refused.stderr) == (3, True)
    done = xzgis("restore", str(folder / "copies"), "--to", between, "--replace", "--json")

    assert done.returncode == 0, done.stderr
    assert written(settings) == ["before", "after"]
    assert "封签" in done.stderr


def test_without_an_archive_the_backup_itself_comes_back(
    folder: Path, settings: Settings, xzgis: Command
) -> None:
    assert xzgis("db", "migrate", archive=False).returncode == 0
    write(settings, "before")
    assert xzgis("backup", str(folder / "copies"), archive=False).returncode == 0
    write(settings, "after")
    drilled = xzgis("drill", str(folder / "copies"), "--json", archive=False)
    told = json.loads(drilled.stdout)
    assert (drilled.returncode, told["lost"] >= 2, told["archived"]) == (1, True, False)

    running = xzgis("restore", str(folder / "copies"), "--replace", archive=False)
    assert (running.returncode, "db stop" in running.stderr) == (3, True)
    kill(settings)
    done = xzgis("restore", str(folder / "copies"), "--json", archive=False)

    assert done.returncode == 0, done.stderr
    assert written(settings) == ["before"]


def test_a_backup_that_was_altered_is_not_restored(folder: Path, settings: Settings, xzgis: Command) -> None:
    assert xzgis("trail", "seal", archive=False).returncode == 0
    inside = xzgis("backup", str(settings.var_dir / "copies"), archive=False)
    assert (inside.returncode, list(settings.var_dir.glob("copies*"))) == (3, [])
    assert xzgis("backup", str(folder / "copies"), archive=False).returncode == 0
    seals = next((folder / "copies").glob("*/trail/seals.jsonl"), None) or next(
        (folder / "copies").glob("*/trail/seal.key")
    )
    seals.write_bytes(seals.read_bytes() + b"x")
    kill(settings)

    done = xzgis("restore", str(folder / "copies"), archive=False)

    assert (done.returncode, seals.name in done.stderr) == (3, True)
    assert not (settings.var_dir / "db" / "data").exists()
