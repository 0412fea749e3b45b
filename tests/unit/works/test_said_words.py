"""Kinds and codes of a work as its file words them."""

import json
from pathlib import Path

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.works.queries.file import read_work
from xzgis.works.rules.faults import check_sound
from xzgis.works.rules.reading import WorkOptions

LIMITS = (30, 2000)
LINE = {"type": "LineString", "coordinates": [[516900.0, 3792600.0], [516960.0, 3792600.0]]}


def a_file(folder: Path, **properties: object) -> Path:
    feature = {"type": "Feature", "geometry": LINE, "properties": properties}
    path = folder / "work.geojson"
    whole = {"type": "FeatureCollection", "features": [feature],
             "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}}}  # fmt: skip
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("word", "token"),
    [("燃气", "gas"), ("Gas", "gas"), ("污水", "drainage_foul"), ("gas", "gas"), (" 电力 ", "power")],
)
def test_a_kind_is_understood_by_its_name(tmp_path: Path, word: str, token: str) -> None:
    read = read_work(a_file(tmp_path, kind=word, diameter_mm=200), catalogue(), WorkOptions(), limits=LIMITS)

    assert [run.kind for run in read.document.runs] == [token]


def test_codes_are_understood_by_their_words_and_aliases(tmp_path: Path) -> None:
    path = a_file(tmp_path, kind="燃气", burial="直埋", material="钢", pressure_class="中压A")

    (run,) = read_work(path, catalogue(), WorkOptions(), limits=LIMITS).document.runs

    assert (run.burial, run.material, run.pressure_class) == ("direct_buried", "steel", "medium_A")


@pytest.mark.parametrize("word", ["天然气管道一号", "管"])
def test_a_word_that_means_no_kind_is_refused_as_it_stands(tmp_path: Path, word: str) -> None:
    read = read_work(a_file(tmp_path, kind=word), catalogue(), WorkOptions(), limits=LIMITS)

    with pytest.raises(Invalid, match=word):
        check_sound(read.document, catalogue())


def test_a_list_of_a_sewer_named_in_words_is_asked_what_its_levels_are_of(tmp_path: Path) -> None:
    path = tmp_path / "work.csv"
    path.write_text("X,Y,H\n3792600,516900,28\n3792600,516960,28\n", encoding="utf-8")
    said = []
    for kind in ("drainage_foul", "污水"):
        with pytest.raises(Invalid) as refused:
            read_work(path, catalogue(), WorkOptions(kind=kind), limits=LIMITS)
        said.append(str(refused.value))

    assert said[0] == said[1]
