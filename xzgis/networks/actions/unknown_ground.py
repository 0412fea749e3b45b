"""The ground of rows that a batch left out, which no older coverage shows to be looked at.

It stands beside the coverage, which is not written anew: so it ends with its batch, and all that was known before counts
again (docs/decisions/0085-ground-left-out-is-unknown-in-older-coverage.md).
"""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Table, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.copying import copy_rows
from xzgis.core.db import stored
from xzgis.core.lens import as_it_is
from xzgis.networks.actions.register import MOMENT
from xzgis.networks.events import GroundKnown, GroundUnknown
from xzgis.networks.models import Batch, Node, Run, UnknownGround
from xzgis.networks.rules.bounds import CHINA_BOX
from xzgis.networks.rules.covered_ground import areas_of
from xzgis.networks.rules.cut_ground import UNKNOWN
from xzgis.networks.terms import BatchState
from xzgis.spatial.extent import extent_of

# A little less than what the row shows once it goes in (its coverage is drawn inside its circles, along fewer vertices):
# no slit of unknown ground stays round it then.
WITHIN = 0.95


def after_unknown(session: Session, now: datetime) -> datetime:
    """``now``, or just after all that was left out by then: who waited for a batch to go in began before it did."""
    latest = session.scalar(
        select(func.max(UnknownGround.known_from)).where(UnknownGround.known_to.is_(None))
    )
    return now if latest is None else max(now, latest + MOMENT)


def leave_unknown(
    session: Session, *, actor: Actor, batch_id: int, out: pd.DataFrame, reach_m: float, now: datetime
) -> None:
    """Keep the ground within ``reach_m`` of the rows ``out`` as unknown, and let that of rows which came in now end.

    ``out``: as :class:`xzgis.networks.actions.records.Rows`. Known from the moment that it is written, for whoever drew
    coverage while the batch waited could not know of it. Costs nothing where there is neither.
    """
    with as_it_is(session):  # a row is known again whoever brought it
        _end_known(session, actor=actor, batch_id=batch_id, now=now)
    city = shapely.box(*CHINA_BOX)
    grown = shapely.intersection(shapely.buffer(out["place"].to_numpy(object), reach_m * WITHIN), city)
    rows = pd.DataFrame(
        {"kind": out["kind"], "place": out["place"], "area": list(map(areas_of, grown))}, dtype=object
    )
    rows = rows[[not area.is_empty for area in rows["area"]]]
    if rows.empty:
        return
    is_any = (rows["kind"].isna() | (rows["kind"] == UNKNOWN)).to_numpy(np.bool_)
    rows["kind"] = rows["kind"].mask(is_any, None)
    target = UnknownGround.__table__
    assert isinstance(target, Table)
    copy_rows(session, target, rows, {"batch_id": batch_id, "known_from": max(now, datetime.now(UTC))})
    kinds = sorted({str(kind) for kind in rows["kind"][~is_any]})
    event = GroundUnknown(str(batch_id), rows=len(rows), kinds=kinds, of_any_kind=int(is_any.sum()))
    record(session, actor=actor, event=event, now=now, place=extent_of(rows["area"]))


def _end_known(session: Session, *, actor: Actor, batch_id: int, now: datetime) -> None:
    """End what other batches left unknown of the very lines and points that this one brought."""
    ended = session.scalars(
        update(UnknownGround)
        .where(UnknownGround.known_to.is_(None), UnknownGround.batch_id != batch_id, _brought(batch_id))
        .values(known_to=_no_earlier(now), ended_by=batch_id)
        .returning(func.st_asbinary(UnknownGround.area)),
        execution_options={"synchronize_session": False},
    ).all()
    if ended:
        around = extent_of(shapely.from_wkb([bytes(one) for one in ended]))
        record(session, actor=actor, event=GroundKnown(str(batch_id), rows=len(ended)), now=now, place=around)


def _brought(batch_id: int) -> ColumnElement[bool]:
    place = UnknownGround.place
    return or_(
        *(
            exists().where(
                table.batch_id == batch_id,
                table.known_to.is_(None),
                or_(UnknownGround.kind.is_(None), table.kind == UnknownGround.kind),
                shape.op("&&")(place),
                func.st_equals(shape, place),
            )
            for table, shape in ((Run, Run.axis), (Node, Node.place))
        )
    )


def _no_earlier(now: datetime) -> ColumnElement[datetime]:
    return func.greatest(now, UnknownGround.known_from + MOMENT)


def unknown_in(session: Session, kind: str, area: BaseGeometry) -> BaseGeometry:
    """What of ``area`` is unknown for ``kind`` now."""
    asked = select(func.st_asbinary(UnknownGround.area)).where(
        UnknownGround.known_to.is_(None),
        or_(UnknownGround.kind.is_(None), UnknownGround.kind == kind),
        UnknownGround.area.op("&&")(stored(area)),
    )
    return shapely.union_all(shapely.from_wkb([bytes(one) for one in session.scalars(asked)]))


def take_back_unknown(session: Session, *, batch_id: int, now: datetime) -> None:
    """What an undone batch left out no longer counts; what it had brought and others left out before does so again."""
    mine = update(UnknownGround).where(UnknownGround.batch_id == batch_id, UnknownGround.known_to.is_(None))
    session.execute(mine.values(known_to=_no_earlier(now)), execution_options={"synchronize_session": False})
    stands = exists().where(Batch.id == UnknownGround.batch_id, Batch.state == BatchState.ACCEPTED)
    kept = [UnknownGround.batch_id, UnknownGround.kind, UnknownGround.place, UnknownGround.area]
    since = func.greatest(now, UnknownGround.known_to).label("known_from")
    again = select(*kept, since).where(UnknownGround.ended_by == batch_id, stands)
    session.execute(insert(UnknownGround).from_select([*(one.key for one in kept), "known_from"], again))
