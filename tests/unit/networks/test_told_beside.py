"""What another column says against a size or a depth: a casing round the pipe, a depth that nobody measured (0093)."""

from pathlib import Path

import pytest

from tests.unit.networks.test_courses import features, is_known, surveyed

pytestmark = pytest.mark.usefixtures("read_here")

DEPTHS = ("1.8", "1.8")


@pytest.mark.parametrize(
    ("head", "text", "cased"),
    [
        ("套管管径", "500", True),
        ("保护套管", "DN500", True),
        ("套管尺寸", "0.5m", True),
        ("包封尺寸", "600X600", True),
        ("包封尺寸", "60X60", True),
        ("包封厚度", "100", True),
        ("备注", "套管DN500", True),
        ("备注", "砼包封600X600", True),
        ("casing_mm", "500", True),
        ("套管材质及规格", "钢DN500", True),
        ("套管材质", "钢DN500", True),
        ("套管孔径", "DN500", True),
        ("备注", "混凝土包封0.6*0.5", True),
        ("备注", "包封60X50", True),
        ("备注", "护管DN500", True),
        ("备注", "外包混凝土400X400", True),
        ("备注", "砼包400X400", True),
        ("保护管", "PVC315", True),
        ("备注", "混凝土满包400X400", True),
        ("备注", "砼方包500X500", True),
        ("备注", "钢套筒DN600", True),
        ("备注", "穿DN600钢管", True),
        ("备注", "套 600mm 混凝土管", True),
        ("CASE_DIA", "500", True),
        ("备注", "穿越300国道，管沟", False),
        ("备注", "套筒接头DN500", False),
        ("备注", "甲方包括500", False),
        ("套管材质", "Q235", False),
        ("套管孔数", "500", False),
        ("备注", "套管Q235", False),
        ("备注", "套管D180*6", False),
        ("备注", "外护管DN500", False),
        ("备注", "维护管线500米", False),
        ("备注", "外包单位500人", False),
        ("套管", "0", False),
        ("保护管", "PVC200", False),
        ("套管根数", "500", False),
        ("备注", "无套管，管径500", False),
        ("备注", "套管，2019年", False),
        ("备注", "套管长6m", False),
        ("备注", "DN500", False),
    ],
)
def test_a_pipe_in_a_larger_casing_is_not_the_bare_pipe(
    tmp_path: Path, head: str, text: str, cased: bool
) -> None:
    for found in (
        surveyed(tmp_path, "JS", "管埋", DEPTHS, **{"管径": "200", head: text}),
        features("water", "管埋", depth_m=1.8, **{"diameter_mm": 200.0, head: text}),
    ):
        told = [one.value for one in found.findings if one.code == "R04"]
        assert told == [f"{head}={text}"] * cased
        assert bool(found.lines["outer_width_mm"].isna().all()) == cased
        assert bool(found.vertices.crown_m[0] != found.vertices.crown_m[0]) == cased


@pytest.mark.parametrize("other", [{"套管": "DN200"}, {"保护管": "DN200"}])
def test_of_two_columns_the_one_in_another_unit_is_heard_beside_the_larger_figure(
    tmp_path: Path, other: dict[str, str]
) -> None:
    for found in (
        surveyed(tmp_path, "JS", "管埋", DEPTHS, **{"管径": "200", "包封尺寸": "60X50", **other}),
        features("water", "管埋", depth_m=1.8, **{"diameter_mm": 200.0, "包封尺寸": "60X50", **other}),
    ):
        (told,) = [str(one.value) for one in found.findings if one.code == "R04"]
        assert "包封尺寸=60X50" in told
        assert found.lines["outer_width_mm"].isna().all()


def test_round_a_pipe_of_unknown_size_every_casing_told_opens_its_levels(tmp_path: Path) -> None:
    for found in (
        surveyed(tmp_path, "JS", "管埋", DEPTHS, 管径="", 套管规格="DN800"),
        features("water", "管埋", depth_m=1.8, diameter_mm=None, 套管规格="DN800"),
    ):
        assert [one.value for one in found.findings if one.code == "R04"] == ["套管规格=DN800"]
        assert found.lines["outer_width_mm"].isna().all()
        assert found.vertices.crown_m[0] != found.vertices.crown_m[0]


@pytest.mark.parametrize(
    ("head", "text", "known"),
    [
        ("备注", "深度不明", False),
        ("备注", "估深", False),
        ("备注", "埋深推测", False),
        ("备注", "深度不准，仅供参考", False),
        ("备注", "超深", False),
        ("备注", "示意", False),
        ("备注", "埋深不详", False),
        ("埋深类型", "推测", False),
        ("remark", "depth estimated", False),
        ("备注", "埋深不能确定", False),
        ("remark", "depth: unknown", False),
        ("remark", "approx depth", False),
        ("埋深是否实测", "否", False),
        ("深度可信度", "低", False),
        ("备注", "信号差，深度不可靠", False),
        ("备注", "深度误差较大", False),
        ("备注", "资料管线，未实测", False),
        ("埋深是否实测", "是", True),
        ("深度可信度", "高", True),
        ("备注", "深度误差不大", True),
        ("备注", "见示意图", True),
        ("备注", "未超深", True),
        ("备注", "管径推测", True),
        ("权属单位", "深度不明", True),
    ],
)
def test_a_depth_that_is_no_measurement_gives_no_level(
    tmp_path: Path, head: str, text: str, known: bool
) -> None:
    sure = surveyed(tmp_path, "JS", "管埋", DEPTHS).lines["sigma_plan_m"][0]
    for found in (
        surveyed(tmp_path, "JS", "管埋", DEPTHS, **{head: text}),
        features("water", "管埋", depth_m=1.8, **{head: text}),
    ):
        assert is_known(found, "R60") == known
        assert known or found.lines["sigma_plan_m"][0] > sure
