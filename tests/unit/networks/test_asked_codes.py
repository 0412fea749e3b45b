"""A code that several kinds share is asked about once; its rows stay out until it is answered."""

from pathlib import Path

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.actions.records import left_out
from xzgis.networks.rules.checks import findings_of
from xzgis.networks.rules.survey import SurveyOptions

pytestmark = pytest.mark.usefixtures("read_here")

POINTS = "物探点号,管类,X,Y,地面高程\n{0}1,{0},3793900,517800,30\n{0}2,{0},3793930,517800,30\nJ1,JS,3793930,517830,30\n"
LINES = (
    "起点点号,终点点号,管类,起点埋深,终点埋深,管径,材质,埋设方式\n"
    "{0}1,{0}2,{0},1.2,1.2,300,铸铁,直埋\nJ1,{0}2,JS,1.2,1.2,300,铸铁,直埋\n"
)


@pytest.mark.parametrize(
    ("code", "given", "told", "out"),
    [
        pytest.param("Y", {}, {"R08": 1, "S07": 0, "S08": 1}, {"points": 2, "lines": 2}, id="of several kinds"),
        pytest.param("Y", {"Y": "drainage_storm"}, {"R08": 0, "S07": 0, "S08": 0}, {"points": 0, "lines": 0}, id="answered"),
        pytest.param("ZH9", {}, {"R08": 1, "S07": 3, "S08": 1}, {"points": 2, "lines": 2}, id="in no list"),
    ],
)  # fmt: skip
def test_a_code_of_several_kinds_is_asked_about_once_and_its_rows_stay_out(
    tmp_path: Path, code: str, given: dict[str, str], told: dict[str, int], out: dict[str, int]
) -> None:
    for name, text in (("点表", POINTS), ("线表", LINES)):
        (tmp_path / f"{name}.csv").write_text(text.format(code), encoding="utf-8")
    paths = [tmp_path / "点表.csv", tmp_path / "线表.csv"]
    delivery = read_survey(paths, catalogue=catalogue(), options=SurveyOptions(code_kinds=given))

    found = findings_of(delivery, catalogue())

    assert {name: sum(one.code == name for one in found) for name in told} == told
    assert {one.level for one in found if one.code in ("R08", "S07")} == ({"error"} if told["R08"] else set())
    assert left_out(delivery, found) == out
    asked = [one.words for one in found if one.code == "R08"]
    assert all("其管点 2 行、管线 1 行在指定前不入库" in one.zh for one in asked)
    assert all("its 2 rows of points and 1 of lines stay out" in one.en for one in asked)
