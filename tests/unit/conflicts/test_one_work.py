"""The runs of one work against each other: nothing hangs on which of two is asked about the other."""

import math

import numpy as np
import pytest

from tests.runs import ORIGIN_M, TELECOM, WATER, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE
from xzgis.conflicts.rules.judge import judge


def told(parts):
    found = judge(columns(*parts, first_id=-1), no_runs(ORIGIN_M), CATALOGUE)
    return sorted((v.measure.value, v.outcome.value) for v in found.verdicts if v.b_is_new)


def turned(parts, turn_deg):
    """The work turned about its origin: its names, and with them which run of a pair comes first, change."""
    cosine, sine = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    turn = np.array([[cosine, sine], [-sine, cosine]])
    return [part | {"axis": np.array(part["axis"]) @ turn} for part in parts]


@pytest.mark.parametrize("turn_deg", [40, 90, 135, 180, 225, 300])
def test_a_line_that_folds_back_behind_a_joint_is_told_alike_in_every_direction(turn_deg):
    axis = [(6.916, -0.955), (-8.044, 0.138), (-8.307, 0.281), (-9.807, 0.234), (-7.279, -5.207)]
    crown = [29.162, 29.442, 29.809, 30.222, 30.491]
    rows = [(0, 2), (1, 3), (2, 5)]
    parts = [a_new_run(axis[low:high], TELECOM, width=1.5, height=0.5, crown=crown[low:high], nodes=(300 + k, 301 + k))
             for k, (low, high) in enumerate(rows)]  # fmt: skip

    assert told(turned(parts, turn_deg)) == told(parts)


@pytest.mark.parametrize("seed", range(25))
def test_turning_a_work_of_several_runs_changes_nothing(seed):
    rng = np.random.default_rng([47, seed])
    way, points = 0.0, [np.zeros(2)]
    for _ in range(5):
        way += rng.normal(0.0, 1.2)
        points.append(points[-1] + rng.choice([0.3, 0.8, 2.0, 6.0]) * np.array([np.cos(way), np.sin(way)]))
    crown = 28.5 + rng.normal(0.0, 0.1, 6).cumsum()
    parts = [a_new_run(points[k : k + 2], WATER, width=1.0, height=0.3, crown=list(crown[k : k + 2]), nodes=(k + 1, k + 2))
             for k in range(5)]  # fmt: skip

    assert told(turned(parts, float(rng.uniform(20.0, 340.0)))) == told(parts)
