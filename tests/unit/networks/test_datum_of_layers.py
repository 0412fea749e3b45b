"""Layers of features are asked about their height datum as survey tables are."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from tests.factories import EAST_M, NORTH_M
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check_files import check_against_files
from xzgis.core.errors import Invalid
from xzgis.networks.actions.read_features import read_features
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.survey import SurveyOptions
from xzgis.networks.terms import IntakeFinding
from xzgis.works.terms import Depth, NewRun, Section, WorkDocument

pytestmark = pytest.mark.usefixtures("read_here")

AXIS = [(EAST_M, NORTH_M), (EAST_M + 40, NORTH_M)]
CROWN = {"crown_m": 30.6, "bottom_m": 30.3}


def geojson(folder: Path, name: str = "管线.geojson", **said: Any) -> Path:
    feature = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": AXIS}}
    whole = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "EPSG:4548"}},
        "features": [feature | {"properties": {"kind": "water", "diameter_mm": 300, **said}}],
    }
    path = folder / name
    path.write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
    return path


def package(folder: Path, system: str = "EPSG:4548", layer: str = "water", **said: Any) -> Path:
    path = folder / "lines.gpkg"
    line = shapely.LineString(AXIS)
    gpd.GeoDataFrame({"kind": ["water"], **{key: [one] for key, one in said.items()}}, geometry=[line], crs=system).to_file(
        path, layer=layer
    )  # fmt: skip
    return path


def told(path: Path, **how: Any) -> list[IntakeFinding]:
    found = read_features([path], catalogue=catalogue(), **how).findings
    return [one for one in found if one.code == "C04"]


@pytest.mark.parametrize("said", [CROWN, {"起点管顶高程": 30.6, "终点管顶高程": 30.6}, {"ground_m": 33.0}])
def test_a_name_of_a_file_that_says_another_datum_refuses_its_levels(
    tmp_path: Path, said: dict[str, float]
) -> None:
    (found,) = told(geojson(tmp_path, "管线_吴淞高程.geojson", **said))

    assert (found.level, found.file, found.value) == ("error", "管线_吴淞高程.geojson", "吴淞高程")
    assert told(geojson(tmp_path, "管线_1985国家高程基准.geojson", **said)) == []


@pytest.mark.parametrize("column", ["高程系统", "高程基准", "height_datum", "VDATUM"])
def test_a_column_of_the_height_system_refuses_the_levels(tmp_path: Path, column: str) -> None:
    (found,) = told(geojson(tmp_path, **CROWN, **{column: "吴淞高程系"}))

    assert (found.level, found.field, found.value) == ("error", column, "吴淞高程系")
    assert told(geojson(tmp_path, **CROWN, **{column: "1985国家高程基准"})) == []


def test_the_name_of_a_layer_and_the_head_of_a_column_count(tmp_path: Path) -> None:
    (of_layer,) = told(package(tmp_path, layer="给水_废黄河高程", **CROWN))
    (of_column,) = told(
        geojson(tmp_path, **{"起点管顶高程": 30.6, "终点管顶高程": 30.6, "地面高程(吴淞)": 33.0})
    )

    assert (of_layer.level, of_layer.sheet) == ("error", "给水_废黄河高程")
    assert (of_column.level, of_column.field) == ("warning", "地面高程(吴淞)")


def test_what_tells_no_level_is_not_asked(tmp_path: Path) -> None:
    assert told(geojson(tmp_path, "管线_吴淞高程.geojson", depth_m=1.2)) == []
    assert told(geojson(tmp_path, depth_m=1.2, 高程系统="吴淞高程系")) == []
    (found,) = told(package(tmp_path, "EPSG:4548+5736", depth_m=1.2))
    assert found.level == "warning"


@pytest.mark.parametrize("system", ["EPSG:4548+5736", "EPSG:4548+3855"])
def test_a_system_with_other_heights_refuses_the_levels(tmp_path: Path, system: str) -> None:
    (found,) = told(package(tmp_path, system, **CROWN))

    assert found.level == "error"
    assert "1956" in str(found.value) or "EGM2008" in str(found.value)
    assert told(package(tmp_path, "EPSG:4548+5737", **CROWN)) == []


def test_a_check_against_such_a_file_is_refused(tmp_path: Path) -> None:
    line = ((EAST_M + 20, NORTH_M - 20), (EAST_M + 20, NORTH_M + 20))
    run = NewRun(kind="gas", axis=line, section=Section(diameter_mm=200), depth=Depth(cover_m=1.2))
    work = WorkDocument(runs=(run,))
    for path in (
        geojson(tmp_path, "管线_吴淞高程.geojson", **CROWN),
        geojson(tmp_path, 高程系统="吴淞高程系", **CROWN),
    ):
        with pytest.raises(Invalid) as refused:
            check_against_files(work, [path], catalogue=catalogue())
        assert any("吴淞高程" in fault.words.zh for fault in refused.value.faults)
    check_against_files(work, [geojson(tmp_path, **CROWN)], catalogue=catalogue())


@pytest.mark.parametrize(
    ("system", "count"), [("EPSG:4548+5736", 1), ("EPSG:4548+5737", 0), ("EPSG:4548", 0)]
)
def test_a_system_named_for_tables_is_asked_about_its_heights(
    tmp_path: Path, system: str, count: int
) -> None:
    (tmp_path / "P.csv").write_text(
        f"物探点号,X,Y,地面高程\nA1,{NORTH_M},{EAST_M},31\nA2,{NORTH_M},{EAST_M + 20},31\n", "utf-8"
    )
    (tmp_path / "L.csv").write_text(
        "起点点号,终点点号,起点埋深,终点埋深,管径\nA1,A2,1.2,1.2,DN300\n", "utf-8"
    )

    found = read_survey(
        [tmp_path / "P.csv", tmp_path / "L.csv"], catalogue=catalogue(), options=SurveyOptions(crs=system)
    )

    assert [one.level for one in found.findings if one.code == "C04"] == ["error"] * count
