"""``xzgis serve`` as a process: answers, refuses a second one, and leaves nothing behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from xzgis.core import cluster
from xzgis.core.cluster.place import place_of
from xzgis.core.settings import Settings

PATIENCE_S = 40
# Server and worker have 3.5 s of grace between them; the rest is the database's, on a laden machine.
STOPS_WITHIN_S = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(port: int, path: str) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def serving(settings: Settings, port: int) -> subprocess.Popen[str]:
    environment = os.environ | {"XZGIS_VAR_DIR": str(settings.var_dir), "LANG": "C.UTF-8"}
    environment.pop("XZGIS_DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "-m", "xzgis.cli", "serve", "--port", str(port)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_alive(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if asked(port, "/health/live")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(process.stderr.read() if process.poll() is not None else "no answer")


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text().split()]


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    folder = Path(tempfile.mkdtemp(prefix="xz-"))
    folder.chmod(0o755)
    made = Settings(var_dir=folder, database_url=None)
    yield made
    cluster.stop(made)
    for path in (place_of(made).home, folder):
        shutil.rmtree(path, ignore_errors=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_serves_refuses_a_second_one_and_stops_whole(settings, number):
    port = free_port()
    first = serving(settings, port)
    wait_until_alive(first, port)
    assert asked(port, "/health/ready")[0] == 200

    second = serving(settings, free_port())
    _, told = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 3
    assert f"进程 {first.pid}" in told
    assert f"127.0.0.1:{port}" in told

    below = children(first.pid)
    began = time.monotonic()
    first.send_signal(number)
    first.communicate(timeout=PATIENCE_S)
    assert time.monotonic() - began < STOPS_WITHIN_S
    assert first.returncode == 0
    assert [pid for pid in below if runs(pid)] == []
    assert not cluster.status(settings).running


def test_killed_server_takes_its_worker_along_and_the_next_one_starts(settings):
    port = free_port()
    first = serving(settings, port)
    wait_until_alive(first, port)
    below = children(first.pid)
    assert bool(below) is (find_spec("xzgis.worker") is not None)
    first.kill()
    first.communicate()

    deadline = time.monotonic() + 5
    while any(runs(pid) for pid in below) and time.monotonic() < deadline:
        time.sleep(0.05)
    second = serving(settings, port)
    wait_until_alive(second, port)
    second.terminate()
    second.communicate(timeout=PATIENCE_S)

    assert [pid for pid in below if runs(pid)] == []
    assert second.returncode == 0


def test_port_in_use_is_told_with_the_remedy(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = serving(settings, taken.getsockname()[1])
        _, told = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 3
    assert "--port" in told


def test_killed_database_comes_back_under_a_running_server(settings):
    port = free_port()
    server = serving(settings, port)
    wait_until_alive(server, port)
    os.kill(cluster.status(settings).pid, signal.SIGKILL)

    deadline = time.monotonic() + 30
    while asked(port, "/health/ready")[0] != 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    back = asked(port, "/health/ready")[0]
    server.terminate()
    server.communicate(timeout=PATIENCE_S)

    assert back == 200


def test_database_that_is_stopped_under_a_running_server_is_unready_and_comes_back(settings):
    port = free_port()
    server = serving(settings, port)
    wait_until_alive(server, port)
    cluster.stop(settings)

    away = asked(port, "/health/ready")[0]
    alive = asked(port, "/health/live")[0]
    cluster.ensure(settings)
    back = asked(port, "/health/ready")[0]
    server.terminate()
    server.communicate(timeout=PATIENCE_S)

    assert (away, alive, back) == (503, 200, 200)
