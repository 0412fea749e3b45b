"""Depths told farther apart than the points of a survey tell no level between, in every layout of tables (0076)."""

from pathlib import Path

import numpy as np
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.levels import Envelopes
from xzgis.networks.rules.told_levels import Rule
from xzgis.networks.rules.told_spans import TOLD_APART_M, tells_own_level
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

NORTH_M, EAST_M, GROUND_M = 3793900.0, 517800.0, 30.0
LAYOUTS = pytest.mark.parametrize("layout", ["cn_survey", "cn_one_table", "cn_result_table"])


def delivered(
    folder: Path, layout: str, apart_m: float, *, sheet: str = "JS", levels: str = "", off_m: float = 0.05
) -> Delivery:
    """One line between two points, its crown 1.2 m deep; ``levels`` names the ends that tell the crown's level.

    ``off_m``: how far it lies below ground less depth.
    """
    ends = [("start", 1, NORTH_M), ("end", 2, NORTH_M + apart_m)]
    level = {end: f"{GROUND_M - 1.2 - off_m:.2f}" if end in levels else "" for end, _, _ in ends}
    if layout == "cn_survey":
        tables = {
            f"{sheet}POINT": [
                "物探点号,X,Y,地面高程",
                *(f"P{no},{x},{EAST_M},{GROUND_M}" for _, no, x in ends),
            ],
            f"{sheet}LINE": [
                "起点点号,终点点号,起点埋深,终点埋深,起点管顶高程,终点管顶高程,管径,材质,埋设方式",
                f"P1,P2,1.20,1.20,{level['start']},{level['end']},300,铸铁,直埋",
            ],
        }
    else:
        head = {
            "cn_one_table": "物探点号,连接点号,X,Y,地面高程,起点管顶高程,埋深,管径,材质,埋设方式",
            "cn_result_table": "管线点号,连接点号,X,Y,地面,管(沟块)顶,埋深,管径或断面尺寸,管线材料,埋设方式",
        }
        rows = (
            f"P{no},P{3 - no},{x},{EAST_M},{GROUND_M},{level[end]},1.20,300,铸铁,直埋" for end, no, x in ends
        )
        tables = {sheet: [head[layout], *rows]}
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_survey([folder / f"{name}.csv" for name in tables], catalogue=catalogue())


@LAYOUTS
@pytest.mark.parametrize(
    ("sheet", "apart_m", "levels", "crown_m"),
    [
        pytest.param("JS", 75.0, "", 28.8, id="75 m: as a survey"),
        pytest.param("JS", 76.0, "", None, id="76 m: the ground between is a guess"),
        pytest.param("JS", 300.0, "start end", 28.75, id="straight by its own levels"),
        pytest.param("JS", 300.0, "start", None, id="level told at one end alone"),
        pytest.param("JS", 300.0, "restated", None, id="its levels are ground less depth"),
        pytest.param("JS", 75.0, "restated", 28.8, id="so as near as a survey"),
        pytest.param("WS", 150.0, "", 29.16, id="a sewer from manhole to manhole"),
        pytest.param("WS", 151.0, "", None, id="a sewer farther apart"),
    ],
)  # fmt: skip
def test_between_depths_far_apart_nothing_is_known(tmp_path, layout, sheet, apart_m, levels, crown_m) -> None:
    off_m, levels = (0.0, "start end") if levels == "restated" else (0.05, levels)
    found = delivered(tmp_path, layout, apart_m, sheet=sheet, levels=levels, off_m=off_m)

    without_level = (
        layout == "cn_result_table" and not levels
    )  # its empty column is not told from the other layout
    assert found.intake == ("cn_one_table" if without_level else layout)
    assert np.isnan(found.vertices.crown_m).tolist() == [crown_m is None] * 2
    assert crown_m is None or found.vertices.crown_m == pytest.approx(crown_m, abs=0.05)
    assert np.isfinite(found.vertices.ground_m).all()
    asked = [one.level for one in found.findings if one.code == "R51"]
    assert asked == ["warning"] * (crown_m is None), "told once, where a level was taken out"
    assert found.lines[["start_depth_m", "end_depth_m"]].to_numpy().tolist() == [[1.2, 1.2]], "told stays"


@pytest.mark.parametrize(
    ("below_m", "own"),
    [(0.0, False), (0.02, False), (0.05, True), (0.3, False), (0.326, False), (-0.326, False), (0.163, False),
     (0.45, True), (1.2, True)],
)  # fmt: skip
def test_a_level_a_section_below_the_depth_is_no_level_of_its_own(below_m, own) -> None:
    # DN300 of ductile iron, 326 mm outside: crown and bottom, inside and outside, the centre.
    size = Envelopes(*(np.full(1, mm) for mm in (326.0, 326.0, 13.0, 5.0)), *(np.zeros(1) for _ in range(4)))
    rule = Rule(np.array(["crown"], object), np.zeros(1, np.bool_), size, np.full(1, 300.0))
    level, by_depth, none = np.full(1, 28.8 - below_m), np.full(1, 28.8), np.full(1, np.nan)

    assert tells_own_level((level, none), by_depth, rule).tolist() == [own]
    assert not tells_own_level((none, none), by_depth, rule).any(), "nothing told"
    assert tells_own_level((level, none), none, rule).all(), "nothing beside it restates it"
    assert not tells_own_level((np.full(1, 20.0), by_depth), by_depth, rule).any(), "the second of two"


def test_a_survey_is_warned_of_no_other_length_than_the_levels_carry() -> None:
    # A city may loosen its own S17; what is known of the ground between two points does not grow with it.
    assert catalogue().limits.values["longest_segment_m"] == TOLD_APART_M
