"""What a joint explains of lines that leave it together: its place, and no way along each other."""

import math
from itertools import pairwise

import pytest

from tests.runs import ORIGIN_M, WATER, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE, check, of
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure, Outcome, TieIn
from xzgis.networks.terms import Conditions

OUTER_M = 0.82


def a_main(axis, *, crown=29.0, **facts):
    return a_new_run(axis, WATER, width=OUTER_M, height=OUTER_M, crown=crown, **facts)


def outcomes(found, measure):
    return [one.outcome for one in of(found, measure)]


@pytest.mark.parametrize("turn_deg", [0.0, 5.0, 14.0])
@pytest.mark.parametrize("tied_at", [(0.0,), (0.0, 12.0)], ids=str)
def test_a_line_laid_along_the_main_it_is_tied_to_is_no_branch(turn_deg, tied_at):
    """The new one lies inside the old one, four decimetres deeper."""
    way = math.radians(turn_deg)
    new = a_main([(20, 0), (20 + 12 * math.cos(way), 12 * math.sin(way))], crown=28.6)

    found = check(new, a_main([(0, 0), (60, 0)]), tie_ins=[TieIn(0, at, 1) for at in tied_at])

    # Of lines that leave a place along each other nothing is joint.
    assert found.left_out == {}
    assert outcomes(found, Measure.COLLISION) == [Outcome.BREACH]


@pytest.mark.parametrize("turn_deg", [16.0, 45.0, 90.0, 135.0])
def test_a_branch_is_near_its_main_by_necessity(turn_deg):
    way = math.radians(turn_deg)
    branch = a_main([(20, 0), (20 + 30 * math.cos(way), 30 * math.sin(way))])

    found = check(branch, a_main([(0, 0), (60, 0)]), tie_ins=[TieIn(0, 0.0, 1)])

    assert found.left_out == {"joint": 1}
    assert outcomes(found, Measure.COLLISION) == outcomes(found, Measure.STACKED) == []
    assert outcomes(found, Measure.HORIZONTAL) == []


@pytest.mark.parametrize("past_m", [-0.4, 0.0, 0.3, 1.0])
def test_a_line_that_goes_on_from_the_end_of_another_is_its_continuation(past_m):
    found = check(a_main([(60 - past_m, 0), (90, 0)]), a_main([(0, 0), (60, 0)]), tie_ins=[TieIn(0, 0.0, 1)])

    assert found.left_out == {"joint": 1}
    assert outcomes(found, Measure.COLLISION) == outcomes(found, Measure.STACKED) == []


@pytest.mark.parametrize(
    ("crown", "measure"),
    [
        pytest.param(28.58, Measure.COLLISION, id="one in the other"),
        pytest.param(28.13, Measure.STACKED, id="over each other"),
    ],
)
def test_two_lines_of_a_work_with_the_same_ends_are_not_one(crown, measure):
    parts = a_main([(0, 0), (12, 0)]), a_main([(0, 0), (12, 0)], crown=crown)

    found = judge(columns(*parts, first_id=-1), no_runs(ORIGIN_M), CATALOGUE)

    assert outcomes(found, measure) == [Outcome.BREACH]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ((12,), (12,)),
        ((6, 12), (6, 12)),
        ((6, 12), (4, 8, 12)),
        (range(1, 13), range(1, 13)),
        ((12,), range(1, 13)),
    ],
    ids=["whole", "halves", "staggered", "metres", "one in metres"],
)
def test_two_lines_of_a_work_on_each_other_are_so_in_pieces_too(upper, lower):
    def pieces(ends, **facts):
        return [a_main([(first, 0), (last, 0)], **facts) for first, last in pairwise((0, *ends))]

    parts = [*pieces(upper), *pieces(lower, crown=28.58)]

    found = judge(columns(*parts, first_id=-1), no_runs(ORIGIN_M), CATALOGUE)

    hits = of(found, Measure.COLLISION)
    assert {one.outcome for one in hits} == {Outcome.BREACH}
    # A piece is hit a little beyond the end of the other too.
    assert sum(last - first for first, last in (one.chainage_m for one in hits)) >= 12.0


def test_two_tunnels_on_each_other_in_pieces_go_into_none_of_them():
    tunnel = Conditions("utility_tunnel")
    upper, lower = (
        [
            a_new_run([(at, 0), (at + 2, 0)], tunnel, width=OUTER_M, height=OUTER_M, crown=crown)
            for at in range(0, 12, 2)
        ]
        for crown in (29.0, 28.58)
    )

    found = judge(columns(*upper, *lower, first_id=-1), no_runs(ORIGIN_M), CATALOGUE)

    assert outcomes(found, Measure.COLLISION) == [Outcome.BREACH] * len(upper)


def test_a_short_line_inside_another_of_its_work_is_no_branch():
    main = [a_main([(0, 0), (6, 0)]), a_main([(6, 0), (12, 0)])]

    found = judge(
        columns(*main, a_main([(6, 0), (8, 0)], crown=28.58), first_id=-1), no_runs(ORIGIN_M), CATALOGUE
    )

    assert outcomes(found, Measure.COLLISION) == [Outcome.BREACH]


def test_a_tie_in_of_the_next_piece_does_not_excuse_the_one_before_it():
    """Each piece is tied at its start alone; its end is the start of the next."""
    ends = [*range(20, 33)]
    pieces = [a_main([(first, 0), (last, 0)], crown=28.58) for first, last in pairwise(ends)]
    ties = tuple(TieIn(at, 0.0, 1) for at in range(len(pieces)))

    found = judge(columns(*pieces, first_id=-1), columns(a_main([(0, 0), (60, 0)])), CATALOGUE, tie_ins=ties)

    assert len(of(found, Measure.COLLISION)) == len(pieces)


def test_a_chain_of_short_pieces_is_one_line():
    parts = [a_main([(at, 0), (at + 1, 0)]) for at in range(12)]

    found = judge(columns(*parts, first_id=-1), no_runs(ORIGIN_M), CATALOGUE)

    assert [one for one in found.verdicts if one.outcome is not Outcome.CLEAR] == []


@pytest.mark.parametrize("step_m", [0.8, 1.5, 2.0])
def test_two_lines_of_a_work_above_each_other_round_corners_are_told(step_m):
    """Where one turns, the next leg of the other crosses it; that excuses no legs that go on together."""
    corners = [(step_m * ((at + 1) // 2), step_m * (at // 2)) for at in range(7)]

    def legs(crown):
        return [a_main([first, last], crown=crown) for first, last in pairwise(corners)]

    found = judge(columns(*legs(29.0), *legs(28.13), first_id=-1), no_runs(ORIGIN_M), CATALOGUE)

    assert Outcome.BREACH in outcomes(found, Measure.STACKED)
