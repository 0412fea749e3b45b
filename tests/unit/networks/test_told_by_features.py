"""What a feature file tells of itself is taken as told, and what it lacks is asked for by name."""

from datetime import date

import pandas as pd
import pytest
import shapely

from xzgis.catalogue.files import load
from xzgis.catalogue.terms import Catalogue
from xzgis.core.settings import ROOT
from xzgis.formats.features import FeatureFile, Layer, as_geometries, rows_from_one
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.proposed_mapping import propose_mapping
from xzgis.networks.terms import Delivery

EAST, NORTH = 516_900.12, 3_792_600.34


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "layers")


def a_line(east_m: float, to_m: float) -> shapely.LineString:
    return shapely.LineString([(EAST + east_m, NORTH), (EAST + to_m, NORTH)])


def a_point(east_m: float) -> shapely.Point:
    return shapely.Point(EAST + east_m, NORTH)


def a_layer(
    name: str, geometry: list[shapely.Geometry | None], crs: str | None = "EPSG:4548", **columns: object
) -> Layer:
    frame = pd.DataFrame(columns, index=range(len(geometry)))
    return Layer(name, frame, as_geometries(geometry), rows_from_one(len(geometry)), crs, "layer")


def delivered(catalogue: Catalogue, *layers: Layer) -> Delivery:
    file = FeatureFile("delivered.gpkg", "GPKG", layers, (), {})
    return deliver([file], propose_mapping([file], catalogue), Placing(), catalogue)


def test_how_well_points_and_lines_are_known_is_taken_as_told(catalogue: Catalogue) -> None:
    """A worse figure than that of the class counts like a better one, at points, lines and nodes made at line ends."""
    lines = a_layer(
        "gas_main", [a_line(0, 10), a_line(20, 30), a_line(40, 50)],
        depth_m=1.0, ground_m=40.0, diameter_mm=200, accuracy_class=["visible_point", "visible_point", None],
        sigma_plan_m=[0.6, None, 0.0], sigma_level_m=[0.4, None, -1.0],
    )  # fmt: skip
    points = a_layer(
        "gas_point", [a_point(0), a_point(10), a_point(60)],
        point_no=["1", "2", "3"], accuracy_class=["as_built", "visible_point", None],
        sigma_plan_m=[0.7, None, 1e9], sigma_level_m=[0.5, None, None],
    )  # fmt: skip

    found = delivered(catalogue, lines, points)

    usual = catalogue.accuracy["assumed"]
    assert found.lines["sigma_plan_m"].tolist() == pytest.approx([0.6, 0.05, usual.plan_base_m])
    assert found.lines["sigma_level_m"].iloc[0] >= 0.4
    assert found.points["accuracy_class"].iloc[:3].tolist() == ["as_built", "visible_point", "assumed"]
    assert found.points["sigma_plan_m"].iloc[:3].tolist() == pytest.approx([0.7, 0.05, 9_999.0])
    assert found.points["sigma_level_m"].iloc[0] == pytest.approx(0.5)
    made = found.points[found.points["point_no"].str.startswith("@")]
    assert made["sigma_plan_m"].tolist() == pytest.approx([0.05, 0.05, 1.0, 1.0])


def test_a_drawn_line_is_known_no_better_than_its_source_says(catalogue: Catalogue) -> None:
    told = {
        "data_source": ["推测", "推测", "图上量取", "探测", "据说", None],
        "accuracy_class": [
            "hidden_point",
            "digitised",
            "visible_point",
            "hidden_point",
            "hidden_point",
            "hidden_point",
        ],
    }
    where = [a_line(20 * at, 20 * at + 10) for at in range(6)]
    lines = a_layer("gas_main", where, depth_m=1.0, ground_m=40.0, diameter_mm=200, **told)
    bare = a_layer(
        "gas_main", where[:2], depth_m=1.0, ground_m=40.0, diameter_mm=200, data_source=["收集资料", "探测"]
    )

    found, without = delivered(catalogue, lines).lines, delivered(catalogue, bare).lines

    assert found["accuracy_class"].tolist() == [
        "assumed",
        "assumed",
        "digitised",
        "hidden_point",
        "assumed",
        "hidden_point",
    ]
    assert without["accuracy_class"].tolist() == ["assumed", "digitised"]
    assert without["sigma_plan_m"].tolist() == pytest.approx([1.0, 0.25], abs=0.01)


def test_a_flow_written_as_nought_is_no_flow_told(catalogue: Catalogue) -> None:
    lines = a_layer("sewer", [a_line(0, 10), a_line(20, 30)], kind="WS", flow=[0, 1])

    found = delivered(catalogue, lines)

    assert found.lines["flow"].tolist() == [0, 1]
    assert "R42" not in {one.code for one in found.findings}


def test_a_layer_without_any_shape_asks_for_shapes_and_not_for_a_kind(catalogue: Catalogue) -> None:
    found = delivered(catalogue, a_layer("lines", [None, None]))

    asked = {one.code: one.remedy.zh for one in found.findings if one.code in ("R01", "R33")}
    assert set(asked) == {"R01", "R33"}
    assert all("图形" in remedy and "管类" not in remedy for remedy in asked.values())


def test_an_undecided_system_is_told_in_one_sentence(catalogue: Catalogue) -> None:
    far = a_layer("给水", [shapely.LineString([(0, 0), (5, 0)])], None, dn=[100.0])

    (told,) = (one.words for one in delivered(catalogue, far).findings if one.code == "C03")

    assert "指定坐标系；" in told.zh
    assert "。；" not in told.zh
    assert ".;" not in told.en


def test_a_layer_without_a_system_beside_one_that_declares_it_is_told(catalogue: Catalogue) -> None:
    files = [
        FeatureFile(f"{name}.gpkg", "GPKG", (a_layer(name, [a_line(at, at + 20)], crs),), (), {})
        for name, at, crs in (("燃气", 0.0, "EPSG:4548"), ("给水", 100.0, None))
    ]

    def told(**said: str) -> list[tuple[str, str | None, str | None]]:
        found = deliver(files, propose_mapping(files, catalogue), Placing(**said), catalogue)
        return [(one.level, one.file, one.sheet) for one in found.findings if one.code == "C02"]

    assert told() == [("warning", "给水.gpkg", "给水")]
    assert told(crs="EPSG:4548") == []


def test_dates_of_whole_numbers_with_a_gap_are_read(catalogue: Catalogue) -> None:
    """Formats of features give them as fractions: one empty cell makes 2010 into 2010.0."""
    lines = [a_line(20 * at, 20 * at + 20) for at in range(4)]
    layer = a_layer("燃气", lines, MDate=[2011, 20120501, None, 201306], SDate=[20240501.0, None, None, 0.0])

    found = delivered(catalogue, layer)

    built, seen = found.lines["built_on"].tolist(), found.lines["surveyed_on"].tolist()
    assert built == [date(2011, 1, 1), date(2012, 5, 1), None, date(2013, 6, 1)]
    assert seen == [date(2024, 5, 1), None, None, None]
    assert not [one for one in found.findings if one.code == "R35"]
