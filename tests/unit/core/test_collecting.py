"""The collector of cyclic garbage rests inside, and is as before afterwards."""

import gc

import pytest

from xzgis.core.collecting import OBJECTS_BETWEEN_LOOKS, rarely_collected


def test_the_last_one_out_sets_the_collector_back() -> None:
    before = gc.get_threshold()

    with rarely_collected():
        with rarely_collected():
            assert gc.get_threshold()[0] == OBJECTS_BETWEEN_LOOKS
        assert gc.get_threshold()[0] == OBJECTS_BETWEEN_LOOKS

    assert gc.get_threshold() == before


def test_a_failure_sets_the_collector_back() -> None:
    before = gc.get_threshold()

    with pytest.raises(ValueError, match="torn"), rarely_collected():
        raise ValueError("torn")

    assert gc.get_threshold() == before
