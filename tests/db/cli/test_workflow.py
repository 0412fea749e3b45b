"""``xzgis workflow`` from the console: look, check a file, propose, decide; the console is one person too."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.db.workflow.test_changing import CHIEF, LI, proposed
from tests.factories import NOW
from tests.processes import a_process
from xzgis.catalogue.files import process_files
from xzgis.cli import frame, workflow
from xzgis.workflow.actions.changing import decide_version
from xzgis.workflow.actions.shipping import sync_processes

ENGINE = SimpleNamespace(dispose=lambda: None)
WHY = ("--reason", "reform", "--source", "decree 8")


@pytest.fixture(autouse=True)
def console(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the test's own transaction, and the shipped processes in it."""
    sync_processes(session, process_files(), now=NOW)
    monkeypatch.setattr(workflow, "open_database", lambda **_: ENGINE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "trial.bpmn"
    path.write_bytes(a_process())
    return path


def run(capsys: Any, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    code = frame.run(["--lang", "en", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_processes_and_steps_are_listed(capsys: Any) -> None:
    rows = json.loads(run(capsys, "workflow", "list", "--json")[1])
    assert {one["process"]: one["statutory_days"] for one in rows}["road_occupation"] == 20
    assert "decide\t作出决定" in run(capsys, "workflow", "show", "road_occupation")[1]
    steps = json.loads(run(capsys, "workflow", "show", "road_occupation", "--json")[1])["steps"]
    assert {one["id"]: one["hours"] for one in steps}["papers_after"] == 24
    code, _, err = run(capsys, "workflow", "show", "gone")
    assert (code, "gone" in err) == (3, True)


def test_a_file_is_checked_without_a_database(
    capsys: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow, "open_database", lambda **_: pytest.fail("a check needs no database"))

    assert run(capsys, "workflow", "check", str(file))[0] == 0
    file.write_bytes(a_process("<bpmn:serviceTask id='x'/>"))
    code, _, err = run(capsys, "workflow", "check", str(file))
    assert (code, "line 9, x: serviceTask" in err, "user task" in err) == (3, True, True)
    code, _, err = run(capsys, "workflow", "check", str(file.with_name("gone.bpmn")))
    assert (code, "gone.bpmn" in err) == (3, True)


def test_the_console_proposes_and_somebody_else_decides(session: Session, capsys: Any, file: Path) -> None:
    code, out, _ = run(capsys, "workflow", "propose", str(file), *WHY)
    number = out.strip()
    assert code == 0
    code, _, err = run(capsys, "workflow", "approve", number, "--reason", "why not")
    assert (code, "himself" in err) == (3, True)
    decide_version(session, actor=CHIEF, version_id=int(number), approved=True, reason="已核对", now=NOW)
    (row,) = json.loads(run(capsys, "workflow", "versions", "trial", "--json")[1])
    assert (row["number"], row["state"], row["decided_by"]) == (1, "approved", "chief")


def test_the_console_decides_what_another_proposed(session: Session, capsys: Any, file: Path) -> None:
    made = str(proposed(session, by=LI).id)

    assert "number 1" in run(capsys, "workflow", "approve", made, "--reason", "checked")[2]
    again = str(proposed(session, a_process(said="收件"), by=LI).id)
    assert "refused" in run(capsys, "workflow", "refuse", again, "--reason", "no need")[2]
    last = str(proposed(session, a_process(said="登记"), by=LI).id)
    assert "withdrawn" in run(capsys, "workflow", "withdraw", last, "--reason", "no need")[2]
    taken = file.with_name("taken.bpmn")
    assert run(capsys, "workflow", "export", made, str(taken))[0] == 0
    assert taken.read_bytes() == a_process()
    assert run(capsys, "workflow", "export", made, str(taken))[0] == 3
