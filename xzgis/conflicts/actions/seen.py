"""A check on somebody's behalf: computed with the true register, told as far as he may see."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from xzgis.audit.events import CheckMasked
from xzgis.audit.record import record
from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.actions.contest import with_contests_of
from xzgis.conflicts.actions.covered import not_covered_for
from xzgis.conflicts.actions.downloads import place_of
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.queries.seen import seen_of
from xzgis.conflicts.rules.answer import Checked
from xzgis.conflicts.rules.masked import HIDDEN_KIND, WITHHELD, masked
from xzgis.core.actor import Actor
from xzgis.works.queries.seen import with_joints_kept
from xzgis.works.terms import WorkDocument


def check_for(
    session: Session,
    actor: Actor,
    work: WorkDocument,
    *,
    catalogue: Catalogue,
    sources: Sources | None = None,
    with_clear: bool = False,
    work_id: int | None = None,
) -> Checked:
    """:func:`check_work` for the eyes of ``actor``; pages and API ask here and nowhere else.

    Of a saved work (``work_id``) the contests stand beside the findings, and the joints with lines that ``actor``
    does not see count as they were saved; others with such lines count for nothing, so that nobody finds a line by
    joining to it. Who may see everything pays nothing for it. A check that kept something back is recorded with its
    place: by moving a work little by little somebody might feel his way to a line.

    Raises
    ------
    Invalid
        As :func:`check_work`.
    """
    if actor.sight is None:
        checked = check_work(session, work, catalogue=catalogue, sources=sources, with_clear=with_clear)
        return checked if work_id is None else with_contests_of(session, checked, work_id)
    work = with_joints_kept(session, work, work_id=work_id, catalogue=catalogue)
    checked = check_work(session, work, catalogue=catalogue, sources=sources, with_clear=True)
    if work_id is not None:  # before anything is kept back: a contest rests on the true facts
        checked = with_contests_of(session, checked, work_id)
    as_of = None if sources is None else sources.as_of
    # Lines of which nobody told the points are looked for farther than those that are judged.
    runs = {*checked.existing.run_id.tolist(), *(run for run, _ in checked.result.by_run.untold)}
    seen = seen_of(session, actor.sight, runs, name=actor.name, as_of=as_of)
    not_covered = not_covered_for(session, checked, catalogue=catalogue, as_of=as_of)
    checked = replace(checked, result=replace(checked.result, not_covered=not_covered))
    told = masked(checked, seen, with_clear=with_clear)
    withheld = told.result.checked.get(WITHHELD, {}).get("findings", 0)
    if withheld or HIDDEN_KIND in told.result.checked.get("without_points", ()):
        event = CheckMasked(work.name[:200] or "drawn", findings=withheld)
        record(session, actor=actor, event=event, now=datetime.now(UTC), place=place_of(checked.work))
    return told
