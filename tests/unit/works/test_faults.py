"""Faults of a work document name their path and what to do."""

import pytest
from pydantic import ValidationError

from tests.unit.works.test_placing import EAST, NORTH, a_new_run
from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.works.rules.axes import axes_of
from xzgis.works.rules.faults import check_lengths, check_sound
from xzgis.works.rules.sizes import small_sewers
from xzgis.works.terms import Depth, Excavation, ProfilePoint, Section, TieIn, WorkDocument


def paths(work):
    """Paths of the faults of ``work``."""
    with pytest.raises(Invalid) as refused:
        check_sound(work, catalogue())
    assert all(fault.remedy is not None for fault in refused.value.faults)
    return [fault.loc for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("run", "path"),
    [
        pytest.param({"kind": "steam_engine"}, ("runs", 0, "kind"), id="no such kind"),
        pytest.param({"kind": "road"}, ("runs", 0, "kind"), id="a road is no buried line"),
        pytest.param({"pressure_class": "rather high"}, ("runs", 0, "pressure_class"), id="no such class"),
        pytest.param({"burial": "somehow"}, ("runs", 0, "burial"), id="no such burial"),
        pytest.param(
            {"section": Section(shape="rectangle", width_mm=300)},
            ("runs", 0, "section"),
            id="half a rectangle",
        ),
        pytest.param(
            {"section": Section(diameter_mm=200, width_mm=3)},
            ("runs", 0, "section", "width_mm"),
            id="two shapes",
        ),
        pytest.param(
            {"section": Section(diameter_mm=0.2)}, ("runs", 0, "section", "diameter_mm"), id="in metres"
        ),
        pytest.param(
            {"section": Section(shape="rectangle", width_mm=300, height_mm=40000)},
            ("runs", 0, "section", "height_mm"),
            id="in tenths",
        ),
        pytest.param({"ground_m": (30.0,)}, ("runs", 0, "ground_m"), id="one ground level for two vertices"),
        pytest.param({"axis": ((EAST, NORTH), (EAST, NORTH))}, ("runs", 0, "axis"), id="no length"),
        pytest.param({"ground_m": (30.0, -9999.0)}, ("runs", 0, "ground_m", 1), id="-9999 is no ground"),
        pytest.param({"ground_m": (0.0, None)}, ("runs", 0, "ground_m", 0), id="0 is no ground"),
        pytest.param({"ground_m": (4590.0, 30.0)}, ("runs", 0, "ground_m", 0), id="ground in centimetres"),
        pytest.param(
            {"depth": Depth(profile=(ProfilePoint(chainage_m=0, level_m=-9),))},
            ("runs", 0, "depth", "profile", 0, "level_m"),
            id="-9 is no level",
        ),
        pytest.param({"kind": "power", "voltage_kv": 0.0}, ("runs", 0, "voltage_kv"), id="no voltage at all"),
        pytest.param(
            {"depth": Depth(cover_m=1, profile=(ProfilePoint(chainage_m=0, level_m=3),))},
            ("runs", 0, "depth"),
            id="two depths",
        ),
    ],
)
def test_a_wrong_run_is_refused_at_its_place(run, path):
    assert paths(WorkDocument(runs=(a_new_run(**run),))) == [path]


@pytest.mark.parametrize(
    ("kind", "section"),
    [
        pytest.param(
            "drainage_storm", Section(shape="rectangle", width_mm=12_600, height_mm=3000), id="four cells"
        ),
        pytest.param("drainage_foul", Section(diameter_mm=40, is_outer=True), id="a pressure sewer"),
        pytest.param("drainage_foul", Section(diameter_mm=75, is_outer=True), id="a lateral dn 75"),
        pytest.param("drainage_foul", Section(diameter_mm=100), id="a lateral DN100"),
        pytest.param("gas", Section(diameter_mm=60), id="a small pressure pipe"),
        pytest.param("heat", Section(shape="rectangle", width_mm=6000, height_mm=3000), id="a wide channel"),
    ],
)
def test_a_real_size_at_the_edge_of_its_kind_is_taken(kind, section):
    check_sound(WorkDocument(runs=(a_new_run(kind=kind, section=section),)), catalogue())


@pytest.mark.parametrize(
    ("kind", "size_mm", "may_be_left_out"),
    [
        pytest.param("drainage_storm", 12.6, True, id="metres"),
        pytest.param("drainage_foul", 30, True, id="centimetres"),
        pytest.param("telecom", 2.0, True, id="metres of a duct bank"),
        pytest.param("drainage_storm", 20_000, False, id="too large"),
    ],
)
def test_leaving_a_size_out_is_no_remedy_for_one_too_large(kind, size_mm, may_be_left_out):
    with pytest.raises(Invalid) as refused:
        check_sound(
            WorkDocument(runs=(a_new_run(kind=kind, section=Section(diameter_mm=size_mm)),)), catalogue()
        )

    (fault,) = refused.value.faults
    assert fault.remedy is not None
    assert ("留空" in fault.remedy.zh) is may_be_left_out


@pytest.mark.parametrize("kind", ["drainage_foul", "drainage_storm", "drainage_combined"])
@pytest.mark.parametrize("size_mm", [40, 60, 80, 99])
def test_a_sewer_smaller_than_any_is_asked_whether_it_is_in_centimetres(kind, size_mm):
    run = a_new_run(kind=kind, section=Section(diameter_mm=size_mm))

    with pytest.raises(Invalid) as refused:
        check_sound(WorkDocument(runs=(run,)), catalogue())

    (fault,) = refused.value.faults
    assert fault.loc == ("runs", 0, "section", "diameter_mm")
    assert f"{size_mm} mm" in fault.words.zh
    assert fault.remedy is not None
    assert f"如为厘米，请改为 {size_mm * 10}" in fault.remedy.zh


def test_a_channel_in_centimetres_is_refused_at_both_sides():
    section = Section(shape="rectangle", width_mm=100, height_mm=80)

    assert paths(WorkDocument(runs=(a_new_run(kind="trench", section=section),))) == [
        ("runs", 0, "section", "width_mm"),
        ("runs", 0, "section", "height_mm"),
    ]


@pytest.mark.parametrize(
    ("kind", "section", "told"),
    [
        ("drainage_foul", Section(diameter_mm=120), ["1200"]),
        ("drainage_storm", Section(diameter_mm=100), ["1000"]),
        ("drainage_foul", Section(diameter_mm=200), ["2000"]),
        ("drainage_foul", Section(diameter_mm=300), []),
        ("drainage_foul", Section(diameter_mm=110, is_outer=True), []),
        ("gas", Section(diameter_mm=100), []),
    ],
)
def test_a_main_as_small_as_a_lateral_is_told(kind, section, told):
    notes = small_sewers(WorkDocument(runs=(a_new_run(kind=kind, section=section),)), catalogue())

    assert [one for one in told if any(f"请改为 {one}" in note.zh for note in notes)] == told
    assert len(notes) == len(told)


@pytest.mark.parametrize("level", [-9999.0, 0.0, 401.0])
def test_a_bottom_that_no_excavation_has_is_refused(level):
    outline = ((EAST, NORTH), (EAST + 5, NORTH), (EAST, NORTH + 5))

    work = WorkDocument(excavations=(Excavation(outline=outline, bottom_level_m=level),))

    assert paths(work) == [("excavations", 0, "bottom_level_m")]


def test_an_empty_work_is_refused():
    assert paths(WorkDocument()) == [("runs",)]


def of_levels(*told):
    points = tuple(ProfilePoint(chainage_m=at, level_m=level) for at, level in told)
    work = WorkDocument(runs=(a_new_run(depth=Depth(profile=points)),))
    try:
        check_sound(work, catalogue())
    except Invalid as refused:
        return [fault.loc for fault in refused.faults]
    return []


def test_a_place_of_a_profile_has_two_levels_at_most():
    third = [("runs", 0, "depth", "profile", 1, "chainage_m")]

    assert of_levels((5, 3.0), (5, 4.0)) == []
    assert of_levels((5, 4.0), (5, 3.5), (5, 3.0)) == []
    assert of_levels((5, 4.0), (5, 2.0), (5, 3.0)) == third
    assert of_levels((5, 4.0), (5.001, 4.5), (5.002, 3.0)) == third


def test_the_two_levels_of_a_place_are_in_the_order_of_the_list():
    assert of_levels((0, 4.0), (5, 4.0), (5, 3.0), (9, 3.0)) == []
    second = [("runs", 0, "depth", "profile", 2, "chainage_m")]
    assert of_levels((9, 3.0), (5, 3.0), (5, 4.0), (0, 4.0)) == second
    assert of_levels((5, 4.0), (9, 3.0), (5, 3.0), (0, 4.0)) == second


def test_an_outline_without_area_is_refused():
    hole = Excavation(outline=((EAST, NORTH),) * 3, depth_m=2)

    assert paths(WorkDocument(excavations=(hole,))) == [("excavations", 0, "outline")]


SQUARE = ((EAST, NORTH), (EAST + 9, NORTH), (EAST + 9, NORTH + 9), (EAST, NORTH + 9))


@pytest.mark.parametrize(
    ("outline", "word"),
    [
        pytest.param(SQUARE * 2, "不止一圈", id="twice round"),
        pytest.param((SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]), "自相交", id="crossing itself"),
        pytest.param(((EAST, NORTH), (EAST + 5, NORTH), (EAST + 9, NORTH)), "面积", id="one straight line"),
    ],
)
def test_an_outline_without_one_clear_inside_is_refused(outline, word):
    work = WorkDocument(excavations=(Excavation(outline=outline, depth_m=2),))

    with pytest.raises(Invalid, match=word):
        check_sound(work, catalogue())
    assert paths(work) == [("excavations", 0, "outline")]


@pytest.mark.parametrize("outline", [SQUARE, (*SQUARE, SQUARE[0]), (SQUARE[0], *SQUARE)])
def test_an_outline_drawn_once_is_taken(outline):
    check_sound(WorkDocument(excavations=(Excavation(outline=outline, depth_m=2),)), catalogue())


def test_a_hole_with_two_depths_is_refused():
    hole = Excavation(outline=SQUARE, depth_m=2, bottom_level_m=29.0)

    assert paths(WorkDocument(excavations=(hole,))) == [("excavations", 0)]


@pytest.mark.parametrize("surface", ["xyz", "green_space", "general"])
def test_a_surface_that_the_table_does_not_tell_is_refused(surface):
    work = WorkDocument(runs=(a_new_run(),), surface=surface)

    with pytest.raises(Invalid, match=surface):
        check_sound(work, catalogue())
    assert paths(work) == [("surface",)]


def test_a_tie_in_beyond_the_end_is_refused():
    work = WorkDocument(runs=(a_new_run(tie_ins=(TieIn(chainage_m=100.2, run_id=1),)),))

    with pytest.raises(Invalid) as refused:
        check_lengths(work, axes_of(work, catalogue()).chains)

    assert refused.value.faults[0].loc == ("runs", 0, "tie_ins", 0, "chainage_m")


def test_exchanged_axes_are_named_as_such():
    work = WorkDocument(runs=(a_new_run(axis=((NORTH, EAST), (NORTH + 50, EAST))),))

    with pytest.raises(Invalid) as refused:
        axes_of(work, catalogue())

    assert "写反" in refused.value.faults[0].words.zh


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValidationError):
        a_new_run(axis=((EAST, float("nan")), (EAST, NORTH)))
