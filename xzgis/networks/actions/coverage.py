"""Where somebody looked: coverage made from a batch, drawn, changed and withdrawn.

Coverage is what turns "nothing was found" into "there is nothing"; so it never claims more than can be shown:
the ground within ``coverage_reach_m`` (layers/limits.toml) of a line or point that the batch brought, and no
gap closed. Round ends are drawn as polygons inside the circle, so the claim errs to the small side.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from geoalchemy2.shape import to_shape
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.db import stored
from xzgis.core.errors import Invalid, NotFound
from xzgis.core.words import Words
from xzgis.networks.actions.register import MOMENT, take_object_ids
from xzgis.networks.events import CoverageRemoved, CoverageSet
from xzgis.networks.models import Coverage, Node, Run

Shapes = npt.NDArray[np.object_]
MOST_VERTICES = 20_000
QUARTER_SEGMENTS = 4
TILE_M = 500.0
FROM_BATCH = "lines_of_batch"


def cover_batch(
    session: Session,
    *,
    actor: Actor,
    batch_id: int,
    reach_m: float,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> list[Coverage]:
    """Make the coverage of each kind from the lines and points that a batch brought; those made.

    One coverage per kind; where that would have more than ``MOST_VERTICES`` vertices, one per kind and square of
    500 m, so that a check reads only what lies near the work. 140 000 lines of one kind take some 5 s.

    Parameters
    ----------
    reach_m
        How far from a line or point the ground counts as looked at: ``coverage_reach_m`` of the layers.
    facts
        ``surveyed_on``, ``surveyed_by``, ``quality`` as far as known. Without ``surveyed_on`` the youngest date
        of survey of the batch's lines of that kind is taken.
    """
    made = []
    for kind, (shapes, youngest) in _surveyed(session, batch_id).items():
        for area in covered_ground(shapes, reach_m=reach_m):
            coverage = Coverage(
                object_id=int(take_object_ids(session, 1)[0]),
                kind=kind,
                area=stored(area),
                method=FROM_BATCH,
                batch_id=batch_id,
                known_from=now,
                note=f"{reach_m:g} m",
                **({"surveyed_on": youngest} | dict(facts or {})),
            )
            session.add(coverage)
            _tell(session, coverage, area, actor=actor, now=now)
            made.append(coverage)
    session.flush()
    return made


def covered_ground(shapes: Shapes, *, reach_m: float) -> list[MultiPolygon]:
    """The ground within ``reach_m`` of any of the shapes (storage CRS): one area, or one per square if large."""
    if len(shapes) == 0:
        return []
    grown = shapely.buffer(shapes, reach_m, quad_segs=QUARTER_SEGMENTS)
    square = np.floor(shapely.bounds(shapes)[:, :2] / TILE_M).astype(np.int64)
    _, members = np.unique(square, axis=0, return_inverse=True)
    order = np.argsort(members.ravel(), kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(members.ravel()))[:-1])
    # Near ones first, the whole afterwards: four times as fast as everything at once (140 000 lines).
    ground = np.array([shapely.union_all(grown[part]) for part in parts], dtype=object)
    if shapely.get_num_coordinates(ground).sum() <= MOST_VERTICES:
        return [_areas(shapely.union_all(ground))]
    return [_areas(area) for area in ground]


def _surveyed(session: Session, batch_id: int) -> Mapping[str, tuple[Shapes, date | None]]:
    """Per kind: the shapes that the batch brought and are still current, and the youngest date of survey."""
    lines = select(Run.kind, func.st_asbinary(Run.axis), Run.surveyed_on)
    points = select(Node.kind, func.st_asbinary(Node.place), cast(None, Date))
    found: dict[str, tuple[list[bytes], list[date]]] = {}
    for table, statement in ((Run, lines), (Node, points)):
        asked = statement.where(table.batch_id == batch_id, table.known_to.is_(None))
        for kind, shape, day in session.execute(asked):
            blobs, days = found.setdefault(kind, ([], []))
            blobs.append(bytes(shape))
            days.extend([day] if day else [])
    return {
        kind: (shapely.from_wkb(np.array(blobs, dtype=object)), max(days, default=None))
        for kind, (blobs, days) in sorted(found.items())
    }


def set_coverage(
    session: Session,
    *,
    actor: Actor,
    object_id: int | None,
    area: BaseGeometry,
    facts: Mapping[str, Any],
    now: datetime,
) -> Coverage:
    """Draw a coverage, or give one a new version; the old one stays in the history.

    Parameters
    ----------
    object_id
        None draws a new one.
    area
        Polygon or multipolygon in the storage CRS. What is not valid is refused, never repaired.
    facts
        ``kind`` (needed for a new one), ``surveyed_on``, ``surveyed_by``, ``method``, ``quality``, ``note``.
    """
    sound = checked_area(area)
    known: dict[str, Any] = {"method": "drawn"}
    moment, batch_id = now, None
    if object_id is not None:
        before = _to_change(session, object_id)
        moment = max(now, before.known_from + MOMENT)
        known = {name: getattr(before, name) for name in FACTS}
        batch_id, before.known_to = before.batch_id, moment
        session.flush()
    strange = sorted(set(facts) - set(FACTS))
    if strange:
        raise Invalid(
            Words(f"覆盖范围没有这些属性:{'、'.join(strange)}。", f"Coverage has no {', '.join(strange)}.")
        )
    coverage = Coverage(
        object_id=object_id or int(take_object_ids(session, 1)[0]),
        area=stored(sound),
        batch_id=batch_id,
        known_from=moment,
        **(known | dict(facts)),
    )
    session.add(coverage)
    _tell(session, coverage, sound, actor=actor, now=now)
    session.flush()
    return coverage


FACTS = ("kind", "surveyed_on", "surveyed_by", "method", "quality", "note")


def remove_coverage(session: Session, *, actor: Actor, object_id: int, reason: str, now: datetime) -> None:
    """Withdraw a coverage: from now on nobody is known to have looked there."""
    before = _to_change(session, object_id)
    before.known_to = max(now, before.known_from + MOMENT)
    event = CoverageRemoved(object_id=str(object_id), kind=before.kind, reason=reason)
    record(session, actor=actor, event=event, now=now)
    session.flush()


def checked_area(area: BaseGeometry) -> MultiPolygon:
    """The area as a multipolygon, once it is known to be one that may be stored."""
    if not isinstance(area, Polygon | MultiPolygon) or area.is_empty:
        raise Invalid(Words("覆盖范围必须是一个面。", "Coverage must be a polygon."))
    if shapely.get_num_coordinates(area) > MOST_VERTICES:
        raise Invalid(
            Words(
                f"覆盖范围的顶点超过 {MOST_VERTICES} 个,请简化。",
                f"More than {MOST_VERTICES} vertices: simplify it.",
            )
        )
    flat = shapely.force_2d(area)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise Invalid(Words("覆盖范围有不是数的坐标。", "A coordinate of the coverage is not a number."))
    if not flat.is_valid:
        why = shapely.is_valid_reason(flat)
        raise Invalid(
            Words(f"覆盖范围的面不合法({why});请改正后重试。", f"The polygon is not valid ({why}); mend it.")
        )
    return _areas(flat)


def area_of(coverage: Coverage) -> MultiPolygon:
    """The ground of a coverage in the storage CRS."""
    shape = to_shape(coverage.area)
    assert isinstance(shape, MultiPolygon)
    return shape


def _areas(shape: BaseGeometry) -> MultiPolygon:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]
    return MultiPolygon(parts)


def _tell(session: Session, coverage: Coverage, area: MultiPolygon, *, actor: Actor, now: datetime) -> None:
    event = CoverageSet(
        object_id=str(coverage.object_id),
        kind=coverage.kind,
        area_m2=round(area.area, 1),
        method=coverage.method,
        batch_id=coverage.batch_id,
    )
    record(session, actor=actor, event=event, now=now)


def _to_change(session: Session, object_id: int) -> Coverage:
    asked = (
        select(Coverage).where(Coverage.object_id == object_id, Coverage.known_to.is_(None)).with_for_update()
    )
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise NotFound(Words(f"没有编号 {object_id} 的覆盖范围。", f"There is no coverage {object_id}."))
    return found
