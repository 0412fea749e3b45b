"""One figure of a channel, of a block or of several cables is not the size of the whole; tables and layers alike."""

import numpy as np
import pandas as pd
import pytest

from tests.unit.networks.test_two_paths import DEPTHS, GROUND_M, INVERTS, PATHS, both, drawn, surveyed
from xzgis.networks.rules.hole_counts import counts_of_layouts
from xzgis.networks.terms import Delivery, IntakeFinding

pytestmark = pytest.mark.usefixtures("read_here")

DEPTH_M = 1.8


def a_row(section: object, burial: str, **more: object) -> dict[str, object]:
    return {"管径": section, "材质": "", "埋设方式": burial, **more, **both(DEPTH_M, DEPTHS)}


def bounds_mm(found: Delivery, side: str = "height") -> tuple[float, float]:
    outer, spread = (found.lines[name][0] for name in (f"outer_{side}_mm", "outer_spread_mm"))
    return outer - spread, outer + spread


def told(found: Delivery) -> list[IntakeFinding]:
    return [one for one in found.findings if one.code == "R04"]


@PATHS
@pytest.mark.parametrize("section", ["DN300", "300", "De315", "ID300", "D325×8"])
def test_a_pipe_in_a_channel_is_no_size_of_the_channel(tmp_path, read, section):
    found = read(tmp_path, "热力", [a_row(section, "管沟", 材质="钢")])

    for name in ("outer_width_mm", "outer_height_mm"):
        assert found.lines[name].isna().all()
    assert found.lines["outer_spread_mm"].tolist() == [0.0]
    # Measured to the inner bottom: a wall of 200 mm lies below it, and nobody knows how high the channel is.
    np.testing.assert_allclose(found.vertices.bottom_m, GROUND_M - DEPTH_M - 0.2)
    assert np.isnan(found.vertices.crown_m).all()
    (one,) = told(found)
    assert (one.level, one.value, one.row) == ("warning", section, 2 if one.file.endswith("csv") else 1)
    assert "管沟" in one.words.zh
    assert "1200X1000" in one.remedy.zh


@PATHS
@pytest.mark.parametrize("section", ["1200X1000", "1000X1000"])
def test_width_and_height_of_a_channel_are_its_size(tmp_path, read, section):
    found = read(tmp_path, "热力", [a_row(section, "管沟", 材质="钢")])

    np.testing.assert_allclose(found.vertices.crown_m, GROUND_M - DEPTH_M + 1.0 + 0.2)
    assert told(found) == []


def test_a_channel_itself_told_by_one_figure_has_no_height(tmp_path):
    found = surveyed(tmp_path, "电缆沟", [a_row("1000", "")])

    assert found.lines["kind"].tolist() == ["trench"]
    assert found.lines["outer_height_mm"].isna().all()
    assert np.isnan(found.vertices.crown_m).all()


@PATHS
@pytest.mark.parametrize("more", [{}, {"总孔数": 1}, {"电缆条数": 4}], ids=str)
def test_one_figure_of_a_block_without_its_holes_is_no_size(tmp_path, read, more):
    found = read(tmp_path, "电信", [a_row("110", "管块", **more)])

    assert found.lines["outer_width_mm"].isna().all()
    assert np.isnan(found.vertices.bottom_m).all()
    np.testing.assert_allclose(found.vertices.crown_m, GROUND_M - DEPTH_M)
    (one,) = told(found)
    assert one.value == "110"
    assert "总孔数" in one.remedy.zh


@PATHS
def test_the_layout_of_holes_counts_them(tmp_path, read):
    by_layout, by_count = (
        read(tmp_path, "电信", [a_row("110", "管块", **more)])
        for more in ({"管孔排列": "3X4"}, {"总孔数": 12})
    )

    assert by_layout.lines["holes_total"].tolist() == [12.0]
    assert bounds_mm(by_layout) == bounds_mm(by_count)
    assert bounds_mm(by_layout)[1] > 12 * 110


@PATHS
@pytest.mark.parametrize(
    ("kind", "section", "more", "most_mm"),
    [
        pytest.param(
            "电力", "40", {"电缆条数": 6, "电压": "10kV"}, 6 * (44 + 100), id="six cables, 100 mm apart"
        ),
        pytest.param(
            "电力", "40", {"电缆条数": 6, "电压": "35kV"}, 6 * (44 + 250), id="of 35 kV, 250 mm apart"
        ),
        pytest.param("电力", "40", {"电缆条数": 6}, 6 * (44 + 250), id="of unknown voltage"),
        pytest.param("电信", "10", {"光缆条数": 4}, 4 * (11 + 100), id="optical cables"),
        pytest.param("热力", "DN500", {"根数": 2}, 2 * (1.1 * 650 + 300) + 300, id="twin mains"),
    ],
)
def test_several_cables_in_the_ground_lie_between_one_and_all_in_a_row(
    tmp_path, read, kind, section, more, most_mm
):
    found = read(tmp_path, kind, [a_row(section, "直埋", **more)])

    figure, (least, most) = float(section.removeprefix("DN")), bounds_mm(found, "width")
    # The least is one of them, a main of steel with its insulation.
    assert figure * 0.999 <= least <= figure * 1.15
    assert most == pytest.approx(most_mm, rel=0.1)
    np.testing.assert_allclose(found.vertices.crown_m, GROUND_M - DEPTH_M)
    assert np.isnan(found.vertices.bottom_m).all()
    assert [one.value for one in told(found)] == [section]


@PATHS
@pytest.mark.parametrize(
    ("burial", "more"),
    [
        pytest.param("直埋", {"电缆条数": 1}, id="one cable"),
        pytest.param("直埋", {"电缆条数": 0}, id="none counted"),
        pytest.param("管埋", {"电缆条数": 2, "总孔数": 1}, id="two cables in one conduit"),
    ],
)
def test_one_cable_or_conduit_stays_one(tmp_path, read, burial, more):
    found = read(tmp_path, "电力", [a_row("50", burial, **more)])

    assert bounds_mm(found) == (40.0, 60.0)
    assert told(found) == []


@PATHS
@pytest.mark.parametrize("burial", ["管沟", "管块", "管埋", ""])
def test_the_diameter_of_a_cable_is_no_size_of_what_holds_it(tmp_path, read, burial):
    found = read(tmp_path, "电力", [a_row("", burial, D_DIA=60)])

    for name in ("nominal_width_mm", "outer_width_mm"):
        assert found.lines[name].isna().all()
    of_layers = [(one.field, one.value) for one in told(found)]
    assert of_layers == ([] if found.intake == "cn_survey" else [("cable_diameter_mm", "60")])


def test_the_diameters_of_cables_in_the_ground_are_theirs(tmp_path):
    one, six = (
        drawn(tmp_path, "电力", [a_row("", "直埋", D_DIA=60, **more)]) for more in ({}, {"电缆条数": 6})
    )

    assert bounds_mm(one) == (50.0, 70.0)
    assert bounds_mm(six)[1] > 6 * 60


def test_layouts_are_read_as_they_are_written() -> None:
    texts = ["3X4", "3×4", "3*4", "３x４", "3行X4列", "1X2", "0X4", "12", "3X4X2", "", None]

    found = counts_of_layouts(pd.Series(texts, dtype=object))

    np.testing.assert_array_equal(found, [12, 12, 12, 12, 12, 2, *[np.nan] * 5])


TUNNELS = ["综合管廊", "小通道", "人防"]


@PATHS
@pytest.mark.parametrize("burial", TUNNELS)
def test_a_pipe_in_a_tunnel_is_no_size_of_the_tunnel(tmp_path, read, burial):
    found = read(tmp_path, "热力", [a_row("DN300", burial, 材质="钢")])

    for name in ("outer_width_mm", "outer_height_mm"):
        assert found.lines[name].isna().all()
    # Nobody says whether the depth goes to the pipe or to the floor.
    assert np.isnan(found.vertices.crown_m).all()
    assert np.isnan(found.vertices.bottom_m).all()
    (one,) = told(found)
    assert (one.level, one.value) == ("warning", "DN300")
    assert "管廊" in one.words.zh
    assert "3000X2500" in one.remedy.zh


@PATHS
@pytest.mark.parametrize(("burial", "wall_mm"), [("综合管廊", 350), ("小通道", 200), ("人防", 350)])
def test_the_levels_of_a_tunnel_hold_both_readings_of_its_depth(tmp_path, read, burial, wall_mm):
    found = read(tmp_path, "热力", [a_row("2000X2200", burial, 材质="钢")])

    high_m, wall_m = 2.2, wall_mm / 1000
    # To the outer top, as of a heat main, or to the inner bottom, as of a channel.
    np.testing.assert_allclose(found.vertices.crown_m, GROUND_M - DEPTH_M + high_m + wall_m)
    np.testing.assert_allclose(found.vertices.bottom_m, GROUND_M - DEPTH_M - high_m - 2 * wall_m)
    assert found.lines["outer_height_mm"].tolist() == [2200 + 2 * wall_mm]
    assert told(found) == []


@PATHS
def test_a_level_of_the_bottom_of_a_tunnel_is_that_of_its_bottom(tmp_path, read):
    row = {"管径": "DN300", "材质": "钢", "埋设方式": "综合管廊"} | both(27.0, INVERTS)

    found = read(tmp_path, "热力", [row])

    assert np.isnan(found.vertices.crown_m).all()
    np.testing.assert_allclose(found.vertices.bottom_m, 27.0 - 0.35)


@PATHS
def test_a_tunnel_of_its_own_kind_is_measured_to_its_outer_top(tmp_path, read):
    found = read(tmp_path, "综合管廊", [a_row("3000X2800", "综合管廊")])

    np.testing.assert_allclose(found.vertices.crown_m, GROUND_M - DEPTH_M)
    np.testing.assert_allclose(found.vertices.bottom_m, GROUND_M - DEPTH_M - 3.5)
