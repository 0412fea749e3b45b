"""A line is never replaced by one that lies above or below it on the same course (decision 0021)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.db.networks.test_batches import EAST_M, bring, codes, state_of
from tests.factories import NOW, an_actor
from xzgis.core import settings as settings_module
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, WrongState
from xzgis.networks import jobs
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.models import Run
from xzgis.networks.queries.batches import batch_of, findings_of
from xzgis.networks.rules.same_findings import Same

pytestmark = pytest.mark.usefixtures("read_here")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def cables(*depths_m: float | str, size: str = "150", owner: str = "") -> int:
    """A batch that was read: power cables one above the other on one course, by the depths of their crowns."""
    points = f"D1,3793900,{EAST_M},31,,\nD2,3793900,{EAST_M + 50},31,,\n"
    rows = "".join(f"D1,D2,{depth},{depth},{size},PVC,直埋,{owner}\n" for depth in depths_m)
    return bring(
        {
            "DLPOINT.csv": f"物探点号,X,Y,地面高程,特征,附属物\n{points}",
            "DLLINE.csv": f"起点点号,终点点号,起点埋深,终点埋深,管径,材质,埋设方式,权属单位\n{rows}",
        },
        again=True,
    )


def crowns(session: Session) -> list[float]:
    session.expire_all()
    found = session.scalars(select(Run.crown_m).where(Run.known_to.is_(None))).all()
    return sorted(round(levels[0], 2) for levels in found if levels and levels[0] is not None)


def test_the_deeper_line_leaves_the_shallower_one_alone(session: Session) -> None:
    jobs.accept_batch(cables(1.2, 3.0))
    assert crowns(session) == [28.0, 29.8]

    deeper = cables(3.02)
    assert codes(deeper, "error") == []
    jobs.accept_batch(deeper)

    assert crowns(session) == [27.98, 29.8]


def test_another_level_is_asked_for_row_by_row(session: Session) -> None:
    jobs.accept_batch(cables(1.2))

    deeper = cables(3.0)

    (told,) = (one for one in findings_of(session, batch_id=deeper) if one.level == "error")
    assert (told.code, told.file, told.row, told.table) == ("D03", "DLLINE.csv", 2, "lines")
    assert (told.field, "但标高不同" in told.words.zh) == ("crown_m", True)
    assert "管顶 29.80/29.80 m" in told.words.zh
    assert "管顶 28.00/28.00 m" in told.words.zh
    with pytest.raises(WrongState):
        jobs.accept_batch(deeper)
    assert crowns(session) == [29.8]


@pytest.mark.parametrize(
    ("same", "expected"), [("replace", [28.0]), ("keep", [29.8]), ("beside", [28.0, 29.8])]
)
def test_a_person_says_what_the_line_is_and_undoing_takes_it_back(
    session: Session, same: Same, expected: list[float]
) -> None:
    jobs.accept_batch(cables(1.2))
    deeper = cables(3.0)

    jobs.accept_batch(deeper, same=same)

    assert (crowns(session), state_of(deeper)) == (expected, "accepted")
    assert codes(deeper, "error") == []
    assert batch_of(session, deeper).summary["counts"]["error"] == 0
    with transaction(an_actor()) as opened:
        undo_batch(opened, actor=an_actor(), batch_id=deeper, now=NOW)
    assert crowns(session) == [29.8]


def test_what_stands_beside_is_known_again(session: Session) -> None:
    jobs.accept_batch(cables(1.2))
    jobs.accept_batch(cables(3.0), same="beside")

    jobs.accept_batch(cables(3.05, 1.25))

    assert crowns(session) == [27.95, 29.75]


def test_a_line_that_came_in_meanwhile_is_not_replaced_unasked(session: Session) -> None:
    upper, lower = cables(1.2), cables(3.0)
    jobs.accept_batch(upper)

    with pytest.raises(Invalid, match="D1-D2"):
        jobs.accept_batch(lower)

    assert crowns(session) == [29.8]


def owners(session: Session) -> list[str | None]:
    session.expire_all()
    return sorted(session.scalars(select(Run.owner).where(Run.known_to.is_(None))).all(), key=str)


@pytest.mark.parametrize(
    ("same", "expected"), [("replace", ["乙公司"]), ("keep", ["甲公司"]), ("beside", ["乙公司", "甲公司"])]
)
def test_another_owners_line_takes_no_place_unasked(
    session: Session, same: Same, expected: list[str]
) -> None:
    jobs.accept_batch(cables("", owner="甲公司"))

    other = cables("", owner="乙公司")

    (told,) = (one for one in findings_of(session, batch_id=other) if one.level == "error")
    assert told.code == "D03"
    assert "权属 甲公司" in told.words.zh
    assert "权属 乙公司" in told.words.zh
    assert (told.field, "但权属不同" in told.words.zh) == ("owner", True)
    with transaction(an_actor()) as opened:
        held = batch_of(opened, other).summary["held"]
    assert (held["lines"], held["others"], held["others_held"], held["lines_new"]) == (0, 1, 1, 0)
    with pytest.raises(WrongState, match="请选择“替换”“保留”或“并列”"):
        jobs.accept_batch(other)
    jobs.accept_batch(other, same=same)
    assert owners(session) == expected
