"""A job reads the register with the eyes of whoever asked for it, as they are when it runs."""

from typing import Any

import pytest
from shapely import LineString, Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.db.networks.test_batches import (
    bring,
    state_of,
    store,  # noqa: F401 - the fixture of its folder
    tables,
)
from tests.factories import NOW, a_node, a_run
from tests.people import a_person, an_organisation
from xzgis.core.actor import Actor, actor_told, told
from xzgis.core.db import stored
from xzgis.core.errors import Invalid
from xzgis.identity.models import DataRightRow, Person, Post
from xzgis.identity.queries.actors import sight_of_asker
from xzgis.identity.terms import Role
from xzgis.networks import jobs
from xzgis.networks.models import Batch, Run, SecretRecord
from xzgis.networks.queries.batches import findings_of

pytestmark = pytest.mark.usefixtures("read_here")

WEST_M, NORTH_M = 517_800.0, 3_793_900.0


@pytest.fixture
def keeper(session: Session) -> Actor:
    """A keeper of the whole city who sees no secret line."""
    an_organisation(session)
    a_person(session, "lihua", Role.DATA_KEEPER)
    return Actor(
        name="lihua", via="page", id=session.scalar(select(Person.id).where(Person.account == "lihua"))
    )


def hide(session: Session, *records: Any) -> None:
    session.add_all(records)
    session.flush()
    session.add_all(
        SecretRecord(object_id=one.object_id, grade=3, reason="军事", since=NOW) for one in records
    )
    session.flush()


def hidden_course(session: Session) -> Run:
    """A secret line of the kind and course of the first one delivered."""
    run = a_run(
        "drainage_foul", axis=LineString([(WEST_M, NORTH_M), (WEST_M + 30, NORTH_M)]), label="HIDDEN",
        crown_m=[28.16, 27.96], bottom_m=[27.44, 27.24], outer_width_mm=720.0, outer_height_mm=720.0,
    )  # fmt: skip
    hide(session, run)
    return run


def grant_secrets(session: Session, keeper: Actor) -> None:
    post = session.scalar(select(Post.id).where(Post.person_id == keeper.id))
    session.add(DataRightRow(post_id=post, precision="exact", secrecy=3))
    session.flush()


def brought_by(session: Session, actor: Actor) -> int:
    number = bring(tables())
    batch = session.get_one(Batch, number)
    batch.created_by, batch.state = actor.name, "received"
    session.flush()
    jobs.read_batch_job(batch_id=number, actor=told(actor))
    return number


def accept(number: int, actor: Actor) -> None:
    jobs.accept_batch(number, watch=jobs.Watch(actor=actor_told(told(actor))))


def test_findings_tell_nothing_of_a_hidden_line(session, keeper):
    hidden_course(session)
    hide(session, a_node("drainage_foul", point_no="HIDDEN-7", place=stored(Point(WEST_M + 60.2, NORTH_M))))

    number = brought_by(session, keeper)

    found = findings_of(session, batch_id=number)
    assert "D02" not in {one.code for one in found}
    assert all("HIDDEN" not in one.words.zh for one in found)


def test_who_may_see_it_is_told(session, keeper):
    hidden_course(session)
    grant_secrets(session, keeper)

    assert "D02" in {one.code for one in findings_of(session, batch_id=brought_by(session, keeper))}


def test_a_hidden_line_is_neither_doubled_nor_replaced(session, keeper):
    hidden = hidden_course(session)
    number = brought_by(session, keeper)

    with pytest.raises(Invalid) as refused:
        accept(number, keeper)

    assert "HIDDEN" not in refused.value.words.zh
    assert str(hidden.object_id) not in refused.value.words.zh
    assert (state_of(number), session.scalar(select(func.count()).select_from(Run))) == ("read", 1)


def test_the_right_given_meanwhile_counts(session, keeper):
    hidden = hidden_course(session)
    number = brought_by(session, keeper)
    grant_secrets(session, keeper)

    accept(number, keeper)

    versions = session.scalars(select(Run.known_to).where(Run.object_id == hidden.object_id)).all()
    assert len(versions) == 2
    assert versions.count(None) == 1


def test_nothing_hidden_there_goes_in(session, keeper):
    number = brought_by(session, keeper)

    accept(number, keeper)

    assert state_of(number) == "accepted"


def test_who_left_sees_nothing_and_the_console_everything(session, keeper):
    person = session.get_one(Person, keeper.id)
    assert sight_of_asker(session, keeper, now=NOW).rights != ()
    person.left_at, person.password_hash = NOW, None
    session.flush()

    assert sight_of_asker(session, keeper, now=NOW).rights == ()
    assert sight_of_asker(session, Actor(name="root", via="command"), now=NOW) is None
