"""Works near changed ground are to be checked again by whoever made them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.db.notices.test_telling import LATER, seen, somebody
from tests.db.works.test_actions import a_document, saved
from tests.factories import NOW, a_batch, a_coverage, a_line, a_run, an_actor, an_area
from tests.people import a_person, an_organisation
from xzgis.audit.record import record
from xzgis.catalogue.files import catalogue
from xzgis.core.actor import SYSTEM, Actor
from xzgis.core.jobs import arguments_of_open_jobs
from xzgis.exports.events import FileLeft
from xzgis.identity.terms import Role
from xzgis.networks.events import BatchAccepted
from xzgis.networks.models import Coverage, Run
from xzgis.notices.rules import sentence_of
from xzgis.reactions import jobs, queries
from xzgis.reactions.actions.following import tell_of_works
from xzgis.works.actions import change_work, remove_work
from xzgis.works.models import Work


@pytest.fixture
def planner(session: Session) -> Actor:
    an_organisation(session)
    return somebody(a_person(session, "zhang", Role.PLANNER).id, Role.PLANNER, name="zhang")


def a_batch_with(session: Session, *rows: Run | Coverage) -> int:
    batch = a_batch()
    session.add(batch)
    session.flush()
    for row in rows:
        row.batch_id = batch.id
        session.add(row)
    session.flush()
    return int(batch.id)


def a_report_of(work: Work) -> FileLeft:
    """A report of a work left as a file."""
    return FileLeft(
        "1", dataset="report", file_format="html", subject=str(work.id), grade="internal", reason=None, records=1,
        area_m2=None, held_km2=0.0, files={}, asked={},
    )  # fmt: skip


@pytest.mark.parametrize(("away_m", "told"), [(0.0, 1), (49.9, 1), (50.1, 0), (5000.0, 0)])
def test_lines_within_reach_are_told_once(session: Session, planner: Actor, away_m: float, told: int) -> None:
    work = saved(session, planner)
    batch = a_batch_with(session, a_run(y_m=away_m))

    for _ in range(2):
        assert tell_of_works(session, batch, now=NOW) == told

    waiting = seen(session, planner)
    assert [each.path for each in waiting] == [f"/works/{work.id}"] * told
    assert all("主干管" in sentence_of(each, "en", moment=str) for each in waiting)


def test_lines_that_a_batch_took_away_and_ground_it_looked_at_count_as_well(
    session: Session, planner: Actor
) -> None:
    saved(session, planner)
    ended = a_batch_with(session, a_run(known_to=LATER))
    looked = a_batch_with(session, a_coverage(area=an_area()))
    far = a_batch_with(session, a_coverage(area=an_area(x_m=9000.0)))

    found = [len(queries.works_near_batch(session, batch)) for batch in (ended, looked, far)]

    assert found == [1, 1, 0]


def test_another_batch_near_by_does_not_count(session: Session, planner: Actor) -> None:
    saved(session, planner)
    a_batch_with(session, a_run())
    far = a_batch_with(session, a_run(axis=a_line(x_m=9000.0)))

    assert queries.works_near_batch(session, far) == []


def test_an_accepted_batch_has_the_works_looked_at(session: Session, planner: Actor) -> None:
    saved(session, planner)
    batch = a_batch_with(session, a_run())
    record(session, actor=an_actor("keeper"), event=BatchAccepted(str(batch), 0, 1, 0, 0), now=NOW)
    assert arguments_of_open_jobs(session, "reactions.look_at_works") == [{"batch_id": batch}]

    jobs.look_at_works(batch_id=batch)

    assert [each.kind for each in seen(session, planner)] == ["work_to_check"]


@pytest.mark.parametrize("how", ["changed", "removed", "report"])
def test_who_looked_at_it_again_has_done_it(session: Session, planner: Actor, how: str) -> None:
    work = saved(session, planner)
    tell_of_works(session, a_batch_with(session, a_run()), now=NOW)
    assert len(seen(session, planner)) == 1
    later = NOW + timedelta(hours=2)

    record(session, actor=SYSTEM, event=a_report_of(work), now=later)
    assert len(seen(session, planner)) == 1  # a colleague's report is no check of one's own
    if how == "changed":
        change_work(
            session,
            actor=planner,
            work_id=work.id,
            document=a_document("改线"),
            catalogue=catalogue(),
            now=later,
        )
    elif how == "removed":
        remove_work(session, actor=planner, work_id=work.id, now=later)
    else:
        record(session, actor=planner, event=a_report_of(work), now=later)

    assert seen(session, planner) == []
