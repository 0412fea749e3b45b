"""Parcels and buildings."""

from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import STORAGE_SRID, Base


class Parcel(Base):
    """A parcel of land with its use."""

    __tablename__ = "land_parcel"
    __table_args__ = (
        CheckConstraint("st_isvalid(area)", name="area_valid"),
        Index("ix_land_parcel_area", "area", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    land_use: Mapped[str | None] = mapped_column(Text)
    area: Mapped[WKBElement] = mapped_column(Geometry("POLYGON", srid=STORAGE_SRID, spatial_index=False))
    attributes: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Building(Base):
    """A building's outline."""

    __tablename__ = "land_building"
    __table_args__ = (
        CheckConstraint("st_isvalid(outline)", name="outline_valid"),
        Index("ix_land_building_outline", "outline", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    storeys: Mapped[int | None] = mapped_column()
    outline: Mapped[WKBElement] = mapped_column(Geometry("POLYGON", srid=STORAGE_SRID, spatial_index=False))
