"""The benchmark of the intake times functions that are there."""

import pytest

from tests.bench.bench_intake import STAGES


@pytest.mark.parametrize(("stage", "module", "function"), STAGES)
def test_a_stage_that_is_timed_is_there(stage, module, function):
    assert callable(getattr(module, function, None)), f"{stage}: {module.__name__}.{function}"
