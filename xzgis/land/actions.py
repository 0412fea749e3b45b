"""Parcels and buildings into the register."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from sqlalchemy import Table, func, select, update
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.copying import copy_rows
from xzgis.land.events import LandWritten
from xzgis.land.models import Building, Parcel
from xzgis.spatial.extent import extent_of

MOMENT = timedelta(microseconds=1)


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
    known = set(session.scalars(select(Parcel.number).where(Parcel.known_to.is_(None))))
    new_parcels = parcels[~parcels["number"].isin(known)]
    named = set(session.scalars(select(Building.name).where(Building.known_to.is_(None))))
    new_buildings = buildings[~buildings["name"].isin(named)]
    for model, rows in ((Parcel, new_parcels), (Building, new_buildings)):
        if len(rows):
            target = model.__table__
            assert isinstance(target, Table)
            copy_rows(session, target, _as_objects(rows), {"known_from": now})
    event = LandWritten(object_id=source, parcels=len(new_parcels), buildings=len(new_buildings))
    place = extent_of(new_parcels["area"], new_buildings["outline"])
    record(session, actor=actor, event=event, now=now, place=place)
    return event


def remove_land(
    session: Session, *, actor: Actor, parcel_prefix: str, building_prefix: str, source: str, now: datetime
) -> LandWritten:
    """Take parcels and buildings out again whose number and name begin so; the event counts them below zero.

    Their rows stay, closed: what was known before can still be asked for.
    """
    parcels, buildings = (
        session.execute(
            update(model)
            .where(begins, model.known_to.is_(None))
            .values(known_to=func.greatest(now, model.known_from + MOMENT))
            .returning(model.id)
        ).all()
        for model, begins in (
            (Parcel, Parcel.number.startswith(parcel_prefix, autoescape=True)),
            (Building, Building.name.startswith(building_prefix, autoescape=True)),
        )
    )
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
