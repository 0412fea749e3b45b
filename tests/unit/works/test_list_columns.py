"""Which column of a list has the levels, and heads that say another datum or unit."""

from dataclasses import replace

import pytest

from tests.unit.works.test_reading import CITY, GAS, listed
from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.works.rules import list_columns
from xzgis.works.rules.position_lists import work_of_positions
from xzgis.works.rules.unsaid import Unsaid


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


SEWER = replace(GAS, kind="drainage_foul", diameter_mm=2000)


@pytest.mark.parametrize(
    "kind", ["drainage_foul", "drainage_storm", "drainage_combined", "trench", "unknown", "utility_tunnel"]
)
@pytest.mark.parametrize(
    ("head", "named"),
    [("H", "“H”"), ("Z", "“Z”"), ("高程", "“高程”"), ("高程(m)", "“高程(m)”"), (None, "第 3 列")],
)
def test_a_bare_level_of_what_flows_by_gravity_is_asked(kind, head, named):
    rows = [("3792600", "516900", "26.2"), ("3792640", "516900", "26.1")]
    rows = rows if head is None else [("X", "Y", head), *rows]

    with pytest.raises(Unsaid) as refused:
        listed(*rows, options=replace(SEWER, kind=kind))

    assert refused.value.asked == "level_of"
    assert all(word in refused.value.words.zh for word in ("list", named, "26.2", "管内底高程"))
    assert refused.value.words.command == "--level-of crown | bottom | invert"
    said = listed(*rows, options=replace(SEWER, kind=kind, level_of="invert")).runs[0]
    assert said.depth.profile_of == "invert"


@pytest.mark.parametrize(
    ("heads", "level_of"), [(("高程（管顶）",), "crown"), (("管顶高程",), "crown"), (("H",), None)]
)
def test_a_sewer_whose_head_says_the_crown_or_that_has_no_level_is_not_asked(heads, level_of):
    level = "26.2" if level_of else ""
    rows = [("X", "Y", *heads), ("3792600", "516900", level), ("3792640", "516900", level)]

    (run,) = listed(*rows, options=SEWER).runs

    assert (run.depth.profile_of if run.depth.profile else None) == level_of


def read_list(heads, *cells, options=GAS):
    """What is read of a list of two points with ``cells`` behind X and Y."""
    rows = [["X", "Y", *heads], *(["37926" + at, "516900", *cells] for at in ("00", "40"))]
    return work_of_positions(list(enumerate(rows, 1)), options, CITY, name="w.csv", kinds=catalogue().kinds)


def test_a_bare_level_of_a_pressure_line_is_told_and_a_column_nobody_reads_too():
    read, beside = (
        read_list(["H", "埋深", "备注"], "28", "", "1"),
        read_list(["管顶高程", "埋深"], "28", "1.2"),
    )

    assert read.document.runs[0].depth.profile_of == beside.document.runs[0].depth.profile_of == "crown"
    assert [note.zh[:20] for note in read.notes if "未读取" in note.zh] == []
    assert any("w.csv 的列“H”没有说明高程所指" in note.zh for note in read.notes)
    assert any("w.csv 的列“埋深”未读取" in note.zh for note in beside.notes)


@pytest.mark.parametrize("kind", ["gas", "telecom", "drainage_foul", "unknown"])
@pytest.mark.parametrize(
    "beside",
    ["埋深", "埋深(m)", "管顶覆土", "井深", "深", "中心高程", "现状标高", "管顶", "沟底", "地面", "depth", "Cover", "buried_m",
     "elev", "h1", "HH", "埋", "管埋(m)", "埋设", "土", "坑", "槽", "下", "井(m)", "沟", ""],
)  # fmt: skip
def test_a_bare_level_beside_a_depth_that_nobody_reads_is_asked_of_every_kind(kind, beside):
    # 高程, 埋深 is what crews write of the ground: as the crown, 1.2 m too high, a gas main beneath was clear.
    options = replace(GAS, kind=kind, diameter_mm=600)
    with pytest.raises(Unsaid) as refused:
        read_list(["高程", beside], "31.0", "1.2", options=options)

    assert refused.value.asked == "level_of"
    words = ("w.csv", "“高程”", beside or "第 4 列", "写成地面高程")
    assert all(word in refused.value.words.zh for word in words)
    (said,) = read_list(
        ["高程", beside], "31.0", "1.2", options=replace(options, level_of="crown")
    ).document.runs
    assert said.depth.profile_of == "crown"
    (covered,) = read_list(
        ["高程", beside], "31.0", "1.2", options=replace(options, cover_m=1.2)
    ).document.runs
    assert (bool(covered.depth.profile), covered.depth.cover_m) == (False, 1.2)


@pytest.mark.parametrize(
    ("head", "cell"),
    [("埋设方式", "管埋3孔"), ("埋设", "直埋"), ("埋设年代", "2010"), ("土质", "粘土"), ("井号", "12"), ("槽宽(m)", "0.8"),
     ("下游点号", "5"), ("备注", "1")],
)  # fmt: skip
def test_what_lists_say_of_the_way_a_line_is_laid_is_no_depth(head, cell):
    assert read_list(["高程", head], "28.0", cell).document.runs[0].depth.profile_of == "crown"


@pytest.mark.parametrize("cell", ["1.2m", "约1.2", "1.2～1.5"])
def test_a_depth_with_a_word_beside_it_is_a_figure(cell):
    with pytest.raises(Unsaid, match="“埋设”又未读取"):
        read_list(["高程", "埋设"], "31.0", cell)


def test_a_fourth_column_without_a_header_is_refused_with_its_row():
    rows = [("3792600", "516900", "31.0"), ("3792640", "516900", "31.0", "29.8")]

    with pytest.raises(Invalid, match=r"第 2 行却多于三列（“29.8”）"):
        listed(*rows)
    assert listed(rows[0], ("3792640", "516900", "31.0", "")).runs


@pytest.mark.parametrize("head", ["高程", "H", "Z", "level"])
@pytest.mark.parametrize(
    "said", ["现状", "规划", "实测", "竣工", "existing", "现状, m", "85，实测", "85，规划"]
)
def test_a_bare_level_that_is_there_already_may_be_the_ground_and_is_refused(head, said):
    with pytest.raises(Invalid, match="可能是地面") as refused:
        a_list((f"{head}（{said}）",), 31.0)

    assert said in refused.value.words.zh
    assert a_list((f"{head}（管顶，{said}）",), 31.0).depth.profile_of == "crown"


@pytest.mark.parametrize("said", ["117E", "x", "2000", "1", " ", "(", "m,", "\n", "80"])
def test_a_long_head_is_refused_at_once(said):
    # Time-free: of one pattern of all words each repetition doubled the time, and 200 would never end.
    assert list_columns._not_free(f"X({said * 2000}!)", "axis")
    for heads in ((f"X({said * 200}!)", "Y"), ("X", "Y", f"高程{said * 200}!")):
        with pytest.raises(Invalid, match="多于 100 个"):
            listed(heads, ("3792600", "516900", "28"), ("3792640", "516900", "28"))


@pytest.mark.parametrize("head", ["H", "高程", "管顶高程", "管底高程", "管内底高程", "地面高程"])
@pytest.mark.parametrize(
    "said", ["管中心", "中心", "轴线", "井盖", "井口", "井底", "管内顶", "沟底", "基础底", "center", "cl"]
)
@pytest.mark.parametrize("brackets", ["()", "（）", "[]", "【】"])
def test_words_beside_a_level_that_may_change_it_are_refused(head, said, brackets):
    with pytest.raises(Invalid, match=said) as refused:
        a_list((f"{head}{brackets[0]}{said}{brackets[1]}",), 27.0)

    assert all(word in refused.value.words.zh for word in ("list", head, "管外底高程"))


@pytest.mark.parametrize(
    "beside",
    [
        "(m)",
        "（单位：米）",
        "（1985国家高程基准）",
        "(85高程)",
        "（设计）",
        "（规划）",
        "(现状, m)",
        "（竣工实测）",
        " (m)",
        "（黄海85，设计）",
    ],
)
@pytest.mark.parametrize("head", ["管顶高程", "管内底高程", "地面高程"])
def test_units_our_datum_and_the_state_may_stand_beside_a_level(head, beside):
    a_list((f"{head}{beside}",), 27.0)


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        (("X(西安80)", "Y(西安80)"), "西安80"),
        (("X（54）", "Y（54）"), "54"),
        (("X(80)", "Y(80)"), "80"),
        (("X坐标(1980西安坐标系)", "Y坐标(1980西安坐标系)"), "1980西安坐标系"),
        (("X(徐州地方)", "Y(徐州地方)"), "徐州地方"),
        (("X(施工)", "Y(施工)"), "施工"),
        (("X【BJ54】", "Y【BJ54】"), "BJ54"),
        (("X(A)", "Y(B)"), "A"),
        (("X(EPSG:2437)", "Y(EPSG:2437)"), "EPSG:2437"),
    ],
)
def test_another_system_said_beside_the_axes_is_asked(heads, said):
    rows = [heads, ("3792600", "516900"), ("3792640", "516900")]

    with pytest.raises(Unsaid) as refused:
        listed(*rows)

    assert refused.value.asked == "crs"
    assert all(word in refused.value.words.zh for word in ("list", heads[0], said))
    assert refused.value.words.command == "--crs EPSG:n"
    assert listed(*rows, options=replace(GAS, crs="EPSG:4548")).runs


@pytest.mark.parametrize(
    "heads", [("X(m)", "Y(m)"), ("X（北）", "Y（东）"), ("X(CGCS2000)", "Y(CGCS2000)"), ("纵坐标(X)", "横坐标(Y)"),
              ("X坐标(2000国家大地坐标系)", "Y坐标(2000国家大地坐标系)"), ("X(117°E)", "Y(117°E)"), ("X(3度带)", "Y(3度带)"),
              ("X (meters)", "Y (metre)"), ("X(CGCS2000 117E)", "Y(高斯投影，中央子午线117°东)")],
)  # fmt: skip
def test_words_beside_the_axes_that_say_our_system_are_not_asked(heads):
    assert listed(heads, ("3792600", "516900"), ("3792640", "516900")).runs


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("燃气（西安80坐标）.csv", [["X", "Y"]]),
        ("w.csv", [["X", "Y", "坐标系"]]),
    ],
)
def test_the_name_of_the_file_and_a_column_of_systems_are_read(name, rows):
    rows = [*rows, ["3792600", "516900", "北京54"], ["3792640", "516900", "北京54"]]

    with pytest.raises(Unsaid, match=r"54|80") as refused:
        work_of_positions(list(enumerate(rows, 1)), GAS, CITY, name=name, kinds=catalogue().kinds)

    assert (refused.value.asked, name in refused.value.words.zh) == ("crs", True)


def test_a_name_of_a_file_that_says_another_height_datum_refuses_its_levels():
    rows = [(1, ["X", "Y", "管顶高程"]), (2, ["3792600", "516900", "28"]), (3, ["3792640", "516900", "28"])]
    name = "燃气（吴淞高程）.csv"

    with pytest.raises(Invalid, match="吴淞"):
        work_of_positions(rows, GAS, CITY, name=name, kinds=catalogue().kinds)
    covered = replace(GAS, cover_m=1.0)
    assert work_of_positions(rows, covered, CITY, name=name, kinds=catalogue().kinds).document.runs
