"""Runs as the arrays that the compiled functions read."""

import math
from typing import NamedTuple

import numpy as np

from xzgis.conflicts.kernel.compiled import compiled
from xzgis.networks.terms import FloatArray, IntArray, RunColumns


class Lines(NamedTuple):
    """Many axes: run ``i`` owns the vertices ``offset[i]:offset[i + 1]``, at least two of them.

    ``chain_m`` is the plan length along the run up to each vertex; ``box_m`` is ``(n, 4)``:
    west, south, east, north. Levels are NaN where unknown.
    """

    offset: IntArray
    x_m: FloatArray
    y_m: FloatArray
    chain_m: FloatArray
    crown_m: FloatArray
    bottom_m: FloatArray
    ground_m: FloatArray
    box_m: FloatArray


def lines_of(runs: RunColumns, *, origin_m: tuple[float, float]) -> Lines:
    """``runs`` relative to ``origin_m``, without vertices that repeat the one before in plan and level.

    A run of one vertex becomes an axis without length (a riser 立管).

    Raises
    ------
    ValueError
        A coordinate or an accuracy is not a finite number, or a run has no vertex.
    """
    _check_finite(runs)
    if not len(runs.run_id):
        return no_lines()
    shift_x, shift_y = runs.origin_m[0] - origin_m[0], runs.origin_m[1] - origin_m[1]
    xy_m, crown_m, bottom_m, ground_m = (
        np.ascontiguousarray(each) for each in (runs.xy_m, runs.crown_m, runs.bottom_m, runs.ground_m)
    )
    return Lines(*_drawn(runs.offset, xy_m, crown_m, bottom_m, ground_m, shift_x, shift_y))


@compiled
def _drawn(
    given: IntArray,
    xy_m: FloatArray,
    crown_m: FloatArray,
    bottom_m: FloatArray,
    ground_m: FloatArray,
    shift_x: float,
    shift_y: float,
) -> tuple[IntArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """The fields of :class:`Lines`: vertices that repeat the one before left out, the only one of a run twice."""
    runs, room = len(given) - 1, 2 * len(xy_m)
    offset, box = np.zeros(runs + 1, dtype=np.int64), np.empty((runs, 4))
    x, y, chain = np.empty(room), np.empty(room), np.empty(room)
    crown, bottom, ground = np.empty(room), np.empty(room), np.empty(room)
    n = 0
    for run in range(runs):
        first = n
        if given[run] >= given[run + 1]:
            raise ValueError("Every run needs at least one vertex.")
        for row in range(given[run], given[run + 1]):
            if n > first and (
                xy_m[row, 0] == xy_m[row - 1, 0]
                and xy_m[row, 1] == xy_m[row - 1, 1]
                and _same(crown_m[row], crown_m[row - 1])
                and _same(bottom_m[row], bottom_m[row - 1])
                and _same(ground_m[row], ground_m[row - 1])
            ):
                continue
            x[n], y[n] = xy_m[row, 0] + shift_x, xy_m[row, 1] + shift_y
            crown[n], bottom[n], ground[n] = crown_m[row], bottom_m[row], ground_m[row]
            chain[n] = 0.0 if n == first else chain[n - 1] + math.hypot(x[n] - x[n - 1], y[n] - y[n - 1])
            n += 1
        if n == first + 1:
            x[n], y[n], chain[n] = x[first], y[first], 0.0
            crown[n], bottom[n], ground[n] = crown[first], bottom[first], ground[first]
            n += 1
        offset[run + 1] = n
        box[run, 0], box[run, 1] = x[first:n].min(), y[first:n].min()
        box[run, 2], box[run, 3] = x[first:n].max(), y[first:n].max()
    return (
        offset, x[:n].copy(), y[:n].copy(), chain[:n].copy(),
        crown[:n].copy(), bottom[:n].copy(), ground[:n].copy(), box,
    )  # fmt: skip


@compiled
def _same(a: float, b: float) -> bool:
    """Whether two levels are equal, or both unknown."""
    return a == b or (math.isnan(a) and math.isnan(b))


def no_lines() -> Lines:
    """No line at all."""
    none = np.empty(0, dtype=np.float64)
    return Lines(np.zeros(1, dtype=np.int64), none, none, none, none, none, none, np.empty((0, 4)))


def _check_finite(runs: RunColumns) -> None:
    for name, values in (
        ("coordinates", runs.xy_m),
        ("plan accuracies", runs.sigma_plan_m),
        ("level accuracies", runs.sigma_level_m),
        ("widths", runs.width_m),
        ("heights", runs.height_m),
    ):
        # A sum is finite only when every part of it is; the parts are asked when it is not.
        if not math.isfinite(np.add.reduce(values, axis=None)) and not np.isfinite(values).all():
            raise ValueError(f"The {name} of the runs must be finite numbers.")
