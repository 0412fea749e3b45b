"""A batch taken out again: its records go, what they replaced comes back, and the history stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import NOW, a_batch, a_coverage, a_line, a_node, a_run, an_actor
from xzgis.audit.models import TrailEntry
from xzgis.core.db import stored
from xzgis.core.errors import NotFound, WrongState
from xzgis.networks.actions.register import remove_record, replace_record
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.models import Batch, Coverage, Node, Road, Run
from xzgis.networks.queries.batches import undo_effect
from xzgis.networks.queries.export import export_frames
from xzgis.networks.queries.map_view import roads_drawn

DAY = timedelta(days=1)


def a_version(batch: Batch, number: int, *, since: datetime, until: datetime | None = None) -> Run:
    return a_run(object_id=number, batch_id=batch.id, known_from=since, known_to=until, label=f"{batch.name}")


def batches(session: Session, *names: str) -> list[Batch]:
    made = [a_batch(name=name) for name in names]
    session.add_all(made)
    session.flush()
    return made


def current(session: Session) -> dict[int, str]:
    return {run.object_id: run.label for run in session.scalars(select(Run).where(Run.known_to.is_(None)))}


def test_undo_takes_all_of_a_batch_out_and_nothing_else(session: Session) -> None:
    first, second = batches(session, "first", "second")
    session.add_all([a_version(first, 1, since=NOW), a_version(second, 2, since=NOW)])
    session.add_all(
        [a_node(batch_id=second.id), a_coverage(batch_id=second.id), a_coverage(batch_id=first.id)]
    )
    session.add(Road(part="centreline", shape=stored(a_line()), batch_id=second.id))

    undone = undo_batch(session, actor=an_actor(), batch_id=second.id, now=NOW + DAY)

    assert current(session) == {1: "first"}
    assert (undone.runs_removed, undone.nodes_removed, undone.coverage_removed, undone.roads_removed) == (
        1,
        1,
        1,
        1,
    )
    assert session.scalar(select(func.count()).where(Node.known_to.is_(None))) == 0
    assert session.scalar(select(func.count()).where(Coverage.known_to.is_(None))) == 1
    assert session.get_one(Batch, second.id).state == "undone"
    assert session.scalars(select(TrailEntry.event)).all() == ["networks.batch.undone"]


def test_the_roads_of_an_undone_batch_are_kept_and_no_longer_seen(session: Session) -> None:
    kept, undone = batches(session, "kept", "undone")
    for name, batch in (("留街", kept), ("撤街", undone), ("旧街", None)):
        number = None if batch is None else batch.id
        session.add(Road(part="centreline", name=name, shape=stored(a_line()), batch_id=number))

    undo_batch(session, actor=an_actor(), batch_id=undone.id, now=NOW + DAY)

    assert session.scalar(select(func.count()).select_from(Road)) == 3
    assert {name for name, _ in roads_drawn(session, "街", limit=9)} == {"留街", "旧街"}
    exported = [name for frame in export_frames(session, "roads") for name in frame["name"]]
    assert sorted(exported) == ["旧街", "留街"]


def test_undo_brings_back_what_the_batch_replaced(session: Session) -> None:
    first, second = batches(session, "first", "second")
    session.add_all([a_version(first, 1, since=NOW, until=NOW + DAY), a_version(second, 1, since=NOW + DAY)])

    undone = undo_batch(session, actor=an_actor(), batch_id=second.id, now=NOW + 2 * DAY)

    assert current(session) == {1: "first"}
    assert undone.runs_revived == 1
    versions = session.scalars(select(Run).order_by(Run.known_from)).all()
    assert [(run.label, run.known_from, run.known_to) for run in versions] == [
        ("first", NOW, NOW + DAY),
        ("second", NOW + DAY, NOW + 2 * DAY),
        ("first", NOW + 2 * DAY, None),
    ]


def test_undo_below_a_later_batch_leaves_the_later_one_and_never_comes_back(session: Session) -> None:
    first, second, third = batches(session, "first", "second", "third")
    session.add_all(
        [
            a_version(first, 1, since=NOW, until=NOW + DAY),
            a_version(second, 1, since=NOW + DAY, until=NOW + 2 * DAY),
            a_version(third, 1, since=NOW + 2 * DAY),
        ]
    )
    undo_batch(session, actor=an_actor(), batch_id=second.id, now=NOW + 3 * DAY)
    assert current(session) == {1: "third"}

    foreseen = undo_effect(session, batch_id=third.id)
    undone = undo_batch(session, actor=an_actor(), batch_id=third.id, now=NOW + 4 * DAY)

    assert current(session) == {1: "first"}
    assert (foreseen.revived, undone.runs_revived) == (1, 1)


def test_what_stays_replaced_is_told_as_it_stands_now(session: Session) -> None:
    first, second = batches(session, "first", "second")
    session.add_all(a_version(first, number, since=NOW) for number in (2, 3))
    session.add(a_version(first, 1, since=NOW, until=NOW + DAY))
    session.add(a_version(second, 1, since=NOW + DAY))
    session.flush()

    def told() -> tuple[int, int]:
        effect = undo_effect(session, batch_id=first.id)
        return effect.runs, effect.replaced_since

    assert told() == (2, 1)
    # What a person changed goes with its batch; what a person took out stays out.
    made: dict[str, Any] = {"actor": an_actor(), "reason": "", "now": NOW + DAY}
    replace_record(session, Run, object_id=2, changes={"material": "PE"}, **made)
    assert told() == (2, 1)
    remove_record(session, Run, object_id=3, **made)
    assert told() == (1, 2)
    # Once the later batch is undone nothing of this one is replaced by it any more.
    undo_batch(session, actor=an_actor(), batch_id=second.id, now=NOW + 2 * DAY)
    assert told() == (2, 1)

    assert undo_effect(session, batch_id=first.id).revived == 0
    undone = undo_batch(session, actor=an_actor(), batch_id=first.id, now=NOW + 3 * DAY)

    assert (undone.runs_removed, current(session)) == (2, {})


def test_undo_takes_out_what_was_edited_since(session: Session) -> None:
    (batch,) = batches(session, "first")
    session.add(a_version(batch, 1, since=NOW))
    session.flush()
    replace_record(
        session, Run, actor=an_actor(), object_id=1, changes={"material": "PE"}, reason="", now=NOW + DAY
    )

    undo_batch(session, actor=an_actor(), batch_id=batch.id, now=NOW + 2 * DAY)

    assert current(session) == {}


def test_undo_in_the_same_moment_keeps_time_going_forward(session: Session) -> None:
    (batch,) = batches(session, "first")
    session.add(a_version(batch, 1, since=NOW))

    undo_batch(session, actor=an_actor(), batch_id=batch.id, now=NOW)

    run = session.scalars(select(Run)).one()
    assert run.known_to is not None
    assert run.known_to > run.known_from


def test_undo_twice_is_refused(session: Session) -> None:
    (batch,) = batches(session, "first")
    undo_batch(session, actor=an_actor(), batch_id=batch.id, now=NOW)

    with pytest.raises(WrongState):
        undo_batch(session, actor=an_actor(), batch_id=batch.id, now=NOW)


def test_undo_of_nothing_is_refused(session: Session) -> None:
    with pytest.raises(NotFound):
        undo_batch(session, actor=an_actor(), batch_id=4711, now=NOW)
