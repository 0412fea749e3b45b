"""Which lines go into which: joints between kinds."""

from dataclasses import replace

import pytest

from tests.runs import GAS, POWER, SEWER, STORM, WATER, a_new_run
from tests.verdicts import check, of
from xzgis.conflicts.terms import Measure, TieIn
from xzgis.networks.terms import Conditions


@pytest.mark.parametrize(
    ("mine", "kind", "is_joined"),
    [
        pytest.param(GAS, replace(POWER, burial="channel"), False, id="gas into a cable channel"),
        pytest.param(GAS, Conditions("heat", burial="channel"), False, id="gas into a heat channel"),
        pytest.param(replace(POWER, burial="channel"), GAS, False, id="a cable channel into gas"),
        pytest.param(WATER, replace(POWER, burial="channel"), False, id="water into a cable channel"),
        pytest.param(
            Conditions("heat", burial="channel"), replace(POWER, burial="channel"), False, id="two channels"
        ),
        pytest.param(GAS, Conditions("trench"), False, id="gas into a trench"),
        pytest.param(GAS, Conditions("utility_tunnel"), False, id="gas into a tunnel"),
        pytest.param(POWER, Conditions("trench"), True, id="a cable into a trench"),
        pytest.param(Conditions("trench"), POWER, True, id="a trench to a cable"),
        pytest.param(WATER, Conditions("utility_tunnel"), True, id="water into a tunnel"),
        pytest.param(Conditions("utility_tunnel"), WATER, True, id="a tunnel to water"),
        pytest.param(STORM, SEWER, True, id="two sewers"),
    ],
)
def test_lines_go_into_houses_and_a_channel_is_none(mine, kind, is_joined):
    other = a_new_run([(10, -5), (10, 5)], kind)
    found = check(a_new_run([(0, 0), (20, 0)], mine), other, tie_ins=[TieIn(0, 10.0, 1)])

    assert (of(found, Measure.COLLISION) == []) is is_joined
    assert found.left_out.get("joint", 0) == int(is_joined)
