"""The ground that lines and points show somebody looked at: within reach of them, and no gap closed.

The claim errs to the small side: round ends are drawn as polygons inside the circle, and a line that is drawn
with fewer vertices is grown by so much less as it may lie aside.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from xzgis.networks.rules.partial_codes import PartialCodes, kinds_in_part
from xzgis.networks.rules.surveyed import Evidence, surveyed

Shapes = npt.NDArray[np.object_]
IntArray = npt.NDArray[np.int64]
MOST_VERTICES = 20_000
QUARTER_SEGMENTS = 4
# How far a simpler line may lie aside, as a share of the reach; so much of the width is given up at most.
ASIDE_SHARE = 0.02
TILE_M = 500.0
POINT, LINE, POLYGON = 0, 1, 3  # shapely's numbers for the types
# So many squares go through the geometry library in one call, which costs less than the calls for each would.
SQUARES_AT_ONCE = 64
MM = 1000.0
NORTH_MM = 1 << 33


@dataclass(frozen=True)
class Looked:
    """Where somebody looked for one kind: areas in the storage CRS, and the day of survey.

    ``surveyed_on``: the oldest day of what shows it, None where some of it bears none. One area stands for all of it, and
    none of the ground may seem to have been looked at later than it was.
    """

    areas: list[MultiPolygon]
    surveyed_on: date | None


def looked_at(
    shown: Evidence, runs: pd.DataFrame, *, reach_m: float, codes: PartialCodes
) -> dict[str, Looked]:
    """Per kind the ground within ``reach_m`` of its surveyed lines and points; none of kinds that came in part alone.

    ``shown``: all that the delivery holds; its points have ``kind``, ``code`` and ``place``, its lines ``kind`` and ``code``,
    both perhaps ``surveyed_on``. ``runs`` (``kind``, ``axis``, ``life_state``, ``accuracy_class``): those of the lines that
    go into the register.
    """
    runs, nodes = runs[surveyed(runs)], shown.points
    partly = kinds_in_part(shown, codes)
    days = _days(shown)
    parts = {"place": nodes.groupby("kind").indices, "axis": runs.groupby("kind").indices}
    found: dict[str, Looked] = {}
    for kind in sorted({str(one) for rows in parts.values() for one in rows} - set(partly)):
        lines, points = parts["axis"].get(kind, []), parts["place"].get(kind, [])
        shapes = np.concatenate(
            [runs["axis"].to_numpy(object)[lines], nodes["place"].to_numpy(object)[points]]
        )
        found[kind] = Looked(covered_ground(shapes, reach_m=reach_m), days.get(kind))
    return found


def _days(shown: Evidence) -> dict[str, date]:
    """The oldest day of survey of each kind all of whose lines and lone points bear one."""
    alone = shown.points[shown.points["is_alone"].to_numpy(np.bool_)]
    told = [
        rows[["kind", "surveyed_on"]] if "surveyed_on" in rows else rows[["kind"]].assign(surveyed_on=None)
        for rows in (shown.lines, alone)
        if len(rows)
    ]
    if not told:
        return {}
    by_kind = pd.concat(told).astype(object).drop_duplicates().groupby("kind")["surveyed_on"]
    return {str(kind): min(days) for kind, days in by_kind if days.notna().all()}


def covered_ground(shapes: Shapes, *, reach_m: float) -> list[MultiPolygon]:
    """The ground within ``reach_m`` of any of the lines and points (storage CRS): one area, or one per square if large.

    140 000 lines with their points: half a second.
    """
    asked = _telling(np.asarray(shapes, dtype=object))
    if len(asked) == 0:
        return []
    order, first = _squares(asked)
    parts = np.split(asked[order], first[SQUARES_AT_ONCE::SQUARES_AT_ONCE])
    counts = np.diff(np.append(first, len(asked)))
    sizes = np.split(counts, np.arange(SQUARES_AT_ONCE, len(counts), SQUARES_AT_ONCE))
    with ThreadPoolExecutor(max_workers=2) as pool:
        # Near ones first, the whole afterwards: many times as fast as everything at once.
        ground = np.concatenate(list(pool.map(lambda part, size: _grown(part, size, reach_m), parts, sizes)))
    if shapely.get_num_coordinates(ground).sum() <= MOST_VERTICES:
        return [areas_of(shapely.union_all(ground))]
    return _all_areas(ground)


def areas_of(shape: BaseGeometry) -> MultiPolygon:
    """The areas of a shape, as one multipolygon."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]
    return MultiPolygon(parts)


def _all_areas(ground: Shapes) -> list[MultiPolygon]:
    """:func:`areas_of` each, in one call."""
    parts, of = shapely.get_parts(ground, return_index=True)
    is_area = (shapely.get_type_id(parts) == POLYGON) & ~shapely.is_empty(parts)
    held = np.unique(of[is_area])
    found: list[MultiPolygon] = [MultiPolygon()] * len(ground)
    for at, area in zip(
        held.tolist(), shapely.multipolygons(parts[is_area], indices=_numbered(of[is_area])), strict=True
    ):
        found[at] = area
    return found


def _numbered(of: IntArray) -> IntArray:
    """Sorted numbers, counted from nought without gaps."""
    return np.cumsum(np.diff(of, prepend=of[:1]) != 0)


def _telling(shapes: Shapes) -> Shapes:
    """The shapes without the points at the ends of lines, which add no ground but most of the work."""
    types = shapely.get_type_id(shapes)
    points, lines = shapes[types == POINT], shapes[types == LINE]
    if not len(points) or not len(lines):
        return shapes
    xy = shapely.get_coordinates(lines)
    last = np.cumsum(shapely.get_num_coordinates(lines)) - 1
    ends = xy[np.concatenate([[0], last[:-1] + 1, last])]
    spare = np.isin(_place_number(shapely.get_coordinates(points)), _place_number(ends))
    return np.concatenate([shapes[types != POINT], points[~spare]])


def _place_number(xy_m: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """``(n,)`` one number per place, to the millimetre."""
    cell = np.round(xy_m * MM).astype(np.int64)
    number: npt.NDArray[np.int64] = cell[:, 0] * NORTH_MM + cell[:, 1]
    return number


def _squares(shapes: Shapes) -> tuple[IntArray, IntArray]:
    """An order of the shapes by the square in which their lower left corner lies, and where each square begins in it."""
    square = np.floor(shapely.bounds(shapes)[:, :2] / TILE_M).astype(np.int64)
    low = square.min(axis=0)
    key = (square[:, 0] - low[0]) * (int(square[:, 1].max() - low[1]) + 1) + square[:, 1] - low[1]
    order = np.argsort(key, kind="stable")
    return order, np.concatenate([[0], np.flatnonzero(np.diff(key[order])) + 1])


def _grown(shapes: Shapes, sizes: IntArray, reach_m: float) -> Shapes:
    """Per square the shapes with everything within reach; ``sizes`` are the numbers of shapes of each square in turn.

    Lines that meet go as one: a fifth of the work.
    """
    square = np.repeat(np.arange(len(sizes)), sizes)
    is_line = shapely.get_type_id(shapes) == LINE
    chains, chain_square = _chains(shapes[is_line], square[is_line])
    chains, chain_reach_m = _simpler(chains, reach_m)
    reaches_m = np.concatenate([chain_reach_m, np.full(np.count_nonzero(~is_line), reach_m)])
    grown = shapely.buffer(np.concatenate([chains, shapes[~is_line]]), reaches_m, quad_segs=QUARTER_SEGMENTS)
    of = np.concatenate([chain_square, square[~is_line]])
    order = np.argsort(of, kind="stable")
    # One call for all squares: each is a collection of its own, joined apart from the others.
    apart = np.asarray(shapely.geometrycollections(grown[order], indices=of[order]), dtype=object)
    union: Shapes = np.asarray(shapely.union_all(apart[:, None], axis=1), dtype=object)
    return union


def _chains(lines: Shapes, square: IntArray) -> tuple[Shapes, IntArray]:
    """The lines of each square joined where they meet, and the square of each chain."""
    if not len(lines):
        return lines, square
    joined = shapely.line_merge(shapely.multilinestrings(lines, indices=_numbered(square)))
    chains, of = shapely.get_parts(joined, return_index=True)
    return chains, np.unique(square)[of]


def _simpler(chains: Shapes, reach_m: float) -> tuple[Shapes, npt.NDArray[np.float64]]:
    """The chains with fewer vertices, and what each may be grown by without reaching beyond the chain's own reach.

    No place of the simpler line (Douglas and Peucker 1973) lies farther than the tolerance from the chain: both
    have the same ends, so the chain passes beside every place of the straight piece that stands for it.
    """
    aside_m = reach_m * ASIDE_SHARE
    simple = shapely.simplify(chains, aside_m, preserve_topology=False)
    fewer = shapely.get_num_coordinates(simple) < shapely.get_num_coordinates(chains)
    # A ring smaller than the tolerance would shrink to nothing.
    fewer &= shapely.length(simple) > 0
    return np.where(fewer, simple, chains), np.where(fewer, reach_m - aside_m, reach_m)
