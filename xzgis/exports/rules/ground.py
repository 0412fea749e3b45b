"""Contiguous ground: which parts of what a person took lie together, and how large that is."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from xzgis.exports.terms import M2_PER_KM2


def contiguous_km2(
    extents: Sequence[BaseGeometry], *, join_m: float, around: BaseGeometry | None = None
) -> float:
    """Area of the largest contiguous ground among ``extents``, km²; with ``around``, of that which holds a part of it.

    Overlapping extents count once. Parts whose distance is ``join_m`` or less are contiguous, and so on from part to
    part; their areas are added, without the gaps between them. Ground enclosed by a part counts, since what lies round
    a place tells the place. Extents are polygons in the storage CRS; 0 for none.
    """
    parts = _parts(extents)
    if not len(parts):
        return 0.0
    groups = _groups(parts, join_m)
    if around is not None:
        groups = groups_at(parts, groups, around)
    areas_m2 = shapely.area(parts)
    largest_m2 = max((float(areas_m2[group].sum()) for group in groups), default=0.0)
    return largest_m2 / M2_PER_KM2


def groups_at(
    parts: np.ndarray[tuple[int], np.dtype[np.object_]], groups: list[list[int]], around: BaseGeometry
) -> list[list[int]]:
    """The groups that share ground with ``around``."""
    met = set(STRtree(parts).query(around, predicate="intersects").tolist())
    return [group for group in groups if met.intersection(group)]


def _parts(extents: Sequence[BaseGeometry]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """The separate parts of all extents together, without holes."""
    given = [one for one in extents if not one.is_empty]
    if not given:
        return np.empty(0, dtype=object)
    filled = [Polygon(one.exterior) for one in shapely.get_parts(shapely.union_all(given)) if one.area > 0]
    # A part within the hole of another is swallowed by it.
    return np.asarray(shapely.get_parts(shapely.union_all(filled)), dtype=object)


def _groups(parts: np.ndarray[tuple[int], np.dtype[np.object_]], join_m: float) -> list[list[int]]:
    """Numbers of the parts that lie together."""
    near = STRtree(parts).query(parts, predicate="dwithin", distance=join_m)
    above = list(range(len(parts)))

    def top(at: int) -> int:
        while above[at] != at:
            above[at] = above[above[at]]
            at = above[at]
        return at

    for one, other in near.T.tolist():
        above[top(one)] = top(other)
    found: dict[int, list[int]] = {}
    for at in range(len(parts)):
        found.setdefault(top(at), []).append(at)
    return list(found.values())


def whole(extents: Sequence[BaseGeometry]) -> MultiPolygon:
    """Several extents as one multipolygon."""
    joined = shapely.union_all(list(extents)) if len(extents) else MultiPolygon()
    return MultiPolygon([one for one in shapely.get_parts(joined) if isinstance(one, Polygon)])
