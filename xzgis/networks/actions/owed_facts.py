"""Takes facts of undone batches back from the records that kept them (decision 0079)."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, cast, column, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from xzgis.catalogue.queries import catalogue
from xzgis.networks.actions.known_facts import telling_of
from xzgis.networks.models import Batch, Run
from xzgis.networks.queries.owed_facts import (
    Table,
    batches_beside,
    facts_of,
    kinds_said,
    kinds_said_before,
    origins_undone,
    owing,
)
from xzgis.networks.rules.owed_facts import without_owed
from xzgis.networks.rules.partial_codes import PartialCodes

_MOMENT = timedelta(microseconds=1)
_ROWS_AT_ONCE = 5_000


def take_facts_back(session: Session, table: Table, *, batch_id: int, now: datetime) -> int:
    """New versions of the records that have facts from undone batches, without those; how many.

    ``batch_id``: the batch just undone. Its own facts are looked for, and those of batches undone before, for what its
    undoing brought back may have kept them. The batch of a record stays: undoing that one takes the new version out too.
    """
    undone = origins_undone(session)
    found = owing(session, table, batch_id=batch_id, undone=undone)
    if not found:
        return 0
    versions = [version for one in found for version in (one.version, *one.before)]
    telling = telling_of((one.attributes for one in versions), facts_of(table))
    changed: list[dict[str, Any]] = [
        {"version_id": one.version_id}
        | without_owed(one.version, one.before, undone, telling, is_line=table is Run)
        for one in found
    ]
    moment = _moment(session, table, [one.version_id for one in found], now)
    for at in range(0, len(changed), _ROWS_AT_ONCE):
        _write(session, table, changed[at : at + _ROWS_AT_ONCE], moment)
    return len(changed)


def take_words_back(session: Session, *, batch_id: int) -> None:
    """Take from what other batches told of points of this undone batch the kinds that rest on its word.

    They may have counted as told because this one had told them, at points that say nothing themselves (decision 0094). A
    kind stays where the batch says it in words of its own, or where each of its points was told before by one that stands.
    """
    codes = PartialCodes.of(catalogue())
    beside = select(Batch).where(Batch.id.in_(batches_beside(session, batch_id)))
    for batch in session.scalars(beside.order_by(Batch.accepted_at, Batch.id)).all():
        still = kinds_said(session, batch.id, codes) | kinds_said_before(session, batch.id)
        batch.points_told = sorted(still.intersection(batch.points_told))
        session.flush()


def _moment(session: Session, table: Table, versions: list[int], now: datetime) -> datetime:
    """One moment for all, after the youngest of the versions."""
    youngest = session.scalar(select(func.max(table.known_from)).where(_these(table, versions)))
    return now if youngest is None else max(now, youngest + _MOMENT)


def _these(table: Table, versions: list[int]) -> Any:
    return table.version_id == func.any(cast(versions, ARRAY(BigInteger)))


def _write(session: Session, table: Table, rows: list[dict[str, Any]], moment: datetime) -> None:
    """Close these versions, and give each a copy with the facts and attributes of its row."""
    versions = [row["version_id"] for row in rows]
    closing = update(table).where(_these(table, versions)).values(known_to=moment)
    session.execute(closing, execution_options={"synchronize_session": False})
    given = {"version_id", "attributes", *facts_of(table)}
    columns: list[Any] = list(table.__table__.columns)
    told = (
        func.jsonb_to_recordset(cast(json.loads(json.dumps(rows, default=str)), JSONB))
        .table_valued(*(column(one.name, one.type) for one in columns if one.name in given))
        .render_derived(name="told", with_types=True)
    )
    kept = [one for one in columns if one.name not in ("version_id", "known_from", "known_to")]
    copies = select(
        *(told.c[one.name] if one.name in given else one for one in kept),
        literal(moment).label("known_from"),
    ).where(table.version_id == told.c.version_id)
    session.execute(insert(table).from_select([*(one.name for one in kept), "known_from"], copies))
