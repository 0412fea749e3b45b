"""Saved works."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.core.errors import NotFound
from xzgis.core.words import Words
from xzgis.works.models import Work, WorkContest
from xzgis.works.terms import WorkDocument


class WorkNotFound(NotFound):
    """There is no such work."""

    def __init__(self, work_id: int) -> None:
        super().__init__(Words(f"没有编号为 {work_id} 的工程。", f"There is no work {work_id}."))


def saved_work(session: Session, work_id: int) -> Work:
    """The work; refused with :class:`WorkNotFound`."""
    found = session.get(Work, work_id)
    if found is None:
        raise WorkNotFound(work_id)
    return found


def work_to_change(session: Session, work_id: int) -> Work:
    """The work, its row locked until the transaction ends."""
    found = session.scalar(select(Work).where(Work.id == work_id).with_for_update())
    if found is None:
        raise WorkNotFound(work_id)
    return found


def saved_works(session: Session, *, before: int | None, limit: int) -> Sequence[Work]:
    """At most ``limit`` works, the latest first; ``before`` goes on below that identity."""
    statement = select(Work).order_by(Work.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(Work.id < before)
    return session.scalars(statement).all()


def named_works(session: Session, work_ids: Sequence[int]) -> Sequence[Work]:
    """Works by identity, in the order of their names; those that are gone are left out."""
    return session.scalars(select(Work).where(Work.id.in_(work_ids)).order_by(Work.name, Work.id)).all()


class ContestNotFound(NotFound):
    """The finding is not contested."""

    def __init__(self, finding_id: str) -> None:
        super().__init__(
            Words(f"发现 {finding_id} 没有异议可撤回。", f"Finding {finding_id} is not contested.")
        )


def contests_of(session: Session, work_id: int) -> Sequence[WorkContest]:
    """What is contested in a work, the earliest first; lapsed ones too."""
    statement = select(WorkContest).where(WorkContest.work_id == work_id)
    return session.scalars(statement.order_by(WorkContest.made_at, WorkContest.finding_id)).all()


def contest_to_change(session: Session, work_id: int, finding_id: str) -> WorkContest:
    """The contest of a finding, its row locked; refused with :class:`ContestNotFound`."""
    statement = select(WorkContest).where(
        WorkContest.work_id == work_id, WorkContest.finding_id == finding_id
    )
    found = session.scalar(statement.with_for_update())
    if found is None:
        raise ContestNotFound(finding_id)
    return found


def document_of(work: Work) -> WorkDocument:
    """The saved document."""
    return WorkDocument.model_validate(work.document, strict=False)
