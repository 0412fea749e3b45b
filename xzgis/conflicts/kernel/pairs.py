"""Many pairs at once: which runs come near each other, where, and where they cross."""

import numpy as np
import numpy.typing as npt

from xzgis.conflicts.kernel.compiled import EQUAL_M, compiled
from xzgis.conflicts.kernel.crossing import COLUMNS, crossings
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.plan import apart, grown_box, stretches
from xzgis.conflicts.kernel.solid import shared_spans
from xzgis.networks.terms import FloatArray, IntArray


@compiled
def meets(lines: Lines, a: int, others: Lines, b: int, reach: float) -> bool:
    """Whether any two segments of the runs have boxes within ``reach`` of each other."""
    if (
        lines.box_m[a, 0] - reach > others.box_m[b, 2]
        or lines.box_m[a, 2] + reach < others.box_m[b, 0]
        or lines.box_m[a, 1] - reach > others.box_m[b, 3]
        or lines.box_m[a, 3] + reach < others.box_m[b, 1]
    ):
        return False
    px, py, qx, qy = lines.x_m, lines.y_m, others.x_m, others.y_m
    for i in range(lines.offset[a], lines.offset[a + 1] - 1):
        box = grown_box(px[i], py[i], px[i + 1], py[i + 1], reach)
        for j in range(others.offset[b], others.offset[b + 1] - 1):
            if not apart(box, qx[j], qy[j], qx[j + 1], qy[j + 1]):
                return True
    return False


@compiled
def near_pairs(
    lines: Lines,
    others: Lines,
    fixed_m: FloatArray,
    class_a: npt.NDArray[np.int32],
    class_b: npt.NDArray[np.int32],
    own_a: FloatArray,
    own_b: FloatArray,
) -> IntArray:
    """Pairs ``(p, 2)`` of runs within their own reach of each other, ordered by ``a`` then ``b``.

    The reach of a pair is ``fixed_m[class_a, class_b]`` plus both own parts: half the largest width and k sigma
    (the sum of both sigmas bounds the root of their squares). ``fixed_m`` of -inf takes a pair out.
    """
    found = np.empty((64, 2), dtype=np.int64)
    n = 0
    for a in range(len(lines.offset) - 1):
        for b in range(len(others.offset) - 1):
            reach = fixed_m[class_a[a], class_b[b]] + own_a[a] + own_b[b]
            if not meets(lines, a, others, b, reach + EQUAL_M):
                continue
            if n == len(found):
                grown = np.empty((2 * n, 2), dtype=np.int64)
                grown[:n] = found
                found = grown
            found[n, 0], found[n, 1] = a, b
            n += 1
    return found[:n].copy()


@compiled
def stretches_of_pairs(lines: Lines, others: Lines, pairs: IntArray, reach_m: FloatArray) -> FloatArray:
    """Stretches of every pair at each of its reaches ``(p, r)``.

    Returns ``(k, 4)``: number of the reach, pair number, first and last chainage along ``a``.
    """
    found = np.empty((64, 4))
    n = 0
    for r in range(reach_m.shape[1]):
        for p in range(len(pairs)):
            part = stretches(lines, pairs[p, 0], others, pairs[p, 1], reach_m[p, r])
            if n + len(part) > len(found):
                grown = np.empty((2 * (n + len(part)), 4))
                grown[:n] = found[:n]
                found = grown
            for k in range(len(part)):
                found[n, 0], found[n, 1], found[n, 2], found[n, 3] = r, p, part[k, 0], part[k, 1]
                n += 1
    return found[:n].copy()


@compiled
def crossings_of_pairs(lines: Lines, others: Lines, pairs: IntArray) -> FloatArray:
    """Crossings of every pair: ``(k, 10)`` pair number, then the columns of ``CROSSING_COLUMNS``."""
    found = np.empty((64, 1 + COLUMNS))
    n = 0
    for p in range(len(pairs)):
        part = crossings(lines, pairs[p, 0], others, pairs[p, 1])
        if n + len(part) > len(found):
            grown = np.empty((2 * (n + len(part)), 1 + COLUMNS))
            grown[:n] = found[:n]
            found = grown
        for k in range(len(part)):
            found[n, 0] = p
            found[n, 1:] = part[k]
            n += 1
    return found[:n].copy()


@compiled
def meetings_of_pairs(
    lines: Lines, others: Lines, pairs: IntArray, reach_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """:func:`stretches_of_pairs` and :func:`crossings_of_pairs`, for one way into machine code."""
    return stretches_of_pairs(lines, others, pairs, reach_m), crossings_of_pairs(lines, others, pairs)


@compiled
def shared_spans_of_pairs(
    lines: Lines, others: Lines, pairs: IntArray, reach_m: FloatArray, slack_m: FloatArray
) -> FloatArray:
    """Spans in which the envelopes of every pair share space: ``(k, 3)`` pair number, first and last chainage."""
    found = np.empty((64, 3))
    n = 0
    for p in range(len(pairs)):
        part = shared_spans(lines, pairs[p, 0], others, pairs[p, 1], reach_m[p], slack_m[p])
        if n + len(part) > len(found):
            grown = np.empty((2 * (n + len(part)), 3))
            grown[:n] = found[:n]
            found = grown
        for k in range(len(part)):
            found[n, 0], found[n, 1], found[n, 2] = p, part[k, 0], part[k, 1]
            n += 1
    return found[:n].copy()
