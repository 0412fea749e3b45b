"""Jobs live and die with their transaction, and outlive their worker."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.factories import an_actor
from xzgis import worker
from xzgis.core import db
from xzgis.core.jobs import QUEUE, defer, job, state_of
from xzgis.core.settings import ROOT

done: list[int] = []
NAME = "tests.note"


def remember(number: int) -> None:
    done.append(number)


def fail_after_queueing() -> None:
    with db.transaction(an_actor()) as session:
        defer(session, NAME, number=2)
        raise ZeroDivisionError


@pytest.fixture(scope="module", autouse=True)
def note() -> None:
    if NAME not in QUEUE.tasks:
        job(NAME)(remember)


def waiting(session: Session) -> int:
    return int(session.scalar(text("select count(*) from procrastinate_jobs where status = 'todo'")) or 0)


def test_a_job_is_queued_with_its_transaction(own_engine: Engine) -> None:
    with db.transaction(an_actor()) as session:
        number = defer(session, NAME, number=1)
        assert state_of(session, number) == "todo"
    with pytest.raises(ZeroDivisionError):
        fail_after_queueing()

    with db.transaction(an_actor()) as session:
        assert waiting(session) == 1


def test_a_key_lets_only_one_wait(session: Session) -> None:
    first = defer(session, NAME, once="tiles", number=1)
    second = defer(session, NAME, once="tiles", number=2)

    assert first == second
    assert waiting(session) == 1


def test_a_job_that_does_not_exist_is_not_queued(session: Session) -> None:
    with pytest.raises(LookupError, match="no_such"):
        defer(session, "tests.no_such")


def test_the_worker_does_what_was_queued(own_engine: Engine, own_database: str) -> None:
    done.clear()
    with db.transaction(an_actor()) as session:
        number = defer(session, NAME, number=7)

    worker.work(own_database, wait=False)

    assert done == [7]
    with db.transaction(an_actor()) as session:
        assert state_of(session, number) == "succeeded"


SLOW = """
    import sys, time
    from xzgis import worker
    from xzgis.core import db
    from xzgis.core.jobs import job
    from xzgis.core.settings import Settings
    @job("tests.note")
    def note(number):
        print("begun", flush=True)
        time.sleep(60)
    db.connect(sys.argv[1], Settings())
    worker.work(sys.argv[1])
"""


def test_the_job_of_a_killed_worker_is_done_by_the_next(
    own_engine: Engine, own_database: str, tmp_path: Path
) -> None:
    done.clear()
    (tmp_path / "slow.py").write_text(textwrap.dedent(SLOW))
    with db.transaction(an_actor()) as session:
        number = defer(session, NAME, number=9)
    command = [sys.executable, tmp_path / "slow.py", own_database]
    with subprocess.Popen(command, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        said = killed.stdout.readline()
        killed.kill()
    assert said == b"begun\n"
    with db.transaction(an_actor()) as session:
        assert state_of(session, number) == "doing"
    time.sleep(0.2)

    worker.work(own_database, wait=False, silence_s=0.1)

    assert done == [9]


def test_a_job_queues_another_in_its_own_transaction(own_engine: Engine, own_database: str) -> None:
    done.clear()
    if "tests.pass_on" not in QUEUE.tasks:
        job("tests.pass_on")(pass_on)
    with db.transaction(an_actor()) as session:
        defer(session, "tests.pass_on", number=11)

    for _ in range(2):  # with nothing else to do a worker ends beside the job it still does
        worker.work(own_database, wait=False)

    assert done == [11]


def pass_on(number: int) -> None:
    with db.transaction(an_actor()) as session:
        defer(session, NAME, number=number)
