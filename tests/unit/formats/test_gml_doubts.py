"""A GML that GDAL would read without a part, or elsewhere, is refused with the feature and the remedy."""

from pathlib import Path

import pytest

from xzgis.core.errors import Invalid
from xzgis.formats import gml
from xzgis.formats.features import FeatureFile

SYSTEM = 'srsName="urn:ogc:def:crs:EPSG::4548"'
FLAT = "3792600 516900 3792610 516950 3792620 516990"
HIGH = "3792600 516900 30 3792610 516950 31"
BOX = f"""<gml:boundedBy><gml:Envelope {SYSTEM} srsDimension="3"><gml:lowerCorner>3792600 516900 20</gml:lowerCorner>
<gml:upperCorner>3792700 517000 40</gml:upperCorner></gml:Envelope></gml:boundedBy>"""
ELSEWHERE = '<gml:curveMember xlink:href="#c9"/>'


def line(positions: str = FLAT, said: str = "", name: str = "geom") -> str:
    inside = f"<gml:posList>{positions}</gml:posList>"
    return f"<x:{name}><gml:LineString {SYSTEM} {said}>{inside}</gml:LineString></x:{name}>"


def curve(positions: str = FLAT) -> str:
    segment = f"<gml:LineStringSegment><gml:posList>{positions}</gml:posList></gml:LineStringSegment>"
    return f'<gml:Curve gml:id="c9" {SYSTEM}><gml:segments>{segment}</gml:segments></gml:Curve>'


def geometry(name: str, inside: str, said: str = "") -> str:
    return f"<x:geom><gml:{name} {SYSTEM} {said}>{inside}</gml:{name}></x:geom>"


def read(tmp_path: Path, *features: str, box: str = "", said: str = "") -> FeatureFile:
    members = "".join(
        f'<gml:featureMember><x:Pipe gml:id="p{at}">{one}</x:Pipe></gml:featureMember>'
        for at, one in enumerate(features, start=1)
    )
    spaces = (
        'xmlns:x="http://x.example/x" xmlns:gml="http://www.opengis.net/gml/3.2"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    path = tmp_path / "a.gml"
    path.write_text(f"<x:Collection {spaces} {said}>{box}{members}</x:Collection>", encoding="utf-8")
    return gml.read(path, file="a.gml", work=tmp_path)


@pytest.mark.parametrize(
    ("features", "more"),
    [
        ((line(), line(HIGH)), {}),
        ((line(), BOX + line(HIGH)), {}),
        ((line(), line(HIGH)), {"said": 'srsDimension="3"'}),
        ((line(HIGH), line(FLAT)), {"box": BOX}),
        ((line(), line(HIGH + " 3792620")), {}),
    ],
    ids=["told nowhere", "box of the feature", "root", "box of all against flat", "too many"],
)
def test_a_dimension_that_no_geometry_declares_is_not_guessed(tmp_path, features, more):
    with pytest.raises(Invalid, match="srsDimension") as refused:
        read(tmp_path, *features, **more)

    assert "p2" in refused.value.words.zh
    assert "a.gml" in refused.value.words.zh


@pytest.mark.parametrize(
    ("feature", "more"),
    [
        (line(HIGH), {"box": BOX}),
        (line(HIGH, 'srsDimension="3"'), {}),
        (geometry("MultiCurve", f"<gml:curveMember>{curve(HIGH)}</gml:curveMember>", 'srsDimension="3"'), {}),
    ],
    ids=["box of all", "line", "several"],
)
def test_a_dimension_that_gdal_hears_is_read(tmp_path, feature, more):
    (layer,) = read(tmp_path, feature, **more).layers

    (shape,) = layer.geometry
    assert shape.has_z
    assert shape.bounds == (516900, 3792600, 516950, 3792610)


def test_flat_positions_need_no_word(tmp_path):
    (layer,) = read(tmp_path, line()).layers

    assert len(layer.geometry[0].coords) == 3


@pytest.mark.parametrize("name", ["MultiCurve", "CompositeCurve"])
@pytest.mark.parametrize("first", ["", f"<gml:curveMember>{curve()}</gml:curveMember>"])
def test_a_part_that_stands_elsewhere_is_not_left_out(tmp_path, name, first):
    with pytest.raises(Invalid, match="#c9") as refused:
        read(tmp_path, line(), geometry(name, first + ELSEWHERE))

    assert "p2" in refused.value.words.zh


def test_a_ring_that_stands_elsewhere_is_refused(tmp_path):
    ring = f"<gml:exterior><gml:Ring>{ELSEWHERE}</gml:Ring></gml:exterior>"

    with pytest.raises(Invalid, match="#c9"):
        read(tmp_path, line(), geometry("Polygon", ring))


def test_a_curve_run_backwards_is_refused(tmp_path):
    """GDAL gives it forwards, and the depth of its first end would lie at its last."""
    backwards = geometry("OrientableCurve", f"<gml:baseCurve>{curve()}</gml:baseCurve>", 'orientation="-"')

    with pytest.raises(Invalid, match="OrientableCurve"):
        read(tmp_path, backwards)


def test_several_geometries_of_a_feature_are_told(tmp_path):
    found = read(tmp_path, line(), line() + line(name="other"))

    assert [(note.code, note.level, note.value) for note in found.notes] == [("R37", "warning", "p2")]
