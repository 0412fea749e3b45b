"""What a delivery in the shape of the register brings beside lines and points: coverage as told, and roads."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import Table
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.copying import copy_rows
from xzgis.core.db import stored
from xzgis.networks.actions.register import take_object_ids
from xzgis.networks.events import CoverageSet
from xzgis.networks.models import Coverage, Road


def write_beside(
    session: Session, facts: Mapping[str, Any], *, actor: Actor, batch_id: int, now: datetime
) -> bool:
    """Write the roads and the coverage among the facts of a delivery; whether it told a coverage at all.

    ``roads`` and ``coverage`` are records as :func:`xzgis.networks.rules.own_export.deliver_own_export` gives them.
    """
    roads = _frame(facts.get("roads", []))
    write_roads(session, roads, batch_id=batch_id)
    if "coverage" not in facts:
        return False
    areas = _frame(facts["coverage"]).rename(columns={"shape": "area"})
    if "surveyed_on" in areas:
        areas["surveyed_on"] = areas["surveyed_on"].map(date.fromisoformat, na_action="ignore")
    cover_as_told(session, areas.astype(object), batch_id=batch_id, actor=actor, now=now)
    return True


def _frame(records: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(records, dtype=object)
    if "shape" in frame:
        frame["shape"] = pd.Series(list(shapely.from_wkb(frame["shape"].to_numpy(object))), dtype=object)
    return frame


def write_roads(session: Session, roads: pd.DataFrame, *, batch_id: int) -> None:
    """Append the parts of roads (``part``, ``name``, ``shape`` in the storage CRS) that a batch brought."""
    if not len(roads):
        return
    target = Road.__table__
    assert isinstance(target, Table)
    copy_rows(session, target, roads, {"batch_id": batch_id})


def cover_as_told(
    session: Session, coverage: pd.DataFrame, *, batch_id: int, actor: Actor, now: datetime
) -> None:
    """The stated coverage: who says where they looked is believed here, unlike what lines can show."""
    ids = take_object_ids(session, len(coverage))
    rows: list[dict[str, Any]] = coverage.to_dict("records")  # type: ignore[assignment]  # keys are names of columns
    for object_id, row in zip(ids.tolist(), rows, strict=True):
        area = shapely.MultiPolygon(shapely.get_parts(row.pop("area")).tolist())
        session.add(
            Coverage(object_id=object_id, area=stored(area), batch_id=batch_id, known_from=now, **row)
        )
        event = CoverageSet(
            object_id=str(object_id),
            kind=row["kind"],
            area_m2=round(area.area, 1),
            method=row.get("method"),
            batch_id=batch_id,
        )
        record(session, actor=actor, event=event, now=now, place=area)
