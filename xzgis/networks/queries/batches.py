"""Batches and their findings."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    case,
    cast,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import Session, aliased

from xzgis.core import paging
from xzgis.core.errors import NotFound
from xzgis.core.lens import as_it_is, sight_of, who_looks
from xzgis.core.words import Words
from xzgis.networks.models import Batch, BatchFinding, Coverage, Node, Run, SecretRecord
from xzgis.networks.queries.owed_facts import owing_count
from xzgis.networks.rules.finding_order import AFTER_ERRORS, OF_LEVELS, OF_THE_REGISTER
from xzgis.networks.rules.known_facts import ORIGINS
from xzgis.networks.terms import BatchState, IntakeFinding, IntArray, Level

# In the summary of a batch: how many of its lines, and of its points, it left as which batch has them.
KEPT_FROM, POINTS_KEPT_FROM = "kept_from", "points_kept_from"
ANEW = ("version_id", "batch_id", "source_row", "known_from", "known_to", "bank_id")
LINES_KEPT, POINTS_KEPT = "kept_as_registered", "points_kept_as_registered"


class BatchNotFound(NotFound):
    """There is no such batch."""

    def __init__(self, batch_id: int) -> None:
        super().__init__(Words(f"没有批次 {batch_id}。", f"There is no batch {batch_id}."))


def batch_of(session: Session, batch_id: int, *, lock: bool = False) -> Batch:
    """The batch; with ``lock`` nobody else changes it until the transaction ends.

    Raises
    ------
    BatchNotFound
        There is none, or whoever asks may not know what it holds (:func:`seen_batches`).
    """
    query = select(Batch).where(Batch.id == batch_id, seen_batches(session))
    batch = session.scalar(query.with_for_update() if lock else query)
    if batch is None:
        raise BatchNotFound(batch_id)
    return batch


def seen_batches(session: Session) -> ColumnElement[bool]:
    """Batches whose whole content the transaction may see: a delivery shows every line it brought, and where.

    Those of one's own, and for who sees every ordinary line everywhere those that hold nothing of a higher grade.
    """
    sight, name = sight_of(session), who_looks(session)
    if sight is None:
        return true()
    own = Batch.created_by == name
    if sight.whole_to is None:
        return own
    with as_it_is(session):
        secret = select(SecretRecord.object_id).where(SecretRecord.grade > sight.whole_to)
        kept = {
            number
            for table in (Run, Node, Coverage)
            for number in session.scalars(
                select(table.batch_id).where(table.object_id.in_(secret)).distinct()
            )
            if number is not None
        }
    return or_(own, Batch.id.not_in(kept))


def findings_of(session: Session, *, batch_id: int) -> tuple[IntakeFinding, ...]:
    """Every finding of a batch, in the order they were found."""
    return tuple(one for _id, one in findings_page(session, batch_id=batch_id))


def findings_page(
    session: Session,
    *,
    batch_id: int,
    level: str | None = None,
    code: str | None = None,
    after: int = 0,
    limit: int | None = None,
) -> tuple[tuple[int, IntakeFinding], ...]:
    """Findings of a batch behind number ``after``, each with its number, in the order they were found."""
    east, north = func.st_x(BatchFinding.place), func.st_y(BatchFinding.place)
    query = (
        select(BatchFinding, east, north)
        .where(BatchFinding.batch_id == batch_id, BatchFinding.id > after)
        .order_by(BatchFinding.id)
    )
    if level is not None:
        query = query.where(BatchFinding.level == level)
    if code is not None:
        query = query.where(BatchFinding.code == code)
    rows = session.execute(query if limit is None else query.limit(limit))
    return tuple((row.id, _finding(row, east_m, north_m)) for row, east_m, north_m in rows)


#: :func:`xzgis.networks.rules.finding_order.told_rank` of a row.
RANK = case(
    (BatchFinding.level == "error", OF_LEVELS["error"]),
    (BatchFinding.code.in_(OF_THE_REGISTER), AFTER_ERRORS),
    (BatchFinding.level == "warning", OF_LEVELS["warning"]),
    else_=OF_LEVELS["info"],
)


def findings_ranked(
    session: Session,
    *,
    batch_id: int,
    level: str | None = None,
    code: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> paging.Page[tuple[int, IntakeFinding]]:
    """A page of findings, each with its number, in the order of :data:`RANK`."""
    query = (
        select(BatchFinding, func.st_x(BatchFinding.place), func.st_y(BatchFinding.place), RANK)
        .where(BatchFinding.batch_id == batch_id)
        .order_by(RANK, BatchFinding.id)
        .limit(limit + 1)
    )
    if level is not None:
        query = query.where(BatchFinding.level == level)
    if code is not None:
        query = query.where(BatchFinding.code == code)
    last = paging.read(after, kinds=(int, int))
    if last is not None:
        query = query.where(tuple_(RANK, BatchFinding.id) > tuple_(literal(last[0]), literal(last[1])))
    rows = session.execute(query).all()
    ranks = {row.id: rank for row, _east, _north, rank in rows}
    found = [(row.id, _finding(row, east_m, north_m)) for row, east_m, north_m, _rank in rows]
    return paging.page_of(found, limit=limit, key=lambda one: (ranks[one[0]], one[0]))


def finding_counts(session: Session, *, batch_id: int) -> tuple[tuple[str, str, int], ...]:
    """How many findings of each code and level a batch has: code, level, count; errors first."""
    rows = session.execute(
        select(BatchFinding.code, BatchFinding.level, func.count())
        .where(BatchFinding.batch_id == batch_id)
        .group_by(BatchFinding.code, BatchFinding.level, RANK)
        .order_by(RANK, BatchFinding.code)
    )
    return tuple((code, level, count) for code, level, count in rows)


def findings_with_numbers(session: Session, numbers: list[int]) -> dict[int, IntakeFinding]:
    """These findings by their numbers."""
    rows = session.execute(
        select(BatchFinding, func.st_x(BatchFinding.place), func.st_y(BatchFinding.place)).where(
            BatchFinding.id.in_(numbers)
        )
    )
    return {row.id: _finding(row, east_m, north_m) for row, east_m, north_m in rows}


def findings_with_place(
    session: Session, *, batch_id: int, limit: int
) -> tuple[tuple[int, IntakeFinding], ...]:
    """At most ``limit`` findings whose place is known, each with its number, errors first."""
    rows = session.execute(
        select(BatchFinding, func.st_x(BatchFinding.place), func.st_y(BatchFinding.place))
        .where(BatchFinding.batch_id == batch_id, BatchFinding.place.is_not(None))
        .order_by(RANK, BatchFinding.id)
        .limit(limit)
    )
    return tuple((row.id, _finding(row, east_m, north_m)) for row, east_m, north_m in rows)


def _finding(row: BatchFinding, east_m: float | None, north_m: float | None) -> IntakeFinding:
    levels: dict[str, Level] = {"error": "error", "warning": "warning"}
    tables = {"points": "points", "lines": "lines"}
    return IntakeFinding(
        code=row.code,
        level=levels.get(row.level, "info"),
        words=Words(row.message_zh, row.message_en),
        remedy=Words(row.remedy_zh, row.remedy_en),
        file=row.file,
        sheet=row.sheet,
        row=row.row,
        field=row.field,
        value=row.value,
        east_m=east_m,
        north_m=north_m,
        table=tables.get(row.table_name or ""),  # type: ignore[arg-type]  # a checked column
    )


def owed_to(session: Session, table: type[Run] | type[Node], records: IntArray) -> dict[str, int]:
    """Of the current records with these identities: how many each batch brought, by its number as a text."""
    wanted = cast([int(one) for one in records], ARRAY(BigInteger))
    found = session.execute(
        select(table.batch_id, func.count())
        .where(table.known_to.is_(None), table.object_id == func.any(wanted), table.batch_id.is_not(None))
        .group_by(table.batch_id)
        .order_by(table.batch_id)
    )
    return {str(batch_id): count for batch_id, count in found}


def unchanged_of(session: Session, table: type[Run] | type[Node], batch_id: int) -> int:
    """How many current records of a batch say in every field what the version says that they replaced.

    But for what every batch gives anew: its own number, the row in its file, and the number of a duct bank. A fact
    that the batch did not tell and that stayed says the same, and so does the note where it comes from.
    """
    before = aliased(table)
    asked = select(func.count()).where(
        table.batch_id == batch_id,
        table.known_to.is_(None),
        before.object_id == table.object_id,
        before.known_to.is_not(None),
        before.known_to == table.known_from,
        *(
            getattr(table, column.name).is_not_distinct_from(getattr(before, column.name))
            for column in table.__table__.columns
            if column.name not in (*ANEW, "attributes")
        ),
        _told(table.attributes).is_not_distinct_from(_told(before.attributes)),
    )
    return session.scalar(asked) or 0


def _told(attributes: Any) -> ColumnElement[Any]:
    """The attributes without the notes of kept facts; NULL where nothing else stands among them."""
    return func.nullif(attributes.op("-", return_type=JSONB)(array(ORIGINS)), cast({}, JSONB))


def relying_on(session: Session, batch_id: int) -> list[int]:
    """Batches in the register that left lines or points as batch ``batch_id`` has them (:data:`KEPT_FROM`)."""
    kept = or_(*(Batch.summary[name].has_key(str(batch_id)) for name in (KEPT_FROM, POINTS_KEPT_FROM)))
    asked = select(Batch.id).where(Batch.state == BatchState.ACCEPTED, kept).order_by(Batch.id)
    return list(session.scalars(asked))


@dataclass(frozen=True, slots=True)
class UndoEffect:
    """What undoing a batch takes out of the register.

    ``replaced_since``: lines and points it brought which stay as they are, since another batch that stands renewed them or
    somebody took them out. What a person changed since stays of this batch, and goes with it. ``stripped``: lines and points of
    other batches that lose facts which they have from this one. ``revived``: lines and points that it replaced and that come
    back.
    """

    runs: int
    nodes: int
    revived: int
    coverages: int
    replaced_since: int
    stripped: int


def undo_effect(session: Session, *, batch_id: int) -> UndoEffect:
    """What :func:`xzgis.networks.actions.undo.undo_batch` would do, told before it is done."""

    def current(table: type[Run] | type[Node] | type[Coverage]) -> int:
        asked = select(func.count()).where(table.batch_id == batch_id, table.known_to.is_(None))
        return session.scalar(asked) or 0

    def gone(table: type[Run] | type[Node]) -> int:
        """Objects of which no version of this batch stands: one that came back with the undoing of another does."""
        standing = aliased(table)
        stands = exists().where(
            standing.object_id == table.object_id,
            standing.batch_id == batch_id,
            standing.known_to.is_(None),
        )
        ended = table.batch_id == batch_id, table.known_to.is_not(None)
        return session.scalar(select(func.count(distinct(table.object_id))).where(*ended, ~stands)) or 0

    def back(table: type[Run] | type[Node]) -> int:
        """Objects of this batch that a batch which still stands knew before it."""
        older = aliased(table)
        standing = (
            select(Batch.id).where(Batch.id == older.batch_id, Batch.state == BatchState.UNDONE).exists()
        )
        before = exists().where(
            older.object_id == table.object_id,
            older.known_from < table.known_from,
            older.known_to.is_not(None),
            older.batch_id.is_distinct_from(batch_id),
            ~standing,
        )
        asked = select(func.count()).where(table.batch_id == batch_id, table.known_to.is_(None), before)
        return session.scalar(asked) or 0

    return UndoEffect(
        runs=current(Run),
        nodes=current(Node),
        revived=back(Run) + back(Node),
        coverages=current(Coverage),
        replaced_since=gone(Run) + gone(Node),
        stripped=sum(owing_count(session, table, batch_id=batch_id) for table in (Run, Node)),
    )


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch in a list.

    ``points``, ``lines``: as delivered. ``points_in``, ``lines_in``: what of them the acceptance put into the register,
    without rows left out and what stayed as registered; None unless the batch stands accepted.
    """

    id: int
    name: str
    state: str
    intake: str | None
    points: int
    lines: int
    points_in: int | None
    lines_in: int | None
    counts: dict[str, int]
    progress_percent: int
    progress_step: str | None
    created_by: str
    created_at: datetime
    accepted_at: datetime | None
    is_invented: bool
    is_displaced: bool
    stopped: dict[str, str] | None
    """Why a batch that nobody gave up is cancelled, in both languages."""

    def as_json(self) -> dict[str, Any]:
        """The batch with JSON values."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }


def all_batches(session: Session, *, before: int | None = None, limit: int = 200) -> tuple[BatchRow, ...]:
    """Batches, the newest first; ``before`` is the number of the last one of the page before."""
    query = select(Batch).where(seen_batches(session)).order_by(Batch.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Batch.id < before)
    return tuple(batch_row(batch) for batch in session.scalars(query))


def batch_row(batch: Batch) -> BatchRow:
    """What lists say of a batch."""
    points, lines = int(batch.summary.get("points", 0)), int(batch.summary.get("lines", 0))
    out: dict[str, int] = batch.summary.get("left_out", {})
    kept, points_kept = (int(batch.summary.get(name, 0)) for name in (LINES_KEPT, POINTS_KEPT))
    is_in = batch.state == BatchState.ACCEPTED
    return BatchRow(
        id=batch.id,
        name=batch.name,
        state=batch.state,
        intake=batch.intake,
        points=points,
        lines=lines,
        points_in=points - out.get("points", 0) - points_kept if is_in else None,
        lines_in=lines - out.get("lines", 0) - kept if is_in else None,
        counts=dict(batch.summary.get("counts", {})),
        progress_percent=batch.progress_percent,
        progress_step=batch.progress_step,
        created_by=batch.created_by,
        created_at=batch.created_at,
        accepted_at=batch.accepted_at,
        is_invented=batch.is_invented,
        is_displaced="displaced" in (batch.crs or {}),
        stopped=batch.summary.get("stopped"),
    )
