"""Saved works on the map."""

from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Grid
from xzgis.core.sql import statement


def works_tile(session: Session, grid: Grid, *, z: int, x: int, y: int) -> bytes:
    """Vector tile layer ``works`` of one tile of the city grid."""
    found = session.scalar(
        statement("works", "tile_works"),
        {
            "z": z, "x": x, "y": y,
            "east_m": grid.origin_east_m, "north_m": grid.origin_north_m, "extent_m": grid.extent_m,
        },
    )  # fmt: skip
    return bytes(found)
