"""Text is told by its words, not by being valid: GBK that is UTF-8 by chance, and .cpg files that err."""

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from shapely import LineString

from xzgis.core.errors import Invalid
from xzgis.formats.encoding import decode
from xzgis.formats.features import FeatureFile
from xzgis.formats.shapefile import read_parts
from xzgis.formats.tables import read_tables

BY_CHANCE = "FEATURE,owner,road\n直通,通水,水原路\n"


@pytest.mark.parametrize("codec", ["gbk", "gb18030", "gb2312"])
@pytest.mark.parametrize("text", [BY_CHANCE, "a,b\n1,直通\n", "a,b\n1,水\n2,原水\n"])
def test_gbk_that_is_valid_utf8_by_chance_is_read_as_hanzi(text: str, codec: str) -> None:
    data = text.encode(codec)
    assert data.decode("utf-8"), "else this tests nothing"

    decoded = decode(data, name="a.csv")

    assert (decoded.text, decoded.encoding) == (text, "gb18030")
    assert "罕见字符" in decoded.why.zh


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("size,note\nΦ300,m²\nφ200,±0.05 m\n", id="signs of figures"),
        pytest.param("size\n300×200\nDN100 · 2\n", id="times and dot"),
        pytest.param(
            "owner,road\nStadtwerke Köln,Straße des 17. Juni\nRégie,Île-de-France\n", id="German and French"
        ),
        pytest.param("calle\nPasseig de la Constitució\nPlaça d'Espanya, núm. 3\n", id="Catalan"),
        pytest.param("ulice\nŽďár nad Sázavou\nČeská\n", id="Czech"),
        pytest.param("улица\nМосква\nСанкт-Петербург\n", id="Russian"),
        pytest.param("管径,材质\nΦ300,混凝土\nm²,水\n直通,原\n", id="Chinese"),
        pytest.param("a,b\n1,管线\n2,管线\n", id="two hanzi whose bytes are GB 2312 too"),
        pytest.param("測試,臺灣\n纜線,電信\n", id="traditional"),
        pytest.param("a\nひらがな\n", id="Japanese"),
    ],
)
def test_utf8_stays_utf8(text: str) -> None:
    assert decode(text.encode(), name="a.csv").text == text


def test_what_could_be_either_is_asked_for() -> None:
    with pytest.raises(Invalid, match="指明文字编码"):
        decode("kind,no\n煤,1\n".encode("gbk"), name="a.csv")

    assert decode("kind,no\n煤,1\n".encode("gbk"), name="a.csv", encoding="gbk").text == "kind,no\n煤,1\n"


@pytest.mark.parametrize(
    "text",
    [
        *("id,Φ\n1,300\n", "id,d\n1,Φ 300\n", "id,φ\n1,3\n", "id,α,β\n1,2,3\n", "id,β\n1,2\n", "id,r\n1,Ω\n"),
        *(
            "id,u\n1,°\n",
            "id,u\n1,90°\n",
            "id,u\n1,²\n",
            "id,m²\n1,2\n",
            "id,u\n1,m³/h\n",
            "id,u\n1,± 0.05\n",
        ),
        *(
            "id,u\n1,±0.05\n",
            "id,u\n1,m · s\n",
            "id,u\n1,kN·m\n",
            "id,u\n1,kg/m²·s\n",
            "id,u\n1,µ\n",
            "id,u\n1,×\n",
            "id,u\n1,㎡\n",
        ),
        *("№,u\n1,2\n", "id,r\n1,Café\n", "id,r\n1,Île\n", "id,Δh,δ,λ\n1,2,3,4\n", "id,price\n1,¥100\n"),
    ],
)
def test_survey_signs_in_utf8_are_neither_rewritten_nor_refused(text: str) -> None:
    assert decode(text.encode(), name="a.csv").text == text
    assert decode(text.encode("utf-8-sig"), name="a.csv").text.lstrip("\ufeff") == text


SHORT = (
    "104路",
    "A路",
    "K1路",
    "B楼",
    "PE煤",
    "PE毛",
    "pipe煤",
    "3鲁",
    "2路A",
    "路",
    "G104路 (south)",
    "魏楼",
    "陆楼",
    "未",
)


@pytest.mark.parametrize("cell", SHORT)
def test_few_hanzi_that_are_utf8_signs_are_asked_for(cell: str) -> None:
    data = f"id,road\n1,{cell}\n".encode("gbk")

    with pytest.raises(Invalid, match="请指明文字编码"):
        decode(data, name="a.csv")
    assert decode(data, name="a.csv", encoding="gb18030").text == data.decode("gbk")
    marked = b"\xef\xbb\xbf" + data
    assert decode(marked, name="a.csv").encoding == "utf-8-sig"


@pytest.mark.parametrize(
    ("codec", "other"), [("gbk", "管线点表"), ("utf-8", "管线点表"), ("utf-8", "Φ300 m²")]
)
def test_the_other_table_of_a_delivery_settles_it(tmp_path: Path, codec: str, other: str) -> None:
    cell = "104路" if codec == "gbk" else "104·"
    lines, points, plain = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"
    lines.write_bytes(f"id,road\n1,{cell}\n".encode(codec))
    points.write_bytes(f"id,kind\n1,{other}\n".encode(codec))
    plain.write_bytes(b"id,kind\n1,2\n")

    first, second, _ = read_tables([lines, points, plain])

    assert (first.file, first.frame["road"].tolist()) == ("a.csv", [cell])
    assert second.frame["kind"].tolist() == [other]
    assert first.encoding_why is not None
    assert "b.csv" in first.encoding_why.zh
    with pytest.raises(Invalid, match="请指明文字编码"):
        read_tables([lines, plain])


def shapefile(folder: Path, written_in: str, cpg: str | None, road: str = "解放路") -> FeatureFile:
    """A shapefile whose texts are written in one encoding, and whose .cpg says another or none."""
    frame = gpd.GeoDataFrame({"road": [road]}, geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:4548")
    pyogrio.write_dataframe(frame, folder / "a.shp", encoding=written_in)
    (folder / "a.cpg").unlink(missing_ok=True)
    if cpg is not None:
        (folder / "a.cpg").write_text(cpg, encoding="ascii")
    work = folder / "work"
    work.mkdir()
    return read_parts([part for part in folder.iterdir() if part.stem == "a"], file="a.zip", work=work)


@pytest.mark.parametrize(
    ("written_in", "cpg", "road", "level"),
    [
        ("GBK", "ISO-8859-1", "解放路", "warning"),
        ("GBK", "1252", "解放路", "warning"),
        ("GBK", "ISO 88591", "解放路", "warning"),
        ("GBK", "rot13", "解放路", "warning"),
        ("GBK", "hex", "解放路", "warning"),
        ("GBK", None, "直通", "warning"),
        ("UTF-8", "GBK", "解放路", "warning"),
        ("UTF-8", "1252", "解放路", "warning"),
        ("UTF-8", "1252", "Größe", "warning"),
        ("UTF-8", None, "解放路", "warning"),
        ("UTF-8", "UTF-8", "解放路", "info"),
        ("UTF-8", "UTF-8", "Øvre é", "info"),
        ("UTF-8", "UTF-8", "Φ", "info"),
        ("UTF-8", "UTF-8", "α", "info"),
        ("UTF-8", "UTF-8", "·", "info"),
        ("UTF-8", None, "Φ", "warning"),
        ("GBK", "GBK", "104路", "info"),
        ("GBK", "GBK", "直通", "info"),
        ("GBK", "936", "解放路", "info"),
        ("ISO-8859-1", "ISO-8859-1", "Straße", "info"),
        ("CP1252", "1252", "Régie de l’eau", "info"),
        ("CP1250", "1250", "Žďár nad Sázavou", "info"),
        ("BIG5", "Big5", "臺北路", "info"),
    ],
)
def test_the_words_of_a_shapefile_speak_louder_than_its_cpg(tmp_path, written_in, cpg, road, level) -> None:
    found = shapefile(tmp_path, written_in, cpg, road)

    assert found.layers[0].frame["road"].tolist() == [road]
    assert [note.level for note in found.notes if note.code == "R26"] == [level]


def test_utf7_is_no_encoding_of_a_delivery(tmp_path) -> None:
    found = shapefile(tmp_path, "UTF-8", "utf-7", "a+AHs-b")

    assert found.layers[0].frame["road"].tolist() == ["a+AHs-b"]


def test_a_cpg_against_the_words_themselves_is_asked_for(tmp_path) -> None:
    with pytest.raises(Invalid, match="cpg"):
        shapefile(tmp_path, "GBK", "UTF-8", "直通")


@pytest.mark.parametrize("cpg", [None, "1252"])
def test_a_short_text_of_a_shapefile_is_asked_for(tmp_path, cpg) -> None:
    with pytest.raises(Invalid, match=r"\.cpg"):
        shapefile(tmp_path, "GBK", cpg, "104路")


def test_the_other_shapefile_of_a_delivery_settles_it(tmp_path) -> None:
    for stem, road in (("a", "104路"), ("b", "解放路")):
        frame = gpd.GeoDataFrame({"road": [road]}, geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:4548")
        pyogrio.write_dataframe(frame, tmp_path / f"{stem}.shp", encoding="GBK")
        (tmp_path / f"{stem}.cpg").unlink(missing_ok=True)
    parts = list(tmp_path.iterdir())
    (tmp_path / "work").mkdir()

    found = read_parts(parts, file="a.zip", work=tmp_path / "work")

    assert [layer.frame["road"].tolist() for layer in found.layers] == [["104路"], ["解放路"]]
    told = [note for note in found.notes if note.code == "R26" and note.layer == "a"]
    assert [note.level for note in told] == ["warning"]
    assert "b.dbf" in told[0].words.zh
