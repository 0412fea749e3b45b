"""A point of several rows is what any of them tells: the manhole of the second row stands."""

from pathlib import Path

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

HEAD = "物探点号,连接点号,X,Y,地面高程,特征,附属物,管线类别,埋深,管径,材质,埋设方式,井底深,管点类型\n"


def read(folder: Path, *middle: tuple[str, str, str, str]) -> Delivery:
    """A sewer of three points; ``middle``: feature, appurtenance, chamber depth and visibility of both rows of WS2."""

    def row(name: str, other: str, east: int, *told: str) -> str:
        feature, appurtenance, depth, visibility = told
        return (
            f"{name},{other},3793900.000,{517800 + east}.000,30.000,{feature},{appurtenance},WS,2.0,500,混凝土,直埋,"
            f"{depth},{visibility}\n"
        )

    ends = row("WS1", "WS2", 0, "", "", "", "") + row("WS3", "WS2", 40, "", "", "", "")
    path = folder / "t.csv"
    path.write_text(
        HEAD + row("WS2", "WS1", 20, *middle[0]) + row("WS2", "WS3", 20, *middle[1]) + ends, encoding="utf-8"
    )
    return read_survey([path], catalogue=catalogue())


def point(delivery: Delivery) -> dict[str, object]:
    (row,) = delivery.points[delivery.points["point_no"] == "WS2"].to_dict("records")
    return row


@pytest.mark.parametrize("empty", ["", "/", "无"])
def test_each_field_is_of_the_first_row_that_tells_it(tmp_path: Path, empty: str) -> None:
    delivery = read(tmp_path, ("直线点", empty, empty, ""), ("", "检查井", "2.5", "明显点"))

    told = point(delivery)
    assert told["appurtenance"] is not None
    assert told["chamber_depth_m"] == 2.5
    assert told["accuracy_class"] == "visible_point"
    assert not [one for one in delivery.findings if one.code == "R15"]


def test_rows_that_differ_are_told_and_their_depth_is_unknown(tmp_path: Path) -> None:
    delivery = read(tmp_path, ("直线点", "检查井", "2.5", "明显点"), ("直线点", "阀门井", "3.5", "隐蔽点"))

    told = point(delivery)
    found = {one.field: one for one in delivery.findings if one.code == "R15"}
    assert set(found) == {"appurtenance", "chamber_depth_m", "visibility"}
    assert (found["chamber_depth_m"].row, found["chamber_depth_m"].value) == (3, "3.5")
    assert "WS2" in found["appurtenance"].words.zh
    assert told["chamber_depth_m"] != told["chamber_depth_m"]
    assert told["accuracy_class"] == "hidden_point"


def test_the_same_figure_written_twice_is_no_difference(tmp_path: Path) -> None:
    delivery = read(tmp_path, ("直线点", "检查井", "2.5", ""), ("直线点", "检查井", "2.50", ""))

    assert not [one for one in delivery.findings if one.code == "R15"]
    assert point(delivery)["chamber_depth_m"] == 2.5
