"""Whether a sewer is a rising main decides what its depth is measured to; a text in no list leaves both open (0091)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.unit.networks.test_courses import features, surveyed
from xzgis.networks.rules.sewer_pressure import pressed_sewers
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

UNPRESSED = ["", "无", "常压", "不承压", "不带压", "零压", "无压", "重力流", "自流", "非压", "无压力", "0", "0MPa", "gravity",
             "non-pressure", "0.0MPa"]  # fmt: skip
PRESSED = ["压力流", "有压", "承压", "压力管", "压力", "压力流（泵站出水）", "0.3MPa", "0.3", "300kPa", "3 bar", "pressure",
           "有压0.3MPa"]  # fmt: skip
OPEN = [
    "1",
    "2",
    "1.0",
    "中压",
    "未知压",
    "不是压力管",
    "压力流改重力流",
    "-0.05MPa",
    "甲",
    "0.3MPa重力",
    "非0.3MPa",
    "是",
    "负压",
    "压力:0",
    "压力正常",
    "pressureless",
    "重力流、泵送",
]


@pytest.mark.parametrize(
    ("text", "said"),
    [*((one, "none") for one in UNPRESSED), *((one, "sure") for one in PRESSED), *((one, "open") for one in OPEN)],
)  # fmt: skip
def test_the_words_of_a_sewer(text: str, said: str) -> None:
    found = pressed_sewers(pd.Series([text, text], dtype=object), np.array([True, False]))

    assert found.sure.tolist() == [said == "sure", False], "of a sewer, never of a main"
    assert found.open.tolist() == [said == "open", False]


def levels(found: Delivery) -> list[float]:
    """Crown and bottom, each the same at every place, below the ground at 30 m."""
    vertices = found.vertices
    (crown,), (bottom,) = (np.unique(one.round(3)) for one in (vertices.crown_m, vertices.bottom_m))
    return [round(30.0 - float(one), 3) for one in (crown, bottom)]


def sewer(folder: Path, layout: str, pressure: str) -> Delivery:
    """A concrete sewer of DN800, 3.0 m deep, wall 80 mm or more: in tables, or as a drawn line."""
    if layout == "tables":
        return surveyed(folder, "WS", "直埋", ("3", "3"), 管径="800", 材质="混凝土", 压力=pressure)
    sizes: dict[str, object] = {"diameter_mm": 800.0, "material": "混凝土"}
    return features("drainage_foul", "直埋", start_depth_m=3.0, end_depth_m=3.0, pressure=pressure, **sizes)


@pytest.mark.parametrize("layout", ["tables", "features"])
def test_where_it_is_open_the_envelope_holds_both_readings(tmp_path: Path, layout: str) -> None:
    readings = {}
    for pressure in ("常压", "压力流", "1"):
        folder = tmp_path / pressure
        folder.mkdir()
        found = sewer(folder, layout, pressure)
        readings[pressure] = levels(found)
        told = [one for one in found.findings if one.code == ("R05" if layout == "tables" else "R42")]
        asked = [(one.level, one.field, one.value) for one in told]
        assert asked == [("warning", "pressure", "1")] * (pressure == "1")

    (crown, bottom), (pressed_crown, pressed_bottom) = readings["常压"], readings["压力流"]
    assert (crown, pressed_crown) == (pytest.approx(3.0 - 0.8, abs=0.2), 3.0)
    assert bottom == pytest.approx(3.0, abs=0.2)
    assert readings["1"] == [crown, pressed_bottom], "from the upper crown to the lower bottom"


@pytest.mark.parametrize("pressure", ["1", "中压"])
def test_without_a_size_an_open_sewer_has_no_level(tmp_path: Path, pressure: str) -> None:
    # By the one reading the bottom alone is known, by the other the crown alone.
    found = surveyed(tmp_path, "WS", "直埋", ("3", "3"), 管径="", 压力=pressure)

    assert np.isnan(found.vertices.crown_m).all()
    assert np.isnan(found.vertices.bottom_m).all()


def test_an_open_sewer_is_no_outlet_for_certain(tmp_path: Path) -> None:
    outlet = {"起点管底高程": "28.5", "终点管底高程": "30.3"}

    assert np.isnan(surveyed(tmp_path, "WS", "直埋", ("", ""), 压力="1", **outlet).vertices.bottom_m).all()
