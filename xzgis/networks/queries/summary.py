"""What the register holds, for the page of data: by kind, owner, accuracy, age and coverage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shapely import Polygon
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from xzgis.core.db import stored
from xzgis.networks.models import Coverage, Node, Run

YEARS = (1, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the register: how many runs, how long in plan. ``name`` None stands for unknown."""

    name: str | None
    runs: int
    length_m: float


@dataclass(frozen=True, slots=True)
class KindHolding:
    """One kind: runs, points, length in plan, how much of it has no level, and the ground covered by surveys."""

    kind: str
    runs: int
    nodes: int
    length_m: float
    length_without_level_m: float
    covered_m2: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole register. ``by_age`` counts from the day of survey: '<1', '<5', … years, None unknown."""

    kinds: tuple[KindHolding, ...]
    by_owner: tuple[Share, ...]
    by_accuracy: tuple[Share, ...]
    by_age: tuple[Share, ...]
    by_state: tuple[Share, ...]


def summary(session: Session, *, today: date) -> Summary:
    """Counts and lengths of what is current. Overlapping surveys of one kind are counted once."""
    return Summary(
        kinds=_kinds(session),
        by_owner=_shares(session, Run.owner),
        by_accuracy=_shares(session, Run.accuracy_class),
        by_age=_shares(session, _age(today)),
        by_state=_shares(session, Run.life_state),
    )


def _kinds(session: Session) -> tuple[KindHolding, ...]:
    length = func.st_length(Run.axis)
    unknown = or_(Run.crown_m.is_(None), func.array_position(Run.crown_m, None).is_not(None))
    runs = {
        kind: (count, total or 0.0, missing or 0.0)
        for kind, count, total, missing in session.execute(
            select(Run.kind, func.count(), func.sum(length), func.sum(case((unknown, length), else_=0.0)))
            .where(Run.known_to.is_(None))
            .group_by(Run.kind)
        )
    }
    nodes = dict(
        _pairs(session, select(Node.kind, func.count()).where(Node.known_to.is_(None)).group_by(Node.kind))
    )
    area = func.st_area(func.st_union(Coverage.area))
    covered = dict(
        _pairs(
            session, select(Coverage.kind, area).where(Coverage.known_to.is_(None)).group_by(Coverage.kind)
        )
    )
    return tuple(
        KindHolding(
            kind=kind,
            runs=runs.get(kind, (0, 0.0, 0.0))[0],
            nodes=nodes.get(kind, 0),
            length_m=float(runs.get(kind, (0, 0.0, 0.0))[1]),
            length_without_level_m=float(runs.get(kind, (0, 0.0, 0.0))[2]),
            covered_m2=float(covered.get(kind, 0.0)),
        )
        for kind in sorted({*runs, *nodes, *covered})
    )


def _pairs(session: Session, statement: Any) -> list[tuple[str, Any]]:
    return [(row[0], row[1]) for row in session.execute(statement)]


def _shares(session: Session, by: Any) -> tuple[Share, ...]:
    named = by.label("name")
    length = func.sum(func.st_length(Run.axis))
    asked = select(named, func.count(), length).where(Run.known_to.is_(None)).group_by(named)
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
    """Coverages by kind, box or identity, the youngest version of each first; all versions with ``with_past``."""
    chosen: list[ColumnElement[bool]] = [] if with_past else [Coverage.known_to.is_(None)]
    if kinds:
        chosen.append(Coverage.kind.in_(kinds))
    if object_id is not None:
        chosen.append(Coverage.object_id == object_id)
    if within is not None:
        chosen.append(
            and_(Coverage.area.op("&&")(stored(within)), func.st_intersects(Coverage.area, stored(within)))
        )
    asked = select(
        Coverage.object_id, Coverage.version_id, Coverage.kind, func.st_asgeojson(Coverage.area, 3).cast(JSON),
        func.st_area(Coverage.area), Coverage.surveyed_on, Coverage.surveyed_by, Coverage.method, Coverage.quality,
        Coverage.batch_id, Coverage.note, Coverage.known_from, Coverage.known_to,
    )  # fmt: skip
    rows = session.execute(
        asked.where(*chosen)
        .order_by(Coverage.kind, Coverage.object_id, Coverage.known_from.desc())
        .limit(limit)
    )
    return [CoverageRow(*row) for row in rows]
