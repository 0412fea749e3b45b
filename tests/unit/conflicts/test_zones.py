"""Protection and control zones: asked up to their very bound, of lines in use or not, and never clear by themselves."""

import importlib.util
import re
from dataclasses import replace

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs import GAS, ORIGIN_M, WATER, a_new_run, columns
from tests.unit.conflicts.answers import a_finding
from tests.verdicts import CATALOGUE, EAST, across, beside, check, of
from xzgis.conflicts.rules.contested import facts_of_finding
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.rules.zone_fold import counts_folded, folded
from xzgis.conflicts.rules.zone_reach import LOW_GAS, SLIM_MM, TRUNK_KINDS
from xzgis.conflicts.rules.zones import members
from xzgis.conflicts.terms import Hole, Measure, Outcome, Party
from xzgis.core.settings import ROOT
from xzgis.networks.models import TRUNK
from xzgis.networks.terms import Conditions

TRENCH_M, WALL_M = 0.1 + 0.4, 0.1
"""Half of the new run and the working space beside it; half of the existing one."""
INDUSTRIAL = Conditions("industrial")


def gas(pressure):
    return replace(GAS, pressure_class=pressure)


def of_material(pressure, material):
    return replace(GAS, pressure_class=pressure, material=material)


def zones(judgement):
    return [(v.outcome, v.advisory, v.rules[0].rule_id, v.missing) for v in of(judgement, Measure.ZONE)]


REFER = (Outcome.REFER, False)
DUTY = (Outcome.REFER, True)
OPEN = (Outcome.CANNOT_JUDGE, False)


@pytest.mark.parametrize(
    ("facts", "gap_m", "said"),
    [
        pytest.param(gas("high_A"), 50.0, (*REFER, "Z06"), id="high: at the bound of the control zone"),
        pytest.param(gas("high_A"), 50.001, None, id="high: a millimetre outside"),
        pytest.param(gas("high"), 5.0, (*REFER, "Z03"), id="high A or B: at the bound of the protection zone"),
        pytest.param(gas("super_high"), 5.001, (*REFER, "Z06"), id="super-high: outside it, in the control zone"),
        pytest.param(gas("subhigh"), 15.0, (*REFER, "Z05"), id="sub-high A or B: 15 m"),
        pytest.param(gas("subhigh_B"), 15.001, None, id="sub-high: outside"),
        pytest.param(gas("subhigh_A"), 1.5, (*REFER, "Z02"), id="sub-high: protection zone"),
        pytest.param(gas("medium"), 5.0, (*DUTY, "Z04"), id="medium: a consent, not counted"),
        pytest.param(gas("low"), 5.001, None, id="low: outside"),
        pytest.param(gas("low"), 0.5, (*DUTY, "Z01"), id="low: protection zone"),
        pytest.param(gas(None), 50.0, (*OPEN, "Z06"), id="unknown pressure: may be high"),
        pytest.param(gas(None), 50.001, None, id="unknown pressure: beyond every zone"),
        pytest.param(gas(None), 0.3, (*OPEN, "Z06"), id="unknown pressure, near"),
        pytest.param(of_material(None, "pe"), 15.0, (*OPEN, "Z05"), id="PE of unknown pressure: may be sub-high"),
        pytest.param(of_material(None, "pe"), 15.001, None, id="PE of unknown pressure is no trunk"),
        pytest.param(of_material("怪压", "steel"), 50.0, (*OPEN, "Z06"), id="steel of a pressure nobody understands"),
        pytest.param(of_material("high_A", "pe"), 50.0, (*REFER, "Z06"), id="a pressure told goes before the material"),
        pytest.param(WATER, 0.3, None, id="water has no zone"),
        pytest.param(Conditions("unknown"), 20.0, None, id="a line of unknown kind is asked by clearances alone"),
    ],
)  # fmt: skip
def test_a_zone_is_asked_up_to_its_bound(facts, gap_m, said):
    found = check(a_new_run(EAST, WATER), beside(TRENCH_M + gap_m + WALL_M, facts))

    missing = ("b.pressure_class",) if said is not None and said[0] is Outcome.CANNOT_JUDGE else ()
    assert zones(found) == ([] if said is None else [(*said, missing)])
    assert [v.gap_m for v in of(found, Measure.ZONE)] == ([] if said is None else [pytest.approx(gap_m)])


@pytest.mark.parametrize(("far_m", "rule_id"), [(5.0, "Z15"), (5.001, "Z16"), (50.0, "Z16"), (50.001, None)])
def test_zones_of_industrial_lines_count_from_their_axis(far_m, rule_id):
    found = check(a_new_run(EAST, WATER), beside(TRENCH_M + far_m, INDUSTRIAL, width=1.0))

    assert zones(found) == ([] if rule_id is None else [(*REFER, rule_id, ())])


def test_without_a_trench_it_counts_from_the_wall_and_with_its_tolerance_from_there():
    drilled = replace(WATER, method="hdd")
    axis_m = WALL_M + 50.0 + WALL_M

    assert zones(check(a_new_run(EAST, drilled), beside(axis_m, gas("high_A")))) == [(*REFER, "Z06", ())]
    assert zones(check(a_new_run(EAST, drilled), beside(axis_m + 0.001, gas("high_A")))) == []
    assert len(zones(check(a_new_run(EAST, drilled), beside(axis_m + 0.4, gas("high_A"), sigma=0.2)))) == 1
    assert zones(check(a_new_run(EAST, drilled), beside(axis_m + 0.401, gas("high_A"), sigma=0.2))) == []


@pytest.mark.parametrize("life", ["built", "disused"])
@pytest.mark.parametrize(
    ("facts", "said"),
    [(gas("high_A"), (*REFER, "Z03", ())), (gas("low"), (*DUTY, "Z04", ())), (INDUSTRIAL, (*REFER, "Z15", ())),
     (gas(None), (*OPEN, "Z06", ("b.pressure_class",)))],
)  # fmt: skip
def test_a_disused_line_keeps_its_zones_for_nobody_tells_that_it_is_empty(facts, said, life):
    found = check(a_new_run(EAST, WATER), beside(TRENCH_M + 3.0 + WALL_M, facts, life=life))

    assert zones(found) == [said]
    assert [("放空" in one.words.zh) for one in of(found, Measure.ZONE)] == [life == "disused"]


def test_an_excavation_beside_a_disused_trunk_is_referred():
    outline = tuple((ORIGIN_M[0] + x, ORIGIN_M[1] + y) for x, y in ((0, 0), (4, 0), (4, 3), (0, 3)))
    trunk = a_new_run([(-3.1, -80), (-3.1, 90)], gas("high_A"), life="disused")

    found = judge(columns(a_new_run([(500, 0), (510, 0)], WATER), first_id=-1), columns(trunk), CATALOGUE,
                  excavations=[Hole(outline, bottom_level_m=29.0)])  # fmt: skip

    (one,) = of(found, Measure.ZONE)
    assert (one.outcome, one.rules[0].rule_id) == (Outcome.REFER, "Z03")
    assert "开挖边缘距其外壁 3.00 m" in one.words.zh


@pytest.mark.parametrize(
    ("work", "facts", "said"),
    [
        (WATER, gas("high_A"), "沟槽边缘距其外壁 3.00 m"),
        (replace(WATER, method="hdd"), gas("high_A"), "新管外壁距其外壁 3.40 m"),
        (WATER, INDUSTRIAL, "沟槽边缘距其中心线 3.10 m"),
        (WATER, gas(None), "沟槽边缘距其外壁 3.00 m"),
    ],
)
def test_the_distance_says_from_where_to_where_it_is_measured(work, facts, said):
    found = check(a_new_run(EAST, work), beside(TRENCH_M + 3.0 + WALL_M, facts))

    (one,) = of(found, Measure.ZONE)
    assert said in one.words.zh


@pytest.mark.parametrize(
    ("gap_m", "said"),
    [
        (4.0, "在既有燃气的控制范围内（沟槽边缘距其外壁 4.00 m，位置公差 ±0.40 m，范围 5 m）"),
        (5.3, "在公差内可能进入既有燃气的控制范围（沟槽边缘距其外壁 5.30 m，位置公差 ±0.40 m，范围 5 m）"),
    ],
)
def test_a_place_that_is_not_exact_says_its_tolerance(gap_m, said):
    found = check(a_new_run(EAST, WATER), beside(TRENCH_M + gap_m + WALL_M, gas("medium"), sigma=0.2))

    (one,) = of(found, Measure.ZONE)
    assert said in one.words.zh
    assert "tolerance of the positions ±0.40 m" in one.words.en
    assert ("within tolerance" in one.words.en) == (gap_m > 5.0)


def test_the_work_itself_has_no_zone():
    both = [a_new_run(EAST, WATER), beside(20.0, gas("high_A"))]
    assert zones(judge(columns(*both, first_id=-1), columns(beside(300.0)), CATALOGUE)) == []
    registered = judge(
        columns(a_new_run(EAST, WATER), first_id=9), columns(beside(20.0, gas("high_A"))), CATALOGUE
    )
    assert zones(registered) == []


@pytest.mark.parametrize(
    ("east_m", "rule_id"), [(-50.1, "Z06"), (-50.101, None), (-5.1, "Z03"), (2.0, "Z03")]
)
def test_an_excavation_reaches_into_a_zone_from_its_edge(east_m, rule_id):
    outline = tuple((ORIGIN_M[0] + x, ORIGIN_M[1] + y) for x, y in ((0, 0), (4, 0), (4, 3), (0, 3)))
    trunk = a_new_run([(east_m, -80), (east_m, 90)], gas("high_A"), crown=20.0)

    found = judge(columns(a_new_run([(500, 0), (510, 0)], WATER), first_id=-1), columns(trunk), CATALOGUE,
                  excavations=[Hole(outline, bottom_level_m=29.0)])  # fmt: skip

    assert zones(found) == ([] if rule_id is None else [(*REFER, rule_id, ())])
    assert all(v.a_is_hole for v in of(found, Measure.ZONE))


QUARTERS = st.integers(-240, 240).map(lambda n: n / 4)
AXES = st.lists(st.tuples(QUARTERS, QUARTERS), min_size=2, max_size=4, unique=True)
PRESSURES = st.sampled_from(
    [None, "low", "medium", "medium_A", "subhigh_B", "subhigh", "high_B", "high", "super_high"]
)
BOUNDS = {"low": (0.5, 5.0), "medium": (0.5, 5.0), "subhigh": (1.5, 15.0), "high": (5.0, 50.0)}


@settings(max_examples=120, deadline=None, derandomize=True)
@given(axis=AXES, other=AXES, pressure=PRESSURES, width=st.sampled_from([0.2, 1.0]))
def test_what_is_asked_is_what_the_distance_says(axis, other, pressure, width):
    """An independent distance (GEOS) and the figures of the code by name."""
    found = check(a_new_run(axis, WATER), a_new_run(other, gas(pressure), width=width))

    gap_m = max(shapely.LineString(axis).distance(shapely.LineString(other)) - TRENCH_M - width / 2.0, 0.0)
    sort = "high" if pressure is None or pressure == "super_high" else pressure.split("_")[0]
    protection_m, control_m = BOUNDS[sort]
    near = [abs(gap_m - bound) for bound in (protection_m, control_m)]
    told = of(found, Measure.ZONE)
    if min(near) > 1e-6:
        assert bool(told) == (gap_m < control_m)
    assert [v.gap_m for v in told] == [pytest.approx(gap_m, abs=1e-3)] * len(told)
    for one in told:
        assert one.outcome is (Outcome.CANNOT_JUDGE if pressure is None else Outcome.REFER)
        assert one.required_m == (protection_m if gap_m <= protection_m and pressure else control_m)
        assert one.needs_checking
    assert not any(measure is Measure.ZONE for measure, _, _ in found.clear)


def test_the_stretch_is_where_the_work_is_in_the_zone():
    found = check(a_new_run([(0, 0), (400, 0)], WATER), across(200.0, gas("subhigh_A")))

    (one,) = of(found, Measure.ZONE)
    half_m = 15.0 + TRENCH_M + WALL_M
    assert one.chainage_m == (pytest.approx(200.0 - half_m), pytest.approx(200.0 + half_m))


def test_a_group_is_its_members_and_a_foreign_word_is_unknown():
    assert members(CATALOGUE, "medium") == ["medium_A", "medium_B"]
    assert members(CATALOGUE, "low") == ["low"]
    assert members(CATALOGUE, "0.3MPa") == members(CATALOGUE, None) == []


def a_stretch(at, first_m, last_m, *, a=1, b=None, life="built", north_m=0.0, **facts):
    """A finding on one line of unknown pressure, beside a new run that goes due east from the origin."""
    line = [[first_m, north_m], [last_m, north_m]]
    given = {
        "id": f"s{at}", "measure": Measure.ZONE, "outcome": Outcome.CANNOT_JUDGE, "missing": ("b.pressure_class",),
        "a": Party(f"new:{a}", "water", None, "new"), "b": Party(str(b or at), "gas", f"owner {at}", life),
        "chainage_m": (first_m, last_m), "gap_m": 30.0 + at,
        "geometry": {"type": "LineString", "coordinates": line} if first_m < last_m
        else {"type": "Point", "coordinates": line[0]},
    }  # fmt: skip
    return a_finding(**(given | facts))


def test_a_group_stands_everywhere_its_lines_do():
    apart = [
        a_stretch(1, 60.0, 100.0),
        a_stretch(2, 0.0, 70.0),
        a_stretch(3, 100.0, 160.0),
        a_stretch(4, 20.0, 30.0),
    ]

    (one,) = folded(apart)

    assert (one.id, one.chainage_m, one.missing) == ("s1", (0.0, 160.0), ("b.pressure_class",))
    line = one.geometry["coordinates"]
    assert one.geometry["type"] == "LineString"
    assert shapely.LineString(line).length == pytest.approx(160.0)
    assert [tuple(line[0]), tuple(line[-1])] == [(0.0, 0.0), (160.0, 0.0)]
    assert [each.chainage_m for each in one.lines] == [each.chainage_m for each in apart]


def test_a_group_with_gaps_and_other_runs_is_drawn_where_it_is_and_nowhere_else():
    apart = [
        a_stretch(1, 0.0, 40.0), a_stretch(2, 100.0, 160.0), a_stretch(3, 5.0, 9.0, a=2, north_m=7.0),
        a_stretch(4, 300.0, 300.0),
    ]  # fmt: skip

    (one,) = folded(apart)

    assert one.chainage_m == (0.0, 300.0)
    assert one.geometry == {
        "type": "MultiLineString",
        "coordinates": [
            [[0.0, 0.0], [40.0, 0.0]], [[100.0, 0.0], [160.0, 0.0]], [[300.0, 0.0], [300.0, 0.0]],
            [[5.0, 7.0], [9.0, 7.0]],
        ],
    }  # fmt: skip


def test_chainages_along_the_lines_beside_an_excavation_are_not_put_together():
    hole = Party("hole:1", "excavation", None, "new")

    (one,) = folded([replace(a_stretch(1, 10.0, 20.0), a=hole), replace(a_stretch(2, 80.0, 90.0), a=hole)])

    assert one.chainage_m == (10.0, 20.0)
    assert len(one.geometry["coordinates"]) == 2


def test_disused_lines_are_a_group_of_their_own():
    assert len(folded([a_stretch(1, 0.0, 9.0), a_stretch(2, 0.0, 9.0, life="disused")])) == 2


def test_one_predicate_tells_trunks_in_every_place():
    """The index holds what the statements look for, or the search reads every line or misses one."""
    told = {" ".join(str(TRUNK).split()), " ".join(_of_migration().split())}
    for name in ("candidates.sql", "candidates_as_of.sql"):
        statement = " ".join(
            (ROOT / "xzgis" / "conflicts" / "sql" / name).read_text(encoding="utf-8").split()
        )
        found = re.findall(r"\(kind = 'industrial' or \(kind = 'gas' and .*? > 2000\)\)\)", statement)
        assert len(found) == 1, name
        told.add(f"known_to is null and {found[0]}")
    low = ", ".join(f"'{name}'" for name in ("low", "medium", "medium_A", "medium_B"))

    assert told == {
        (
            f"known_to is null and (kind = 'industrial' or (kind = 'gas' and (pressure_class is null or pressure_class "
            f"not in ({low}) or outer_width_mm + outer_spread_mm > {SLIM_MM:g})))"
        )
    }
    assert set(re.findall(r"'(\w+)'", low)) == LOW_GAS
    assert {"industrial", "gas"} == TRUNK_KINDS


def _of_migration():
    (script,) = (ROOT / "xzgis" / "migrations" / "versions").glob("*_trunks_for_zones.py")
    spec = importlib.util.spec_from_file_location("trunks_for_zones", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.TRUNK


def test_what_is_held_against_a_zone_lapses_when_another_line_joins_in():
    lines = [
        a_finding(id=f"l{at}", measure=Measure.ZONE, outcome=Outcome.REFER, gap_m=30.0 + at)
        for at in range(3)
    ]

    (two,), (three,) = folded(lines[:2]), folded(lines)

    assert (two.id, three.id, two.gap_m, three.gap_m) == ("l0", "l0", 30.0, 30.0)
    assert facts_of_finding(two) != facts_of_finding(three)
    assert counts_folded({"refer": 3, "clear": 1}, lines, [three]) == {"refer": 1, "clear": 1}
