"""Levels of a work on another datum than 1985 are refused, whoever says it: the file, a layer, the coordinate system."""

from pathlib import Path

import geopandas as gpd
import pytest
from pyproj import Transformer
from shapely import LineString, Polygon

from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.works.queries.file import read_work
from xzgis.works.rules.faults import check_sound
from xzgis.works.rules.position_lists import work_of_positions
from xzgis.works.rules.reading import ReadWork, Shapes, WorkOptions, work_of_features
from xzgis.works.terms import Depth, Excavation, NewRun, ProfilePoint, Section, WorkDocument

pytestmark = pytest.mark.usefixtures("read_here")

PIT = Polygon([(516_900, 3_792_600), (516_910, 3_792_600), (516_910, 3_792_610)])
LEVELS = WorkOptions(kind="gas", level_of="crown")
OTHERS = ("EPSG:4979", "EPSG:4548+5736", "EPSG:4548+3855", "EPSG:4490+3855", "EPSG:9518")
OURS = ("EPSG:4548", "EPSG:4548+5737", "EPSG:4490+5737")


def axis_in(system: str) -> list[tuple[float, float]]:
    plan = "EPSG:4326" if system in ("EPSG:4979", "EPSG:9518") else system.partition("+")[0]
    there = Transformer.from_crs("EPSG:4548", plan, always_xy=True)
    return [there.transform(516_900 + east, 3_792_600) for east in (0, 100)]


def in_package(folder: Path, system: str, options: WorkOptions) -> ReadWork:
    line = LineString([(x, y, 30.0) for x, y in axis_in(system)])
    path = folder / "work.gpkg"
    gpd.GeoDataFrame({"kind": ["gas"]}, geometry=[line], crs=system).to_file(path)
    return read_work(path, catalogue(), options, limits=(60, 8192))


def a_document(system: str, **facts: object) -> WorkDocument:
    axis = tuple(axis_in(system))
    return WorkDocument(crs=system, runs=(NewRun(kind="gas", axis=axis, section=Section(), **facts),))


@pytest.mark.parametrize("system", OTHERS)
def test_a_file_in_a_system_with_other_heights_gives_no_levels(tmp_path: Path, system: str) -> None:
    with pytest.raises(Invalid, match="不是 1985 国家高程基准") as refused:
        in_package(tmp_path, system, LEVELS)

    assert "EPSG:4548+5737" in refused.value.words.en


def test_its_place_alone_may_be_used_and_a_person_may_say_the_heights(tmp_path: Path) -> None:
    read = in_package(tmp_path, "EPSG:4548+3855", WorkOptions(kind="gas", cover_m=1.0))

    assert any("EGM2008" in note.en for note in read.notes)
    assert all(len(note.en) < 300 for note in read.notes)
    said = WorkOptions(kind="gas", level_of="crown", crs="EPSG:4548+5737")
    assert in_package(tmp_path, "EPSG:4548+3855", said).document.runs[0].depth.profile


@pytest.mark.parametrize("system", OURS)
def test_our_heights_and_systems_of_the_plan_are_taken(tmp_path: Path, system: str) -> None:
    assert in_package(tmp_path, system, LEVELS).document.runs[0].depth.profile
    check_sound(a_document(system, ground_m=(31.0, 31.0)), catalogue())


@pytest.mark.parametrize("system", OTHERS)
@pytest.mark.parametrize(
    "facts", [{"ground_m": (31.0, None)}, {"depth": Depth(profile=(ProfilePoint(chainage_m=0, level_m=30),))}]
)
def test_a_document_in_such_a_system_may_give_no_level(system: str, facts: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        check_sound(a_document(system, **facts), catalogue())

    (fault,) = refused.value.faults
    assert fault.loc == ("crs",)
    assert system in fault.words.en
    check_sound(a_document(system, depth=Depth(cover_m=1.0)), catalogue())


def test_the_bottom_of_a_pit_is_a_level() -> None:
    outline = ((516_900.0, 3_792_600.0), (516_910.0, 3_792_600.0), (516_910.0, 3_792_610.0))
    pit = WorkDocument(crs="EPSG:4548+5736", excavations=(Excavation(outline=outline, bottom_level_m=28.0),))
    with pytest.raises(Invalid, match="1956"):
        check_sound(pit, catalogue())

    def read(name: str, crs: str, **said: float) -> ReadWork:
        return work_of_features([Shapes([PIT], [said], crs)], WorkOptions(), catalogue().city, name=name)

    for name, crs in (("基坑_吴淞高程.geojson", "EPSG:4548"), ("基坑.geojson", "EPSG:4548+5736")):
        with pytest.raises(Invalid, match=r"吴淞|1956"):
            read(name, crs, bottom_level_m=33.0)
        assert read(name, crs, depth_m=3.0).document.excavations[0].depth_m == 3.0
    assert read("基坑.geojson", "EPSG:4548", bottom_level_m=33.0).document.excavations


def test_a_list_is_asked_about_the_system_that_the_person_names() -> None:
    rows = [(1, ["X", "Y", "管顶高程"]), (2, ["3792600", "516900", "30"]), (3, ["3792600", "517000", "30"])]
    given = {"name": "list.csv", "kinds": catalogue().kinds}
    with pytest.raises(Invalid, match="1956"):
        work_of_positions(rows, WorkOptions(kind="gas", crs="EPSG:4548+5736"), catalogue().city, **given)
    ours = WorkOptions(kind="gas", crs="EPSG:4548+5737")
    assert work_of_positions(rows, ours, catalogue().city, **given).document.runs[0].depth.profile
