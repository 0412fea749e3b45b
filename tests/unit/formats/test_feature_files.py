"""Files of features through the real child process: counts of the real deliveries, strangers' files refused."""

import json
import random
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import shapely

from xzgis.core.errors import Invalid
from xzgis.formats.feature_files import read_feature_files, read_one
from xzgis.formats.features import FeatureFile
from xzgis.formats.sniff import recognise

ENTITY_BOMB = """<?xml version="1.0"?>
<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:imkl="http://www.geostandaarden.nl/imkl/wibon">
<gml:featureMember><imkl:Beheerder gml:id="x"><imkl:naam>&c;</imkl:naam></imkl:Beheerder></gml:featureMember>
</gml:FeatureCollection>"""
FILE_BOMB = ENTITY_BOMB.replace('<!ENTITY a "aaaaaaaaaa">', '<!ENTITY a SYSTEM "file:///etc/passwd">')


def here(path: Path, work: Path) -> FeatureFile:
    """The file read in this process: for tests of what is read, not of the walls around it."""
    return read_one([path], file=path.name, format_=recognise(path).require(path.name).format, work=work)


@pytest.mark.parametrize("request_", ["22G003181_1", "22G003182_1", "22O000518_1", "22O000525_1"])
def test_klic_deliveries_agree_with_the_independent_counts(shared_data, tmp_path, request_):
    folder = shared_data / "imkl_klic_nl"
    expected = json.loads((folder / "reference_counts.json").read_text(encoding="utf-8"))[request_]

    found = here(folder / f"Levering_{request_}.zip", tmp_path)

    links = found.layer("utility_line")
    once = ~links.frame["link"].duplicated()
    lengths = shapely.length(links.geometry)
    by_theme = {
        theme: {"count": len(rows), "length_m": round(float(lengths[rows.index].sum()), 1)}
        for theme, rows in links.frame[once].groupby("theme")
    }
    counts = {name: found.facts["objects"].get(name) for name in expected["objects"] if name != "Envelope"}
    assert by_theme == expected["links_by_theme"]
    assert counts == {name: count for name, count in expected["objects"].items() if name != "Envelope"}
    assert {name: found.facts["request"].get(name) for name in expected["request"]} == expected["request"]
    assert found.facts["owners"] == sorted(expected["owners"])
    assert sorted(found.layer("depth_point").frame.get("depth", [])) == sorted(expected["depth_values_m"])
    assert found.layer("request_area").geometry[0].area == pytest.approx(expected["dig_polygon"]["area_m2"])
    assert links.crs == "EPSG:28992"


def test_an_owner_without_lines_is_told(shared_data, tmp_path):
    found = here(shared_data / "imkl_klic_nl" / "Levering_22G003181_1.zip", tmp_path)

    assert [note.value for note in found.notes if note.code == "R34"] == ["KPN"]


def test_giswater_agrees_with_its_reference_counts(shared_data, tmp_path):
    folder = shared_data / "giswater_santboi"
    expected = json.loads((folder / "reference_counts.json").read_text(encoding="utf-8"))

    found = here(folder / "giswater_santboi.gpkg", tmp_path)

    assert {layer.name: len(layer.row) for layer in found.layers} == expected["layers"]
    for name, key in (("sewer_arc", "sewer_length_m"), ("water_arc", "water_length_m")):
        assert shapely.length(found.layer(name).geometry).sum() == pytest.approx(expected[key], abs=0.1)


def test_power_lines_of_the_oberrhein_agree_with_their_counts(shared_data, tmp_path):
    folder = shared_data / "power_mv_oberrhein"

    found = here(folder / "mv_lines_epsg4326.geojson", tmp_path)

    assert (
        found.rows_read == json.loads((folder / "reference_counts.json").read_text(encoding="utf-8"))["lines"]
    )
    assert found.layers[0].crs == "EPSG:4326"


def test_osm_power_and_pipelines_are_picked_out(shared_data, tmp_path):
    found = here(shared_data / "osm_liechtenstein" / "liechtenstein-2013-08-03.osm.pbf", tmp_path)

    counts = {layer.name: len(layer.row) for layer in found.layers}
    towers = (found.layer("power_point").frame["power"] == "tower").sum()
    assert (counts["power"], counts["pipeline"], towers) == (3, 2, 248)


def test_measured_lines_lose_m_and_curves_become_straight(shared_data, tmp_path):
    misc = shared_data / "bad_input" / "misc"

    measured, curved = here(misc / "line_zm.gpkg", tmp_path), here(misc / "multicurve.gml", tmp_path)

    assert "G06" in {note.code for note in measured.notes}
    assert shapely.has_z(measured.layers[0].geometry).all()
    assert "G08" in {note.code for note in curved.notes}
    assert shapely.get_num_coordinates(curved.layers[0].geometry)[0] > 20


ARC = """<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml/3.2">
<ogr:featureMember><ogr:pipe gml:id="p"><ogr:geom><gml:Curve srsName="EPSG:4548" gml:id="c"><gml:segments><gml:Arc>
<gml:posList>517700 3793900 517800 3794000 517900 3793900</gml:posList></gml:Arc></gml:segments></gml:Curve></ogr:geom>
</ogr:pipe></ogr:featureMember></ogr:FeatureCollection>"""


def test_an_arc_is_stroked_within_a_millimetre(tmp_path):
    path = tmp_path / "arc.gml"
    path.write_text(ARC, encoding="utf-8")

    places = shapely.get_coordinates(here(path, tmp_path).layers[0].geometry[0])

    centre = [517_800, 3_793_900] if places[0, 0] < 1e6 else [3_793_900, 517_800]
    middles = (places[1:] + places[:-1]) / 2
    assert np.hypot(*(middles - centre).T) == pytest.approx(100.0, abs=1e-3)


@pytest.mark.parametrize(
    "name", ["!test.geojson", "line_zm.gpkg", "multicurve.gml", "gre.shp", "issue627.geojson"]
)
def test_odd_but_sound_files_come_through_the_child(shared_data, name):
    found = read_feature_files([shared_data / "bad_input" / "misc" / name])

    assert sum(file.rows_read for file in found) > 0


@pytest.mark.parametrize(("place", "word"), [
    ("swmm_networks/pystorms_beta.inp", "SWMM"), ("epanet_networks/ky4.inp", "EPANET"),
    ("sewer_isybau_de/ISYBAU_XML-2013-Stammdaten_Geometrie_BFR251.xml", "ISYBAU"),
    ("jvf_dtm_cz/ukazka_KI.xml", "JVF"), ("sewer_interlis_ch/minimal-dataset-SIA405-ABWASSER.xtf", "INTERLIS"),
    ("power_mv_oberrhein/mv_oberrhein.json", "pandapower"), ("bad_input/misc/multicurve.xsd", "schema"),
    ("imkl_klic_nl/reference_counts.json", "GeoJSON"),
])  # fmt: skip
def test_what_is_not_read_is_named_with_what_to_send_instead(shared_data, place, word):
    with pytest.raises(Invalid) as refused:
        read_feature_files([shared_data / place])

    assert word in refused.value.words.en
    assert refused.value.words.en.count(". ") <= 1


def test_dwg_is_refused_in_one_sentence_that_says_how_to_convert(tmp_path):
    drawing = tmp_path / "总图.dwg"
    drawing.write_bytes(b"AC1032\x00" + bytes(200))

    with pytest.raises(Invalid) as refused:
        read_feature_files([drawing])

    assert "DXF" in refused.value.words.zh
    assert "2018" in refused.value.words.zh


@pytest.mark.parametrize("text", [ENTITY_BOMB, FILE_BOMB])
@pytest.mark.parametrize("root", ["imkl", "gml", "osm"])
def test_entity_bombs_are_refused_and_nothing_is_expanded(tmp_path, text, root):
    osm = '<osm version="0.6"><node id="1" lat="1" lon="1" user="&c;"/></osm>'
    text = {
        "imkl": text,
        "gml": text.replace("www.geostandaarden.nl/imkl/wibon", "example.org"),
        "osm": text[: text.index("<gml:")] + osm,
    }[root]
    path = tmp_path / f"bomb.{root}"
    path.write_text(text, encoding="utf-8")
    assert recognise(path).format == root

    with pytest.raises(Invalid):
        here(path, tmp_path)


def refusal_of(path: Path, work: Path) -> str | None:
    """What a refused file is told, None when it can be read. Any other exception is a crash."""
    try:
        here(path, work)
    except Invalid as refused:
        return refused.words.zh
    return None


def damaged_copies(path: Path, count: int) -> list[bytes]:
    """Cut off, and with flipped bits, always the same ones."""
    dice, whole = random.Random(7), path.read_bytes()
    copies = [whole[: len(whole) * part // 7] for part in range(1, 7)]
    for _ in range(count):
        body = bytearray(whole)
        for _ in range(12):
            body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
        copies.append(bytes(body))
    return copies


@pytest.mark.parametrize("place", [
    "imkl_klic_nl/Levering_22O000525_1.zip", "imkl_klic_nl/snippets/Voorbeeld_2_Utiliteitsnet_met_Duct-Pipe-Cable.xml",
    "dxf_plans/ASCII_R12.dxf", "dxf_plans/bin_dxf_r12.dxf", "power_mv_oberrhein/mv_lines_epsg4326.geojson",
    "bad_input/misc/line_zm.gpkg", "osm_liechtenstein/planet_10.068_48.135.osm",
])  # fmt: skip
def test_damaged_files_are_refused_or_read_but_never_crash(shared_data, tmp_path, place):
    source = shared_data / place
    for number, body in enumerate(damaged_copies(source, 12)):
        path = tmp_path / f"{number}{source.suffix}"
        path.write_bytes(body)
        work = tmp_path / f"work{number}"
        work.mkdir()
        refusal = refusal_of(path, work)
        assert refusal is None or path.name in refusal


def test_a_zip_that_climbs_out_is_refused(tmp_path):
    path = tmp_path / "climbing.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../outside.shp", b"\x00\x00\x27\x0a")

    with pytest.raises(Invalid):
        read_feature_files([path])


def a_shapefile(folder: Path, encoding: str, *, cpg: str | None = None) -> Path:
    """A zipped shapefile of two lines with Chinese texts in ``encoding``."""
    wkb = shapely.to_wkb(shapely.linestrings([[[0, 0], [1, 1]], [[1, 1], [2, 1]]]))
    fields = [
        np.array(["给水管线", "污水检查井"], dtype=object),
        np.array(["球墨铸铁", "混凝土"], dtype=object),
    ]
    shape = folder / "管线.shp"
    pyogrio.raw.write(shape, wkb, fields, ["名称", "材质"], geometry_type="LineString", driver="ESRI Shapefile",
                      crs="EPSG:4548", encoding=encoding)  # fmt: skip
    (folder / "管线.cpg").unlink(missing_ok=True)
    if cpg is not None:
        (folder / "管线.cpg").write_text(cpg, encoding="ascii")
    target = folder / "管线.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for part in sorted(folder.glob("管线.[scdp]*")):
            archive.write(part, part.name)
    return target


def test_an_archive_with_other_data_beside_its_shapefile_is_refused(tmp_path):
    """They may be lines, and the answer would be taken for one about them too."""
    path = a_shapefile(tmp_path, "UTF-8", cpg="UTF-8")
    with zipfile.ZipFile(path, "a") as packed:
        for harmless in ("README.txt", "管线.shp.xml", "管线.sbn", "说明.pdf", "__MACOSX/._管线.shp"):
            packed.writestr(harmless, b"x")
    assert len(here(path, tmp_path).layers) == 1

    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("燃气.geojson", b"{}")
        packed.writestr("旧图/主图.dwg", b"AC1032")

    with pytest.raises(Invalid, match=r"燃气\.geojson、旧图/主图\.dwg.*DWG 请先转为 DXF"):
        here(path, tmp_path)


def test_a_delivery_with_other_data_beside_its_document_is_refused(shared_data, tmp_path):
    path = tmp_path / "KLIC.zip"
    path.write_bytes((shared_data / "imkl_klic_nl" / "Levering_22O000525_1.zip").read_bytes())
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("brief.pdf", b"x")
        packed.writestr("extra/leiding.gpkg", b"x")

    with pytest.raises(Invalid, match=r"extra/leiding\.gpkg"):
        here(path, tmp_path)


@pytest.mark.parametrize(("encoding", "cpg", "level"), [
    ("GBK", None, "warning"), ("UTF-8", None, "warning"), ("GBK", "936", "info"), ("UTF-8", "UTF-8", "info"),
    ("GBK", "UTF-8", "warning"),
])  # fmt: skip
def test_texts_of_a_shapefile_are_proved_and_never_garbled(tmp_path, encoding, cpg, level):
    found = here(a_shapefile(tmp_path, encoding, cpg=cpg), tmp_path)

    layer = found.layers[0]
    assert list(layer.frame.columns) == ["名称", "材质"]
    assert list(layer.frame["名称"]) == ["给水管线", "污水检查井"]
    assert [(note.code, note.level) for note in found.notes] == [("R26", level)]
    assert layer.crs == "EPSG:4548"


def test_texts_in_no_known_encoding_are_refused(tmp_path):
    archive = a_shapefile(tmp_path, "GBK")
    table = tmp_path / "管线.dbf"
    table.write_bytes(table.read_bytes().replace("给水".encode("gbk"), b"\xff\xff\xff\xfe"))
    with zipfile.ZipFile(archive, "w") as packed:
        for part in sorted(tmp_path.glob("管线.[scdp][hbr]*")):
            packed.write(part, part.name)

    with pytest.raises(Invalid, match="GBK"):
        here(archive, tmp_path)


def test_a_lone_part_of_a_shapefile_is_refused_with_the_remedy(shared_data, tmp_path):
    lone = tmp_path / "gre.shp"
    lone.write_bytes((shared_data / "bad_input" / "misc" / "gre.shp").read_bytes())

    with pytest.raises(Invalid, match="zip"):
        read_feature_files([lone])


def test_shapefiles_of_one_name_in_two_folders_are_told_apart(tmp_path):
    one = a_shapefile(tmp_path, "UTF-8")
    with zipfile.ZipFile(tmp_path / "两区.zip", "w") as both, zipfile.ZipFile(one) as packed:
        for place in ("成果/东区", "成果/西区"):
            for part in packed.namelist():
                both.writestr(f"{place}/{part}", packed.read(part))
        for part in packed.namelist():
            both.writestr(f"成果/东区/{part.replace('管线', '雨水')}", packed.read(part))

    found = here(tmp_path / "两区.zip", tmp_path)

    assert sorted(layer.name for layer in found.layers) == ["东区/管线", "西区/管线", "雨水"]
