"""Whether a sewer is a rising main decides what its depth is measured to; a text in no list leaves both open (0091)."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.unit.networks.test_courses import features, surveyed
from tests.unit.networks.test_features import a_file, a_layer, a_line
from tests.unit.networks.test_features import delivered as drawn
from tests.unit.networks.test_two_paths import DEPTHS, both
from tests.unit.networks.test_two_paths import surveyed as two_tables
from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.sewer_pressure import pressed_sewers
from xzgis.networks.rules.survey import SurveyOptions
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


def a_layer_named(name: str, file: str = "a.gpkg", kind: str = "drainage_foul", **more: object) -> Delivery:
    told = {"diameter_mm": 800.0, "material": "混凝土", "ground_m": 30.0, "depth_m": 3.0, **more}
    mapping = {
        "layers": {name: {"role": "lines", "kind": kind, "fields": {one: {"column": one} for one in told}}}
    }
    layer = a_layer(name, [a_line((0, 0), (20, 0))], **{one: [value] for one, value in told.items()})
    return drawn(replace(a_file(layer), file=file), catalogue(), mapping)


def asked(found: Delivery) -> list[tuple[str, str | None, str | None]]:
    return [(one.level, one.field, one.value) for one in found.findings if one.code in ("R05", "R42")]


@pytest.mark.parametrize(
    ("name", "file", "named"),
    [
        pytest.param("污水压力管线", "a.gpkg", "污水压力管线", id="the layer"),
        pytest.param("WS_forcemain", "a.gpkg", "WS_forcemain", id="in English"),
        pytest.param("污水", "污水压力管.gpkg", "污水压力管.gpkg", id="the file"),
        pytest.param("污水重力压力", "a.gpkg", "污水重力压力", id="both"),
        pytest.param("污水", "a.gpkg", None, id="nothing"),
        pytest.param("污水无压力管", "a.gpkg", None, id="none"),
        pytest.param("污水重力管", "压力管.gpkg", None, id="the layer goes before the file"),
    ],
)
def test_a_layer_named_for_pressure_leaves_its_sewers_open(name: str, file: str, named: str | None) -> None:
    gravity, pressed = (levels(a_layer_named("污水", pressure=one)) for one in ("重力流", "压力流"))

    found = a_layer_named(name, file)

    assert levels(found) == (gravity if named is None else [gravity[0], pressed[1]])
    assert asked(found) == ([] if named is None else [("warning", "pressure", named)])


@pytest.mark.parametrize("pressure", ["常压", "0", "压力流", "0.3MPa"])
def test_the_pressure_of_the_line_itself_goes_before_a_name(pressure: str) -> None:
    named, plain = (a_layer_named(one, pressure=pressure) for one in ("污水压力管线", "污水"))

    assert levels(named) == levels(plain)
    assert asked(named) == []


def test_a_main_of_water_is_pressed_whatever_its_layer_is_called() -> None:
    assert asked(a_layer_named("给水压力管线", kind="water")) == []


def test_tables_named_for_pressure_leave_their_sewers_open(tmp_path: Path) -> None:
    readings = []
    for at, pressure in enumerate(("重力流", "压力流", "")):
        folder = tmp_path / str(at)
        folder.mkdir()
        row = {"管径": "800", "材质": "混凝土", "埋设方式": "直埋", "压力": pressure, **both(3.0, DEPTHS)}
        choices = SurveyOptions(code_kinds={"污水压力管": "drainage_foul"})
        readings.append(two_tables(folder, "污水压力管", [row], choices))

    gravity, pressed, named = (levels(one) for one in readings)
    assert named == [gravity[0], pressed[1]]
    assert [bool(asked(one)) for one in readings] == [False, False, True]
