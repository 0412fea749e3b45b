"""The register as it is, as it was known at a moment, and as things truly stood on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shapely import Polygon
from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from xzgis.core import paging
from xzgis.core.db import stored
from xzgis.core.errors import NotFound
from xzgis.core.words import Words
from xzgis.networks.models import Batch, Coverage, Node, Run, UnknownGround

Record = type[Run] | type[Node]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record: every column by name, its shape, and the batch it came with.

    ``geometry`` is GeoJSON in the storage CRS; ``batch_name`` None where no batch brought it. ``is_displaced``,
    ``is_invented``: the batch is test data of another place, or of a sample.
    """

    columns: dict[str, Any]
    geometry: dict[str, Any]
    batch_name: str | None
    is_displaced: bool = False
    is_invented: bool = False


def as_of_known(
    table: Record | type[Coverage | UnknownGround], moment: datetime | None
) -> ColumnElement[bool]:
    """The versions that were known at ``moment``; None: those known now."""
    if moment is None:
        return table.known_to.is_(None)
    return and_(table.known_from <= moment, or_(table.known_to.is_(None), table.known_to > moment))


def as_of_true(table: Record, day: date | None) -> ColumnElement[bool]:
    """The records that stood in the ground on ``day``, ``true_to`` no longer included; None: whatever day.

    An unknown beginning or end leaves the record in: what may have been there counts as there.
    """
    if day is None:
        return literal(True)
    begun = or_(table.true_from.is_(None), table.true_from <= day)
    return and_(begun, or_(table.true_to.is_(None), table.true_to > day))


def versions(session: Session, table: Record, object_id: int) -> tuple[Version, ...]:
    """Every version of a record, the youngest first.

    Raises
    ------
    NotFound
        The register never held it.
    """
    asked = _rows(table).where(table.object_id == object_id)
    rows = session.execute(asked.order_by(table.known_from.desc(), table.version_id.desc())).all()
    if not rows:
        raise NotFound(
            Words(
                f"登记库里从来没有编号 {object_id} 的记录。", f"The register never held a record {object_id}."
            )
        )
    return tuple(_version(row) for row in rows)


def version_at(
    session: Session,
    table: Record,
    object_id: int,
    *,
    known_at: datetime | None = None,
    true_on: date | None = None,
) -> Version:
    """One record as it was known at a moment and stood on a day; now, where neither is given.

    Raises
    ------
    NotFound
        There was no such record then.
    """
    asked = _rows(table).where(
        table.object_id == object_id, as_of_known(table, known_at), as_of_true(table, true_on)
    )
    row = session.execute(asked).one_or_none()
    if row is None:
        raise NotFound(
            Words(
                f"此时登记库里没有编号 {object_id} 的记录。", f"There is no record {object_id} at that time."
            )
        )
    return _version(row)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs a list shows; None or empty: whatever. ``within`` is in the storage CRS."""

    kinds: tuple[str, ...] = ()
    owner: str | None = None
    accuracy_class: str | None = None
    batch_id: int | None = None
    road: str | None = None
    within: Polygon | None = None
    known_at: datetime | None = None
    true_on: date | None = None


def runs_page(
    session: Session, wanted: Wanted, *, after: str | None = None, limit: int = 50
) -> paging.Page[Version]:
    """Runs in the order of kind and identity, a page at a time."""
    asked = _rows(Run).where(*_filters(wanted))
    last = paging.read(after, kinds=(str, int))
    if last is not None:
        asked = asked.where(tuple_(Run.kind, Run.object_id) > tuple_(literal(last[0]), literal(last[1])))
    limit = min(limit, paging.MOST)
    rows = session.execute(asked.order_by(Run.kind, Run.object_id).limit(limit + 1)).all()
    found = [_version(row) for row in rows]
    return paging.page_of(found, limit=limit, key=lambda one: (one.columns["kind"], one.columns["object_id"]))


def _filters(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    chosen = [as_of_known(Run, wanted.known_at), as_of_true(Run, wanted.true_on)]
    if wanted.kinds:
        chosen.append(Run.kind.in_(wanted.kinds))
    for column, value in (
        (Run.owner, wanted.owner),
        (Run.accuracy_class, wanted.accuracy_class),
        (Run.batch_id, wanted.batch_id),
        (Run.road, wanted.road),
    ):
        if value is not None:
            chosen.append(column == value)
    if wanted.within is not None:
        area = stored(wanted.within)
        # The box first: PostGIS may otherwise not use its index (design notes on row security).
        chosen += [Run.axis.op("&&")(area), func.st_intersects(Run.axis, area)]
    return chosen


def _rows(table: Record) -> Select[Any]:
    shape = table.axis if table is Run else table.place  # type: ignore[union-attr]  # a node has a place
    columns = [column for column in table.__table__.columns if column.name != shape.key]
    geometry = func.st_asgeojson(shape, 4).cast(JSON).label("geometry")
    marks = (
        Batch.name.label("batch_name"),
        Batch.crs.has_key("displaced").label("is_displaced"),
        Batch.is_invented.label("is_invented"),
    )
    return select(*columns, geometry, *marks).outerjoin(Batch, Batch.id == table.batch_id)


def _version(row: Any) -> Version:
    columns = dict(row._mapping)
    geometry, batch_name = columns.pop("geometry"), columns.pop("batch_name")
    # Null where no batch brought it, or where it kept no system.
    marks = {name: bool(columns.pop(name)) for name in ("is_displaced", "is_invented")}
    return Version(columns=columns, geometry=geometry, batch_name=batch_name, **marks)
