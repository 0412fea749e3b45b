"""How parcels and buildings are read."""

from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Grid
from xzgis.core.sql import statement

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
