"""The least vertical gap where axes bend, branch or drop inside the ground that a crossing explains."""

import math

import numpy as np
import numpy.typing as npt

from xzgis.conflicts.kernel.axes import STRAIGHT_SINE, Axes, are_joined, is_inside_leg, legs_about
from xzgis.conflicts.kernel.compiled import compiled
from xzgis.conflicts.kernel.crossing import SAME_PLACE_M, SHALLOW_SINE, meet
from xzgis.conflicts.kernel.plan import Segment
from xzgis.conflicts.kernel.solid import cut
from xzgis.networks.terms import FloatArray, IntArray

Table = npt.NDArray[np.bool_]
BEYOND_BENDS_M = 8.0
"""So far behind the ground of a straight crossing, twice over, ground that goes on without a break is followed."""


@compiled
def _is_straight(legs: FloatArray) -> bool:
    """Whether the axis is one straight line of one width, as if unrolled."""
    for k in range(len(legs)):
        if legs[k, 4] == 0.0 or legs[k, 13] != legs[0, 13]:
            return False
        if abs(legs[0, 2] * legs[k, 3] - legs[0, 3] * legs[k, 2]) > STRAIGHT_SINE:
            return False
        # Straight on from the leg before; at the place itself one leads forwards and one backwards.
        parent = int(legs[k, 15])
        if parent >= 0 and legs[parent, 2] * legs[k, 2] + legs[parent, 3] * legs[k, 3] < 0.0:
            return False
    return len(legs) > 0


@compiled
def _part(leg: FloatArray, which: int) -> tuple[float, float]:
    """First and last place along a leg of what goes on before it, of itself and of what goes on behind it."""
    if leg[4] == 0.0:
        # A drop or riser stands in a square as wide as it is.
        return (-leg[13], leg[13]) if which == 1 else (0.0, -1.0)
    if which == 1:
        return 0.0, leg[4]
    if leg[5 + which // 2] == 0.0:
        return 0.0, -1.0
    return (-leg[5], 0.0) if which == 0 else (leg[4], leg[4] + leg[6])


@compiled
def _shared_ground(
    p: FloatArray, on_p: tuple[float, float], q: FloatArray, on_q: tuple[float, float]
) -> tuple[FloatArray, int]:
    """Corners of the ground that parts of the strips of two legs share, and their number."""
    corners = np.empty((4, 2))
    for k in range(4):
        along = on_p[0] if k in (0, 3) else on_p[1]
        across = -p[13] if k < 2 else p[13]
        corners[k, 0] = p[0] + along * p[2] - across * p[3]
        corners[k, 1] = p[1] + along * p[3] + across * p[2]
    along_q, across_q = q[0] * q[2] + q[1] * q[3], q[1] * q[2] - q[0] * q[3]
    corners, n = cut(corners, 4, -along_q - on_q[1], q[2], q[3])
    if n > 0:
        corners, n = cut(corners, n, along_q + on_q[0], -q[2], -q[3])
    if n > 0:
        corners, n = cut(corners, n, -across_q - q[13], -q[3], q[2])
    if n > 0:
        corners, n = cut(corners, n, across_q - q[13], q[3], -q[2])
    return corners, n


@compiled
def _levels_at(leg: FloatArray, which: int, x: float, y: float) -> tuple[float, float, bool]:
    """Crown and bottom of a part of a leg beside a place, NaN where not known; last whether its vertex is beside it.

    Beyond the ends of a leg those of its vertices hold; a drop has all its levels.
    """
    if leg[4] == 0.0:
        crown, bottom = -math.inf, math.inf
        for end in range(2):
            if not math.isnan(leg[7 + end] + leg[9 + end]):
                crown, bottom = max(crown, leg[7 + end]), min(bottom, leg[9 + end])
        return crown, bottom, False
    place = (x - leg[0]) * leg[2] + (y - leg[1]) * leg[3]
    if which == 0 or (place <= SAME_PLACE_M and math.isnan(leg[8] + leg[10])):
        return leg[7], leg[9], which != 0
    if which == 2 or (place >= leg[4] - SAME_PLACE_M and math.isnan(leg[7] + leg[9])):
        return leg[8], leg[10], which != 2
    part = min(max(place / leg[4], 0.0), 1.0)
    return leg[7] + part * (leg[8] - leg[7]), leg[9] + part * (leg[10] - leg[9]), False


@compiled
def _gaps_of_parts(
    p: FloatArray, q: FloatArray, parts: tuple[int, int]
) -> tuple[bool, float, float, bool, bool]:
    """:func:`_gaps_of_legs` of one part of either strip."""
    over, under, open_p, open_q = math.inf, math.inf, False, False
    on_p, on_q = _part(p, parts[0]), _part(q, parts[1])
    if on_p[0] > on_p[1] or on_q[0] > on_q[1]:
        return False, over, under, open_p, open_q
    corners, n = _shared_ground(p, on_p, q, on_q)
    for k in range(n):
        crown_p, bottom_p, vertex_p = _levels_at(p, parts[0], corners[k, 0], corners[k, 1])
        crown_q, bottom_q, vertex_q = _levels_at(q, parts[1], corners[k, 0], corners[k, 1])
        over = over if math.isnan(bottom_p - crown_q) else min(over, bottom_p - crown_q)
        under = under if math.isnan(bottom_q - crown_p) else min(under, bottom_q - crown_p)
        # The line across a known vertex is known; ground that only touches it is not open.
        open_p = open_p or (math.isnan(crown_p + bottom_p) and not vertex_p)
        open_q = open_q or (math.isnan(crown_q + bottom_q) and not vertex_q)
    if n > 0 and p[4] == 0.0:
        open_p = math.isnan(p[7] + p[8] + p[9] + p[10])
    if n > 0 and q[4] == 0.0:
        open_q = math.isnan(q[7] + q[8] + q[9] + q[10])
    return n > 0, over, under, open_p, open_q


@compiled
def _turned_to(leg: FloatArray, other: FloatArray) -> FloatArray:
    """A drop as a square that stands along the other leg, or towards it where that is a drop as well."""
    if leg[4] > 0.0:
        return leg
    square = leg.copy()
    square[2], square[3] = other[2], other[3]
    if other[4] == 0.0:
        dx, dy = other[0] - leg[0], other[1] - leg[1]
        apart = math.hypot(dx, dy)
        square[2], square[3] = (dx / apart, dy / apart) if apart > 0.0 else (1.0, 0.0)
    return square


@compiled
def _gaps_of_legs(p: FloatArray, q: FloatArray) -> tuple[bool, float, float, bool, bool]:
    """Whether two legs share ground; bottom of ``p`` over crown of ``q`` there, and the other way, least of what is
    known, infinite where nothing is; whether levels of ``p``, and of ``q``, are not known somewhere there.

    Levels are linear in the place on every part, so that the least is at a corner of the ground.
    """
    shares, over, under, open_p, open_q = False, math.inf, math.inf, False, False
    far = (p[4] + q[4]) / 2.0 + p[5] + p[6] + q[5] + q[6] + 1.5 * (p[13] + q[13])
    dx = p[0] + p[4] / 2.0 * p[2] - q[0] - q[4] / 2.0 * q[2]
    dy = p[1] + p[4] / 2.0 * p[3] - q[1] - q[4] / 2.0 * q[3]
    if math.hypot(dx, dy) > far:
        return shares, over, under, open_p, open_q
    one, two = _turned_to(p, q), _turned_to(q, p)
    for which in range(9):
        found = _gaps_of_parts(one, two, (which // 3, which % 3))
        shares, over, under = shares or found[0], min(over, found[1]), min(under, found[2])
        open_p, open_q = open_p or found[3], open_q or found[4]
    return shares, over, under, open_p, open_q


@compiled
def _is_next(legs: FloatArray, k: int, other: int) -> bool:
    """Whether two legs follow on each other, or leave one place."""
    return bool(legs[k, 15] == other or legs[other, 15] == k or legs[k, 15] == legs[other, 15])


@compiled
def _grown(shares: Table, legs: tuple[FloatArray, FloatArray]) -> tuple[Table, Table]:
    """Which legs of either axis share ground without a break, from the crossing on."""
    on_a, on_b = legs[0][:, 15] < 0.0, legs[1][:, 15] < 0.0
    grows = True
    while grows:
        grows = False
        for k in range(len(on_a)):
            if not on_a[k] and on_a[int(legs[0][k, 15])] and (shares[k] & on_b).any():
                on_a[k] = grows = True
        for m in range(len(on_b)):
            if not on_b[m] and on_b[int(legs[1][m, 15])] and (shares[:, m] & on_a).any():
                on_b[m] = grows = True
    return on_a, on_b


@compiled
def _meets_elsewhere(p: FloatArray, q: FloatArray) -> bool:
    """Whether the axes of two legs meet, other than where both begin: another crossing or joint."""
    if p[11] <= SAME_PLACE_M and q[11] <= SAME_PLACE_M:
        return False
    return bool(meet(Segment(p[0], p[1], p[2], p[3], p[4]), Segment(q[0], q[1], q[2], q[3], q[4]))[2] >= 0.0)


@compiled
def _ground_of(
    start: tuple[int, int], shares: Table, legs: tuple[FloatArray, FloatArray], held: IntArray, number: int
) -> None:
    """Write ``number`` to all pairs of legs whose ground goes on without a break from that of ``start``."""
    waiting, n = np.empty((shares.size, 2), dtype=np.int64), 1
    waiting[0, 0], waiting[0, 1] = start
    held[start] = number
    while n > 0:
        n -= 1
        k, m = waiting[n, 0], waiting[n, 1]
        for side in range(2):
            for other in range(shares.shape[side]):
                i, j = (other, m) if side == 0 else (k, other)
                if held[i, j] == 0 and shares[i, j] and _is_next(legs[side], k if side == 0 else m, other):
                    held[i, j] = number
                    waiting[n, 0], waiting[n, 1] = i, j
                    n += 1


@compiled
def _without_crossing(shares: Table, meets: Table, legs: tuple[FloatArray, FloatArray]) -> Table:
    """Pairs of legs whose shared ground leads, without a break, to no place where axes meet."""
    held, number = np.zeros(shares.shape, dtype=np.int64), 0
    free = shares.copy()
    for k in range(shares.shape[0]):
        for m in range(shares.shape[1]):
            if shares[k, m] and held[k, m] == 0:
                number += 1
                _ground_of((k, m), shares, legs, held, number)
    for k in range(shares.shape[0]):
        for m in range(shares.shape[1]):
            if meets[k, m]:
                free &= held != held[k, m]
    return free


@compiled
def _are_one_line(a: Axes, run: int, b: Axes, other: int) -> bool:
    """Whether two runs are one, or joined to each other: they share ground because they are connected."""
    if a.identity[run] == b.identity[other]:
        return True
    for end in range(2):
        for other_end in range(2):
            if are_joined(a, run, end, b, other, other_end):
                return True
    return False


@compiled
def _gaps_of_grounds(
    a: Axes, b: Axes, legs: tuple[FloatArray, FloatArray], explained: float
) -> tuple[float, float, bool, bool]:
    """The least gaps over the ground about the crossing, and over what else is explained and has no crossing."""
    size = len(legs[0]), len(legs[1])
    shares, meets, opens = np.zeros(size, np.bool_), np.zeros(size, np.bool_), np.zeros((2, *size), np.bool_)
    gaps = np.full((2, *size), math.inf)
    for k in range(size[0]):
        for m in range(size[1]):
            p, q = legs[0][k], legs[1][m]
            is_here = p[15] < 0.0 and q[15] < 0.0
            if not is_here and _are_one_line(a, int(p[14]), b, int(q[14])):
                continue
            shares[k, m], gaps[0, k, m], gaps[1, k, m], opens[0, k, m], opens[1, k, m] = _gaps_of_legs(p, q)
            meets[k, m] = shares[k, m] and _meets_elsewhere(p, q)
    on_a, on_b = _grown(shares, legs)
    free = _without_crossing(shares, meets, legs)
    over, under, open_a, open_b = math.inf, math.inf, False, False
    for k in range(size[0]):
        for m in range(size[1]):
            if not shares[k, m]:
                continue
            if not (on_a[k] and on_b[m]):
                is_far = max(legs[0][k, 12], legs[1][m, 12]) > explained + SAME_PLACE_M
                if is_far or not free[k, m]:
                    continue
            over, under = min(over, gaps[0, k, m]), min(under, gaps[1, k, m])
            open_a, open_b = open_a or opens[0, k, m], open_b or opens[1, k, m]
    return over, under, open_a, open_b


@compiled
def bent_gaps(
    a: Axes, b: Axes, runs: tuple[int, int], at: tuple[float, float], sine: float, reach_m: float
) -> tuple[float, float, bool, bool]:
    """Least level differences over ground that two axes share about their crossing, leg by leg, and what is open.

    All that is joined to either is followed. What counts is the ground about the crossing that they share without a
    break, and all other ground that it explains (``reach_m``: the axis distance that is asked) unless that holds a
    crossing of its own. As of :func:`xzgis.conflicts.kernel.footprint.least_gaps`; infinite where both axes are
    straight and of one width: unrolled there is nothing to add.
    """
    steep = max(sine, SHALLOW_SINE)
    straight = (a.half_m[runs[0]] + b.half_m[runs[1]]) / steep
    explained = reach_m / sine if sine >= SHALLOW_SINE else 0.0
    near = max(explained, straight)
    if is_inside_leg(a.lines, runs[0], at[0], near) and is_inside_leg(b.lines, runs[1], at[1], near):
        return math.inf, math.inf, False, False
    legs = legs_about(a, runs[0], at[0], (near, near)), legs_about(b, runs[1], at[1], (near, near))
    if _is_straight(legs[0]) and _is_straight(legs[1]):
        return math.inf, math.inf, False, False
    farthest = max(near, 2.0 * straight + BEYOND_BENDS_M)
    bounds = (explained, farthest)
    legs = legs_about(a, runs[0], at[0], bounds), legs_about(b, runs[1], at[1], bounds)
    return _gaps_of_grounds(a, b, legs, explained)
