"""Names of layers, sheets, files and kinds that tell the burial: 燃气定向钻, 电力管块, 管类=热力地沟 (0093)."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely

from xzgis.catalogue.files import catalogue
from xzgis.formats.feature_files import read_one
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.proposed_mapping import propose_mapping
from xzgis.networks.rules.survey import SurveyOptions
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

EAST_M, NORTH_M, GROUND_M, DEPTH_M = 517800.1, 3793900.2, 30.0, 1.8
ROW = {"起点埋深": DEPTH_M, "终点埋深": DEPTH_M, "管径": "200"}
POINTS = "物探点号", "X", "Y", "地面高程"


def tables(folder: Path, name: str, length_m: float = 20.0, **more: str) -> Delivery:
    """One line in two tables whose files carry ``name``."""
    row = {"起点点号": "A", "终点点号": "B", **ROW, **more}
    points = [f"{no},{NORTH_M + at},{EAST_M},{GROUND_M}" for no, at in (("A", 0.0), ("B", length_m))]
    texts = {"POINT": [",".join(POINTS), *points], "LINE": [",".join(row), ",".join(map(str, row.values()))]}
    paths = [folder / f"{name}{role}.csv" for role in texts]
    for path, lines in zip(paths, texts.values(), strict=True):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_survey(paths, catalogue=catalogue())


def layer(folder: Path, name: str, length_m: float = 20.0, file: str = "", **more: str) -> Delivery:
    """The same line in a layer called ``name``: of a GeoJSON file called so, or of the GeoPackage ``file``."""
    line = shapely.LineString([(EAST_M, NORTH_M), (EAST_M, NORTH_M + length_m)])
    columns = {head: [told] for head, told in {**ROW, **more, "ground_m": GROUND_M}.items()}
    path = folder / (f"{file}.gpkg" if file else f"{name}.geojson")
    frame = gpd.GeoDataFrame(columns, geometry=[line], crs="EPSG:4548")
    frame.to_file(path, layer=name, driver="GPKG" if file else "GeoJSON")
    read = read_one([path], file=path.name, format_="geopackage" if file else "geojson", work=folder)
    return deliver([read], propose_mapping([read], catalogue()), Placing(), catalogue())


PATHS = pytest.mark.parametrize("read", [tables, layer])


def is_level(found: Delivery) -> bool:
    return bool(np.isfinite(found.vertices.crown_m).all() and np.isfinite(found.vertices.bottom_m).all())


def named(found: Delivery, code: str, name: str) -> bool:
    """Whether a finding ``code`` gives the name as its value, and the burial as the field that mends it."""
    return any(
        one.code == code and one.field == "burial" and name in str(one.value) for one in found.findings
    )


@PATHS
@pytest.mark.parametrize("burial", ["", "直埋", "管埋"])
@pytest.mark.parametrize(
    "name", ["燃气定向钻", "燃气_拖拉管", "给水倒虹", "给水过河管", "污水倒虹管", "电力拉管", "gas_hdd"]
)
def test_a_name_that_says_drilled_leaves_no_straight_level(
    tmp_path: Path, read: type, name: str, burial: str
) -> None:
    found = read(tmp_path, name, 埋设方式=burial)

    assert not is_level(found)
    assert found.lines["outer_width_mm"].notna().all()
    assert named(found, "R58", name)


@PATHS
@pytest.mark.parametrize("burial", ["", "直埋"])
@pytest.mark.parametrize("name", ["电力管块", "通信管块", "电力排管", "热力地沟", "电力隧道"])
def test_one_figure_under_the_name_of_a_structure_is_no_outer_size(
    tmp_path: Path, read: type, name: str, burial: str
) -> None:
    found = read(tmp_path, name, 埋设方式=burial)

    assert found.lines["outer_width_mm"].isna().all()
    assert not is_level(found)
    assert found.lines["burial"].isna().all()
    assert named(found, "R04", name)


@PATHS
def test_a_block_of_known_size_keeps_its_levels_and_one_of_known_count_its_bounds(
    tmp_path: Path, read: type
) -> None:
    """In a block nothing but the size is open; a channel may be measured to its bottom, and its course is not known."""
    block = read(tmp_path, "电力管块", 管径="600X400")
    counted = read(tmp_path, "通信管块", 管径="110", 总孔数="12")
    channel = read(tmp_path, "热力地沟", 管径="1200X1000")

    np.testing.assert_allclose(block.vertices.crown_m, GROUND_M - DEPTH_M)
    assert is_level(block)
    assert counted.lines["outer_width_mm"].notna().all()
    assert not is_level(channel)
    assert named(channel, "R59", "热力地沟")


@PATHS
def test_a_conduit_under_the_name_of_a_block_is_one_of_its_ducts(tmp_path: Path, read: type) -> None:
    found = read(tmp_path, "电力管块", 埋设方式="管埋")

    assert found.lines["burial"].tolist() == ["conduit"]
    assert found.lines["outer_width_mm"].isna().all()


@PATHS
@pytest.mark.parametrize(
    ("name", "burial", "token"),
    [
        pytest.param("燃气非开挖", "顶管", "jacked", id="jacked"),
        pytest.param("燃气定向钻直埋", "直埋", "direct_buried", id="a name of both"),
        pytest.param("燃气未定向钻", "直埋", "direct_buried", id="denied"),
        pytest.param("燃气定向钻公司", "直埋", "direct_buried", id="a firm"),
        pytest.param("燃气定向钻施工队", "直埋", "direct_buried", id="a crew"),
        pytest.param("热力地沟开挖", "直埋", "direct_buried", id="a trench that was dug"),
        pytest.param("牵引变电所电力电缆", "直埋", "direct_buried", id="a railway"),
        pytest.param("给水下穿铁路", "管埋", "pipe_buried", id="water going under"),
        pytest.param("燃气管线点线表", "", None, id="a name of lines and points"),
    ],
)
def test_a_row_that_is_understood_and_other_words_stand(
    tmp_path: Path, read: type, name: str, burial: str, token: str | None
) -> None:
    found = read(tmp_path, name, 埋设方式=burial)

    assert found.lines["burial"].fillna("").tolist() == [token or ""]
    assert is_level(found)
    assert not any(one.code in ("R58", "R59") for one in found.findings)


@PATHS
def test_within_5_m_a_rod_does_not_bend_and_a_siphon_does(tmp_path: Path, read: type) -> None:
    assert is_level(read(tmp_path, "燃气定向钻", 4.0))
    assert not is_level(read(tmp_path, "给水倒虹", 4.0))


@PATHS
@pytest.mark.parametrize(
    ("name", "section", "is_whole"),
    [("雨水方沟", "2000", False), ("雨水方沟", "2000X1500", True), ("雨水箱涵", "2000", False)],
)
def test_the_box_of_a_sewer_is_known_by_width_and_height(
    tmp_path: Path, read: type, name: str, section: str, is_whole: bool
) -> None:
    found = read(tmp_path, name, 管径=section)

    assert is_level(found) == is_whole
    # Its invert is the same in both readings.
    assert np.isfinite(found.vertices.bottom_m).all()
    assert named(found, "R04", name) != is_whole


def test_the_nearest_name_decides(tmp_path: Path) -> None:
    """A layer of plain pipes in a file of drilled ones, and a plain layer whose file says it."""
    assert is_level(layer(tmp_path, "燃气直埋", file="燃气定向钻"))
    assert not is_level(layer(tmp_path, "燃气", file="燃气定向钻"))


@pytest.mark.parametrize(
    "file", ["综合管沟成果", "中山路隧道工程", "隧道工程", "市政箱涵改造", "管线点表", "地下管沟普查"]
)
def test_the_file_of_a_project_says_nothing_of_its_lines(tmp_path: Path, file: str) -> None:
    assert is_level(layer(tmp_path, "给水", file=file))
    assert is_level(layer(tmp_path, file, 管类="给水"))


def test_a_layer_of_tunnels_opens_what_tells_no_burial(tmp_path: Path) -> None:
    """What is direct buried lies in no tunnel, and a tunnel is not in itself."""
    assert not is_level(layer(tmp_path, "综合管沟", file="a", 管类="给水"))
    assert is_level(layer(tmp_path, "综合管沟", file="b", 管类="给水", 埋设方式="直埋"))
    assert is_level(layer(tmp_path, "综合管沟", file="c", 管类="综合管沟", 管径="3000X2500"))


@pytest.mark.parametrize(
    ("head", "text", "is_whole"),
    [
        ("管类", "热力地沟", False), ("小类", "热力管沟", False), ("layer", "热力地沟", False), ("管线类型", "热力隧道", False),
        ("井盖类型", "管沟", True), ("道路名称", "地沟路", True), ("备注", "近管沟", True),
    ],
)  # fmt: skip
def test_a_column_that_nobody_reads_may_name_the_line(
    tmp_path: Path, head: str, text: str, is_whole: bool
) -> None:
    assert is_level(layer(tmp_path, "lines", **{head: text})) == is_whole


@pytest.mark.parametrize(
    ("kind", "told", "code"), [("gas", "燃气定向钻", "R58"), ("heat", "热力管沟", "R04")]
)
def test_the_kind_of_a_row_says_it(tmp_path: Path, kind: str, told: str, code: str) -> None:
    tables(tmp_path, "成果", 管线代码=told)
    options = SurveyOptions(code_kinds={told: kind})

    found = read_survey(sorted(tmp_path.glob("*.csv")), catalogue=catalogue(), options=options)

    assert found.lines["kind"].tolist() == [kind]
    assert not is_level(found)
    assert named(found, code, told)


@pytest.mark.parametrize(
    ("sheet", "is_whole"), [("电力排管", False), ("电力", True), ("电力拉管", False), ("电力线表", True)]
)
def test_a_sheet_says_it(tmp_path: Path, sheet: str, is_whole: bool) -> None:
    row = {"起点点号": "A", "终点点号": "B", **ROW, "管线代码": "DL"}
    book = openpyxl.Workbook()
    points, lines = book.active, book.create_sheet(sheet)
    points.title = "管点"
    for one in (POINTS, ("A", NORTH_M, EAST_M, GROUND_M), ("B", NORTH_M + 20, EAST_M, GROUND_M)):
        points.append(one)
    for one in (tuple(row), tuple(row.values())):
        lines.append(one)
    book.save(tmp_path / "成果.xlsx")

    found = read_survey([tmp_path / "成果.xlsx"], catalogue=catalogue())

    assert is_level(found) == is_whole


@pytest.mark.parametrize(
    ("title", "is_whole"),
    [
        ("燃气定向钻管线成果表", False), ("表3 燃气拖拉管管线成果表（2021年）", False), ("燃气管线成果表", True),
        ("工程名称：中山路定向钻工程", True), ("埋设方式：直埋、管块、管沟、定向钻", True), ("某某定向钻公司管线成果表", True),
    ],
)  # fmt: skip
def test_the_title_of_a_table_says_it(tmp_path: Path, title: str, is_whole: bool) -> None:
    tables(tmp_path, "成果", 管线代码="RQ")
    path = tmp_path / "成果LINE.csv"
    path.write_text(f"{title}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")

    found = read_survey(sorted(tmp_path.glob("*.csv")), catalogue=catalogue())

    assert is_level(found) == is_whole
