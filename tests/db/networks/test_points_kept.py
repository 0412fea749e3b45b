"""Lines that stay as registered keep their points: version, owner, levels and batch of each (decision 0021)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.db.networks.test_batches import bring, current
from tests.factories import NOW, an_actor
from web.pages.intake.batch import same_values
from xzgis.core import settings as settings_module
from xzgis.core.errors import WrongState
from xzgis.networks import jobs
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.models import Node, Run
from xzgis.networks.queries.batches import batch_of, batch_row, undo_effect

pytestmark = pytest.mark.usefixtures("read_here")
REGISTERED = ["W1", "W2", "W3"]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def sewer(*, last: int, owner: str, ground_m: float = 30.0, first: int = 1) -> dict[str, str]:
    """Manholes from ``first`` to ``last``, each 30 m from the one before, and the sewer through all of them."""
    points = "".join(
        f"W{at},3793900,{517800 + 30 * at},{ground_m},检查井,{owner}\n" for at in range(first, last + 1)
    )
    lines = "".join(f"W{at},W{at + 1},2.5,2.6,600,砼,{owner}\n" for at in range(first, last))
    return {
        "WSPOINT.csv": f"物探点号,X,Y,地面高程,附属物,权属单位\n{points}",
        "WSLINE.csv": f"起点点号,终点点号,起点埋深,终点埋深,管径,材质,权属单位\n{lines}",
    }


def points(session: Session, *numbers: str) -> list[tuple[Any, ...]]:
    """Every version of these points, every column of it."""
    session.expire_all()
    columns = [column for column in Node.__table__.columns if column.name != "place"]
    asked = select(*columns, func.st_astext(Node.place))
    found = session.execute(asked.where(Node.point_no.in_(numbers)).order_by(Node.version_id))
    return [tuple(row) for row in found]


def test_points_of_kept_lines_stay_and_new_lines_lean_on_them(session: Session) -> None:
    first = bring(sewer(last=3, owner="甲公司"))
    jobs.accept_batch(first)
    before = points(session, *REGISTERED)
    second = bring(sewer(last=5, owner="乙公司", ground_m=30.4))
    would = same_values(batch_of(session, second), [])["would"]["keep"]

    written = jobs.accept_batch(second, same="keep")

    assert points(session, *REGISTERED) == before
    assert (written.nodes_replaced, len(written.node_ids), len(written.run_ids)) == (0, 2, 2)
    ends = select(Run.label, Run.from_node_id, Run.to_node_id).where(Run.batch_id == second)
    current_points = select(Node.object_id, Node.point_no).where(Node.known_to.is_(None))
    found = session.execute(current_points).all()
    number_of: dict[int | None, str | None] = {row.object_id: row.point_no for row in found}
    leant = {label: (number_of[start], number_of[end]) for label, start, end in session.execute(ends)}
    assert leant == {"W3-W4": ("W3", "W4"), "W4-W5": ("W4", "W5")}
    # The line at the kept manhole has the levels it was delivered with, not those of the point.
    levels = session.scalars(select(Run.ground_m).where(Run.label == "W3-W4"))
    assert list(levels) == [[30.4, 30.4]]
    batch = batch_of(session, second)
    told = {name: batch.summary[name] for name in ("kept_as_registered", "points_kept_as_registered")}
    assert told == {"kept_as_registered": 2, "points_kept_as_registered": 3}
    assert (batch.summary["replaced"], batch_row(batch).points_in) == ({"points": 0, "lines": 0}, 2)
    assert (would["points"], would["points_kept"], would["points_new"]) == (0, 3, 2)
    assert batch.summary["points_kept_from"] == {str(first): 3}


def test_undoing_who_kept_them_leaves_the_points_and_who_brought_them_waits(session: Session) -> None:
    first = bring(sewer(last=3, owner="甲公司"))
    jobs.accept_batch(first)
    before = points(session, *REGISTERED)
    second = bring(sewer(last=5, owner="乙公司"))
    jobs.accept_batch(second, same="keep")

    with pytest.raises(WrongState, match=f"批次 {second} "):
        undo_batch(session, actor=an_actor(), batch_id=first, now=NOW)
    assert (undo_effect(session, batch_id=second).nodes, points(session, *REGISTERED)) == (2, before)
    undone = undo_batch(session, actor=an_actor(), batch_id=second, now=NOW)

    assert (undone.nodes_removed, undone.nodes_revived, undone.runs_removed) == (2, 0, 2)
    assert points(session, *REGISTERED) == before
    assert current(session)[:2] == (2, 3)


def test_a_delivery_of_nothing_but_what_stays_is_accepted_and_writes_nothing(session: Session) -> None:
    jobs.accept_batch(bring(sewer(last=3, owner="甲公司")))
    before = points(session, *REGISTERED)

    second = bring(sewer(last=3, owner="乙公司"))
    written = jobs.accept_batch(second, same="keep")

    assert (len(written.node_ids), len(written.run_ids), points(session, *REGISTERED)) == (0, 0, before)
    row = batch_row(batch_of(session, second))
    assert (row.state, row.points, row.lines, row.points_in, row.lines_in) == ("accepted", 3, 2, 0, 0)


def test_a_point_at_which_no_kept_line_ends_is_renewed(session: Session) -> None:
    jobs.accept_batch(bring(sewer(last=3, owner="甲公司")))

    # From the last manhole onwards: no delivered line lies on a registered one, so nothing is kept.
    jobs.accept_batch(bring(sewer(first=3, last=4, owner="乙公司")), same="keep")

    owners = session.scalars(select(Node.owner).where(Node.point_no == "W3", Node.known_to.is_(None)))
    assert (list(owners), len(points(session, "W3")), len(points(session, "W1", "W2"))) == (["乙公司"], 2, 2)


def test_points_brought_by_another_batch_than_their_line_hold_it_too(session: Session) -> None:
    first = bring(sewer(last=3, owner="甲公司"))
    jobs.accept_batch(first)
    renewed = bring(sewer(first=3, last=4, owner="丙公司"))
    jobs.accept_batch(renewed)
    third = bring(sewer(last=3, owner="乙公司"))

    jobs.accept_batch(third, same="keep")

    assert batch_of(session, third).summary["points_kept_from"] == {str(first): 2, str(renewed): 1}
    with pytest.raises(WrongState, match=f"批次 {third} "):
        undo_batch(session, actor=an_actor(), batch_id=renewed, now=NOW)
