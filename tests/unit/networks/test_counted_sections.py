"""Two figures are width and height only where they can be; a width alone has no height. Tables and layers alike."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.networks.test_two_paths import GROUND_M, PATHS, drawn
from tests.unit.networks.test_whole_sizes import DEPTH_M, a_row, bounds_mm, told
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")


@PATHS
@pytest.mark.parametrize(
    ("kind", "section", "burial", "one_mm", "count"),
    [
        ("电信", "12X110", "管块", 110, 12), ("电信", "4×110", "管块", 110, 4), ("电信", "2X110", "管埋", 110, 2),
        ("电信", "110X36", "管块", 110, 36), ("电信", "100X24", "管块", 100, 24), ("电力", "12X150", "管块", 150, 12),
        ("电力", "24X110", "", 110, 24), ("电信", "12X110mm", "管块", 110, 12), ("电信", "6X100", "直埋", 100, 6),
    ],
)  # fmt: skip
def test_a_count_and_a_diameter_are_so_many_ducts(tmp_path, read, kind, section, burial, one_mm, count):
    found = read(tmp_path, kind, [a_row(section, burial)])

    least, most = bounds_mm(found)
    assert least <= one_mm
    assert most >= min(count * one_mm * 1.1, 4990)
    np.testing.assert_allclose(found.vertices.crown_m, GROUND_M - DEPTH_M)
    assert np.isnan(found.vertices.bottom_m).all()
    assert [(one.code, one.value) for one in told(found)] == [("R04", section)]


@PATHS
@pytest.mark.parametrize(
    ("kind", "section", "burial", "more"),
    [
        pytest.param("电信", "60X40", "管块", {}, id="centimetres or forty ducts"),
        pytest.param("电力", "60X40", "管沟", {}, id="a channel in centimetres"),
        pytest.param("电力", "40X80", "", {}, id="of unknown burial"),
        pytest.param("电力", "3X240", "直埋", {"电压": "10kV"}, id="cores and mm² of a cable"),
        pytest.param("电信", "200X100", "管块", {"总孔数": 8, "D_DIA": 100}, id="8 holes of 100"),
        pytest.param("电信", "200X100", "管块", {"管孔排列": "4X5", "D_DIA": 50}, id="20 holes of 50"),
        pytest.param("电信", "60X40", "管块", {"总孔数": 8}, id="8 holes in 60 X 40 mm"),
        pytest.param("电信", "300X60", "管块", {"总孔数": 2, "D_DIA": 100}, id="lower than one hole"),
    ],
)
def test_what_can_be_no_size_is_asked_about_and_unknown(tmp_path, read, kind, section, burial, more):
    found = read(tmp_path, kind, [a_row(section, burial, **more)])

    for name in ("nominal_width_mm", "outer_width_mm", "outer_height_mm"):
        assert found.lines[name].isna().all()
    (one,) = told(found)
    assert (one.field, one.value, one.level) == ("section", section, "warning")
    assert one.remedy.zh


@PATHS
@pytest.mark.parametrize(
    ("kind", "section", "burial", "more", "sides"),
    [
        pytest.param("电力", "60X30", "管块", {"总孔数": 2}, (60, 30), id="a small block and its two holes"),
        pytest.param("电力", "150X75", "管块", {"总孔数": 2, "D_DIA": 75}, (150, 75), id="two holes of 75"),
        pytest.param("电信", "60X40mm", "管块", {}, (60, 40), id="the unit is told"),
        pytest.param("电信", "60X40cm", "管块", {}, (600, 400), id="centimetres told"),
        pytest.param("电信", "600X400", "管块", {"总孔数": 12}, (600, 400), id="a block"),
        pytest.param("电力", "900X1000", "管沟", {"电缆条数": 6}, (900, 1000), id="a channel and its cables"),
    ],
)
def test_width_and_height_that_can_be_stay(tmp_path, read, kind, section, burial, more, sides):
    found = read(tmp_path, kind, [a_row(section, burial, **more)])

    assert tuple(found.lines[f"nominal_{side}_mm"][0] for side in ("width", "height")) == sides
    assert found.lines["shape"].tolist() == ["rectangle"]
    assert told(found) == []


def boxed(folder: Path, **more: Any):
    return drawn(
        folder, "污水", [{key: value for key, value in (a_row("", "") | more).items() if value != ""}]
    )


@pytest.mark.parametrize(
    "more",
    [{"shape": "矩形", "宽": 1000}, {"shape": "矩形", "宽": 1000, "高": 0}, {"埋设方式": "管沟", "宽": 1000}],
    ids=json.dumps,
)
def test_a_width_alone_gives_no_height(tmp_path, more):
    found = boxed(tmp_path, **more)

    assert found.lines["nominal_width_mm"].tolist() == [1000.0]
    assert found.lines["outer_width_mm"][0] > 1000
    assert found.lines[["nominal_height_mm", "outer_height_mm"]].isna().all(axis=None)
    assert np.isnan(found.vertices.crown_m).all()
    assert np.isfinite(found.vertices.bottom_m).all()
    assert [(one.field, one.value) for one in told(found)] == [("width_mm", "1000")]


@pytest.mark.parametrize("more", [{"管径": "1000"}, {"diameter_mm": 1000}], ids=json.dumps)
def test_one_figure_of_a_box_is_no_size(tmp_path, more):
    found = boxed(tmp_path, shape="矩形", **more)

    assert found.lines[["nominal_width_mm", "outer_width_mm", "outer_height_mm"]].isna().all(axis=None)
    assert [one.value for one in told(found)] == ["1000"]


def test_a_width_and_a_height_of_their_own_columns_are_no_count(tmp_path):
    found = drawn(tmp_path, "电信", [a_row("", "管块", 宽=300, 高=40, D_DIA=30, 总孔数=8)])

    assert found.lines["nominal_height_mm"].tolist() == [40.0]
    assert told(found) == []


def doubted(found: Delivery) -> list[str | None]:
    return [one.value for one in found.findings if one.code == "R54"]


@PATHS
@pytest.mark.parametrize(
    ("kind", "burial"), [("电信", "管块"), ("电力", "管埋"), ("电力", ""), ("电信", "直埋")]
)
@pytest.mark.parametrize("sections", [["100X80"], ["100X80"] * 4, ["60X60"], ["120X100", "600X600"]], ids=str)
def test_blocks_that_may_be_in_centimetres_are_asked_about(tmp_path, read, kind, burial, sections):
    found = read(tmp_path, kind, [a_row(one, burial) for one in sections])

    # Of a few sound blocks beside a small one the median is not below the least.
    small = [one != "600X600" for one in sections]
    believed = "600X600" in sections
    assert found.lines["outer_height_mm"].isna().tolist() == [one and not believed for one in small]
    assert doubted(found) == ([] if believed else sections[:1])


@PATHS
def test_a_block_below_any_duct_is_asked_about_beside_sound_ones(tmp_path, read):
    found = read(tmp_path, "电信", [a_row(one, "管块") for one in ("60X60", "600X600", "600X400")])

    assert found.lines["outer_height_mm"].isna().tolist() == [True, False, False]
    assert [one.value for one in told(found)] == ["60X60"]


@PATHS
@pytest.mark.parametrize(
    ("section", "more"),
    [
        pytest.param("100X80mm", {}, id="the unit is told"),
        pytest.param("108X108", {"总孔数": 9}, id="nine holes of a lattice duct"),
        pytest.param("60X60", {"总孔数": 4}, id="four small holes"),
        pytest.param("150X150", {}, id="one duct and its concrete"),
    ],
)
def test_small_blocks_that_can_be_are_believed(tmp_path, read, section, more):
    found = read(tmp_path, "电信", [a_row(section, "管块", **more)])

    assert found.lines["outer_height_mm"].notna().all()
    assert (doubted(found), told(found)) == ([], [])


@PATHS
def test_a_block_with_too_little_room_for_its_holes_may_be_in_centimetres(tmp_path, read):
    found = read(tmp_path, "电信", [a_row("100X80", "管块", 总孔数=12)])

    assert found.lines["outer_height_mm"].isna().all()
    assert doubted(found) == ["100X80"]
