"""Findings of a batch with those of one kind told once: a table of a thousand rows may have one fault."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, case, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session

from xzgis.core import paging
from xzgis.networks.models import BatchFinding
from xzgis.networks.queries.batches import RANK, findings_with_numbers
from xzgis.networks.terms import IntakeFinding

#: How many of one kind a page names row by row; the rest is listed when its code is chosen.
NAMED = 20
# Words with a figure in them, quoted or not: numbers of points, measures, codes of systems.
_FIGURES = "“[^”]*[0-9][^”]*”|[!-~]*[0-9][!-~]*"


@dataclass(frozen=True, slots=True)
class Told:
    """The first finding of its kind with its number, how many there are, and at most :data:`NAMED` that follow it."""

    number: int
    finding: IntakeFinding
    count: int = 1
    others: tuple[tuple[int, IntakeFinding], ...] = ()

    @property
    def rows(self) -> tuple[int, ...]:
        """Rows of the table that are named, each once, in their order."""
        named = (self.finding, *(one for _number, one in self.others))
        return tuple(dict.fromkeys(one.row for one in named if one.row is not None))


def findings_folded(
    session: Session, *, batch_id: int, level: str | None = None, after: str | None = None, limit: int = 50
) -> paging.Page[Told]:
    """A page of findings, in the order of :data:`RANK`, those of one kind told once.

    Of one kind are findings of one code, level, table and field whose text and value are the same but for figures.
    """
    value = case((BatchFinding.value.regexp_match("[0-9]"), ""), else_=BatchFinding.value)
    kind = (
        RANK, BatchFinding.code, BatchFinding.level, BatchFinding.file, BatchFinding.sheet, BatchFinding.table_name,
        BatchFinding.field, value, func.regexp_replace(BatchFinding.message_zh, _FIGURES, "", "g"),
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
