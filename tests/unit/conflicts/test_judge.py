"""Verdicts one by one: bounds, what is left out, joints, cover, collisions, duties."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.runs import GAS, ORIGIN_M, POWER, SEWER, STORM, TELECOM, WATER, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE, EAST, across, beside, check, of
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure, Outcome, TieIn
from xzgis.networks.terms import Conditions


def test_exactly_the_least_gap_is_clear():
    assert of(check(a_new_run(EAST), beside(0.7)), Measure.HORIZONTAL) == []


def test_a_millimetre_less_than_the_least_gap_is_a_breach():
    (verdict,) = of(check(a_new_run(EAST), beside(0.699)), Measure.HORIZONTAL)

    assert (verdict.outcome, verdict.chainage_m, verdict.shortfall_m) == (Outcome.BREACH, (0.0, 60.0), 0.001)


def test_exactly_two_sigma_above_the_least_gap_is_clear():
    assert of(check(a_new_run(EAST), beside(0.8, sigma=0.05)), Measure.HORIZONTAL) == []


@pytest.mark.parametrize(
    ("distance", "outcome"),
    [
        pytest.param(0.79, Outcome.WITHIN_TOLERANCE, id="above the figure"),
        pytest.param(0.61, Outcome.WITHIN_TOLERANCE, id="below the figure"),
        pytest.param(0.599, Outcome.BREACH, id="below the figure by more than two sigma"),
    ],
)
def test_between_two_sigma_is_within_tolerance(distance, outcome):
    (verdict,) = of(check(a_new_run(EAST), beside(distance, sigma=0.05)), Measure.HORIZONTAL)

    assert verdict.outcome is outcome
    assert (verdict.probability > 0.5) == (distance < 0.7)


@pytest.mark.parametrize("bottom", [28.65, 28.5 - 0.2 - 0.15 - 0.2], ids=["other above", "other below"])
def test_exactly_the_least_vertical_gap_is_clear(bottom):
    other = across(30, crown=bottom + 0.2, bottom=bottom)

    assert of(check(a_new_run(EAST), other), Measure.VERTICAL) == []


def test_breach_for_every_pressure_class_is_a_breach_without_the_class():
    (verdict,) = of(check(a_new_run(EAST, Conditions("gas")), beside(0.5)), Measure.HORIZONTAL)

    assert verdict.outcome is Outcome.BREACH
    assert verdict.required_range_m == (0.5, 1.5)


def test_unknown_pressure_class_is_named_where_classes_differ():
    first = of(check(a_new_run(EAST, Conditions("gas")), beside(1.0)), Measure.HORIZONTAL)[0]

    assert (first.outcome, first.missing) == (Outcome.CANNOT_JUDGE, ("a.pressure_class",))


def test_unknown_pressure_class_may_stand_above_the_tables():
    (verdict,) = of(check(a_new_run(EAST, Conditions("gas")), beside(2.5)), Measure.HORIZONTAL)

    assert (verdict.outcome, verdict.missing) == (Outcome.CANNOT_JUDGE, ("a.pressure_class",))


@pytest.mark.parametrize("token", ["high_B", "high_A", "super_high", "high"])
def test_gas_above_the_tables_is_referred_in_plan_and_at_crossings(token):
    gas = a_new_run(EAST, Conditions("gas", pressure_class=token))

    assert of(check(gas, beside(2.5)), Measure.HORIZONTAL)[0].outcome is Outcome.REFER
    assert of(check(gas, across(30, crown=20.0)), Measure.VERTICAL)[0].outcome is Outcome.REFER


def test_industrial_lines_are_referred():
    found = check(
        a_new_run(EAST), beside(1.0, Conditions("industrial")), across(30, Conditions("industrial"))
    )

    assert {v.outcome for v in found.verdicts if v.measure in (Measure.HORIZONTAL, Measure.VERTICAL)} == {
        Outcome.REFER
    }


def test_an_unidentified_line_cannot_be_judged():
    (verdict,) = of(check(a_new_run(EAST), beside(1.0, Conditions("unknown"))), Measure.HORIZONTAL)

    assert (verdict.outcome, verdict.missing) == (Outcome.CANNOT_JUDGE, ("b.kind",))


def test_a_pair_without_a_row_in_the_table_is_referred():
    (verdict,) = of(check(a_new_run(EAST, WATER), beside(1.0)), Measure.HORIZONTAL)

    assert verdict.outcome is Outcome.REFER


def test_tunnel_asks_its_own_outer_width():
    tunnel = Conditions("utility_tunnel", method="shield")
    found = check(a_new_run(EAST), beside(6.0, tunnel, width=4.0))

    (verdict,) = of(found, Measure.HORIZONTAL)
    assert (verdict.gap_m, verdict.required_m) == (3.9, 4.0)


def test_figure_from_memory_is_said_to_await_checking():
    (verdict,) = of(check(a_new_run(EAST, Conditions("reclaimed")), beside(0.5)), Measure.HORIZONTAL)

    assert verdict.needs_checking
    assert "awaits checking" in verdict.words.en


def test_a_straight_crossing_leaves_no_horizontal_finding():
    found = check(a_new_run(EAST), across(30, SEWER, crown=20.0, sigma=0.1))

    assert of(found, Measure.HORIZONTAL) == []
    assert of(found, Measure.STACKED) == []


def test_a_shallow_crossing_is_parallel_and_crossing():
    other = a_new_run([(0, -2), (60, 2)], WATER, crown=28.5)

    found = check(a_new_run(EAST), other)

    assert of(found, Measure.HORIZONTAL)[0].outcome is Outcome.BREACH
    assert of(found, Measure.VERTICAL)[0].angle_deg == pytest.approx(3.81, abs=0.01)
    assert of(found, Measure.STACKED)[0].outcome is Outcome.BREACH


def test_what_lies_beyond_the_explained_length_is_judged_by_the_plan_table():
    other = a_new_run([(30, -20), (30, 0.3), (60, 0.3)], WATER, crown=20.0)

    (verdict,) = of(check(a_new_run(EAST), other), Measure.HORIZONTAL)

    # The crossing explains 0.7 m of both lines: beyond it the other line, at (30.4, 0.3), is 0.7 m from (29.768, 0).
    assert verdict.chainage_m == (29.768, 60.0)


def test_a_crossing_at_a_joint_of_the_other_line_explains_both_of_its_runs():
    parts = [
        a_new_run([(30, -20), (30, -0.2)], SEWER, crown=20.0),
        a_new_run([(30, -0.2), (30, 20)], SEWER, crown=20.0),
    ]

    assert of(check(a_new_run(EAST), *parts), Measure.HORIZONTAL) == []


def test_a_shared_node_is_a_joint():
    branch = a_new_run([(0, 0), (0, 30)], WATER, nodes=(7, 0), crown=28.5)
    main = a_new_run([(-50, 0), (0, 0)], WATER, nodes=(0, 7), crown=28.5)

    found = check(branch, main)

    assert [v for v in found.verdicts if v.measure is not Measure.DIG] == []
    assert found.left_out == {"joint": 1}


def test_a_declared_tie_in_is_a_joint_only_as_far_as_it_explains():
    new = a_new_run([(30, 0), (30, 0.4), (60, 0.4)], GAS)
    main = a_new_run(EAST, GAS, id=9)

    plain, declared = check(new, main), check(new, main, tie_ins=[TieIn(new=0, chainage_m=0.0, existing=9)])

    assert {Measure.COLLISION, Measure.VERTICAL} <= {v.measure for v in plain.verdicts}
    (left,) = of(declared, Measure.HORIZONTAL)
    # 0.40 m asked of two gas mains up to DN300, half widths 0.1 m each.
    assert left.chainage_m[0] == pytest.approx(0.6, abs=0.01)
    assert of(declared, Measure.COLLISION) == of(declared, Measure.VERTICAL) == []


def test_a_tie_in_far_from_the_run_it_names_is_not_believed():
    far = beside(0.65, SEWER, id=9)

    found = check(a_new_run(EAST), far, tie_ins=[TieIn(new=0, chainage_m=30.0, existing=9)])

    assert found.left_out == {}
    assert of(found, Measure.HORIZONTAL)[0].chainage_m == (0.0, 60.0)


def test_cables_of_one_bank_are_left_out():
    found = check(a_new_run(EAST, POWER, bank=3), beside(0.05, POWER, bank=3))

    assert found.left_out == {"duct bank": 1}
    assert [v for v in found.verdicts if v.measure is not Measure.DIG] == []


def test_links_inside_one_chamber_are_left_out():
    found = check(a_new_run([(0, 0), (1, 0)], WATER, chamber=True, nodes=(4, 0)),
                  a_new_run([(0, 0), (0, 1)], WATER, chamber=True, nodes=(4, 0)))  # fmt: skip

    assert found.left_out == {"inside one chamber": 1}


def test_a_disused_run_is_tested_for_collision_only():
    found = check(a_new_run(EAST), across(30, SEWER, life="disused"), beside(0.3, life="disused", crown=20.0))

    assert {v.measure for v in found.verdicts if v.measure is not Measure.DIG} == {Measure.COLLISION}
    assert found.left_out == {"disused": 2}


def test_a_disused_run_of_unknown_depth_cannot_be_judged():
    (verdict,) = of(check(a_new_run(EAST), across(30, SEWER, life="disused", crown=None)), Measure.COLLISION)

    assert (verdict.outcome, verdict.missing) == (Outcome.CANNOT_JUDGE, ("b.depth",))


def test_envelopes_in_one_space_collide_where_they_overlap():
    sloping = a_new_run([(-20, 0), (80, 0)], SEWER, crown=[38.5, 18.5], bottom=[38.0, 18.0])

    (verdict,) = of(check(a_new_run(EAST), sloping), Measure.COLLISION)

    assert verdict.outcome is Outcome.BREACH
    assert verdict.chainage_m == pytest.approx((27.304, 31.196), abs=0.01)


def test_order_wording_must_is_a_breach_and_should_is_a_hint():
    sewer_above = check(a_new_run(EAST, WATER), across(30, STORM, crown=30.0))
    power_above = check(a_new_run(EAST, TELECOM), across(30, POWER, crown=30.0))

    assert [(v.outcome, v.advisory) for v in of(sewer_above, Measure.ORDER)] == [(Outcome.BREACH, False)]
    assert [(v.outcome, v.advisory) for v in of(power_above, Measure.ORDER)] == [(Outcome.BREACH, True)]
    assert sewer_above.counts["breach"] == 1
    assert power_above.counts["breach"] == 0


def test_a_riser_is_met_at_a_right_angle():
    riser = a_new_run([(30, 0), (30, 0)], TELECOM, crown=[30.0, 27.0], bottom=[29.8, 26.8])

    found = check(a_new_run(EAST), riser)

    assert [(v.gap_m, v.angle_deg) for v in of(found, Measure.VERTICAL)] == [(-1.7, 90.0)]
    assert of(found, Measure.HORIZONTAL) == []


def test_runs_of_one_work_are_judged_against_each_other():
    gas, water = a_new_run(EAST), a_new_run([(0, 0.3), (60, 0.3)], WATER, crown=26.0)

    one, two = (
        judge(columns(*runs, first_id=-1), no_runs(ORIGIN_M), CATALOGUE)
        for runs in ((gas, water), (water, gas))
    )

    (verdict,) = of(one, Measure.HORIZONTAL)
    assert (verdict.outcome, verdict.b_is_new, verdict.gap_m) == (Outcome.BREACH, True, 0.1)
    assert [v.id for v in one.verdicts] == [v.id for v in two.verdicts]


def test_runs_of_one_work_that_join_are_one_line():
    street = (
        a_new_run(EAST, SEWER),
        a_new_run([(60, 0), (60, 40)], SEWER),
        a_new_run([(30, 0), (30, -20)], SEWER),
    )

    found = judge(columns(*street, first_id=-1), no_runs(ORIGIN_M), CATALOGUE)

    assert [v for v in found.verdicts if v.b is not None] == []


def test_nothing_at_all_is_no_error():
    found = judge(
        columns(a_new_run(EAST), first_id=-1), columns(a_new_run([(900, 900), (901, 900)])), CATALOGUE
    )

    assert found.pairs == 0
    assert found.verdicts == ()


def test_threads_give_the_same_verdicts_as_one():
    others = [beside(0.3 * k, WATER) for k in range(1, 6)] + [across(6.0 * k, SEWER) for k in range(1, 9)]
    new = a_new_run([(0, 0), (20, 0.1), (60, -0.2)], sigma=0.05)

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: check(new, *others), range(8)))

    assert all(one == found[0] for one in found)


def test_a_line_that_comes_back_to_its_crossing_is_judged_there():
    """The sewer crosses far below, turns, and its end comes up beside the gas main within the explained length."""
    axis = [(10.0, -5.0), (10.0, 5.0), (10.3, 5.0), (10.3, 0.9)]
    sewer = a_new_run(axis, SEWER, crown=[26.0, 26.0, 28.0, 28.5], width=0.6)
    parts = [a_new_run(axis[:2], SEWER, crown=[26.0, 26.0], width=0.6),
             a_new_run(axis[1:], SEWER, crown=[26.0, 28.0, 28.5], width=0.6)]  # fmt: skip

    whole = judge(columns(a_new_run([(0, 0), (20, 0)], GAS), first_id=-1), columns(sewer), CATALOGUE)
    split = judge(columns(a_new_run([(0, 0), (20, 0)], GAS), first_id=-1), columns(*parts), CATALOGUE)

    (found,) = [v for v in whole.verdicts if v.measure is Measure.HORIZONTAL]
    (cut,) = [v for v in split.verdicts if v.measure is Measure.HORIZONTAL]
    # Axes 0.9 m apart at its end, half widths 0.1 and 0.3 m: 0.5 m between the walls, 1.2 m asked.
    assert (found.outcome, found.gap_m, found.required_m) == (Outcome.BREACH, 0.5, 1.2)
    assert (cut.outcome, cut.gap_m, cut.chainage_m) == (found.outcome, found.gap_m, found.chainage_m)


def test_forgetting_the_pressure_keeps_what_a_class_between_mild_and_strict_asks():
    """The strictest class explains more beside the crossing than the class that the line really has."""
    axis = [(10.0, -5.0), (10.0, 1.1), (11.25, 1.1), (10.9, 9.0)]
    water = a_new_run([(0, 0), (40, 0)], WATER)

    def outcomes(pressure):
        gas = a_new_run(axis, Conditions("gas", pressure_class=pressure, nominal_mm=200.0), crown=27.5)
        found = judge(columns(water, first_id=-1), columns(gas), CATALOGUE).verdicts
        return [v.outcome for v in found
                if v.measure is Measure.HORIZONTAL and v.chainage_m[0] < 11.5 < v.chainage_m[1]]  # fmt: skip

    assert outcomes("subhigh_B") == [Outcome.BREACH]
    assert outcomes(None) == [Outcome.CANNOT_JUDGE]


@pytest.mark.parametrize("slope", [0.0, 0.2, -0.5])
def test_the_move_that_is_proposed_mends_the_finding(slope):
    other = a_new_run([(0.0, 0.5), (20.0, 0.5 + 20 * slope if slope > 0 else 11.0)], SEWER, sigma=0.05)
    (found,) = [
        v for v in check(a_new_run([(0, 0), (20, 0)]), other).verdicts if v.measure is Measure.HORIZONTAL
    ]

    # The other lies to the left, that is north: the new run moves south.
    moved = a_new_run([(0, -found.mend["clear_move_m"] - 0.001), (20, -found.mend["clear_move_m"] - 0.001)])

    assert found.mend["side"] == "right"
    assert not [v for v in check(moved, other).verdicts if v.measure is Measure.HORIZONTAL]


def test_no_move_to_a_side_is_proposed_to_a_run_that_ends_before_the_other():
    ends_before = a_new_run([(0, 0), (9.5, 0)])
    (found,) = [v for v in check(ends_before, a_new_run([(10, -5), (10, 5)], SEWER)).verdicts
                if v.measure is Measure.HORIZONTAL]  # fmt: skip

    assert (found.outcome, found.mend) == (Outcome.BREACH, None)


@pytest.mark.parametrize(("kind", "outcome"), [(POWER, Outcome.BREACH), (SEWER, Outcome.BREACH), (GAS, None)])
def test_a_tie_in_is_believed_only_between_lines_that_are_ever_joined(kind, outcome):
    other = a_new_run([(10, -5), (10, 5)], kind)
    found = check(a_new_run([(0, 0), (20, 0)], GAS), other, tie_ins=[TieIn(0, 10.0, 1)])

    assert {v.outcome for v in of(found, Measure.COLLISION)} == ({outcome} if outcome else set())


def test_a_common_node_does_not_join_gas_and_power():
    gas, power = a_new_run([(0, 0), (20, 0)], nodes=(5, 0)), a_new_run([(0, 0), (0, 9)], POWER, nodes=(5, 0))

    assert Outcome.BREACH in {v.outcome for v in of(check(gas, power), Measure.COLLISION)}


def test_a_breach_says_that_it_needs_a_recorded_exception():
    (found,) = of(check(a_new_run(EAST, GAS), beside(0.5, WATER)), Measure.HORIZONTAL)

    assert found.outcome is Outcome.BREACH
    assert "例外审批" in found.words.zh
    assert "recorded exception" in found.words.en


def test_where_the_sources_disagree_both_figures_are_shown_and_the_stricter_decides():
    cable = Conditions("power", burial="direct_buried", voltage_kv=10.0)
    duct = Conditions("power", burial="conduit", voltage_kv=10.0)

    (verdict,) = of(check(a_new_run(EAST, cable, crown=28.5), across(30, duct, crown=28.0)), Measure.VERTICAL)

    # 0.30 m between the walls: enough for the 0.25 m of one row of S3, not for the 0.50 m of the other.
    assert verdict.outcome is Outcome.BREACH
    assert {rule.rule_id: (rule.clearance_m, rule.decides) for rule in verdict.rules} == {
        "V029": (0.25, False),
        "SV029": (0.5, True),
    }
    assert verdict.needs_checking


# Each was excused when the other line had no known width, and is too near when it is 1 m wide.
@pytest.mark.parametrize(
    "axis",
    [
        [(7.75, 1.25), (2.25, -1.0), (1.0, 0.25), (7.75, 3.75)],
        [(0.0, 0.75), (7.5, -1.75), (3.0, -1.0)],
        [(5.75, -2.5), (6.0, 0.5), (8.0, 1.75), (5.0, -1.25)],
    ],
)
def test_an_unknown_size_excuses_no_more_than_any_size_in_between(axis):
    new, one_metre = a_new_run([(0, 0), (8, 0)]), a_new_run(axis, WATER, width=1.0)

    known = check(new, one_metre)
    unknown = check(new, one_metre | {"width": (0.0, 2.0), "height": (1.0, 1.0)})

    assert of(known, Measure.HORIZONTAL)
    assert of(unknown, Measure.HORIZONTAL)
