"""Taking a whole batch out of the register again."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import shapely
from geoalchemy2 import Geometry
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.errors import WrongState
from xzgis.core.lens import as_it_is
from xzgis.core.words import Words
from xzgis.networks.actions.at_work import alone_in_register
from xzgis.networks.actions.batches import STATE_ZH
from xzgis.networks.actions.owed_facts import take_facts_back, take_words_back
from xzgis.networks.actions.register import MOMENT, Record
from xzgis.networks.actions.unknown_ground import take_back_unknown
from xzgis.networks.events import BatchUndone
from xzgis.networks.models import Batch, Coverage, Node, Road, Run
from xzgis.networks.queries.batches import UndoEffect, batch_of, relying_on, undo_effect
from xzgis.networks.terms import BatchState
from xzgis.spatial.extent import extent_of

# Somebody waits at a page for it.
PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of the register: taken out, and brought back.

    ``runs_stripped``, ``nodes_stripped``: records of other batches that lost facts which they had from the batch.
    """

    runs_removed: int
    nodes_removed: int
    runs_revived: int
    nodes_revived: int
    coverage_removed: int
    roads_removed: int
    runs_stripped: int = 0
    nodes_stripped: int = 0


def undo_batch(session: Session, *, actor: Actor, batch_id: int, now: datetime) -> Undone:
    """Take everything a batch brought out of the register, and bring back what it had replaced.

    The history stays: what was known while the batch stood can still be asked for. A record that another
    batch replaced since then is left as that batch says. Survey coverage made from the batch goes too,
    edited or not: nobody looked there after all; what it left out takes nothing from other coverage any more. Parts
    of roads stand and fall with the batch itself. Records of other batches that kept a fact of this one which they were
    not told get a new version without it.

    Raises
    ------
    NotFound
        There is no such batch.
    WrongState
        The batch is not in the register, or was taken out already; or another batch that stands left lines or points
        as this one has them, and they would go with it.
    """
    alone_in_register(session, wait_s=PATIENCE_S)
    batch = batch_of(session, batch_id, lock=True)
    with as_it_is(session):  # whoever may know of a batch takes all of it out
        return _undone(session, batch, actor=actor, now=now)


def foreseen(session: Session, *, batch_id: int) -> UndoEffect:
    """What :func:`undo_batch` would do; nothing is done. Raises what it would."""
    batch = batch_of(session, batch_id)
    with as_it_is(session):
        _must_stand_alone(session, batch)
        return undo_effect(session, batch_id=batch_id)


def _undone(session: Session, batch: Batch, *, actor: Actor, now: datetime) -> Undone:
    batch_id = batch.id
    _must_stand_alone(session, batch)
    batch.state, batch.undone_at = BatchState.UNDONE, now
    place = _place(session, batch_id)
    session.flush()
    runs_removed, runs_revived = _take_out(session, Run, batch_id, now)
    nodes_removed, nodes_revived = _take_out(session, Node, batch_id, now)
    runs_stripped = take_facts_back(session, Run, batch_id=batch_id, now=now)
    nodes_stripped = take_facts_back(session, Node, batch_id=batch_id, now=now)
    take_words_back(session, batch_id=batch_id)
    take_back_unknown(session, batch_id=batch_id, now=now)
    covered = update(Coverage).where(Coverage.batch_id == batch_id, Coverage.known_to.is_(None))
    undone = Undone(
        runs_removed=runs_removed,
        nodes_removed=nodes_removed,
        runs_revived=runs_revived,
        nodes_revived=nodes_revived,
        coverage_removed=_count(session, covered.values(known_to=_no_earlier(now, Coverage))),
        roads_removed=_roads_of(session, batch_id),
        runs_stripped=runs_stripped,
        nodes_stripped=nodes_stripped,
    )
    event = BatchUndone(object_id=str(batch_id), **asdict(undone))
    record(session, actor=actor, event=event, now=now, place=place)
    session.expire_all()
    return undone


def _must_stand_alone(session: Session, batch: Batch) -> None:
    batch_id = batch.id
    if batch.state != BatchState.ACCEPTED:
        raise WrongState(
            Words(
                f"批次 {batch_id} 已{STATE_ZH[batch.state]}，只有已入库的批次可以撤销。",
                f"Batch {batch_id} is {batch.state}; only an accepted batch can be undone.",
            )
        )
    relying = relying_on(session, batch_id)
    if relying:
        raise _relied_on(batch_id, relying)


def _relied_on(batch_id: int, relying: list[int]) -> WrongState:
    numbers = "、".join(map(str, relying)), ", ".join(map(str, relying))
    return WrongState(
        Words(
            f"批次 {numbers[0]} 入库时保留了批次 {batch_id} 中相同的管线或管点，撤销会使它们消失；"
            f"请先撤销批次 {numbers[0]}，再撤销批次 {batch_id}，然后重新导入前者。",
            f"Batch {numbers[1]} was accepted keeping lines or points as batch {batch_id} has them, and they would vanish; "
            f"undo {numbers[1]} first, then {batch_id}, then import the former again.",
        )
    )


def _roads_of(session: Session, batch_id: int) -> int:
    """How many parts of roads go out of sight with the batch; their rows stay, for checks of an earlier moment."""
    return session.scalar(select(func.count()).where(Road.batch_id == batch_id)) or 0


def _place(session: Session, batch_id: int) -> BaseGeometry | None:
    """The box around what the batch brought; None when that is nothing."""
    boxes = [
        session.scalar(
            select(func.st_asbinary(func.st_extent(column).cast(Geometry))).where(owner == batch_id)
        )
        for column, owner in ((Run.axis, Run.batch_id), (Node.place, Node.batch_id))
    ]
    return extent_of([shapely.from_wkb(bytes(one)) for one in boxes if one is not None])


def _take_out(session: Session, table: Record, batch_id: int, now: datetime) -> tuple[int, int]:
    """Close the current versions of the batch, and give the versions they stood on a new life."""
    moment = _closing_moment(session, table, batch_id, now)
    closing = (
        update(table).where(table.batch_id == batch_id, table.known_to.is_(None)).values(known_to=moment)
    )
    removed = _count(session, closing)
    return removed, _revive(session, table, batch_id, moment) if removed else 0


def _closing_moment(session: Session, table: Record, batch_id: int, now: datetime) -> datetime:
    """One moment for all, after the youngest version of the batch."""
    asked = select(func.max(table.known_from)).where(table.batch_id == batch_id, table.known_to.is_(None))
    youngest = session.scalar(asked)
    return max(now, youngest + MOMENT) if youngest is not None else now


def _revive(session: Session, table: Record, batch_id: int, moment: datetime) -> int:
    """Of every object closed at ``moment``: the youngest version of a batch that still stands, as a copy."""
    closed, older = aliased(table), aliased(table)
    standing = select(Batch.id).where(Batch.id == older.batch_id, Batch.state == BatchState.UNDONE).exists()
    before = (
        select(older.version_id)
        .join(closed, closed.object_id == older.object_id)
        .where(
            closed.batch_id == batch_id,
            closed.known_to == moment,
            older.known_from < closed.known_from,
            older.known_to.is_not(None),
            older.batch_id.is_distinct_from(batch_id),
            ~standing,
        )
        .ext(distinct_on(older.object_id))
        .order_by(older.object_id, older.known_from.desc())
    )
    columns = table.__table__.columns
    kept = [column for column in columns if column.name not in ("version_id", "known_from", "known_to")]
    copies = select(*kept, literal(moment).label("known_from")).where(table.version_id.in_(before))
    inserting = (
        insert(table).from_select([*(c.name for c in kept), "known_from"], copies).returning(table.version_id)
    )
    return len(session.execute(inserting).all())


def _no_earlier(now: datetime, table: type[Coverage]) -> Any:
    return func.greatest(now, table.known_from + MOMENT)


def _count(session: Session, statement: Any) -> int:
    done: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)
