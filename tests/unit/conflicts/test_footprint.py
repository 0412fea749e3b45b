"""The vertical gap is the least over the ground that both outer envelopes cover, not the one where the axes meet."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs import GAS, SEWER, TELECOM, WATER, a_new_run, columns
from tests.verdicts import CATALOGUE, EAST, across, check, of
from xzgis.conflicts.rules.book import RuleBook
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.rules.scene import pair_of, scene_of
from xzgis.conflicts.rules.vertical import Crossing, crossings_in
from xzgis.conflicts.terms import Measure, Outcome

BOUNDED = settings(max_examples=150, deadline=None, derandomize=True)
ANGLES = st.floats(16.0, 164.0)
SLOPES = st.sampled_from([-0.6, -0.08, -0.003, 0.0, 0.02, 0.3])
SIZES = st.sampled_from([0.1, 0.8, 2.4])
BOOK = RuleBook(CATALOGUE)


def a_sloping(axis, crown_m, slope, *, width, facts=WATER, height=0.5):
    """A straight run whose crown is ``crown_m`` at its middle."""
    half = math.dist(*axis) / 2.0
    return a_new_run(
        axis, facts, width=width, height=height, crown=[crown_m - slope * half, crown_m + slope * half]
    )


def through_middle(angle_deg, half_m=30.0):
    east, north = half_m * math.cos(math.radians(angle_deg)), half_m * math.sin(math.radians(angle_deg))
    return [(30.0 - east, -north), (30.0 + east, north)]


def crossing(a, b) -> Crossing:
    scene = scene_of(columns(a, first_id=-1), columns(b), BOOK)
    (found,) = crossings_in(scene, [pair_of(scene, 0, 0, 0)])
    return found


def brute_m(angle_deg, crowns, slopes, widths, height=0.5):
    """The gap at many places that both strips cover, the boundary included, each way of lying; the better way."""
    turn = math.radians(angle_deg)
    ua, ub = np.array([1.0, 0.0]), np.array([math.cos(turn), math.sin(turn)])
    na, nb = np.array([0.0, 1.0]), np.array([-math.sin(turn), math.cos(turn)])
    beside = np.linspace(-0.5, 0.5, 9)
    places = [
        np.linalg.solve(np.array([na, nb]), [u * widths[0], v * widths[1]]) for u in beside for v in beside
    ]
    top = [np.array([crown + slope * (p @ along) for p in places])
           for crown, slope, along in zip(crowns, slopes, (ua, ub), strict=True)]  # fmt: skip
    return max((top[0] - height - top[1]).min(), (top[1] - height - top[0]).min())


@BOUNDED
@given(ANGLES, st.tuples(SLOPES, SLOPES), st.tuples(SIZES, SIZES), st.floats(-2.0, 2.0))
def test_the_gap_is_the_least_of_a_brute_force(angle, slopes, widths, above):
    crowns = (28.0 + above, 28.0)
    a = a_sloping(EAST, crowns[0], slopes[0], width=widths[0], facts=GAS)
    b = a_sloping(through_middle(angle), crowns[1], slopes[1], width=widths[1])

    found = crossing(a, b)

    assert found.gap_m[0] == pytest.approx(brute_m(angle, crowns, slopes, widths), abs=1e-6)
    assert found.at_a_m == pytest.approx(30.0)


@BOUNDED
@given(ANGLES, st.tuples(SLOPES, SLOPES), st.tuples(SIZES, SIZES), st.floats(-2.0, 2.0), st.floats(0.3, 0.7))
def test_swapping_reversing_and_splitting_change_nothing(angle, slopes, widths, above, share):
    a = a_sloping(EAST, 28.0 + above, slopes[0], width=widths[0])
    b = a_sloping(through_middle(angle), 28.0, slopes[1], width=widths[1])
    gap = crossing(a, b).gap_m

    back = b | {"axis": b["axis"][::-1], "crown": b["crown"][::-1]}
    middle = tuple(np.array(a["axis"][0]) + share * (np.array(a["axis"][1]) - np.array(a["axis"][0])))
    level = a["crown"][0] + share * (a["crown"][1] - a["crown"][0])
    more = a | {"axis": [a["axis"][0], middle, a["axis"][1]], "crown": [a["crown"][0], level, a["crown"][1]]}

    assert crossing(b, a).gap_m == pytest.approx(gap, abs=1e-6)
    assert crossing(a, back).gap_m == pytest.approx(gap, abs=1e-6)
    assert crossing(more, b).gap_m == pytest.approx(gap, abs=1e-6)


def test_a_new_pipe_on_a_slope_over_a_wide_box_meets_its_wall():
    box = across(30, SEWER, width=4.0, height=1.0, crown=28.0)
    gas = a_new_run(EAST, crown=[28.0 + 0.2 + 0.20 - 1.5, 28.0 + 0.2 + 0.20 + 1.5])

    (found,) = of(check(gas, box), Measure.VERTICAL)

    # 0.20 m where the axes meet, 0.05 x 2.0 m less above the wall of the box: 0.10 m of the 0.15 m asked.
    assert (found.outcome, found.gap_m, found.required_m) == (Outcome.BREACH, 0.1, 0.15)
    assert found.mend["raise_m"] == 0.05
    assert found.chainage_m == (30.0, 30.0)


def bent_brute_m(angle_deg, ways, levels, widths, height=0.5):
    """The gap at many places that both strips cover, with levels that bend along both axes."""
    turn = math.radians(angle_deg)
    ua, ub = np.array([1.0, 0.0]), np.array([math.cos(turn), math.sin(turn)])
    sides = np.array([[0.0, 1.0], [-math.sin(turn), math.cos(turn)]])
    beside = np.linspace(-0.5, 0.5, 81)
    places = np.array(
        [np.linalg.solve(sides, [u * widths[0], v * widths[1]]) for u in beside for v in beside]
    )
    top = [
        np.interp(places @ along, way, level)
        for along, way, level in zip((ua, ub), ways, levels, strict=True)
    ]
    return max((top[0] - height - top[1]).min(), (top[1] - height - top[0]).min())


BENDS = st.lists(st.integers(-30, 30).map(lambda n: n / 10), min_size=1, max_size=4, unique=True).map(sorted)
RISES = st.lists(st.integers(-6, 6).map(lambda n: n / 10), min_size=6, max_size=6)


@settings(BOUNDED, max_examples=60)
@given(st.floats(20.0, 160.0), st.tuples(BENDS, BENDS), st.tuples(RISES, RISES), st.tuples(SIZES, SIZES),
       st.sampled_from([-1.2, 1.2]), st.booleans())  # fmt: skip
def test_bends_inside_the_shared_ground_count(angle, bends, rises, widths, above, is_split):
    turn = math.radians(angle)
    ways = [[-30.0, *each, 30.0] for each in bends]
    levels = [[base + rise for rise in each[: len(way)]]
              for base, each, way in zip((28.0 + above, 28.0), rises, ways, strict=True)]  # fmt: skip
    a = a_new_run([(30.0 + w, 0.0) for w in ways[0]], width=widths[0], height=0.5, crown=levels[0])
    b = a_new_run([(30.0 + w * math.cos(turn), w * math.sin(turn)) for w in ways[1]], WATER, width=widths[1],
                  height=0.5, crown=levels[1])  # fmt: skip
    cut = len(ways[1]) // 2
    parts = [b | {"axis": b["axis"][: cut + 1], "crown": levels[1][: cut + 1]},
             b | {"axis": b["axis"][cut:], "crown": levels[1][cut:]}] if is_split else [b]  # fmt: skip

    scene = scene_of(columns(a, first_id=-1), columns(*parts), BOOK)
    found = crossings_in(scene, [pair_of(scene, k, 0, k) for k in range(len(parts))])

    wanted = bent_brute_m(angle, ways, levels, widths)
    assert found
    for one in found:
        assert one.gap_m[0] <= wanted + 1e-6
        assert one.gap_m[0] == pytest.approx(wanted, abs=0.05 * max(widths) + 1e-6)


@pytest.mark.parametrize("is_split", [False, True])
def test_a_hump_that_ends_between_the_walls_of_a_culvert_is_found(is_split):
    """0.30 m over the culvert where the axes meet, 0.084 m above its walls; cut in two by a node or not."""
    culvert = across(30, SEWER, width=3.0, height=1.5, crown=27.0)
    axis = [(0, 0), (28.4, 0), (29.4, 0), (30.6, 0), (31.6, 0), (60, 0)]
    crown = [27.5 - max(0.0, min(abs(x - 30), 1.6) - 0.6) * 0.24 for x, _ in axis]
    parts = [a_new_run(axis[:4], crown=crown[:4], nodes=(901, 902)),
             a_new_run(axis[3:], crown=crown[3:], nodes=(902, 903))]  # fmt: skip
    new = parts if is_split else [a_new_run(axis, crown=crown)]

    (found,) = of(judge(columns(*new, first_id=-1), columns(culvert), CATALOGUE), Measure.VERTICAL)

    assert (found.outcome, found.gap_m) == (Outcome.BREACH, 0.084)


def test_a_riser_whose_foot_is_unknown_is_not_taken_for_its_head():
    riser = a_new_run([(30, 0), (30, 0)], TELECOM, crown=[30.0, np.nan], bottom=[29.8, np.nan])

    (found,) = of(check(a_new_run(EAST, WATER), riser), Measure.VERTICAL)

    assert (found.outcome, found.missing) == (Outcome.CANNOT_JUDGE, ("b.depth",))


# What nobody measured between the walls of a wide line may lie at any depth: axis and crowns of a new pipe 0.5 m above
# a culvert of 3.0 m, cut in two at a vertex or not.
NEIGHBOURS = {
    "known": ([(0, 0), (29, 0), (31, 0), (60, 0)], [27.7] * 4),
    "beyond the walls": ([(0, 0), (28, 0), (32, 0), (60, 0)], [np.nan, 27.7, 27.7, np.nan]),
    "between the walls": ([(0, 0), (29, 0), (31, 0), (60, 0)], [27.7, 27.7, 27.7, np.nan]),
    "behind a bend": ([(0, 0), (29, 0), (31, 0), (31.2, 5)], [27.7, 27.7, 27.7, np.nan]),
}
CULVERT = {"width": 3.0, "height": 1.5, "crown": 27.0}


@pytest.mark.parametrize("cut", [None, 1, 2])
@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("name", NEIGHBOURS)
def test_an_unknown_level_between_the_walls_is_no_level_that_goes_on(name, turn, cut):
    axis, crown = (each[::turn] for each in NEIGHBOURS[name])
    parts = [a_new_run(axis, crown=crown)] if cut is None else [
        a_new_run(axis[: cut + 1], crown=crown[: cut + 1]), a_new_run(axis[cut:], crown=crown[cut:])]  # fmt: skip

    found = judge(columns(*parts, first_id=-1), columns(across(30, SEWER, **CULVERT)), CATALOGUE)
    other = judge(columns(across(30, SEWER, **CULVERT), first_id=-1), columns(*parts), CATALOGUE)

    if name in ("known", "beyond the walls"):
        assert of(found, Measure.VERTICAL) == of(other, Measure.VERTICAL) == []
        return
    for judged, missing in ((found, ("a.depth",)), (other, ("b.depth",))):
        said = {(v.outcome, v.missing, v.gap_range_m) for v in of(judged, Measure.VERTICAL)}
        assert said == {(Outcome.CANNOT_JUDGE, missing, (None, 0.5))}
        assert Measure.VERTICAL not in {measure for measure, _, _ in judged.clear}


def test_a_breach_at_a_known_level_stays_a_breach_beside_an_unknown_one():
    gas = a_new_run([(0, 0), (29, 0), (31, 0), (60, 0)], crown=[27.3, 27.3, 27.25, np.nan])

    (found,) = of(check(gas, across(30, SEWER, **CULVERT)), Measure.VERTICAL)

    # 0.05 m at the last level known; deeper or not behind it, the mildest reading is a breach.
    assert (found.outcome, found.gap_range_m, found.missing, found.mend) == (
        Outcome.BREACH, (None, 0.05), (), None)  # fmt: skip
    assert "净距 不大于 0.050 m" in found.words.zh


def test_the_levels_of_a_run_that_goes_on_unknown_are_not_known():
    """Joined 1 m beside the axis of the culvert, below its roof, to a run that nobody measured."""
    parts = [
        a_new_run([(0, 0), (31, 0)], WATER, crown=27.7),
        a_new_run([(31, 0), (60, 0)], WATER, crown=None),
    ]
    culvert = across(30, SEWER, **CULVERT)

    found = of(
        judge(columns(culvert, first_id=-1), columns(parts[0] | {"nodes": (1, 2)}, parts[1]), CATALOGUE),
        Measure.VERTICAL,
    )

    assert [(v.outcome, v.missing) for v in found] == [(Outcome.CANNOT_JUDGE, ("b.depth",))]


@settings(BOUNDED, max_examples=60)
@given(st.floats(20.0, 160.0), st.tuples(BENDS, BENDS), st.tuples(RISES, RISES), st.tuples(SIZES, SIZES),
       st.sampled_from([-1.2, 1.2]), st.integers(0, 5), st.booleans())  # fmt: skip
def test_an_unknown_level_is_every_level(angle, bends, rises, widths, above, at, of_a):
    """Whatever a level turns out to be, the gap lies in the range told without it."""
    turn = math.radians(angle)
    ways = [[-30.0, *each, 30.0] for each in bends]
    levels = [[base + rise for rise in each[: len(way)]]
              for base, each, way in zip((28.0 + above, 28.0), rises, ways, strict=True)]  # fmt: skip
    side = 0 if of_a else 1
    at %= len(ways[side])

    def gap_with(value):
        given = [list(each) for each in levels]
        given[side][at] = value
        a = a_new_run([(30.0 + w, 0.0) for w in ways[0]], width=widths[0], height=0.5, crown=given[0])
        b = a_new_run([(30.0 + w * math.cos(turn), w * math.sin(turn)) for w in ways[1]], WATER, width=widths[1],
                      height=0.5, crown=given[1])  # fmt: skip
        return crossing(a, b).gap_m

    low, high = gap_with(np.nan)

    known = [gap_with(levels[side][at] + by)[0] for by in (-3.0, -0.5, 0.0, 0.5, 3.0)]
    assert low - 1e-6 <= min(known)
    assert max(known) <= high + 1e-6
    if max(known) - min(known) > 1e-5:
        assert low == -math.inf


@pytest.mark.parametrize("share", [None, 0.1, 0.4])
@pytest.mark.parametrize("is_new", [False, True])
def test_a_cut_beside_an_unknown_vertex_hides_no_known_breach(share, is_new):
    """The end of a sewer that is known lies inside a wide box; its next vertex is not known, the axes meet between."""
    box = a_new_run(EAST, WATER, width=3.0, height=0.5, crown=28.7)
    end, far = (30.0, 0.3), (30.0, -1.0)
    axis, crown = [end, far, (30, -9)], [28.8, np.nan, np.nan]
    if share is None:
        parts = [a_new_run(axis, SEWER, crown=crown)]
    else:
        cut = (30.0, end[1] + share * (far[1] - end[1]))
        parts = [a_new_run([end, cut], SEWER, crown=[28.8, np.nan], nodes=(1, 2)),
                 a_new_run([cut, *axis[1:]], SEWER, crown=[np.nan] * 3, nodes=(2, 3))]  # fmt: skip
    sides = (
        (columns(*parts, first_id=-1), columns(box))
        if is_new
        else (columns(box, first_id=-1), columns(*parts))
    )

    found = {v.outcome for v in of(judge(*sides, CATALOGUE), Measure.VERTICAL)}

    assert found == {Outcome.BREACH}
