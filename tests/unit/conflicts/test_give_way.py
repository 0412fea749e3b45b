"""Who gives way: the order of clause 3.0.7."""

import pytest

from tests.runs import a_new_run
from tests.verdicts import CATALOGUE, EAST, beside, check, of
from xzgis.conflicts.rules.give_way import FLEXIBLE, RIGID
from xzgis.conflicts.terms import Measure
from xzgis.networks.terms import Conditions

RIGID_PIPES = ("asbestos_cement", "brick", "cast_iron", "ceramic", "concrete", "ductile_iron", "frp", "masonry",
               "steel", "stone")  # fmt: skip


@pytest.mark.parametrize("material", RIGID_PIPES)
def test_a_plastic_pipe_gives_way_to_one_that_does_not_bend(material):
    """Though it is the wider one: bending (rank 2) comes before size (rank 4)."""
    gas = Conditions("gas", pressure_class="medium_A", material="pe")
    heat = Conditions("heat", burial="direct_buried", material=material)

    (verdict,) = of(check(a_new_run(EAST, gas, width=0.6), beside(0.9, heat, width=0.2)), Measure.HORIZONTAL)

    assert (verdict.gives_way["who"], verdict.gives_way["rule_id"]) == ("a", "Y002")


def test_every_material_of_the_list_bends_or_does_not():
    assert {code.token for code in CATALOGUE.codes["material"]} == RIGID | FLEXIBLE
    assert not RIGID & FLEXIBLE


@pytest.mark.parametrize("burial", ["channel", "duct_block"])
def test_a_cable_in_a_structure_of_its_own_does_not_bend(burial):
    """A brick trench is no cable: beside a steel main nothing tells which of the two bends."""
    gas = Conditions("gas", pressure_class="medium_A", material="steel")
    cable = Conditions("power", burial=burial, voltage_kv=10.0)

    (verdict,) = of(check(a_new_run(EAST, gas), beside(0.9, cable, width=1.0)), Measure.HORIZONTAL)

    assert (verdict.gives_way["who"], verdict.gives_way["rule_id"]) != ("b", "Y002")
