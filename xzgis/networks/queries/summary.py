"""What the register holds, for the page of data: by kind, owner, accuracy, age and coverage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from shapely import Polygon
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from xzgis.core.db import stored
from xzgis.networks.models import Batch, Coverage, Node, Run
from xzgis.networks.queries.counted_ground import counted_area
from xzgis.networks.queries.history import as_of_known

YEARS = (1, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the register: how many runs, how long in plan. ``name`` None stands for unknown."""

    name: str | None
    runs: int
    length_m: float


@dataclass(frozen=True, slots=True)
class KindHolding:
    """One kind: runs, points, length in plan, how much of it has no level in how many runs, ground covered by surveys."""

    kind: str
    runs: int
    nodes: int
    length_m: float
    length_without_level_m: float
    covered_m2: float
    runs_without_level: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole register. ``by_age`` counts from the day of survey: '<1', '<5', … years, None unknown."""

    kinds: tuple[KindHolding, ...]
    by_owner: tuple[Share, ...]
    by_accuracy: tuple[Share, ...]
    by_age: tuple[Share, ...]
    by_state: tuple[Share, ...]


def summary(session: Session, *, today: date, known_at: datetime | None = None) -> Summary:
    """Counts and lengths of what is current, or was known at a moment. Overlapping surveys of one kind count once."""
    return Summary(
        kinds=_kinds(session, known_at),
        by_owner=_shares(session, Run.owner, known_at),
        by_accuracy=_shares(session, Run.accuracy_class, known_at),
        by_age=_shares(session, _age(today), known_at),
        by_state=_shares(session, Run.life_state, known_at),
    )


def lengths_by_kind(
    session: Session, by: Literal["accuracy", "age"], *, today: date, known_at: datetime | None = None
) -> dict[str, dict[str | None, float]]:
    """Plan length in metres of each kind by accuracy class or by age of survey (as in :class:`Summary`)."""
    named = (Run.accuracy_class if by == "accuracy" else _age(today)).label("name")
    rows = session.execute(
        select(Run.kind, named, func.sum(func.st_length(Run.axis)))
        .where(as_of_known(Run, known_at))
        .group_by(Run.kind, named)
    )
    found: dict[str, dict[str | None, float]] = {}
    for kind, name, length_m in rows:
        found.setdefault(kind, {})[name] = float(length_m)
    return found


@dataclass(frozen=True, slots=True)
class Untrue:
    """How much of the register is no survey of this city: runs and length in metres."""

    invented_runs: int
    invented_m: float
    displaced_runs: int
    displaced_m: float


def untrue(session: Session, *, known_at: datetime | None = None) -> Untrue:
    """The runs of invented samples, and those of another place laid over the city."""
    invented = _marked(session, Batch.is_invented.is_(True), known_at)
    return Untrue(*invented, *_marked(session, Batch.crs.has_key("displaced"), known_at))


def _marked(session: Session, mark: ColumnElement[bool], known_at: datetime | None) -> tuple[int, float]:
    count, length_m = session.execute(
        select(func.count(), func.coalesce(func.sum(func.st_length(Run.axis)), 0.0))
        .join(Batch, Batch.id == Run.batch_id)
        .where(as_of_known(Run, known_at), mark)
    ).one()
    return int(count), float(length_m)


@dataclass(frozen=True, slots=True)
class CoverageAge:
    """The coverages of one kind: how many, and their oldest and youngest known day of survey."""

    count: int
    oldest: date | None
    youngest: date | None
    undated: int


def coverage_ages(session: Session, *, known_at: datetime | None = None) -> dict[str, CoverageAge]:
    """How old the coverage of each kind is."""
    day = Coverage.surveyed_on
    rows = session.execute(
        select(Coverage.kind, func.count(), func.min(day), func.max(day), func.count().filter(day.is_(None)))
        .where(as_of_known(Coverage, known_at))
        .group_by(Coverage.kind)
    )
    return {
        kind: CoverageAge(count, oldest, youngest, undated) for kind, count, oldest, youngest, undated in rows
    }


def _kinds(session: Session, known_at: datetime | None) -> tuple[KindHolding, ...]:
    length = func.st_length(Run.axis)
    unknown = or_(Run.crown_m.is_(None), func.array_position(Run.crown_m, None).is_not(None))
    runs = {
        kind: (count, total or 0.0, missing or 0.0, runs_missing)
        for kind, count, total, missing, runs_missing in session.execute(
            select(
                Run.kind,
                func.count(),
                func.sum(length),
                func.sum(case((unknown, length), else_=0.0)),
                func.count().filter(unknown),
            )
            .where(as_of_known(Run, known_at))
            .group_by(Run.kind)
        )
    }
    nodes = dict(
        _pairs(
            session, select(Node.kind, func.count()).where(as_of_known(Node, known_at)).group_by(Node.kind)
        )
    )
    area = func.st_area(func.st_union(counted_area(known_at)))
    covered = dict(
        _pairs(
            session,
            select(Coverage.kind, area).where(as_of_known(Coverage, known_at)).group_by(Coverage.kind),
        )
    )
    nothing = (0, 0.0, 0.0, 0)
    return tuple(
        KindHolding(
            kind=kind,
            runs=runs.get(kind, nothing)[0],
            nodes=nodes.get(kind, 0),
            length_m=float(runs.get(kind, nothing)[1]),
            length_without_level_m=float(runs.get(kind, nothing)[2]),
            covered_m2=float(covered.get(kind, 0.0)),
            runs_without_level=runs.get(kind, nothing)[3],
        )
        for kind in sorted({*runs, *nodes, *covered})
    )


def _pairs(session: Session, statement: Any) -> list[tuple[str, Any]]:
    return [(row[0], row[1]) for row in session.execute(statement)]


def _shares(session: Session, by: Any, known_at: datetime | None) -> tuple[Share, ...]:
    named = by.label("name")
    length = func.sum(func.st_length(Run.axis))
    asked = select(named, func.count(), length).where(as_of_known(Run, known_at)).group_by(named)
    return tuple(
        Share(name, count, float(total))
        for name, count, total in session.execute(asked.order_by(length.desc()))
    )


def _age(today: date) -> ColumnElement[str | None]:
    youngest = [
        (Run.surveyed_on > date(today.year - years, today.month, min(today.day, 28)), f"<{years}")
        for years in YEARS
    ]
    return case((Run.surveyed_on.is_(None), None), *youngest, else_=f">{YEARS[-1]}")


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One coverage; ``area`` is GeoJSON in the storage CRS."""

    object_id: int
    version_id: int
    kind: str
    area: dict[str, Any]
    area_m2: float
    surveyed_on: date | None
    surveyed_by: str | None
    method: str | None
    quality: str | None
    batch_id: int | None
    note: str | None
    known_from: datetime
    known_to: datetime | None


def coverages(
    session: Session,
    *,
    kinds: Sequence[str] = (),
    within: Polygon | None = None,
    object_id: int | None = None,
    with_past: bool = False,
    limit: int = 1000,
) -> list[CoverageRow]:
    """Coverages by kind, box or identity, the youngest version of each first; all versions with ``with_past``.

    Of a current one the ground that it counts for, perhaps none.
    """
    chosen: list[ColumnElement[bool]] = [] if with_past else [Coverage.known_to.is_(None)]
    if kinds:
        chosen.append(Coverage.kind.in_(kinds))
    if object_id is not None:
        chosen.append(Coverage.object_id == object_id)
    if within is not None:
        chosen.append(
            and_(Coverage.area.op("&&")(stored(within)), func.st_intersects(Coverage.area, stored(within)))
        )
    counted = counted_area()
    asked = select(
        Coverage.object_id, Coverage.version_id, Coverage.kind, func.st_asgeojson(counted, 3).cast(JSON),
        func.st_area(counted), Coverage.surveyed_on, Coverage.surveyed_by, Coverage.method, Coverage.quality,
        Coverage.batch_id, Coverage.note, Coverage.known_from, Coverage.known_to,
    )  # fmt: skip
    rows = session.execute(
        asked.where(*chosen)
        .order_by(Coverage.kind, Coverage.object_id, Coverage.known_from.desc())
        .limit(limit)
    )
    return [CoverageRow(*row) for row in rows]
