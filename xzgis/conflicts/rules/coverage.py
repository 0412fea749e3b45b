"""Which parts of a work nobody surveyed for a kind, and which lie under which surface: chainage intervals."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import cast

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.terms import NotCovered
from xzgis.networks.terms import FloatArray, RunColumns

Interval = tuple[float, float]

UNKNOWN_KIND = "unknown"
# Shorter holes are the rounding of the clipping, not places where nobody looked.
LEAST_GAP_M = 0.001


def surveyed_kinds(catalogue: Catalogue) -> tuple[str, ...]:
    """Kinds of buried line that somebody must have looked for, in the order of lists.

    Nobody surveys for "unknown": a survey that looked for every kind would have found such a line.
    """
    kinds = [kind for kind in catalogue.kinds.values() if kind.is_buried_line and kind.token != UNKNOWN_KIND]
    return tuple(kind.token for kind in sorted(kinds, key=lambda kind: (kind.order, kind.token)))


def axes_of(runs: RunColumns) -> tuple[LineString, ...]:
    """Axes of ``runs`` in the storage CRS."""
    xy = runs.xy_m + np.array(runs.origin_m)
    return tuple(LineString(xy[runs.offset[at] : runs.offset[at + 1]]) for at in range(len(runs.run_id)))


def not_covered(
    axes: Sequence[LineString],
    names: Sequence[str],
    kinds: Iterable[str],
    areas: Mapping[str, Sequence[BaseGeometry]],
) -> tuple[NotCovered, ...]:
    """Parts of every axis outside the areas surveyed for each kind, by run, kind and chainage."""
    return tuple(
        NotCovered(kind=kind, run=name, chainage_m=part)
        for axis, name in zip(axes, names, strict=True)
        for kind in kinds
        for part in outside(axis, areas.get(kind, ()))
    )


def outside(axis: LineString, areas: Sequence[BaseGeometry]) -> tuple[Interval, ...]:
    """Chainage intervals of ``axis`` that lie in none of ``areas``; all in metres, ascending."""
    if any(area.covers(axis) for area in areas):
        return ()
    length = axis.length
    inside = _merged([part for area in areas for part in within(axis, area)])
    gaps, reached = [], 0.0
    for first, last in inside:
        if first - reached > LEAST_GAP_M:
            gaps.append((reached, first))
        reached = max(reached, last)
    if length - reached > LEAST_GAP_M:
        gaps.append((reached, length))
    return tuple(gaps)


def within(axis: LineString, area: BaseGeometry) -> list[Interval]:
    """Chainage intervals of ``axis`` inside ``area``, segment by segment, so that a self-crossing axis is right."""
    xy = shapely.get_coordinates(axis)
    starts = _stations(xy)
    pieces = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    found: list[Interval] = []
    clipped_pieces = cast(Sequence[BaseGeometry], shapely.intersection(pieces, area))
    for at, clipped in enumerate(clipped_pieces):
        for part in shapely.get_parts(clipped):
            if part.geom_type == "LineString" and not part.is_empty:
                ends = shapely.get_coordinates(part)[[0, -1]]
                places = starts[at] + np.hypot(*(ends - xy[at]).T)
                found.append((float(places.min()), float(places.max())))
    return found


def surface_along(
    axis: LineString, carriageways: Sequence[BaseGeometry], footways: Sequence[BaseGeometry]
) -> tuple[tuple[float, float, str | None], ...]:
    """Stretches of ``axis`` with their surface token; None where the road register does not say."""
    driven = _merged([part for area in carriageways for part in within(axis, area)])
    walked = _merged([part for area in footways for part in within(axis, area)])
    breaks = sorted({0.0, axis.length, *(end for part in driven + walked for end in part)})
    stretches: list[tuple[float, float, str | None]] = []
    for first, last in pairwise(breaks):
        if last - first <= LEAST_GAP_M:
            continue
        middle = (first + last) / 2.0
        surface = (
            "carriageway"
            if _holds(driven, middle)
            else "non_motor_or_footway"
            if _holds(walked, middle)
            else None
        )
        if stretches and stretches[-1][2] == surface:
            first = stretches.pop()[0]
        stretches.append((first, last, surface))
    return tuple(stretches)


def _holds(parts: Sequence[Interval], place: float) -> bool:
    return any(first <= place <= last for first, last in parts)


def _merged(parts: Sequence[Interval]) -> list[Interval]:
    """Overlapping or touching intervals joined, ascending."""
    merged: list[Interval] = []
    for first, last in sorted(parts):
        if merged and first <= merged[-1][1] + LEAST_GAP_M:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _stations(xy: FloatArray) -> FloatArray:
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
