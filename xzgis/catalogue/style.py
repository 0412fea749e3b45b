"""A map style out of the catalogue: views, kinds, symbols and the city's grid. Pure.

Every layer carries ``metadata["xz:groups"]``, the entries of the view it belongs to; it shows while all of
them are switched on: the points of the gas network belong to ``gas`` and to ``nodes``.
"""

from collections.abc import Callable
from typing import Any

from xzgis.catalogue.terms import Catalogue, MapLayer, MapView, Symbol
from xzgis.core.words import Language

FONT = ["Noto Sans CJK SC Regular"]
TILES = "/api/map/tiles/{z}/{x}/{y}"
# From this zoom of the city grid (2 m per pixel) tiles hold every record; below, streets by what lies in them.
DETAIL_ZOOM = 8
NODE_ZOOM = 9
LABEL_ZOOM = 10
NUMBER_ZOOM = 11.5
STREET_SPACING_PX = 1.5
UNKNOWN_COLOUR = "#410e76"
HALO = {"text-halo-color": "#ffffff", "text-halo-width": 1.6}
DEPTH_UNKNOWN: dict[Language, str] = {"zh": " 埋深?", "en": " depth?"}

Layer = dict[str, Any]


def map_style(catalogue: Catalogue, view: MapView, *, language: Language = "zh") -> dict[str, Any]:
    """The MapLibre style of ``view``, its first entry at the bottom, labels above everything."""
    grid = catalogue.grid
    drawn: list[Layer] = [
        {"id": "paper", "type": "background", "paint": {"background-color": "#f7f5f0"}},
    ]
    labels: list[Layer] = []
    runs = [entry for entry in view.layers if entry.source_layer == "runs"]
    for entry in view.layers:
        if entry.source_layer == "runs":
            offset_px = (runs.index(entry) - (len(runs) - 1) / 2) * STREET_SPACING_PX
            drawn += _runs(entry, catalogue, offset_px=offset_px)
            labels += _run_labels(entry, catalogue, language)
        elif entry.source_layer == "nodes":
            for of_kind in runs:
                drawn += _nodes(entry, of_kind, catalogue)
                labels += _node_labels(entry, of_kind, catalogue)
        elif entry.source_layer in GROUND:
            drawn += GROUND[entry.source_layer](entry)
            labels += GROUND_LABELS.get(entry.source_layer, _none)(entry)
    return {
        "version": 8,
        "name": view.token,
        "projection": {"type": f"EPSG:{grid.srid}"},
        "metadata": {"xz:version": catalogue.version},
        "sources": {"city": {"type": "vector", "tiles": [TILES], "minzoom": 0, "maxzoom": grid.max_zoom}},
        "layers": drawn + labels,
    }


def _layer(
    identity: str, entry: MapLayer, type_: str, *, also: MapLayer | None = None, least: float | None = None,
    source_layer: str | None = None, **rest: Any,
) -> Layer:  # fmt: skip
    """One style layer of ``entry``; ``also`` is a second entry it hangs on."""
    entries = [entry] if also is None else [entry, also]
    shown = all(each.visible for each in entries)
    layout = {**rest.pop("layout", {}), "visibility": "visible" if shown else "none"}
    return {
        "id": identity, "type": type_, "source": "city", "source-layer": source_layer or entry.source_layer,
        "minzoom": entry.min_zoom if least is None else least,
        "metadata": {"xz:groups": [each.id for each in entries]}, "layout": layout, **rest,
    }  # fmt: skip


def _none(entry: MapLayer) -> list[Layer]:
    del entry
    return []


def _parcels(entry: MapLayer) -> list[Layer]:
    paint = {"fill-color": "#e9efe2", "fill-outline-color": "#b9c4ae"}
    return [_layer(entry.id, entry, "fill", paint=paint)]


def _parcel_labels(entry: MapLayer) -> list[Layer]:
    layout = {"text-field": ["get", "text"], "text-font": FONT, "text-size": 11}
    return [_layer(f"{entry.id}-label", entry, "symbol", source_layer="labels", least=NODE_ZOOM, layout=layout,
                   paint={"text-color": "#4a5a3c", **HALO})]  # fmt: skip


def _buildings(entry: MapLayer) -> list[Layer]:
    paint = {"fill-color": "#ddd6c8", "fill-outline-color": "#a89e8a"}
    return [_layer(entry.id, entry, "fill", paint=paint)]


def _coverage(entry: MapLayer) -> list[Layer]:
    edge = {"line-color": "#3d3a6b", "line-width": 1.5, "line-dasharray": [4, 2]}
    return [
        _layer(entry.id, entry, "fill", paint={"fill-color": "#3d3a6b", "fill-opacity": 0.12}),
        _layer(f"{entry.id}-edge", entry, "line", paint=edge),
    ]


def _roads(entry: MapLayer) -> list[Layer]:
    parts = [kind.removeprefix("road_") for kind in entry.kinds]
    only = ["in", ["get", "part"], ["literal", parts]]
    fill = "#ffffff" if "carriageway" in parts else "#f0ece2"
    width = ["interpolate", ["linear"], ["zoom"], 2, 0.5, 7, 2, 10, 1.5]
    return [
        _layer(f"{entry.id}-area", entry, "fill", filter=["all", only, ["==", ["geometry-type"], "Polygon"]],
               paint={"fill-color": fill, "fill-outline-color": "#c9c2b2"}),
        _layer(entry.id, entry, "line", filter=["all", only, ["==", ["geometry-type"], "LineString"]],
               paint={"line-color": "#b0a894" if "kerb" in parts else "#cfc8b8", "line-width": width}),
    ]  # fmt: skip


def _road_labels(entry: MapLayer) -> list[Layer]:
    if "road_centreline" not in entry.kinds:
        return []
    layout = {"text-field": ["coalesce", ["get", "name"], ""], "text-font": FONT, "text-size": 14,
              "symbol-placement": "line", "symbol-spacing": 400}  # fmt: skip
    return [_layer(f"{entry.id}-label", entry, "symbol", filter=["==", ["get", "part"], "centreline"],
                   layout=layout, paint={"text-color": "#3a3428", **HALO})]  # fmt: skip


def _works(entry: MapLayer) -> list[Layer]:
    wide = {"line-color": "#16202b", "line-width": 6}
    return [
        _layer(f"{entry.id}-edge", entry, "line", paint=wide),
        _layer(
            entry.id,
            entry,
            "line",
            paint={"line-color": "#ffbf00", "line-width": 3.5, "line-dasharray": [3, 1]},
        ),
    ]


def _works_labels(entry: MapLayer) -> list[Layer]:
    layout = {"text-field": ["get", "name"], "text-font": FONT, "text-size": 13, "symbol-placement": "line"}
    return [
        _layer(f"{entry.id}-label", entry, "symbol", layout=layout, paint={"text-color": "#16202b", **HALO})
    ]


GROUND: dict[str, Callable[[MapLayer], list[Layer]]] = {
    "parcels": _parcels, "buildings": _buildings, "coverage": _coverage, "roads": _roads, "works": _works,
}  # fmt: skip
GROUND_LABELS: dict[str, Callable[[MapLayer], list[Layer]]] = {
    "parcels": _parcel_labels, "roads": _road_labels, "works": _works_labels,
}  # fmt: skip


def _symbol(entry: MapLayer, catalogue: Catalogue) -> Symbol:
    found = next((catalogue.symbols[kind] for kind in entry.kinds if kind in catalogue.symbols), None)
    return found or Symbol(kind=entry.id, screen=UNKNOWN_COLOUR)


def _only(entry: MapLayer) -> list[Any]:
    return ["in", ["get", "kind"], ["literal", list(entry.kinds)]]


def _runs(entry: MapLayer, catalogue: Catalogue, *, offset_px: float) -> list[Layer]:
    """The lines of a network: side by side along the streets at small scales, each line from zoom 8."""
    symbol, only = _symbol(entry, catalogue), _only(entry)
    # The whole city shows where its networks lie: the least zoom of the entry is that of single lines.
    layers = [
        _layer(f"{entry.id}-streets", entry, "line", source_layer="streets", least=0, maxzoom=DETAIL_ZOOM,
               filter=only, layout={"line-cap": "round", "line-join": "round"},
               paint={"line-color": symbol.screen, "line-width": 1.4, "line-offset": offset_px}),
        # Lines that the reader may not see exactly: bands as wide as they are uncertain at a step of 20 m.
        _layer(f"{entry.id}-corridors", entry, "line", source_layer="corridors", least=0, filter=only,
               layout={"line-cap": "round", "line-join": "round"},
               paint={"line-color": symbol.screen, "line-opacity": 0.18,
                      "line-width": ["interpolate", ["exponential", 2], ["zoom"], 6, 5, 8, 15, 11, 120]}),
    ]  # fmt: skip
    least = max(entry.min_zoom, DETAIL_ZOOM)
    if symbol.casing != "none":
        layers += [
            _layer(f"{entry.id}-casing", entry, "line", least=least, filter=only,
                   paint={"line-color": symbol.screen, "line-width": _wider(3.2, 8)}),
            _layer(f"{entry.id}-gap", entry, "line", least=least, filter=only,
                   paint={"line-color": "#ffffff", "line-width": _wider(2, 5.5)}),
        ]  # fmt: skip
    dash = {"line-dasharray": list(symbol.dash)} if symbol.dash else {}
    faded = ["match", ["get", "life"], "disused", 0.4, 1]
    paint = {"line-color": symbol.screen, "line-width": _wider(1.4, 4), "line-opacity": faded, **dash}
    layers.append(
        _layer(entry.id, entry, "line", least=least, filter=only, layout={"line-join": "round"}, paint=paint)
    )
    return layers


def _wider(at_8: float, at_11: float) -> list[Any]:
    return ["interpolate", ["exponential", 1.6], ["zoom"], 8, at_8, 11, at_11]


def _run_labels(entry: MapLayer, catalogue: Catalogue, language: Language) -> list[Layer]:
    """Code and size along the line; what has no known depth says so."""
    codes = {kind: catalogue.kinds[kind].code for kind in entry.kinds if kind in catalogue.kinds}
    code: Any = next(iter(codes.values()), "")
    words = ["concat", code, " ", ["coalesce", ["get", "size"], "?"],
             ["case", ["get", "depth_unknown"], DEPTH_UNKNOWN[language], ""]]  # fmt: skip
    layout = {"text-field": words, "text-font": FONT, "text-size": 12, "symbol-placement": "line",
              "symbol-spacing": 300}  # fmt: skip
    paint = {"text-color": _symbol(entry, catalogue).screen, **HALO}
    return [
        _layer(
            f"{entry.id}-label",
            entry,
            "symbol",
            least=LABEL_ZOOM,
            filter=_only(entry),
            layout=layout,
            paint=paint,
        )
    ]


def _nodes(entry: MapLayer, of_kind: MapLayer, catalogue: Catalogue) -> list[Layer]:
    radius = ["interpolate", ["linear"], ["zoom"], 9, 1.2, 10.5, 2.2, 12, 5]
    paint = {"circle-radius": radius, "circle-color": "#ffffff", "circle-stroke-width": 1.3,
             "circle-stroke-color": _symbol(of_kind, catalogue).screen}  # fmt: skip
    return [
        _layer(f"{entry.id}-{of_kind.id}", entry, "circle", also=of_kind, filter=_only(of_kind), paint=paint)
    ]


def _node_labels(entry: MapLayer, of_kind: MapLayer, catalogue: Catalogue) -> list[Layer]:
    layout = {"text-field": ["coalesce", ["get", "point_no"], ""], "text-font": FONT, "text-size": 11,
              "text-anchor": "left", "text-offset": [0.7, 0]}  # fmt: skip
    paint = {"text-color": _symbol(of_kind, catalogue).screen, **HALO}
    return [_layer(f"{entry.id}-{of_kind.id}-label", entry, "symbol", also=of_kind, least=NUMBER_ZOOM,
                   filter=_only(of_kind), layout=layout, paint=paint)]  # fmt: skip
