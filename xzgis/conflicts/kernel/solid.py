"""Where two outer envelopes share space: plan distance and level ranges at once, exactly."""

import math

import numpy as np

from xzgis.conflicts.kernel.compiled import EQUAL_M, compiled
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.plan import Segment, apart, capsule, grown_box, joined_up, segment
from xzgis.networks.terms import FloatArray

FARTHEST_M = 1e4
"""Farther apart no two lines are that are asked for their least gap."""
FINEST_M = 1e-8
"""So fine the least gap is sought, far below the millimetre in which it is told."""


@compiled
def cut(corners: FloatArray, n: int, free: float, by_s: float, by_t: float) -> tuple[FloatArray, int]:
    """The part of a convex polygon of ``(s, t)`` where ``free + by_s s + by_t t <= 0``."""
    kept = np.empty((n + 2, 2))
    m = 0
    for k in range(n):
        s1, t1 = corners[k, 0], corners[k, 1]
        s2, t2 = corners[(k + 1) % n, 0], corners[(k + 1) % n, 1]
        h1, h2 = free + by_s * s1 + by_t * t1, free + by_s * s2 + by_t * t2
        if h1 <= 0.0:
            kept[m, 0], kept[m, 1] = s1, t1
            m += 1
        if (h1 < 0.0 < h2) or (h2 < 0.0 < h1):
            part = h1 / (h1 - h2)
            kept[m, 0], kept[m, 1] = s1 + part * (s2 - s1), t1 + part * (t2 - t1)
            m += 1
    return kept, m


@compiled
def _ends(lines: Lines, i: int, is_point: bool, crown: bool) -> tuple[float, float]:
    """Level at both ends of segment ``i``; a riser has its whole envelope at both."""
    first, last = (
        (lines.crown_m[i], lines.crown_m[i + 1]) if crown else (lines.bottom_m[i], lines.bottom_m[i + 1])
    )
    if is_point:
        level = (
            first + last if math.isnan(first + last) else (max(first, last) if crown else min(first, last))
        )
        return level, level
    return first, last


@compiled
def _slope(first: float, last: float, length: float) -> float:
    return (last - first) / length if length > 0.0 else 0.0


@compiled
def _shared_levels(
    lines: Lines, i: int, p: Segment, others: Lines, j: int, q: Segment, slack: float
) -> tuple[FloatArray, int]:
    """Polygon of places ``(s, t)`` on both segments whose level ranges overlap by more than ``slack``.

    A level that is not known bounds nothing: the caller asks for known levels by taking others out.
    """
    corners = np.array([[0.0, 0.0], [p.length, 0.0], [p.length, q.length], [0.0, q.length]])
    n = 4
    for way in range(2):
        bottom_a, bottom_b = _ends(lines, i, p.length == 0.0, way == 1)
        crown_a, crown_b = _ends(others, j, q.length == 0.0, way == 0)
        sign = 1.0 if way == 0 else -1.0
        free = sign * (bottom_a - crown_a) + slack + EQUAL_M
        if math.isnan(free + bottom_b + crown_b):
            continue
        corners, n = cut(
            corners,
            n,
            free,
            sign * _slope(bottom_a, bottom_b, p.length),
            -sign * _slope(crown_a, crown_b, q.length),
        )
        if n == 0:
            break
    return corners, n


@compiled
def _within(s: float, t: float, corners: FloatArray, n: int) -> bool:
    """Whether a place lies in the convex polygon, edges included."""
    turn = 0.0
    for k in range(n):
        s1, t1 = corners[k, 0], corners[k, 1]
        s2, t2 = corners[(k + 1) % n, 0], corners[(k + 1) % n, 1]
        area = (s2 - s1) * (t - t1) - (t2 - t1) * (s - s1)
        if area * turn < 0.0:
            return False
        if area != 0.0:
            turn = area
    return True


@compiled
def _span(p: Segment, q: Segment, corners: FloatArray, n: int, reach: float) -> tuple[float, float]:
    """Places along ``p`` that have a place on ``q`` in the polygon closer than ``reach`` in plan.

    The set of such pairs of places is convex; its ends along ``p`` are at corners, where edges meet the reach,
    or where the distance to the line of ``q`` is the reach.
    """
    low, high = math.inf, -math.inf
    dx, dy = p.x - q.x, p.y - q.y
    for k in range(n):
        s1, t1 = corners[k, 0], corners[k, 1]
        ds, dt = corners[(k + 1) % n, 0] - s1, corners[(k + 1) % n, 1] - t1
        wx, wy = dx + s1 * p.ux - t1 * q.ux, dy + s1 * p.uy - t1 * q.uy
        ex, ey = ds * p.ux - dt * q.ux, ds * p.uy - dt * q.uy
        square, along, rest = ex * ex + ey * ey, wx * ex + wy * ey, wx * wx + wy * wy - reach * reach
        if rest < 0.0:
            low, high = min(low, s1), max(high, s1)
        root = along * along - square * rest
        if square > 0.0 and root > 0.0:
            for sign in (-1.0, 1.0):
                part = (-along + sign * math.sqrt(root)) / square
                if 0.0 <= part <= 1.0:
                    low, high = min(low, s1 + part * ds), max(high, s1 + part * ds)
    cross = p.ux * q.uy - p.uy * q.ux
    if cross != 0.0:
        for sign in (-1.0, 1.0):
            gx, gy = -sign * reach * q.uy - dx, sign * reach * q.ux - dy
            s, t = (gx * q.uy - gy * q.ux) / cross, (gx * p.uy - gy * p.ux) / cross
            if _within(s, t, corners, n):
                low, high = min(low, s), max(high, s)
    return low, high


@compiled
def shared_spans(lines: Lines, a: int, others: Lines, b: int, reach: float, slack: float) -> FloatArray:
    """Chainage intervals of run ``a`` on which its envelope shares space with that of run ``b``, ``(k, 2)``.

    Two places share space when they are closer than ``reach`` in plan and their level ranges overlap by more
    than ``slack`` (negative: come nearer than that). Places with an unknown level count as overlapping there:
    set apart with :func:`xzgis.conflicts.rules.collision` what is unknown.
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
            there = segment(others, j)
            first, last = capsule(here, there, reach)
            if first > last:
                continue
            corners, count = _shared_levels(lines, i, here, others, j, there, slack)
            low, high = math.inf, -math.inf
            if count > 0:
                low, high = _span(here, there, corners, count, reach)
            if low <= high:
                found[m, 0], found[m, 1] = lines.chain_m[i] + low, lines.chain_m[i] + high
                m += 1
        joined, n = joined_up(found, m, joined, n)
    return joined[:n].copy()


@compiled
def _come_near(
    lines: Lines, i: int, others: Lines, j: int, on: tuple[float, float], reach: float, gap: float
) -> bool:
    """Whether both envelopes come nearer than ``gap`` to each other, in plan and in level at once.

    Asked of segments ``i`` and ``j``, from place ``on[0]`` to ``on[1]`` of the first; ``reach``: both half widths.
    """
    here, there = segment(lines, i), segment(others, j)
    if reach + gap <= 0.0:
        return False
    corners, n = _shared_levels(lines, i, here, others, j, there, -gap - EQUAL_M)
    if n > 0:
        corners, n = cut(corners, n, on[0], -1.0, 0.0)
    if n > 0:
        corners, n = cut(corners, n, -on[1], 1.0, 0.0)
    if n == 0:
        return False
    low, high = _span(here, there, corners, n, reach + gap)
    return low <= high


@compiled
def _gap_at(lines: Lines, i: int, others: Lines, j: int, s: float, reach: float) -> float:
    """The gap of both envelopes at place ``s`` of segment ``i`` and the place of segment ``j`` nearest to it in plan."""
    here, there = segment(lines, i), segment(others, j)
    x, y = here.x + s * here.ux - there.x, here.y + s * here.uy - there.y
    t = min(max(x * there.ux + y * there.uy, 0.0), there.length)
    gap = math.hypot(x - t * there.ux, y - t * there.uy) - reach
    for way in range(2):
        bottom_a, bottom_b = _ends(lines, i, here.length == 0.0, way == 1)
        crown_a, crown_b = _ends(others, j, there.length == 0.0, way == 0)
        rise = s * _slope(bottom_a, bottom_b, here.length) - t * _slope(crown_a, crown_b, there.length)
        apart_m = (1.0 if way == 0 else -1.0) * (bottom_a - crown_a + rise)
        if not math.isnan(apart_m):
            gap = max(gap, apart_m)
    return gap


@compiled
def deepest(lines: Lines, a: int, others: Lines, b: int, span: tuple[float, float], reach: float) -> float:
    """Least gap of two envelopes, negative where they overlap, over the places of ``a`` in a chainage interval.

    The gap at a pair of places is the larger of the one in plan, less the half widths ``reach``, and the one in
    level. It is a convex function of both places, so that the least of two segments is found by halving. Infinite
    beyond ``FARTHEST_M``. It hangs neither on which of both is ``a`` nor on the direction of either.
    """
    best = FARTHEST_M
    for i in range(lines.offset[a], lines.offset[a + 1] - 1):
        on = max(span[0] - lines.chain_m[i], 0.0), min(span[1], lines.chain_m[i + 1]) - lines.chain_m[i]
        if on[0] > on[1]:
            continue
        for j in range(others.offset[b], others.offset[b + 1] - 1):
            if not _come_near(lines, i, others, j, on, reach, best - FINEST_M):
                continue
            # The least gap is no larger than that of any one place.
            low, high = (
                -reach,
                min(best, _gap_at(lines, i, others, j, (on[0] + on[1]) / 2.0, reach) + FINEST_M),
            )
            while high - low > FINEST_M:
                middle = (low + high) / 2.0
                if _come_near(lines, i, others, j, on, reach, middle):
                    high = middle
                else:
                    low = middle
            best = high
    return best if best < FARTHEST_M else math.inf
