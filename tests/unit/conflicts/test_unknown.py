"""What is not known excuses nothing: a finding for some value of a fact is a finding without the fact."""

import numpy as np
import pytest

from tests.runs import WATER, a_new_run, columns
from tests.verdicts import CATALOGUE, check, of
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.networks.terms import Conditions

TRENCH_BESIDE = [(2.79, -7.3), (-11.82, -3.91), (-11.78, -4.21), (-11.67, -4.48), (-11.43, -4.66)]
RECLAIMED = Conditions("reclaimed", nominal_mm=300.0)


def a_reclaimed_line():
    axis = [(0.38, -3.78), (-14.36, -6.57), (-28.13, -12.52), (-29.63, -12.48), (-40.51, -2.15)]
    return a_new_run(axis, RECLAIMED, width=0.1, crown=29.2, sigma=0.3, sigma_level=0.2)


@pytest.mark.parametrize("width", [0.9, 1.5, 1.8])
def test_a_breach_for_a_known_width_is_no_pass_without_it(width):
    """With the largest width the explained length hides the place where a middle one is too near."""
    trench = a_new_run(
        TRENCH_BESIDE, Conditions("trench"), width=width, height=0.1, crown=26.9, sigma_level=0.05
    )

    known = check(a_reclaimed_line(), trench)
    unknown = check(a_reclaimed_line(), trench | {"width": (0.05, 3.0)})

    assert Outcome.BREACH in {v.outcome for v in of(known, Measure.HORIZONTAL)}
    found = of(unknown, Measure.HORIZONTAL)
    assert {(v.outcome, v.missing) for v in found} == {(Outcome.CANNOT_JUDGE, ("b.size",))}
    assert Measure.HORIZONTAL not in {measure for measure, _, _ in unknown.clear}
    # 0.05 m is the smallest: no figure told is larger than what that one leaves.
    assert min(v.gap_m for v in found) < 1.0


def test_a_tunnel_of_unknown_method_is_the_same_from_both_sides():
    tunnel = a_new_run([(4.083, 4.851), (6.968, -0.41), (8.072, -1.426), (0.197, -14.193)],
                       Conditions("utility_tunnel"), width=1.5, height=0.1, crown=29.0, sigma=0.05)  # fmt: skip
    line = a_new_run([(7.747, 0.401), (-4.977, 8.345), (-5.167, 9.833), (-14.007, 21.951)], RECLAIMED,
                     width=(0.03, 0.1), height=0.1, crown=29.3, sigma=0.05)  # fmt: skip

    one, two = (of(check(*both), Measure.HORIZONTAL) for both in ((tunnel, line), (line, tunnel)))

    assert {v.outcome for v in one} == {v.outcome for v in two} == {Outcome.CANNOT_JUDGE}
    assert min(v.gap_m for v in one) == pytest.approx(min(v.gap_m for v in two), abs=2e-3)


def test_cutting_a_gas_line_of_unknown_pressure_changes_no_outcome():
    water = a_new_run([(1.987, 2.032), (7.96, 2.604), (8.18, 2.4), (8.423, 2.225), (8.905, 3.646)], WATER, width=0.1,
                      crown=28.3, sigma=0.3, sigma_level=0.2)  # fmt: skip
    axis = [(6.373, -0.253), (7.191, 1.004), (6.858, 2.467), (6.654, 8.464), (6.55, 8.745)]
    gas = a_new_run(axis, Conditions("gas"), width=0.5, height=0.1, crown=26.6, sigma=0.05, sigma_level=0.0)
    cut = [float(value) for value in (np.array(axis[2]) + np.array(axis[3])) / 2]
    parts = [
        gas | {"axis": [*axis[:3], cut], "nodes": (1, 2)},
        gas | {"axis": [cut, *axis[3:]], "nodes": (2, 3)},
    ]

    whole = of(judge(columns(water, first_id=-1), columns(gas), CATALOGUE), Measure.HORIZONTAL)
    split = of(judge(columns(water, first_id=-1), columns(*parts), CATALOGUE), Measure.HORIZONTAL)

    assert [(v.outcome, v.chainage_m, v.gap_m) for v in whole] == [
        (v.outcome, v.chainage_m, v.gap_m) for v in split
    ]
    # The least gap beside the crossing, not that of a place far from it.
    assert min(v.gap_m for v in whole) == pytest.approx(0.495, abs=0.01)
