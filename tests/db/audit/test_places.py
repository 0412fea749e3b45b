"""What happens on the map says where."""

from geoalchemy2.shape import to_shape
from shapely import box
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_coverage, a_run, an_actor
from xzgis.audit.models import TrailEntry
from xzgis.networks.actions.coverage import remove_coverage
from xzgis.networks.actions.register import remove_record
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.models import Run


def place_of(session: Session, event: str) -> tuple[float, ...] | None:
    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == event)).one()
    return None if entry.place is None else to_shape(entry.place).bounds


def test_a_removed_run_is_found_where_it_lay(session: Session) -> None:
    run = a_run(x_m=10, y_m=20)
    session.add(run)
    session.flush()

    remove_record(session, Run, actor=an_actor(), object_id=run.object_id, reason="test", now=NOW)

    assert place_of(session, "networks.record.removed") == (
        EAST_M + 10, NORTH_M + 20, EAST_M + 110, NORTH_M + 20,
    )  # fmt: skip


def test_an_undone_batch_is_found_round_what_it_brought(session: Session) -> None:
    batch = a_batch()
    session.add(batch)
    session.flush()
    session.add_all([a_run(batch_id=batch.id), a_run(batch_id=batch.id, x_m=200, y_m=300)])
    session.flush()

    undo_batch(session, actor=an_actor(), batch_id=batch.id, now=NOW)

    assert place_of(session, "networks.batch.undone") == (EAST_M, NORTH_M, EAST_M + 300, NORTH_M + 300)


def test_a_withdrawn_coverage_is_found_where_it_lay(session: Session) -> None:
    coverage = a_coverage(area=box(EAST_M, NORTH_M, EAST_M + 7, NORTH_M + 9))
    session.add(coverage)
    session.flush()

    remove_coverage(session, actor=an_actor(), object_id=coverage.object_id, reason="test", now=NOW)

    assert place_of(session, "networks.coverage.removed") == (EAST_M, NORTH_M, EAST_M + 7, NORTH_M + 9)
