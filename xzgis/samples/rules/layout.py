"""Streets, their names, the ground, parcels and buildings."""

import math

import numpy as np
import pandas as pd
import shapely

from xzgis.samples.terms import (
    BUILDING_PREFIX,
    EAST_WEST,
    KERB_M,
    MARK,
    NORTH_SOUTH,
    PARCEL_PREFIX,
    RED_LINE_M,
    FloatArray,
    Layout,
)

RUNS_PER_SEGMENT = 58.0
"""About how many runs one street segment brings (measured over seeds)."""
SPACING_M = (150.0, 190.0)
FIRST = "云汐青檀鹿鸣银杏望湖听松枕溪映雪拾光远帆澄江竹影兰亭棠梨霁月星河稻香沐风晴川白鹭砚池锦书松涛梧桐"
SECOND = "安和兴泰宁康华锦文礼智信德源瑞祥盛达"
FALL = 0.003
"""The ground falls so to the east and to the south, so that sewers may follow it (GB 50014-2021: 0.003 for DN300)."""
WAVE_M, WAVE_LENGTH_M = 0.12, 640.0
BASE_M = 46.0
SETBACK_M = 6.0


def layout_of(segments: int, seed: int, *, centre_m: tuple[float, float]) -> Layout:
    """Streets for about ``segments`` runs, around ``centre_m`` (east, north)."""
    random = np.random.default_rng([seed, 1])
    # n columns and m rows have 2nm - n - m segments.
    wanted = segments / RUNS_PER_SEGMENT
    columns = max(4, round((1 + math.sqrt(1 + 2 * wanted)) / 2))
    rows = max(4, round((wanted + columns) / (2 * columns - 1)))
    east = np.cumsum(np.append(0.0, np.round(random.uniform(*SPACING_M, columns - 1), 1)))
    north = -np.cumsum(np.append(0.0, np.round(random.uniform(*SPACING_M, rows - 1), 1)))
    return Layout(
        seed=seed,
        east_m=np.round(east - east[-1] / 2 + centre_m[0], 1),
        north_m=np.round(north - north[-1] / 2 + centre_m[1], 1),
        column_class=_classes(columns),
        row_class=_classes(rows),
        column_name=_names(columns, "路", 0),
        row_name=_names(rows, "街", 7),
    )


def _classes(count: int) -> np.ndarray:
    """Every fifth street a main street, every second of the others a collector; the first is a main street."""
    place = np.arange(count)
    return np.where(place % 5 == 0, 0, np.where(place % 2 == 0, 1, 2)).astype(np.int64)


def _names(count: int, ending: str, start: int) -> tuple[str, ...]:
    """Invented names, each once: two characters, then a third, then a number."""
    pairs = [FIRST[n : n + 2] for n in range(0, len(FIRST) - 1, 2)]
    names = []
    for number in range(count):
        turn, place = divmod(number + start, len(pairs))
        extra = "" if turn == 0 else SECOND[(turn - 1) % len(SECOND)]
        again = "" if turn <= len(SECOND) else str(turn // len(SECOND) + 1)
        names.append(f"{pairs[place]}{extra}{again}{ending}{MARK}")
    return tuple(names)


def ground_m(layout: Layout, east_m: FloatArray, north_m: FloatArray) -> FloatArray:
    """Level of the ground: a plane that falls to the south-east, and a gentle swell on it."""
    x, y = east_m - layout.east_m[0], layout.north_m[0] - north_m
    span = (layout.east_m[-1] - layout.east_m[0]) + (layout.north_m[0] - layout.north_m[-1])
    swell = WAVE_M * np.sin(2 * np.pi * x / WAVE_LENGTH_M) * np.cos(2 * np.pi * y / WAVE_LENGTH_M)
    # A large district starts higher, so that its low corner stays above the river.
    return np.asarray(max(BASE_M, 24.0 + FALL * span) - FALL * (x + y) + swell)


def roads_of(layout: Layout) -> pd.DataFrame:
    """Centrelines and kerbs by street segment, carriageways and footways by block edge."""
    west, south, east, north = layout.box_m
    parts: list[tuple[str, str, object]] = []
    for x, name in zip(layout.east_m, layout.column_name, strict=True):
        parts.append(("centreline", name, shapely.LineString([(x, north), (x, south)])))
        parts.append(("carriageway", name, shapely.box(x - KERB_M, south, x + KERB_M, north)))
        for a, b in _between(layout.north_m[::-1], south, north):
            parts += [
                ("footway", name, shapely.box(x + side - 5.0, a, x + side + 5.0, b)) for side in (-13.0, 13.0)
            ]
            parts += [("kerb", name, shapely.LineString([(x + k, a), (x + k, b)])) for k in (-KERB_M, KERB_M)]
    for y, name in zip(layout.north_m, layout.row_name, strict=True):
        parts.append(("centreline", name, shapely.LineString([(west, y), (east, y)])))
        parts.append(("carriageway", name, shapely.box(west, y - KERB_M, east, y + KERB_M)))
        for a, b in _between(layout.east_m, west, east):
            parts += [
                ("footway", name, shapely.box(a, y + side - 5.0, b, y + side + 5.0)) for side in (-13.0, 13.0)
            ]
            parts += [("kerb", name, shapely.LineString([(a, y + k), (b, y + k)])) for k in (-KERB_M, KERB_M)]
    part, names, shape = zip(*parts, strict=True)
    return pd.DataFrame({"part": part, "name": names, "geometry": shape})


def _between(middles: FloatArray, low: float, high: float) -> list[tuple[float, float]]:
    """The stretches between the carriageways that cross at ``middles``."""
    edges = [low, *np.column_stack((middles - KERB_M, middles + KERB_M)).ravel(), high]
    return [(float(edges[n]), float(edges[n + 1])) for n in range(0, len(edges), 2)]


def land_of(layout: Layout) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Parcels of every block, two by two, and one building on each."""
    random = np.random.default_rng([layout.seed, 2])
    x0, x1 = layout.east_m[:-1] + RED_LINE_M + 2, layout.east_m[1:] - RED_LINE_M - 2
    y1, y0 = layout.north_m[:-1] - RED_LINE_M - 2, layout.north_m[1:] + RED_LINE_M + 2
    column, row, half_x, half_y = (
        part.ravel()
        for part in np.meshgrid(np.arange(len(x0)), np.arange(len(y0)), [0, 1], [0, 1], indexing="ij")
    )
    width, depth = (x1 - x0)[column] / 2, (y1 - y0)[row] / 2
    west, south = x0[column] + half_x * width, y0[row] + half_y * depth
    count = len(west)
    shrink = random.uniform(0.55, 0.95, (count, 2))
    inner_w, inner_d = width - 2 * SETBACK_M, depth - 2 * SETBACK_M
    bw, bd = inner_w * shrink[:, 0], inner_d * shrink[:, 1]
    bx, by = west + SETBACK_M + (inner_w - bw) / 2, south + SETBACK_M + (inner_d - bd) / 2
    number = [
        f"{PARCEL_PREFIX}{c:03d}{r:03d}{a}{b}" for c, r, a, b in zip(column, row, half_x, half_y, strict=True)
    ]
    use = np.array(["0701", "0901", "0802", "1001"])[random.integers(0, 4, count)]
    parcels = pd.DataFrame(
        {"number": number, "land_use": use, "geometry": shapely.box(west, south, west + width, south + depth)}
    )
    buildings = pd.DataFrame(
        {
            "name": [f"{BUILDING_PREFIX}{n + 1}" for n in range(count)],
            "storeys": random.integers(1, 34, count),
            "geometry": shapely.box(bx, by, bx + bw, by + bd),
        }
    )
    return parcels, buildings


def segments_of(layout: Layout) -> pd.DataFrame:
    """Every street segment: direction, the junction it starts from, length, class, street.

    East-west segments run to the east, north-south ones to the south: the way water flows.
    """
    columns, rows = len(layout.east_m), len(layout.north_m)
    i, j = (part.ravel() for part in np.meshgrid(np.arange(columns - 1), np.arange(rows), indexing="ij"))
    ew = pd.DataFrame(
        {
            "direction": EAST_WEST,
            "i": i,
            "j": j,
            "length_m": np.diff(layout.east_m)[i],
            "street_class": layout.row_class[j],
            "road": np.array(layout.row_name, dtype=object)[j],
        }
    )
    i, j = (part.ravel() for part in np.meshgrid(np.arange(columns), np.arange(rows - 1), indexing="ij"))
    ns = pd.DataFrame(
        {
            "direction": NORTH_SOUTH,
            "i": i,
            "j": j,
            "length_m": -np.diff(layout.north_m)[j],
            "street_class": layout.column_class[i],
            "road": np.array(layout.column_name, dtype=object)[i],
        }
    )
    both = pd.concat([ew, ns], ignore_index=True)
    return both.assign(east_m=layout.east_m[both["i"]], north_m=layout.north_m[both["j"]])
