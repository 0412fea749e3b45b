"""The least vertical gap where an axis bends in plan inside the ground that both outer envelopes cover."""

import math

import numpy as np

from xzgis.conflicts.kernel.compiled import compiled
from xzgis.conflicts.kernel.crossing import SAME_PLACE_M
from xzgis.conflicts.kernel.solid import cut
from xzgis.networks.terms import FloatArray, IntArray

STRAIGHT_SINE = 1e-6
"""A smaller turn is none: vertices set into a straight leg stand on it to the nanometre."""
PROFILE_COLUMNS = ("way", "crown", "bottom", "x", "y")
"""Of a profile; ``x`` and ``y`` are NaN where it is drawn out beyond the end of an axis."""
LEG_COLUMNS = (
    "x",
    "y",
    "ux",
    "uy",
    "length",
    "before",
    "behind",
    "crown_first",
    "crown_last",
    "bottom_first",
    "bottom_last",
    "way_first",
    "way_last",
)


@compiled
def _turn(points: FloatArray, k: int) -> tuple[float, float]:
    """Sine and cosine of the turn at row ``k``, between the next legs with a length; 0 and 1 where there is none."""
    before, behind = k, k
    while before >= 0 and points[k, 0] - points[before, 0] <= SAME_PLACE_M:
        before -= 1
    while behind < len(points) and points[behind, 0] - points[k, 0] <= SAME_PLACE_M:
        behind += 1
    if before < 0 or behind >= len(points):
        return 0.0, 1.0
    ax, ay = points[k, 3] - points[before, 3], points[k, 4] - points[before, 4]
    bx, by = points[behind, 3] - points[k, 3], points[behind, 4] - points[k, 4]
    norm = math.hypot(ax, ay) * math.hypot(bx, by)
    # Drawn out beyond an end there is no place: NaN is no norm.
    if not norm > 0.0:
        return 0.0, 1.0
    return abs(ax * by - ay * bx) / norm, (ax * bx + ay * by) / norm


@compiled
def bends_within(points: FloatArray, reach: float) -> bool:
    """Whether the axis of a profile turns nearer than ``reach`` along it to the crossing."""
    for k in range(len(points)):
        if abs(points[k, 0]) <= reach:
            sine, cosine = _turn(points, k)
            if sine > STRAIGHT_SINE or cosine < 0.0:
                return True
    return False


@compiled
def _legs(points: FloatArray, half: float) -> FloatArray:
    """Straight legs of a profile ``(k, 13)`` in the columns of ``LEG_COLUMNS``.

    At a bend the strip of a leg goes on by ``before`` and ``behind``, so that both strips meet on its outer side, no
    farther than ``half``; the level of the vertex holds there.
    """
    found = np.empty((max(len(points) - 1, 0), 13))
    n = 0
    for k in range(len(points) - 1):
        dx, dy = points[k + 1, 3] - points[k, 3], points[k + 1, 4] - points[k, 4]
        length = math.hypot(dx, dy)
        if not length > SAME_PLACE_M:
            continue
        found[n, 0], found[n, 1], found[n, 4] = points[k, 3], points[k, 4], length
        found[n, 2], found[n, 3] = dx / length, dy / length
        for end in range(2):
            sine, cosine = _turn(points, k + end)
            is_bend = sine > STRAIGHT_SINE or cosine < 0.0
            found[n, 5 + end] = half * min(sine / max(1.0 + cosine, 1e-9), 1.0) if is_bend else 0.0
            found[n, 7 + end], found[n, 9 + end] = points[k + end, 1], points[k + end, 2]
            found[n, 11 + end] = points[k + end, 0]
        n += 1
    return found[:n]


@compiled
def _part(leg: FloatArray, which: int) -> tuple[float, float]:
    """First and last place along a leg of what goes on before it, of itself and of what goes on behind it."""
    if which == 0:
        return -leg[5], 0.0
    if which == 1:
        return 0.0, leg[4]
    return leg[4], leg[4] + leg[6]


@compiled
def _shared_ground(
    p: FloatArray,
    on_p: tuple[float, float],
    half_p: float,
    q: FloatArray,
    on_q: tuple[float, float],
    half_q: float,
) -> tuple[FloatArray, int]:
    """Corners of the ground that parts of the strips of two legs share, and their number."""
    corners = np.empty((4, 2))
    for k in range(4):
        along = on_p[0] if k in (0, 3) else on_p[1]
        across = -half_p if k < 2 else half_p
        corners[k, 0] = p[0] + along * p[2] - across * p[3]
        corners[k, 1] = p[1] + along * p[3] + across * p[2]
    along_q, across_q = q[0] * q[2] + q[1] * q[3], q[1] * q[2] - q[0] * q[3]
    corners, n = cut(corners, 4, -along_q - on_q[1], q[2], q[3])
    if n > 0:
        corners, n = cut(corners, n, along_q + on_q[0], -q[2], -q[3])
    if n > 0:
        corners, n = cut(corners, n, -across_q - half_q, -q[3], q[2])
    if n > 0:
        corners, n = cut(corners, n, across_q - half_q, q[3], -q[2])
    return corners, n


@compiled
def _levels_at(leg: FloatArray, x: float, y: float) -> tuple[float, float]:
    """Crown and bottom of a leg beside a place; beyond its ends those of its vertices."""
    part = ((x - leg[0]) * leg[2] + (y - leg[1]) * leg[3]) / leg[4]
    part = min(max(part, 0.0), 1.0)
    return leg[7] + part * (leg[8] - leg[7]), leg[9] + part * (leg[10] - leg[9])


@compiled
def _gaps_of_legs(p: FloatArray, q: FloatArray, half: tuple[float, float]) -> tuple[float, float]:
    """Bottom of ``p`` over crown of ``q``, and the other way, least over the ground both cover; infinite without any.

    Levels are linear in the place on every part, so that the least is at a corner of the ground.
    """
    over, under = math.inf, math.inf
    far = (p[4] + q[4]) / 2.0 + p[5] + p[6] + q[5] + q[6] + half[0] + half[1]
    dx = p[0] + p[4] / 2.0 * p[2] - q[0] - q[4] / 2.0 * q[2]
    dy = p[1] + p[4] / 2.0 * p[3] - q[1] - q[4] / 2.0 * q[3]
    if math.hypot(dx, dy) > far:
        return over, under
    for which in range(9):
        on_p, on_q = _part(p, which // 3), _part(q, which % 3)
        if on_p[0] >= on_p[1] or on_q[0] >= on_q[1]:
            continue
        corners, n = _shared_ground(p, on_p, half[0], q, on_q, half[1])
        for k in range(n):
            crown_p, bottom_p = _levels_at(p, corners[k, 0], corners[k, 1])
            crown_q, bottom_q = _levels_at(q, corners[k, 0], corners[k, 1])
            over, under = min(over, bottom_p - crown_q), min(under, bottom_q - crown_p)
    return over, under


@compiled
def _crossed(legs: FloatArray) -> tuple[int, int]:
    """First and last leg that holds the crossing; the last before the first where none does."""
    first, last = 0, -1
    for k in range(len(legs)):
        if legs[k, 11] <= SAME_PLACE_M and legs[k, 12] >= -SAME_PLACE_M:
            first, last = (k if last < 0 else first), k
    return first, last


@compiled
def _met(over: FloatArray, rows: tuple[int, int], columns: tuple[int, int]) -> bool:
    """Whether any leg of ``rows`` shares ground with any of ``columns``; False where either leads off the ends."""
    if rows[0] < 0 or columns[0] < 0 or rows[1] >= over.shape[0] or columns[1] >= over.shape[1]:
        return False
    return bool((over[rows[0] : rows[1] + 1, columns[0] : columns[1] + 1] < math.inf).any())


@compiled
def _one_ground(over: FloatArray, on_a: tuple[int, int], on_b: tuple[int, int]) -> IntArray:
    """First and last leg of both axes over which they share ground without a break, from the crossing on."""
    (a0, a1), (b0, b1) = on_a, on_b
    grows = True
    while grows:
        grows = False
        if _met(over, (a1 + 1, a1 + 1), (b0, b1)):
            a1, grows = a1 + 1, True
        if _met(over, (a0 - 1, a0 - 1), (b0, b1)):
            a0, grows = a0 - 1, True
        if _met(over, (a0, a1), (b1 + 1, b1 + 1)):
            b1, grows = b1 + 1, True
        if _met(over, (a0, a1), (b0 - 1, b0 - 1)):
            b0, grows = b0 - 1, True
    return np.array([a0, a1, b0, b1])


@compiled
def _ends_open(
    points: FloatArray,
    legs: FloatArray,
    on: tuple[int, int],
    others: FloatArray,
    wide: float,
    reach: float,
) -> bool:
    """Whether a level is not known right behind a leg of ``on``, nearer than ``wide`` to one of ``others``.

    A profile that ends short of ``reach`` ends at the first unknown level.
    """
    for end in range(2):
        if on[end] != (0 if end == 0 else len(legs) - 1):
            continue
        row = 0 if end == 0 else len(points) - 1
        if abs(points[row, 0]) >= reach:
            continue
        for k in range(len(others)):
            dx, dy = points[row, 3] - others[k, 0], points[row, 4] - others[k, 1]
            along = min(max(dx * others[k, 2] + dy * others[k, 3], 0.0), others[k, 4])
            if math.hypot(dx - along * others[k, 2], dy - along * others[k, 3]) < wide:
                return True
    return False


@compiled
def bent_gaps(
    a: FloatArray, b: FloatArray, half: tuple[float, float], reach: float
) -> tuple[float, float, bool, bool]:
    """Least level differences over the ground that two bent strips share about their crossing, and what is open.

    ``a``, ``b``: profiles as far as ``reach`` about the crossing; ``half``: half widths. As of
    :func:`xzgis.conflicts.kernel.footprint.least_gaps`, from leg to leg where they really lie.
    """
    over, under = math.inf, math.inf
    legs_a, legs_b = _legs(a, half[0]), _legs(b, half[1])
    on_a, on_b = _crossed(legs_a), _crossed(legs_b)
    if on_a[1] < 0 or on_b[1] < 0:
        return over, under, False, False
    overs = np.full((len(legs_a), len(legs_b)), math.inf)
    unders = overs.copy()
    for k in range(len(legs_a)):
        for m in range(len(legs_b)):
            overs[k, m], unders[k, m] = _gaps_of_legs(legs_a[k], legs_b[m], half)
    a0, a1, b0, b1 = _one_ground(overs, on_a, on_b)
    over = overs[a0 : a1 + 1, b0 : b1 + 1].min()
    under = unders[a0 : a1 + 1, b0 : b1 + 1].min()
    wide = half[0] + half[1]
    open_a = _ends_open(a, legs_a, (a0, a1), legs_b[b0 : b1 + 1], wide, reach)
    open_b = _ends_open(b, legs_b, (b0, b1), legs_a[a0 : a1 + 1], wide, reach)
    return over, under, open_a, open_b
