"""Edge points of chambers in a delivery read from files: to which chamber a line gives each, and which it may be of."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.chamber_sizes import UNKNOWN_KIND, sized_by_lines, widest_m
from xzgis.networks.terms import Delivery, FloatArray, IntArray

CHAMBER_LINK = "chamber_link"
CHAMBER_EDGE = "chamber_edge"
NOISE_M = 1e-6
"""Places that are the same differ by less; as in sql/chambers.sql."""


def loose_reaches_m(
    delivery: Delivery, catalogue: Catalogue, rows: IntArray, passing: Mapping[int, Sequence[int]]
) -> dict[int, float]:
    """By the row of a chamber (``rows``) how far the edge points lie that may be its own, though no line says so.

    Such a point may be of every chamber of its kind, of drains of any drain, that is nearer than half the widest; but of
    none farther off than one to which a line gives it. ``passing``: by row of a chamber, the lines that pass it.
    """
    points, edge_m = delivery.points, widest_m(catalogue) / 2.0
    is_edge = (points["feature"] == CHAMBER_EDGE).to_numpy(np.bool_)
    places = points[["east_m", "north_m"]].to_numpy(np.float64)
    edges = np.flatnonzero(is_edge & np.isfinite(places).all(axis=1))
    if not len(edges):
        return {}
    given_m = _given_m(delivery, edge_m, rows, passing)
    near = shapely.STRtree(np.asarray(shapely.points(places[rows]), dtype=object)).query(
        shapely.points(places[edges]), predicate="dwithin", distance=edge_m
    )
    drains = sized_by_lines(catalogue)
    kinds = [kind if isinstance(kind, str) and kind else UNKNOWN_KIND for kind in points["kind"]]
    found: dict[int, float] = {}
    for edge, row in ((int(edges[at]), int(rows[of])) for at, of in near.T.tolist()):
        away_m = float(np.hypot(*(places[edge] - places[row])))
        is_its_own = away_m < edge_m and away_m < given_m.get(edge, np.inf)
        if edge != row and is_its_own and of_one_kind(kinds[row], kinds[edge], drains):
            found[row] = max(found.get(row, 0.0), away_m)
    return found


def _given_m(
    delivery: Delivery, edge_m: float, rows: IntArray, passing: Mapping[int, Sequence[int]]
) -> dict[int, float]:
    """By the row of an edge point how far off the nearest chamber is to which a line gives it."""
    points, lines = delivery.points, delivery.lines
    is_edge = (points["feature"] == CHAMBER_EDGE).to_numpy(np.bool_)
    columns = [lines[name].to_numpy(np.int64) for name in ("from_point", "to_point")]
    found: dict[int, float] = {}
    for row in map(int, rows):
        place = place_m(delivery, row)
        for line in passing.get(row, ()):
            is_link = lines["burial"].iat[line] == CHAMBER_LINK
            if not is_link and np.isnan(edge_reach_m(delivery, row, line, edge_m)):
                continue
            for edge in {int(column[line]) for column in columns} - {row, -1}:
                if is_edge[edge]:
                    away_m = float(np.hypot(*(place_m(delivery, edge) - place)))
                    found[edge] = min(found.get(edge, np.inf), away_m)
    return found


def of_one_kind(kind: str, of_line: str, drains: frozenset[str]) -> bool:
    """Whether a line tells of a point: of its kind, or a drain of a drain."""
    return of_line == kind or {kind, of_line} <= drains


def edge_reach_m(delivery: Delivery, row: int, line: int, edge_m: float) -> float:
    """How far the edge points lie at which a line ends that passes the point; NaN where they tell nothing of it.

    A line whose nearest place is its edge point goes away from the chamber, not through it.
    """
    points = delivery.points
    columns = (delivery.lines[name].to_numpy(np.int64) for name in ("from_point", "to_point"))
    ends = {int(column[line]) for column in columns} - {row}
    edges = [end for end in ends if end >= 0 and points["feature"].iat[end] == CHAMBER_EDGE]
    xy_m = axis_m(delivery, line)
    if not edges or np.hypot(*np.diff(xy_m, axis=0).T).sum() >= 2.0 * edge_m:
        return np.nan
    place = place_m(delivery, row)
    away_m = [float(np.hypot(*(place_m(delivery, edge) - place))) for edge in edges]
    beside_m = float(shapely.distance(shapely.LineString(xy_m), shapely.Point(place)))
    is_through = min(away_m) > beside_m + NOISE_M and max(away_m) < edge_m
    return max(away_m) if is_through else np.nan


def place_m(delivery: Delivery, row: int) -> FloatArray:
    """East and north of a point, storage CRS."""
    return np.array([delivery.points[name].iat[row] for name in ("east_m", "north_m")], dtype=np.float64)


def axis_m(delivery: Delivery, line: int) -> FloatArray:
    """``(n, 2)`` the vertices of a line, storage CRS."""
    offset = delivery.vertices.offset
    return delivery.vertices.xy_m[offset[line] : offset[line + 1]]
