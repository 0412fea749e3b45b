"""Vector tiles of the register in the city grid, and the version that keys every cached copy.

Zoom 9 of the city grid is 1 m per pixel, so its zoom 8 shows as much as zoom 15 of a web map.
"""

from dataclasses import dataclass

from sqlalchemy import func, literal, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from xzgis.audit.models import CHANGES_DATA, TrailEntry
from xzgis.catalogue.terms import Grid
from xzgis.core.lens import sight_of
from xzgis.core.sql import statement

DETAIL_ZOOM = 8
NODE_ZOOM = 9
TILE_PX = 512
# Generalised edges lie on a grid of this many pixels; wider where a tile holds a whole city.
CELL_PX = 3.0
CITY_CELL_PX = 6.0
# Below this zoom a tile reads a large part of the register.
CITY_ZOOM = 6
# What a tile holds beyond its edge, as a part of its width.
MARGIN = 0.0625
TILE_LIMIT_BYTES = 500_000
# Late commits take earlier trail numbers; more than this many never overlap.
RECENT_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class RegisterTile:
    """One tile and how far it was generalised: cell width in metres, None when nothing was left out."""

    data: bytes
    cell_m: float | None


def data_version(session: Session) -> str:
    """A short text that changes with every recorded change of data; to read or to sign in changes none."""
    recent = (
        select(TrailEntry.id, TrailEntry.happened_at)
        .where(text(CHANGES_DATA))
        .order_by(TrailEntry.id.desc())
        .limit(RECENT_ENTRIES)
        .subquery()
    )
    # Not the greatest number alone: a slower transaction may commit a smaller one afterwards, and a
    # restored register counts on from where the copy was taken.
    entry = func.concat(recent.c.id, " ", func.extract("epoch", recent.c.happened_at))
    listed = func.string_agg(entry, aggregate_order_by(literal(","), recent.c.id))
    found = session.scalar(select(func.md5(func.coalesce(listed, ""))))
    return str(found)[:16]


def tile(session: Session, grid: Grid, *, z: int, x: int, y: int) -> RegisterTile:
    """Vector tile layers of runs, nodes, roads and coverage of one tile of the city grid.

    From zoom 8 every record is in it; below, runs are laid onto a grid of a few pixels and each edge is
    kept once per kind. A tile that would pass 500 kB is generalised until it does not.
    """
    where: dict[str, float] = {
        "z": z,
        "x": x,
        "y": y,
        "east_m": grid.origin_east_m,
        "north_m": grid.origin_north_m,
        "extent_m": grid.extent_m,
    }
    if z >= DETAIL_ZOOM:
        found = session.scalar(statement("networks", "tile_detail"), {**where, "with_nodes": z >= NODE_ZOOM})
        if len(found) <= TILE_LIMIT_BYTES:
            return RegisterTile(data=bytes(found), cell_m=None)
    where |= _padded(grid, z=z, x=x, y=y)
    cell_m = (CITY_CELL_PX if z < CITY_ZOOM else CELL_PX) * grid.extent_m / TILE_PX / 2**z
    while True:
        found = session.scalar(statement("networks", "tile_overview"), {**where, "cell_m": cell_m})
        if len(found) <= TILE_LIMIT_BYTES or cell_m * 8 > grid.extent_m / 2**z:
            return RegisterTile(data=bytes(found), cell_m=cell_m)
        cell_m *= 2


def corridors(session: Session, grid: Grid, *, z: int, x: int, y: int) -> bytes:
    """Layer ``corridors``: where lines lie that are seen as corridors only, by kind; nothing for who sees all."""
    sight = sight_of(session)
    if sight is None or not sight.of("corridor"):
        return b""
    cell_m = max(sight.step_m, CELL_PX * grid.extent_m / TILE_PX / 2**z)
    where = _padded(grid, z=z, x=x, y=y) | {
        "z": z, "x": x, "y": y, "east_m": grid.origin_east_m, "north_m": grid.origin_north_m,
        "extent_m": grid.extent_m, "cell_m": cell_m,
    }  # fmt: skip
    return bytes(session.scalar(statement("networks", "tile_corridors"), where))


def _padded(grid: Grid, *, z: int, x: int, y: int) -> dict[str, float]:
    """The bounds of a tile with its margin, storage CRS."""
    wide_m = grid.extent_m / 2**z
    west_m, top_m = grid.origin_east_m + x * wide_m, grid.origin_north_m - y * wide_m
    margin_m = wide_m * MARGIN
    return {
        "west_m": west_m - margin_m, "south_m": top_m - wide_m - margin_m,
        "right_m": west_m + wide_m + margin_m, "top_m": top_m + margin_m,
    }  # fmt: skip
