"""Where the grounds of two runs differ most beyond what their accuracy and the slope between known places explain."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from xzgis.conflicts.kernel.compiled import compiled
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.plan import nearest
from xzgis.networks.terms import FloatArray

ON_VERTEX_M = 0.001
"""A place this near to a vertex has the level of the vertex, known or not."""


class Explained(NamedTuple):
    """What explains a step: ``factor`` times sigma, and a slope over the way to known ground, at most ``farthest_m``."""

    sigma_m: float
    factor: float
    slope: float
    farthest_m: float


@compiled
def _ground_at(lines: Lines, run: int, at: float, farthest_m: float) -> tuple[float, float]:
    """The ground at a chainage, NaN where not known, and the way to the nearest vertex that knows it."""
    first, last = lines.offset[run], lines.offset[run + 1] - 1
    chain, ground = lines.chain_m, lines.ground_m
    off = math.inf
    for k in range(first, last + 1):
        if math.isfinite(ground[k]):
            off = min(off, abs(at - chain[k]))
    off = min(off, farthest_m)
    if at < chain[first] - ON_VERTEX_M or at > chain[last] + ON_VERTEX_M:
        return math.nan, off
    right = first
    while right < last and chain[right] < at:
        right += 1
    left = max(right - 1, first)
    for side in (right, left):
        if abs(at - chain[side]) <= ON_VERTEX_M:
            return ground[side], off
    if chain[right] == chain[left]:
        return ground[left], off
    share = (at - chain[left]) / (chain[right] - chain[left])
    return ground[left] + share * (ground[right] - ground[left]), off


@compiled
def _beyond(
    lines: Lines, a: int, others: Lines, b: int, at: tuple[float, float], explained: Explained
) -> tuple[float, float, float]:
    """How much more than explained the grounds differ at a place of both, -inf where one is not known; both grounds."""
    one, off_a = _ground_at(lines, a, at[0], explained.farthest_m)
    other, off_b = _ground_at(others, b, at[1], explained.farthest_m)
    spread = math.sqrt(explained.sigma_m**2 + explained.slope**2 * (off_a**2 + off_b**2))
    beyond = abs(one - other) - explained.factor * spread
    return (-math.inf if math.isnan(beyond) else beyond), one, other


@compiled
def _beside(
    lines: Lines,
    a: int,
    others: Lines,
    b: int,
    span: tuple[float, float],
    wide_m: float,
    explained: Explained,
) -> tuple[float, float, float]:
    """:func:`_beyond` where the axes are nearest on a span of ``a``, nowhere when they are farther than ``wide_m``."""
    found = nearest(lines, a, others, b, span[0], span[1])
    if found.distance_m > wide_m:
        return -math.inf, math.nan, math.nan
    return _beyond(lines, a, others, b, (found.at_a_m, found.at_b_m), explained)


@compiled
def _worse(one: tuple[float, float, float], other: tuple[float, float, float]) -> tuple[float, float, float]:
    return other if other[0] > one[0] else one


@compiled
def worst_step(
    lines: Lines,
    a: int,
    others: Lines,
    b: int,
    places: tuple[FloatArray, FloatArray],
    wide_m: float,
    explained: Explained,
) -> tuple[float, float, float]:
    """Where the grounds of two runs differ most beyond what is explained: by how much (-inf: nowhere), both grounds.

    ``places``: chainages ``(k, 2)`` of both where they cross, and spans ``(n, 2)`` of ``a``. Of a span the place
    that is nearest, the ends, the middle and the bends are asked, as far as the two axes are within ``wide_m`` there.
    """  # fmt: skip
    worst = (-math.inf, math.nan, math.nan)
    for k in range(len(places[0])):
        at = places[0][k, 0], places[0][k, 1]
        worst = _worse(worst, _beyond(lines, a, others, b, at, explained))
    for k in range(len(places[1])):
        low, high = places[1][k, 0], places[1][k, 1]
        if nearest(lines, a, others, b, low, high).distance_m > wide_m:
            continue
        for first, last in ((low, high), (low, low), ((low + high) / 2.0, (low + high) / 2.0), (high, high)):
            worst = _worse(worst, _beside(lines, a, others, b, (first, last), wide_m, explained))
        for row in range(lines.offset[a], lines.offset[a + 1]):
            bend = lines.chain_m[row]
            if low < bend < high:
                worst = _worse(worst, _beside(lines, a, others, b, (bend, bend), wide_m, explained))
    return worst


@compiled
def known_grounds(lines: Lines) -> npt.NDArray[np.bool_]:
    """Of every run whether any ground, and any level of it, is known."""
    found = np.zeros(len(lines.offset) - 1, dtype=np.bool_)
    for run in range(len(found)):
        ground, level = False, False
        for k in range(lines.offset[run], lines.offset[run + 1]):
            ground = ground or math.isfinite(lines.ground_m[k])
            level = level or math.isfinite(lines.crown_m[k]) or math.isfinite(lines.bottom_m[k])
        found[run] = ground and level
    return found
