"""Axis distances at which what is explained along an axis ends before what is near: found, not sampled."""

import math

import numpy as np

from xzgis.conflicts.kernel.compiled import EQUAL_M, compiled
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.plan import apart, foot, grown_box, segment
from xzgis.networks.terms import FloatArray

HALVINGS = 40
"""Thirds of a segment that are taken away until what is left is shorter than any length that counts."""


@compiled
def _bounds(
    lines: Lines,
    i: int,
    s: float,
    others: Lines,
    j: int,
    way: tuple[float, float],
    between: tuple[float, float],
) -> tuple[float, float]:
    """Between which distances a place of segment ``i`` is near segment ``j`` and not explained.

    ``way``: what is explained at the beginning of the segment, and how much more with every metre.
    """
    here = segment(lines, i)
    _, distance = foot(here.x + s * here.ux, here.y + s * here.uy, segment(others, j))
    return max(distance, between[0]), min(way[0] + s * way[1], between[1])


@compiled
def _widest(
    lines: Lines,
    i: int,
    on: tuple[float, float],
    others: Lines,
    j: int,
    way: tuple[float, float],
    between: tuple[float, float],
) -> tuple[float, float]:
    """:func:`_bounds` where they are widest apart on a part of a segment: both are convex, so thirds find it."""
    low, high = on
    for _ in range(HALVINGS):
        one, two = low + (high - low) / 3.0, high - (high - low) / 3.0
        first, last = _bounds(lines, i, one, others, j, way, between)
        third, fourth = _bounds(lines, i, two, others, j, way, between)
        if first - last <= third - fourth:
            high = two
        else:
            low = one
    return _bounds(lines, i, (low + high) / 2.0, others, j, way, between)


@compiled
def distances_left(
    lines: Lines,
    a: int,
    others: Lines,
    b: int,
    anchors: FloatArray,
    share: float,
    between: tuple[float, float],
) -> FloatArray:
    """Distances at which a place of run ``a`` is nearer to ``b`` than asked, but farther along ``a`` than explained.

    Parameters
    ----------
    anchors
        ``(k, 2)`` chainage on ``a`` and the way along the lines to there: from there the explained length counts.
    share
        Distance that is explained for every metre of way: the sine of the crossing.
    between
        Smallest and largest distance of interest.

    Returns
    -------
    distances
        ``(n,)``, one for a segment of ``a`` and a direction of the way in which there is any.
    """
    found, n = np.empty(2 * (lines.offset[a + 1] - lines.offset[a]) * max(len(anchors), 1)), 0
    px, py, qx, qy = lines.x_m, lines.y_m, others.x_m, others.y_m
    for i in range(lines.offset[a], lines.offset[a + 1] - 1):
        box, begin = grown_box(px[i], py[i], px[i + 1], py[i + 1], between[1]), lines.chain_m[i]
        length = lines.chain_m[i + 1] - begin
        for k in range(len(anchors)):
            middle = min(max(anchors[k, 0] - begin, 0.0), length)
            for on in ((0.0, middle), (middle, length)):
                sign = 1.0 if on[0] == middle and on[1] > middle else -1.0
                way = share * (anchors[k, 1] + sign * (begin - anchors[k, 0])), share * sign
                best, at = -EQUAL_M, math.nan
                for j in range(others.offset[b], others.offset[b + 1] - 1):
                    if on[1] <= on[0] or apart(box, qx[j], qy[j], qx[j + 1], qy[j + 1]):
                        continue
                    low, high = _widest(lines, i, on, others, j, way, between)
                    if low - high < best:
                        best, at = low - high, (low + high) / 2.0
                if not math.isnan(at):
                    found[n] = at
                    n += 1
    return found[:n].copy()
