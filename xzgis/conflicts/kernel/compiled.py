"""The one way functions of the kernel are compiled, with their types kept for the type checker."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")

EQUAL_M = 1e-6
"""Lengths that differ by less than a micrometre are the same: float64 at national size is good to 1 nm."""

JUST_BELOW_M = EQUAL_M / 2
"""Stretches end this much before what is asked: a part that ends at the bound is then never below it."""


def cache_folder() -> Path:
    """Where machine code is kept: one folder for each state of the whole kernel.

    numba looks only at the file of a function itself, not at the functions it calls: after a change it would
    go on with the old arithmetic of a callee. So the folder is named for all sources together.
    """
    here = Path(__file__).parent
    sources = b"".join(source.read_bytes() for source in sorted(here.glob("*.py")))
    return here / "__pycache__" / hashlib.sha256(sources + numba.__version__.encode()).hexdigest()[:16]


def is_kept() -> bool:
    """Whether machine code of this state of the kernel lies on the disk, so that it only has to be loaded."""
    return any(cache_folder().rglob("*.nbi"))


# Read by numba when a function is decorated; the kernel is its only user here.
numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]  # set from its environment table


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` as machine code: cached on disk, free of the GIL, never with ``prange``."""
    fast: Callable[P, R] = numba.njit(cache=True, nogil=True)(function)
    return fast
