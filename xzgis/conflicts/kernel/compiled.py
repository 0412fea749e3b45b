"""The one way functions of the kernel are compiled, with their types kept for the type checker."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")

EQUAL_M = 1e-6
"""Lengths that differ by less than a micrometre are the same: float64 at national size is good to 1 nm."""

JUST_BELOW_M = EQUAL_M / 2
"""Stretches end this much before what is asked: a part that ends at the bound is then never below it."""


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` as machine code: cached on disk, free of the GIL, never with ``prange``."""
    fast: Callable[P, R] = numba.njit(cache=True, nogil=True)(function)
    return fast
