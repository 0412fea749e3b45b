"""What lies around a work beside the lines: surveyed areas, roads, ground levels."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Lock

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from xzgis.core.sql import binary_rows, statement
from xzgis.networks.terms import FloatArray

Version = tuple[int, datetime]
"""Identity of a version and the time it became known: unique even across a restored database."""

Near = Sequence[tuple[int, datetime, str | None]]
"""Versions of coverage, when each became known, and the kind; below nought what batches left out, None of any kind."""

KEPT_AREAS = 512
CORNERS = ("x0", "y0", "x1", "y1")

# A version of a record never changes, so its area may be kept for as long as there is room.
_areas: OrderedDict[Version, BaseGeometry] = OrderedDict()
_areas_lock = Lock()


def surveyed_areas(
    session: Session, boxes: FloatArray, *, as_of: datetime | None = None
) -> Mapping[str, list[BaseGeometry]]:
    """Areas surveyed for each kind near the boxes ``(n, 4)``, storage CRS, prepared for questions."""
    return areas_of(session, binary_rows(session, "conflicts", *asked_areas(boxes, as_of=as_of)))


def asked_areas(boxes: FloatArray, *, as_of: datetime | None = None) -> tuple[str, dict[str, object]]:
    """The statement that finds the areas near the boxes and its parameters, for asking it together with others."""
    return _asked("coverage_near", boxes, as_of)


def _asked(name: str, boxes: FloatArray, as_of: datetime | None) -> tuple[str, dict[str, object]]:
    """The statement ``name``, or its twin for a past moment, with its parameters."""
    if as_of is None:
        return name, corners_of(boxes)
    return f"{name}_as_of", corners_of(boxes) | {"as_of": as_of}


def areas_of(session: Session, near: Near) -> Mapping[str, list[BaseGeometry]]:
    """The areas of the versions that :func:`asked_areas` found, by kind, without what batches left out since.

    What stayed out of the register is there all the same: older coverage does not show that nothing else is.
    """
    shapes = _shapes(session, [(version, known_from) for version, known_from, _ in near])
    out = [row for row in near if row[0] < 0]
    found: dict[str, list[BaseGeometry]] = {}
    for version, known_from, kind in near:
        if version < 0 or kind is None:
            continue
        since = [one for one, when, of in out if of in (None, kind) and when >= known_from]
        area = _without(shapes[version], [shapes[one] for one in since]) if since else shapes[version]
        if not area.is_empty:
            found.setdefault(kind, []).append(area)
    return found


def _without(area: BaseGeometry, lost: Sequence[BaseGeometry]) -> BaseGeometry:
    """The area without what is lost of it, prepared for questions."""
    near = [one for one in lost if area.intersects(one)]
    if not near:
        return area
    left = area.difference(shapely.union_all(near))
    shapely.prepare(left)
    return left


def road_surfaces(
    session: Session, boxes: FloatArray, *, as_of: datetime | None = None
) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """Carriageways and footways near the boxes ``(n, 4)``, storage CRS; ``as_of`` those of batches that stood then."""
    rows = binary_rows(session, "conflicts", *_asked("carriageways", boxes, as_of))
    shapes = shapely.from_wkb([shape for _, shape in rows])
    driven = [shape for (part, _), shape in zip(rows, shapes, strict=True) if part == "carriageway"]
    walked = [shape for (part, _), shape in zip(rows, shapes, strict=True) if part == "footway"]
    return driven, walked


def surveyed_ground(session: Session, boxes: FloatArray, *, as_of: datetime | None = None) -> FloatArray:
    """``(n, 4)`` east, north, ground level and its sigma of the nodes inside the boxes, as known ``as_of`` a time."""
    rows = binary_rows(session, "conflicts", *_asked("surveyed_ground", boxes, as_of))
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def seen_ground(session: Session, boxes: FloatArray, *, as_of: datetime | None = None) -> FloatArray:
    """As :func:`surveyed_ground`, of the nodes whose levels the transaction sees: for what is shown, not judged."""
    name, corners = _asked("surveyed_ground", boxes, as_of)
    told = {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in corners.items()}
    rows = [tuple(row) for row in session.execute(statement("conflicts", name), told)]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def corners_of(boxes: FloatArray) -> dict[str, object]:
    """The boxes ``(n, 4)`` as the parameters x0, y0, x1, y1 of a statement."""
    return dict(zip(CORNERS, boxes.T, strict=True))


def _shapes(session: Session, versions: Sequence[Version]) -> dict[int, BaseGeometry]:
    """Areas of coverage versions, from memory where they were read before."""
    with _areas_lock:
        known = {version[0]: _areas[version] for version in versions if version in _areas}
        for version in versions:
            if version in _areas:
                _areas.move_to_end(version)
    missing = {version[0]: version for version in versions if version[0] not in known}
    if not missing:
        return known
    for number, raw in binary_rows(session, "conflicts", "coverage_areas", {"versions": list(missing)}):
        shape = shapely.from_wkb(raw)
        shapely.prepare(shape)
        known[number] = shape
    with _areas_lock:
        for number, version in missing.items():
            _areas[version] = known[number]
        while len(_areas) > KEPT_AREAS:
            _areas.popitem(last=False)
    return known
