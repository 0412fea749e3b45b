"""Axes that go on over joints: what is joined to the end of a run, and every leg within a way of a place."""

import math
from typing import NamedTuple

import numpy as np

from xzgis.conflicts.kernel.compiled import compiled
from xzgis.conflicts.kernel.crossing import SAME_PLACE_M, level
from xzgis.conflicts.kernel.lines import Lines
from xzgis.networks.terms import FloatArray, IntArray

JOINED_M = 1e-3
"""Ends of two runs of one kind this near are one place of one axis."""
STRAIGHT_SINE = 1e-6
"""A smaller turn is none: vertices set into a straight leg stand on it to the nanometre."""
LEG_COLUMNS = (
    "x", "y", "ux", "uy", "length", "before", "behind", "crown_first", "crown_last", "bottom_first", "bottom_last",
    "way_first", "way_last", "half", "run", "parent",
)  # fmt: skip
COLUMNS = len(LEG_COLUMNS)


class Axes(NamedTuple):
    """Lines; per run a number for its kind, its end nodes ``(n, 2)``, its identity and half its width."""

    lines: Lines
    kind: IntArray
    node: IntArray
    identity: IntArray
    half_m: FloatArray


@compiled
def are_joined(axes: Axes, run: int, end: int, others: Axes, other: int, other_end: int) -> bool:
    """Whether an end (0 first, 1 last) of a run and one of another are one place: one node, or one kind there."""
    node = axes.node[run, end]
    if node != 0 and node == others.node[other, other_end]:
        return True
    if axes.kind[run] != others.kind[other]:
        return False
    at = axes.lines.offset[run + end] - end
    there = others.lines.offset[other + other_end] - other_end
    apart_x = axes.lines.x_m[at] - others.lines.x_m[there]
    apart_y = axes.lines.y_m[at] - others.lines.y_m[there]
    return bool(abs(apart_x) <= JOINED_M and abs(apart_y) <= JOINED_M)


@compiled
def _put_leg(
    found: FloatArray,
    n: int,
    lines: Lines,
    run: int,
    i: int,
    places: tuple[float, float],
    ways: tuple[float, float],
) -> int:
    """Add the part of segment ``i`` between two places along it, seen from the first; the next row."""
    length = lines.chain_m[i + 1] - lines.chain_m[i]
    first, last = places
    leg = found[n]
    part = first / length if length > 0.0 else 0.0
    leg[0] = lines.x_m[i] + part * (lines.x_m[i + 1] - lines.x_m[i])
    leg[1] = lines.y_m[i] + part * (lines.y_m[i + 1] - lines.y_m[i])
    sign = 1.0 if last >= first else -1.0
    leg[2] = sign * (lines.x_m[i + 1] - lines.x_m[i]) / length if length > 0.0 else 0.0
    leg[3] = sign * (lines.y_m[i + 1] - lines.y_m[i]) / length if length > 0.0 else 0.0
    leg[4], leg[5], leg[6] = abs(last - first), 0.0, 0.0
    if length > 0.0:
        for end in range(2):
            leg[7 + end] = level(lines.crown_m[i], lines.crown_m[i + 1], places[end], length)
            leg[9 + end] = level(lines.bottom_m[i], lines.bottom_m[i + 1], places[end], length)
    else:
        leg[7], leg[8] = lines.crown_m[i], lines.crown_m[i + 1]
        leg[9], leg[10] = lines.bottom_m[i], lines.bottom_m[i + 1]
    leg[11], leg[12], leg[14] = ways[0], ways[1], run
    return n + 1


@compiled
def _with_room(found: FloatArray, rows: int) -> FloatArray:
    """``found``, larger when it has fewer rows."""
    if rows <= len(found):
        return found
    grown = np.empty((2 * rows, found.shape[1]))
    grown[: len(found)] = found
    return grown


@compiled
def is_inside_leg(lines: Lines, run: int, at: float, reach: float) -> bool:
    """Whether a chainage lies on one segment that goes on so far to both sides."""
    for i in range(lines.offset[run], lines.offset[run + 1] - 1):
        if lines.chain_m[i] <= at - reach and lines.chain_m[i + 1] >= at + reach:
            return True
    return False


class _Start(NamedTuple):
    """From where a run is followed: chainage, forwards (1) or backwards (-1), and the way to there."""

    run: int
    at_m: float
    step: int
    used_m: float


@compiled
def _along(
    axes: Axes, start: _Start, bounds: tuple[float, float], found: FloatArray, n: int
) -> tuple[FloatArray, int]:
    """Add the legs of a run from its start on: ``found``, larger when it has to be, and the next row.

    Legs are cut at both ``bounds`` of the way, the larger of which ends them.
    """
    lines, run, at, step, used = axes.lines, start.run, start.at_m, start.step, start.used_m
    first, last = lines.offset[run], lines.offset[run + 1] - 1
    i, stop = (first, last) if step > 0 else (last - 1, first - 1)
    while i != stop:
        near, far = (i, i + 1) if step > 0 else (i + 1, i)
        begin, end = step * (lines.chain_m[near] - at), step * (lines.chain_m[far] - at)
        row, i = i, i + step
        if end < -SAME_PLACE_M or (end - max(begin, 0.0) <= SAME_PLACE_M and end > begin):
            continue
        if used + begin >= bounds[1]:
            break
        ways = used + max(begin, 0.0), min(used + max(end, 0.0), bounds[1])
        inner = bounds[0] if ways[0] < bounds[0] < ways[1] else ways[1]
        found = _with_room(found, n + 2)
        for low, high in ((ways[0], inner), (inner, ways[1])):
            if high - low > SAME_PLACE_M or (end == begin and low == ways[0]):
                # Exactly the vertex where it is one: a level that is known stays known.
                places = np.empty(2)
                for k in range(2):
                    way = low if k == 0 else high
                    chainage = at + step * (way - used)
                    if way == used + begin:
                        chainage = lines.chain_m[near]
                    elif way == used + end:
                        chainage = lines.chain_m[far]
                    places[k] = chainage - lines.chain_m[row]
                n = _put_leg(found, n, lines, run, row, (places[0], places[1]), (low, high))
                found[n - 1, 13] = axes.half_m[run]
                if end == begin:
                    break
    return found, n


@compiled
def legs_about(axes: Axes, run: int, at: float, bounds: tuple[float, float]) -> FloatArray:
    """Straight legs ``(k, 16)`` of all that is joined to a place, as far as the larger bound along the lines.

    In the columns of ``LEG_COLUMNS``, each seen away from the place; none goes over the smaller bound. At a bend the
    strip of a leg goes on by ``before`` and ``behind``, so that both strips meet on its outer side, no farther than
    half its width. A drop and a riser have no length. ``parent`` is the leg before, -1 at the place itself.
    """
    lines = axes.lines
    found, n = np.empty((16, COLUMNS)), 0
    # Ends that are reached: run, end, way there, leg there, whether it is done.
    ends, m = np.empty((16, 5)), 2
    for end in range(2):
        before = n
        found, n = _along(axes, _Start(run, at, 2 * end - 1, 0.0), bounds, found, n)
        _chain(found, before, n, -1.0)
        far = lines.chain_m[lines.offset[run + 1] - 1] - at if end == 1 else at
        ends[end] = np.array([run, end, far, n - 1.0 if n > before else -1.0, 0.0])
    nearest = _next_end(ends, m, bounds[1])
    while nearest >= 0:
        ends[nearest, 4] = 1.0
        here, side, used, parent = (
            int(ends[nearest, 0]),
            int(ends[nearest, 1]),
            ends[nearest, 2],
            ends[nearest, 3],
        )
        for other in range(len(lines.offset) - 1):
            if other in (run, here):
                continue
            for end in range(2):
                if not are_joined(axes, here, side, axes, other, end) or _is_done(ends, m, other, end):
                    continue
                length, before = lines.chain_m[lines.offset[other + 1] - 1], n
                start = _Start(other, end * length, 1 - 2 * end, used)
                found, n = _along(axes, start, bounds, found, n)
                _chain(found, before, n, parent)
                ends = _with_room(ends, m + 2)
                ends[m] = np.array([other, end, used, parent, 1.0])
                ends[m + 1] = np.array(
                    [other, 1 - end, used + length, n - 1.0 if n > before else parent, 0.0]
                )
                m += 2
        nearest = _next_end(ends, m, bounds[1])
    _meet_at_bends(found, n)
    return found[:n]


@compiled
def _chain(legs: FloatArray, first: int, last: int, parent: float) -> None:
    """Fill ``parent`` of the legs that follow on each other."""
    for k in range(first, last):
        legs[k, 15] = parent if k == first else k - 1.0


@compiled
def _next_end(ends: FloatArray, m: int, limit: float) -> int:
    """The end that is reached first of those not done, -1 where none is nearer than the limit."""
    nearest = -1
    for k in range(m):
        if ends[k, 4] == 0.0 and ends[k, 2] < limit and (nearest < 0 or ends[k, 2] < ends[nearest, 2]):
            nearest = k
    return nearest


@compiled
def _is_done(ends: FloatArray, m: int, run: int, end: int) -> bool:
    """Whether the axis was followed from this end on already."""
    return bool(((ends[:m, 0] == run) & (ends[:m, 1] == end) & (ends[:m, 4] == 1.0)).any())


@compiled
def _meet_at_bends(legs: FloatArray, n: int) -> None:
    """Fill ``before`` and ``behind``: none where another leg goes straight on, else as far as the sharpest turn asks."""
    for k in range(n):
        for side in range(2):
            x, y = legs[k, 0] + side * legs[k, 4] * legs[k, 2], legs[k, 1] + side * legs[k, 4] * legs[k, 3]
            sign, farthest = (1.0 if side == 1 else -1.0), 0.0
            for other in range(n):
                if other == k or legs[other, 4] == 0.0 or legs[k, 4] == 0.0:
                    continue
                for end in range(2):
                    there_x = legs[other, 0] + end * legs[other, 4] * legs[other, 2]
                    there_y = legs[other, 1] + end * legs[other, 4] * legs[other, 3]
                    if abs(there_x - x) > JOINED_M or abs(there_y - y) > JOINED_M:
                        continue
                    away = sign * (1.0 if end == 0 else -1.0)
                    cosine = away * (legs[k, 2] * legs[other, 2] + legs[k, 3] * legs[other, 3])
                    sine = abs(legs[k, 2] * legs[other, 3] - legs[k, 3] * legs[other, 2])
                    if sine <= STRAIGHT_SINE and cosine > 0.0:
                        farthest = -math.inf
                    farthest = (
                        max(farthest, min(sine / max(1.0 + cosine, 1e-9), 1.0))
                        if farthest >= 0.0
                        else farthest
                    )
            legs[k, 5 + side] = legs[k, 13] * max(farthest, 0.0)
