"""The worker beside the server: there again when it falls, gone when the server goes, however it goes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

STAND_IN = """
import os, pathlib, sys, time
with pathlib.Path(os.environ["STARTED"]).open("a") as file:
    file.write(f"{os.getpid()}\\n")
time.sleep(60)
"""
# Only a keeper that fails waits so long.
PATIENCE_S = 40
SERVER = """
import time
from xzgis.cli.start import worker
from xzgis.core.settings import Settings
worker.MODULE = "stand_in"
with worker.working(Settings()):
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        pass
"""


def started(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def soon(met: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not met() and time.monotonic() < deadline:
        time.sleep(0.05)
    return met()


@pytest.fixture
def notes(tmp_path) -> Path:
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    return tmp_path / "started"


@pytest.fixture
def server(notes) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"STARTED": str(notes), "PYTHONPATH": f"{notes.parent}:{Path.cwd()}"}
    process = subprocess.Popen([sys.executable, "-c", SERVER], env=environment, stdout=subprocess.DEVNULL)
    assert soon(lambda: len(started(notes)) == 1)
    yield process
    process.kill()
    process.wait()


def test_fallen_worker_is_started_again(server, notes):
    os.kill(started(notes)[0], signal.SIGKILL)

    assert soon(lambda: len(started(notes)) == 2)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["told to end", "killed"])
def test_worker_goes_with_its_server(server, notes, number):
    worker = started(notes)[0]
    assert runs(worker)

    server.send_signal(number)

    assert soon(lambda: not runs(worker))
