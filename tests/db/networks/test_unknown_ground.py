"""What a batch leaves out, older coverage does not show either: the ground stays unknown until the rows come in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from shapely import Point, box
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.db.networks.test_batches import bring
from tests.db.networks.test_left_out_ground import LINES, POINTS
from tests.factories import a_coverage, an_actor
from xzgis.audit.models import TrailEntry
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.queries.surroundings import surveyed_areas
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid
from xzgis.networks import jobs
from xzgis.networks.actions.coverage import set_coverage
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.models import Coverage, UnknownGround
from xzgis.networks.queries.export import export_frames
from xzgis.networks.queries.summary import coverages, summary

pytestmark = pytest.mark.usefixtures("read_here", "own_engine")

CITY = box(516800, 3792800, 517400, 3793300)
MAIN = Point(517020, 3793006)
"""On the gas main that stays out."""
ELSEWHERE = Point(517020, 3793200)
SPACE = "A0,3793006,517000,31.0,直线点,,RQ\nA1,3793006,517040,31.0,直线点,,RQ\n"
BESIDE = "B0,3793060,517000,31.0,直线点,,RQ\nB1,3793060,517040,31.0,直线点,,RQ\n"
BAD = "A0,A1,一米三,1.3,200,钢,直埋,中压A,RQ\n"
MENDED = "A0,A1,1.3,1.3,200,钢,直埋,中压A,RQ\n"
GOOD = "B0,B1,1.3,1.3,200,钢,直埋,中压A,RQ\n"


def surveyed_before(*kinds: str) -> None:
    """Somebody drew that he looked at the whole city for the kinds, long ago."""
    with transaction(an_actor()) as session:
        session.add_all(a_coverage(kind, area=CITY) for kind in kinds)


def brought(points: str, lines: str) -> int:
    number = bring({"管线点.csv": POINTS + points, "管线.csv": LINES + lines})
    jobs.accept_batch(number, leave_out_errors=True)
    return number


def undone(number: int) -> None:
    with transaction(an_actor()) as session:
        undo_batch(session, actor=an_actor(), batch_id=number, now=datetime.now(UTC))


def counts(kind: str, place: Point, *, as_of: datetime | None = None) -> bool:
    """Whether a check takes the place as looked at for the kind."""
    with transaction(an_actor()) as session:
        areas = surveyed_areas(session, np.array([CITY.bounds]), as_of=as_of)
    return any(area.covers(place) for area in areas.get(kind, []))


def test_older_coverage_shows_nothing_where_a_main_stays_out() -> None:
    surveyed_before("gas", "water")
    before = datetime.now(UTC)

    brought(SPACE + BESIDE, BAD + GOOD)

    assert not counts("gas", MAIN)
    assert not counts("gas", Point(517020, 3793006 + 14.0))
    assert counts("gas", ELSEWHERE)
    assert counts("gas", Point(517020, 3793060))
    assert counts("water", MAIN)
    assert counts("gas", MAIN, as_of=before)


def test_a_row_of_an_unknown_kind_takes_from_every_kind() -> None:
    surveyed_before("gas", "water")

    brought(SPACE.replace("RQ", "R") + BESIDE, MENDED.replace("中压A,RQ", ",R") + GOOD)

    assert not counts("gas", MAIN)
    assert not counts("water", MAIN)
    assert counts("water", ELSEWHERE)


def test_undoing_gives_the_ground_back() -> None:
    surveyed_before("gas")
    number = brought(SPACE + BESIDE, BAD + GOOD)
    between = datetime.now(UTC)

    undone(number)

    assert counts("gas", MAIN)
    assert not counts("gas", MAIN, as_of=between)


def test_mended_rows_give_the_ground_back_and_their_undoing_takes_it_again() -> None:
    surveyed_before("gas", "water")
    brought(SPACE.replace("RQ", "R") + BESIDE, MENDED.replace("中压A,RQ", ",R") + GOOD)

    mended = brought(SPACE, MENDED)

    # Nowhere is a slit left: neither of the kind that it turned out to be, nor of the others.
    assert all(counts(kind, MAIN.buffer(50.0)) for kind in ("gas", "water"))

    undone(mended)

    assert not counts("gas", MAIN)
    assert not counts("water", MAIN)


def test_two_batches_that_leave_the_same_row_out_each_take_its_ground() -> None:
    surveyed_before("gas")
    first = brought(SPACE + BESIDE, BAD + GOOD)
    second = brought(SPACE, BAD)

    undone(first)
    assert not counts("gas", MAIN)

    undone(second)
    assert counts("gas", MAIN)


def test_coverage_drawn_since_counts_and_an_edit_of_the_old_does_not() -> None:
    surveyed_before("gas")
    brought(SPACE + BESIDE, BAD + GOOD)

    def drawn(object_id: int | None, area: Any) -> None:
        with transaction(an_actor()) as session:
            set_coverage(session, actor=an_actor(), object_id=object_id, area=area, facts={"kind": "gas"},
                         now=datetime.now(UTC), catalogue=catalogue())  # fmt: skip

    with transaction(an_actor()) as session:
        old = session.scalars(select(Coverage.object_id).where(Coverage.batch_id.is_(None))).one()
    drawn(old, CITY)
    assert not counts("gas", MAIN)
    assert counts("gas", ELSEWHERE)
    with pytest.raises(Invalid, match="另画"):
        drawn(old, MAIN.buffer(3.0))

    drawn(None, CITY)
    assert counts("gas", MAIN)


def test_what_is_shown_and_exported_is_what_counts() -> None:
    surveyed_before("gas")
    with transaction(an_actor()) as session:
        before_m2 = summary(session, today=datetime.now(UTC).date()).kinds[0].covered_m2
    brought(SPACE + BESIDE, BAD + GOOD)

    with transaction(an_actor()) as session:
        (drawn,) = [one for one in coverages(session) if one.batch_id is None]
        (told,) = [one for one in coverages(session, with_past=True) if one.batch_id is None]
        (exported,) = export_frames(session, "coverage")
        (gas,) = summary(session, today=datetime.now(UTC).date()).kinds

    assert 40 * 30 < before_m2 - gas.covered_m2 < 40 * 30 + 800
    assert drawn.area_m2 == told.area_m2 == pytest.approx(gas.covered_m2, abs=0.01)
    assert not exported.geometry.covers(MAIN).any()


def test_a_batch_that_leaves_nothing_out_keeps_nothing() -> None:
    surveyed_before("gas")

    number = bring({"管线点.csv": POINTS + BESIDE, "管线.csv": LINES + GOOD})
    jobs.accept_batch(number)

    with transaction(an_actor()) as session:
        assert session.scalar(select(func.count()).select_from(UnknownGround)) == 0
        assert not [one for one in session.scalars(select(TrailEntry.event)) if "ground" in one]


def test_it_is_in_the_trail_and_never_rewritten(session: Session) -> None:
    surveyed_before("gas")
    brought(SPACE + BESIDE, BAD + GOOD)
    brought(SPACE, MENDED)

    with transaction(an_actor()) as inside:
        told = list(inside.scalars(select(TrailEntry.event).order_by(TrailEntry.id)))
        assert [one for one in told if "ground" in one] == [
            "networks.ground.unknown",
            "networks.ground.known",
        ]
        rewriting = update(UnknownGround).values(known_to=None, ended_by=None)
        with pytest.raises(IntegrityError, match="never rewritten"), inside.begin_nested():
            inside.execute(rewriting)


def test_coverage_of_a_batch_that_waited_counts_after_what_was_left_out_meanwhile() -> None:
    """Its moment is of before the wait."""
    brought(SPACE + BESIDE, BAD + GOOD)
    with transaction(an_actor()) as session:
        ground = session.scalars(select(UnknownGround)).one()
        assert ground.known_from > datetime.now(UTC) - timedelta(minutes=1)

    brought(SPACE.replace("A", "C").replace("06,", "07,"), MENDED.replace("A0,A1", "C0,C1"))

    assert counts("gas", MAIN)
