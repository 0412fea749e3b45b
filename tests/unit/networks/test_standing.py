"""What stands at points is found wherever a delivery says it: in other columns, in the names of layers."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from xzgis.catalogue.files import shipped
from xzgis.catalogue.rules.chamber_words import thing_named, words_with_extent
from xzgis.networks.actions.reading import ReadOptions, read_files
from xzgis.networks.rules.standing import chambers_beside, with_appurtenances

CATALOGUE = shipped().catalogue
EAST_M, NORTH_M = 540_000.0, 3_790_000.0


@pytest.mark.parametrize(
    ("told", "stands", "feature"),
    [
        ({"feature": "检查井"}, "检查井", None),
        ({"feature": "直线点", "visibility": "窨井"}, "窨井", "直线点"),
        ({"feature": "检查井", "appurtenance": "阀门"}, "阀门", "检查井"),
        ({"feature": "预留口", "visibility": "明显点"}, None, "预留口"),
        ({"object": "Kast"}, "Kast", None),
    ],
)
def test_an_appurtenance_in_another_column_is_taken_where_its_own_says_nothing(told, stands, feature):
    raw = pd.DataFrame(
        [{"feature": None, "appurtenance": None, "visibility": None, "object": None} | told], dtype=object
    )

    found = with_appurtenances(raw, np.array(["drainage_foul"], dtype=object), CATALOGUE).iloc[0]

    assert (found["appurtenance"], found["feature"]) == (stands, feature)


@pytest.mark.parametrize(
    ("name", "token"),
    [("污水检查井", "manhole"), ("sewer_gully", "gully"), ("雨水口-2024", "gully"), ("井", "manhole"), ("Manholes", "manhole"),
     ("四眼井街管点", None), ("污水管点", None), ("wellington", None), (None, None)],
)  # fmt: skip
def test_the_name_of_a_layer_tells_what_its_points_are(name, token):
    thing = thing_named(name, words_with_extent(CATALOGUE))

    assert (None if thing is None else thing.token) == token


def test_a_column_that_nobody_judges_by_and_calls_points_a_chamber_is_told():
    points = pd.DataFrame({
        "file": "a.xlsx", "sheet": "点表", "row": [2, 3, 4, 5], "feature": None, "chamber_depth_m": np.nan,
        "appurtenance": [None, None, "manhole", None],
        "attributes": [json.dumps({"点性": text, "路名": "四眼井"}, ensure_ascii=False)
                       for text in ("污水检查井", "雨水口", "检查井", "直线")],
    })  # fmt: skip

    (found,) = chambers_beside(points, CATALOGUE)

    assert (found.code, found.level, found.field, found.row) == ("R52", "warning", "点性", 2)
    assert "2 处" in found.words.zh
    assert chambers_beside(points.iloc[2:], CATALOGUE) == []


def test_a_layer_of_chambers_without_any_column_of_ours_is_read_with_their_depths(tmp_path):
    line = {
        "管径": ["400"],
        "起点埋深": [2.0],
        "终点埋深": [2.0],
        "geometry": [LineString([(EAST_M, NORTH_M), (EAST_M + 40, NORTH_M)])],
    }
    well = {"井底标高": [27.0], "地面高程": [30.0], "geometry": [Point(EAST_M, NORTH_M)]}
    bare = {"备用": [1], "geometry": [Point(EAST_M + 40, NORTH_M)]}
    file = tmp_path / "a.gpkg"
    for name, columns in (("污水管线", line), ("污水检查井", well), ("雨水口", bare)):
        gpd.GeoDataFrame(columns, crs="EPSG:4548").to_file(file, layer=name, driver="GPKG")

    delivery, _ = read_files([file], options=ReadOptions(), catalogue=CATALOGUE)

    told = delivery.points.set_index("sheet")
    assert told.loc["污水检查井", ["appurtenance", "chamber_depth_m"]].tolist() == ["manhole", 3.0]
    assert told.loc["雨水口", "appurtenance"] == "gully"
    assert len(delivery.lines) == 1
