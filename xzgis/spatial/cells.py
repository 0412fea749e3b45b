"""Ground in whole cells of a square grid: what shapes touch, as cells and as one polygon."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

Cells = npt.NDArray[np.int64]
NO_CELLS: Cells = np.empty((0, 2), dtype=np.int64)


def cells_of(shapes: Iterable[BaseGeometry | None], *, side_m: float) -> Cells:
    """Cells that points, lines and polygons touch, ``(n, 2)`` column and row, each once, sorted.

    A cell reaches from its number times ``side_m`` to just before the next; a line that only runs along a border
    touches the cell on its upper side. Shapes are in a metric CRS; None and empty ones touch nothing.
    """
    given = np.asarray([one for one in shapes if one is not None and not one.is_empty], dtype=object)
    if not len(given):
        return NO_CELLS
    parts = shapely.get_parts(given)
    # A line of no length is a place (a chamber stands as one), which GEOS can not cut into pieces.
    dimension = np.where(shapely.length(parts) > 0, shapely.get_dimensions(parts), 0)
    found = [
        _numbers(shapely.get_coordinates(parts[dimension == 0]), side_m),
        _of_lines(parts[dimension == 1], side_m),
        *(_of_polygon(one, side_m) for one in parts[dimension == 2]),
    ]
    return merged(found)


def merged(found: Iterable[Cells]) -> Cells:
    """The cells of several findings together, each once, sorted."""
    every = [each for each in found if len(each)]
    return np.unique(np.concatenate(every), axis=0) if every else NO_CELLS


def ground_of(cells: Cells, *, side_m: float) -> MultiPolygon:
    """The squares of ``cells`` as one valid multipolygon; empty without cells."""
    low = cells.astype(float) * side_m
    squares = shapely.box(low[:, 0], low[:, 1], low[:, 0] + side_m, low[:, 1] + side_m)
    whole = shapely.union_all(squares) if len(cells) else MultiPolygon()
    return MultiPolygon([one for one in shapely.get_parts(whole) if one.geom_type == "Polygon"])


def _numbers(xy_m: npt.NDArray[np.float64], side_m: float) -> Cells:
    return np.floor(xy_m / side_m).astype(np.int64)


def _of_lines(lines: npt.NDArray[np.object_], side_m: float) -> Cells:
    """Cells of lines: cut so that a piece crosses one border each way at most, and taken at the middle of each part."""
    if not len(lines):
        return NO_CELLS
    xy_m, line = shapely.get_coordinates(shapely.segmentize(lines, side_m), return_index=True)
    joined = line[1:] == line[:-1]
    start, end = xy_m[:-1][joined], xy_m[1:][joined]
    with np.errstate(divide="ignore", invalid="ignore"):
        border = np.maximum(np.floor(start / side_m), np.floor(end / side_m)) * side_m
        at = (border - start) / (end - start)
    at = np.sort(np.where((at > 0) & (at < 1), at, 1.0), axis=1)
    edges = np.column_stack([np.zeros(len(at)), at, np.ones(len(at))])
    middles = (edges[:, 1:] + edges[:, :-1]) / 2
    places = start[:, None, :] + middles[:, :, None] * (end - start)[:, None, :]
    return _numbers(places.reshape(-1, 2), side_m)


def _of_polygon(polygon: BaseGeometry, side_m: float) -> Cells:
    """Cells that share more than a border with a polygon."""
    low, high = np.floor(np.array(polygon.bounds).reshape(2, 2) / side_m).astype(np.int64)
    columns, rows = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1))
    cells = np.column_stack([columns.ravel(), rows.ravel()])
    corner = cells * side_m
    squares = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + side_m, corner[:, 1] + side_m)
    shapely.prepare(polygon)
    touched = shapely.intersects(polygon, squares) & ~shapely.touches(polygon, squares)
    return cells[touched]
