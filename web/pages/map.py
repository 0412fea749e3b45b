"""The map workbench: networks, layer list, search, cards."""

import json
import re
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from web.asking import actor_of, need
from web.language import Speaker
from web.pages.land import land_and_works
from web.render import render, speaker, wants_fragment
from xzgis.catalogue.queries import catalogue
from xzgis.catalogue.terms import Catalogue, MapLayer, MapView, NetworkKind
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import NotFound
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.networks.queries import lookup, map_view, tiles
from xzgis.networks.rules.survey import city_extent
from xzgis.spatial.typed import read_place

router = APIRouter()

VIEW = "workbench"
SEARCH_LIMIT = 20
NEAR_LIMIT = 50
WORDS_OF_MAP = {
    "NavigationControl.ZoomIn": "map.zoom_in",
    "NavigationControl.ZoomOut": "map.zoom_out",
    "Map.Title": "map.label",
}
# X = north first, Y = east, as surveyors say it; any separator.
COORDINATES = re.compile(
    r"^\s*[XxNn]?\s*[:=]?\s*(\d{6,8}(?:\.\d+)?)\s*[,，;；\s]+[YyEe]?\s*[:=]?\s*(\d{6,8}(?:\.\d+)?)\s*$"
)
Ids = Annotated[str, Query(pattern=r"^(\d{1,18}(,\d{1,18}){0,99})?$")]


def buried_kinds(known: Catalogue) -> list[NetworkKind]:
    """The kinds of line in the order of lists and legends."""
    return sorted((kind for kind in known.kinds.values() if kind.is_buried_line), key=lambda kind: kind.order)


def legend_of(view: MapView) -> list[MapLayer]:
    """The entries of a view as the legend lists them: networks first, the topmost first."""
    entries = list(reversed(view.layers))
    return [entry for entry in entries if entry.source_layer == "runs"] + [
        entry for entry in entries if entry.source_layer != "runs"
    ]


def map_config(say: Speaker, held: map_view.Holdings) -> dict[str, Any]:
    """What the script of the map needs: grid, first view, words."""
    known = catalogue()
    grid = known.grid
    east_m, north_m, zoom = known.city.centre_east_m, known.city.centre_north_m, 3.0
    if held.focus_m is not None:
        east_m, north_m, zoom = view_of(held.focus_m, grid.extent_m)
    return {
        "grid": {
            "name": f"EPSG:{grid.srid}",
            "definition": grid.proj4,
            "origin": [grid.origin_east_m, grid.origin_north_m],
            "extent_m": grid.extent_m,
        },
        "style": f"/api/map/style/{VIEW}?language={say.language}",
        "view": {"east_m": east_m, "north_m": north_m, "zoom": zoom},
        "detail_zoom": tiles.DETAIL_ZOOM,
        "words": {name: say(message) for name, message in WORDS_OF_MAP.items()},
    }


def view_of(extent_m: map_view.Extent, grid_m: float) -> tuple[float, float, float]:
    """East, north and zoom that bring an extent into view."""
    west, south, east, north = extent_m
    return (west + east) / 2, (south + north) / 2, zoom_for(max(east - west, north - south, 50.0), grid_m)


def zoom_for(width_m: float, extent_m: float) -> float:
    """The zoom at which ``width_m`` fills about 700 pixels, a quarter step at most too small."""
    zoom = 0.0
    while zoom < 12 and width_m / (extent_m / 512 / 2 ** (zoom + 0.25)) < 700:
        zoom += 0.25
    return zoom


@lru_cache(maxsize=64)
def _held(version: str, sight: str) -> list[map_view.Holdings]:
    """A place to keep the holdings of one version of the data, as one sight shows them."""
    del version, sight
    return []


def holdings_now(actor: Actor) -> map_view.Holdings:
    """What the register holds for the eyes of ``actor``, counted once per version of the data."""
    with transaction(actor, statement_timeout_s=30) as session:
        kept = _held(tiles.data_version(session), "" if actor.sight is None else actor.sight.key)
        if not kept:
            kept.append(map_view.holdings(session))
        return kept[0]


@router.get("/map", dependencies=[need(Permission.MAP_READ)])
def workbench(
    request: Request,
    q: Annotated[str, Query(max_length=80)] = "",
    runs: Ids = "",
    nodes: Ids = "",
    pick: Annotated[str, Query(max_length=2000)] = "",
) -> HTMLResponse:
    """The map with its layer list; a search or a choice in the address is answered at once."""
    del pick  # read by the script
    held = holdings_now(actor_of(request))
    known = catalogue()
    counts = {count.kind: count for count in held.kinds}
    return render(
        request, "map/workbench.html",
        held=held, counts=counts, kept_back=_kept_back(actor_of(request)),
        entries=legend_of(known.maps[VIEW]), symbols=known.symbols,
        config=json.dumps(map_config(speaker(request), held), ensure_ascii=False),
        whole=None if held.extent_m == held.focus_m else view_of(held.extent_m, known.grid.extent_m)
        if held.extent_m else None,
        detail_zoom=tiles.DETAIL_ZOOM,
        q=q, found=_search(actor_of(request), q) if q else None,
        picked=_picked(actor_of(request), runs, nodes) if runs or nodes else None,
        known=known, grounds=[],
    )  # fmt: skip


def _kept_back(actor: Actor) -> frozenset[str]:
    """Kinds of which the actor may not see every line: for him none shown is not none recorded."""
    sight = actor.sight
    return (
        frozenset()
        if sight is None
        else frozenset(kind for kind in catalogue().kinds if not sight.is_whole_of(kind))
    )


def _search(actor: Actor, text: str) -> dict[str, Any]:
    """Answers to a search: a pair of coordinates is a place, anything else is looked up."""
    place = read_place(text, city_extent(catalogue()))
    if place is not None:
        return {
            "place": (place.east_m, place.north_m), "understood": place.words, "answers": [], "more": False,
        }  # fmt: skip
    pair = COORDINATES.match(text)
    if pair:
        north_m, east_m = float(pair[1]), float(pair[2])
        return {"place": (east_m, north_m), "understood": None, "answers": [], "more": False}
    with transaction(actor) as session:
        answers = lookup.look_up(session, text, limit=SEARCH_LIMIT + 1)
    return {"place": None, "answers": answers[:SEARCH_LIMIT], "more": len(answers) > SEARCH_LIMIT}


@router.get("/map/search", dependencies=[need(Permission.MAP_READ)])
def search(request: Request, q: Annotated[str, Query(max_length=80)] = "") -> HTMLResponse:
    """Answers to a search by road, point number, label, owner or coordinates."""
    if not wants_fragment(request):
        return workbench(request, q=q)
    return render(
        request,
        "map/_search.html",
        q=q,
        found=_search(actor_of(request), q) if q.strip() else None,
        known=catalogue(),
    )


def _ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def _picked(actor: Actor, runs: str, nodes: str) -> list[map_view.Brief]:
    with transaction(actor) as session:
        return map_view.run_briefs(session, _ids(runs)) + map_view.node_briefs(session, _ids(nodes))


@router.get("/map/pick", dependencies=[need(Permission.MAP_READ)])
def pick(
    request: Request, runs: Ids = "", nodes: Ids = "", parcels: Ids = "", buildings: Ids = "", works: Ids = ""
) -> HTMLResponse:
    """What was clicked: the card of the one thing, or a chooser with all of them."""
    if not wants_fragment(request):
        return workbench(request, runs=runs, nodes=nodes)
    picked = _picked(actor_of(request), runs, nodes)
    grounds = land_and_works(actor_of(request), _ids(parcels), _ids(buildings), _ids(works))
    if len(picked) == 1 and not grounds:
        only = picked[0]
        return run_card(request, only.id) if only.what == "run" else node_card(request, only.id)
    return render(request, "map/_pick.html", picked=picked, grounds=grounds, known=catalogue())


@router.get("/map/runs/{object_id}", dependencies=[need(Permission.NETWORKS_READ)])
def run_card(request: Request, object_id: int) -> HTMLResponse:
    """The card of a run: every attribute, accuracy, origin, history."""
    with transaction(actor_of(request)) as session:
        versions = map_view.run_versions(session, object_id)
        if versions:
            shape = map_view.shape_of_run(session, object_id)
            template = "map/_run.html" if wants_fragment(request) else "map/run.html"
            return render(
                request, template, versions=versions, run=versions[0][0], batch=versions[0][1],
                shape=json.loads(shape) if shape else None, known=catalogue(),
            )  # fmt: skip
        is_node = bool(map_view.node_versions(session, object_id))
    # Findings name chambers by their point; its card takes a connection of its own.
    if is_node:
        return node_card(request, object_id)
    raise NotFound(Words(f"没有编号为 {object_id} 的管段。", f"There is no run {object_id}."))


@router.get("/map/nodes/{object_id}", dependencies=[need(Permission.NETWORKS_READ)])
def node_card(request: Request, object_id: int) -> HTMLResponse:
    """The card of a node and the runs that meet in it."""
    with transaction(actor_of(request)) as session:
        versions = map_view.node_versions(session, object_id)
        if not versions:
            raise NotFound(Words(f"没有编号为 {object_id} 的管点。", f"There is no node {object_id}."))
        briefs = map_view.node_briefs(session, [object_id])
        runs = map_view.run_briefs(session, map_view.runs_at_node(session, object_id))
        template = "map/_node.html" if wants_fragment(request) else "map/node.html"
        return render(
            request, template, versions=versions, node=versions[0][0], batch=versions[0][1], runs=runs,
            brief=briefs[0] if briefs else None, known=catalogue(),
        )  # fmt: skip


@router.get("/map/list", dependencies=[need(Permission.MAP_READ)])
def near_list(
    request: Request,
    e: Annotated[float | None, Query(ge=300_000, le=700_000)] = None,
    n: Annotated[float | None, Query(ge=3_000_000, le=5_000_000)] = None,
    within: Annotated[float, Query(ge=1, le=2000)] = 100,
) -> HTMLResponse:
    """The map as a table: the runs nearest to a place. Serves where there is no map."""
    held = holdings_now(actor_of(request))
    if e is None or n is None:
        city = catalogue().city
        e, n = city.centre_east_m, city.centre_north_m
        if held.focus_m is not None:
            e, n, _ = view_of(held.focus_m, 1.0)
    with transaction(actor_of(request)) as session:
        briefs, total = map_view.runs_near(session, east_m=e, north_m=n, within_m=within, limit=NEAR_LIMIT)
    return render(
        request, "map/list.html",
        briefs=briefs, total=total, e=e, n=n, within=within, known=catalogue(),
    )  # fmt: skip
