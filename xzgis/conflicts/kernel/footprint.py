"""The least vertical gap over the ground that both outer envelopes cover at a crossing."""

import math

import numpy as np

from xzgis.conflicts.kernel.axes import JOINED_M, Axes
from xzgis.conflicts.kernel.bends import bent_gaps
from xzgis.conflicts.kernel.compiled import compiled
from xzgis.conflicts.kernel.crossing import PARALLEL_SINE, SAME_PLACE_M, SHALLOW_SINE, STEEPEST
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.plan import Segment, segment
from xzgis.networks.terms import FloatArray, IntArray

GOES_ON = 0.5
"""Of several runs that meet its end, an axis goes on in one that turns by less than 60° (the cosine)."""
SAME_TURN = 1e-9
"""Turns that differ by less are one turn: a rotated city has the same."""
MOST_RUNS = 16
"""Over so many joints an axis is followed: more lie under no crossing."""


@compiled
def _add(found: FloatArray, n: int, way: float, crown: float, bottom: float) -> FloatArray:
    """``found`` with one more point of a profile at row ``n``, larger when it has to be."""
    if n == len(found):
        grown = np.empty((2 * n, 3))
        grown[:n] = found
        found = grown
    found[n, 0], found[n, 1], found[n, 2] = way, crown, bottom
    return found


@compiled
def _last_leg(lines: Lines, run: int, step: int) -> Segment:
    """The segment with a plan length that is nearest to the end of ``run`` (to its beginning when ``step`` < 0)."""
    first, last = lines.offset[run], lines.offset[run + 1] - 2
    i, stop = (last, first) if step > 0 else (first, last)
    while i != stop and lines.chain_m[i + 1] == lines.chain_m[i]:
        i -= step
    return segment(lines, i)


@compiled
def _goes_before(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether the first of two ways beyond an end is taken: nothing of it hangs on the order of storage."""
    for k in range(4):
        if not abs(one[k] - other[k]) <= SAME_TURN:
            return one[k] > other[k]
    return False


@compiled
def _goes_on(axes: Axes, run: int, row: int, ux: float, uy: float) -> int:
    """The run in which the axis of ``run`` goes on most straight beyond its end ``row``, left along ``ux, uy``.

    The end row of that run, plus one, negative when it is left backwards; 0 where the axis ends. The only run that
    meets the end is the axis however it turns: a bend with a node in it is a bend. Of two that turn alike it is the
    left one; of two in one direction the one of the longer leg, then the one that ends higher.
    """
    lines, found, ends = axes.lines, 0, 0
    best = (-math.inf, 0.0, 0.0, 0.0)
    x, y = lines.x_m[row], lines.y_m[row]
    for other in range(len(lines.offset) - 1):
        if other == run or axes.kind[other] != axes.kind[run]:
            continue
        first, last = lines.offset[other], lines.offset[other + 1] - 1
        for end in range(2):
            at = last if end == 1 else first
            if abs(lines.x_m[at] - x) > JOINED_M or abs(lines.y_m[at] - y) > JOINED_M:
                continue
            ends += 1
            leg = _last_leg(lines, other, 1 if end == 1 else -1)
            sign = -1.0 if end == 1 else 1.0
            far = first if end == 1 else last
            way = sign * (ux * leg.ux + uy * leg.uy), sign * (ux * leg.uy - uy * leg.ux)
            one = way[0], way[1], leg.length, lines.crown_m[far]
            if _goes_before(one, best):
                best, found = one, -(at + 1) if end == 1 else at + 1
    return found if ends == 1 or best[0] > GOES_ON else 0


@compiled
def _drawn_out(
    found: FloatArray, n: int, reach: float, crown_slope: float, bottom_slope: float
) -> tuple[FloatArray, int]:
    """The points with one more at ``reach``, where the slopes would lead beyond the end of the axis."""
    far, crown, bottom = reach - found[n - 1, 0], found[n - 1, 1], found[n - 1, 2]
    crown += far * min(max(crown_slope, -STEEPEST), STEEPEST)
    bottom += far * min(max(bottom_slope, -STEEPEST), STEEPEST)
    return _add(found, n, reach, crown, bottom), n + 1


@compiled
def _walk(axes: Axes, run: int, at: float, step: int, reach: float) -> tuple[FloatArray, int]:
    """Points of the axis from chainage ``at`` on, forwards or backwards: way along it, crown and bottom.

    It goes on in runs of its kind that are joined to it, and beyond its end at its slope. Levels that are not known
    are NaN: what lies between them may lie anywhere, and what is known behind them is known.
    """
    lines = axes.lines
    found, n, used, crown_slope, bottom_slope = np.empty((16, 3)), 0, 0.0, 0.0, 0.0
    first, last = lines.offset[run], lines.offset[run + 1] - 1
    row = first if step > 0 else last
    while first <= row <= last and step * (lines.chain_m[row] - at) < -SAME_PLACE_M:
        row += step
    way = 0.0
    for _ in range(MOST_RUNS):
        before = at
        while first <= row <= last and way < reach:
            way = used + abs(lines.chain_m[row] - before)
            crown, bottom = lines.crown_m[row], lines.bottom_m[row]
            back = row - step
            length = abs(lines.chain_m[row] - lines.chain_m[back]) if first <= back <= last else 0.0
            crown_slope = bottom_slope = 0.0
            levels = lines.crown_m[back] + lines.bottom_m[back] + crown + bottom if length > 0.0 else math.nan
            if not math.isnan(levels):
                crown_slope = (crown - lines.crown_m[back]) / length
                bottom_slope = (bottom - lines.bottom_m[back]) / length
            found = _add(found, n, way, crown, bottom)
            n += 1
            row += step
        if way >= reach:
            return found, n
        end, leg = (last if step > 0 else first), _last_leg(lines, run, step)
        on = _goes_on(axes, run, end, step * leg.ux, step * leg.uy)
        if on == 0:
            return _drawn_out(found, n, reach, crown_slope, bottom_slope)
        row, step, used = abs(on) - 1, (1 if on > 0 else -1), way
        run = int(np.searchsorted(lines.offset, row, side="right")) - 1
        first, last, at = lines.offset[run], lines.offset[run + 1] - 1, lines.chain_m[row]
    return found, n


@compiled
def profile(axes: Axes, run: int, at: float, reach: float) -> FloatArray:
    """The axis from ``reach`` before ``at`` to ``reach`` after it: ``(k, 3)`` way, crown, bottom.

    A riser has its whole envelope all around it. Levels are NaN where they are not known; that of a riser of which
    one is not known is empty.
    """
    lines = axes.lines
    first, last = lines.offset[run], lines.offset[run + 1] - 1
    if lines.chain_m[last] == 0.0:
        crown, bottom = lines.crown_m[first : last + 1].max(), lines.bottom_m[first : last + 1].min()
        if math.isnan(crown + bottom):
            return np.empty((0, 3))
        return np.array([[-reach, crown, bottom], [reach, crown, bottom]])
    back, m = _walk(axes, run, at, -1, reach)
    on, n = _walk(axes, run, at, 1, reach)
    found = np.empty((m + n, 3))
    for k in range(m):
        found[m - 1 - k] = back[k]
        found[m - 1 - k, 0] = -back[k, 0]
    found[m:] = on[:n]
    return found


@compiled
def _is_open(points: FloatArray, reach: float) -> bool:
    """Whether the level of some place of a profile nearer than ``reach`` is not known."""
    if len(points) < 2 or points[0, 0] > -reach or points[len(points) - 1, 0] < reach:
        return True
    for k in range(len(points) - 1):
        is_here = points[k, 0] < reach and points[k + 1, 0] > -reach
        if is_here and math.isnan(points[k, 1] + points[k, 2] + points[k + 1, 1] + points[k + 1, 2]):
            return True
    return False


@compiled
def _at(points: FloatArray, x: float) -> tuple[float, float]:
    """Highest crown and lowest bottom of a profile at a place; infinite, with no bound to any gap, where not known.

    A vertex that is known is known, whatever lies before and behind it.
    """
    crown, bottom = -math.inf, math.inf
    for k in range(len(points) - 1):
        low, high = points[k, 0], points[k + 1, 0]
        if x < low - SAME_PLACE_M or x > high + SAME_PLACE_M:
            continue
        part = min(max((x - low) / (high - low), 0.0), 1.0) if high > low else 0.0
        between = points[k, 1] + part * (points[k + 1, 1] - points[k, 1])
        below = points[k, 2] + part * (points[k + 1, 2] - points[k, 2])
        if not math.isnan(between + below):
            crown, bottom = max(crown, between), min(bottom, below)
        for end in range(2):
            levels = points[k + end, 1] + points[k + end, 2]
            is_there = high == low or (
                math.isnan(between + below) and abs(x - points[k + end, 0]) <= SAME_PLACE_M
            )
            if is_there and not math.isnan(levels):
                crown, bottom = max(crown, points[k + end, 1]), min(bottom, points[k + end, 2])
    return crown, bottom


@compiled
def _put(found: FloatArray, n: int, u: float, v: float, turn: tuple[float, float]) -> int:
    """Add the place that lies beside both axes by ``u`` and ``v`` at row ``n``; the next row."""
    sine, cosine = turn
    found[n, 0], found[n, 1] = (u * cosine - v) / sine, (u - v * cosine) / sine
    return n + 1


@compiled
def _on_border(
    found: FloatArray,
    n: int,
    points: FloatArray,
    side: int,
    half: tuple[float, float],
    turn: tuple[float, float],
) -> int:
    """Add where the lines across ``points`` of one axis meet the border of the shared ground; the next row."""
    own, other = (half[0], half[1]) if side == 0 else (half[1], half[0])
    sine, cosine = turn[0] * (-1.0 if side == 0 else 1.0), turn[1]
    for k in range(len(points)):
        for end in (-1.0, 1.0):
            across = end * own * cosine + sine * points[k, 0]
            if abs(across) <= other:
                u, v = (end * own, across) if side == 0 else (across, end * own)
                n = _put(found, n, u, v, turn)
            beside = (end * other - sine * points[k, 0]) / cosine if cosine != 0.0 else math.inf
            if abs(beside) <= own:
                u, v = (beside, end * other) if side == 0 else (end * other, beside)
                n = _put(found, n, u, v, turn)
    return n


@compiled
def _shared_places(
    turn: tuple[float, float], half: tuple[float, float], a: FloatArray, b: FloatArray
) -> FloatArray:
    """Places ``(k, 2)`` along both axes where the gap over the shared ground can be least; ``turn``: sine, cosine.

    A place beside both axes by u and v stands at (u cos - v) / sin along ``a`` and (u - v cos) / sin along ``b``.
    Levels are linear between the points of both profiles: the least is at a corner of the shared ground, where a
    point's line across meets its border, or where two such lines meet.
    """
    sine, cosine = turn
    found = np.empty((4 + 4 * (len(a) + len(b)) + len(a) * len(b), 2))
    n = 0
    for u in (-half[0], half[0]):
        for v in (-half[1], half[1]):
            n = _put(found, n, u, v, turn)
    n = _on_border(found, n, a, 0, half, turn)
    n = _on_border(found, n, b, 1, half, turn)
    square = max(1.0 - cosine * cosine, PARALLEL_SINE)
    for k in range(len(a)):
        for m in range(len(b)):
            u = sine * (b[m, 0] - cosine * a[k, 0]) / square
            v = cosine * u - sine * a[k, 0]
            if abs(u) <= half[0] and abs(v) <= half[1]:
                found[n, 0], found[n, 1] = a[k, 0], b[m, 0]
                n += 1
    return found[:n]


@compiled
def _touching(lines: Lines, run: int, at: float) -> tuple[int, int]:
    """First and last segment of ``run`` that holds a chainage."""
    first, last = -1, -1
    for i in range(lines.offset[run], lines.offset[run + 1] - 1):
        if lines.chain_m[i] - SAME_PLACE_M <= at <= lines.chain_m[i + 1] + SAME_PLACE_M:
            first, last = (i if first < 0 else first), i
    return first, last


@compiled
def _straight_gaps(
    a: Axes, b: Axes, runs: tuple[int, int], at: tuple[float, float], half: tuple[float, float]
) -> tuple[float, float, bool, bool]:
    """:func:`least_gaps` with bends taken as unrolled."""
    over, under, open_a, open_b = math.inf, math.inf, False, False
    (i_first, i_last), (j_first, j_last) = (
        _touching(a.lines, runs[0], at[0]),
        _touching(b.lines, runs[1], at[1]),
    )
    for i in range(i_first, i_last + 1):
        for j in range(j_first, j_last + 1):
            p, q = segment(a.lines, i), segment(b.lines, j)
            sine, cosine = abs(p.ux * q.uy - p.uy * q.ux), p.ux * q.ux + p.uy * q.uy
            if p.length == 0.0 or q.length == 0.0:
                sine, cosine = 1.0, 0.0
            if sine <= PARALLEL_SINE:
                continue
            sine = max(sine, SHALLOW_SINE)
            reach_a = (half[1] + half[0] * abs(cosine)) / sine
            reach_b = (half[0] + half[1] * abs(cosine)) / sine
            along_a = profile(a, runs[0], at[0], reach_a + SAME_PLACE_M)
            along_b = profile(b, runs[1], at[1], reach_b + SAME_PLACE_M)
            # Beside a border by less than two crossings that are one may be apart is on it.
            open_a = open_a or _is_open(along_a, reach_a - SAME_PLACE_M)
            open_b = open_b or _is_open(along_b, reach_b - SAME_PLACE_M)
            places = _shared_places((sine, cosine), half, along_a, along_b)
            for k in range(len(places)):
                crown_a, bottom_a = _at(along_a, places[k, 0])
                crown_b, bottom_b = _at(along_b, places[k, 1])
                over, under = min(over, bottom_a - crown_b), min(under, bottom_b - crown_a)
    return over, under, open_a, open_b


@compiled
def least_gaps(
    a: Axes, b: Axes, runs: tuple[int, int], at: tuple[float, float], sine: float, reach_m: float
) -> tuple[float, float, bool, bool]:
    """Least level difference over the ground that both strips cover: bottom of ``a`` over crown of ``b``, and under.

    ``at``: the chainages of the crossing; ``sine`` of its angle; ``reach_m``: the axis distance that is asked. Least
    over the places where both levels are known, infinite when there is none; then whether levels of ``a``, and of
    ``b``, are not known somewhere there. Where an axis bends, branches or drops in what the crossing explains, it
    is followed where it really lies, too: what is less counts.
    """
    half = a.half_m[runs[0]], b.half_m[runs[1]]
    over, under, open_a, open_b = _straight_gaps(a, b, runs, at, half)
    found = bent_gaps(a, b, runs, at, sine, reach_m)
    return min(over, found[0]), min(under, found[1]), open_a or found[2], open_b or found[3]


@compiled
def gaps_of_crossings(a: Axes, b: Axes, pairs: IntArray, rows: FloatArray, reach_m: FloatArray) -> FloatArray:
    """:func:`least_gaps` of every row of ``crossings_of_pairs``: ``(k, 4)``; ``reach_m`` ``(p,)`` of each pair."""
    found = np.empty((len(rows), 4))
    for k in range(len(rows)):
        p = int(rows[k, 0])
        over, under, open_a, open_b = least_gaps(
            a, b, (pairs[p, 0], pairs[p, 1]), (rows[k, 1], rows[k, 2]), rows[k, 3], reach_m[p]
        )
        found[k, 0], found[k, 1] = over, under
        found[k, 2], found[k, 3] = (1.0 if open_a else 0.0), (1.0 if open_b else 0.0)
    return found
