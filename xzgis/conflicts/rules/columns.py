"""Columns of runs: none at all, chosen ones, bounds of sizes."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.terms import Conditions, FloatArray, IntArray, RunColumns

MM_PER_M = 1000.0


def plausible_mm(conditions: Sequence[Conditions], catalogue: Catalogue) -> FloatArray:
    """``(n, 2)`` plausible outer sizes of the kinds of ``conditions``, millimetres."""
    return np.array(
        [catalogue.kinds[condition.kind].plausible_outer_width_mm for condition in conditions],
        dtype=np.float64,
    ).reshape(-1, 2)


def bounds_m(size_mm: FloatArray, spread_mm: FloatArray, plausible: Callable[[], FloatArray]) -> FloatArray:
    """``(…, n, 2)`` smallest and largest outer size in metres; the plausible ones where none is known.

    ``size_mm`` is ``(…, n)``, ``spread_mm`` ``(n,)``; ``plausible`` gives ``(n, 2)`` and is asked only where a size is missing.
    """
    unknown, bounds = np.isnan(size_mm), np.empty((*size_mm.shape, 2))
    np.maximum(size_mm - spread_mm, 0.0, out=bounds[..., 0])
    np.add(size_mm, spread_mm, out=bounds[..., 1])
    if unknown.any():
        bounds[unknown] = np.broadcast_to(plausible(), bounds.shape)[unknown]
    bounds /= MM_PER_M
    return bounds


def no_runs(origin_m: tuple[float, float]) -> RunColumns:
    """Columns of no run at all."""
    numbers, integers = np.empty(0, dtype=np.float64), np.empty(0, dtype=np.int64)
    return RunColumns(
        origin_m=origin_m,
        conditions=(),
        run_id=integers,
        condition=np.empty(0, dtype=np.int32),
        offset=np.zeros(1, dtype=np.int64),
        xy_m=np.empty((0, 2)),
        crown_m=numbers,
        bottom_m=numbers,
        ground_m=numbers,
        width_m=np.empty((0, 2)),
        height_m=np.empty((0, 2)),
        sigma_plan_m=numbers,
        sigma_level_m=numbers,
        life=np.empty(0, dtype=np.int8),
        from_node=integers,
        to_node=integers,
        bank=integers,
        chamber_link=np.empty(0, dtype=np.bool_),
    )


def chosen(runs: RunColumns, places: IntArray) -> RunColumns:
    """Only the runs at ``places`` (ascending), with their vertices."""
    counts = np.diff(runs.offset)
    kept = np.zeros(len(counts), dtype=np.bool_)
    kept[places] = True
    used = np.repeat(kept, counts)
    per_run = ("run_id", "condition", "width_m", "height_m", "sigma_plan_m", "sigma_level_m", "life", "from_node",
               "to_node", "bank", "chamber_link")  # fmt: skip
    per_vertex = ("xy_m", "crown_m", "bottom_m", "ground_m")
    return replace(
        runs,
        offset=np.concatenate(([0], np.cumsum(counts[kept]))).astype(np.int64),
        **{name: getattr(runs, name)[kept] for name in per_run},
        **{name: getattr(runs, name)[used] for name in per_vertex},
    )
