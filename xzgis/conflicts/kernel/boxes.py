"""Boxes around the pieces of axes."""

import math

import numpy as np

from xzgis.conflicts.kernel.compiled import compiled
from xzgis.networks.terms import FloatArray, IntArray


@compiled
def piece_boxes(offset: IntArray, xy_m: FloatArray, together_m: float) -> tuple[IntArray, FloatArray]:
    """Run ``(s,)`` and box ``(s, 4)`` of every piece of the axes: west, south, east, north.

    Run ``i`` owns the vertices ``offset[i]:offset[i + 1]``. Segments that begin within the same ``together_m``
    of the chainage of their run share a box; a run of fewer than two vertices has none.
    """
    room = len(xy_m)
    owner, box = np.empty(room, dtype=np.int64), np.empty((room, 4))
    n = -1
    for run in range(len(offset) - 1):
        reached, piece = 0.0, -1.0
        for k in range(offset[run], offset[run + 1] - 1):
            west, east = min(xy_m[k, 0], xy_m[k + 1, 0]), max(xy_m[k, 0], xy_m[k + 1, 0])
            south, north = min(xy_m[k, 1], xy_m[k + 1, 1]), max(xy_m[k, 1], xy_m[k + 1, 1])
            number = math.floor(reached / together_m)
            if number != piece:
                piece = number
                n += 1
                owner[n] = run
                box[n, 0], box[n, 1], box[n, 2], box[n, 3] = west, south, east, north
            else:
                box[n, 0], box[n, 1] = min(box[n, 0], west), min(box[n, 1], south)
                box[n, 2], box[n, 3] = max(box[n, 2], east), max(box[n, 3], north)
            reached += math.hypot(xy_m[k + 1, 0] - xy_m[k, 0], xy_m[k + 1, 1] - xy_m[k, 1])
    return owner[: n + 1].copy(), box[: n + 1].copy()


@compiled
def looked_boxes(
    offset: IntArray, xy_m: FloatArray, together_m: float, east_m: float, north_m: float, ways_m: FloatArray
) -> FloatArray:
    """West, south, east, north ``(5, s)`` of :func:`piece_boxes`, moved and grown, and how much less is asked too.

    ``ways_m`` is ``(2, n)``: how far each run is looked around, and how much less for what lies nearer.
    """
    owner, box = piece_boxes(offset, xy_m, together_m)
    found = np.empty((5, len(owner)))
    for k in range(len(owner)):
        reach = ways_m[0, owner[k]]
        found[0, k], found[1, k] = box[k, 0] + east_m - reach, box[k, 1] + north_m - reach
        found[2, k], found[3, k] = box[k, 2] + east_m + reach, box[k, 3] + north_m + reach
        found[4, k] = ways_m[1, owner[k]]
    return found
