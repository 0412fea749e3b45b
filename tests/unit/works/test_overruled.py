"""What is said beside a file stands over what the file says itself, and never without a word."""

import json
from pathlib import Path

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.works.queries.file import read_work
from xzgis.works.rules.reading import WorkOptions

LIST = "X,Y,管顶高程\n3792600,516900,30.2\n3792600,517000,30.1\n"
AXIS = [[516_900, 3_792_600], [517_000, 3_792_600]]
RUN = {"kind": "gas", "axis": AXIS, "section": {"diameter_mm": 200}, "depth": {"cover_m": 1.0}}
PROFILE = {
    "profile": [{"chainage_m": 0, "level_m": 30}, {"chainage_m": 100, "level_m": 30}],
    "profile_of": "crown",
}
GAS = WorkOptions(kind="gas", diameter_mm=200, crs="EPSG:4548")


def notes_of(folder: Path, name: str, text: str, options: WorkOptions) -> list[str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    read = read_work(path, catalogue(), options, limits=(60, 4096))
    return [note.zh for note in read.notes if "另有自己的" in note.zh or "未读取" in note.zh]


def a_feature(**properties: object) -> str:
    line = {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": AXIS},
        "properties": properties,
    }
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": [line]})


@pytest.mark.parametrize(("cover_m", "is_told"), [(1.0, True), (None, False)])
def test_levels_of_a_list_that_a_cover_takes_the_place_of_are_told(tmp_path, cover_m, is_told):
    options = WorkOptions(kind="gas", diameter_mm=200, crs="EPSG:4548", cover_m=cover_m)

    told = notes_of(tmp_path, "w.csv", LIST, options)

    assert told == (["w.csv 另有自己的列“管顶高程”，未采用：以另行给出的为准。"] if is_told else [])


def test_a_list_tells_of_kind_and_size_that_it_does_not_read(tmp_path):
    rows = LIST.replace("管顶高程", "管顶高程,管类,管径,备注").replace("30.2", "30.2,燃气,600,a")

    (told,) = notes_of(tmp_path, "w.csv", rows, GAS)

    assert "管类" in told
    assert "管径" in told
    assert "备注" not in told


@pytest.mark.parametrize(
    ("run", "options", "named"),
    [
        (RUN, WorkOptions(kind="power"), "管线类别"),
        (RUN, WorkOptions(diameter_mm=10), "管径（mm）"),
        (RUN, WorkOptions(width_mm=300, height_mm=200), "管径（mm）"),
        (RUN, WorkOptions(cover_m=9), "覆土（m）"),
        (RUN | {"depth": PROFILE}, WorkOptions(cover_m=9), "纵断面"),
        (RUN | {"depth": PROFILE}, WorkOptions(level_of="bottom"), "高程所指"),
        (RUN, WorkOptions(kind="gas", diameter_mm=200.0, cover_m=1.0, material="pe"), None),
    ],
)
def test_what_a_document_says_otherwise_is_told(tmp_path, run, options, named):
    text = json.dumps({"name": "w", "crs": "EPSG:4548", "runs": [run]})

    told = notes_of(tmp_path, "w.json", text, options)

    assert told == ([] if named is None else [f"w.json 另有自己的{named}，未采用：以另行给出的为准。"])


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ({"kind": "power"}, "管线类别"),
        ({"cover_m": 3}, "覆土（m）"),
        ({"diameter_mm": 500}, "管径（mm）"),
        ({}, None),
    ],
)
def test_what_a_feature_says_otherwise_is_told(tmp_path, properties, named):
    options = WorkOptions(kind="gas", diameter_mm=200, cover_m=1.0)

    told = notes_of(tmp_path, "w.geojson", a_feature(**properties), options)

    assert told == ([] if named is None else [f"w.geojson 另有自己的{named}，未采用：以另行给出的为准。"])
