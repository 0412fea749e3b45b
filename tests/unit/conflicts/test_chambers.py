"""Chambers at points: measured to their walls, whose size and depth the tables give as ranges."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.runs import GAS, ORIGIN_M, SEWER, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE, EAST
from xzgis.catalogue.rules.chamber_words import Thing, thing_at, words_with_extent
from xzgis.conflicts.rules.chamber_sizes import size_of, widest_m
from xzgis.conflicts.rules.chambers import (
    Chamber,
    chamber_columns,
    facts_of_chambers,
    parted,
    with_chambers,
)
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Hole, Measure, Outcome, TieIn

BOUNDED = settings(max_examples=60, deadline=None, derandomize=True)
QUARTERS = st.integers(-32, 32).map(lambda n: n / 4)
AXES = st.lists(st.tuples(QUARTERS, QUARTERS), min_size=2, max_size=4, unique=True)
MANHOLE = Chamber(
    node_id=901, east_m=ORIGIN_M[0] + 30.0, north_m=ORIGIN_M[1], kind="drainage_foul", appurtenance="manhole",
    ground_m=30.0, depth_m=None, sigma_plan_m=0.0, sigma_level_m=0.0, life_state="built", label="WS-1", owner=None,
    nominal_mm=400.0, widest_mm=400.0,
)  # fmt: skip
"""Of sewers of 400 mm: 0.9 to 1.8 m across and 0.7 to 8 m deep by layers/chambers.csv."""


def a_manhole(north_m=0.0, east_m=30.0, **facts):
    return replace(MANHOLE, east_m=ORIGIN_M[0] + east_m, north_m=ORIGIN_M[1] + north_m, **facts)


def check(new, *chambers, others=(), **more):
    standing = chamber_columns(chambers, CATALOGUE, origin_m=ORIGIN_M)
    existing = columns(*others) if others else no_runs(ORIGIN_M)
    return judge(columns(new, first_id=-1), with_chambers(existing, standing), CATALOGUE, **more)


def said(judgement):
    return {(one.measure, one.outcome, one.missing) for one in judgement.verdicts}


def each(judgement, measure):
    """Every outcome of a measure, of its own or said in another finding."""
    verdicts = judgement.verdicts
    own = [one.outcome for one in verdicts if one.measure is measure]
    return own + [also.outcome for one in verdicts for also in one.also if also.measure is measure]


@pytest.mark.parametrize(
    ("north_m", "outcome", "missing"),
    [
        # Gas 0.2 m wide, 1.2 m asked: gap = distance - 0.1 - (0.45 to 0.9).
        pytest.param(2.2, None, (), id="2.2: 1.2 to 1.65 m, exactly enough beside the largest"),
        pytest.param(
            2.199, Outcome.CANNOT_JUDGE, ("b.chamber_size",), id="2.199: enough beside the smallest alone"
        ),
        pytest.param(
            1.75, Outcome.CANNOT_JUDGE, ("b.chamber_size",), id="1.75: exactly enough beside the smallest"
        ),
        pytest.param(1.749, Outcome.BREACH, (), id="1.749: too near beside the smallest too"),
    ],
)
def test_a_line_is_measured_to_the_wall_of_the_chamber(north_m, outcome, missing):
    found = check(a_new_run(EAST), a_manhole(north_m))

    assert said(found) == (set() if outcome is None else {(Measure.HORIZONTAL, outcome, missing)})
    if missing:
        assert "查明既有检查井或井室的尺寸即可判定" in found.verdicts[0].words.zh
    assert found.counts["clear"] == (2 if outcome is None else 1)  # the cover of the line is clear


def test_a_line_through_a_chamber_as_deep_as_its_sewer_is_a_collision():
    found = check(a_new_run(EAST), a_manhole(0.2, lowest_m=27.0))

    (hit,) = found.verdicts  # one chamber, one finding
    assert (hit.measure, hit.advisory) == (Measure.COLLISION, False)
    assert (hit.outcome, hit.chainage_m) == (
        Outcome.BREACH,
        (29.02, 30.98),
    )  # half chord of 1.0 at 0.2 beside
    assert hit.words.zh.startswith("燃气与污水（检查井）：管体碰撞")
    assert [(one.measure, one.outcome) for one in hit.also] == [
        (Measure.HORIZONTAL, Outcome.BREACH),
        (Measure.DIG, Outcome.BREACH),
    ]
    assert "同处水平净距" in hit.words.zh
    assert "机械开挖会触及" in hit.words.zh
    assert "there too: " in hit.words.en
    assert found.counts["breach"] == 1


@pytest.mark.parametrize(
    ("crown_m", "facts", "told"),
    [
        pytest.param(28.5, {}, Outcome.CANNOT_JUDGE, id="depth not recorded: 0.7 to 8 m"),
        pytest.param(28.5, {"ground_m": None}, Outcome.CANNOT_JUDGE, id="ground not known"),
        pytest.param(28.5, {"depth_m": 3.0}, Outcome.BREACH, id="recorded 3 m"),
        pytest.param(28.5, {"depth_m": -1.0}, Outcome.CANNOT_JUDGE, id="a depth that is none"),
        # Inner bottom recorded at 3 m, the base reaches 3.1 to 3.3 m.
        pytest.param(26.8, {"depth_m": 3.0}, Outcome.CANNOT_JUDGE, id="in the base, perhaps"),
    ],
)
def test_what_is_not_known_of_a_chamber_in_the_way_is_never_clear(crown_m, facts, told):
    found = check(a_new_run(EAST, crown=crown_m), a_manhole(0.2, **facts))

    assert each(found, Measure.COLLISION) == [told]


WORDS = words_with_extent(CATALOGUE)
BURIED = [token for token, kind in CATALOGUE.kinds.items() if kind.is_buried_line]
ANYTHING = Thing("underground_chamber", is_named=False)


@pytest.mark.parametrize(
    ("appurtenance", "feature", "depth_m", "thing"),
    [
        ("检查井", None, None, Thing("manhole")),
        ("manhole", "bend", None, Thing("manhole")),
        ("污水检查井", None, None, Thing("manhole", is_named=False)),
        ("三格化粪池", None, None, Thing("septic_tank", is_named=False)),
        ("热力小室", None, None, ANYTHING),
        ("顶管工作井", None, None, ANYTHING),
        ("四箅", None, None, ANYTHING),
        ("机箱", None, None, Thing("cabinet", is_named=False)),
        (None, None, 3.0, ANYTHING),
        (None, "窨井", None, Thing("manhole")),
        ("marker", "雨水口", None, Thing("gully")),
        ("路灯", "chamber_edge", None, None),
        ("转折点", "bend", 0.0, None),
        (None, None, None, None),
    ],
)
def test_a_word_that_nobody_lists_may_call_a_chamber(appurtenance, feature, depth_m, thing):
    assert thing_at(appurtenance, feature, depth_m, WORDS) == thing
    # The register looks for all of them by one pattern and one list.
    told = [text for text in (appurtenance, feature) if text and text not in WORDS.features]
    found = any(text in WORDS.tokens or re.search(WORDS.pattern, text, re.IGNORECASE) for text in told)
    assert found == (thing is not None and depth_m is None)


@pytest.mark.parametrize("kind", BURIED)
def test_what_words_call_a_chamber_stands_at_points_of_every_kind(kind):
    asked = [
        word for code in CATALOGUE.codes["appurtenance"] for word in (code.token, code.zh, *code.aliases)
    ]
    dug = [word for word in asked if re.search("[井池箅篦箱柜]|人孔|手孔|阀室|泵站|chamber|manhole", word)]
    # What stands above the ground, in a house, or is a valve, meter or hydrant alone.
    none = {"treatment_works", "surge_tower", "hydrant", "valve", "meter", "water_tower", "test_post", "heat_station",
            "substation", "street_lamp", "traffic_light", "traffic_camera", "pole", "marker", "stub_end"}  # fmt: skip
    tokens = {code.token for code in CATALOGUE.codes["appurtenance"]}
    assert tokens - none == set(WORDS.tokens.values())
    for word in [
        *dug,
        *(tokens - none),
        "检查井A",
        "闸井",
        "沉井",
        "一体化泵站",
        "分支箱",
        "环网箱",
        "电缆对接箱",
    ]:
        thing = thing_at(word, None, None, WORDS)
        standing = chamber_columns(
            [a_manhole(kind=kind, appurtenance=thing.token)], CATALOGUE, origin_m=ORIGIN_M
        )
        assert standing is not None, word
        assert standing.width_m[0, 1] >= 1.8, word


@pytest.mark.parametrize("kind", BURIED)
def test_the_vaguest_word_is_never_smaller_than_a_precise_one(kind):
    vague = size_of(CATALOGUE, kind, ANYTHING.token)
    names = (kind, CATALOGUE.kinds[kind].rule_kind, "any")
    for row in CATALOGUE.chambers:
        if row.kind in names:
            assert row.width_mm_to <= vague.width_mm_to, row
            assert row.depth_mm_to <= vague.depth_mm_to, row
            assert row.width_mm_from >= vague.width_mm_from, row
    assert vague.appurtenance == ANYTHING.token


def test_a_thing_listed_for_other_kinds_alone_is_in_the_way_all_the_same():
    found = check(a_new_run(EAST), a_manhole(1.5, kind="water", appurtenance="gate_chamber", ground_m=None))

    assert each(found, Measure.COLLISION) == each(found, Measure.HORIZONTAL) == [Outcome.CANNOT_JUDGE]


def test_a_thing_of_an_unknown_kind_has_the_sizes_of_all_kinds():
    found = check(a_new_run(EAST), a_manhole(0.2, kind="unknown", appurtenance="gully"))

    assert each(found, Measure.COLLISION)[0] is not Outcome.CLEAR


def test_a_depth_above_the_lines_of_a_chamber_is_not_believed():
    found = check(a_new_run(EAST, crown=28.5), a_manhole(0.2, depth_m=1.0, lowest_m=27.0))

    assert each(found, Measure.COLLISION) == [Outcome.CANNOT_JUDGE]


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        pytest.param({}, Outcome.CLEAR, id="the record stands"),
        pytest.param({"told_m": 3.0}, Outcome.CANNOT_JUDGE, id="a line told deeper"),
        pytest.param({"is_open": True}, Outcome.CANNOT_JUDGE, id="a line that may lie anywhere"),
        pytest.param({"told_m": 1.0}, Outcome.CLEAR, id="a line told higher"),
    ],
)
def test_a_recorded_depth_bounds_a_chamber_no_more_than_its_lines_do(facts, outcome):
    found = check(a_new_run(EAST, crown=28.0), a_manhole(0.2, depth_m=1.0, **facts))

    assert each(found, Measure.COLLISION) == ([] if outcome is Outcome.CLEAR else [outcome])


def test_a_line_of_unknown_size_hangs_below_its_crown():
    gully = {"appurtenance": "gully", "lowest_m": 27.5, "widest_mm": None}  # 1.8 m deep at most, else
    below = a_new_run(EAST, crown=26.5)

    known, unknown = (check(below, a_manhole(0.2, is_open=is_open, **gully)) for is_open in (False, True))

    assert each(known, Measure.COLLISION) == []
    assert each(unknown, Measure.COLLISION) == [Outcome.CANNOT_JUDGE]


def test_a_line_below_the_deepest_chamber_is_left_to_its_owner():
    drilled = replace(GAS, method="directional_drilling")
    found = check(a_new_run(EAST, drilled, crown=20.0), a_manhole(0.2))

    assert said(found) == {(Measure.HORIZONTAL, Outcome.REFER, ())}
    assert "征求权属单位意见" in found.verdicts[0].words.zh


def test_a_tie_in_excuses_the_chamber_of_its_own_main_alone():
    main = a_new_run([(30, 0), (30, 40)], GAS, nodes=(902, 0))
    valve = a_manhole(
        node_id=902, kind="gas", appurtenance="valve_chamber", pressure_class="medium_A", material="steel"
    )
    new = a_new_run([(0, 0), (30, 0)])
    ties = [TieIn(0, 30.0, 1)]

    def told(*chambers, **more):
        found = check(new, *chambers, others=[main], **more)
        return {
            (measure, one.b)
            for one in found.verdicts
            if not one.advisory
            for measure in (
                one.measure,
                *(also.measure for also in one.also if also.measure is not Measure.DIG),
            )
        }

    # Numbered after the main: the manhole comes first.
    both = {(Measure.HORIZONTAL, 1), (Measure.COLLISION, 1)}
    assert told(valve, tie_ins=ties) == set()
    assert told(valve, a_manhole(0.5), tie_ins=ties) == both
    assert told(valve) >= both


def test_a_crossing_of_its_sewer_does_not_excuse_the_chamber():
    sewer = a_new_run([(30, 0.8), (30, -40)], SEWER, nodes=(901, 0), crown=26.0)

    found = check(a_new_run(EAST), a_manhole(0.8, lowest_m=25.8), others=[sewer])

    (of_it,) = [one for one in found.verdicts if one.b == 1]
    assert {of_it.measure, *(one.measure for one in of_it.also)} >= {Measure.HORIZONTAL, Measure.COLLISION}


def test_a_disused_chamber_is_asked_for_collision_alone():
    found = check(a_new_run(EAST), a_manhole(0.2, lowest_m=27.0, life_state="disused"))

    assert {one.measure for one in found.verdicts if not one.advisory} == {Measure.COLLISION}


def test_a_chamber_in_a_declared_hole_is_hit():
    outline = [(ORIGIN_M[0] + x, ORIGIN_M[1] + y) for x, y in ((28, 0.4), (32, 0.4), (32, 5), (28, 5))]

    found = check(
        a_new_run([(0, 50), (60, 50)]), a_manhole(), excavations=[Hole(tuple(outline), depth_m=1.0)]
    )

    (hit,) = found.verdicts
    assert (hit.measure, hit.outcome, hit.b, hit.a_is_hole) == (Measure.DIG, Outcome.BREACH, 0, True)


@pytest.mark.parametrize(
    ("edge_m", "duties"),
    [  # the largest manhole reaches 0.9 m; hand zone and owner's zone of layers/limits.toml from its wall
        pytest.param(1.0, ("hand_dig", "owner_present"), id="0.1 m off its wall"),
        pytest.param(2.5, ("owner_present",), id="1.6 m"),
        pytest.param(8.0, None, id="beyond both zones"),
    ],
)
def test_a_declared_hole_beside_a_chamber_has_the_duties_of_one_beside_a_line(edge_m, duties):
    outline = [
        (ORIGIN_M[0] + x, ORIGIN_M[1] + y) for x, y in ((28, edge_m), (32, edge_m), (32, 12), (28, 12))
    ]
    away = a_new_run([(0, 50), (60, 50)])

    found = check(away, a_manhole(), excavations=[Hole(tuple(outline), depth_m=1.0)])

    told = [(one.outcome, one.advisory, one.duties, one.b) for one in found.verdicts]
    assert told == ([] if duties is None else [(Outcome.CLEAR, True, duties, 0)])


def test_what_has_no_extent_or_is_no_line_is_no_chamber():
    bend = a_manhole(appurtenance="marker")
    kerb = a_manhole(kind="road_kerb")

    assert chamber_columns([bend, kerb], CATALOGUE, origin_m=ORIGIN_M) is None


def test_an_unknown_line_takes_the_sizes_of_all_lines():
    standing = chamber_columns([a_manhole(widest_mm=None)], CATALOGUE, origin_m=ORIGIN_M)

    assert standing.width_m.tolist() == [[0.9, 4.5]]
    assert standing.height_m.tolist() == [[0.7, 12.0]]


def test_a_line_of_an_unknown_kind_does_not_size_a_thing_of_an_unknown_kind():
    assert size_of(CATALOGUE, "unknown", "manhole", 300.0) == size_of(CATALOGUE, "unknown", "manhole", None)


@pytest.mark.parametrize(
    ("reach_m", "across_m"),
    [
        pytest.param(None, 1.8, id="as the table"),
        pytest.param(0.1, 1.8, id="inside what the table says"),
        pytest.param(4.0, 12.445, id="a square box 8.8 m across: 8.8 times the root of 2"),
        pytest.param(30.0, widest_m(CATALOGUE), id="longer than any chamber: as far as a check looks"),
    ],
)
def test_a_chamber_is_as_large_as_its_edges_prove(reach_m, across_m):
    standing = chamber_columns([a_manhole(reach_m=reach_m)], CATALOGUE, origin_m=ORIGIN_M)

    assert standing.width_m[0].tolist() == pytest.approx([0.9, across_m], abs=0.001)


def test_chambers_stand_after_the_runs_with_their_own_facts():
    sewer = columns(a_new_run([(0, 0), (9, 0)], SEWER))
    both = with_chambers(sewer, chamber_columns([a_manhole()], CATALOGUE, origin_m=ORIGIN_M))

    assert both.run_id.tolist() == [1, 901]
    runs, chambers = parted(both)
    assert (runs.run_id.tolist(), chambers.run_id.tolist(), chambers.offset.tolist()) == ([1], [901], [0, 2])
    assert both.conditions[both.condition[1]].chamber == "manhole"
    assert both.xy_m[both.offset[1] : both.offset[2]].tolist() == [[30.0, 0.0], [30.0, 0.0]]
    assert facts_of_chambers([a_manhole()], [901, 1], CATALOGUE)[901].label == "WS-1 检查井"


@BOUNDED
@given(AXES, QUARTERS, QUARTERS, st.sampled_from([0.1, 0.5, 1.5]), st.sampled_from([0.0, 0.05, 0.3]))
def test_the_gap_to_a_chamber_agrees_with_the_oracle(axis, east, north, width, sigma):
    found = check(
        a_new_run(axis, GAS, width=width), a_manhole(north, east, sigma_plan_m=sigma, ground_m=None)
    )

    away = oracle.distance(oracle.exact([(east, north)])[0], oracle.exact(axis))
    strict, mild = (oracle.outcome(away - (width + size) / 2, sigma, 1.2) for size in (1.8, 0.9))
    wanted = mild if mild == "breach" else "cannot_judge" if strict == "breach" else strict
    outcomes = [outcome.value for outcome in each(found, Measure.HORIZONTAL)]
    assert oracle.worst([*outcomes, "clear"]) == wanted


def test_each_place_beside_a_chamber_keeps_its_finding():
    # There and back again, the second time farther off than the trench reaches: two places of one pair.
    hairpin = [(0, 1.2), (60, 1.2), (60, 2.0), (0, 2.0)]
    found = check(a_new_run(hairpin, crown=20.0), a_manhole(depth_m=3.0))

    told = [(one.measure, one.outcome, [also.measure for also in one.also]) for one in found.verdicts]
    assert told == [
        (Measure.HORIZONTAL, Outcome.BREACH, [Measure.DIG]),
        (Measure.HORIZONTAL, Outcome.CANNOT_JUDGE, []),
    ]
