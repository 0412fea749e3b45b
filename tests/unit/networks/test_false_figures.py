"""Figures that cannot be meant as written never become levels or sizes of the register."""

from pathlib import Path

import numpy as np
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.reading import ReadOptions, read_files
from xzgis.networks.terms import Delivery, IntakeFinding

pytestmark = pytest.mark.usefixtures("read_here")

POINT_HEADER = "物探点号,X,Y,地面高程,特征,附属物"
LINE_HEADER = "起点点号,终点点号,起点埋深,终点埋深,管径,材质,埋设方式,压力"
POINTS = ("1,3793900,517800,35,预留口,", "2,3793900,517830,35,预留口,")
Read = tuple[Delivery, tuple[IntakeFinding, ...]]


def read(
    folder: Path,
    line: str,
    *,
    code: str = "JS",
    header: str = LINE_HEADER,
    points: tuple[str, ...] = POINTS,
    more: tuple[str, ...] = (),
) -> Read:
    """One line between two points, of which ``line`` says depths, size, material, burial method and pressure."""
    texts = {
        f"{code}POINT.csv": "\n".join((POINT_HEADER, *points)),
        f"{code}LINE.csv": "\n".join((header, f"1,2,{line}", *more)),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_files([folder / name for name in texts], options=ReadOptions(), catalogue=catalogue())


def told(read_: Read, code: str) -> list[tuple[str | None, str | None]]:
    return [(one.field, one.value) for one in read_[1] if one.code == code]


@pytest.mark.parametrize("unit", ["(cm)", "（厘米）", "[CM]", "(单位：cm)"])
def test_a_unit_in_the_header_is_believed(tmp_path: Path, unit: str) -> None:
    header = LINE_HEADER.replace("起点埋深", f"起点埋深{unit}").replace("终点埋深", f"终点埋深{unit}")

    delivery, _ = read(tmp_path, "120,１３０,300,铸铁,管埋,", header=header)

    assert delivery.lines[["start_depth_m", "end_depth_m"]].to_numpy().tolist() == [[1.2, 1.3]]
    assert delivery.vertices.crown_m == pytest.approx([33.8, 33.7])


@pytest.mark.parametrize("title", ["管线表 单位：cm", "单位:厘米", "(单位：mm)", "单位 dm"])
def test_a_unit_in_the_title_is_never_passed_over(tmp_path: Path, title: str) -> None:
    found = read(tmp_path, "120,130,300,铸铁,管埋,", header=f"{title},,,,,,,\n{LINE_HEADER}")

    assert [one.level for one in found[1] if one.code == "R16"] == ["error"]


@pytest.mark.parametrize(
    "title", ["管线表 单位：m", "单位：m、mm", "徐州某测区管线表", "某单位：徐州市测绘院"]
)
def test_a_title_in_metres_or_of_nothing_stops_nobody(tmp_path: Path, title: str) -> None:
    found = read(tmp_path, "1.2,1.3,300,铸铁,管埋,", header=f"{title},,,,,,,\n{LINE_HEADER}")

    assert told(found, "R16") == []
    assert found[0].lines["start_depth_m"].tolist() == [1.2]


def test_columns_that_name_their_unit_need_no_title(tmp_path: Path) -> None:
    header = LINE_HEADER.replace("埋深", "埋深(cm)")

    found = read(tmp_path, "120,130,300,铸铁,管埋,", header=f"单位：cm,,,,,,,\n{header}")

    assert told(found, "R16") == []
    assert found[0].lines["start_depth_m"].tolist() == [1.2]


def test_nothing_known_stays_so_in_every_unit(tmp_path: Path) -> None:
    header = LINE_HEADER.replace("埋深", "埋深(cm)")

    delivery, _ = read(tmp_path, "-9999,-1,300,铸铁,管埋,", header=header)

    assert np.isnan(delivery.lines[["start_depth_m", "end_depth_m"]].to_numpy(float)).all()


@pytest.mark.parametrize(
    ("unit", "size"), [("(m)", "0.3"), ("(cm)", "30"), ("(mm)", "300"), ("(m)", "300mm")]
)
def test_a_section_is_in_the_unit_of_its_header(tmp_path: Path, unit: str, size: str) -> None:
    delivery, _ = read(
        tmp_path, f"1.2,1.2,{size},铸铁,管埋,", header=LINE_HEADER.replace("管径", f"管径{unit}")
    )

    assert delivery.lines["nominal_width_mm"].tolist() == [300.0]


def test_a_pressure_in_kilopascal_is_its_class(tmp_path: Path) -> None:
    header = LINE_HEADER.replace("压力", "压力(kPa)")

    delivery, _ = read(tmp_path, "1.2,1.2,200,PE,管埋,300", code="RQ", header=header)

    assert delivery.lines["pressure_class"].tolist() == ["medium_A"]


@pytest.mark.parametrize("depth", ["120", "1200", "-1.2", "99.99"])
def test_a_depth_that_cannot_be_is_no_level(tmp_path: Path, depth: str) -> None:
    found = read(tmp_path, f"{depth},1.2,300,铸铁,管埋,")

    assert np.isnan(found[0].vertices.crown_m).tolist() == [True, False]
    assert np.isnan(found[0].vertices.bottom_m).tolist() == [True, False]
    assert [field for field, _ in told(found, "S16")] == ["start_depth_m"]
    assert "按未知处理" in next(one.words.zh for one in found[1] if one.code == "S16")


def test_an_odd_depth_that_a_recorded_level_confirms_is_kept(tmp_path: Path) -> None:
    header = LINE_HEADER + ",起点高程,终点高程"

    delivery, findings = read(tmp_path, "22.0,1.2,300,铸铁,管埋,,13.0,33.8", header=header)

    assert delivery.vertices.crown_m == pytest.approx([13.0, 33.8])
    assert [one.code for one in findings if one.field == "start_depth_m"] == ["S16"]


def test_a_line_on_the_surface_may_lie_above_the_ground(tmp_path: Path) -> None:
    found = read(tmp_path, "-0.5,0,300,钢,地面,")

    assert found[0].vertices.crown_m == pytest.approx([35.5, 35.0])
    assert told(found, "S16") == []


@pytest.mark.parametrize("size", ["0.3", "2×100", "9000"])
def test_a_size_no_pipe_has_is_unknown_and_told(tmp_path: Path, size: str) -> None:
    found = read(tmp_path, f"1.2,1.2,{size},铸铁,管埋,")

    assert found[0].lines["nominal_width_mm"].isna().all()
    assert np.isnan(found[0].vertices.bottom_m).all()
    assert told(found, "R04") == [("section", size)]


@pytest.mark.parametrize("ground", ["-1", "-9", "3500"])
def test_a_ground_level_no_place_of_the_city_has_is_unknown_and_told(tmp_path: Path, ground: str) -> None:
    points = (POINTS[0].replace(",35,", f",{ground},"), POINTS[1])

    found = read(tmp_path, "1.2,1.2,300,铸铁,管埋,", points=points)

    assert np.isnan(found[0].vertices.crown_m).tolist() == [True, False]
    assert told(found, "R14") == [("ground_m", ground)]


def test_a_cell_that_says_nothing_is_named_and_never_called_empty(tmp_path: Path) -> None:
    points = ("1,3793900,517800,NaN,预留口,", "2,3793900,517830,,预留口,")

    found = read(tmp_path, "-9999,1.3,300,无,管埋,", points=points)[1]

    lacking = {(one.field, one.row): (one.value, one.words.zh) for one in found if one.code == "S02"}
    assert {place: value for place, (value, _) in lacking.items()} == {
        ("ground_m", 2): "NaN",
        ("ground_m", 3): None,
        ("start_depth_m", 2): "-9999",
        ("material", 2): "无",
    }
    assert "“NaN”，不是可用的值" in lacking["ground_m", 2][1]
    assert lacking["ground_m", 3][1].endswith("为空")


def test_a_decimal_comma_is_told_with_what_mends_it(tmp_path: Path) -> None:
    points = ('1,"3793900,123",517800,35,预留口,', "2,3793900,51783o,35,预留口,")

    found = read(tmp_path, '"1,2",1.3,300,铸铁,管埋,', points=points)[1]

    remedies = {one.value: "逗号都换成点" in one.remedy.zh for one in found if one.code == "S03"}
    assert remedies == {"3793900,123": True, "51783o": False, "1,2": True}
