"""Runs as the arrays that the compiled functions read."""

from typing import NamedTuple

import numpy as np

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
        A coordinate or an accuracy is not a finite number.
    """
    _check_finite(runs)
    if not len(runs.run_id):
        return no_lines()
    keep = _repeats(runs)
    count = np.diff(runs.offset)
    owner = np.repeat(np.arange(len(count)), count)
    rows = np.repeat(np.arange(len(owner)), keep)
    owner = owner[rows]
    offset = np.zeros(len(count) + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, minlength=len(count)), out=offset[1:])
    x = np.ascontiguousarray(runs.xy_m[rows, 0] + (runs.origin_m[0] - origin_m[0]))
    y = np.ascontiguousarray(runs.xy_m[rows, 1] + (runs.origin_m[1] - origin_m[1]))
    step = np.hypot(np.diff(x, prepend=x[:1]), np.diff(y, prepend=y[:1]))
    starts = offset[:-1]
    step[starts] = 0.0
    total = np.cumsum(step)
    chain = total - np.repeat(total[starts], np.diff(offset))
    box = np.column_stack(
        [
            f.reduceat(v, starts)
            for f, v in ((np.minimum, x), (np.minimum, y), (np.maximum, x), (np.maximum, y))
        ]
    )
    return Lines(
        offset,
        x,
        y,
        chain,
        runs.crown_m[rows],
        runs.bottom_m[rows],
        runs.ground_m[rows],
        np.ascontiguousarray(box),
    )


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
        if not np.isfinite(values).all():
            raise ValueError(f"The {name} of the runs must be finite numbers.")
    if len(runs.run_id) and np.diff(runs.offset).min() < 1:
        raise ValueError("Every run needs at least one vertex.")


def _repeats(runs: RunColumns) -> IntArray:
    """How often each vertex is taken: 0 for a repeated one, 2 for the only one of a run."""
    rows = np.column_stack([runs.xy_m, runs.crown_m, runs.bottom_m, runs.ground_m])
    same = np.zeros(len(rows), dtype=bool)
    if len(rows) > 1:
        a, b = rows[1:], rows[:-1]
        same[1:] = ((a == b) | (np.isnan(a) & np.isnan(b))).all(axis=1)
    same[runs.offset[:-1]] = False
    taken = (~same).astype(np.int64)
    alone = np.add.reduceat(taken, runs.offset[:-1]) == 1 if len(runs.run_id) else np.zeros(0, dtype=bool)
    taken[runs.offset[:-1][alone]] = 2
    return taken
