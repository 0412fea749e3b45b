"""A batch counts what of the records it replaces it says no differently."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.db.networks.test_batches import LINES, POINTS, bring, current
from tests.factories import NOW, an_actor
from xzgis.core import settings as settings_module
from xzgis.networks import jobs
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.queries.batches import batch_of

pytestmark = pytest.mark.usefixtures("read_here")
EAST_M = 517_800.0


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def sewer(*, surveyed: str = "2024-05-01", owner: str = "甲公司", ground_m: str = "29.80") -> dict[str, str]:
    """Two stretches; the second has another day of survey, owner or ground at its far end."""
    points = POINTS.format("W", EAST_M, EAST_M + 30, EAST_M + 60).replace("29.80", ground_m)
    head, first, second = LINES.format("W", "600", "3").splitlines()
    rows = (f"{head},权属单位,探测日期", f"{first},甲公司,2024-05-01", f"{second},{owner},{surveyed}")
    return {"WSPOINT.csv": points, "WSLINE.csv": "\n".join(rows) + "\n"}


@pytest.mark.parametrize(
    ("said", "points", "lines"),
    [
        ({}, 3, 2),
        ({"surveyed": "2024-06-01"}, 3, 1),
        ({"owner": "乙公司"}, 3, 1),
        ({"owner": ""}, 3, 2),  # not told: the registered owner stays, and the line says what stands
        ({"ground_m": "29.81"}, 2, 1),
    ],
)
def test_what_says_the_same_is_counted_and_a_newer_survey_is_a_change(
    session: Session, said: dict[str, str], points: int, lines: int
) -> None:
    first = bring(sewer())
    written = jobs.accept_batch(first)
    assert (written.nodes_unchanged, written.runs_unchanged) == (0, 0)
    assert batch_of(session, first).summary["unchanged"] == {"points": 0, "lines": 0}

    again = bring(sewer(**said), again=True)
    jobs.accept_batch(again, same="replace")

    session.expire_all()
    summary = batch_of(session, again).summary
    assert summary["replaced"] == {"points": 3, "lines": 2}
    assert summary["unchanged"] == {"points": points, "lines": lines}
    # Each batch stands by itself: the one goes, and the other still says it.
    undo_batch(session, actor=an_actor(), batch_id=first, now=NOW)
    assert current(session)[:2] == (2, 3)
