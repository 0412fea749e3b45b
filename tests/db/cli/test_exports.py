"""``xzgis export``, ``exports``, ``trail export`` and ``check --out`` from the console: reasons, records, exit codes."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, a_run
from xzgis.cli import check, export, exports, frame, people, trail
from xzgis.core.db import transaction
from xzgis.exports.actions import leaving
from xzgis.exports.models import Export

ENGINE = SimpleNamespace(dispose=lambda: None)


@pytest.fixture(autouse=True)
def console(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the test's own transaction, with a water main in it."""
    for module in (check, export, exports, people, trail):
        monkeypatch.setattr(module, "open_database", lambda: ENGINE)
    session.add(a_run("water", object_id=1))
    session.flush()


def run(capsys: Any, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    code = frame.run(["--lang", "en", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def left(session: Session) -> Sequence[Export]:
    return session.scalars(select(Export).order_by(Export.number)).all()


@pytest.mark.parametrize("command", [("export",), ("trail", "export")])
def test_without_a_reason_nothing_leaves(
    session: Session, tmp_path: Path, capsys: Any, command: tuple[str, ...]
) -> None:
    code, _, err = run(capsys, *command, "--out", str(tmp_path / "a.csv"))

    assert code == 3
    assert "--reason" in err
    assert list(tmp_path.iterdir()) == []
    assert left(session) == []


def test_the_register_leaves_is_verified_and_withdrawn(session: Session, tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "register.gpkg"

    code, _, err = run(capsys, "export", "--out", str(out), "--reason", "archive of the year")

    number = str(left(session)[0].number)
    assert code == 0
    assert f"Export {number} · internal" in err
    assert run(capsys, "exports", "verify", str(out))[0] == 0
    assert json.loads(run(capsys, "exports", "show", number)[1])["reason"] == "archive of the year"
    assert run(capsys, "exports", "withdraw", number, "--reason", "out of date")[0] == 0
    code, _, err = run(capsys, "exports", "verify", str(out))
    assert (code, "destroy every copy" in err) == (1, True)
    assert json.loads(run(capsys, "exports", "list", "--json")[1])[0]["withdrawn_reason"] == "out of date"


def test_the_console_is_one_person_too(capsys: Any) -> None:
    number = run(capsys, "exports", "ask", "--km2", "40", "--reason", "whole city")[1].strip()

    code, _, err = run(capsys, "exports", "approve", number, "--reason", "why not")

    assert (code, "for himself" in err) == (3, True)
    assert json.loads(run(capsys, "exports", "requests", "--json")[1])[0]["state"] == "asked"


def asked_check(folder: Path) -> tuple[str, ...]:
    """A check of a gas line beside the water main."""
    line = {"type": "LineString", "coordinates": [[EAST_M + 5, NORTH_M + 0.5], [EAST_M + 60, NORTH_M + 0.5]]}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}}
    work = folder / "work.geojson"
    work.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [
        {"type": "Feature", "properties": {}, "geometry": line}
    ]}))  # fmt: skip
    facts = ("--kind", "gas", "--diameter-mm", "200", "--pressure-class", "medium_A", "--cover-m", "1")
    return ("check", str(work), *facts)


@pytest.mark.parametrize("name", ["register.gpkg", "report.csv"])
def test_a_file_is_there_only_once_its_export_is_kept(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A commit that fails at the very end leaves no file, neither in its place nor beside it."""
    out = tmp_path / "out" / name
    out.parent.mkdir()
    in_place: list[bool] = []

    @contextmanager
    def failing(*given: Any, **options: Any) -> Iterator[Session]:
        with transaction(*given, **options) as session:
            yield session
            in_place.append(out.exists())
            raise OperationalError("commit", {}, Exception("connection lost"))

    monkeypatch.setattr(leaving, "transaction", failing)
    command = ("export", "--reason", "archive") if name.endswith("gpkg") else asked_check(tmp_path)

    code, _, _ = run(capsys, *command, "--out", str(out))

    assert code not in (0, 1)
    assert in_place == [False]
    assert list(out.parent.iterdir()) == []


def test_what_is_no_plain_file_is_written_to_and_not_replaced(tmp_path: Path, capsys: Any) -> None:
    device = tmp_path / "device.csv"
    device.symlink_to("/dev/null")

    assert run(capsys, *asked_check(tmp_path), "--out", str(device))[0] == 1
    assert Path("/dev/null").is_char_device()
    assert device.is_symlink()


def test_a_report_as_a_file_is_an_export_and_on_the_screen_none(
    session: Session, tmp_path: Path, capsys: Any
) -> None:
    asked = asked_check(tmp_path)

    shown = run(capsys, *asked, "--json")
    after_look = len(left(session))
    code, _, err = run(capsys, *asked, "--out", str(tmp_path / "report.csv"))

    assert code == shown[0] == 1
    assert after_look == 0
    assert (left(session)[0].dataset, left(session)[0].about) == ("report", "work")
    assert left(session)[0].reason is None
    assert f"Export {left(session)[0].number}" in err
    assert (tmp_path / "report.csv").read_text("utf-8-sig").splitlines()[-1].startswith("# 导出")


def test_a_number_is_revealed_on_the_console_with_a_reason(capsys: Any) -> None:
    run(capsys, "people", "add", "lihua", "李华", "--phone", "13812345678")

    assert run(capsys, "people", "reveal", "lihua", "--reason", "night shift")[1].strip() == "13812345678"
