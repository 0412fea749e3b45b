"""What the map asks of the register: what there is, what was clicked, what was searched for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from shapely import MultiPoint
from sqlalchemy import case, func, or_, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from xzgis.core.db import stored
from xzgis.networks.models import Batch, Node, Road, Run

Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How much of one kind the register holds; lengths in metres in plan."""

    kind: str
    runs: int
    length_m: float
    depth_unknown: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the register holds.

    ``extent_m`` is east, north, east, north of everything, ``focus_m`` of the largest batch in its true place and
    of those that touch it: a delivery far away must not make the first view useless. None when the register is empty.
    """

    kinds: tuple[KindCount, ...]
    nodes: int
    extent_m: Extent | None
    invented: bool
    focus_m: Extent | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """One thing in a list: enough to choose it. ``place_m`` is east, north of its middle."""

    what: str
    id: int
    kind: str
    label: str
    size: str | None
    life_state: str
    surveyed_on: date | None
    place_m: tuple[float, float]


def holdings(session: Session) -> Holdings:
    """What the register holds of each kind, and where."""
    depth_unknown = or_(Run.crown_m.is_(None), func.array_position(Run.crown_m, None).is_not(None))
    rows = session.execute(
        select(
            Run.kind,
            Run.batch_id,
            func.count(),
            func.sum(func.st_length(Run.axis)),
            func.sum(case((depth_unknown, 1), else_=0)),
            func.min(func.st_xmin(Run.axis)),
            func.min(func.st_ymin(Run.axis)),
            func.max(func.st_xmax(Run.axis)),
            func.max(func.st_ymax(Run.axis)),
        )
        .where(Run.known_to.is_(None))
        .group_by(Run.kind, Run.batch_id)
    ).all()
    nodes = session.scalar(select(func.count()).select_from(Node).where(Node.known_to.is_(None))) or 0
    invented = session.scalar(
        select(select(Batch.id).where(Batch.state == "accepted", Batch.is_invented.is_(True)).exists())
    )
    # Data of another place laid over the city must not decide where a first look falls.
    displaced = set(session.scalars(select(Batch.id).where(Batch.crs.has_key("displaced"))))
    kinds: dict[str, KindCount] = {}
    batches: dict[int | None, tuple[int, Extent]] = {}
    for kind, batch, runs, length, unknown, *extent in rows:
        held = kinds.get(kind, KindCount(kind, 0, 0.0, 0))
        kinds[kind] = KindCount(
            kind, held.runs + runs, held.length_m + float(length), held.depth_unknown + int(unknown)
        )
        count, before = batches.get(batch, (0, tuple(extent)))
        batches[batch] = (count + runs, _joined(before, tuple(extent)))
    extents = [extent for _, extent in batches.values()]
    return Holdings(
        kinds=tuple(kinds.values()),
        nodes=nodes,
        extent_m=reduce(_joined, extents) if extents else None,
        invented=bool(invented),
        focus_m=focus_of([each for batch, each in batches.items() if batch not in displaced])
        or focus_of(list(batches.values())),
    )


def focus_of(batches: Sequence[tuple[int, Extent]]) -> Extent | None:
    """Where a first look belongs: the batch with the most runs, grown by every batch that touches it."""
    if not batches:
        return None
    focus = max(batches, key=lambda each: each[0])[1]
    rest = [extent for _, extent in batches]
    while touching := [extent for extent in rest if _touch(focus, extent)]:
        focus = reduce(_joined, touching, focus)
        rest = [extent for extent in rest if extent not in touching]
    return focus


def _joined(a: Extent, b: Extent) -> Extent:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _touch(a: Extent, b: Extent) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _size(width_mm: float | None, height_mm: float | None, shape: str | None) -> str | None:
    if width_mm is None:
        return None
    return f"{width_mm:g}×{height_mm:g}" if shape == "rectangle" and height_mm else f"DN{width_mm:g}"


def run_briefs(session: Session, object_ids: Sequence[int]) -> list[Brief]:
    """Briefs of live runs, in the order of kind and label; ids that are not live are left out."""
    middle = func.st_lineinterpolatepoint(Run.axis, 0.5)
    rows = session.execute(
        select(
            Run.object_id,
            Run.kind,
            Run.label,
            Run.nominal_width_mm,
            Run.nominal_height_mm,
            Run.shape,
            Run.life_state,
            Run.surveyed_on,
            func.st_x(middle),
            func.st_y(middle),
        )
        .where(Run.known_to.is_(None), Run.object_id.in_(object_ids))
        .order_by(Run.kind, Run.label, Run.object_id)
    )
    return [
        Brief(
            what="run",
            id=row[0],
            kind=row[1],
            label=row[2],
            size=_size(row[3], row[4], row[5]),
            life_state=row[6],
            surveyed_on=row[7],
            place_m=(row[8], row[9]),
        )
        for row in rows
    ]


def node_briefs(session: Session, object_ids: Sequence[int]) -> list[Brief]:
    """Briefs of live nodes, in the order of kind and point number."""
    rows = session.execute(
        select(
            Node.object_id,
            Node.kind,
            Node.point_no,
            Node.appurtenance,
            Node.feature,
            Node.life_state,
            func.st_x(Node.place),
            func.st_y(Node.place),
        )
        .where(Node.known_to.is_(None), Node.object_id.in_(object_ids))
        .order_by(Node.kind, Node.point_no, Node.object_id)
    )
    return [
        Brief(
            what="node",
            id=row[0],
            kind=row[1],
            label=row[2] or f"#{row[0]}",
            size=row[3] or row[4],
            life_state=row[5],
            surveyed_on=None,
            place_m=(row[6], row[7]),
        )
        for row in rows
    ]


def runs_near(
    session: Session, *, east_m: float, north_m: float, within_m: float, limit: int
) -> tuple[list[Brief], int]:
    """Live runs nearest to a place in the storage CRS, and how many there are within ``within_m``."""
    place = func.st_setsrid(func.st_makepoint(east_m, north_m), 4548)
    near = (
        Run.known_to.is_(None),
        Run.axis.op("&&")(func.st_expand(place, within_m)),
        func.st_dwithin(Run.axis, place, within_m),
    )
    total = session.scalar(select(func.count()).select_from(Run).where(*near)) or 0
    ids = session.scalars(
        select(Run.object_id)
        .where(*near)
        .order_by(func.st_distance(Run.axis, place), Run.object_id)
        .limit(limit)
    ).all()
    place_of = {identity: place for place, identity in enumerate(ids)}
    return sorted(run_briefs(session, ids), key=lambda brief: place_of[brief.id]), total


def run_versions(session: Session, object_id: int) -> list[tuple[Run, Batch | None]]:
    """Every version of a run with its batch of origin, the newest first; empty when there is none."""
    rows = session.execute(
        select(Run, Batch)
        .outerjoin(Batch, Batch.id == Run.batch_id)
        .where(Run.object_id == object_id)
        .order_by(Run.known_from.desc(), Run.version_id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def node_versions(session: Session, object_id: int) -> list[tuple[Node, Batch | None]]:
    """Every version of a node with its batch of origin, the newest first; empty when there is none."""
    rows = session.execute(
        select(Node, Batch)
        .outerjoin(Batch, Batch.id == Node.batch_id)
        .where(Node.object_id == object_id)
        .order_by(Node.known_from.desc(), Node.version_id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def runs_at_node(session: Session, object_id: int) -> list[int]:
    """Identities of the live runs that begin or end at a node."""
    rows = session.scalars(
        select(Run.object_id)
        .where(Run.known_to.is_(None), or_(Run.from_node_id == object_id, Run.to_node_id == object_id))
        .order_by(Run.object_id)
    )
    return list(rows)


def shape_of_run(session: Session, object_id: int) -> str | None:
    """The axis of a live run as GeoJSON in the storage CRS; None when it is not live."""
    found = session.scalar(
        select(func.st_asgeojson(Run.axis, 3)).where(Run.known_to.is_(None), Run.object_id == object_id)
    )
    return None if found is None else str(found)


def roads_drawn(session: Session, text: str, *, limit: int) -> list[tuple[str, dict[str, Any]]]:
    """Roads of no undone batch whose name holds ``text``: name, and GeoJSON in the storage CRS."""
    holds = "%" + text.strip().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    rows = session.execute(
        select(Road.name, func.st_asgeojson(func.st_simplify(func.st_collect(Road.shape), 1.0), 2).cast(JSON))
        .outerjoin(Batch, Batch.id == Road.batch_id)
        .where(Road.part == "centreline", Road.name.ilike(holds), Batch.undone_at.is_(None))
        .group_by(Road.name)
        .order_by(func.length(Road.name), Road.name)
        .limit(limit)
    )
    return [(str(row[0]), row[1]) for row in rows]


def nodes_at(
    session: Session, places_m: Sequence[tuple[float, float]], *, within_m: float
) -> list[tuple[str | None, float, float]]:
    """Live nodes within ``within_m`` of any of the places (east, north, storage CRS): number, east, north."""
    if not places_m:
        return []
    around = stored(MultiPoint(places_m))
    rows = session.execute(
        select(Node.point_no, func.st_x(Node.place), func.st_y(Node.place))
        .where(
            Node.known_to.is_(None),
            Node.place.op("&&")(func.st_expand(around, within_m)),
            func.st_dwithin(Node.place, around, within_m),
        )
        .order_by(Node.object_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]
