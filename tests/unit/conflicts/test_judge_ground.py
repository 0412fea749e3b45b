"""Verdicts on cover and on what an excavation touches."""

import numpy as np
import pytest

from tests.runs import ORIGIN_M, POWER, SEWER, WATER, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE, EAST, across, beside, check, of
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Hole, Measure, Outcome, SurfaceStretch
from xzgis.networks.terms import Conditions


def surfaces(token: str | None) -> list[SurfaceStretch]:
    return [SurfaceStretch(new=0, chainage_m=(0.0, 60.0), surface=token)]


def test_cover_is_judged_where_it_is_too_small():
    shallow = a_new_run(EAST, crown=[29.4, 28.8], ground=30.0)

    (verdict,) = of(check(shallow, surfaces=surfaces("carriageway")), Measure.COVER)

    assert verdict.outcome is Outcome.BREACH
    assert verdict.chainage_m == (0.0, 30.0)
    assert (verdict.gap_m, verdict.required_m, verdict.mend["lower_m"]) == (0.6, 0.9, 0.3)


def test_exactly_the_least_cover_is_clear():
    assert of(check(a_new_run(EAST, crown=29.1), surfaces=surfaces("carriageway")), Measure.COVER) == []


def test_cover_under_an_unknown_surface_is_read_every_way():
    found = check(a_new_run(EAST, crown=29.3))

    (verdict,) = of(found, Measure.COVER)
    assert (verdict.outcome, verdict.missing) == (Outcome.CANNOT_JUDGE, ("a.surface",))
    assert of(check(a_new_run(EAST, crown=29.0)), Measure.COVER) == []


def test_cover_without_ground_cannot_be_judged():
    (verdict,) = of(check(a_new_run(EAST, ground=None), surfaces=surfaces("carriageway")), Measure.COVER)

    assert (verdict.outcome, verdict.missing, verdict.chainage_m) == (
        Outcome.CANNOT_JUDGE,
        ("a.ground",),
        (0.0, 60.0),
    )


def test_cover_changes_with_the_surface():
    parts = [
        SurfaceStretch(0, (0.0, 20.0), "carriageway"),
        SurfaceStretch(0, (20.0, 60.0), "non_motor_or_footway"),
    ]

    (verdict,) = of(check(a_new_run(EAST, crown=29.3), surfaces=parts), Measure.COVER)

    assert verdict.chainage_m == (0.0, 20.0)


def test_overhead_lines_have_no_cover():
    found = check(a_new_run(EAST, Conditions("power", method="overhead"), crown=40.0))

    assert of(found, Measure.COVER) == []
    assert found.left_out == {"cover of an overhead line": 1}


def test_a_trench_tells_what_it_hits():
    found = check(a_new_run(EAST, SEWER, crown=26.0), across(30, POWER, crown=29.0))

    (hit,) = of(found, Measure.DIG)
    assert (hit.outcome, hit.advisory) == (Outcome.BREACH, True)
    assert hit.duties == ("strike", "hand_dig", "owner_present", "support")
    assert hit.chainage_m == pytest.approx((29.4, 30.6), abs=0.001)


def test_a_trench_beside_a_line_asks_for_hands():
    (near,) = of(check(a_new_run(EAST, crown=28.0), beside(1.2, crown=29.0)), Measure.DIG)

    assert (near.outcome, near.duties) == (Outcome.CLEAR, ("hand_dig", "owner_present"))


def test_a_drilled_run_digs_nothing():
    drilled = Conditions("gas", pressure_class="medium_A", method="directional_drilling")

    assert of(check(a_new_run(EAST, drilled), across(30)), Measure.DIG) == []


def hole(**depth: float) -> Hole:
    corners = ((20, -5), (40, -5), (40, 5), (20, 5))
    return Hole(outline=tuple((x + ORIGIN_M[0], y + ORIGIN_M[1]) for x, y in corners), **depth)


@pytest.mark.parametrize(
    ("dug", "outcome"),
    [
        pytest.param(hole(bottom_level_m=27.0), Outcome.BREACH, id="deeper than the line"),
        pytest.param(hole(depth_m=3.0), Outcome.BREACH, id="deeper below ground"),
        pytest.param(hole(), Outcome.CANNOT_JUDGE, id="nobody says how deep"),
    ],
)
def test_a_hole_tells_what_lies_in_it(dug, outcome):
    found = check(a_new_run([(0, 500), (1, 500)]), beside(0.0), excavations=[dug])

    (hit,) = of(found, Measure.DIG)
    assert (hit.outcome, hit.a_is_hole, hit.chainage_m) == (outcome, True, pytest.approx((39.9, 60.1)))
    assert not hit.advisory
    assert found.counts[outcome.value] == 1


def test_a_hole_whose_bottom_lies_above_the_ground_has_none():
    found = check(a_new_run([(0, 500), (1, 500)]), beside(0.0), excavations=[hole(bottom_level_m=45.0)])

    assert [(one.outcome, one.missing) for one in of(found, Measure.DIG)] == [
        (Outcome.CANNOT_JUDGE, ("a.hole_depth",))
    ]


def test_a_shallow_hole_hits_nothing():
    found = check(a_new_run([(0, 500), (1, 500)]), beside(0.0), excavations=[hole(depth_m=0.2)])

    assert [verdict.outcome for verdict in of(found, Measure.DIG)] == [Outcome.CLEAR]


def test_a_work_of_holes_alone_is_judged():
    found = judge(no_runs(ORIGIN_M), columns(beside(0.0)), CATALOGUE, excavations=[hole(bottom_level_m=27.0)])

    assert [verdict.outcome for verdict in found.verdicts] == [Outcome.BREACH]


def test_a_burial_under_which_no_cover_is_asked_leaves_the_cover_open():
    """The table asks 0.70 of a heat main laid in the ground under a footway and says nothing of a channel."""
    footway = surfaces("non_motor_or_footway")
    for crown in (28.5, 29.45):
        by_burial = {
            burial: of(
                check(a_new_run(EAST, Conditions("heat", burial=burial), crown=crown), surfaces=footway),
                Measure.COVER,
            )
            for burial in ("channel", "direct_buried", None)
        }

        assert [v.outcome for v in by_burial["channel"]] == [Outcome.REFER]
        assert [v.outcome for v in by_burial["direct_buried"]] == [Outcome.BREACH] * (crown > 29.3)
        (open_,) = by_burial[None]
        assert (open_.outcome, open_.missing, open_.chainage_m) == (
            Outcome.CANNOT_JUDGE,
            ("a.burial",),
            (0.0, 60.0),
        )


def test_an_unknown_burial_is_asked_for_cover_as_a_channel_too():
    """Under a carriageway 1.00 for a heat main in the ground, 0.50 for one in a channel: 0.70 may be enough."""
    found = check(a_new_run(EAST, Conditions("heat"), crown=29.3), surfaces=surfaces("carriageway"))

    (verdict,) = of(found, Measure.COVER)
    assert (verdict.outcome, verdict.missing) == (Outcome.CANNOT_JUDGE, ("a.burial",))
    assert verdict.required_range_m == (0.5, 1.0)


def test_an_unknown_level_where_the_burial_is_open_as_well_names_both():
    heat = a_new_run(EAST, Conditions("heat"), crown=[28.5, None])

    found = of(check(heat, surfaces=surfaces("non_motor_or_footway")), Measure.COVER)

    assert [(v.outcome, v.missing) for v in found] == [(Outcome.CANNOT_JUDGE, ("a.depth", "a.burial"))]


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("is_cut", [False, True])
def test_the_head_of_a_drop_has_no_more_cover_than_it_has(at, is_cut):
    """A line of 1.3 m cover that rises to 0.2 m below the ground in one place and falls back again."""
    axis, crown = [(0, 0), (20, 0), (60, 0)], [28.7, 28.7, 28.7]
    axis = [*axis[: at + 1], axis[at], axis[at], *axis[at + 1 :]]
    crown = [*crown[: at + 1], 29.8, *crown[at:]]
    line = a_new_run(axis, WATER, crown=crown)
    parts = [line] if not is_cut else [
        line | {"axis": axis[: at + 2], "crown": crown[: at + 2], "nodes": (1, 2)},
        line | {"axis": axis[at + 1 :], "crown": crown[at + 1 :], "nodes": (2, 3)}]  # fmt: skip

    found = judge(columns(*parts, first_id=-1), no_runs(ORIGIN_M), CATALOGUE)

    assert {(v.outcome, v.gap_m) for v in of(found, Measure.COVER)} == {(Outcome.BREACH, 0.2)}


def test_a_foot_of_a_drop_that_nobody_measured_has_any_cover():
    line = a_new_run([(0, 0), (60, 0), (60, 0)], WATER, crown=[28.7, 28.7, np.nan])

    assert {v.outcome for v in of(check(line), Measure.COVER)} == {Outcome.CANNOT_JUDGE}
