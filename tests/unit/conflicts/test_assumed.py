"""What a clear verdict rests on beside known facts is said: dry land, figures from memory."""

import pytest

from tests.runs import GAS, a_new_run
from tests.verdicts import CATALOGUE, EAST, beside, check, of
from xzgis.conflicts.rules.assumed import asked_below_water_m, unverified_of
from xzgis.conflicts.rules.judge import rule_book
from xzgis.conflicts.terms import AskedRule, Measure, SurfaceStretch
from xzgis.networks.terms import Conditions

DEEP = 27.9
"""Crown 2.1 m below the ground: enough below a waterway of class I to V as well."""


def test_an_unknown_surface_never_clears_silently():
    found = check(a_new_run(EAST, crown=28.8))

    assert of(found, Measure.COVER) == []
    (part,) = found.assumed_dry
    assert (part.new, part.chainage_m, part.asked_m) == (0, (0.0, 60.0), 2.0)


@pytest.mark.parametrize(
    "water", ["waterway_class_I_V_below_planned_channel_bed", "other_river_below_design_bed"]
)
@pytest.mark.parametrize("crown_m", [29.8, 28.8, 28.1, DEEP])
def test_taking_the_surface_away_is_told_wherever_it_mattered(water, crown_m):
    run = a_new_run(EAST, crown=crown_m)
    known = check(run, surfaces=[SurfaceStretch(0, (0.0, 60.0), water)])

    unknown = check(run)

    was_clear = not of(known, Measure.COVER)
    is_clear = not of(unknown, Measure.COVER)
    assert was_clear or not is_clear or unknown.assumed_dry


def test_cover_enough_below_any_bed_assumes_nothing():
    assert check(a_new_run(EAST, crown=DEEP)).assumed_dry == ()


def test_only_the_part_that_nobody_named_is_assumed():
    named = [SurfaceStretch(0, (0.0, 25.0), "carriageway"), SurfaceStretch(0, (25.0, 60.0), None)]

    (part,) = check(a_new_run(EAST, crown=28.8), surfaces=named).assumed_dry

    assert part.chainage_m == (25.0, 60.0)


def test_the_figure_below_water_follows_the_table():
    assert asked_below_water_m(rule_book(CATALOGUE), GAS) == max(
        rule.cover_m for rule in CATALOGUE.cover if rule.kind == "any"
    )


def a_rule(rule_id, figure_m, confidence):
    return AskedRule(rule_id, "S", "t", figure_m, confidence, decides=False)


def test_a_verified_figure_as_strict_takes_the_doubt_away():
    memory, verified = a_rule("H1", 1.0, "memory"), a_rule("H2", 1.0, "verified")

    assert unverified_of([memory], 1.0) == "H1"
    assert unverified_of([memory, verified], 1.0) is None
    assert unverified_of([memory, a_rule("H3", 0.5, "verified")], 1.0) == "H1"
    assert unverified_of([a_rule("H4", 0.5, "memory"), verified], 1.0) is None


@pytest.mark.parametrize(
    "facts",
    [
        Conditions("telecom", burial="conduit"),
        Conditions("heat", burial="direct_buried"),
        Conditions("power", burial="conduit", voltage_kv=10.0),
        Conditions("reclaimed", nominal_mm=300.0),
        Conditions("water", nominal_mm=300.0),
    ],
)
def test_clear_pairs_by_a_figure_from_memory_are_listed_by_rule(facts):
    near = of(check(a_new_run(EAST), beside(0.3, facts)), Measure.HORIZONTAL)[0]
    asking = [rule for rule in near.rules if rule.clearance_m >= near.required_m]
    by_memory = all(rule.confidence == "memory" for rule in asking)

    # Walls exactly as far apart as asked and twice sigma: the nearest place that is clear.
    found = check(a_new_run(EAST), beside(near.required_m + 0.2 + 2 * 0.02, facts, sigma=0.02))

    assert of(found, Measure.HORIZONTAL) == []
    assert Measure.HORIZONTAL in {measure for measure, _, _ in found.clear}
    told = [rule_id for measure, rule_id, _ in found.unverified if measure is Measure.HORIZONTAL]
    assert told == ([asking[0].rule_id] if by_memory else [])
