"""``xzgis check`` on a register where every kind is surveyed: 0 only where nothing is left unlooked at."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, a_coverage
from xzgis.catalogue.files import catalogue
from xzgis.cli import check, frame
from xzgis.conflicts.rules.coverage import surveyed_kinds


@pytest.fixture(autouse=True)
def surveyed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds the test's own transaction: no line, every kind looked for."""
    monkeypatch.setattr(check, "open_database", lambda: SimpleNamespace(dispose=lambda: None))
    session.add_all(a_coverage(kind) for kind in surveyed_kinds(catalogue()))
    session.flush()


@pytest.mark.parametrize(
    ("places", "code", "doubt"),
    [
        pytest.param([(0, 0), (60, 0)], 0, None, id="straight"),
        pytest.param([(0, 0), (60, 0), (60, 0.3), (0, 0.3)], 2, "beside_itself", id="out and back"),
        pytest.param([(0, 0), (60, 0), (60, 9), (30, 9), (30, -9)], 2, "crosses_itself", id="across itself"),
    ],
)
def test_a_line_that_is_not_checked_against_itself_ends_with_two(
    tmp_path: Path, capsys: Any, places: list[tuple[float, float]], code: int, doubt: str | None
) -> None:
    run = {
        "kind": "gas", "axis": [[EAST_M + x, NORTH_M + y] for x, y in places], "pressure_class": "medium_A",
        "section": {"diameter_mm": 200, "is_outer": True}, "burial": "direct_buried", "depth": {"cover_m": 1.2},
        "ground_m": [31.0] * len(places),
    }  # fmt: skip
    work = tmp_path / "work.json"
    work.write_text(json.dumps({"name": "试验", "surface": "carriageway", "runs": [run]}), encoding="utf-8")

    ended = frame.run(["check", str(work), "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (ended, told["verdict"]) == (code, "cannot_judge" if code else "clear")
    assert [name for name in ("beside_itself", "crosses_itself") if name in told["checked"]] == (
        [doubt] if doubt else []
    )
