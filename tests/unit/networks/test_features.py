"""Features understood, placed, joined and given levels; mappings proposed, edited and refused."""

import json

import numpy as np
import pandas as pd
import pytest
import shapely

from xzgis.catalogue.files import load
from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Invalid
from xzgis.core.settings import ROOT
from xzgis.formats.features import FeatureFile, Layer, as_geometries, rows_from_one
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.feature_mapping import FeatureMapping, mapping_from_json
from xzgis.networks.rules.layer_kinds import kind_of_layer_name
from xzgis.networks.rules.proposed_mapping import propose_mapping
from xzgis.networks.rules.survey import line_lengths_m
from xzgis.networks.terms import Delivery

EAST, NORTH = 516_900.0, 3_792_600.0


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "layers")


def a_layer(
    name: str, geometry: list[shapely.Geometry | None], *, crs: str | None = "EPSG:4548", **columns: object
) -> Layer:
    frame = pd.DataFrame(columns, index=range(len(geometry)))
    moved = [
        None if one is None else shapely.transform(one, lambda xy: xy + np.array([EAST, NORTH]))
        for one in geometry
    ]
    return Layer(name, frame, as_geometries(moved), rows_from_one(len(geometry)), crs, "layer")


def a_file(*layers: Layer, format_: str = "GPKG", **facts: object) -> FeatureFile:
    return FeatureFile("delivered.gpkg", format_, layers, (), facts)


def a_line(*positions: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(positions)


def delivered(
    file: FeatureFile, catalogue: Catalogue, mapping: dict[str, object] | None = None, **placing: object
) -> Delivery:
    chosen = mapping_from_json(mapping, catalogue) if mapping else propose_mapping([file], catalogue)
    return deliver([file], chosen, Placing(**placing), catalogue)


def codes(delivery: Delivery) -> set[str]:
    return {finding.code for finding in delivery.findings}


@pytest.mark.parametrize(("name", "kind"), [
    ("JSLINE", "water"), ("给水管线", "water"), ("0-YS-雨水", "drainage_storm"), ("gas_main", "gas"), ("DL", "power"),
    ("telecom", "telecom"), ("街道", None), ("J", None), ("0", None),
])  # fmt: skip
def test_a_layer_name_tells_its_kind_or_nothing(catalogue, name, kind):
    found = kind_of_layer_name(name, catalogue)

    assert (found.kind if found else None) == kind


def test_line_ends_that_meet_share_a_node_of_their_kind(catalogue):
    water = a_layer("给水", [a_line((0, 0), (10, 0)), a_line((10, 0), (20, 0)), a_line((10.005, 0), (10, 9))])
    gas = a_layer("燃气", [a_line((10, 0), (10, -5))])

    found = delivered(a_file(water, gas), catalogue)

    ends = found.lines[["from_point", "to_point"]].to_numpy()
    assert ends[0, 1] == ends[1, 0] == ends[2, 0]
    assert ends[3, 0] not in ends[:3]
    assert found.points.loc[ends[0, 1], "kind"] == "water"


def test_ends_that_are_near_but_apart_are_told_and_not_joined(catalogue):
    layer = a_layer("给水", [a_line((0, 0), (10, 0)), a_line((10.06, 0), (20, 0))])

    found = delivered(a_file(layer), catalogue)

    near = [finding for finding in found.findings if finding.code == "G11"]
    assert len(near) == 1
    assert near[0].east_m == pytest.approx(EAST + 10, abs=0.1)
    assert found.lines["to_point"].iloc[0] != found.lines["from_point"].iloc[1]


def test_a_delivered_point_is_the_node_and_lends_its_ground(catalogue):
    points = a_layer("给水点", [shapely.Point(10, 0)], 点号=["J7"], 地面高程=["35.50"])
    lines = a_layer(
        "给水线", [a_line((0, 0), (10, 0))], end_depth_m=[1.2], diameter_mm=[200.0], material=["PE"]
    )

    found = delivered(a_file(points, lines), catalogue)

    assert found.lines["to_no"].iloc[0] == "J7"
    assert found.lines["to_point"].iloc[0] == 0
    assert found.vertices.ground_m[1] == 35.50
    assert found.vertices.crown_m[1] == pytest.approx(34.30)
    assert np.isnan(found.vertices.crown_m[0])


def test_parts_are_split_and_doubled_vertices_taken_out(catalogue):
    both = shapely.MultiLineString([[(0, 0), (0, 0), (5, 0)], [(6, 0), (9, 0)]])
    layer = a_layer("给水", [both, a_line((3, 3), (3, 3)), None], id=["a", "b", "c"], start_depth_m=[1.0, 1.0, 1.0],
                    end_depth_m=[2.0, 2.0, 2.0])  # fmt: skip

    found = delivered(a_file(layer), catalogue)

    assert list(found.lines["label"]) == ["a", "a/2", "b", "c"]
    assert list(found.lines["row"]) == [1, 1, 2, 3]
    assert [one.row for one in found.findings if one.code == "G05"] == [2]
    assert list(np.diff(found.vertices.offset)) == [2, 2, 0, 0]
    assert {"G01", "G03", "G04", "G05"} <= codes(found)
    # The figures of the ends belong to the outer ends of the whole feature.
    assert found.lines["start_depth_m"].iloc[0] == 1.0
    assert np.isnan(found.lines["end_depth_m"].iloc[0])
    assert found.lines["end_depth_m"].iloc[1] == 2.0


def test_levels_run_straight_between_the_ends_by_length(catalogue):
    layer = a_layer("雨水", [a_line((0, 0), (3, 4), (3, 9))], start_level_m=[30.0], end_level_m=[29.0], diameter_mm=[500.0],
                    material=["混凝土"])  # fmt: skip

    found = delivered(a_file(layer), catalogue)

    crown, bottom = found.vertices.crown_m, found.vertices.bottom_m
    wall_m = (found.lines["outer_height_mm"].iloc[0] - 500.0) / 2 / 1000
    assert bottom == pytest.approx([30.0 - wall_m, 29.5 - wall_m, 29.0 - wall_m])
    assert crown - bottom == pytest.approx([found.lines["outer_height_mm"].iloc[0] / 1000] * 3)


def test_heights_of_the_geometry_are_no_levels_unless_mapped(catalogue):
    line = shapely.LineString([(EAST, NORTH, 31.0), (EAST + 5, NORTH, 31.0)])
    layer = Layer(
        "给水", pd.DataFrame({"dn": [100.0]}), as_geometries([line]), rows_from_one(1), "EPSG:4548", "layer"
    )
    mapped = {
        "layers": {
            "给水": {
                "kind": "water",
                "fields": {"level_m": {"column": "@z"}, "diameter_mm": {"column": "dn"}},
            }
        }
    }

    plain, with_z = delivered(a_file(layer), catalogue), delivered(a_file(layer), catalogue, mapped)

    assert np.isnan(plain.vertices.crown_m).all()
    assert "G07" in codes(plain)
    assert with_z.vertices.crown_m == pytest.approx([31.0, 31.0])


def test_units_row_by_row_and_by_column_come_out_in_ours(catalogue):
    sizes = {"d": [20.0, 200.0, 0.2, 2.0], "d_uom": ["cm", "mm", "m", "parsec"], "p": [1.0, 2.0, 3.0, 4.0]}
    layer = a_layer("给水", [a_line((0, k), (9, k)) for k in range(4)], **sizes)
    mapping = {
        "layers": {
            "给水": {
                "kind": "gas",
                "fields": {"diameter_mm": {"column": "d"}, "pressure": {"column": "p", "unit": "bar"}},
            }
        }
    }

    found = delivered(a_file(layer), catalogue, mapping)

    assert list(found.lines["nominal_width_mm"][:3]) == [200.0, 200.0, 200.0]
    assert np.isnan(found.lines["nominal_width_mm"][3])
    assert [(one.row, one.value) for one in found.findings if one.code == "R36"] == [(4, "2.0")]
    assert list(found.lines["pressure_class"]) == ["medium_B", "medium_B", "medium_A", "medium_A"]


def test_zero_and_minus_one_are_unknown_and_stay_so(catalogue):
    layer = a_layer(
        "电力",
        [a_line((0, 0), (9, 0))],
        start_depth_m=[0.0],
        end_depth_m=[-1.0],
        voltage_kv=[-1.0],
        diameter_mm=[0.0],
    )

    found = delivered(a_file(layer), catalogue).lines.iloc[0]

    assert np.isnan(
        found[["start_depth_m", "end_depth_m", "voltage_kv", "nominal_width_mm"]].to_numpy(float)
    ).all()


def test_a_depth_that_is_no_number_is_an_error_of_its_row(catalogue):
    layer = a_layer("给水", [a_line((0, 0), (9, 0)), a_line((0, 1), (9, 1))], start_depth_m=["1.2", "深"])

    found = [one for one in delivered(a_file(layer), catalogue).findings if one.code == "R35"]

    assert [(one.level, one.row, one.field, one.value) for one in found] == [
        ("error", 2, "start_depth_m", "深")
    ]


def test_what_is_not_told_of_a_feature_stays_among_its_attributes(catalogue):
    layer = a_layer(
        "给水",
        [a_line((0, 0), (9, 0)), a_line((0, 1), (9, 1))],
        用途=["生活", None],
        dn=[100.0, 100.0],
        material=["铝合金", None],
    )

    found = delivered(a_file(layer), catalogue).lines["attributes"]

    assert json.loads(found.iloc[0]) == {"用途": "生活", "material": "铝合金"}
    assert found.iloc[1] is None


def test_a_layer_without_a_kind_comes_in_as_unknown_and_says_so(catalogue):
    found = delivered(a_file(a_layer("图层1", [a_line((0, 0), (9, 0))])), catalogue)

    assert list(found.lines["kind"]) == ["unknown"]
    assert "R32" in codes(found)


def test_a_kind_written_in_words_is_no_foreign_format(catalogue):
    layer = a_layer(
        "lines",
        [a_line((0, 0), (9, 0))],
        kind=["water"],
        id=["w1"],
        dn=[300],
        status=["在用"],
        owner=["自来水公司"],
    )

    found = delivered(a_file(layer), catalogue)

    assert found.intake == "features"
    assert list(found.lines["kind"]) == ["water"]
    assert found.lines["nominal_width_mm"].iloc[0] == 300.0


def test_a_closed_ring_begins_and_ends_in_one_node(catalogue):
    found = delivered(a_file(a_layer("给水", [a_line((0, 0), (50, 0), (50, 50), (0, 0))])), catalogue)

    assert found.lines["from_point"].iloc[0] == found.lines["to_point"].iloc[0] == 0
    assert len(found.points) == 1


def test_background_layers_of_a_named_delivery_are_left_out_and_told(catalogue):
    file = a_file(a_layer("给水", [a_line((0, 0), (9, 0))]), a_layer("街道", [a_line((0, 5), (9, 5))]))

    found = delivered(file, catalogue)

    assert list(found.lines["sheet"]) == ["给水"]
    assert "R33" in codes(found)


def test_layers_in_different_systems_are_refused(catalogue):
    file = a_file(
        a_layer("给水", [a_line((0, 0), (9, 0))]), a_layer("燃气", [a_line((0, 0), (9, 0))], crs="EPSG:4549")
    )

    with pytest.raises(Invalid, match="坐标系不一致"):
        delivered(file, catalogue)


def test_a_drawing_in_millimetres_is_placed_by_its_unit_only_when_that_fits(catalogue):
    line = shapely.LineString([(EAST * 1000, NORTH * 1000), (EAST * 1000 + 5000, NORTH * 1000)])
    scaled = Layer("给水", pd.DataFrame(index=range(1)), as_geometries([line]), rows_from_one(1))
    false_unit = a_layer("给水", [a_line((0, 0), (5, 0))], crs=None)

    by_unit = delivered(a_file(scaled, format_="DXF", metres_per_unit=0.001), catalogue)
    by_figures = delivered(a_file(false_unit, format_="DXF", metres_per_unit=0.001), catalogue)

    assert line_lengths_m(by_unit.lines, by_unit.vertices) == pytest.approx([5.0])
    assert "R38" in codes(by_unit)
    assert line_lengths_m(by_figures.lines, by_figures.vertices) == pytest.approx([5.0])


def test_without_a_place_nothing_is_lost_and_the_question_is_asked(catalogue):
    layer = Layer(
        "给水", pd.DataFrame({"dn": [100.0]}), as_geometries([a_line((0, 0), (5, 0))]), rows_from_one(1)
    )

    found = delivered(a_file(layer, format_="DXF"), catalogue)

    assert found.crs.decided is None
    assert len(found.lines) == 1
    assert "C03" in codes(found)


def test_without_any_line_the_cause_comes_first_and_no_system_is_asked_for(catalogue):
    square = shapely.Polygon([(EAST, NORTH), (EAST + 5, NORTH), (EAST + 5, NORTH + 5)])

    found = delivered(a_file(a_layer("房屋", [square])), catalogue)

    assert [one.code for one in found.findings if one.level == "error"] == ["R01"]


def test_a_mapping_survives_its_json(catalogue):
    proposed = propose_mapping([a_file(a_layer("给水", [a_line((0, 0), (9, 0))], dn=[100.0]))], catalogue)

    told = proposed.model_copy(update={"is_proposed": False})  # what comes back was seen by a person
    assert mapping_from_json(json.loads(json.dumps(proposed.as_json())), catalogue) == told


@pytest.mark.parametrize("mapping", [
    {"layers": {"a": {"kind": "sewer gas"}}}, {"layers": {"a": {"fields": {"no_such": {"column": "x"}}}}},
    {"layers": {"a": {"colour": "red"}}}, {"layers": {"a": {"role": "maybe"}}},
])  # fmt: skip
def test_a_mapping_that_says_nonsense_is_refused_with_the_place(catalogue, mapping):
    with pytest.raises(Invalid) as refused:
        mapping_from_json(mapping, catalogue)

    assert refused.value.faults[0].loc[0] == "layers"


def test_a_layer_called_by_its_kind_keeps_the_columns_of_a_survey(catalogue):
    layer = a_layer("water", [a_line((0, 0), (9, 0))], S_DEEP=[1.2], E_DEEP=[1.3], D_S=["300"])

    proposed = propose_mapping([a_file(layer)], catalogue)

    assert proposed.intake == "features"
    assert {"start_depth_m", "end_depth_m", "section"} <= set(proposed.layers["water"].fields)


def test_plain_numbers_below_ten_are_proposed_as_metres(catalogue):
    proposed = propose_mapping([a_file(a_layer("给水", [a_line((0, 0), (9, 0))], 管径=[0.3]))], catalogue)

    field = proposed.layers["给水"].fields["diameter_mm"]
    assert (field.column, field.unit) == ("管径", "m")
    assert field.confidence < 0.75


def test_a_proposal_says_how_sure_it_is(catalogue):
    proposed = propose_mapping(
        [a_file(a_layer("给水", [a_line((0, 0), (9, 0))], **{"管径(mm)": [300.0], "名": ["x"]}))], catalogue
    )

    assert isinstance(proposed, FeatureMapping)
    assert 0 < proposed.layers["给水"].fields["diameter_mm"].confidence < 1
    assert proposed.layers["给水"].why_zh


def test_columns_that_nothing_is_judged_by_are_named(catalogue: Catalogue) -> None:
    layer = a_layer(
        "gas_main",
        [a_line((0, 0), (10, 0))],
        material=["PE"],
        remark=["see plan"],
        cover_m=[1.2],
        status=["在用"],
        empty=[None],
    )

    told = [one for one in delivered(a_file(layer), catalogue).findings if one.code == "R02"]

    assert [(one.level, one.sheet) for one in told] == [("info", "gas_main")]
    assert told[0].words.zh.endswith("remark、cover_m")


@pytest.mark.parametrize("day", ["2050-01-01", "2999-01-01"])
def test_a_feature_of_days_to_come_is_told(day: str, catalogue: Catalogue) -> None:
    layer = a_layer("gas_main", [a_line((0, 0), (10, 0)), a_line((0, 5), (9, 5))], built_on=[day, "2001"])

    found = delivered(a_file(layer), catalogue)

    assert [(one.code, one.row, one.value) for one in found.findings if one.field == "built_on"] == [
        ("R09", 1, day)
    ]
    assert found.lines["built_on"].isna().tolist() == [True, False]


def test_texts_and_symbols_among_the_lines_of_a_drawing_are_no_errors(catalogue: Catalogue) -> None:
    def told(format_: str) -> list[tuple[str, str, int | None]]:
        layer = a_layer("gas_main", [a_line((0, 0), (10, 0)), shapely.Point(0, 0), shapely.Point(5, 1)],
                        entity=["LINE", "INSERT", "TEXT"])  # fmt: skip
        found = delivered(a_file(layer, format_=format_), catalogue).findings
        return [(one.code, one.level, one.row) for one in found if one.code in ("G02", "R02")]

    assert told("DXF") == [("G02", "info", None)]
    assert told("GPKG") == [("G02", "error", 2), ("G02", "error", 3), ("R02", "info", None)]


def test_lines_with_columns_of_depth_points_stay_lines(catalogue: Catalogue) -> None:
    layer = a_layer("燃气", [a_line((0, 0), (9, 0))], depth=[1.2], reference=["管顶"], 管径=[300])

    assert propose_mapping([a_file(layer)], catalogue).layers["燃气"].role == "lines"
