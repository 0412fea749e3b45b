"""A layer that holds any line never falls out by a guess: it is read, or an error names it."""

from dataclasses import replace

import pandas as pd
import pytest
import shapely

from xzgis.catalogue.files import load
from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.unread import AREAS_LAYER_REMEDY, errors_among
from xzgis.core.settings import ROOT
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Layer, Note, as_geometries, rows_from_one
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.feature_mapping import mapping_from_json
from xzgis.networks.rules.proposed_mapping import propose_mapping

EAST, NORTH = 516_900.0, 3_792_600.0
UNREAD = Note("R37", "error", Words("未读取", "not read"), Words("炸开", "explode it"), layer="foo", row=1)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "layers")


def a_line(north_m: float) -> shapely.LineString:
    return shapely.LineString([(EAST, NORTH + north_m), (EAST + 50, NORTH + north_m)])


def a_box(place: int) -> shapely.Polygon:
    return shapely.box(EAST + 2 * place, NORTH + 5, EAST + 2 * place + 1, NORTH + 6)


def a_layer(name: str, *geometry: shapely.Geometry) -> Layer:
    frame = pd.DataFrame({"dn": [200.0] * len(geometry)})
    return Layer(
        name, frame, as_geometries(list(geometry)), rows_from_one(len(geometry)), "EPSG:4548", "layer"
    )


def a_file(*layers: Layer) -> FeatureFile:
    return FeatureFile("delivered.gpkg", "GPKG", layers)


def test_areas_that_outnumber_the_lines_of_a_layer_do_not_take_them_out(catalogue):
    file = a_file(a_layer("gas", a_line(0.3), a_box(0), a_box(1), a_box(2)), a_layer("water", a_line(30)))

    found = deliver([file], propose_mapping([file], catalogue), Placing(), catalogue)

    assert sorted(found.lines["kind"]) == ["gas", "water"]
    told = [(one.sheet, one.row, one.level) for one in found.findings if one.code == "G02"]
    assert told == [("gas", row, "error") for row in (2, 3, 4)]


def test_a_layer_of_areas_alone_stays_unused(catalogue):
    file = a_file(a_layer("gas", a_box(0), a_box(1)), a_layer("water", a_line(30)))

    found = deliver([file], propose_mapping([file], catalogue), Placing(), catalogue)

    assert list(found.lines["kind"]) == ["water"]


@pytest.mark.parametrize(("is_told", "level"), [(False, "error"), (True, "info")])
def test_what_was_not_read_is_an_error_until_a_person_skips_its_layer(catalogue, is_told, level):
    drawn = replace(a_file(a_layer("给水", a_line(30)), a_layer("foo", a_line(0))), notes=(UNREAD,))
    proposed = propose_mapping([drawn], catalogue)
    mapping = mapping_from_json(proposed.as_json(), catalogue) if is_told else proposed
    assert mapping.layers["foo"].role == "skip"

    found = deliver([drawn], mapping, Placing(), catalogue)

    assert [one.level for one in found.findings if one.code == "R37"] == [level]


def test_only_unused_layers_with_lines_that_nobody_skipped_count_as_unread(catalogue):
    file = a_file(a_layer("给水", a_line(30)), a_layer("old_pipes", a_line(0)), a_layer("plots", a_box(0)))
    proposed = propose_mapping([file], catalogue)

    guessed = deliver([file], proposed, Placing(), catalogue)
    told = deliver([file], mapping_from_json(proposed.as_json(), catalogue), Placing(), catalogue)

    unread = [(one.code, one.sheet) for one in errors_among(guessed, guessed.findings)]
    assert unread == [("R33", "old_pipes")]
    assert errors_among(told, told.findings) == ()
    assert {one.sheet: one.level for one in guessed.findings if one.code == "R33"} == {
        "old_pipes": "warning", "plots": "info"
    }  # fmt: skip
    assert {one.level for one in told.findings if one.code == "R33"} == {"info"}


@pytest.mark.parametrize(
    "name",
    [
        "water", "water_areas", "landuse", "电力设施用地", "给水厂", "污水处理厂范围", "燃气保护区", "电力保护范围", "雨水汇水区",
        "gas_station", "给水井室", "power_substation", "供水小区", "燃气管道保护范围", "电力管理区", "雨水汇水区1", "给水厂面",
    ],
)  # fmt: skip
def test_areas_of_works_zones_and_open_water_are_background(catalogue, name):
    ground = a_layer(name, a_box(0))
    if name == "landuse":
        ground.frame["kind"] = "water"
    file = a_file(a_layer("给水", a_line(30)), ground)

    found = deliver([file], propose_mapping([file], catalogue), Placing(), catalogue)

    assert errors_among(found, found.findings) == ()


@pytest.mark.parametrize(
    "name",
    [
        "电力管沟面", "电力排管范围", "power_duct_area", "给水管", "电力", "热力地沟", "water_main", "雨水方涵范围",
        # A place or who manages it says nothing of what the areas are.
        "泉山区雨水", "电力_泉山区", "火车站燃气", "燃气_火车站", "管委会热力", "经开区管委会电力管沟", "power_area3_cables",
    ],
)  # fmt: skip
def test_areas_of_pipes_and_channels_are_not_and_say_how_to_mend_it(catalogue, name):
    file = a_file(a_layer("给水", a_line(30)), a_layer(name, a_box(0)))

    found = deliver([file], propose_mapping([file], catalogue), Placing(), catalogue)

    (told,) = errors_among(found, found.findings)
    assert (told.sheet, told.remedy) == (name, AREAS_LAYER_REMEDY)


@pytest.mark.parametrize(("value", "is_told"), [("给水", True), ("water", False)])
def test_areas_that_a_column_calls_mains_water_are_no_open_water(catalogue, value, is_told):
    areas = a_layer("polygons", a_box(0), a_box(1))
    areas.frame["管线类型"] = value
    file = a_file(a_layer("污水", a_line(30)), areas)

    found = deliver([file], propose_mapping([file], catalogue), Placing(), catalogue)

    assert [one.sheet for one in errors_among(found, found.findings)] == ["polygons"] * is_told
