"""New runs that meet themselves or come back beside themselves: a run is not judged against itself, so it is told."""

from collections.abc import Sequence

import numpy as np
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.book import is_overhead
from xzgis.conflicts.rules.findings import run_name
from xzgis.conflicts.rules.judge import rule_book
from xzgis.networks.terms import FloatArray, IntArray, RunColumns

BETWEEN = 2.0
"""Places of a run are beside each other when this many times the least distance, or more, of the run lies between them:
a turn of up to 120° explains itself. A line that turns by less in all never comes nearer than that (Schur, Schmidt)."""
MOST_TURNED = np.deg2rad(120.0)


def crossing_themselves(runs: RunColumns) -> list[str]:
    """Names of the new runs whose axis meets itself."""
    if len(runs.run_id) == 0:
        return []
    of_run = np.repeat(np.arange(len(runs.run_id)), np.diff(runs.offset))
    meets = ~shapely.is_simple(shapely.linestrings(runs.xy_m, indices=of_run))
    return [run_name(at) for at in np.flatnonzero(meets).tolist()]


def beside_themselves(runs: RunColumns, catalogue: Catalogue, *, without: Sequence[str] = ()) -> list[str]:
    """Names of the new runs that come back nearer than the tables let two such lines lie, and do not meet; the rest
    of a run, drawn as a run of its own, would be judged there.
    """
    told = []
    for at in range(len(runs.run_id)):
        axis = runs.xy_m[runs.offset[at] : runs.offset[at + 1]]
        if run_name(at) not in without and turned_rad(axis) > MOST_TURNED:
            least_m = _least_m(runs, at, catalogue)
            if returned_m(axis, least_m) < least_m:
                told.append(run_name(at))
    return told


def turned_rad(axis: FloatArray) -> float:
    """By how much an axis turns in all, left and right alike."""
    ways = np.diff(axis, axis=0)
    ways = ways[(ways != 0.0).any(axis=1)]  # a drop stands twice at one place
    cross = ways[:-1, 0] * ways[1:, 1] - ways[:-1, 1] * ways[1:, 0]
    return float(np.abs(np.arctan2(cross, (ways[:-1] * ways[1:]).sum(axis=1))).sum())


def returned_m(axis: FloatArray, least_m: float) -> float:
    """How near an axis that does not meet itself comes to itself, over places with :data:`BETWEEN` times ``least_m`` or
    more of it between them; infinite where it stays ``least_m`` away. Exact: two straight parts are nearest at an end
    of one, or where just so much lies between.
    """
    axis = axis[np.concatenate([[True], (np.diff(axis, axis=0) != 0.0).any(axis=1)])]
    starts, ways = axis[:-1], np.diff(axis, axis=0)
    lengths = np.hypot(ways[:, 0], ways[:, 1])
    chain, between_m = np.concatenate([[0.0], np.cumsum(lengths)]), BETWEEN * least_m
    parts = np.atleast_1d(np.asarray(shapely.linestrings(np.stack([starts, axis[1:]], axis=1))))
    first, second = shapely.STRtree(parts).query(parts, predicate="dwithin", distance=least_m)
    far = chain[second + 1] - chain[first] >= between_m
    first, second = first[far], second[far]
    if not len(first):
        return float("inf")
    return float(_nearest(starts, ways / lengths[:, None], lengths, (first, second),
                          between_m - (chain[second] - chain[first])).min())  # fmt: skip


def _nearest(
    starts: FloatArray,
    units: FloatArray,
    lengths: FloatArray,
    pairs: tuple[IntArray, IntArray],
    lag_m: FloatArray,
) -> FloatArray:
    """Least distance of each pair of parts over places ``u`` along the first and ``v`` >= ``u + lag_m`` along the second."""
    (first, second), none = pairs, np.zeros(len(lag_m))
    d, e, gap = units[first], units[second], starts[second] - starts[first]
    long, other = lengths[first], lengths[second]

    def along(offset: FloatArray, way: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
        """Least length of ``offset + x * way`` for ``low <= x <= high``; infinite where there is no such ``x``."""
        square = (way**2).sum(axis=1)
        x = -(offset * way).sum(axis=1) / np.where(square == 0.0, 1.0, square)
        at = offset + np.clip(x, low, np.maximum(low, high))[:, None] * way
        return np.where(low <= high, np.hypot(at[:, 0], at[:, 1]), np.inf)

    least: FloatArray = np.minimum.reduce([
        along(gap, e, np.maximum(lag_m, 0.0), other),
        along(gap - long[:, None] * d, e, np.maximum(lag_m + long, 0.0), other),
        along(gap, -d, none, np.minimum(long, -lag_m)),
        along(gap + other[:, None] * e, -d, none, np.minimum(long, other - lag_m)),
        along(gap + lag_m[:, None] * e, e - d, np.maximum(-lag_m, 0.0), np.minimum(long, other - lag_m)),
    ])  # fmt: skip
    return least


def _least_m(runs: RunColumns, at: int, catalogue: Catalogue) -> float:
    """Between the axes of two runs like this one: its outer width, the strictest clearance asked between them, and what
    both places may be off. Lines in the air have no clearance in the tables.
    """
    facts, (narrow, wide) = runs.conditions[runs.condition[at]], runs.width_m[at].tolist()
    asked = rule_book(catalogue).horizontal(facts, facts)
    has_rule = asked.reached and not is_overhead(facts)
    required_m = asked.range_m((narrow, wide), (narrow, wide))[1] if has_rule else 0.0
    off_m = catalogue.limits.sigma_factor * float(np.hypot(*[runs.sigma_plan_m[at]] * 2))
    return float(wide + required_m + off_m)
