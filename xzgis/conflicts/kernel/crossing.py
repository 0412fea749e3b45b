"""Crossings of two axes in plan, with the levels met there."""

import math

import numpy as np

from xzgis.conflicts.kernel.compiled import EQUAL_M, compiled
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.plan import Segment, apart, foot, grown_box, segment
from xzgis.networks.terms import FloatArray

SAME_PLACE_M = 1e-5
"""Crossings of neighbouring segments this near along both axes are one crossing at a vertex."""
PARALLEL_SINE = 1e-9
"""Below this sine two segments have no crossing: they run along each other or meet end on."""

CROSSING_COLUMNS = (
    "chainage_a",
    "chainage_b",
    "sine",
    "x",
    "y",
    "crown_a",
    "bottom_a",
    "crown_b",
    "bottom_b",
)
COLUMNS = len(CROSSING_COLUMNS)
SHALLOW_SINE = math.sin(math.radians(15.0))
"""Below it a pair is judged along its stretch as well: the footprint is not drawn out farther than at this angle."""
STEEPEST = 1.0
"""What falls faster than this is a drop inside a manhole, no slope that goes on beside the axis."""


@compiled
def level(first: float, last: float, place: float, length: float) -> float:
    """Level between two vertices, linear; a known vertex stays known when its neighbour is not."""
    if place <= 0.0:
        return first
    if place >= length:
        return last
    return first + (last - first) * (place / length)


@compiled
def _levels(lines: Lines, i: int, place: float, length: float) -> tuple[float, float]:
    """Crown and bottom on segment ``i``; on an axis without length the whole envelope of the riser."""
    if length == 0.0:
        # NaN + anything is NaN: an unknown end makes the envelope unknown.
        crown, bottom = lines.crown_m[i] + lines.crown_m[i + 1], lines.bottom_m[i] + lines.bottom_m[i + 1]
        if not math.isnan(crown):
            crown = max(lines.crown_m[i], lines.crown_m[i + 1])
        if not math.isnan(bottom):
            bottom = min(lines.bottom_m[i], lines.bottom_m[i + 1])
        return crown, bottom
    return (
        level(lines.crown_m[i], lines.crown_m[i + 1], place, length),
        level(lines.bottom_m[i], lines.bottom_m[i + 1], place, length),
    )


@compiled
def meet(p: Segment, q: Segment) -> tuple[float, float, float]:
    """Places along both segments where they meet, and the sine of the angle; -1 where they do not.

    A sine of 0 stands for a meeting with an axis without length.
    """
    if p.length == 0.0:
        r, d = foot(p.x, p.y, q)
        return 0.0, r, (0.0 if d <= EQUAL_M else -1.0)
    if q.length == 0.0:
        t, d = foot(q.x, q.y, p)
        return t, 0.0, (0.0 if d <= EQUAL_M else -1.0)
    cross = p.ux * q.uy - p.uy * q.ux
    if abs(cross) <= PARALLEL_SINE:
        return 0.0, 0.0, -1.0
    dx, dy = q.x - p.x, q.y - p.y
    t = min(max((dx * q.uy - dy * q.ux) / cross, 0.0), p.length)
    r = min(max((dx * p.uy - dy * p.ux) / cross, 0.0), q.length)
    apart_m = math.hypot(p.x + t * p.ux - q.x - r * q.ux, p.y + t * p.uy - q.y - r * q.uy)
    return t, r, (abs(cross) if apart_m <= EQUAL_M else -1.0)


@compiled
def _merge(found: FloatArray, n: int, row: FloatArray) -> int:
    """Add ``row`` to the ``n`` crossings found, or widen the one at the same place. Returns the new count."""
    for k in range(n):
        if abs(found[k, 0] - row[0]) <= SAME_PLACE_M and abs(found[k, 1] - row[1]) <= SAME_PLACE_M:
            found[k, 2] = max(found[k, 2], row[2])
            for crown, bottom in ((5, 6), (7, 8)):
                found[k, crown] = (
                    max(found[k, crown], row[crown])
                    if not math.isnan(found[k, crown] + row[crown])
                    else math.nan
                )
                found[k, bottom] = (
                    min(found[k, bottom], row[bottom])
                    if not math.isnan(found[k, bottom] + row[bottom])
                    else math.nan
                )
            return n
    found[n] = row
    return n + 1


@compiled
def crossings(lines: Lines, a: int, others: Lines, b: int) -> FloatArray:
    """Crossings of run ``a`` with run ``b``, ``(k, 9)`` in the columns of ``CROSSING_COLUMNS``, along ``a``.

    Levels are NaN where a vertex needed for them is unknown. At a vertex the largest angle counts, and the
    union of the levels met there.
    """
    found = np.empty((4, COLUMNS))
    row = np.empty(COLUMNS)
    n = 0
    px, py, qx, qy = lines.x_m, lines.y_m, others.x_m, others.y_m
    for i in range(lines.offset[a], lines.offset[a + 1] - 1):
        here = segment(lines, i)
        box = grown_box(px[i], py[i], px[i + 1], py[i + 1], EQUAL_M)
        for j in range(others.offset[b], others.offset[b + 1] - 1):
            if apart(box, qx[j], qy[j], qx[j + 1], qy[j + 1]):
                continue
            there = segment(others, j)
            t, r, sine = meet(here, there)
            if sine < 0.0:
                continue
            row[0], row[1], row[2] = lines.chain_m[i] + t, others.chain_m[j] + r, sine
            row[3], row[4] = here.x + t * here.ux, here.y + t * here.uy
            row[5], row[6] = _levels(lines, i, t, here.length)
            row[7], row[8] = _levels(others, j, r, there.length)
            if n == len(found):
                grown = np.empty((2 * n, COLUMNS))
                grown[:n] = found
                found = grown
            n = _merge(found, n, row)
    for k in range(n):
        if found[k, 2] == 0.0:
            found[k, 2] = 1.0
    return found[:n][np.argsort(found[:n, 0], kind="mergesort")]
