"""Parcels and buildings taken out stay as they were, and are shown no more."""

from datetime import datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, NOW, an_actor, an_area
from xzgis.catalogue.files import catalogue
from xzgis.land.actions import remove_land, write_land
from xzgis.land.models import Building, Parcel
from xzgis.land.queries import grounds, tile

LATER = NOW + timedelta(days=30)


def _write(session: Session, *, now: datetime = NOW, land_use: str = "R2") -> None:
    write_land(
        session,
        actor=an_actor(),
        parcels=pd.DataFrame({"number": ["P-1"], "land_use": [land_use], "area": [an_area()]}),
        buildings=pd.DataFrame({"name": ["B-1"], "storeys": [3], "outline": [an_area(size_m=40.0)]}),
        source="测试",
        now=now,
    )


def _remove(session: Session) -> None:
    remove_land(session, actor=an_actor(), parcel_prefix="P-", building_prefix="B-", source="测试", now=LATER)


def _tile(session: Session) -> bytes:
    grid = catalogue().grid
    z = 12
    side_m = grid.extent_m / 2**z
    x, y = int((EAST_M - grid.origin_east_m) // side_m), int((grid.origin_north_m - NORTH_M) // side_m)
    return tile(session, grid, z=z, x=x, y=y)


def test_what_was_taken_out_stays_readable_and_is_shown_no_more(session: Session) -> None:
    _write(session)
    assert b"P-1" in _tile(session)

    _remove(session)

    for model in (Parcel, Building):
        row = session.execute(select(model.id, model.known_from, model.known_to)).one()
        assert (row.known_from, row.known_to) == (NOW, LATER)
        assert grounds(session, parcels=[row.id], buildings=[row.id]) == []
    assert b"P-1" not in _tile(session)


def test_a_parcel_comes_again_beside_its_past(session: Session) -> None:
    _write(session)
    _remove(session)
    _write(session, now=LATER, land_use="B1")
    _write(session, now=LATER + timedelta(days=1), land_use="A3")

    held = session.execute(select(Parcel.land_use, Parcel.known_to).order_by(Parcel.id)).all()
    assert [tuple(row) for row in held] == [("R2", LATER), ("B1", None)]


@pytest.mark.parametrize("change", ["delete from land_parcel", "update land_parcel set land_use = 'A3'"])
def test_a_parcel_is_never_rewritten(session: Session, change: str) -> None:
    _write(session)

    with pytest.raises(DBAPIError, match="never rewritten or deleted"):
        session.execute(text(change))
