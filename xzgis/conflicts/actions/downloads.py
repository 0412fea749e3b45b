"""A report that leaves the system as a file is kept in the trail: who, of which work, where."""

from datetime import datetime

import numpy as np
import shapely
from sqlalchemy.orm import Session

from xzgis.audit.events import ReportDownloaded
from xzgis.audit.record import record
from xzgis.conflicts.rules.answer import Checked
from xzgis.core.actor import Actor
from xzgis.spatial.extent import extent_of
from xzgis.works.terms import PlacedWork

DRAWN = "drawn"


def record_download(
    session: Session, *, actor: Actor, checked: Checked, work_id: str | None, file_format: str, now: datetime
) -> None:
    """Keep that the report on a work was taken out; ``work_id`` None for one that is not saved."""
    place = place_of(checked.work)
    event = ReportDownloaded(
        work_id or DRAWN,
        file_format,
        count=len(checked.result.findings),
        area_m2=None if place is None else round(place.area, 1),
    )
    record(session, actor=actor, event=event, now=now, place=place)


def place_of(work: PlacedWork) -> shapely.Polygon | None:
    """The box around the runs and holes of a work, in the storage CRS; None for an empty one."""
    origin_m = np.asarray(work.runs.origin_m)
    outlines = [work.runs.xy_m, *(hole.outline_m for hole in work.holes)]
    return extent_of([shapely.multipoints(outline + origin_m) for outline in outlines])
