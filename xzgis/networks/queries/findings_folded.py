"""Findings of a batch with those of one kind told once."""

from sqlalchemy import BigInteger, case, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session

from xzgis.core import paging
from xzgis.networks.models import BatchFinding
from xzgis.networks.queries.batches import RANK, findings_with_numbers
from xzgis.networks.rules.finding_kinds import FIGURES, NAMED, Told


def findings_folded(
    session: Session, *, batch_id: int, level: str | None = None, after: str | None = None, limit: int = 50
) -> paging.Page[Told]:
    """A page of findings, in the order of :data:`RANK`, those of one kind told once.

    What is of one kind: :func:`xzgis.networks.rules.finding_kinds.kind_of`. A batch may have a million findings, so the
    database folds them.
    """
    value = case((BatchFinding.value.regexp_match("[0-9]"), ""), else_=BatchFinding.value)
    kind = (
        RANK, BatchFinding.code, BatchFinding.level, BatchFinding.file, BatchFinding.sheet, BatchFinding.table_name,
        BatchFinding.field, value, func.regexp_replace(BatchFinding.message_zh, FIGURES, "", "g"),
    )  # fmt: skip
    first = func.min(BatchFinding.id)
    every = func.array_agg(aggregate_order_by(BatchFinding.id, BatchFinding.id), type_=ARRAY(BigInteger))
    query = (
        select(RANK, func.count(), every[1 : NAMED + 1])
        .where(BatchFinding.batch_id == batch_id)
        .group_by(*kind)
        .order_by(RANK, first)
        .limit(limit + 1)
    )
    if level is not None:
        query = query.where(BatchFinding.level == level)
    last = paging.read(after, kinds=(int, int))
    if last is not None:
        query = query.having(tuple_(RANK, first) > tuple_(literal(last[0]), literal(last[1])))
    kinds = [(rank, count, list(numbers)) for rank, count, numbers in session.execute(query)]
    found = findings_with_numbers(session, [one for *_, numbers in kinds for one in numbers])
    told = [
        (rank, Told(numbers[0], found[numbers[0]], count, tuple((one, found[one]) for one in numbers[1:])))
        for rank, count, numbers in kinds
    ]
    page = paging.page_of(told, limit=limit, key=lambda one: (one[0], one[1].number))
    return paging.Page(tuple(one for _rank, one in page.items), page.after)
