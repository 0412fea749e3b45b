"""From a document to the columns of the kernel."""

import numpy as np
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.conflicts.rules.answer import steered_runs
from xzgis.core.errors import Invalid
from xzgis.networks.terms import Method
from xzgis.works.rules.axes import axes_of
from xzgis.works.rules.placing import place
from xzgis.works.terms import (
    Depth,
    GroundAlong,
    GroundSource,
    NewRun,
    ProfilePoint,
    Section,
    TieIn,
    WorkDocument,
)

EAST, NORTH = 516_900.0, 3_792_600.0


def a_new_run(**facts):
    """A gas main of 100 m eastward, 200 mm outer diameter."""
    given = {
        "kind": "gas",
        "axis": ((EAST, NORTH), (EAST + 100.0, NORTH)),
        "section": Section(diameter_mm=200, is_outer=True),
    }
    return NewRun(**(given | facts))


def placed(*runs, grounds=None):
    work = WorkDocument(runs=runs)
    known = catalogue()
    axes = axes_of(work, known)
    return place(work, known, axes=axes, grounds=grounds or [None] * len(runs))


def ground(*levels):
    return GroundAlong(np.linspace(0.0, 100.0, len(levels)), np.array(levels), GroundSource.TERRAIN, 0.15)


def test_vertices_stand_at_every_break_of_the_profile():
    points = tuple(ProfilePoint(chainage_m=at, level_m=28.0) for at in (0.0, 40.0, 100.0))

    runs = placed(a_new_run(depth=Depth(profile=points))).runs

    assert (runs.xy_m[:, 0] + runs.origin_m[0]).tolist() == [EAST, EAST + 40.0, EAST + 100.0]
    assert runs.crown_m.tolist() == [28.0, 28.0, 28.0]
    assert runs.bottom_m.tolist() == pytest.approx([27.8, 27.8, 27.8])


@pytest.mark.parametrize(
    ("kind", "section", "material"),
    [
        pytest.param("drainage_foul", Section(diameter_mm=1000), "concrete", id="a concrete sewer"),
        pytest.param("drainage_foul", Section(diameter_mm=400), "pe", id="named by its outer size"),
        pytest.param("drainage_foul", Section(diameter_mm=400, is_outer=True), None, id="an outer size"),
        pytest.param(
            "drainage_storm",
            Section(shape="rectangle", width_mm=2000, height_mm=1500),
            "concrete",
            id="a culvert",
        ),
    ],
)
def test_below_an_invert_lies_every_wall_that_may_be(kind, section, material):
    depth = Depth(profile=tuple(ProfilePoint(chainage_m=at, level_m=28.0) for at in (0, 100)))
    run = a_new_run(kind=kind, section=section, material=material, depth=depth)
    of_bottom = placed(run).runs
    runs = placed(run.model_copy(update={"depth": depth.model_copy(update={"profile_of": "invert"})})).runs
    named_m = (section.diameter_mm or section.height_mm) / 1000
    low, high = runs.height_m[0]
    walls = ((low - named_m) / 2, (high - named_m) / 2) if low > named_m else (0.0, 0.12 * high)

    assert runs.bottom_m == pytest.approx(28.0 - sum(walls) / 2)
    grown = np.sqrt(runs.sigma_level_m**2 - of_bottom.sigma_level_m**2)
    assert grown == pytest.approx((walls[1] - walls[0]) / 2)
    assert walls[1] > 0


def test_an_invert_without_a_size_tells_no_level():
    depth = Depth(profile=(ProfilePoint(chainage_m=0, level_m=28.0),), profile_of="invert")
    runs = placed(a_new_run(section=Section(), depth=depth)).runs

    assert np.isnan(runs.bottom_m).all()
    assert np.isnan(runs.crown_m).all()


def test_a_depth_that_nobody_said_stays_unknown():
    runs = placed(a_new_run()).runs

    assert np.isnan(runs.crown_m).all()
    assert np.isnan(runs.bottom_m).all()


def test_a_level_that_hangs_on_the_ground_is_no_better_known_than_the_ground():
    work = placed(a_new_run(depth=Depth(cover_m=1.0)), grounds=[ground(30.0, 29.0)])

    assert work.runs.sigma_level_m[0] > 0.15
    assert work.cover_sigma_m[0] < 0.15
    assert work.cover_m.tolist() == [1.0]


def test_cover_below_a_bent_ground_follows_the_bend():
    runs = placed(a_new_run(depth=Depth(cover_m=1.0)), grounds=[ground(30.0, 31.0, 30.0)]).runs

    assert runs.crown_m.tolist() == pytest.approx([29.0, 30.0, 29.0])


def test_an_unknown_size_is_every_plausible_size():
    low, high = placed(a_new_run(section=Section())).runs.width_m[0]

    assert (low * 1000, high * 1000) == catalogue().kinds["gas"].plausible_outer_width_mm


def test_a_nominal_size_becomes_an_outer_one_that_is_not_smaller():
    low, high = placed(a_new_run(section=Section(diameter_mm=200), material="steel")).runs.width_m[0]

    assert 0.2 <= low <= high < 0.3


def test_new_runs_count_down_and_share_equal_facts():
    work = placed(a_new_run(), a_new_run(tie_ins=(TieIn(chainage_m=0, run_id=7),)), a_new_run(kind="water"))

    assert work.runs.run_id.tolist() == [-1, -2, -3]
    assert work.runs.condition.tolist() == [0, 0, 1]
    assert [(joint.run, joint.run_id) for joint in work.joints] == [(1, 7)]


def test_a_document_in_degrees_lands_in_the_storage_grid():
    work = WorkDocument(crs="EPSG:4490", runs=(a_new_run(axis=((117.184, 34.261), (117.185, 34.261))),))

    (axis,) = axes_of(work, catalogue()).runs

    assert axis[0] == pytest.approx([516_946.645, 3_792_628.120], abs=0.002)


@pytest.mark.parametrize(
    ("outer_mm", "material", "nominal_mm"),
    [
        pytest.param(219.1, "steel", None, id="DN200 in steel, by its outside above 200"),
        pytest.param(720.0, "concrete", 720.0, id="above every bound either way"),
        pytest.param(168.3, "steel", 168.3, id="below every bound either way"),
        pytest.param(250.0, "pe", 250.0, id="polyethylene is named by its outside"),
    ],
)
def test_an_outer_size_is_no_nominal_one_where_a_rule_has_its_bound_between(outer_mm, material, nominal_mm):
    run = a_new_run(section=Section(diameter_mm=outer_mm, is_outer=True), material=material)

    work = placed(run)

    assert work.runs.conditions[0].nominal_mm == nominal_mm
    assert work.runs.width_m[0].tolist() == [outer_mm / 1000.0] * 2


@pytest.mark.parametrize(("cover_m", "plan_m"), [(0.8, 0.112), (5.9, 0.321)])
def test_a_drilled_line_lies_where_its_steering_brings_it(cover_m, plan_m):
    """0.10 m beside 5 % of the depth, of at least 1 m: 0.10 + 0.05·6.1 at right angles is 0.321."""
    facts = {"depth": Depth(cover_m=cover_m), "method": Method.DIRECTIONAL_DRILLING}

    drilled = placed(a_new_run(**facts), grounds=[ground(30.0, 30.0)]).runs
    dug = placed(a_new_run(depth=Depth(cover_m=cover_m)), grounds=[ground(30.0, 30.0)]).runs

    assert drilled.sigma_plan_m.tolist() == pytest.approx([plan_m], abs=0.001)
    assert dug.sigma_plan_m.tolist() == [0.05]
    assert drilled.sigma_level_m[0] > dug.sigma_level_m[0]


def test_a_drilled_line_of_unknown_depth_is_the_vaguest_and_a_figure_that_is_told_holds():
    untold = placed(a_new_run(method=Method.DIRECTIONAL_DRILLING)).runs
    told = placed(a_new_run(method=Method.DIRECTIONAL_DRILLING, sigma_plan_m=0.03, sigma_level_m=0.02)).runs

    assert untold.sigma_plan_m[0] == pytest.approx(np.hypot(0.1, 0.5))
    assert (told.sigma_plan_m[0], told.sigma_level_m[0]) == (0.03, 0.02)


def test_a_burial_that_says_drilled_is_steered_whatever_the_method():
    """定向钻 among the ways to lie, and the method left at its default of an open trench."""
    facts = {"depth": Depth(cover_m=5.9), "burial": "drilled"}

    runs = placed(a_new_run(**facts), a_new_run(**facts, method=Method.OPEN_CUT)).runs

    assert runs.sigma_plan_m.tolist() == pytest.approx([0.321, 0.321], abs=0.001)
    assert [each["run"] for each in steered_runs(runs)] == ["new:1", "new:2"]
    assert steered_runs(placed(a_new_run(burial="jacked")).runs) == []


def test_a_cover_that_is_said_is_a_depth_without_any_ground():
    run = a_new_run(method=Method.DIRECTIONAL_DRILLING, depth=Depth(cover_m=12.0))

    assert placed(run).runs.sigma_plan_m[0] == pytest.approx(np.hypot(0.1, 0.05 * 12.2))


def test_a_part_of_unknown_depth_may_be_the_deepest():
    points = [(0.0, 29.4), (30.0, 18.0), (70.0, 18.0), (100.0, 29.4)]
    dive = Depth(profile=tuple(ProfilePoint(chainage_m=at, level_m=level) for at, level in points))
    run = a_new_run(method=Method.DIRECTIONAL_DRILLING, depth=dive)

    seen = placed(run, grounds=[ground(30.0, 30.0)]).runs.sigma_plan_m[0]
    half_seen = placed(run, grounds=[ground(30.0, np.nan, np.nan)]).runs.sigma_plan_m[0]

    assert seen == pytest.approx(np.hypot(0.1, 0.05 * 12.2))
    shallow = dive.model_copy(update={"profile": dive.profile[:1] + dive.profile[-1:]})
    level = placed(run.model_copy(update={"depth": shallow}), grounds=[ground(30.0, np.nan, np.nan)]).runs
    assert half_seen == pytest.approx(seen)
    assert level.sigma_plan_m[0] == pytest.approx(np.hypot(0.1, 0.05 * 10.0))


@pytest.mark.parametrize(
    ("kind", "burial", "width_m"),
    [
        pytest.param("heat", "channel", (0.3, 2.5), id="a pipe in a channel"),
        pytest.param("heat", "utility_tunnel", (0.3, 2.5), id="a pipe in a utility tunnel"),
        pytest.param("heat", "small_passage", (0.3, 2.5), id="a pipe in a passage of another line"),
        pytest.param("telecom", "duct_block", (0.3, 5.0), id="a duct of a block"),
        pytest.param("heat", "direct_buried", (0.374, 0.474), id="a jacketed pipe by itself"),
    ],
)
def test_one_diameter_is_no_size_of_a_structure(kind, burial, width_m):
    """Decision 0092, of new works: a trench round DN300 is 0.3 m wide at least, and nobody says how wide."""
    run = a_new_run(kind=kind, burial=burial, material="steel", section=Section(diameter_mm=300))
    told = a_new_run(kind=kind, burial=burial, section=Section(diameter_mm=1500, is_outer=True))

    least, most = placed(run).runs.width_m[0]
    outer = placed(told).runs.width_m[0].tolist()

    assert (least, most) == pytest.approx(width_m, abs=0.001)
    assert outer == [1.5, 1.5]


def test_the_point_that_lies_outside_the_city_is_the_one_named() -> None:
    run = {
        "kind": "gas",
        "axis": [[517_060.8, 3_792_762.6], [517_060.8, 3_999_999.6]],
        "section": {"diameter_mm": 100},
    }
    work = WorkDocument.model_validate({"runs": [run]})

    with pytest.raises(Invalid) as refused:
        axes_of(work, catalogue())

    (fault,) = refused.value.faults
    assert "第 2 点读作东 517060.800、北 3999999.600" in fault.words.zh
