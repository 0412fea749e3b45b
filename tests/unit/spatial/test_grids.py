"""A better operation whose grid is not on this machine is told in words, never as a warning with a path."""

import warnings

import numpy as np
import pytest

from xzgis.spatial.crs import _steps, second_best, to_storage


def test_a_missing_grid_leaks_no_warning_and_is_said() -> None:
    _steps.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        moved = to_storage(np.array([[530_000.0, 180_000.0]]), "EPSG:27700")
        told = second_best("EPSG:27700")

    assert moved.shape == (1, 2)
    # With the grid installed there is nothing to say.
    assert told is None or ("格网" in told.zh and "/" not in told.zh)


@pytest.mark.parametrize("name", ["EPSG:4548", "EPSG:4326"])
def test_nothing_is_said_of_the_own_datum(name: str) -> None:
    assert second_best(name) is None
