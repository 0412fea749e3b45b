"""A central meridian or zone in the words of a delivery decides or asks; it is never passed over."""

import math

import numpy as np
import pytest

from tests.unit.spatial.test_placing import EAST, EAST_NORTH, NORTH, XUZHOU
from xzgis.spatial.crs import CrsDecision, from_storage
from xzgis.spatial.meridian_words import told_meridians
from xzgis.spatial.placing import PlaceQuestion, place


def decided(
    words: str, figures: np.ndarray = EAST_NORTH, *, declared: str | None = None, attached: str | None = None
) -> CrsDecision:
    question = PlaceQuestion(figures[:, 1], figures[:, 0], words=words, declared=declared, attached=attached)
    return place(question, XUZHOU)


@pytest.mark.parametrize(
    ("words", "degrees"),
    [
        ("CGCS2000 中央子午线117°20′", 117 + 1 / 3),
        ("2000国家大地坐标系，子午线117°20′", 117 + 1 / 3),
        ("CGCS2000 高斯投影 L=117°20′", 117 + 1 / 3),
        ("CGCS2000 CM 117°20'E", 117 + 1 / 3),
        ("中央子午線的经度为117°20′", 117 + 1 / 3),
        ("中央子午线117°20", 117 + 1 / 3),
        ("中央子午线 １１８度３０分", 118.5),
        ("CGCS2000，中央经线：117.25°", 117.25),
        ("2000坐标系 L0=114", 114),
        ("L₀＝１１４°", 114),
        ("中央子午线经度(L0)为东经117度00分00秒 1985国家高程基准", 117),
        ("117º20′中央子午线", 117 + 1 / 3),
        ("中央子午线117°12'30\"", 117 + 12 / 60 + 30 / 3600),
        ("中央子午线117 3度带", 117),
        ("3度带 第38带", 114),
        ("第三十九带", 117),
        ("6度带 20带", 117),
        ("带号：40", 120),
        ("CGCS2000_3_Degree_GK_Zone_38.csv", 114),
        ("CGCS2000_3_Degree_GK_CM_120E.csv", 120),
        ("CGCS2000_114.csv", 114),
        ("X(114) 114坐标", 114),
        ("EPSG:4547坐标系", 114),
        ("4526坐标系", 114),
        ("WGS84 UTM 50N", 117),
    ],
)
def test_meridians_are_read_as_they_are_written(words: str, degrees: float) -> None:
    told = told_meridians(words)

    assert told
    assert all(one.degrees == pytest.approx(degrees, abs=1e-9) for one in told)


@pytest.mark.parametrize("words", ["6度带 第39带", "3度带 第20带", "1.5度带", "EPSG:2384", "带号 7", "任意带投影",
                                   "中央子午线117 20", "中央子午线117度二十分", "central meridian: 117d20m"])  # fmt: skip
def test_what_is_no_zone_is_the_meridian_of_no_system(words: str) -> None:
    told = told_meridians(words)

    assert told
    assert all(one.degrees is not None and math.isnan(one.degrees) for one in told)


@pytest.mark.parametrize(
    "words",
    [
        "徐州市2024年120号给水管线 单位:cm 117",
        "绿化带39号 管线2-12.csv",
        "1:2000 117 地形",
        "CGCS2000 1985国家高程基准 3度带",
        "埋深(cm) 300",
        "管线点坐标(99)",
        "坐标系2000 102路",
        "给水管 L=120m",
        "EPSG:4490",
        "共 120 坐标点",
    ],
)
def test_other_figures_name_no_meridian(words: str) -> None:
    assert told_meridians(words) == ()


@pytest.mark.parametrize(
    "words",
    ["中央子午线117°20′", "中央子午线 114°", "118°30′中央子午线", "中央经线：117.25°", "第38带", "L0=114", "UTM 50N", "1.5度带"],
)  # fmt: skip
@pytest.mark.parametrize("datum", ["CGCS2000 ", ""])
def test_figures_of_another_meridian_than_the_words_name_are_asked(words: str, datum: str) -> None:
    decision = decided(datum + words)

    assert (decision.decided, decision.how, decision.candidates) == (None, "asked", ("EPSG:4548",))
    assert any("未采用" in one.zh and "EPSG:4548" in one.zh for one in decision.evidence)


@pytest.mark.parametrize("words", ["中央子午线117°", "第39带", "6度带 第20带", "L0=117°00′00″", "EPSG:4548"])
def test_words_that_agree_are_evidence(words: str) -> None:
    decision = decided(f"CGCS2000 {words}")

    assert (decision.decided, decision.how, decision.warnings) == ("EPSG:4548", "header", ())
    assert any("文件写明" in one.zh and words[-3:-1] in one.zh for one in decision.evidence)


def test_a_meridian_says_nothing_of_the_datum() -> None:
    decision = decided("中央子午线117°")

    assert (decision.decided, decision.how, len(decision.warnings)) == ("EPSG:4548", "ranges", 1)


def test_words_decide_for_a_neighbour_that_figures_alone_would_ask_about() -> None:
    figures = from_storage(EAST_NORTH, "EPSG:4547")

    assert decided("CGCS2000", figures).decided is None
    assert decided("CGCS2000 第38带", figures).decided == "EPSG:4547"
    assert decided("CGCS2000 中央子午线117°", figures).decided is None


def test_words_that_contradict_each_other_are_asked() -> None:
    decision = decided("CGCS2000 中央子午线117° 第38带")

    assert decision.decided is None
    assert any("矛盾" in one.zh for one in decision.evidence)


def test_a_file_whose_own_system_contradicts_its_words_is_asked_and_a_person_is_warned() -> None:
    words = "CGCS2000 中央子午线114°"

    assert decided(words, attached="EPSG:4548").decided is None
    named = decided(words, declared="EPSG:4548")
    assert named.decided == "EPSG:4548"
    assert any("114" in one.zh for one in named.warnings)


def test_longitude_and_latitude_have_no_meridian() -> None:
    degrees = from_storage(EAST_NORTH, "EPSG:4490")

    assert decided("CGCS2000 中央子午线114°", degrees).decided == "EPSG:4490"


def test_a_meridian_that_cannot_be_read_is_told() -> None:
    decision = decided("CGCS2000 中央子午线：一百一十七度")

    assert any("中央子午线" in one.zh for one in decision.warnings)


def test_the_figures_of_the_city_are_the_same_in_every_order() -> None:
    swapped = PlaceQuestion(EAST, NORTH, words="CGCS2000 第38带", axes_known=True)

    assert place(swapped, XUZHOU).decided is None
