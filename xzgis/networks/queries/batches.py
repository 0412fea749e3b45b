"""Batches and their findings."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xzgis.core.errors import NotFound
from xzgis.core.words import Words
from xzgis.networks.models import Batch, BatchFinding
from xzgis.networks.terms import IntakeFinding, Level


class BatchNotFound(NotFound):
    """There is no such batch."""

    def __init__(self, batch_id: int) -> None:
        super().__init__(Words(f"没有批次 {batch_id}。", f"There is no batch {batch_id}."))


def batch_of(session: Session, batch_id: int, *, lock: bool = False) -> Batch:
    """The batch; with ``lock`` nobody else changes it until the transaction ends."""
    query = select(Batch).where(Batch.id == batch_id)
    batch = session.scalar(query.with_for_update() if lock else query)
    if batch is None:
        raise BatchNotFound(batch_id)
    return batch


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


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch in a list."""

    id: int
    name: str
    state: str
    intake: str | None
    points: int
    lines: int
    counts: dict[str, int]
    progress_percent: int
    progress_step: str | None
    created_by: str
    created_at: datetime
    accepted_at: datetime | None
    is_invented: bool
    is_displaced: bool

    def as_json(self) -> dict[str, Any]:
        """The batch with JSON values."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }


def all_batches(session: Session, *, before: int | None = None, limit: int = 200) -> tuple[BatchRow, ...]:
    """Batches, the newest first; ``before`` is the number of the last one of the page before."""
    query = select(Batch).order_by(Batch.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Batch.id < before)
    return tuple(batch_row(batch) for batch in session.scalars(query))


def batch_row(batch: Batch) -> BatchRow:
    """What lists say of a batch."""
    return BatchRow(
        id=batch.id,
        name=batch.name,
        state=batch.state,
        intake=batch.intake,
        points=int(batch.summary.get("points", 0)),
        lines=int(batch.summary.get("lines", 0)),
        counts=dict(batch.summary.get("counts", {})),
        progress_percent=batch.progress_percent,
        progress_step=batch.progress_step,
        created_by=batch.created_by,
        created_at=batch.created_at,
        accepted_at=batch.accepted_at,
        is_invented=batch.is_invented,
        is_displaced="displaced" in (batch.crs or {}),
    )
