"""Which parts of a work nobody surveyed for a kind, and which lie under which surface: chainage intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi
from typing import cast

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.kernel.lines import Lines, no_lines
from xzgis.conflicts.kernel.plan import stretches
from xzgis.conflicts.terms import NotCovered
from xzgis.networks.terms import FloatArray, RunColumns

Interval = tuple[float, float]

UNKNOWN_KIND = "unknown"
# Shorter holes are the rounding of the clipping, not places where nobody looked.
LEAST_GAP_M = 0.001
SLIT_M = LEAST_GAP_M / 2.0
"""By so much areas are grown, so that a slit of the least gap closes."""
NOISE_M = 1e-5
"""GEOS grows an area by half a millimetre as well as this: what ends at the reach must not be below it."""
BEYOND_M = 1.0
QUARTER_SEGMENTS = 2


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
    areas: Mapping[str, Sequence[BaseGeometry]],
    reaches_m: Mapping[str, Sequence[float]],
) -> tuple[NotCovered, ...]:
    """Parts of every axis beside which not all ground was surveyed for each kind, by run, kind and chainage.

    ``reaches_m``: by kind that is asked, how far beside each axis the ground must have been looked at.
    """
    found: list[NotCovered] = []
    for run, (axis, name) in enumerate(zip(axes, names, strict=True)):
        # One line grown by the farthest reach answers for all kinds wherever one area holds it whole.
        farthest_m = max((reach[run] for reach in reaches_m.values()), default=0.0)
        around = _grown(axis, farthest_m)
        known: dict[tuple[bytes, ...], _Ground] = {}
        for kind, reach in reaches_m.items():
            if _holds_ground(areas.get(kind, ()), around, axis, reach[run]):
                continue
            near = _near(areas.get(kind, ()), axis, farthest_m)
            same = tuple(shapely.to_wkb(near))  # one survey looks for many kinds on the same ground
            if same not in known:
                known[same] = _ground(axis, near)
            found += [
                NotCovered(kind=kind, run=name, chainage_m=part) for part in known[same].beyond(reach[run])
            ]
    return tuple(found)


def _holds_ground(
    areas: Sequence[BaseGeometry], around: BaseGeometry, axis: LineString, reach_m: float
) -> bool:
    """Whether one area alone holds the ground beside ``axis``: asked of prepared areas, it takes microseconds."""
    if any(area.covers(around) for area in areas):
        return True
    held = [area for area in areas if area.covers(axis)]
    return bool(held) and any(area.covers(_grown(axis, reach_m)) for area in held)


def outside(axis: LineString, areas: Sequence[BaseGeometry], reach_m: float) -> tuple[Interval, ...]:
    """Chainages of ``axis`` from which some ground nearer than ``reach_m`` lies in none of ``areas``; ascending.

    Exact to ``NOISE_M``: outside the areas taken together, or nearer than the reach to their common edge.
    A slit of up to ``LEAST_GAP_M`` between two areas is no edge.
    """
    return _ground(axis, _near(areas, axis, reach_m)).beyond(reach_m)


@dataclass(frozen=True)
class _Ground:
    """The surveyed ground around one axis: its edges, and the chainages of the axis outside it."""

    axis: Lines
    edges: Lines
    outside: tuple[Interval, ...]
    length_m: float

    def beyond(self, reach_m: float) -> tuple[Interval, ...]:
        """Chainages outside the ground or nearer to its edge than ``reach_m``."""
        near = [
            (float(first), float(last))
            for edge in range(len(self.edges.offset) - 1)
            for first, last in stretches(self.axis, 0, self.edges, edge, reach_m + SLIT_M - NOISE_M).tolist()
        ]
        if self.length_m <= LEAST_GAP_M:
            return ((0.0, self.length_m),) if near or self.outside else ()
        parts = _merged([*near, *self.outside])
        return tuple((first, last) for first, last in parts if last - first > LEAST_GAP_M)


def _ground(axis: LineString, near: Sequence[BaseGeometry]) -> _Ground:
    """The areas ``near`` taken together, each grown by half the widest slit that is none."""
    ground = shapely.union_all(shapely.buffer(near, SLIT_M, join_style="mitre"))
    origin = axis.coords[0]
    rings: Sequence[BaseGeometry] = (
        () if ground.is_empty else list(shapely.get_rings(shapely.get_parts(ground)))
    )
    if axis.length <= LEAST_GAP_M:
        off = [] if ground.covers(axis) else [(0.0, axis.length)]
    else:
        off = _between(_merged(within(axis, ground)), axis.length)
    return _Ground(
        axis=_lines([shapely.get_coordinates(axis) - origin]),
        edges=_lines([shapely.get_coordinates(ring) - origin for ring in rings]),
        outside=tuple(off),
        length_m=axis.length,
    )


def _between(inside: Sequence[Interval], length_m: float) -> list[Interval]:
    """What ``inside`` leaves of a line."""
    ends = [0.0, *(end for part in inside for end in part), length_m]
    return [(first, last) for first, last in zip(ends[::2], ends[1::2], strict=True) if last > first]


def _grown(axis: LineString, reach_m: float) -> BaseGeometry:
    """A polygon that holds all ground within ``reach_m`` of ``axis``: its arcs are drawn outside the round ones."""
    return axis.buffer(reach_m / cos(pi / (4 * QUARTER_SEGMENTS)) + SLIT_M, quad_segs=QUARTER_SEGMENTS)


def _near(areas: Sequence[BaseGeometry], axis: LineString, reach_m: float) -> list[BaseGeometry]:
    """The parts of the areas around ``axis``; the edges that the clipping makes lie out of reach."""
    west, south, east, north = axis.bounds
    far = reach_m + BEYOND_M
    parts = [shapely.clip_by_rect(area, west - far, south - far, east + far, north + far) for area in areas]
    return [part for part in parts if not part.is_empty]


def _lines(each_xy: Sequence[FloatArray]) -> Lines:
    """Plan lines as the kernel takes them, without levels."""
    if not each_xy:
        return no_lines()
    counts = [len(xy) for xy in each_xy]
    xy = np.concatenate(each_xy)
    box = np.array([[*line.min(axis=0), *line.max(axis=0)] for line in each_xy])
    nothing = np.full(len(xy), np.nan)
    return Lines(
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        np.ascontiguousarray(xy[:, 0]),
        np.ascontiguousarray(xy[:, 1]),
        np.concatenate([_stations(line) for line in each_xy]),
        nothing,
        nothing,
        nothing,
        box,
    )


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
