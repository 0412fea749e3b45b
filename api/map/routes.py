"""Tiles and styles of the map."""

from hashlib import sha256
from threading import Lock
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.responses import JSONResponse

from api.deps import need
from api.map.cache import TileCache, TileKey
from xzgis.catalogue.queries import catalogue
from xzgis.catalogue.style import map_style
from xzgis.catalogue.terms import Grid
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import NotFound
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.land import queries as land_queries
from xzgis.networks.queries import tiles as tile_queries
from xzgis.works.queries.tiles import works_tile

router = APIRouter(prefix="/api/map", tags=["map"])

Look = Annotated[Actor, need(Permission.MAP_READ)]
TILE_TYPE = "application/vnd.mapbox-vector-tile"
CITY_TIMEOUT_S = 30
CACHE = TileCache()
CITY_TILES = Lock()
# The browser may keep a tile but asks each time whether it still stands: a stale line can kill.
REVALIDATE = "private, no-cache"


@router.get(
    "/tiles/{z}/{x}/{y}",
    response_class=Response,
    responses={200: {"content": {TILE_TYPE: {}}}, 304: {"description": "Unchanged"}},
)
def tile(
    z: Annotated[int, Path(ge=0, le=22)],
    x: Annotated[int, Path(ge=0, le=2**22)],
    y: Annotated[int, Path(ge=0, le=2**22)],
    actor: Look,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """One vector tile of the city grid (EPSG:4548), with register, land and works layers."""
    grid = catalogue().grid
    if z > grid.max_zoom or x >= 2**z or y >= 2**z:
        raise NotFound(Words("瓦片不在本市网格内。", "The tile lies outside the city's grid."))
    with transaction(actor) as session:
        version = tile_queries.data_version(session)
    sight = "" if actor.sight is None else sha256(actor.sight.key.encode()).hexdigest()[:16]
    tag = f'"{version}-{sight}-{z}-{x}-{y}"'
    headers = {"ETag": tag, "Cache-Control": REVALIDATE}
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers=headers)
    key = (version, sight, z, x, y)
    data = CACHE.get(key)
    if data is None and z < tile_queries.CITY_ZOOM:
        # One at a time: each reads a large part of the register, and together they would starve the rest.
        with CITY_TILES:
            data = CACHE.get(key) or _made(grid, key, actor)
    elif data is None:
        data = _made(grid, key, actor)
    return Response(data, media_type=TILE_TYPE, headers=headers)


def _made(grid: Grid, key: TileKey, actor: Actor) -> bytes:
    """The tile, made and kept. A change that commits in between is kept under a version nobody asks for."""
    _, _, z, x, y = key
    with transaction(actor, statement_timeout_s=CITY_TIMEOUT_S) as session:
        data = (
            land_queries.tile(session, grid, z=z, x=x, y=y)
            + tile_queries.tile(session, grid, z=z, x=x, y=y).data
            + tile_queries.corridors(session, grid, z=z, x=x, y=y)
            + works_tile(session, grid, z=z, x=x, y=y)
        )
    CACHE.put(key, data)
    return data


@router.get("/style/{view}", responses={304: {"description": "Unchanged"}})
def style(
    _: Look,
    view: Annotated[str, Path(pattern="^[a-z_]{1,40}$")],
    language: Annotated[Literal["zh", "en"], Query()] = "zh",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The MapLibre style of one map view, in the city's own grid."""
    known = catalogue()
    if view not in known.maps:
        raise NotFound(Words(f"没有名为 {view} 的图。", f"There is no map view {view}."))
    tag = f'"{known.version[:16]}-{view}-{language}"'
    headers = {"ETag": tag, "Cache-Control": REVALIDATE}
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers=headers)
    return JSONResponse(map_style(known, known.maps[view], language=language), headers=headers)
