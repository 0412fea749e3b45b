"""Parcels and buildings. What was taken out stays, with the times from and to which it was known."""

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import STORAGE_SRID, Base

CURRENT = text("known_to is null")


class _Known:
    """When a record was in the register; ``known_to`` is None while it is."""

    known_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    known_to: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Parcel(_Known, Base):
    """A parcel of land with its use."""

    __tablename__ = "land_parcel"
    __table_args__ = (
        CheckConstraint("st_isvalid(area)", name="area_valid"),
        CheckConstraint("known_from < known_to", name="known_in_order"),
        Index("ix_land_parcel_area", "area", postgresql_using="gist", postgresql_where=CURRENT),
        Index("uq_land_parcel_current", "number", unique=True, postgresql_where=CURRENT),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    land_use: Mapped[str | None] = mapped_column(Text)
    area: Mapped[WKBElement] = mapped_column(Geometry("POLYGON", srid=STORAGE_SRID, spatial_index=False))
    attributes: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Building(_Known, Base):
    """A building's outline."""

    __tablename__ = "land_building"
    __table_args__ = (
        CheckConstraint("st_isvalid(outline)", name="outline_valid"),
        CheckConstraint("known_from < known_to", name="known_in_order"),
        Index("ix_land_building_outline", "outline", postgresql_using="gist", postgresql_where=CURRENT),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    storeys: Mapped[int | None] = mapped_column()
    outline: Mapped[WKBElement] = mapped_column(Geometry("POLYGON", srid=STORAGE_SRID, spatial_index=False))
