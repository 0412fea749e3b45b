"""Which column of a list has the levels, and heads that say another datum or unit."""

from dataclasses import replace

import pytest

from tests.unit.works.test_reading import GAS, listed
from xzgis.core.errors import Invalid


def a_list(heads, *levels, level_of=None):
    rows = [(f"{3792600 + 10 * k}", "516900", *map(str, levels)) for k in range(2)]
    (run,) = listed(("X", "Y", *heads), *rows, options=replace(GAS, level_of=level_of)).runs
    return run


@pytest.mark.parametrize(
    ("heads", "level_of", "level"),
    [
        (("管顶高程", "管底高程"), "crown", 30.0),
        (("管顶高程", "管底高程"), "bottom", 28.9),
        (("高程", "管底高程"), "crown", 30.0),
        (("高程", "管底高程"), "bottom", 28.9),
        (("管顶高程（1985国家高程基准）", "备注"), None, 30.0),
        (("管顶高程（黄海85）", "备注"), None, 30.0),
        (("高程（管顶）", "备注"), None, 30.0),
    ],
)
def test_the_level_comes_from_the_column_that_is_meant(heads, level_of, level):
    run = a_list(heads, 30.0, 28.9, level_of=level_of)

    assert [point.level_m for point in run.depth.profile] == [level, level]
    assert run.depth.profile_of == (level_of or "crown")


@pytest.mark.parametrize(
    ("kind", "head", "level_of", "is_of"),
    [
        ("drainage_foul", "管底高程", None, "invert"),
        ("drainage_foul", "管底高程", "bottom", "bottom"),
        ("drainage_foul", "管外底高程", None, "bottom"),
        ("drainage_foul", "管内底标高", None, "invert"),
        ("gas", "管底高程", None, "bottom"),
        ("gas", "管内底高程", None, "invert"),
        ("gas", "高程", "invert", "invert"),
    ],
)
def test_the_base_of_a_sewer_is_its_invert(kind, head, level_of, is_of):
    rows = [(f"{3792600 + 10 * k}", "516900", "28.0") for k in range(2)]
    options = replace(GAS, kind=kind, diameter_mm=None, level_of=level_of)

    (run,) = listed(("X", "Y", head), *rows, options=options).runs

    assert run.depth.profile_of == is_of


@pytest.mark.parametrize(
    ("heads", "level_of", "word"),
    [
        pytest.param(("管底高程",), "crown", "管底高程", id="bottom said to be crown"),
        pytest.param(("管顶高程",), "bottom", "管顶高程", id="crown said to be bottom"),
        pytest.param(("管顶高程", "管底高程"), None, "管顶还是管底", id="both, and nobody says which"),
        pytest.param(("管顶高程", "管顶标高"), None, "不止一列", id="two crowns"),
        pytest.param(("管顶高程（吴淞高程系）",), None, "吴淞", id="Wusong"),
        pytest.param(("管顶高程 吴淞",), None, "吴淞", id="Wusong without brackets"),
        pytest.param(("高程(1956年黄海)",), None, "1956", id="Yellow Sea 1956"),
        pytest.param(("管底高程（废黄河零点）",), None, "废黄河", id="abandoned Yellow River"),
        pytest.param(("H (local)",), None, "local", id="a local datum"),
        pytest.param(("管顶高程", "地面高程(吴淞)"), None, "吴淞", id="its ground"),
        pytest.param(("高程(dm)",), None, "米", id="decimetres"),
        pytest.param(("高程(管底)",), None, "括号", id="bottom in brackets"),
        pytest.param(("H (管内底)",), None, "括号", id="invert in brackets"),
        pytest.param(("Z (invert)",), None, "括号", id="invert in English"),
        pytest.param(("高程（地面）",), None, "括号", id="ground in brackets"),
        pytest.param(("管底高程（外底）",), None, "括号", id="two words"),
        pytest.param(("高程(管内顶)",), None, "括号", id="inside of the crown in brackets"),
        pytest.param(("管顶高程（内）",), None, "括号", id="crown, inside"),
        pytest.param(("管底高程(内)",), None, "括号", id="base, inside"),
        pytest.param(("管内顶高程",), None, "管内顶高程，工程不收", id="inside of the crown"),
        pytest.param(("obvert_m",), None, "加上管壁厚", id="obvert"),
    ],
)
def test_a_list_that_says_something_else_is_refused(heads, level_of, word):
    with pytest.raises(Invalid, match=word):
        a_list(heads, *(30.0, 31.0)[: len(heads)], level_of=level_of)
