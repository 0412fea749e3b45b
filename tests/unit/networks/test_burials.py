"""A burial in the words of crews is read by the one listed word in it; told and not understood is no plain pipe (0093)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.unit.networks.test_courses import features, is_known, surveyed
from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.burials import resolve_burials
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

READ = {
    "channel": (
        "管沟敷设", "地沟敷设", "沟埋敷设", "不通行地沟", "半通行地沟", "通行地沟", "不通行管沟", "暖气沟", "砖砌管沟",
        "混凝土管沟", "暗渠", "箱涵", "管沟(GG)",
    ),
    "duct_block": ("管块敷设",),
    "direct_buried": ("直埋敷设", "直埋式", "直埋施工", "埋设方式：直埋"),
    "drilled": (
        "拖拉管敷设", "非开挖敷设", "非开挖施工", "非开挖拖管", "非开挖（拖管）", "定向钻施工", "定向钻穿越", "水平定向钻进",
        "水平定向钻（HDD）", "导向钻",
    ),
    "jacked": ("顶管敷设", "顶管施工", "顶管穿越"),
    "riser": ("电缆上杆", "上杆敷设"),
    None: (
        "穿越", "隧道", "直埋管沟", "非开挖顶管", "无管沟", "管沟旁", "直埋加套管", "直埋于基岩", "管沟或定向钻", "敷设",
        "GM管沟", "管沟开挖", "开挖管沟", "明挖管沟", "管沟回填", "施工管沟", "管沟施工", "open-trench", "no-trench",
        "综合管廊下", "管块回填", "穿越管沟", "穿越电缆沟", "管道穿越箱涵", "穿路管沟",
    ),
}  # fmt: skip
WORDS = [(word, token) for token, words in READ.items() for word in words]


def resolved(kind: str, *words: str) -> tuple[list[str | None], list[bool]]:
    listed = catalogue().codes["burial"]
    kinds = np.array([kind] * len(words), dtype=object)
    found = resolve_burials(pd.Series(list(words), dtype=object), kinds, listed)
    return list(found.tokens()), found.unknown.tolist()


@pytest.mark.parametrize(("word", "token"), WORDS)
def test_one_listed_word_in_a_burial_is_the_burial(word: str, token: str | None) -> None:
    """Exactly one: words of two burials, or denied, are none; a rest is believed of none that bounds."""
    assert resolved("heat", word) == ([token], [token is None])


def test_blank_is_not_unclear_and_the_kind_decides() -> None:
    """管埋敷设 of a cable is a conduit, of a pipe the pipe; an empty cell says nothing."""
    assert resolved("power", "管埋敷设", "", "不详") == (["conduit", None, None], [False, False, False])
    assert resolved("water", "管埋敷设") == (["pipe_buried"], [False])


def of_table(folder: Path, burial: str, **columns: str) -> Delivery:
    return surveyed(folder, "RL", burial, ("2.2", "2.2"), 4.0, 管线类别="RL", **columns)


@pytest.mark.parametrize("burial", ["隧道", "穿越", "管沟开挖", "施工管沟"])
def test_one_figure_of_an_unclear_burial_is_of_a_part(tmp_path: Path, burial: str) -> None:
    """DN300 of a heat line: nobody knows whether a channel is round it, nor what its depth is measured to."""
    for found in (of_table(tmp_path, burial, 管径="300"), features("heat", burial, 4.0, depth_m=2.2)):
        line, codes = found.lines.iloc[0], [one.code for one in found.findings]
        assert line["burial"] is None
        assert np.isnan(line[["outer_width_mm", "outer_height_mm"]].astype(float)).all()
        assert np.isnan([found.vertices.crown_m, found.vertices.bottom_m]).all()
        assert "R04" in codes
        assert not {"R05", "R42"}.isdisjoint(codes)


def test_both_readings_of_the_depth_of_a_told_size_are_held(tmp_path: Path) -> None:
    """Width and height told: from the crown of the inner bottom's reading to the bottom of the crown's."""
    found = of_table(tmp_path, "隧道", 管径="1200X1000")
    crown_m, bottom_m = found.vertices.crown_m, found.vertices.bottom_m
    assert (crown_m >= 30.0 - 2.2 + 0.999).all(), "measured to the inner bottom it reaches 1 m up"
    assert (bottom_m <= 30.0 - 2.2 - 0.999).all(), "measured to the crown it reaches 1 m down"


@pytest.mark.parametrize(("length_m", "known"), [(4.0, True), (20.0, False)])
def test_between_points_of_an_unclear_burial_no_level_is_straight(
    tmp_path: Path, length_m: float, known: bool
) -> None:
    """It may be drilled: straight within 5 m, as the drilled are."""
    told = ("1.2", "1.2")
    assert is_known(surveyed(tmp_path, "JS", "隧道", told, length_m, 管径="600X400"), "R59") == known
    told_of_both = {"start_crown_m": 28.8, "end_crown_m": 28.8, "start_bottom_m": 28.0, "end_bottom_m": 28.0}
    assert is_known(features("water", "隧道", length_m, **told_of_both), "R59") == known


def test_an_empty_burial_stays_a_plain_pipe(tmp_path: Path) -> None:
    """Nothing told is nothing doubted."""
    found = surveyed(tmp_path, "RL", "", ("2.2", "2.2"), 20.0, 管径="300")
    assert found.lines["outer_width_mm"].notna().all()
    assert np.isfinite([found.vertices.crown_m, found.vertices.bottom_m]).all()


@pytest.mark.parametrize(
    ("burials", "token", "is_whole"),
    [
        (("管沟", "直埋"), None, False),
        (("直埋", "直埋敷设"), "direct_buried", True),
        (("直埋", ""), "direct_buried", True),
    ],
)
def test_two_rows_of_one_line_that_differ_are_no_empty_cell(
    tmp_path: Path, burials: tuple[str, str], token: str | None, is_whole: bool
) -> None:
    """One table, a row from either end: which burial is right nobody tells, and neither is the same as none told."""
    rows = [
        f"P{at + 1},{3793900 + 4 * at},517800,30,P{2 - at},2.2,300,{burial},RL"
        for at, burial in enumerate(burials)
    ]
    table = tmp_path / "管线探测成果.csv"
    head = "物探点号,X,Y,地面高程,连接点号,埋深,管径,埋设方式,管线类别"
    table.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    found = read_survey([table], catalogue=catalogue())
    assert found.lines["burial"].tolist() == [token]
    assert bool(found.lines["outer_width_mm"].notna().all()) == is_whole
