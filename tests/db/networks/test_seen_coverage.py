"""Coverage made round secret lines shows no more than the lines do."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import NOW, a_batch, a_coverage, a_line, a_run, an_actor
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.sight import DataRight, Sight
from xzgis.networks.actions.coverage import cover_batch
from xzgis.networks.actions.secrecy import Graded, grade_records
from xzgis.networks.models import Batch, Coverage, Run


def looking(grade: int) -> Actor:
    return Actor(name="looker", via="page", sight=Sight((DataRight("exact", secrecy=grade),), 20.0))


def seen(grade: int) -> list[str]:
    with transaction(looking(grade)) as session:
        return sorted(session.scalars(select(Coverage.kind)))


@pytest.fixture
def batch(session: Session) -> Batch:
    """A gas line of the army and a water line, brought and covered together; and a coverage drawn by hand."""
    made = a_batch()
    session.add(made)
    session.flush()
    session.add_all([
        a_run("gas", owner="军用", batch_id=made.id),
        a_run("water", axis=a_line(y_m=30.0), batch_id=made.id),
        a_coverage("heat", method="drawn"),
    ])  # fmt: skip
    session.flush()
    cover_batch(session, actor=an_actor(), batch_id=made.id, reach_m=15.0, now=NOW)
    return made


def grade(session: Session, which: Graded, to: int) -> None:
    grade_records(session, actor=an_actor(), which=which, grade=to, reason="军事", now=NOW)


def test_the_grade_of_an_owner_hides_the_coverage_round_his_lines(session, batch):
    assert seen(0) == ["gas", "heat", "water"]

    grade(session, Graded(owner="军用"), 2)

    assert seen(0) == seen(1) == ["heat", "water"]
    assert seen(2) == ["gas", "heat", "water"]


def test_the_grade_of_a_number_does_and_its_end_shows_it_again(session, batch):
    number = session.scalar(select(Run.object_id).where(Run.kind == "gas"))
    grade(session, Graded(object_ids=[number]), 1)
    assert seen(0) == ["heat", "water"]

    grade(session, Graded(object_ids=[number]), 0)
    assert seen(0) == ["gas", "heat", "water"]


def test_a_past_version_still_hides_the_coverage_of_its_batch(session, batch):
    run = session.scalars(select(Run).where(Run.kind == "gas")).one()
    run.known_to = NOW.replace(year=2027)
    session.flush()
    grade(session, Graded(object_ids=[run.object_id]), 1)

    assert seen(0) == ["heat", "water"]


def test_coverage_made_after_the_grade_is_hidden_too(session, batch):
    grade(session, Graded(owner="军用"), 3)
    cover_batch(session, actor=an_actor(), batch_id=batch.id, reach_m=5.0, now=NOW)

    assert seen(2) == ["heat", "water", "water"]


def test_the_system_reads_all_of_it(session, batch):
    grade(session, Graded(owner="军用"), 3)

    assert session.scalar(select(func.count()).select_from(Coverage)) == 3
