"""Cells of GB 50289 beside which another standard asks more, or that it replaces."""

import pytest

from tests.runs import GAS, a_new_run
from tests.verdicts import EAST, across, beside, check, of
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.networks.terms import Conditions

HEAT = Conditions("heat", burial="direct_buried", material="steel", nominal_mm=300.0)
HEAT_CHANNEL = Conditions("heat", burial="channel", material="steel", nominal_mm=300.0)
PE, UNTOLD, PLASTIC = (
    Conditions("gas", pressure_class="medium_A", nominal_mm=200.0, burial="direct_buried", material=material)
    for material in ("pe", None, "plastic")
)


@pytest.mark.parametrize("heat", [HEAT, HEAT_CHANNEL, Conditions("trench")])
@pytest.mark.parametrize(
    ("gas", "outcome", "missing"),
    [
        pytest.param(PE, Outcome.REFER, (), id="polyethylene"),
        pytest.param(UNTOLD, Outcome.CANNOT_JUDGE, ("a.material",), id="unknown"),
        pytest.param(PLASTIC, Outcome.CANNOT_JUDGE, ("a.material",), id="some plastic"),
    ],
)
def test_gas_that_may_be_polyethylene_is_never_clear_of_heat(gas, heat, outcome, missing):
    """Reference crossing_order.md 5.10: CJJ 63 replaces the cell. At 1.6 m and 0.2 m the table is kept."""
    found = [
        *of(check(a_new_run(EAST, gas), beside(1.8, heat)), Measure.HORIZONTAL),
        *of(check(a_new_run(EAST, gas), across(30.0, heat, crown=28.1)), Measure.VERTICAL),
    ]

    assert [(v.outcome, v.missing) for v in found] == [(outcome, missing)] * 2


@pytest.mark.parametrize("heat", [HEAT, HEAT_CHANNEL])
def test_gas_in_steel_is_asked_of_the_table_beside_heat(heat):
    gas = a_new_run(EAST, GAS)

    assert of(check(gas, beside(1.8, heat)), Measure.HORIZONTAL) == []
    assert of(check(gas, across(30.0, heat, crown=28.1)), Measure.VERTICAL) == []
    assert [v.outcome for v in of(check(gas, beside(1.1, heat)), Measure.HORIZONTAL)] == [Outcome.BREACH]
