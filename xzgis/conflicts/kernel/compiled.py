"""The one way functions of the kernel are compiled, with their types kept for the type checker."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")

EQUAL_M = 1e-6
"""Lengths that differ by less than a micrometre are the same: float64 at national size is good to 1 nm."""


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` as machine code: cached on disk, free of the GIL, never with ``prange``."""
    fast: Callable[P, R] = numba.njit(cache=True, nogil=True)(function)
    return fast
