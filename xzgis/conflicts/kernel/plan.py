"""Plan distances in closed form: a line against a capsule, segment against segment, stretches along a run."""

import math
from typing import NamedTuple

import numpy as np

from xzgis.conflicts.kernel.compiled import EQUAL_M, compiled
from xzgis.conflicts.kernel.lines import Lines
from xzgis.networks.terms import FloatArray

SAME_M = 1e-9
"""Distances this near are one distance: float64 at local size is good to far less."""


@compiled
def clip(low: float, high: float, value: float, rate: float, top: float) -> tuple[float, float]:
    """The part of ``low..high`` where ``0 <= value + rate * t <= top``; empty when low > high."""
    if rate == 0.0:
        if value < 0.0 or value > top:
            return math.inf, -math.inf
        return low, high
    first = -value / rate
    last = (top - value) / rate
    return max(low, min(first, last)), min(high, max(first, last))


class Segment(NamedTuple):
    """A straight axis from ``x, y`` along the unit vector ``ux, uy``; all zero beside the place when ``length`` is 0."""

    x: float
    y: float
    ux: float
    uy: float
    length: float


@compiled
def segment(lines: Lines, i: int) -> Segment:
    """Segment from vertex ``i`` to the next."""
    x, y = lines.x_m[i], lines.y_m[i]
    dx, dy = lines.x_m[i + 1] - x, lines.y_m[i + 1] - y
    length = math.hypot(dx, dy)
    if length == 0.0:
        return Segment(x, y, 0.0, 0.0, 0.0)
    return Segment(x, y, dx / length, dy / length, length)


@compiled
def capsule(p: Segment, q: Segment, reach: float) -> tuple[float, float]:
    """Interval of places along ``p`` closer than ``reach`` to ``q``.

    The distance to a segment is convex along a line, so the answer is one interval: the hull of line against
    both end discs and the box between. Empty when the first is larger than the second; the interval is open,
    its ends are at the reach.
    """
    low, high = math.inf, -math.inf
    dx, dy = q.x - p.x, q.y - p.y
    for end in range(2):
        wx, wy = dx + end * q.length * q.ux, dy + end * q.length * q.uy
        across = p.ux * wy - p.uy * wx
        half2 = reach * reach - (across * across if p.length > 0.0 else wx * wx + wy * wy)
        if half2 > 0.0:
            along = p.ux * wx + p.uy * wy
            half = math.sqrt(half2)
            low, high = min(low, along - half), max(high, along + half)
    if q.length > 0.0:
        inner, rate = q.uy * dx - q.ux * dy, q.ux * p.uy - q.uy * p.ux
        first, last = clip(-math.inf, math.inf, -(dx * q.ux + dy * q.uy), p.ux * q.ux + p.uy * q.uy, q.length)
        first, last = clip(first, last, inner + reach, rate, 2.0 * reach)
        # A line that runs along the very edge of the box is at the reach, not closer.
        if last >= first and not (rate == 0.0 and abs(inner) >= reach):
            low, high = min(low, first), max(high, last)
    return max(low, 0.0), min(high, p.length)


@compiled
def foot(x: float, y: float, q: Segment) -> tuple[float, float]:
    """Place along the segment nearest to a point, and the distance."""
    r = min(max((x - q.x) * q.ux + (y - q.y) * q.uy, 0.0), q.length)
    return r, math.hypot(x - q.x - r * q.ux, y - q.y - r * q.uy)


@compiled
def closest(p: Segment, q: Segment) -> tuple[float, float, float]:
    """Smallest distance of two segments and the places along both."""
    cross = p.ux * q.uy - p.uy * q.ux
    if cross != 0.0:
        dx, dy = q.x - p.x, q.y - p.y
        t, r = (dx * q.uy - dy * q.ux) / cross, (dx * p.uy - dy * p.ux) / cross
        if 0.0 <= t <= p.length and 0.0 <= r <= q.length:
            return 0.0, t, r
    best, t, r = math.inf, 0.0, 0.0
    for end in range(2):
        place = end * p.length
        other, d = foot(p.x + place * p.ux, p.y + place * p.uy, q)
        if d < best:
            best, t, r = d, place, other
    for end in range(2):
        place = end * q.length
        other, d = foot(q.x + place * q.ux, q.y + place * q.uy, p)
        if d < best:
            best, t, r = d, other, place
    return best, t, r


class Box(NamedTuple):
    """West, south, east, north."""

    west: float
    south: float
    east: float
    north: float


@compiled
def grown_box(x1: float, y1: float, x2: float, y2: float, reach: float) -> Box:
    """Box of a segment grown by ``reach``."""
    return Box(min(x1, x2) - reach, min(y1, y2) - reach, max(x1, x2) + reach, max(y1, y2) + reach)


@compiled
def apart(box: Box, x1: float, y1: float, x2: float, y2: float) -> bool:
    """Whether a segment lies outside the box on one side."""
    return bool(
        max(x1, x2) < box.west or min(x1, x2) > box.east or max(y1, y2) < box.south or min(y1, y2) > box.north
    )


@compiled
def joined_up(found: FloatArray, m: int, joined: FloatArray, n: int) -> tuple[FloatArray, int]:
    """Sort the first ``m`` intervals of ``found`` and join them to the ``n`` of ``joined``, which all begin before.

    Intervals that touch within a micrometre become one. Returns the (maybe larger) array and its count.
    """
    for k in range(1, m):
        low, high, at = found[k, 0], found[k, 1], k
        while at > 0 and found[at - 1, 0] > low:
            found[at, 0], found[at, 1] = found[at - 1, 0], found[at - 1, 1]
            at -= 1
        found[at, 0], found[at, 1] = low, high
    for k in range(m):
        if n > 0 and found[k, 0] <= joined[n - 1, 1] + EQUAL_M:
            joined[n - 1, 1] = max(joined[n - 1, 1], found[k, 1])
            continue
        if n == len(joined):
            grown = np.empty((2 * n, 2))
            grown[:n] = joined
            joined = grown
        joined[n, 0], joined[n, 1] = found[k, 0], found[k, 1]
        n += 1
    return joined, n


@compiled
def stretches(lines: Lines, a: int, others: Lines, b: int, reach: float) -> FloatArray:
    """Maximal chainage intervals of run ``a`` closer than ``reach`` in plan to run ``b``, ``(k, 2)`` in order.

    A point of an axis without length gives an interval without length.
    """
    found = np.empty((others.offset[b + 1] - others.offset[b] + 1, 2))
    joined = np.empty((8, 2))
    n = 0
    px, py, qx, qy = lines.x_m, lines.y_m, others.x_m, others.y_m
    if reach <= 0.0:
        return joined[:0].copy()
    for i in range(lines.offset[a], lines.offset[a + 1] - 1):
        m = 0
        here = segment(lines, i)
        box = grown_box(px[i], py[i], px[i + 1], py[i + 1], reach)
        for j in range(others.offset[b], others.offset[b + 1] - 1):
            if apart(box, qx[j], qy[j], qx[j + 1], qy[j + 1]):
                continue
            low, high = capsule(here, segment(others, j), reach)
            if low < high or (here.length == 0.0 and low == high):
                found[m, 0], found[m, 1] = lines.chain_m[i] + low, lines.chain_m[i] + high
                m += 1
        joined, n = joined_up(found, m, joined, n)
    return joined[:n].copy()


class Nearest(NamedTuple):
    """Smallest plan distance, the chainages there, the point on ``a``, and a number that is positive to its left."""

    distance_m: float
    at_a_m: float
    at_b_m: float
    x_m: float
    y_m: float
    side: float


@compiled
def nearest(lines: Lines, a: int, others: Lines, b: int, first: float, last: float) -> Nearest:
    """Smallest plan distance of run ``a`` between two chainages to run ``b``; ``side`` > 0: ``b`` lies to the left.

    At a bend both legs of ``a`` are equally near: the one from which ``b`` lies more to the side is told.
    """
    best, at, at_b, px, py, side = math.inf, first, 0.0, 0.0, 0.0, 0.0
    for i in range(lines.offset[a], lines.offset[a + 1] - 1):
        low = max(first, lines.chain_m[i]) - lines.chain_m[i]
        high = min(last, lines.chain_m[i + 1]) - lines.chain_m[i]
        if low > high:
            continue
        whole = segment(lines, i)
        here = Segment(whole.x + low * whole.ux, whole.y + low * whole.uy, whole.ux, whole.uy, high - low)
        for j in range(others.offset[b], others.offset[b + 1] - 1):
            there = segment(others, j)
            d, t, r = closest(here, there)
            if d > best + SAME_M:
                continue
            x, y = here.x + t * here.ux, here.y + t * here.uy
            across = here.ux * (there.y + r * there.uy - y) - here.uy * (there.x + r * there.ux - x)
            if d < best - SAME_M or abs(across) > abs(side) + SAME_M:
                best, at, at_b = d, lines.chain_m[i] + low + t, others.chain_m[j] + r
                px, py, side = x, y, across
    return Nearest(best, at, at_b, px, py, side)
