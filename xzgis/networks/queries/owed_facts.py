"""Records that keep facts of a batch which their own delivery did not tell (decision 0079)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from xzgis.networks.models import Batch, Node, Run
from xzgis.networks.rules.known_facts import LINE_FACTS, POINT_FACTS, origin_key, origin_of
from xzgis.networks.rules.owed_facts import Version
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.rules.told_points import SAYING, kinds_telling
from xzgis.networks.terms import BatchState

Table = type[Run] | type[Node]


@dataclass(frozen=True)
class Owing:
    """A current record that has facts from an undone batch, and the versions before it of batches that stand."""

    version_id: int
    version: Version
    before: Sequence[Version]


def facts_of(table: Table) -> dict[str, str]:
    """The facts that a record of the table keeps, and how people call them."""
    return LINE_FACTS if table is Run else POINT_FACTS


def origins_undone(session: Session) -> list[str]:
    """What the attributes of a record say of facts from undone batches."""
    numbers = session.scalars(select(Batch.id).where(Batch.state == BatchState.UNDONE))
    return [origin_of(number) for number in numbers]


def owing_count(session: Session, table: Table, *, batch_id: int) -> int:
    """How many current records of other batches have a fact from batch ``batch_id``."""
    asked = select(func.count()).where(
        table.known_to.is_(None),
        table.batch_id.is_distinct_from(batch_id),
        table.object_id.in_(_objects_of(table, batch_id)),
        _from_any(table, [origin_of(batch_id)]),
    )
    return session.scalar(asked) or 0


def owing(session: Session, table: Table, *, batch_id: int, undone: Sequence[str]) -> list[Owing]:
    """Current records of objects that the batch had a version of, with facts from the origins ``undone``.

    A fact that stays comes from the version that was replaced, so it never leaves its object.
    """
    columns = _columns(table)
    current = session.execute(
        select(table.version_id, table.object_id, *columns).where(
            table.known_to.is_(None),
            table.object_id.in_(_objects_of(table, batch_id)),
            _from_any(table, undone),
        )
    ).all()
    before: dict[int, list[Version]] = {}
    older = aliased(table)
    asked = (
        select(older.object_id, *(getattr(older, column.key) for column in columns))
        .outerjoin(Batch, Batch.id == older.batch_id)
        .where(
            older.object_id == func.any(cast([row.object_id for row in current], ARRAY(BigInteger))),
            older.known_to.is_not(None),
            Batch.state.is_distinct_from(BatchState.UNDONE),
        )
        .order_by(older.object_id, older.known_from.desc())
    )
    for row in session.execute(asked) if current else ():
        before.setdefault(row.object_id, []).append(_version(row, table))
    return [
        Owing(
            row.version_id,
            _version(row, table),
            [one for one in before.get(row.object_id, ()) if one.batch_id != row.batch_id],
        )
        for row in current
    ]


def batches_beside(session: Session, batch_id: int) -> list[int]:
    """Other batches that have a version of a point of which the batch has one."""
    asked = select(Node.batch_id).where(
        Node.object_id.in_(_objects_of(Node, batch_id)), Node.batch_id.is_not(None), Node.batch_id != batch_id
    )
    return [number for number in session.scalars(asked.distinct()) if number is not None]


def kinds_said(session: Session, batch_id: int, codes: PartialCodes) -> frozenset[str]:
    """Kinds of whose points the batch says what stands there in words of its own, see :func:`kinds_telling`."""
    says = [
        and_(
            getattr(Node, name).is_not(None), Node.attributes[origin_key(POINT_FACTS[name])].astext.is_(None)
        )
        for name in SAYING
    ]
    asked = (
        select(Node.kind, Node.code).where(Node.batch_id == batch_id, or_(*says)).distinct(),
        select(Run.kind, Run.code).where(Run.batch_id == batch_id).distinct(),
    )
    saying, lines = (pd.DataFrame(session.execute(one).all(), columns=["kind", "code"]) for one in asked)
    return kinds_telling(saying, lines, codes)


def kinds_said_before(session: Session, batch_id: int) -> frozenset[str]:
    """Kinds of the points of the batch of each of which an earlier batch that stands told what stands there."""
    older = aliased(Node)
    ours = (
        select(Node.kind, Node.object_id, func.min(Node.known_from).label("since"))
        .where(Node.batch_id == batch_id)
        .group_by(Node.kind, Node.object_id)
        .subquery()
    )
    told = (
        select(older.version_id)
        .join(Batch, Batch.id == older.batch_id)
        .where(
            older.object_id == ours.c.object_id,
            older.known_from < ours.c.since,
            older.batch_id != batch_id,
            Batch.state == BatchState.ACCEPTED,
            ours.c.kind == func.any(Batch.points_told),
        )
        .correlate(ours)
        .exists()
    )
    asked = select(ours.c.kind).group_by(ours.c.kind).having(func.bool_and(told))
    return frozenset(session.scalars(asked))


def _columns(table: Table) -> list[Any]:
    ground = (Node.ground_m,) if table is Node else ()
    return [table.batch_id, table.attributes, *ground, *(getattr(table, name) for name in facts_of(table))]


def _version(row: Any, table: Table) -> Version:
    names = (*facts_of(table), *(("ground_m",) if table is Node else ()))
    return Version(row.batch_id, {name: getattr(row, name) for name in names}, row.attributes or {})


def _objects_of(table: Table, batch_id: int) -> Any:
    ours = aliased(table)
    return select(ours.object_id).where(ours.batch_id == batch_id)


def _from_any(table: Table, origins: Sequence[str]) -> ColumnElement[bool]:
    wanted = cast(list(origins), ARRAY(Text))
    keys = [origin_key(word) for word in facts_of(table).values()]
    return or_(*(table.attributes[key].astext == func.any(wanted) for key in keys))
