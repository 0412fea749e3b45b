"""GeoJSON by the standard: what a linter calls an error is never accepted in silence."""

import json
from pathlib import Path

import pytest

from xzgis.core.errors import Invalid
from xzgis.formats import geojson
from xzgis.formats.features import FeatureFile

# Harmless by the linter's own wording, or mended by us without losing anything.
MENDED = {
    "bbox-4or6elements": "R23", "bbox-string": "R23", "feature_changed_semantics": "R21",
    "featurecollection-type-case": "R22", "featurecollection_changed_semantics": "R21",
    "geometrycollection_nested": "G12", "point-toomany": "R25", "polygon_winding_order": "G13",
}  # fmt: skip


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "delivered.geojson"
    path.write_text(text, encoding="utf-8")
    return path


def read(tmp_path: Path, document: object) -> FeatureFile:
    text = document if isinstance(document, str) else json.dumps(document)
    return geojson.read(written(tmp_path, text), file="delivered.geojson")


def a_line(coordinates: object, **members: object) -> dict[str, object]:
    geometry = {"type": "LineString", "coordinates": coordinates}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": geometry, **members}],
    }


def outcome_of(path: Path) -> str:
    """``refused``, ``error``, or the code under which the file was mended; never silence."""
    try:
        notes = geojson.read(path, file=path.name).notes
    except Invalid as refused:
        return "refused" if path.name in refused.words.zh and path.name in refused.words.en else "unnamed"
    levels = {note.level for note in notes}
    return "error" if "error" in levels else notes[0].code if notes else "silence"


def test_every_broken_file_of_the_linter_is_refused_or_mended_with_its_reason(shared_data):
    told: dict[str, str] = {}
    for path in sorted((shared_data / "bad_input" / "geojson").glob("*.geojson")):
        assert json.loads((path.parent / f"{path.stem}.expected_hint.json").read_text(encoding="utf-8"))
        told[path.stem] = outcome_of(path)

    assert len(told) == 22
    assert {name: code for name, code in told.items() if code not in ("refused", "error")} == MENDED


def test_a_broken_feature_keeps_its_row_and_loses_its_geometry(tmp_path):
    document = a_line([[116.0, 34.0]])

    found = read(tmp_path, document).layers[0]

    assert list(found.row) == [1]
    assert found.geometry[0] is None


@pytest.mark.parametrize("text", [
    '{"type": "Point", "coordinates": [NaN, 34.0]}',
    '{"type": "Point", "coordinates": [Infinity, 34.0]}',
    '{"type": "Point", "type": "Point", "coordinates": [1, 2]}',
    '{"type": "Point", "coordinates": [1, 2]',
    "[" * 100_000,
    '{"a":' * 50_000,
    "[]",
    "",
])  # fmt: skip
def test_what_is_no_json_of_the_standard_is_refused(tmp_path, text):
    with pytest.raises(Invalid):
        read(tmp_path, text)


def test_a_number_beyond_all_measure_is_an_error_of_its_feature(tmp_path):
    found = read(tmp_path, '{"type": "LineString", "coordinates": [[1e400, 34.0], [116.0, 34.0]]}')

    assert found.layers[0].geometry[0] is None
    assert [note.level for note in found.notes] == ["error"]


def test_a_feature_with_too_many_vertices_is_an_error(tmp_path):
    found = read(tmp_path, a_line([[116.0 + number * 1e-6, 34.0] for number in range(20_001)]))

    assert found.layers[0].geometry[0] is None
    assert "G10" in {note.code for note in found.notes}


def test_collections_nested_too_deeply_are_an_error(tmp_path):
    document: object = {"type": "Point", "coordinates": [116.0, 34.0]}
    for _ in range(12):
        document = {"type": "GeometryCollection", "geometries": [document]}

    found = read(tmp_path, document)

    assert found.layers[0].geometry[0] is None


def test_degrees_without_a_crs_member_are_wgs_84_by_the_standard(tmp_path):
    assert read(tmp_path, a_line([[116.9, 34.2], [117.0, 34.2]])).layers[0].crs == "EPSG:4326"


def test_projected_numbers_without_a_crs_member_have_no_crs(tmp_path):
    found = read(tmp_path, a_line([[516_946.6, 3_792_628.1], [516_956.6, 3_792_628.1]]))

    assert found.layers[0].crs is None
    assert "R29" in {note.code for note in found.notes}


@pytest.mark.parametrize(("name", "crs"), [
    ("urn:ogc:def:crs:EPSG::4548", "EPSG:4548"), ("EPSG:4548", "EPSG:4548"),
    ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"), ("city grid", None),
])  # fmt: skip
def test_the_old_crs_member_is_followed_or_asked_about(tmp_path, name, crs):
    document = a_line([[516_946.6, 3_792_628.1], [516_956.6, 3_792_628.1]])
    document["crs"] = {"type": "name", "properties": {"name": name}}

    assert read(tmp_path, document).layers[0].crs == crs


def test_names_in_other_scripts_and_odd_file_names_are_read(shared_data):
    found = geojson.read(shared_data / "bad_input" / "misc" / "!test.geojson", file="!test.geojson")

    assert found.layers[0].frame["name:ru"].iloc[0] == "Гренада"
