"""Guards that only tell in rare places: each would be wrong without anybody seeing it."""

import numpy as np
import pytest
import shapely
from shapely import LineString

from tests.runs import ORIGIN_M, SEWER, WATER, a_new_run, columns
from tests.verdicts import CATALOGUE, EAST, across, check, of
from xzgis.conflicts.kernel.crossing import crossings
from xzgis.conflicts.kernel.lines import lines_of
from xzgis.conflicts.kernel.solid import shared_spans
from xzgis.conflicts.rules.book import RuleBook
from xzgis.conflicts.rules.coverage import not_covered
from xzgis.conflicts.rules.pieces import Piece, layered
from xzgis.conflicts.rules.survey_reach import survey_reaches_m
from xzgis.conflicts.terms import Measure, Outcome, TieIn
from xzgis.networks.terms import Conditions


def test_a_kind_whose_figures_end_is_sought_as_far_as_any_figure_goes():
    """Gas of unknown pressure may stand above the tables."""
    runs = columns(a_new_run(EAST, WATER), first_id=-1)

    (reach,) = survey_reaches_m(runs, ("gas",), RuleBook(CATALOGUE))["gas"]

    assert reach == pytest.approx(0.1 + 4.0)


def test_an_area_that_holds_the_axis_alone_holds_not_the_ground_beside_it():
    axis, narrow = LineString([(0, 0), (100, 0)]), shapely.box(-10, -1, 110, 1)

    (gap,) = not_covered([axis], ["new:1"], {"gas": [narrow]}, {"gas": [4.0]})

    assert gap.chainage_m == (0.0, 100.0)


def test_what_cannot_be_judged_beside_a_breach_stays_a_finding_of_its_own():
    outcomes = {(0.0, 5.0): Outcome.BREACH, (5.0, 9.0): Outcome.CANNOT_JUDGE}

    found = layered(
        [(0.0, 5.0)], [(0.0, 9.0)], [(0.0, 10.0)], lambda span: Piece(span, (0.1, 0.1), outcomes[span])
    )

    assert [(piece.outcome, piece.within_m) for piece in found] == [
        (Outcome.BREACH, ()),
        (Outcome.CANNOT_JUDGE, ()),
    ]


@pytest.mark.parametrize(("beside_m", "is_believed"), [(0.75, True), (0.85, False)])
def test_a_tie_in_is_believed_within_half_a_metre_of_the_wall(beside_m, is_believed):
    main = a_new_run([(-20, beside_m), (80, beside_m)], WATER, width=0.5, id=9)
    branch = a_new_run([(30, 0), (30, -40)], WATER)

    found = check(branch, main, tie_ins=[TieIn(new=0, chainage_m=0.0, existing=9)])

    assert found.left_out == ({"joint": 1} if is_believed else {})


@pytest.mark.parametrize(
    ("sigma", "sigma_level", "outcome"),
    [
        pytest.param(0.0, 0.0, Outcome.BREACH, id="known"),
        pytest.param(0.2, 0.0, Outcome.WITHIN_TOLERANCE, id="place vague"),
        pytest.param(0.0, 0.2, Outcome.WITHIN_TOLERANCE, id="level vague"),
    ],
)
def test_a_collision_is_certain_only_beyond_the_tolerance(sigma, sigma_level, outcome):
    other = a_new_run([(-20, 0.1), (80, 0.1)], SEWER, crown=28.4, sigma=sigma, sigma_level=sigma_level)

    (found,) = of(check(a_new_run(EAST), other), Measure.COLLISION)

    assert found.outcome is outcome


ONE_LEVEL = {"crown": [20.0, 20.0, np.nan]}


@pytest.mark.parametrize("life", ["built", "disused"])
@pytest.mark.parametrize(
    ("axis", "more", "outcome", "missing"),
    [
        pytest.param([(30, -9), (30, 9)], {"crown": 20.0}, None, (), id="far below"),
        pytest.param([(30, -9), (30, 9)], {"crown": 28.5}, Outcome.BREACH, (), id="through it"),
        pytest.param([(30, -9), (30, 9)], {"crown": 28.25, "sigma_level": 0.1}, Outcome.WITHIN_TOLERANCE, (), id="below"),
        pytest.param([(0, 0.25), (60, 0.25)], {"sigma": 0.1}, Outcome.WITHIN_TOLERANCE, (), id="beside it"),
        pytest.param([(0, 0.45), (60, 0.45)], {"sigma": 0.1}, None, (), id="farther beside it"),
        pytest.param([(30, -9), (30, 9)], {"crown": None}, Outcome.CANNOT_JUDGE, ("b.depth",), id="any depth"),
        pytest.param([(30, -9), (30, -1), (30, 9)], ONE_LEVEL, Outcome.CANNOT_JUDGE, ("b.depth",), id="one depth"),
        pytest.param([(30, -9), (30, 1), (30, 9)], ONE_LEVEL, None, (), id="one depth elsewhere"),
        pytest.param([(30, -9), (30, 9)], {"crown": 28.25, "bottom": [np.nan] * 2, "width": 0.2, "height": (0.1, 0.3)},
                     None, (), id="roof known"),
        pytest.param([(30, -9), (30, 9)], {"crown": [np.nan] * 2, "bottom": 28.15, "width": 0.2, "height": (0.1, 0.3)},
                     Outcome.CANNOT_JUDGE, ("b.size",), id="floor known"),
    ],
)  # fmt: skip
def test_a_collision_that_may_be_is_never_clear(axis, more, outcome, missing, life):
    found = check(a_new_run(EAST), a_new_run(axis, SEWER, life=life, **more))

    said = of(found, Measure.COLLISION)
    assert [(v.outcome, v.missing) for v in said] == ([(outcome, missing)] if outcome else [])
    assert (Measure.COLLISION in {measure for measure, _, _ in found.clear}) <= (not said)
    counted = sum(found.counts.values()) - found.counts["clear"]
    assert counted == sum(not v.advisory for v in found.verdicts)


def test_a_gap_between_two_that_may_collide_is_no_overlap():
    (found,) = of(check(a_new_run(EAST), across(30, SEWER, crown=28.25, sigma_level=0.1)), Measure.COLLISION)

    assert found.gap_m == 0.05
    assert "净距 0.050 m" in found.words.zh


def test_a_collision_in_a_corner_of_the_levels_is_found():
    """The new pipe dips into the other for a short way only: the shared places are a triangle."""
    dipping = a_new_run([(0, 0), (30, 0)], crown=[29.4, 28.6], height=0.2)
    level = a_new_run([(29.7, -5), (29.7, 5)], SEWER, crown=28.42, height=0.2)
    parallel = a_new_run([(0, 0.05), (30, 0.05)], SEWER, crown=[28.0, 28.42], height=0.2)

    assert of(check(dipping, level), Measure.COLLISION)
    (found,) = of(check(dipping, parallel), Measure.COLLISION)
    assert found.chainage_m[0] == pytest.approx(29.5, abs=0.6)
    assert found.chainage_m[1] == 30.0


def test_a_gap_between_the_smallest_and_largest_size_is_read_at_sizes_in_between():
    trench = a_new_run([(2.79, -7.3), (-11.82, -3.91), (-11.78, -4.21), (-11.67, -4.48), (-11.43, -4.66)],
                       Conditions("trench"), width=(0.05, 3.0), height=0.1, crown=26.9)  # fmt: skip
    new = a_new_run([(0.38, -3.78), (-14.36, -6.57), (-28.13, -12.52)], Conditions("reclaimed", nominal_mm=300.0),
                    width=0.1, crown=29.2, sigma=0.3)  # fmt: skip

    assert of(check(new, trench), Measure.HORIZONTAL)


def test_nothing_is_said_of_a_line_that_crosses_far_below():
    assert of(check(a_new_run(EAST), across(30, crown=20.0)), Measure.COLLISION) == []


@pytest.mark.parametrize("unknown", [(0,), (1,), (0, 1), ()])
def test_a_riser_is_met_over_its_whole_height_or_at_no_known_level(unknown):
    """Kernel: an end that nobody measured leaves crown and bottom unknown, whichever end it is."""
    crown, bottom = np.array([30.0, 27.0]), np.array([29.8, 26.8])
    crown[list(unknown)] = bottom[list(unknown)] = np.nan
    riser = a_new_run([(30, 0), (30, 0)], SEWER, crown=crown, bottom=bottom)
    lines, others = (
        lines_of(each, origin_m=(0.0, 0.0)) for each in (columns(a_new_run(EAST)), columns(riser))
    )

    (row,) = crossings(lines, 0, others, 0)

    wanted = [30.0, 26.8] if not unknown else [np.nan, np.nan]
    np.testing.assert_array_equal(row[-2:], wanted)


def test_a_collision_in_a_triangle_of_places_is_found():
    """Only near both ends do the two come to one level: of all pairs of places a corner is left."""
    falling = a_new_run([(0, 0), (30, 0)], crown=[29.4, 28.6], height=0.2)
    rising = a_new_run([(0, 0.05), (30, 0.05)], SEWER, crown=[28.0, 28.42], height=0.2)
    lines, others = (lines_of(columns(each), origin_m=ORIGIN_M) for each in (falling, rising))

    ((low, high),) = shared_spans(lines, 0, others, 0, 0.2, 0.0)

    # Bottom 28.4 at the end of the one against crown 28.42 at the end of the other: 0.02 m shared.
    assert 0.0 < low < high == pytest.approx(30.0)
    assert low == pytest.approx(30.0 - 0.02 / (0.8 / 30), abs=0.4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            a_new_run([(-7.004, 2.515), (-12.14, 16.608)], WATER, width=3.0, height=1.5, crown=[29.647, np.nan],
                      sigma=0.3, sigma_level=0.2),
            a_new_run([(-7.934, 4.956), (-7.717, 4.75)], SEWER, width=3.0, height=0.5, crown=[29.352, 29.502],
                      sigma=0.3, sigma_level=0.05),
            id="beside a known end",
        ),
        pytest.param(
            a_new_run([(-6.939, -5.216), (-5.576, 0.628), (-5.664, 0.915)], WATER, width=1.5, height=0.5,
                      crown=[np.nan, 28.397, 28.717], sigma=0.05, sigma_level=0.2),
            a_new_run([(-6.722, 0.47), (-2.485, 14.86), (-1.162, 15.566)], SEWER, width=3.0, height=0.1,
                      crown=[28.712, 28.906, 28.981], sigma=0.0, sigma_level=0.05),
            id="beside a known part",
        ),
    ],
)  # fmt: skip
def test_what_is_known_of_one_part_hides_no_unknown_level_of_another(one, other):
    """Along the line that is known all the way, both parts of the other lie at the same chainages."""
    for new, beside_it, missing in ((one, other, ("a.depth",)), (other, one, ("b.depth",))):
        said = {(v.outcome, v.missing) for v in of(check(new, beside_it), Measure.COLLISION)}

        assert said == {(Outcome.WITHIN_TOLERANCE, ()), (Outcome.CANNOT_JUDGE, missing)}


def test_touching_at_the_very_tolerance_is_clear_from_both_sides():
    """The end of one wall is 0.600 m from the other, with k σ = 0.600 m: noise of 1 nm decides for neither."""
    one = a_new_run([(-2.6, -0.68), (-3.0, 2.0), (7.0, 0.0)], WATER, width=2.4, height=1.5,
                    crown=[28.5, 28.61, 28.5], sigma=0.3, sigma_level=0.1)  # fmt: skip
    other = a_new_run([(-1.22, -4.0), (7.0, -3.0)], SEWER, width=2.4, height=1.5, crown=28.9, sigma_level=0.1)

    assert of(check(one, other), Measure.COLLISION) == of(check(other, one), Measure.COLLISION) == []
