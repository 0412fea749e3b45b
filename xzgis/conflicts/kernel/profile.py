"""Values along a run that are linear between its vertices: where they are below a bound, where unknown."""

import math

import numpy as np

from xzgis.conflicts.kernel.compiled import EQUAL_M, compiled
from xzgis.networks.terms import FloatArray


@compiled
def _put(found: FloatArray, n: int, low: float, high: float) -> int:
    if n > 0 and low <= found[n - 1, 1] + EQUAL_M:
        found[n - 1, 1] = max(found[n - 1, 1], high)
        return n
    found[n, 0], found[n, 1] = low, high
    return n + 1


@compiled
def below(chain: FloatArray, value: FloatArray, bound: float) -> FloatArray:
    """Maximal intervals ``(k, 2)`` of ``chain`` where the linear ``value`` is below ``bound``; unknown parts are not."""
    found = np.empty((len(chain) + 1, 2))
    n = 0
    for i in range(len(chain) - 1):
        first, last = value[i] - bound, value[i + 1] - bound
        if math.isnan(first + last) or (first >= 0.0 and last >= 0.0):
            continue
        low, high = chain[i], chain[i + 1]
        if first >= 0.0:
            low += (high - low) * (first / (first - last))
        elif last >= 0.0:
            high = low + (high - low) * (first / (first - last))
        n = _put(found, n, low, high)
    return found[:n].copy()


@compiled
def unknown(chain: FloatArray, value: FloatArray) -> FloatArray:
    """Maximal intervals ``(k, 2)`` of ``chain`` where ``value`` is not known at one of both vertices."""
    found = np.empty((len(chain) + 1, 2))
    n = 0
    for i in range(len(chain) - 1):
        if math.isnan(value[i] + value[i + 1]):
            n = _put(found, n, chain[i], chain[i + 1])
    return found[:n].copy()


@compiled
def lowest(chain: FloatArray, value: FloatArray, first: float, last: float) -> float:
    """Smallest known value between two places of ``chain``; infinite when none is known."""
    best = math.inf
    for i in range(len(chain) - 1):
        low, high = max(first, chain[i]), min(last, chain[i + 1])
        length = chain[i + 1] - chain[i]
        if low > high or math.isnan(value[i] + value[i + 1]):
            continue
        for place in (low, high):
            part = (place - chain[i]) / length if length > 0.0 else 0.0
            best = min(best, value[i] + part * (value[i + 1] - value[i]))
        if length == 0.0:
            best = min(best, value[i + 1])
    return best
