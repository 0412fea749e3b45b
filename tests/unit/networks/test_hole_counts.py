"""Counts of holes and layouts in the words of crews; told and not understood, one figure is no size of the whole (0092)."""

import numpy as np
import pandas as pd
import pytest

from tests.unit.networks.test_two_paths import PATHS
from tests.unit.networks.test_whole_sizes import a_row, bounds_mm, told
from xzgis.networks.rules.hole_counts import counts_of_layouts, parse_holes

pytestmark = pytest.mark.usefixtures("read_here")

HEADS = [
    "管孔数",
    "管孔总数",
    "总管孔数",
    "孔数量",
    "孔数(总/用)",
    "总孔数/已用孔数",
    "管孔",
    "总孔",
    "孔位数",
    "HOLES",
]


def assert_open(found, text):
    """The size is unknown, and one warning quotes the counts."""
    assert found.lines["outer_width_mm"].isna().all()
    assert [(one.level, one.value) for one in told(found)] == [("warning", text)]


@PATHS
@pytest.mark.parametrize("head", HEADS)
def test_every_head_of_a_count_of_holes_is_read(tmp_path, read, head):
    found = read(tmp_path, "电信", [a_row("110", "管埋", **{head: "12"})])

    assert found.lines["holes_total"].tolist() == [12.0]
    assert bounds_mm(found)[1] > 4 * 110


@PATHS
@pytest.mark.parametrize("count", ["12/4", "12(4)", "3X4", "12孔", "12.0"])
def test_a_count_is_read_as_it_is_written(tmp_path, read, count):
    found = read(tmp_path, "电信", [a_row("110", "管埋", 总孔数=count)])

    assert found.lines["holes_total"].tolist() == [12.0]
    assert np.isfinite(bounds_mm(found)).all()


@PATHS
@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("总孔数", "12+2"),
        ("总孔数", "7孔梅花管"),
        ("总孔数", "4/12"),
        ("管孔排列", "4-3"),
        ("管孔排列", "上3下4"),
        ("管孔排列", "3X4+2"),
        ("管孔排列", "2*(3X4)"),
        ("管孔排列", "双排"),
        ("电缆条数", "3/12"),
        ("条数", "3+1"),
    ],
)
def test_a_count_nobody_understands_is_no_single_duct(tmp_path, read, head, text):
    found = read(tmp_path, "电信", [a_row("110", "管埋", **{head: text})])

    for name in ("outer_width_mm", "outer_height_mm"):
        assert found.lines[name].isna().all()
    assert np.isnan(found.vertices.bottom_m).all()
    (one,) = told(found)
    assert (one.level, one.value) == ("warning", text)
    assert text in one.words.zh
    assert "3X4" in one.remedy.zh


@PATHS
@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"总孔数": 4, "管孔排列": "3X4"}, "4 / 12"),
        ({"总孔数": 12, "管孔排列": "3X3"}, "12 / 9"),
        ({"孔数": 4, "管孔总数": 12}, "4 / 12"),
        ({"HOLES": 4, "管孔总数": "12孔"}, "4 / 12"),
        ({"管孔总数": 4, "已用孔数": 12}, "4 / 12"),
    ],
    ids=str,
)
def test_a_count_that_another_column_contradicts_is_open(tmp_path, read, more, text):
    found = read(tmp_path, "电信", [a_row("110", "管块", **more)])

    assert_open(found, text)


@PATHS
@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"孔数": 1, "管孔总数": 12}, "1 / 12"),
        ({"总孔数": 1, "管孔总数": "3X4"}, "1 / 12"),
        ({"总孔数": 1, "已用孔数": 12}, "1 / 12"),
        ({"总孔数": "", "已用孔数": 12}, "? / 12"),
        ({"已用孔数": 12}, "? / 12"),
        ({"电缆条数": 4, "总孔数": 1, "管孔总数": 12}, "1 / 12"),
    ],
    ids=str,
)
def test_one_hole_or_none_beside_many_is_no_single_duct(tmp_path, read, more, text):
    found = read(tmp_path, "电信", [a_row("110", "管埋", **more)])

    assert_open(found, text)


@PATHS
@pytest.mark.parametrize("more", [{"已用孔数": 1}, {"总孔数": 1, "已用孔数": 1}, {"manhole": 12}], ids=str)
def test_one_duct_stays_one(tmp_path, read, more):
    found = read(tmp_path, "电信", [a_row("110", "管埋", **more)])

    assert found.lines["outer_width_mm"].tolist() == [110.0]


@PATHS
@pytest.mark.parametrize(
    "more",
    [
        {"总孔数": 12, "已用孔数": 4},
        {"总孔数": 12, "空闲孔数": 8},
        {"总孔数": 12, "孔数": 4},
        {"总孔数": 12, "管孔排列": "3X4"},
        {"总孔数": 12, "子孔数": 48},
        {"总孔数": 12, "管孔材质": "48"},
    ],
    ids=str,
)
def test_counts_that_agree_or_count_something_else_leave_the_total(tmp_path, read, more):
    found = read(tmp_path, "电信", [a_row("110", "管块", **more)])

    assert found.lines["holes_total"].tolist() == [12.0]
    assert np.isfinite(bounds_mm(found)).all()


@PATHS
@pytest.mark.parametrize(
    "more",
    [{"总孔数": ""}, {"总孔数": "0"}, {"管孔排列": "/"}, {"管孔排列": "0X0"}, {"电缆条数": "1条"}],
    ids=str,
)
def test_a_count_that_says_nothing_leaves_one_duct(tmp_path, read, more):
    assert bounds_mm(read(tmp_path, "电信", [a_row("110", "管埋", **more)]))[1] < 150


@PATHS
def test_a_layout_beside_a_count_is_not_asked(tmp_path, read):
    """12 holes are 12, however they stand; one hole in a layout of twelve is twelve."""
    known, of_one = (
        read(tmp_path, "电信", [a_row("110", "管埋", 总孔数=count, 管孔排列=layout)])
        for count, layout in ((12, "上3下4"), (1, "3X4"))
    )

    assert bounds_mm(known)[1] > 4 * 110
    assert bounds_mm(of_one) == bounds_mm(known)


@PATHS
def test_width_and_height_of_a_bank_need_no_count(tmp_path, read):
    found = read(tmp_path, "电信", [a_row("900X600", "管块", 管孔排列="上3下4")])

    assert found.lines["outer_width_mm"].notna().all()


def test_rows_and_columns_are_a_layout() -> None:
    texts = ["3行4列", "三行四列", "两排十列", "3层4列", "3排4孔", "上3下4", "十二", "③行4列"]

    found = counts_of_layouts(pd.Series(texts, dtype=object))

    np.testing.assert_array_equal(found, [12, 12, 20, 12, *[np.nan] * 4])


def test_totals_stand_before_the_used() -> None:
    total, used, bad = parse_holes(pd.Series(["12孔/4孔", "12（4）", "12(已用4)", "12-4"], dtype=object))

    np.testing.assert_array_equal(total, [12, 12, 12, np.nan])
    np.testing.assert_array_equal(used, [4, 4, 4, np.nan])
    assert bad.tolist() == [False, False, False, True]
