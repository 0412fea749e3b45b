"""How parcels and buildings are read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Grid
from xzgis.core.sql import statement
from xzgis.land.models import Building, Parcel

# Outlines smaller than this many pixels, squared, are specks; at 512 px a tile.
SPECK_PX2 = 4.0
TILE_PX = 512


def tile(session: Session, grid: Grid, *, z: int, x: int, y: int) -> bytes:
    """Vector tile layers ``parcels``, ``buildings``, ``labels`` of one tile of the city grid."""
    pixel_m = grid.extent_m / TILE_PX / 2**z
    found = session.scalar(
        statement("land", "tile_land"),
        {
            "z": z,
            "x": x,
            "y": y,
            "east_m": grid.origin_east_m,
            "north_m": grid.origin_north_m,
            "extent_m": grid.extent_m,
            "least_area_m2": SPECK_PX2 * pixel_m**2,
        },
    )
    return bytes(found)


@dataclass(frozen=True, slots=True)
class Ground:
    """A parcel or building: ``what`` says which, ``use`` its land use, ``shape`` GeoJSON in the storage CRS."""

    what: str
    id: int
    label: str
    use: str | None
    storeys: int | None
    area_m2: float
    shape: str


def grounds(session: Session, *, parcels: Sequence[int], buildings: Sequence[int]) -> list[Ground]:
    """Parcels and buildings by identity, parcels first; unknown ones and those taken out are left out."""
    of_parcels = session.execute(
        select(
            Parcel.id,
            Parcel.number,
            Parcel.land_use,
            func.st_area(Parcel.area),
            func.st_asgeojson(Parcel.area, 3),
        )
        .where(Parcel.id.in_(parcels), Parcel.known_to.is_(None))
        .order_by(Parcel.number)
    )
    of_buildings = session.execute(
        select(
            Building.id, Building.name, Building.storeys, func.st_area(Building.outline),
            func.st_asgeojson(Building.outline, 3),
        )
        .where(Building.id.in_(buildings), Building.known_to.is_(None))
        .order_by(Building.name, Building.id)
    )  # fmt: skip
    return [Ground("parcel", row[0], row[1], row[2], None, float(row[3]), row[4]) for row in of_parcels] + [
        Ground("building", row[0], row[1] or f"#{row[0]}", None, row[2], float(row[3]), row[4])
        for row in of_buildings
    ]
