"""The plain expression for short lines refuses what the function for every line refuses, and nothing else."""

import itertools
import math
import random
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from xzgis.networks.rules.bounds import LEVELS, LEVELS_SOUND

BY_FUNCTION = "networks_levels_sound(crown_m, bottom_m, st_npoints(axis))"
SOME_LEVELS = (None, None, -600.0, 0.0, 1.0, 2.0, 2.0, 30.0, 9000.0, 20_000.0, math.nan, math.inf, -math.inf)
FEW_LEVELS = (None, 1.0, 2.0)


def _every_short_one() -> list[tuple[Any, Any, int]]:
    """Every pair of arrays of two of three levels, of one, of none, on lines of two and three vertices."""
    arrays: list[Any] = [None, [], [1.0], [[1.0, 2.0]], [[1.0], [2.0]]]
    arrays += [list(levels) for levels in itertools.product(FEW_LEVELS, repeat=2)]
    return [(crown, bottom, vertices) for crown in arrays for bottom in arrays for vertices in (2, 3)]


def _some_of(count: int) -> list[tuple[Any, Any, int]]:
    """Arrays that mostly fit, of lines of two to seven vertices, with what no level can be among them."""
    dice = random.Random(7)
    cases: list[tuple[Any, Any, int]] = []
    for _ in range(count):
        vertices = dice.randint(2, 7)
        sides: list[Any] = []
        for _side in range(2):
            size = vertices if dice.random() < 0.9 else dice.randint(1, 7)
            levels = SOME_LEVELS if dice.random() < 0.3 else FEW_LEVELS
            sides.append(None if dice.random() < 0.1 else dice.choices(levels, k=size))
        cases.append((sides[0], sides[1], vertices))
    return cases


def test_short_lines_are_judged_as_the_function_judges(session: Session) -> None:
    cases = _every_short_one() + _some_of(3_000)
    session.execute(
        text(
            "create temporary table told (crown_m float8[], bottom_m float8[], ground_m float8[], axis geometry)"
        )
    )
    session.execute(
        text(
            "insert into told values (:crown, :bottom, null, "
            "(select st_makeline(array_agg(st_makepoint(x, 0))) from generate_series(1, :vertices) x))"
        ),
        [{"crown": crown, "bottom": bottom, "vertices": vertices} for crown, bottom, vertices in cases],
    )

    # A check constraint refuses false alone.
    counted = session.execute(
        text(
            f"select count(*), count(*) filter (where now_lets <> then_let), "
            f"count(*) filter (where then_let), count(*) filter (where not then_let) from ("
            f"select (({LEVELS_SOUND}) and ({LEVELS})) is not false as now_lets, "
            f"(({BY_FUNCTION}) and ({LEVELS})) is not false as then_let from told) judged"
        )
    ).one()

    assert counted[0] == len(cases)
    assert counted[1] == 0
    assert min(counted[2], counted[3]) > 500
