"""What can be done with planned works: save, change, remove. Each stands in the trail."""

from datetime import datetime

from geoalchemy2.shape import to_shape
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.catalogue.terms import Catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import stored
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.spatial.extent import extent_of
from xzgis.works.events import ContestWithdrawn, FindingContested, WorkChanged, WorkRemoved, WorkSaved
from xzgis.works.models import Work, WorkContest
from xzgis.works.queries.saved import contest_to_change, work_to_change
from xzgis.works.queries.seen import with_joints_kept
from xzgis.works.rules.axes import axes_of
from xzgis.works.rules.believed_levels import check_own_levels
from xzgis.works.rules.faults import check_lengths, check_sound
from xzgis.works.terms import WorkDocument

EXCAVATION = "excavation"
LONGEST_REASON = 2000


def save_work(
    session: Session, *, actor: Actor, document: WorkDocument, catalogue: Catalogue, now: datetime
) -> Work:
    """Save a new work; a joint with a line that the actor does not see is left out, as with one that is not there.

    Raises
    ------
    Invalid
        The document is not sound; each fault with its path.
    """
    work = Work(created_by=actor.name, created_at=now)
    document = with_joints_kept(session, document, work_id=None, catalogue=catalogue)
    _fill(work, document, catalogue, now)
    session.add(work)
    session.flush()
    event = WorkSaved(object_id=str(work.id), document=work.document)
    record(session, actor=actor, event=event, now=now, place=_place(work))
    return work


def change_work(
    session: Session,
    *,
    actor: Actor,
    work_id: int,
    document: WorkDocument,
    catalogue: Catalogue,
    now: datetime,
) -> Work:
    """Replace the document of a saved work; joints that the actor does not see stay.

    Refusals as :func:`save_work`, and ``WorkNotFound``.
    """
    work = work_to_change(session, work_id)
    before, was_at = work.document, _place(work)
    document = with_joints_kept(session, document, work_id=work_id, catalogue=catalogue)
    _fill(work, document, catalogue, now)
    event = WorkChanged(object_id=str(work.id), before=before, after=work.document)
    record(session, actor=actor, event=event, now=now, place=extent_of([was_at, _place(work)]))
    session.flush()
    return work


def remove_work(session: Session, *, actor: Actor, work_id: int, now: datetime) -> None:
    """Remove a saved work; its last document stays in the trail."""
    work = work_to_change(session, work_id)
    event = WorkRemoved(object_id=str(work.id), document=work.document)
    place = _place(work)
    session.delete(work)
    record(session, actor=actor, event=event, now=now, place=place)
    session.flush()


def _place(work: Work) -> BaseGeometry:
    return to_shape(work.axis)


def keep_contest(
    session: Session, *, actor: Actor, work_id: int, finding_id: str, facts: str, reason: str, now: datetime
) -> WorkContest:
    """Keep what a planner holds against a finding, in place of an earlier contest of the same finding.

    Raises
    ------
    WorkNotFound
        There is no such work.
    Invalid
        The reason is empty or too long.
    """
    work_to_change(session, work_id)
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(Words(
            f"请写明理由（不超过 {LONGEST_REASON} 字）。", f"Give the reason, at most {LONGEST_REASON} characters."
        ))  # fmt: skip
    contest = session.get(WorkContest, (work_id, finding_id))
    before = None if contest is None else contest.reason
    if contest is None:
        contest = WorkContest(work_id=work_id, finding_id=finding_id)
        session.add(contest)
    contest.facts, contest.reason = facts, said
    contest.made_by, contest.made_at = actor.name, now
    event = FindingContested(
        object_id=str(work_id), finding_id=finding_id, facts=facts, reason=said, before=before
    )
    record(session, actor=actor, event=event, now=now)
    session.flush()
    return contest


def withdraw_contest(session: Session, *, actor: Actor, work_id: int, finding_id: str, now: datetime) -> None:
    """Withdraw a contest; its reason stays in the trail. Refusals: ``WorkNotFound``, ``ContestNotFound``."""
    work_to_change(session, work_id)
    contest = contest_to_change(session, work_id, finding_id)
    event = ContestWithdrawn(object_id=str(work_id), finding_id=finding_id, reason=contest.reason)
    session.delete(contest)
    record(session, actor=actor, event=event, now=now)
    session.flush()


def _fill(work: Work, document: WorkDocument, catalogue: Catalogue, now: datetime) -> None:
    check_sound(document, catalogue)
    axes = axes_of(document, catalogue)
    check_lengths(document, axes.chains)
    check_own_levels(document, catalogue, axes)
    rings = [LineString([*outline, outline[0]]) for outline in axes.outlines]
    work.name = document.name
    work.kind = document.runs[0].kind if document.runs else EXCAVATION
    work.axis = stored(MultiLineString([*(LineString(axis) for axis in axes.runs), *rings]))
    work.document = document.model_dump(mode="json")
    work.starts_on, work.ends_on = document.starts_on, document.ends_on
    work.changed_at = now
