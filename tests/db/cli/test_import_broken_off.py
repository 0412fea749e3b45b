"""An import that is killed, interrupted or out of space leaves the register as it was, and nothing stuck."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.factories import NOW, an_actor
from xzgis import worker
from xzgis.core import settings as settings_module
from xzgis.core.db import transaction
from xzgis.core.settings import ROOT
from xzgis.networks import jobs
from xzgis.networks.actions import batches
from xzgis.networks.models import Batch, Coverage, Node, Run

POINTS = """物探点号,X,Y,地面高程,特征,附属物
W1,3793900.000,517800.000,30.00,,检查井
W2,3793900.000,517830.000,29.90,,检查井
"""
LINES = """起点点号,终点点号,起点埋深,终点埋深,管径,材质,埋设方式
W1,W2,2.50,2.60,600,砼,直埋
"""
# The command, or the worker, with one step replaced by one that says that it began and then hangs or fails.
BROKEN = """
import errno, sys, time
from pathlib import Path
from {module} import {step} as real
import {module} as module
def step(*arguments, **named):
    {before}
    Path({mark!r}).touch()
    {then}
module.{step} = step
{run}
"""
COMMAND = "from xzgis.cli.frame import main; main()"
WORKER = "from xzgis import worker; worker.main()"
HANG, NO_SPACE = "time.sleep(120)", "raise OSError(errno.ENOSPC, 'No space left on device')"
READING = {"module": "xzgis.networks.jobs.reading", "step": "read_files", "before": "pass"}
KEEPING = {"module": "xzgis.networks.jobs.reading", "step": "write_delivery", "before": "pass"}
WRITTEN = {
    "module": "xzgis.networks.actions.batches",
    "step": "cover_batch",
    "before": "real(*arguments, **named)",
}


@pytest.fixture
def place(
    tmp_path: Path, own_engine: Engine, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A folder with a delivery, and the environment in which processes find the test's own database."""
    assert own_engine is not None
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("XZGIS_DATABASE_URL", own_database)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("LC_ALL", "")
    settings_module.settings.cache_clear()
    (tmp_path / "WSPOINT.csv").write_text(POINTS, encoding="utf-8")
    (tmp_path / "WSLINE.csv").write_text(LINES, encoding="utf-8")
    yield tmp_path
    settings_module.settings.cache_clear()


def process(place: Path, code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, text=True, env=dict(os.environ),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def broken(place: Path, step: dict[str, str], then: str, run: str = COMMAND) -> subprocess.Popen[str]:
    """A process that stands still (or fails) at ``step``; returns once it is there."""
    mark = place / "begun"
    code = BROKEN.format(**step, mark=str(mark), then=then, run=run)
    files = [str(place / "WSPOINT.csv"), str(place / "WSLINE.csv")]
    started = process(place, code, *(["import", *files, "--json"] if run == COMMAND else []))
    wait_until(lambda: mark.exists() or started.poll() is not None)
    return started


def whole_import(place: Path) -> subprocess.Popen[str]:
    return process(place, COMMAND, "import", str(place / "WSPOINT.csv"), str(place / "WSLINE.csv"), "--json")


def wait_until(true: Callable[[], bool], *, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.05)


def register() -> tuple[int, int, int]:
    """Current runs, points and coverages."""
    with transaction(an_actor()) as session:
        counts = [
            session.scalar(select(func.count()).select_from(table).where(table.known_to.is_(None))) or 0
            for table in (Run, Node, Coverage)
        ]
    return counts[0], counts[1], counts[2]


def states() -> list[str]:
    with transaction(an_actor()) as session:
        return list(session.scalars(select(Batch.state).order_by(Batch.id)))


@pytest.mark.parametrize(
    "step",
    [pytest.param(READING, id="while reading"), pytest.param(WRITTEN, id="after the rows were written")],
)
def test_after_a_kill_the_same_files_go_in(place: Path, step: dict[str, str]) -> None:
    killed = broken(place, step, HANG)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert (states(), register()) == (["reading"], (0, 0, 0))
    time.sleep(0.5)  # the server hears of the death

    again = whole_import(place)
    told, complaints = again.communicate(timeout=120)

    assert again.returncode == 0, complaints
    assert json.loads(told)["accepted"] is True
    assert (states(), register()) == (["cancelled", "accepted"], (1, 2, 1))


def test_an_interrupt_leaves_everything_as_it_was(place: Path) -> None:
    stopped = broken(place, WRITTEN, HANG)
    os.kill(stopped.pid, signal.SIGINT)
    told, _complaints = stopped.communicate(timeout=60)

    assert (stopped.returncode, told) == (130, "")
    assert (states(), register()) == (["cancelled"], (0, 0, 0))


def test_one_that_is_cancelled_on_its_way_says_so(place: Path) -> None:
    told_off = broken(place, READING, "time.sleep(3); return real(*arguments, **named)")
    with transaction(an_actor()) as session:
        number = session.scalars(select(Batch.id)).one()
        batches.cancel_batch(session, actor=an_actor(), batch_id=number, reason="错了", now=NOW)
    told, complaints = told_off.communicate(timeout=60)

    assert (told_off.returncode, told) == (3, "")
    assert f"批次 {number} 在导入途中被取消，未入库。" in complaints
    assert (states(), register()) == (["cancelled"], (0, 0, 0))


@pytest.mark.parametrize(
    "step", [pytest.param(KEEPING, id="kept delivery"), pytest.param(WRITTEN, id="register")]
)
def test_a_full_disk_is_a_sentence(place: Path, step: dict[str, str]) -> None:
    failed = broken(place, step, NO_SPACE)
    told, complaints = failed.communicate(timeout=60)

    assert (failed.returncode, told) == (3, "")
    assert complaints.strip().splitlines()[-1].startswith("磁盘空间已满")
    assert "Traceback" not in complaints
    assert (states(), register()) == (["cancelled"], (0, 0, 0))


def test_of_two_at_once_one_goes_in_and_one_is_refused(place: Path) -> None:
    both = [whole_import(place), whole_import(place)]
    said = [one.communicate(timeout=180) for one in both]

    assert sorted(one.returncode for one in both) == [0, 3]
    refused = said[0] if both[0].returncode == 3 else said[1]
    assert "内容相同的文件已在批次" in refused[1]
    assert (states(), register()) == (["accepted"], (1, 2, 1))


def test_the_next_worker_ends_what_a_killed_one_began(place: Path, own_database: str) -> None:
    files: list[Any] = [
        (name, io.BytesIO((place / name).read_bytes())) for name in ("WSPOINT.csv", "WSLINE.csv")
    ]
    number = jobs.upload_batch(an_actor(), files=files, options={})
    jobs.read_batch(number)
    with transaction(an_actor()) as session:
        batches.ask_acceptance(
            session, actor=an_actor(), batch_id=number, leave_out_errors=False, same="replace"
        )
    killed = broken(place, WRITTEN, HANG, run=WORKER)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert (states(), register()) == (["accepting"], (0, 0, 0))

    worker.work(own_database, wait=False, silence_s=0.1)

    assert (states(), register()) == (["accepted"], (1, 2, 1))
