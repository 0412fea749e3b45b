"""Axes and levels of many runs from the bytes that PostgreSQL sends, one after another."""

import numpy as np
import numpy.typing as npt

from xzgis.conflicts.kernel.compiled import compiled
from xzgis.networks.terms import FloatArray, IntArray

LINE_WITH_SRID = 0x20000002
EWKB_HEADER = 13
NO_ARRAY = bytes(12)
"""The wire form of an array without dimensions: stands for one that is null."""

Bytes = npt.NDArray[np.uint8]


@compiled
def axes_of_rows(body: Bytes, runs: int, east_m: float, north_m: float) -> tuple[IntArray, FloatArray]:
    """Where the vertices of each of ``runs`` line strings begin ``(n + 1,)``, and all of them ``(v, 2)``.

    ``body`` holds one little-endian EWKB of a plane line string with its SRID after another; ``east_m`` and
    ``north_m`` are subtracted.

    Raises
    ------
    ValueError
        Something else than such line strings.
    """
    offset, room = np.zeros(runs + 1, dtype=np.int64), len(body) // 16
    words = np.empty((room, 2), dtype=np.uint64)
    at, n = 0, 0
    for run in range(runs):
        # Machine code looks at no bounds: nothing is read that was not sent.
        if at + EWKB_HEADER > len(body) or body[at] != 1 or _read(body, at + 4, -1, 4) != LINE_WITH_SRID:
            raise ValueError("A run is no plane line string with its SRID.")
        count = np.int64(_read(body, at + 12, -1, 4))
        at += EWKB_HEADER
        if count > (len(body) - at) // 16:
            raise ValueError("The line strings do not end where they should.")
        for _ in range(count):
            words[n, 0], words[n, 1] = _read(body, at + 7, -1, 8), _read(body, at + 15, -1, 8)
            at += 16
            n += 1
        offset[run + 1] = n
    if at != len(body):
        raise ValueError("The line strings do not end where they should.")
    xy_m = words[:n].copy().view(np.float64)
    for row in range(n):
        xy_m[row, 0] -= east_m
        xy_m[row, 1] -= north_m
    return offset, xy_m


@compiled
def levels_of_rows(body: Bytes, offset: IntArray, parts: int) -> FloatArray:
    """``(parts, v)`` levels of all vertices; NaN where an array or its element is null.

    ``body`` holds the wire form of one ``float8[]`` after another: all runs of the first part, then of the next.

    Raises
    ------
    ValueError
        An array has another length than the axis of its run.
    """
    runs = len(offset) - 1
    levels = np.full((parts, offset[runs]), np.nan)
    words, at = levels.view(np.uint64), 0
    for part in range(parts):
        for run in range(runs):
            if at + len(NO_ARRAY) > len(body):
                raise ValueError("The levels do not end where they should.")
            if _read(body, at, 1, 4) == 0:
                at += len(NO_ARRAY)
                continue
            count = offset[run + 1] - offset[run]
            if at + 20 + 4 * count > len(body) or np.int64(_read(body, at + 12, 1, 4)) != count:
                raise ValueError("A run has another number of levels than of vertices.")
            at += 20
            for row in range(offset[run], offset[run + 1]):
                known = at + 4 <= len(body) and body[at] == 0
                at += 4
                if known:
                    words[part, row] = _read(body, at, 1, 8) if at + 8 <= len(body) else np.uint64(0)
                    at += 8
    if at != len(body):
        raise ValueError("The levels do not end where they should.")
    return levels


@compiled
def _read(body: Bytes, at: int, step: int, size: int) -> int:
    """The whole number in ``size`` bytes from ``at`` on, the highest first; ``step`` -1 goes backwards."""
    word = np.uint64(0)
    for k in range(size):
        word = (word << np.uint64(8)) | np.uint64(body[at + step * k])
    return word  # type: ignore[return-value]  # a whole number of numpy
