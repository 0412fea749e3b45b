"""What a feature of a work tells under a name that is not read is told of, and never silently left out."""

import pytest
from shapely import LineString, MultiLineString, Polygon

from xzgis.catalogue.files import catalogue
from xzgis.works.rules.reading import Shapes, WorkOptions, work_of_features
from xzgis.works.rules.unread_properties import OF_LINE, unread_properties

LINE = LineString([(516_900, 3_792_600), (517_000, 3_792_600)])
HOLE = Polygon([(516_900, 3_792_600), (516_910, 3_792_600), (516_910, 3_792_610)])


@pytest.mark.parametrize("shape", [LINE, MultiLineString([LINE, LINE])])
@pytest.mark.parametrize(
    "key",
    [
        "管径",
        "埋深",
        "depth_m",
        "DN",
        "Diameter_mm",
        "管顶高程",
        "压力等级",
        "管类",
        "材质",
        "sigma_plan",
        "平面精度",
    ],
)
def test_a_size_or_depth_of_a_line_under_another_name_is_told(shape, key):
    layer = Shapes([shape], [{"kind": "gas", key: "200", "备注": "设计二期"}], "EPSG:4548")

    notes = work_of_features([layer], WorkOptions(), catalogue().city, name="w.geojson").notes

    (told,) = [note for note in notes if f"“{key}”" in note.zh]
    assert "w.geojson" in told.zh
    assert "diameter_mm" in told.en
    assert "备注" not in told.zh


def test_what_is_read_or_empty_or_no_figure_of_the_line_is_not_told():
    read = dict.fromkeys(OF_LINE, 1)

    assert (
        unread_properties([(LINE, read | {"埋深": None, "管径": " ", "name": "a", "id": 7})], "w.gpkg") == ()
    )


def test_a_hole_is_told_of_the_depths_that_it_does_not_read():
    said = {"depth_m": 2.0, "bottom_level_m": 28.0, "坑深": 3.0, "管径": 200}

    (told,) = unread_properties([(HOLE, said)], "w.gpkg")

    assert "“坑深”" in told.zh
    assert "bottom_level_m" in told.en
    assert "管径" not in told.zh
