"""Which parts of a work nobody looked at, told to who may not see every survey.

A survey made round a secret line has its shape. The places told are therefore those outside the surveys that he sees:
more than the true ones, never less. Where those that he may only know of leave nothing open, nothing is told.
"""

from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.queries.surveys_seen import Areas, surveys_seen
from xzgis.conflicts.rules.answer import Checked, holes_of
from xzgis.conflicts.rules.coverage import axes_of, not_covered, surveyed_kinds
from xzgis.conflicts.rules.findings import run_names
from xzgis.conflicts.rules.hole_coverage import boxes_around, hole_survey_m, holes_not_covered
from xzgis.conflicts.rules.judge import rule_book
from xzgis.conflicts.rules.reach import grown_boxes
from xzgis.conflicts.rules.survey_reach import farthest_m, survey_reaches_m
from xzgis.conflicts.terms import NotCovered


def not_covered_for(
    session: Session, checked: Checked, *, catalogue: Catalogue, as_of: datetime | None = None
) -> tuple[NotCovered, ...]:
    """What of ``checked`` is told as not covered to who looks through ``session``; holds all that truly is not."""
    runs = checked.work.runs
    reaches = survey_reaches_m(runs, surveyed_kinds(catalogue), rule_book(catalogue))
    outlines = [np.array(hole.outline, dtype=np.float64) for hole in holes_of(checked.work)]
    boxes = np.vstack([
        grown_boxes(runs, farthest_m(reaches, len(runs.run_id))), boxes_around(outlines, hole_survey_m(catalogue))
    ])  # fmt: skip
    surveys = surveys_seen(session, boxes, as_of=as_of)
    if surveys.all_seen:
        return checked.result.not_covered

    def outside(areas: Areas) -> tuple[NotCovered, ...]:
        found = not_covered(axes_of(runs), run_names(runs), areas, reaches)
        return found + holes_not_covered(outlines, surveyed_kinds(catalogue), areas, catalogue)

    # By the surveys that he may know of: where all are among them, what the check found.
    known = checked.result.not_covered if surveys.all_known else outside(surveys.known)
    if not known:
        return ()
    is_open = {(part.run, part.kind) for part in known}
    return tuple(part for part in outside(surveys.seen) if (part.run, part.kind) in is_open)
