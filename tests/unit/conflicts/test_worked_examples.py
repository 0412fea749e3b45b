"""The examples of docs/worked-examples.md, with the figures worked there by hand."""

import math
from pathlib import Path

import pytest

from tests.runs import TELECOM, a_new_run, columns
from xzgis.catalogue.files import load
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure, Outcome, Verdict
from xzgis.networks.terms import Conditions

CATALOGUE = load(Path("layers"))
GAS = Conditions("gas", pressure_class="medium_A", nominal_mm=200.0, material="steel", method="open_cut")
MAIN = Conditions("water", nominal_mm=300.0, material="ductile_iron")
SEWER = Conditions("drainage_foul", nominal_mm=600.0, material="concrete")


def verdicts(new: dict, other: dict) -> dict[Measure, list[Verdict]]:
    """Verdicts by measure, advice on digging left out."""
    found: dict[Measure, list[Verdict]] = {}
    for verdict in judge(columns(new, first_id=-1), columns(other), CATALOGUE).verdicts:
        if verdict.measure is not Measure.DIG:
            found.setdefault(verdict.measure, []).append(verdict)
    return found


def test_gas_main_along_a_water_main_is_a_breach():
    gas = a_new_run([(0, 0), (60, 0)], GAS, width=0.2191, sigma=0.02, crown=28.5)
    water = a_new_run([(-20, 0.90), (80, 0.40)], MAIN, width=0.326, sigma=0.05, crown=28.5)

    found = verdicts(gas, water)

    (breach,) = found.pop(Measure.HORIZONTAL)
    assert found == {}
    assert breach.outcome is Outcome.BREACH
    assert breach.chainage_m == (5.488, 60.0)
    assert (breach.gap_m, breach.required_m, breach.shortfall_m, breach.sigma_m) == (0.227, 0.5, 0.273, 0.054)
    assert [rule.rule_id for rule in breach.rules if rule.decides] == ["H041"]
    assert breach.mend == {"move_m": 0.273, "side": "right", "clear_move_m": 0.381}
    assert not breach.needs_checking


def test_gas_main_over_a_concrete_sewer_is_within_tolerance():
    gas = a_new_run([(0, 0), (60, 0)], GAS, width=0.2191, sigma=0.02, crown=31.10, ground=32.40)
    tall = 20 * math.sin(math.radians(60)), 20 * math.cos(math.radians(60))
    sewer = a_new_run([(30 - tall[1], -tall[0]), (30 + tall[1], tall[0])], SEWER, width=0.72, crown=30.71, bottom=29.99,
                      sigma_level=0.04, ground=32.4)  # fmt: skip

    found = verdicts(gas, sewer)

    (crossing,) = found.pop(Measure.VERTICAL)
    assert found == {}
    assert crossing.outcome is Outcome.WITHIN_TOLERANCE
    assert crossing.chainage_m == (30.0, 30.0)
    assert (crossing.gap_m, crossing.required_m, crossing.sigma_m) == (0.171, 0.15, 0.045)
    assert crossing.probability == pytest.approx(0.3201, abs=2e-4)
    assert crossing.angle_deg == pytest.approx(60.0)
    assert crossing.mend == {"raise_m": 0.0, "clear_raise_m": 0.069, "at_chainage_m": 30.0}
    assert [rule.rule_id for rule in crossing.rules if rule.decides] == ["V008"]


def crossing_telecom(facts: Conditions, **more) -> dict[Measure, list[Verdict]]:
    gas = a_new_run([(0, 0), (40, 0)], GAS, width=0.2191, crown=30.70, ground=32.0)
    return verdicts(
        gas, a_new_run([(20, -20), (20, 20)], facts, **{"width": (0.05, 0.5), "ground": 32.0, **more})
    )


def test_telecom_of_unknown_depth_cannot_be_judged():
    (crossing,) = crossing_telecom(TELECOM, crown=None)[Measure.VERTICAL]

    assert crossing.outcome is Outcome.CANNOT_JUDGE
    assert crossing.missing == ("b.depth",)
    assert crossing.gap_m is None
    assert crossing.required_m == 0.3


def test_telecom_of_unknown_size_is_clear_when_its_strictest_reading_is():
    gas_to_bottom = crossing_telecom(TELECOM, crown=31.60, bottom=float("nan"))

    assert Measure.VERTICAL not in gas_to_bottom


def test_telecom_of_unknown_burial_and_size_needs_the_burial_first():
    (crossing,) = crossing_telecom(Conditions("telecom"), crown=31.60, bottom=float("nan"))[Measure.VERTICAL]

    assert crossing.outcome is Outcome.CANNOT_JUDGE
    assert crossing.gap_range_m == (0.4, 0.85)
    assert crossing.required_range_m == (0.3, 0.5)
    assert crossing.missing == ("b.burial", "b.size")
    assert crossing.needs_checking
    assert "核对" in crossing.words.zh
