"""The command and the page bring the same rows into the register."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from tests.factories import NOW, an_actor
from xzgis.cli import frame, intake
from xzgis.cli.deliveries import foresight
from xzgis.core import settings as settings_module
from xzgis.core.db import transaction
from xzgis.networks import jobs
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.models import Coverage, Node, Run

# What differs from one import to the next by its nature.
OWN = {"version_id", "object_id", "batch_id", "known_from", "from_node_id", "to_node_id", "bank_id"}


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files go to a folder of the test; the command finds the test's own transaction."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    # A test before it may have asked this process for another language.
    monkeypatch.setitem(frame._chosen, "lang", "zh")
    monkeypatch.setattr(intake, "open_database", lambda: None)
    monkeypatch.setattr(foresight, "ask_register", foresight.compared)
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def rows(session: Session, model: type[Run] | type[Node] | type[Coverage]) -> list[str]:
    """Every current row as text without what is its own, sorted."""
    table = model.__table__
    assert isinstance(table, Table)
    columns = [column for column in table.columns if column.name not in OWN]
    found = session.execute(select(*columns).where(model.known_to.is_(None)))
    return sorted(json.dumps([str(value) for value in row]) for row in found)


def register(session: Session) -> dict[str, list[str]]:
    session.expire_all()
    return {model.__name__: rows(session, model) for model in (Run, Node, Coverage)}


def command(files: list[Path], **options: Any) -> int:
    given: dict[str, Any] = {
        "intake": None, "crs": None, "dry_run": False, "strict": False, "leave_out_errors": False, "again": False,
        "same": "replace", "displace": False, "explode_blocks": False, "mapping": None, "column": [], "code": [],
        "encoding": None, "level_meaning": None, "name": None, "as_json": True,
    }  # fmt: skip
    return intake.import_files(files, **(given | options))


def excerpt(shared_data: Path) -> list[Path]:
    folder = shared_data / "cn_pipe_survey_excerpt"
    return [folder / "管点调查表_utf8bom.csv", folder / "管线调查表_utf8bom.csv"]


def test_the_real_excerpt_is_the_same_by_page_and_by_command(
    session: Session, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = excerpt(shared_data)
    number = jobs.upload_batch(
        an_actor(), files=[(path.name, io.BytesIO(path.read_bytes())) for path in files], options={}
    )
    jobs.read_batch_job(batch_id=number, actor="tester")
    jobs.accept_batch(number)
    by_page = register(session)
    with transaction(an_actor()) as opened:
        undo_batch(opened, actor=an_actor(), batch_id=number, now=NOW)
    assert register(session) == {"Run": [], "Node": [], "Coverage": []}

    status = command(files)

    told = json.loads(capsys.readouterr().out)
    assert (status, told["accepted"], told["points"], told["lines"]) == (0, True, 467, 460)
    assert (len(by_page["Run"]), len(by_page["Node"])) == (460, 467)
    assert register(session) == by_page


def test_a_dry_run_touches_nothing(
    session: Session, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = command(excerpt(shared_data), dry_run=True)

    assert (status, json.loads(capsys.readouterr().out)["batch"]) == (0, None)
    assert register(session) == {"Run": [], "Node": [], "Coverage": []}


def test_a_dry_run_of_undoing_tells_what_undoing_then_does(
    session: Session, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(excerpt(shared_data))
    number = int(json.loads(capsys.readouterr().out)["batch"])
    before = register(session)

    intake.undo(number, dry_run=True, as_json=True)
    told = json.loads(capsys.readouterr().out)["would_undo"]

    assert register(session) == before
    intake.undo(number, dry_run=False, as_json=True)
    done = json.loads(capsys.readouterr().out)["undone"]
    assert (told["runs"], told["nodes"], told["coverages"], told["stripped"]) == (
        460,
        467,
        done["coverage_removed"],
        0,
    )
    assert (done["runs_removed"], done["nodes_removed"]) == (460, 467)
    assert register(session) == {"Run": [], "Node": [], "Coverage": []}


@pytest.mark.parametrize("same", ["replace", "keep"])
def test_a_dry_run_tells_what_the_import_then_does(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], same: str
) -> None:
    def deliver(*ends: int) -> list[Path]:
        points = "".join(f"{at},3793900,{517800 + 30 * at},35\n" for at in range(1, max(ends) + 1))
        lines = "".join(f"{at},{at + 1},1.2,1.3,300,铸铁,直埋\n" for at in ends[:-1])
        (tmp_path / "JSPOINT.csv").write_text(f"物探点号,X,Y,地面高程\n{points}", encoding="utf-8")
        (tmp_path / "JSLINE.csv").write_text(
            f"起点点号,终点点号,起点埋深,终点埋深,管径,材质,埋设方式\n{lines}", encoding="utf-8"
        )
        return [tmp_path / "JSPOINT.csv", tmp_path / "JSLINE.csv"]

    command(deliver(1, 2, 3))
    capsys.readouterr()
    files, before = deliver(1, 2, 3, 4, 5), register(session)

    status = command(files, dry_run=True, same=same)
    out, said = capsys.readouterr()
    foretold = json.loads(out)
    assert register(session) == before
    command(files, same=same)

    done = json.loads(capsys.readouterr().out)
    told = ("compared", "replaced", "kept_as_registered", "points_kept_as_registered", "counts")
    assert {name: foretold[name] for name in told} == {name: done[name] for name in told}
    points, lines = {"replace": ((3, 0), (2, 0)), "keep": ((0, 3), (0, 2))}[same]
    assert done["replaced"] == {"points": points[0], "lines": lines[0]}
    assert (done["points_kept_as_registered"], done["kept_as_registered"]) == (points[1], lines[1])
    assert (status, "D02" in {one["code"] for one in foretold["findings"]}) == (0, True)
    assert (
        f"将替换现有 {points[0]} 点、{lines[0]} 段，{points[1]} 点、{lines[1]} 段与现有相同而保留现有" in said
    )
    assert "新增 2 点、2 段" in said


def test_the_site_from_its_other_table_stands_in_the_register_once(
    session: Session, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(excerpt(shared_data))
    before = json.loads(capsys.readouterr().out)
    other = shared_data / "cn_pipe_survey_excerpt" / "管线点成果表_节选.xlsx"

    command([other], leave_out_errors=True)

    told = json.loads(capsys.readouterr().out)
    went_in = told["lines"] - told["left_out"]["lines"]
    # SOURCE.md: the table gives the same lines with coordinates of two decimals.
    assert told["replaced"]["lines"] > 0.95 * went_in > 0
    assert len(register(session)["Run"]) == before["lines"] + went_in - told["replaced"]["lines"]


def test_strict_refuses_what_a_new_survey_must_not_have(
    session: Session, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = command(excerpt(shared_data), strict=True)

    told = json.loads(capsys.readouterr().out)
    assert (status, told["accepted"]) == (1, False)
    assert told["counts"]["error"] > 0
    assert register(session)["Run"] == []
