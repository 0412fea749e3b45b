"""The register by kind and owner: how much, how fresh, how secret, how good."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    column,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from xzgis.core.lens import sight_of
from xzgis.networks.models import Batch, BatchFinding, Run, SecretRecord
from xzgis.networks.rules.quality import (
    BORROWED_LEVELS,
    CONTRADICTED,
    RECENT_YEARS,
    WEIGHTS,
    Dataset,
)
from xzgis.networks.rules.surveyed import MEASURED

#: Kinds times owners of a city are some hundreds; beyond this the longest are told.
MOST_DATASETS = 2000


def datasets(session: Session, *, today: date, kinds: Sequence[str] = (), owner: str = "") -> list[Dataset]:
    """Every kind and owner of the current register, the longest first; ``owner`` is a part of the name.

    Of a line of which something is kept back from the actor nobody could say whether it is unknown or only not shown:
    such lines do not count.
    """
    runs = _runs(session)
    wanted: list[ColumnElement[bool]] = [runs.c.known_to.is_(None)]
    if kinds:
        wanted.append(runs.c.kind.in_(kinds))
    if owner:
        wanted.append(runs.c.owner.contains(owner, autoescape=True))
    left_out = {(kind, name): int(count) for kind, name, count in session.execute(_left_out(runs, wanted))}
    return [
        Dataset(
            kind=row["kind"], owner=row["owner"], runs=int(row["runs"]), length_m=float(row["length_m"]),
            bad_m={part: float(row[part] or 0.0) for part in WEIGHTS}, surveyed_on=row["surveyed_on"],
            undated_m=float(row["undated_m"] or 0.0), accepted_at=row["accepted_at"], grade=int(row["grade"]),
            left_out=left_out.get((row["kind"], row["owner"]), 0), is_invented=bool(row["is_invented"]),
        )
        for row in session.execute(_sums(runs, wanted, today)).mappings()
    ]  # fmt: skip


def _runs(session: Session) -> FromClause:
    """The runs that count: with a lens those of which nothing is kept back, without one all."""
    if sight_of(session) is None:
        return Run.__table__
    return table("networks_whole", *(column(each.name, each.type) for each in Run.__table__.columns))


def _sums(runs: FromClause, wanted: Sequence[ColumnElement[bool]], today: date) -> Select[Any]:
    length = func.st_length(runs.c.axis)
    total = func.sum(length)
    parts = [
        func.sum(case((lacks, length), else_=0.0)).label(name)
        for name, lacks in _lacking(runs.c, today).items()
    ]
    return (
        select(
            runs.c.kind, runs.c.owner, func.count().label("runs"), total.label("length_m"), *parts,
            func.max(runs.c.surveyed_on).label("surveyed_on"),
            func.sum(case((runs.c.surveyed_on.is_(None), length), else_=0.0)).label("undated_m"),
            func.max(Batch.accepted_at).label("accepted_at"),
            func.coalesce(func.max(SecretRecord.grade), 0).label("grade"),
            func.coalesce(func.bool_or(Batch.is_invented), False).label("is_invented"),
        )
        .select_from(runs)
        .outerjoin(Batch, Batch.id == runs.c.batch_id)
        .outerjoin(SecretRecord, SecretRecord.object_id == runs.c.object_id)
        .where(*wanted)
        .group_by(runs.c.kind, runs.c.owner)
        .order_by(total.desc(), runs.c.kind, runs.c.owner)
        .limit(MOST_DATASETS)
    )  # fmt: skip


def _lacking(run: Any, today: date) -> dict[str, ColumnElement[bool]]:
    """For each part of the score, whether a run has it not; what is unknown it has not."""
    oldest = date(today.year - RECENT_YEARS, today.month, min(today.day, 28))
    return {
        "levels": or_(
            run.crown_m.is_(None), run.bottom_m.is_(None), func.array_position(run.crown_m, None).is_not(None),
            func.array_position(run.bottom_m, None).is_not(None), _assumes(run, BORROWED_LEVELS),
        ),
        "size": run.outer_width_mm.is_(None),
        "position": run.accuracy_class.not_in(MEASURED),
        "agreement": _assumes(run, CONTRADICTED),
        "recent": or_(run.surveyed_on.is_(None), run.surveyed_on < oldest),
        "material": run.material.is_(None),
    }  # fmt: skip


def _assumes(run: Any, tokens: Sequence[str]) -> ColumnElement[bool]:
    return func.coalesce(run.assumptions.op("&&")(literal(list(tokens), ARRAY(Text))), False)


def _left_out(runs: FromClause, wanted: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Rows in error of the deliveries each dataset came from; a row with several errors counts once."""
    errors = (
        select(
            BatchFinding.batch_id,
            func.count(
                func.distinct(func.row(BatchFinding.file, BatchFinding.sheet, BatchFinding.row))
            ).label("rows"),
        )
        .where(and_(BatchFinding.level == "error", BatchFinding.row.is_not(None)))
        .group_by(BatchFinding.batch_id)
        .subquery()
    )
    came = select(runs.c.kind, runs.c.owner, runs.c.batch_id).where(*wanted).distinct().subquery()
    return (
        select(came.c.kind, came.c.owner, func.sum(errors.c.rows))
        .join(errors, errors.c.batch_id == came.c.batch_id)
        .group_by(came.c.kind, came.c.owner)
    )
