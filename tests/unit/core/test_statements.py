"""Statements that every check asks, as the driver gets them."""

import pytest
from psycopg import _queries

from xzgis.core.sql import _for_driver


@pytest.mark.parametrize(
    "name", ["candidates", "candidates_as_of", "surveyed_ground", "coverage_near", "carriageways", "state"]
)
def test_the_driver_keeps_what_it_makes_of_a_statement(name: str) -> None:
    told = _for_driver("conflicts", name)

    assert len(told) <= _queries.MAX_CACHED_STATEMENT_LENGTH
    assert not any(line.startswith("--") for line in told.splitlines())
