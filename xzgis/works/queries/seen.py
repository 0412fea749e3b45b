"""Saved works for who may not see every line: a joint tells of a line, its place included."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.core.lens import sight_of
from xzgis.networks.models import Run
from xzgis.works.models import Work
from xzgis.works.queries.saved import document_of
from xzgis.works.rules.axes import in_storage
from xzgis.works.rules.faults import check_sound
from xzgis.works.terms import NewRun, TieIn, WorkDocument

# A form writes coordinates to the millimetre.
SAME_PLACE_M = 0.002
# Of a bigint.
LARGEST = 2**63 - 1


def seen_document(session: Session, work: Work) -> WorkDocument:
    """The document of a work, without joints with lines that the transaction does not see."""
    return seen_documents(session, [work])[0]


def seen_documents(session: Session, works: Sequence[Work]) -> list[WorkDocument]:
    """:func:`seen_document` of each, by one question."""
    documents = [document_of(work) for work in works]
    if sight_of(session) is None:
        return documents
    seen = _seen_runs(session, documents)
    return [_joined(document, [_seen_ties(run, seen) for run in document.runs]) for document in documents]


def with_joints_kept(
    session: Session, document: WorkDocument, *, work_id: int | None, catalogue: Catalogue
) -> WorkDocument:
    """``document`` as somebody sends it who may not see every line.

    His joints with lines that he does not see go; those of the saved work ``work_id`` stay where its run still lies
    as it was saved, since he was not shown them. Who sees everything gets his document back as it is.

    Raises
    ------
    Invalid
        The document is not sound, and has to be compared.
    """
    if sight_of(session) is None:
        return document
    work = None if work_id is None else session.get(Work, work_id)
    saved = WorkDocument() if work is None else document_of(work)
    seen = _seen_runs(session, [document, saved])
    kept = _kept_back(document, saved, seen, catalogue)
    ties = [(*_seen_ties(run, seen), *kept.get(at, ())) for at, run in enumerate(document.runs)]
    return _joined(document, ties)


def _kept_back(
    document: WorkDocument, saved: WorkDocument, seen: frozenset[int], catalogue: Catalogue
) -> dict[int, tuple[TieIn, ...]]:
    """Joints of ``saved`` that were not shown, by the number of the run of ``document`` that lies as it did."""
    hidden = [tuple(tie for tie in run.tie_ins if tie.run_id not in seen) for run in saved.runs]
    if not any(hidden):
        return {}
    check_sound(document, catalogue)
    pairs = zip(in_storage(document, catalogue).runs, in_storage(saved, catalogue).runs, hidden, strict=False)
    return {at: ties for at, (run, was, ties) in enumerate(pairs) if ties and _lies_as(run, was)}


def _lies_as(run: NewRun, was: NewRun) -> bool:
    return len(run.axis) == len(was.axis) and bool(
        np.abs(np.array(run.axis) - np.array(was.axis)).max() <= SAME_PLACE_M
    )


def _seen_runs(session: Session, documents: Sequence[WorkDocument]) -> frozenset[int]:
    """Which of the runs that joints name are seen exactly now."""
    named = {
        tie.run_id
        for document in documents
        for run in document.runs
        for tie in run.tie_ins
        if 0 < tie.run_id <= LARGEST
    }
    if not named:
        return frozenset()
    asked = select(Run.object_id).where(Run.object_id.in_(named), Run.known_to.is_(None))
    return frozenset(session.scalars(asked))


def _seen_ties(run: NewRun, seen: frozenset[int]) -> tuple[TieIn, ...]:
    return tuple(tie for tie in run.tie_ins if tie.run_id in seen)


def _joined(document: WorkDocument, ties: Sequence[tuple[TieIn, ...]]) -> WorkDocument:
    runs = tuple(
        run.model_copy(update={"tie_ins": kept}) for run, kept in zip(document.runs, ties, strict=True)
    )
    return document.model_copy(update={"runs": runs})
