"""What another column than the burial says of the course: 施工方法 and 备注 of a drilled main are no decoration (0093)."""

from pathlib import Path

import pytest

from tests.unit.networks.test_courses import features, is_known, surveyed

pytestmark = pytest.mark.usefixtures("read_here")

DEPTHS = ("1.2", "1.2")


@pytest.mark.parametrize(
    ("head", "text", "burial", "length_m", "token"),
    [
        pytest.param("施工方法", "定向钻", "管埋", 40.0, "drilled", id="method over 管埋"),
        pytest.param("施工方式", "水平定向钻（HDD）", "", 40.0, "drilled", id="method over an empty burial"),
        pytest.param("敷设方法", "倒虹", "直埋", 4.0, "underwater", id="a siphon at any length"),
        pytest.param("备注", "定向钻穿越道路", "管埋", 40.0, "pipe_buried", id="note"),
        pytest.param("备注", "定向钻，徐州某公司施工", "管埋", 40.0, "pipe_buried", id="beside a firm"),
        pytest.param("备注", "徐州某公司定向钻施工", "管埋", 40.0, "pipe_buried", id="by a firm"),
        pytest.param("备注", "水平定向", "管埋", 40.0, "pipe_buried", id="in other words"),
        pytest.param("备注", "定向钻（港华燃气公司）", "管埋", 40.0, "pipe_buried", id="a firm in brackets"),
        pytest.param("备注", "拉管/某某公司", "管埋", 40.0, "pipe_buried", id="a firm after a bar"),
        pytest.param("备注", "定向钻穿越供电公司门前", "管埋", 40.0, "pipe_buried", id="past a firm"),
        pytest.param(
            "备注", "定向钻-徐州燃气公司施工", "管埋", 40.0, "pipe_buried", id="a firm after a dash"
        ),
        pytest.param("备注", "定向钻施工单位：XX公司", "管埋", 40.0, "pipe_buried", id="whose firm follows"),
        pytest.param(
            "施工方法", "拖拉管（徐州某某市政公司）", "管埋", 40.0, "drilled", id="method by a firm"
        ),
        pytest.param("施工方法", "拖拉管至供水公司院内", "管埋", 40.0, "drilled", id="method up to a firm"),
        pytest.param("施工方法", "非开挖工程公司", "管埋", 40.0, "drilled", id="a method is no firm"),
        pytest.param(
            "单位工程名称", "中山路定向钻穿越工程", "管埋", 40.0, "pipe_buried", id="part of the works"
        ),
        pytest.param("备注", "Inverted Siphon", "管埋", 4.0, "pipe_buried", id="a siphon in capitals"),
        pytest.param("敷设方式", "拖拉管", "管埋", 40.0, "drilled", id="a second burial"),
        pytest.param("construction_method", "directional drilling", "管埋", 40.0, "drilled", id="English"),
        pytest.param("备注", "非开挖，牵引", "顶管", 40.0, "jacked", id="more than trenchless"),
    ],
)
def test_drilled_in_another_column_has_no_straight_levels(
    tmp_path: Path, head: str, text: str, burial: str, length_m: float, token: str
) -> None:
    """Of tables and layers; a column of the method goes before 直埋, 管埋 and nothing."""
    for found in (
        surveyed(tmp_path, "JS", burial, DEPTHS, length_m, **{head: text}),
        features("water", burial, length_m, depth_m=1.2, **{head: text}),
    ):
        assert not is_known(found, "R58")
        assert found.lines["burial"].tolist() == [token]


@pytest.mark.parametrize(
    ("head", "text", "burial", "length_m"),
    [
        pytest.param("施工方法", "明挖", "管埋", 40.0, id="open cut"),
        pytest.param("备注", "HDPE克拉管", "管埋", 40.0, id="a kind of pipe"),
        pytest.param("施工单位", "徐州非开挖工程有限公司", "管埋", 40.0, id="a firm"),
        pytest.param("备注", "由徐州非开挖工程有限公司探测", "管埋", 40.0, id="a firm in a note"),
        pytest.param("备注", "徐州定向钻公司", "管埋", 40.0, id="a firm of one word"),
        pytest.param("施工单位名称", "定向钻公司", "管埋", 40.0, id="the name of a firm"),
        pytest.param("备注", "未采用定向钻", "管埋", 40.0, id="denied"),
        pytest.param("施工方法", "非开挖", "顶管", 40.0, id="jacked, which is trenchless"),
        pytest.param("备注", "顶管（非开挖）", "管埋", 40.0, id="says which trenchless"),
        pytest.param("备注", "定向钻", "管埋", 4.0, id="within 5 m"),
    ],
)
def test_other_words_change_nothing(
    tmp_path: Path, head: str, text: str, burial: str, length_m: float
) -> None:
    """No level is lost by a firm, a denial, or a rod too short to bend."""
    assert is_known(surveyed(tmp_path, "JS", burial, DEPTHS, length_m, **{head: text}), "R58")
    assert is_known(features("water", burial, length_m, depth_m=1.2, **{head: text}), "R58")


@pytest.mark.parametrize(
    ("head", "text", "burial", "is_whole"),
    [
        pytest.param("敷设方法", "管沟", "", False, id="method"),
        pytest.param("敷设类型", "地沟", "管埋", False, id="against the burial"),
        pytest.param("备注", "管沟敷设", "", False, id="note"),
        pytest.param("备注", "近管沟", "", True, id="a note of what is beside"),
        pytest.param("施工方法", "管沟开挖", "", True, id="a trench"),
        pytest.param("施工方法", "无管沟", "", True, id="denied"),
    ],
)
def test_a_channel_in_another_column_opens_the_burial(
    tmp_path: Path, head: str, text: str, burial: str, is_whole: bool
) -> None:
    """One figure of a line that may lie in a channel is no outer size, and nothing hangs on it."""
    for found in (
        surveyed(tmp_path, "RL", burial, DEPTHS, 4.0, 管径="300", 管线类别="RL", **{head: text}),
        features("heat", burial, 4.0, depth_m=1.2, diameter_mm=300, **{head: text}),
    ):
        assert found.lines["outer_width_mm"].notna().all() == is_whole
