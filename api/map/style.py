"""A map style out of the catalogue: kinds, symbols and the city's grid. Pure."""

from typing import Any

from xzgis.catalogue.terms import Catalogue, NetworkKind, Symbol
from xzgis.core.words import Language

FONT = ["Noto Sans CJK SC Regular"]
DETAIL_ZOOM = 8
TILES = "/api/map/tiles/{z}/{x}/{y}"
Layer = dict[str, Any]


def map_style(catalogue: Catalogue, *, language: Language = "zh") -> dict[str, Any]:
    """The MapLibre style of the network map.

    Every layer carries ``metadata["xz:group"]``: ``kind:<token>``, ``roads``, ``parcels``,
    ``buildings`` or ``coverage``, by which the legend switches it.
    """
    grid = catalogue.grid
    kinds = sorted((kind for kind in catalogue.kinds.values() if kind.is_buried_line), key=lambda k: k.order)
    layers = _ground()
    for place, kind in enumerate(kinds):
        symbol = catalogue.symbols.get(kind.token) or Symbol(kind=kind.token, screen="#410e76")
        layers += _kind(kind, symbol, offset_px=(place - (len(kinds) - 1) / 2) * 1.5)
    layers += _labels(kinds, catalogue)
    return {
        "version": 8,
        "name": "networks",
        "projection": {"type": f"EPSG:{grid.srid}"},
        "metadata": {"xz:language": language, "xz:detail_zoom": DETAIL_ZOOM, "xz:version": catalogue.version},
        "sources": {
            "city": {"type": "vector", "tiles": [TILES], "minzoom": 0, "maxzoom": grid.max_zoom},
        },
        "layers": layers,
    }


def _layer(identity: str, group: str, type_: str, source_layer: str, **rest: Any) -> Layer:
    return {
        "id": identity,
        "type": type_,
        "source": "city",
        "source-layer": source_layer,
        "metadata": {"xz:group": group},
        **rest,
    }


def _ground() -> list[Layer]:
    return [
        {"id": "paper", "type": "background", "paint": {"background-color": "#f7f5f0"}},
        _layer(
            "parcels",
            "parcels",
            "fill",
            "parcels",
            minzoom=6,
            paint={"fill-color": "#e9efe2", "fill-outline-color": "#b9c4ae"},
        ),
        _layer(
            "carriageway",
            "roads",
            "fill",
            "roads",
            minzoom=7,
            filter=["==", ["geometry-type"], "Polygon"],
            paint={
                "fill-color": ["match", ["get", "part"], "carriageway", "#ffffff", "#f0ece2"],
                "fill-outline-color": "#c9c2b2",
            },
        ),
        _layer(
            "buildings",
            "buildings",
            "fill",
            "buildings",
            minzoom=8,
            paint={"fill-color": "#ddd6c8", "fill-outline-color": "#a89e8a"},
        ),
        _layer(
            "roads",
            "roads",
            "line",
            "roads",
            filter=["==", ["geometry-type"], "LineString"],
            paint={
                "line-color": ["match", ["get", "part"], "kerb", "#b0a894", "#cfc8b8"],
                "line-width": ["interpolate", ["linear"], ["zoom"], 2, 0.5, 7, 2, 10, 1.5],
            },
        ),
        _layer(
            "coverage",
            "coverage",
            "fill",
            "coverage",
            layout={"visibility": "none"},
            paint={"fill-color": "#3d3a6b", "fill-opacity": 0.12},
        ),
        _layer(
            "coverage-edge",
            "coverage",
            "line",
            "coverage",
            layout={"visibility": "none"},
            paint={"line-color": "#3d3a6b", "line-width": 1.5, "line-dasharray": [4, 2]},
        ),
    ]


def _kind(kind: NetworkKind, symbol: Symbol, *, offset_px: float) -> list[Layer]:
    group = f"kind:{kind.token}"
    only = ["==", ["get", "kind"], kind.token]
    width = ["interpolate", ["exponential", 1.6], ["zoom"], 8, 1.4, 11, 4]
    dash = {"line-dasharray": list(symbol.dash)} if symbol.dash else {}
    layers = [
        _layer(
            f"streets-{kind.token}",
            group,
            "line",
            "streets",
            maxzoom=DETAIL_ZOOM,
            filter=only,
            layout={"line-cap": "round", "line-join": "round"},
            paint={"line-color": symbol.screen, "line-width": 1.4, "line-offset": offset_px},
        ),
    ]
    if symbol.casing != "none":
        wide = ["interpolate", ["exponential", 1.6], ["zoom"], 8, 3.2, 11, 8]
        layers.append(
            _layer(
                f"casing-{kind.token}",
                group,
                "line",
                "runs",
                minzoom=DETAIL_ZOOM,
                filter=only,
                paint={"line-color": symbol.screen, "line-width": wide},
            )
        )
        inner = ["interpolate", ["exponential", 1.6], ["zoom"], 8, 2, 11, 5.5]
        layers.append(
            _layer(
                f"casing-fill-{kind.token}",
                group,
                "line",
                "runs",
                minzoom=DETAIL_ZOOM,
                filter=only,
                paint={"line-color": "#ffffff", "line-width": inner},
            )
        )
    layers.append(
        _layer(
            f"runs-{kind.token}",
            group,
            "line",
            "runs",
            minzoom=DETAIL_ZOOM,
            filter=only,
            layout={"line-join": "round"},
            paint={
                "line-color": symbol.screen,
                "line-width": width,
                "line-opacity": ["match", ["get", "life"], "disused", 0.4, 1],
                **dash,
            },
        )
    )
    layers.append(
        _layer(
            f"nodes-{kind.token}",
            group,
            "circle",
            "nodes",
            minzoom=9,
            filter=only,
            paint={
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 1.5, 12, 5],
                "circle-color": "#ffffff",
                "circle-stroke-color": symbol.screen,
                "circle-stroke-width": 1.5,
            },
        )
    )
    return layers


def _labels(kinds: list[NetworkKind], catalogue: Catalogue) -> list[Layer]:
    halo = {"text-halo-color": "#ffffff", "text-halo-width": 1.6}
    layers = [
        _layer(
            "parcel-labels",
            "parcels",
            "symbol",
            "labels",
            minzoom=9,
            layout={"text-field": ["get", "text"], "text-font": FONT, "text-size": 11},
            paint={"text-color": "#4a5a3c", **halo},
        ),
        _layer(
            "road-labels",
            "roads",
            "symbol",
            "roads",
            minzoom=5,
            filter=["==", ["get", "part"], "centreline"],
            layout={
                "text-field": ["coalesce", ["get", "name"], ""],
                "text-font": FONT,
                "text-size": 14,
                "symbol-placement": "line",
                "symbol-spacing": 400,
            },
            paint={"text-color": "#3a3428", **halo},
        ),
    ]
    for kind in kinds:
        symbol = catalogue.symbols.get(kind.token)
        only = ["==", ["get", "kind"], kind.token]
        layers.append(
            _layer(
                f"run-labels-{kind.token}",
                f"kind:{kind.token}",
                "symbol",
                "runs",
                minzoom=10,
                filter=only,
                layout={
                    "text-field": [
                        "concat",
                        kind.code,
                        " ",
                        ["coalesce", ["get", "size"], "?"],
                        ["case", ["get", "depth_unknown"], " 埋深?", ""],
                    ],
                    "text-font": FONT,
                    "text-size": 12,
                    "symbol-placement": "line",
                    "symbol-spacing": 300,
                },
                paint={"text-color": symbol.screen if symbol else "#410e76", **halo},
            )
        )
        layers.append(
            _layer(
                f"node-labels-{kind.token}",
                f"kind:{kind.token}",
                "symbol",
                "nodes",
                minzoom=11.5,
                filter=only,
                layout={
                    "text-field": ["coalesce", ["get", "point_no"], ""],
                    "text-font": FONT,
                    "text-size": 11,
                    "text-anchor": "left",
                    "text-offset": [0.7, 0],
                },
                paint={"text-color": symbol.screen if symbol else "#410e76", **halo},
            )
        )
    return layers
