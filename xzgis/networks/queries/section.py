"""The live runs that a straight cut in plan passes through."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from geoalchemy2.shape import to_shape
from shapely import LineString, get_coordinates
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xzgis.core.db import stored
from xzgis.networks.models import Run
from xzgis.networks.rules.cut import CutHit, CutRun, Pair, hits
from xzgis.networks.terms import FloatArray

MM_PER_M = 1000.0


def cut_hits(session: Session, *, start_m: Pair, end_m: Pair) -> list[CutHit]:
    """Where live and disused runs pass through the line from ``start_m`` to ``end_m``, in its order.

    Both ends are east, north in the storage CRS. Levels are interpolated along each run; unknown stays
    unknown.
    """
    cut = stored(LineString([start_m, end_m]))
    rows = session.scalars(
        select(Run)
        .where(Run.known_to.is_(None), Run.axis.op("&&")(cut), func.st_intersects(Run.axis, cut))
        .order_by(Run.object_id)
    ).all()
    return hits(start_m, end_m, [cut_run(row) for row in rows])


def crossings_of(session: Session, *, axis_m: FloatArray) -> list[tuple[float, CutHit]]:
    """Every live run that the polyline ``axis_m`` ``(n, 2)`` crosses, with the chainage along it.

    The offset of each hit counts from the start of the segment it lies on.
    """
    rows = session.scalars(
        select(Run)
        .where(
            Run.known_to.is_(None),
            Run.axis.op("&&")(stored(LineString(axis_m))),
            func.st_intersects(Run.axis, stored(LineString(axis_m))),
        )
        .order_by(Run.object_id)
    ).all()
    runs = [cut_run(row) for row in rows]
    found: list[tuple[float, CutHit]] = []
    chainage = 0.0
    for start, end in pairwise(axis_m):
        ends = (float(start[0]), float(start[1])), (float(end[0]), float(end[1]))
        found += [(chainage + hit.offset_m, hit) for hit in hits(*ends, runs)]
        chainage += float(np.hypot(*(end - start)))
    return found


def cut_run(row: Run) -> CutRun:
    """A stored run as a section needs it."""
    axis = get_coordinates(to_shape(row.axis))
    count = len(axis)
    rectangle = row.shape == "rectangle" and row.nominal_height_mm is not None
    size = None
    if row.nominal_width_mm is not None:
        size = (
            f"{row.nominal_width_mm:g}×{row.nominal_height_mm:g}"
            if rectangle
            else f"DN{row.nominal_width_mm:g}"
        )
    return CutRun(
        run_id=row.object_id, kind=row.kind, label=row.label, size=size, shape=row.shape, owner=row.owner,
        life_state=row.life_state, surveyed_on=row.surveyed_on, axis_m=axis,
        crown_m=_levels(row.crown_m, count), bottom_m=_levels(row.bottom_m, count),
        ground_m=_levels(row.ground_m, count),
        width_m=None if row.outer_width_mm is None else row.outer_width_mm / MM_PER_M,
        height_m=None if row.outer_height_mm is None else row.outer_height_mm / MM_PER_M,
        sigma_plan_m=row.sigma_plan_m, sigma_level_m=row.sigma_level_m,
    )  # fmt: skip


def _levels(levels: Sequence[float | None] | None, count: int) -> FloatArray:
    if levels is None:
        return np.full(count, np.nan)
    return np.array([np.nan if level is None else level for level in levels], dtype=np.float64)
