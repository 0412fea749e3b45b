"""A sewer's level under a head of the top: the top only where nothing says that it is its inner bottom (decision 0074)."""

from pathlib import Path

import numpy as np
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

SIZE_M = 2.0
GAS = "G1,G2,RQ,28.5,28.5,1.5,1.5,200,钢"


def sheet(folder: Path, *lines: str, chamber: str = "", size: str = "2000") -> Delivery:
    """A sewer in a sheet of levels of the top, depths beside them, with ``lines`` besides; the ground at 30 m."""
    places = [("J1", "WS", 0, chamber), ("J2", "WS", 40, chamber), ("G1", "RQ", 0, ""), ("G2", "RQ", 40, "")]
    rows = [f"{name},3793900,{517800 + at},30,{kind},{deep}" for name, kind, at, deep in places]
    heads = "起点点号,终点点号,管线类别,起点管顶高程,终点管顶高程,起点埋深,终点埋深,管径,材质"
    told = [one.replace("SIZE", size) for one in lines]
    for name, text in (
        ("点表.csv", ["物探点号,X,Y,地面高程,管线类别,井深", *rows]),
        ("线表.csv", [heads, *told]),
    ):
        (folder / name).write_text("\n".join(text) + "\n", encoding="utf-8")
    return read_survey([folder / "点表.csv", folder / "线表.csv"], catalogue=catalogue())


def sewer(depths: str) -> str:
    """Told at 26.0 m; ``depths`` of both ends."""
    return f"J1,J2,WS,26.0,26.0,{depths},{depths},SIZE,混凝土"


@pytest.mark.parametrize(
    ("lines", "chamber"),
    [
        ((sewer(""), GAS), ""),  # one column for the sewers and the gas mains of a sheet
        ((sewer("4.0"),), ""),  # the depth is to the inner bottom by rule, and names the same point
        ((sewer(""),), "4.0"),  # the crown of a pipe does not lie on the floor of its chamber
    ],
)
def test_both_readings_are_held_where_the_level_may_be_of_the_inner_bottom(tmp_path, lines, chamber):
    found = sheet(tmp_path, *lines, chamber=chamber)

    crown, bottom = found.vertices.crown_m[0], found.vertices.bottom_m[0]
    within_m = 2.0 * found.lines["sigma_level_m"].iloc[0]
    wall_m = 26.0 - bottom
    # As the inner bottom, and as the crown: k·σ reaches from the one to the other.
    assert crown == pytest.approx(26.0 + SIZE_M + wall_m)
    assert crown - within_m <= 26.0
    assert bottom - within_m <= 26.0 - SIZE_M - 2 * wall_m + 1e-6
    assert [(one.level, "管内底" in one.words.zh) for one in found.findings if one.code == "R13"] == [
        ("warning", True)
    ]
    assert "level_column_contradicts_rule" in found.lines["assumptions"].iloc[0]


@pytest.mark.parametrize(
    ("lines", "chamber"),
    [
        ((sewer(""),), ""),  # a sheet of sewers alone: its head is theirs
        ((sewer("6.0"), GAS), ""),  # the depth is to the inner bottom, and the level a pipe above it
        ((sewer(""),), "6.5"),
    ],
)
def test_a_top_that_nothing_speaks_against_is_the_top(tmp_path, lines, chamber):
    found = sheet(tmp_path, *lines, chamber=chamber)

    assert found.vertices.crown_m[0] == 26.0
    assert found.lines["sigma_level_m"].iloc[0] < 0.5
    assert [one.level for one in found.findings if one.code == "R13"] == ["info"]


def test_of_an_unknown_size_neither_reading_gives_a_level(tmp_path):
    found = sheet(tmp_path, sewer(""), GAS, size="")

    assert np.isnan(found.vertices.crown_m[0])
    assert np.isnan(found.vertices.bottom_m[0])
    assert found.vertices.crown_m[2] == 28.5
