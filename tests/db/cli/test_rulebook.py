"""``xzgis rules`` from the console: look, propose, decide; the console is one person too."""

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.db.catalogue.test_changes import CHIEF, proposed
from xzgis.catalogue.actions.changing import decide_change
from xzgis.catalogue.files import catalogue
from xzgis.cli import frame, rulebook

ENGINE = SimpleNamespace(dispose=lambda: None)


@pytest.fixture(autouse=True)
def console(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the test's own transaction."""
    monkeypatch.setattr(rulebook, "open_database", lambda **_: ENGINE)


def run(capsys: Any, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    code = frame.run(["--lang", "en", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_tables_and_rows_are_listed_and_shown(capsys: Any) -> None:
    shipped = len(catalogue().horizontal)
    assert f"horizontal\t水平净距\tHorizontal clearances\t{shipped}\t0" in run(capsys, "rules", "list")[1]
    rows = json.loads(run(capsys, "rules", "list", "vertical", "--search", "V001", "--json")[1])["items"]
    assert [one["clearance_m"] for one in rows] == ["0.15"]
    assert json.loads(run(capsys, "rules", "show", "cover", "C003")[1])["cells"]["cover_m"] == "1"
    code, _, err = run(capsys, "rules", "show", "cover", "C999")
    assert (code, "C999" in err) == (3, True)


def test_the_console_proposes_and_somebody_else_decides(session: Session, capsys: Any) -> None:
    given = (
        "rules",
        "propose",
        "cover",
        "C003",
        "cover_m=0.8",
        "--reason",
        "soil",
        "--source",
        "GB 50289 4.1.1",
    )

    code, out, err = run(capsys, *given, "--from", "2099-01-01T00:00")

    assert (code, "looser than shipped" in err) == (0, True)
    number = out.strip()
    code, _, err = run(capsys, "rules", "approve", number, "--reason", "why not")
    assert (code, "himself" in err) == (3, True)
    decide_change(
        session,
        actor=CHIEF,
        number=int(number),
        approved=True,
        reason="已核对",
        now=proposed(session).proposed_at,
    )
    told = json.loads(run(capsys, "rules", "history", "cover", "C003", "--json")[1])
    assert [(one["before"], one["after"], one["decided_by"]) for one in told] == [
        ({"cover_m": "1"}, {"cover_m": "0.8"}, "chief")
    ]
    shown = json.loads(run(capsys, "rules", "show", "cover", "C003", "--as-of", "2099-01-02T00:00")[1])
    assert (shown["cells"]["cover_m"], shown["shipped"], shown["bearing"]) == (
        "0.8",
        {"cover_m": "1"},
        "looser",
    )
    assert json.loads(run(capsys, "rules", "show", "cover", "C003")[1])["change"] is None
    assert run(capsys, "rules", "withdraw", number, "--reason", "not needed")[0] == 0


def test_a_bad_value_is_told_as_in_the_file(capsys: Any) -> None:
    code, _, err = run(
        capsys, "rules", "propose", "cover", "C003", "cover_m=-1", "--reason", "soil", "--source", "GB 50289"
    )

    assert code == 3
    assert "clearances/cover.csv line 4, cover_m" in err


def test_a_process_of_its_own_knows_the_people_that_a_change_names() -> None:
    script = (
        "from xzgis.cli import rulebook\n"
        "def stop(**_):\n"
        "    from xzgis.catalogue.models import RuleChange\n"
        "    print({key.column.table.name for key in RuleChange.__table__.foreign_keys})\n"
        "    raise SystemExit\n"
        "rulebook.open_database = stop\n"
        "rulebook._open()\n"
    )

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert told == "{'identity_person'}\n"
