"""Workers killed midway, again and again: every job is done once, none is lost and none counts twice."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.factories import an_actor
from xzgis import worker
from xzgis.core import db
from xzgis.core.errors import Unavailable
from xzgis.core.jobs import QUEUE, defer, job
from xzgis.core.settings import ROOT
from xzgis.core.words import Words

JOBS, KILLS = 6, 3
TALLY, BROKEN = "tests.tally", "tests.broken"
# Looks before it acts, as every job does; stands still on either side of its commit, where the killing hits it.
TALLYING = """
    import sys, time
    from sqlalchemy import text
    from xzgis import worker
    from xzgis.core import db
    from xzgis.core.actor import SYSTEM
    from xzgis.core.jobs import job
    from xzgis.core.settings import Settings
    @job("tests.tally")
    def tally(number):
        with db.transaction(SYSTEM) as session:
            if not session.scalar(text("select count(*) from tally where number = :n"), {"n": number}):
                session.execute(text("insert into tally values (:n)"), {"n": number})
            print("before", flush=True)
            time.sleep(float(sys.argv[2]))
        print("after", flush=True)
        time.sleep(float(sys.argv[2]))
    db.connect(sys.argv[1], Settings())
    worker.work(sys.argv[1], wait=False, silence_s=0.1)
"""


@pytest.fixture
def tally(own_engine: Engine) -> None:
    if BROKEN not in QUEUE.tasks:
        job(TALLY)(tally_once)
        job(BROKEN)(broken)
    with db.transaction(an_actor()) as session:
        session.execute(text("create table tally (number integer)"))
        for number in range(JOBS):
            defer(session, TALLY, number=number)


def tally_once(number: int) -> None:
    with db.transaction(an_actor()) as session:
        if not session.scalar(text("select count(*) from tally where number = :n"), {"n": number}):
            session.execute(text("insert into tally values (:n)"), {"n": number})


def broken(number: int) -> None:
    raise Unavailable(Words("盘已满", "disk full"))


def killed_at(command: list[str], *, line: int) -> None:
    """Start a worker and kill it once it has said so many lines."""
    with subprocess.Popen(command, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        for _ in range(line):
            assert started.stdout.readline()
        started.kill()


@pytest.mark.usefixtures("tally")
def test_workers_killed_midway_lose_and_double_nothing(own_database: str, tmp_path: Path) -> None:
    program = tmp_path / "tallying.py"
    program.write_text(textwrap.dedent(TALLYING))
    for kill in range(KILLS):
        killed_at([sys.executable, str(program), own_database, "0.1"], line=1 + kill)
    with db.transaction(an_actor()) as session:
        left_behind = session.scalar(text("select count(*) from procrastinate_jobs where status = 'doing'"))

    time.sleep(0.2)
    worker.work(own_database, wait=False, silence_s=0.1)

    with db.transaction(an_actor()) as session:
        counted = session.execute(
            text("select number, count(*) from tally group by number order by number")
        ).all()
        states = session.execute(
            text("select status::text, count(*) from procrastinate_jobs group by 1")
        ).all()
    assert left_behind  # the killing did hit something
    assert [tuple(row) for row in counted] == [(number, 1) for number in range(JOBS)]
    assert [tuple(row) for row in states] == [("succeeded", JOBS)]


@pytest.mark.usefixtures("tally")
def test_the_worker_keeps_why_a_job_failed(own_database: str) -> None:
    with db.transaction(an_actor()) as session:
        number = defer(session, BROKEN, number=1)

    worker.work(own_database, wait=False)

    with db.transaction(an_actor()) as session:
        kept = session.execute(
            text("select object_id, details from audit_trail where event = 'audit.job.failed'")
        ).one()
    assert kept[0] == str(number)
    assert (kept[1]["job"], kept[1]["attempt"], kept[1]["cause"]["en"]) == (BROKEN, 1, "disk full")
