"""The check from document to answer, on a real register."""

import json

import numpy as np
import pytest
from shapely import box

from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_coverage, a_line, a_node, a_run, an_actor
from xzgis.audit.record import record
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.queries.candidates import near_runs
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.reports.document import as_json, verdict
from xzgis.conflicts.reports.geojson import as_geojson
from xzgis.conflicts.reports.sheets import as_csv
from xzgis.conflicts.reports.table import as_table
from xzgis.conflicts.rules.coverage import surveyed_kinds
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.core.db import stored
from xzgis.networks.events import RecordRemoved
from xzgis.networks.models import Road
from xzgis.networks.queries.tiles import data_version
from xzgis.works.terms import Depth, Excavation, NewRun, ProfilePoint, Section, WorkDocument

HEAT_SEEN_M, GAS_SEEN_M = 4.20, 4.20
"""Half of 0.2 m, twice sigma 0.05 m, and the most that the tables ask beside any gas main, or that is looked through
where they ask an expert: polyethylene gas beside heat (docs/decisions/0049)."""
DAY = NOW.replace(day=NOW.day + 1)
LANE = box(EAST_M - 10, NORTH_M - 3, EAST_M + 110, NORTH_M + 3)


def a_work(*, y_m=0.0, length_m=100.0, surface="carriageway", **facts):
    """A gas main eastward beside the middle of the test city, 200 mm, 1.2 m deep under ground of 31 m."""
    given = {
        "kind": "gas",
        "axis": ((EAST_M, NORTH_M + y_m), (EAST_M + length_m, NORTH_M + y_m)),
        "section": Section(diameter_mm=200, is_outer=True),
        "pressure_class": "medium_A",
        "burial": "direct_buried",
        "depth": Depth(cover_m=1.2),
        "ground_m": (31.0, 31.0),
    }
    return WorkDocument(name="试验", runs=(NewRun(**(given | facts)),), surface=surface)


def check(session, work, **options):
    return check_work(session, work, catalogue=catalogue(), **options)


def everywhere(session, *, without=()):
    """Coverage of every kind around the work."""
    session.add_all(a_coverage(kind) for kind in surveyed_kinds(catalogue()) if kind not in without)
    session.flush()


def of(result, measure):
    return [finding for finding in result.findings if finding.measure is measure]


def test_a_water_main_too_close_is_found_with_its_gap(session):
    session.add(a_run("water", axis=a_line(y_m=0.5)))
    everywhere(session)

    result = check(session, a_work()).result

    (finding,) = of(result, Measure.HORIZONTAL)
    assert finding.outcome is Outcome.BREACH
    # Axes 0.5 m apart, half widths 0.1 m each: 0.3 m between the walls, 0.5 m asked of medium pressure A.
    assert finding.gap_m == pytest.approx(0.3, abs=0.001)
    assert finding.required_m == pytest.approx(0.5)
    assert finding.shortfall_m == pytest.approx(0.2, abs=0.001)
    assert finding.b.owner == "水务集团"
    assert finding.b.label == "J1-J2"


def test_nothing_near_and_everything_surveyed_is_clear(session):
    everywhere(session)

    result = check(session, a_work()).result

    assert verdict(result) == "clear"
    assert result.not_covered == ()


def test_where_nobody_looked_is_never_clear(session):
    everywhere(session, without=("heat",))
    session.add(a_coverage("heat", area=box(EAST_M + 40, NORTH_M - 5, EAST_M + 300, NORTH_M + 5)))
    session.flush()

    result = check(session, a_work()).result

    assert verdict(result) == "cannot_judge"
    assert [(part.kind, part.run, part.chainage_m) for part in result.not_covered] == [
        ("heat", "new:1", (0.0, pytest.approx(40.0 + HEAT_SEEN_M, abs=1e-4)))
    ]


def test_a_hole_in_the_surveyed_area_shows_as_its_exact_stretch(session):
    everywhere(session, without=("gas",))
    around = box(EAST_M - 50, NORTH_M - 50, EAST_M + 250, NORTH_M + 50)
    area = around.difference(box(EAST_M + 20, NORTH_M - 5, EAST_M + 35, NORTH_M + 5))
    session.add(a_coverage("gas", area=area))
    session.flush()

    (part,) = check(session, a_work()).result.not_covered

    assert part.chainage_m == (
        pytest.approx(20.0 - GAS_SEEN_M, abs=1e-4),
        pytest.approx(35.0 + GAS_SEEN_M, abs=1e-4),
    )


def test_a_strip_narrower_than_the_reach_is_no_survey(session):
    everywhere(session, without=("water",))
    session.add(a_coverage("water", area=box(EAST_M - 50, NORTH_M - 0.3, EAST_M + 250, NORTH_M + 0.3)))
    session.flush()

    result = check(session, a_work()).result

    assert verdict(result) == "cannot_judge"
    assert [(part.kind, part.chainage_m) for part in result.not_covered] == [
        ("water", (0.0, pytest.approx(100.0)))
    ]


def test_an_area_beside_the_work_that_does_not_touch_its_box_counts(session):
    everywhere(session, without=("water",))
    for low, high in ((-30.0, 0.2), (0.2, 30.0)):
        area = box(EAST_M - 50, NORTH_M + low, EAST_M + 250, NORTH_M + high)
        session.add(a_coverage("water", area=area))
    session.flush()

    assert check(session, a_work()).result.not_covered == ()


def test_a_removed_record_is_found_only_in_the_past(session):
    session.add(a_run("water", axis=a_line(y_m=0.5), known_to=DAY))
    everywhere(session)

    now = check(session, a_work()).result
    then = check(session, a_work(), sources=Sources(as_of=NOW)).result

    assert of(now, Measure.HORIZONTAL) == []
    assert len(of(then, Measure.HORIZONTAL)) == 1


def test_a_vague_line_is_looked_up_as_far_as_it_may_lie(session):
    session.add(a_run("water", axis=a_line(y_m=12.0), sigma_plan_m=6.0, accuracy_class="assumed"))
    everywhere(session)

    (finding,) = of(check(session, a_work()).result, Measure.HORIZONTAL)

    assert finding.outcome is Outcome.WITHIN_TOLERANCE


def test_a_very_wide_line_is_looked_up_as_far_as_it_reaches(session):
    session.add(a_run("trench", axis=a_line(y_m=7.0), outer_width_mm=13_000.0, shape="rectangle"))
    everywhere(session)

    (finding,) = of(check(session, a_work()).result, Measure.HORIZONTAL)

    assert finding.gap_m == pytest.approx(0.4, abs=0.001)


def test_a_tunnel_of_no_known_size_is_looked_up_as_wide_as_it_may_be(session):
    session.add(
        a_run("utility_tunnel", axis=a_line(y_m=12.0), outer_width_mm=None, outer_height_mm=None, shape=None)
    )
    everywhere(session)

    (finding,) = of(check(session, a_work()).result, Measure.HORIZONTAL)

    assert finding.outcome is Outcome.CANNOT_JUDGE
    assert "b.size" in finding.missing


def test_levels_with_holes_come_through_the_wire(session):
    axis = a_line(points=((0, 5), (30, 5), (60, 5)))
    session.add(a_run("water", axis=axis, crown_m=[30.0, None, 29.0], bottom_m=None, ground_m=[None] * 3))
    session.flush()
    new = check(session, a_work()).work.runs

    runs = near_runs(session, new, catalogue())

    assert runs.crown_m[[0, 2]].tolist() == [30.0, 29.0]
    assert np.isnan(runs.crown_m[1])
    assert np.isnan(runs.bottom_m).all()
    assert (runs.xy_m + runs.origin_m)[1].tolist() == [EAST_M + 30, NORTH_M + 5]


def test_the_ground_comes_from_surveyed_levels_when_the_work_is_silent(session):
    session.add(a_node("water", x_m=50.0, y_m=3.0, ground_m=31.5))
    everywhere(session)

    checked = check(session, a_work(ground_m=None))

    assert checked.result.checked["ground"] == ["surveyed"]
    assert checked.work.runs.crown_m.tolist()[1:2] != []
    assert np.nanmax(checked.work.runs.crown_m) == pytest.approx(30.3)


def test_a_ground_from_far_away_is_named_as_what_would_settle_a_crossing(session):
    session.add(a_node("water", x_m=50.0, y_m=35.0, ground_m=31.0))
    # Bottom of the new main 31 - 1.2 - 0.2 = 29.6 m, 0.4 m above the crown of the old one; 0.15 m are asked.
    session.add(
        a_run("water", axis=a_line(points=((50, -20), (50, 20))), crown_m=[29.2] * 2, bottom_m=[29.0] * 2)
    )
    everywhere(session)

    (vague,) = of(check(session, a_work(ground_m=None)).result, Measure.VERTICAL)
    (far,) = of(check(session, a_work()).result, Measure.VERTICAL)
    sure = of(check(session, a_work(length_m=75.0)).result, Measure.VERTICAL)

    assert (vague.outcome, vague.missing) == (Outcome.WITHIN_TOLERANCE, ("a.ground",))
    assert "给出沿线地面高程或地形即可判定" in vague.words.zh
    # Told 100 m apart: nobody said how the ground runs between, and it is that, not the cover, that is missing.
    assert (far.outcome, far.missing) == (Outcome.CANNOT_JUDGE, ("a.ground",))
    assert "查明新建管线地面高程即可判定" in far.words.zh
    assert [one.missing for one in sure] in ([], [()])


def test_a_declared_cover_is_judged_even_where_nobody_knows_the_ground(session):
    everywhere(session)

    deep = check(session, a_work(ground_m=None, depth=Depth(cover_m=1.2))).result
    shallow = check(session, a_work(ground_m=None, depth=Depth(cover_m=0.5))).result

    assert deep.checked["ground"] == ["unknown"]
    assert of(deep, Measure.COVER) == []
    (finding,) = of(shallow, Measure.COVER)
    assert finding.outcome is Outcome.BREACH
    assert finding.gap_m == pytest.approx(0.5)


def test_the_surface_comes_from_the_road_register(session):
    lane = box(EAST_M - 10, NORTH_M - 3, EAST_M + 60, NORTH_M + 3)
    session.add(Road(part="carriageway", shape=stored(lane)))
    everywhere(session)

    result = check(session, a_work(surface=None)).result

    assert result.checked["surface"] == {"carriageway": 60.0, "unknown": 40.0}


def test_test_data_of_another_place_shows_nothing_and_is_marked(session):
    """Laid over the city: nobody looked here for power, no road runs here, and the ground lies elsewhere."""
    moved = a_batch(crs={"displaced": {"source": "EPSG:4326", "east_m": 1.0, "north_m": 2.0}}, name="上莱茵")
    own = a_batch(name="本市")
    session.add_all([moved, own])
    session.flush()
    lane = box(EAST_M - 10, NORTH_M - 3, EAST_M + 110, NORTH_M + 3)
    session.add_all([
        a_run("water", axis=a_line(y_m=0.5), batch_id=moved.id, label="Line 183"),
        a_run("water", axis=a_line(y_m=-0.5), batch_id=own.id, label="J1-J2"),
        a_node("water", x_m=50.0, ground_m=99.0, batch_id=moved.id),
        Road(part="carriageway", shape=stored(lane), batch_id=moved.id),
    ])  # fmt: skip
    everywhere(session, without=("power",))
    session.add(a_coverage("power", area=lane.buffer(50.0), batch_id=moved.id))
    session.flush()

    for sources in (Sources(), Sources(as_of=NOW)):
        result = check(session, a_work(surface=None, ground_m=None), sources=sources).result

        named = {one.b.label: one.b.batch for one in result.findings if one.b}
        assert named == {"Line 183【外地测试数据 displaced test data】": "上莱茵", "J1-J2": "本市"}
        sides = {one["b"]["batch"]: one["b"] for one in json.loads(as_json(result))["findings"] if one["b"]}
        assert {name: side["is_displaced"] for name, side in sides.items()} == {"上莱茵": True, "本市": False}
        assert {part.kind for part in result.not_covered} == {"power"}
        assert result.checked["surface"] == {"unknown": 100.0}
        assert result.checked["ground"] == ["unknown"]
        for told in (as_json(result), as_table(result, {}), as_geojson(result), as_csv(result, {}).decode()):
            assert "外地测试数据" in told


@pytest.mark.parametrize(
    ("near", "is_named"),
    [
        pytest.param([], False, id="somewhere in the register"),
        pytest.param([lambda batch: a_run("water", x_m=900.0, batch_id=batch)], False, id="a line far off"),
        pytest.param([lambda batch: a_run("water", y_m=0.5, batch_id=batch)], True, id="a line too close"),
        pytest.param(
            [lambda batch: a_run("water", y_m=1.5, batch_id=batch)], True, id="a line that is clear"
        ),
        pytest.param([lambda batch: a_coverage("heat", batch_id=batch)], True, id="ground looked at"),
        pytest.param(
            [lambda batch: a_node("water", x_m=50.0, batch_id=batch)], True, id="level of the ground"
        ),
        pytest.param(
            [lambda batch: Road(part="carriageway", shape=stored(LANE), batch_id=batch)], True, id="road"
        ),
    ],
)
def test_invented_data_is_named_where_it_took_part(session, near, is_named):
    batch = a_batch(is_invented=True)
    session.add(batch)
    session.flush()
    session.add_all(make(batch.id) for make in near)
    session.flush()

    for sources in (Sources(), Sources(as_of=DAY)):
        result = check(session, a_work(surface=None, ground_m=None), sources=sources).result

        assert result.checked["invented"] is is_named
        for told in (as_table(result, {}), *([as_csv(result, {}).decode()] if result.findings else [])):
            assert ("虚构：" in told or ",True" in told or ",true" in told) is is_named


def test_what_the_work_itself_tells_leaves_invented_levels_and_roads_out(session):
    batch = a_batch(is_invented=True)
    session.add(batch)
    session.flush()
    session.add_all([
        a_node("water", x_m=50.0, batch_id=batch.id),
        Road(part="carriageway", shape=stored(LANE), batch_id=batch.id),
    ])  # fmt: skip
    session.flush()

    assert check(session, a_work()).result.checked["invented"] is False


def test_the_same_check_says_the_same_byte_for_byte(session):
    session.add_all(a_run("water", axis=a_line(y_m=0.5 + step, x_m=step)) for step in range(4))
    session.add_all(a_run("power", axis=a_line(points=((50 + step, -20), (55, 20)))) for step in range(4))
    session.flush()

    first, again = check(session, a_work()).result, check(session, a_work()).result

    assert as_json(first) == as_json(again)


def test_clear_pairs_are_named_when_asked(session):
    session.add(a_run("water", axis=a_line(y_m=0.87)))
    everywhere(session)

    result = check(session, a_work(), with_clear=True).result

    clear = [
        finding for finding in result.findings if finding.outcome is Outcome.CLEAR and not finding.advisory
    ]
    assert (Measure.HORIZONTAL, "water") in {(each.measure, each.b.kind if each.b else "") for each in clear}
    assert result.counts["clear"] == len(clear)


def test_a_profile_decides_who_lies_below(session):
    session.add(
        a_run("water", axis=a_line(points=((50, -20), (50, 20))), crown_m=[29.0] * 2, bottom_m=[28.8] * 2)
    )
    everywhere(session)
    points = tuple(ProfilePoint(chainage_m=at, level_m=29.25) for at in (0.0, 100.0))

    result = check(session, a_work(depth=Depth(profile=points, profile_of="bottom"))).result

    (finding,) = of(result, Measure.VERTICAL)
    # Bottom of the new main 29.25 m, crown of the old one 29.00 m: 0.25 m; 0.15 m asked; sigma decides between.
    assert finding.gap_m == pytest.approx(0.25, abs=0.001)
    assert finding.chainage_m == (pytest.approx(50.0), pytest.approx(50.0))


def test_the_version_of_the_data_is_the_one_the_map_names(session):
    record(
        session, actor=an_actor(), event=RecordRemoved(object_id="1", record_kind="run", reason="x"), now=NOW
    )
    session.flush()

    assert check(session, a_work()).result.versions["data"] == data_version(session)


def test_a_hole_alone_is_checked_against_what_lies_in_it(session):
    session.add(a_run("water", axis=a_line(x_m=-20, y_m=2.0)))
    everywhere(session, without=("heat",))
    outline = tuple((EAST_M + x, NORTH_M + y) for x, y in ((0, 0), (10, 0), (10, 5), (0, 5)))

    result = check(
        session, WorkDocument(excavations=(Excavation(outline=outline, bottom_level_m=28.5),))
    ).result

    (finding,) = [one for one in of(result, Measure.DIG) if "strike" in one.duties]
    assert (finding.a.id, finding.b.kind) == ("hole:1", "water")
    assert [(part.kind, part.run) for part in result.not_covered] == [("heat", "hole:1")]


def test_two_runs_of_one_work_are_checked_against_each_other(session):
    everywhere(session)
    gas = a_work().runs[0]
    power = gas.model_copy(
        update={
            "kind": "power", "pressure_class": None, "voltage_kv": 10.0,
            "axis": ((EAST_M, NORTH_M + 0.45), (EAST_M + 100, NORTH_M + 0.45)),
        }
    )  # fmt: skip

    result = check(session, WorkDocument(runs=(gas, power), surface="carriageway"), with_clear=True).result

    (pair,) = {frozenset((one.a.id, one.b.id)) for one in of(result, Measure.HORIZONTAL)}
    assert pair == {"new:1", "new:2"}
    assert of(result, Measure.HORIZONTAL)[0].gap_m == pytest.approx(0.25, abs=0.001)
