"""Parcels and buildings into the register."""

from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.copying import copy_rows
from xzgis.land.events import LandWritten
from xzgis.land.models import Building, Parcel
from xzgis.spatial.extent import extent_of


def write_land(
    session: Session,
    *,
    actor: Actor,
    parcels: pd.DataFrame,
    buildings: pd.DataFrame,
    source: str,
    now: datetime,
) -> LandWritten:
    """Write parcels and buildings; those that are known already are left as they are.

    Parameters
    ----------
    parcels
        Columns ``number``, ``land_use`` and ``area`` (polygon in the storage CRS). A number that exists stays.
    buildings
        Columns ``name``, ``storeys`` and ``outline``. A building of a name that exists stays.
    source
        Where they come from, kept in the trail.
    """
    known = set(session.scalars(select(Parcel.number)))
    new_parcels = parcels[~parcels["number"].isin(known)]
    named = set(session.scalars(select(Building.name)))
    new_buildings = buildings[~buildings["name"].isin(named)]
    for model, rows in ((Parcel, new_parcels), (Building, new_buildings)):
        if len(rows):
            target = model.__table__
            assert isinstance(target, Table)
            copy_rows(session, target, _as_objects(rows), {})
    event = LandWritten(object_id=source, parcels=len(new_parcels), buildings=len(new_buildings))
    place = extent_of(new_parcels["area"], new_buildings["outline"])
    record(session, actor=actor, event=event, now=now, place=place)
    return event


def remove_land(
    session: Session, *, actor: Actor, parcel_prefix: str, building_prefix: str, source: str, now: datetime
) -> LandWritten:
    """Take parcels and buildings out again whose number and name begin so; the event counts them below zero."""
    parcels = session.execute(
        delete(Parcel).where(Parcel.number.startswith(parcel_prefix, autoescape=True)).returning(Parcel.id)
    ).all()
    buildings = session.execute(
        delete(Building)
        .where(Building.name.startswith(building_prefix, autoescape=True))
        .returning(Building.id)
    ).all()
    event = LandWritten(object_id=source, parcels=-len(parcels), buildings=-len(buildings))
    record(session, actor=actor, event=event, now=now)
    return event


def _as_objects(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with plain objects for geometry, as COPY takes them."""
    geometry = rows.columns[-1]
    return (
        pd.DataFrame(rows)
        .assign(**{geometry: np.asarray(rows[geometry], dtype=object)})
        .reset_index(drop=True)
    )
