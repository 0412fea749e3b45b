"""Levels of a new run along its chainage."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from xzgis.networks.rules.told_spans import TOLD_APART_M
from xzgis.networks.terms import FloatArray
from xzgis.works.terms import Depth, GroundAlong, GroundSource, NewRun, ProfilePoint

SAME_PLACE_M = 0.001
# Levels told so near each other are of one place: a drop, both of which hold there.
STEP_M = 0.005
# What a step is drawn over: more than lets one vertex of the axis stand for both its ends, and well before the next place.
_DRAWN_M = (0.0021, 0.0039)
_ALIKE_M = 0.01


def chainages(axis: FloatArray) -> FloatArray:
    """Chainage of every vertex of ``axis`` ``(n, 2)``, metres from its start."""
    return _summed(_steps(axis))


def without_repeats(axis: FloatArray) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    """``axis`` without vertices that repeat the one before, its chainages, and the mask of those kept."""
    steps = _steps(axis)
    kept = np.ones(len(axis), dtype=np.bool_)
    np.not_equal(steps, 0.0, out=kept[1:])
    if np.count_nonzero(kept) == len(kept):
        return axis, _summed(steps), kept
    return axis[kept], _summed(steps[kept[1:]]), kept


def _steps(axis: FloatArray) -> FloatArray:
    """Length of every segment of ``axis``, metres; zero only where a vertex repeats the one before."""
    steps = axis[1:] - axis[:-1]
    lengths: FloatArray = np.hypot(steps[:, 0], steps[:, 1])
    return lengths


def _summed(steps: FloatArray) -> FloatArray:
    chain = np.zeros(len(steps) + 1)
    np.add.accumulate(steps, out=chain[1:])
    return chain


def along(at: FloatArray, chainage: FloatArray, level: FloatArray) -> FloatArray:
    """Level at the chainages ``at``: straight between two known neighbours, never beyond the ends.

    A place exactly on a known point is known even when its neighbours are not; NaN elsewhere.
    """
    if len(chainage) == 0:
        return np.full(len(at), np.nan)
    if at is chainage or np.array_equal(at, chainage):
        return level.copy()
    right = np.clip(np.searchsorted(chainage, at, side="left"), 0, len(chainage) - 1)
    left = np.maximum(right - 1, 0)
    span = chainage[right] - chainage[left]
    share = np.where(span > 0, (at - chainage[left]) / np.where(span > 0, span, 1.0), 0.0)
    between = level[left] + share * (level[right] - level[left])
    for side in (left, right):
        between = np.where(np.abs(at - chainage[side]) <= SAME_PLACE_M, level[side], between)
    outside = (at < chainage[0] - SAME_PLACE_M) | (at > chainage[-1] + SAME_PLACE_M)
    return np.where(outside, np.nan, between)


def breakpoints(vertices: FloatArray, others: FloatArray) -> FloatArray:
    """Chainages of ``vertices`` and of those ``others`` that lie apart from them, ascending.

    Both in metres; an ``other`` within a millimetre of a vertex or beyond the ends adds nothing.
    """
    if others is vertices or len(others) == 0 or np.array_equal(others, vertices):
        return vertices
    inside = np.unique(others[(others > 0.0) & (others < vertices[-1])])
    if len(inside) == 0:
        return vertices
    right = np.searchsorted(vertices, inside)
    nearest = np.minimum(vertices[right] - inside, inside - vertices[right - 1])
    inside = inside[nearest > SAME_PLACE_M]
    apart = np.diff(inside, prepend=-np.inf) > SAME_PLACE_M
    return np.union1d(vertices, inside[apart])


def told_levels(points: Sequence[ProfilePoint], length_m: float) -> tuple[FloatArray, FloatArray]:
    """Chainages, ascending, and levels of a profile, no two within two millimetres of each other.

    Of points within :data:`STEP_M` of the first of them the first and the last level hold there: they stand millimetres
    apart, so that a drop is neither left out nor drawn out to the next point.
    """
    at: list[float] = []
    levels: list[float] = []
    told = _places_told(points)
    for number, place in enumerate(told):
        first, last = place[0], place[-1]
        if len(place) == 1:
            at.append(first.chainage_m)
            levels.append(first.level_m)
            continue
        begin = max(min(first.chainage_m, length_m - _DRAWN_M[0]), 0.0)
        end = max(last.chainage_m, begin + _DRAWN_M[0])
        at += [begin, min(end, length_m if number == len(told) - 1 else begin + _DRAWN_M[1])]
        levels += [first.level_m, last.level_m]
    return np.array(at, dtype=np.float64), np.array(levels, dtype=np.float64)


def more_than_a_step(points: Sequence[ProfilePoint]) -> list[ProfilePoint]:
    """Points between the two levels of one place that lie above or below both of them."""
    found = []
    for place in _places_told(points):
        low, high = sorted((place[0].level_m, place[-1].level_m))
        found += [one for one in place[1:-1] if not low - _ALIKE_M <= one.level_m <= high + _ALIKE_M]
    return found


def unordered_steps(points: Sequence[ProfilePoint]) -> list[ProfilePoint]:
    """Second levels of a place in a list that does not run along the run: which of the two comes first is not known.

    A list from its end to its start is none either: people write both in the order of the list and in that of the run.
    """
    at = [one.chainage_m for one in points]
    if at == sorted(at):
        return []
    return [
        one
        for place in _places_told(points)
        for before, one in pairwise(place)
        if before.chainage_m == one.chainage_m and abs(one.level_m - before.level_m) > _ALIKE_M
    ]


def _places_told(points: Sequence[ProfilePoint]) -> list[list[ProfilePoint]]:
    """The points in the order of their chainages, and of the list at one chainage, by the place they are of."""
    told: list[list[ProfilePoint]] = []
    for one in sorted(points, key=lambda point: point.chainage_m):
        if told and one.chainage_m - told[-1][0].chainage_m <= STEP_M:
            told[-1].append(one)
        else:
            told.append([one])
    return told


def places(axis: FloatArray, vertices: FloatArray, at: FloatArray) -> FloatArray:
    """Plan positions ``(k, 2)`` at the chainages ``at``; vertices of ``axis`` come back unchanged."""
    if at is vertices:
        return axis.copy()
    return np.column_stack([np.interp(at, vertices, axis[:, 0]), np.interp(at, vertices, axis[:, 1])])


def crown_and_bottom(
    depth: Depth, at: FloatArray, ground: FloatArray, height_m: float, wall_m: float
) -> tuple[FloatArray, FloatArray]:
    """Crown and bottom level of the outer envelope at the chainages ``at``.

    Parameters
    ----------
    depth
        Constant cover below ``ground``, or a profile of crown, bottom or invert levels, or nothing.
    at
        Chainages of the vertices, ascending, from the start of the run to its end.
    ground
        ``(k,)`` ground level at each chainage, NaN where unknown.
    height_m
        Outer height; NaN when unknown: then only the level that was given is known.
    wall_m
        Thickness below the invert; NaN when unknown: then an invert tells no level.

    Returns
    -------
    crown, bottom
        ``(k,)`` each, 1985 datum, NaN where unknown.
    """
    if depth.cover_m is not None:
        crown = ground - depth.cover_m
        return crown, crown - height_m
    level = along(at, *told_levels(depth.profile, at[-1]))
    if depth.profile_of == "invert":
        level = level - wall_m
    if depth.profile_of != "crown":
        return level + height_m, level
    return level, level - height_m


def ground_of_work(run: NewRun, chain: FloatArray, kept: npt.NDArray[np.bool_]) -> GroundAlong | None:
    """The ground that the document gives; ``kept`` tells which of its vertices stand at the chainages ``chain`` ``(n,)``."""
    if run.ground_m is None or all(level is None for level in run.ground_m):
        return None
    told = np.array(run.ground_m, dtype=np.float64)
    at, level = (chain, told) if kept.all() else _ground_told(told, chain, kept)
    return GroundAlong(at, level, GroundSource.WORK, sigma_m=0.0)


def _ground_told(
    told: FloatArray, chain: FloatArray, kept: npt.NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """Chainages, ascending, and ground of vertices of which some repeat the one before.

    Two levels of a repeated vertex are a drop of the ground: both hold there, a few millimetres apart. One of them that
    is unknown leaves the ground unknown on its side.
    """
    at: list[float] = []
    level: list[float] = []
    firsts = np.flatnonzero(kept)
    lasts = np.append(firsts[1:], len(kept)) - 1
    for place, (first, last) in enumerate(zip(told[firsts].tolist(), told[lasts].tolist(), strict=True)):
        here = float(chain[place])
        if first == last or (np.isnan(first) and np.isnan(last)):
            at.append(here)
            level.append(first)
            continue
        is_end = place == len(chain) - 1
        before = float(chain[place - 1]) if is_end else float(chain[place + 1])
        drawn = min(_DRAWN_M[0 if is_end else 1], abs(before - here) / 2.0)
        at += [here - drawn, here] if is_end else [here, here + drawn]
        level += [first, last]
    return np.array(at), np.array(level)


def more_than_a_drop(run: NewRun) -> list[int]:
    """Vertices that repeat one place whose ground lies above or below both the first and the last told there."""
    found: list[int] = []
    ground = run.ground_m or ()
    first = 0
    for at in range(1, len(ground) + 1):
        if at < len(ground) and run.axis[at] == run.axis[first]:
            continue
        ends = [level for level in (ground[first], ground[at - 1]) if level is not None]
        found += [
            one
            for one in range(first + 1, at - 1)
            if (level := ground[one]) is not None
            and not (ends and min(ends) - _ALIKE_M <= level <= max(ends) + _ALIKE_M)
        ]
        first = at
    return found


def ground_at(ground: GroundAlong, at: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The lower and the higher ground at the chainages ``at``: they differ at a drop alone, NaN where unknown."""
    own = along(at, ground.chainage_m, ground.level_m)
    low, high = own, own
    for side in (at - STEP_M, at + STEP_M):
        beside = along(side, ground.chainage_m, ground.level_m)
        is_drop = np.abs(beside - own) > _ALIKE_M
        low = np.where(is_drop, np.fmin(low, beside), low)
        high = np.where(is_drop, np.fmax(high, beside), high)
    return low, high


def told_ground(ground: GroundAlong | None) -> GroundAlong | None:
    """``ground`` as far as it is told: unknown between levels farther apart than :data:`TOLD_APART_M` (decision 0076).

    Of each such stretch a place in its middle says so.
    """
    if ground is None:
        return None
    known = ground.chainage_m[np.isfinite(ground.level_m)]
    is_far = np.diff(known) > TOLD_APART_M + SAME_PLACE_M
    if not is_far.any():
        return ground
    middle = (known[:-1] + known[1:])[is_far] / 2.0
    at = np.concatenate([ground.chainage_m, middle])
    level = np.concatenate([ground.level_m, np.full(len(middle), np.nan)])
    order = np.argsort(at, kind="stable")
    return replace(ground, chainage_m=at[order], level_m=level[order])


def simplified(ground: GroundAlong, tolerance_m: float) -> GroundAlong:
    """``ground`` with fewer points: none of the dropped ones lay more than ``tolerance_m`` off."""
    keep = np.zeros(len(ground.chainage_m), dtype=bool)
    if len(keep) == 0:
        return ground
    keep[[0, -1]] = True
    stack = [(0, len(keep) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        inner = slice(first + 1, last)
        off = _offsets(ground, first, last)
        worst = int(np.argmax(off)) + first + 1
        if np.isnan(ground.level_m[inner]).any() or off[worst - first - 1] > tolerance_m:
            keep[worst] = True
            stack += [(first, worst), (worst, last)]
    return GroundAlong(ground.chainage_m[keep], ground.level_m[keep], ground.source, ground.sigma_m)


def _offsets(ground: GroundAlong, first: int, last: int) -> FloatArray:
    """How far each inner point lies off the straight line between two points; unknown counts as far."""
    chainage, level = ground.chainage_m, ground.level_m
    share = (chainage[first + 1 : last] - chainage[first]) / (chainage[last] - chainage[first])
    straight = level[first] + share * (level[last] - level[first])
    off: FloatArray = np.nan_to_num(np.abs(level[first + 1 : last] - straight), nan=np.inf)
    return off
