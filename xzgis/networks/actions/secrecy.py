"""The grade of secrecy of records: set, raised, taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.errors import Fault, Invalid, NotFound
from xzgis.core.lens import as_it_is
from xzgis.core.words import Words
from xzgis.networks.events import RecordsGraded
from xzgis.networks.models import Coverage, Node, Run, SecretRecord

GRADES = (0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Graded:
    """Which records get a grade: those of a batch (with its coverage), of an owner, or named by identity."""

    batch_id: int | None = None
    owner: str | None = None
    object_ids: Sequence[int] = ()


def grade_records(
    session: Session, *, actor: Actor, which: Graded, grade: int, reason: str, now: datetime
) -> int:
    """Give records a grade of secrecy, 0 for none, with all their versions; how many there were.

    Whose end nodes they are goes with the runs: a secret line must not show by its points.

    Raises
    ------
    Invalid
        No such grade, no reason, or not exactly one way to choose.
    NotFound
        Nothing was chosen.
    """
    _check(which, grade, reason)
    with as_it_is(session):
        numbers = _chosen(session, which)
    if not numbers:
        raise NotFound(Words("没有符合条件的记录。", "There are no such records."))
    if grade == 0:
        session.execute(delete(SecretRecord).where(SecretRecord.object_id.in_(numbers)))
    else:
        rows = insert(SecretRecord).values(
            [
                {"object_id": number, "grade": grade, "reason": reason.strip(), "since": now}
                for number in numbers
            ]
        )
        session.execute(
            rows.on_conflict_do_update(
                index_elements=[SecretRecord.object_id],
                set_={"grade": rows.excluded.grade, "reason": rows.excluded.reason, "since": rows.excluded.since},
            )
        )  # fmt: skip
    event = RecordsGraded(
        str(which.batch_id or which.owner or numbers[0]),
        grade=grade,
        records=len(numbers),
        reason=reason.strip(),
    )
    record(session, actor=actor, event=event, now=now)
    session.flush()
    return len(numbers)


def _check(which: Graded, grade: int, reason: str) -> None:
    faults = []
    if grade not in GRADES:
        faults.append(Fault(("grade",), Words("密级为 0 到 3。", "The grade is 0 to 3.")))
    if not reason.strip() or len(reason) > 500:
        faults.append(
            Fault(("reason",), Words("请写明依据（500 字以内）。", "Say why, in 500 signs at most."))
        )
    if sum((which.batch_id is not None, which.owner is not None, bool(which.object_ids))) != 1:
        words = Words(
            "请只按批次、权属单位或编号之一选择。", "Choose by batch, by owner, or by number: one of them."
        )
        faults.append(Fault(("which",), words))
    if faults:
        raise Invalid(faults[0].words, faults=tuple(faults))


def _chosen(session: Session, which: Graded) -> list[int]:
    """Identities in any of their versions, ascending."""

    def found(table: type[Run] | type[Node] | type[Coverage], chosen: ColumnElement[bool]) -> set[int]:
        return set(session.scalars(select(table.object_id).where(chosen).distinct()))

    numbers: set[int] = set()
    for table in (Run, Node, Coverage):
        if which.batch_id is not None:
            numbers |= found(table, table.batch_id == which.batch_id)
        elif which.object_ids:
            numbers |= found(table, table.object_id.in_(which.object_ids))
        elif table is not Coverage:
            numbers |= found(table, table.owner == which.owner)  # type: ignore[union-attr]  # no coverage here
    ends = session.execute(select(Run.from_node_id, Run.to_node_id).where(Run.object_id.in_(numbers)))
    return sorted(numbers | {node for pair in ends for node in pair if node is not None})
