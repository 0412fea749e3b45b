"""Rows of survey tables that are no lines or lie in days to come: told as what they are."""

from pathlib import Path

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.checks.believed import checked
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

POINTS = """物探点号,X,Y,地面高程,特征,附属物,建设年代
WS1,3793900.000,517800.000,30.00,直线点,检查井,2005
WS2,3793900.000,517830.000,29.90,直线点,检查井,2050-01-01
WS3,3793900.000,517860.000,29.80,终止点,,
"""
LINES = """起点点号,终点点号,起点埋深,终点埋深,管径,材质,埋设方式
WS1,WS2,2.50,2.60,600,砼,直埋
WS2,WS3,2.60,2.60,500×400,砼,管沟
"""


def read(folder: Path, tables: dict[str, str]) -> Delivery:
    paths = [folder / name for name in tables]
    for path in paths:
        path.write_text(tables[path.name], encoding="utf-8")
    return read_survey(paths, catalogue=catalogue())


def test_a_row_of_totals_is_not_taken_for_another_kind(tmp_path: Path) -> None:
    points = (
        "管线代码,点号,X,Y,地面高程\nJS,J1,3793900,517800,30\nJS,J2,3793900,517820,30\n,合计,3793900,517840,30\n"
        "RQ,R1,3793900,517860,30\n"
    )
    lines = "管线代码,起点点号,终点点号,起点埋深,终点埋深,管径\nJS,J1,J2,1,1,300\nJS,J2,合计,1,1,300\nJS,J2,R1,1,1,300\n"

    told = [one for one in read(tmp_path, {"P.csv": points, "L.csv": lines}).findings if one.code == "R12"]

    assert [(one.row, "没有管线代码" in one.words.zh, "另一管类" in one.words.zh) for one in told] == [
        (3, True, False),
        (4, False, True),
    ]


def test_a_line_built_in_days_to_come_is_told(tmp_path: Path) -> None:
    delivery = read(tmp_path, {"WSPOINT.csv": POINTS, "WSLINE.csv": LINES})

    assert [(f.level, f.value) for f in delivery.findings if f.code == "R09"] == [("warning", "2050-01-01")]
    assert delivery.points["built_on"].isna().tolist() == [False, True, True]


def test_a_number_in_full_width_is_the_same_point(tmp_path: Path) -> None:
    points = POINTS.replace("WS2", "ＷＳ２").replace("WS3", "ws3")

    delivery = read(tmp_path, {"WSPOINT.csv": points, "WSLINE.csv": LINES.replace("WS2,WS3", "WS2 ,WS3")})

    assert delivery.lines[["from_point", "to_point"]].to_numpy().tolist() == [[0, 1], [1, -1]]
    assert delivery.points["point_no"].tolist() == ["WS1", "ＷＳ２", "ws3"]


def test_one_number_in_two_widths_stands_twice(tmp_path: Path) -> None:
    points = POINTS.replace("WS3", "ＷＳ２")

    _, found = checked(read(tmp_path, {"WSPOINT.csv": points, "WSLINE.csv": LINES}), catalogue())

    assert {one.row for one in found if one.code == "S04"} == {3, 4}


ONE_TABLE = """物探点号,连接点号,X,Y,地面高程,特征,埋深,管径,材质,埋设方式
JS1,{one},3793900,517800,30,弯头,1.00,200,铸铁,直埋
{one},JS1,3793900,517830,30,三通,1.10,200,铸铁,直埋
{other},JS3,3793950,517860,30,三通,1.20,100,PE,直埋
JS3,{other},3793980,517860,30,终止点,1.30,100,PE,直埋
"""


def test_one_number_in_two_widths_and_two_places_of_one_table_is_an_error(tmp_path: Path) -> None:
    found = read(tmp_path, {"JS.csv": ONE_TABLE.format(one="ＪＳ２", other="JS2")}).findings

    assert [(one.level, one.row, one.value) for one in found if one.code == "R11"] == [
        ("error", 3, "ＪＳ２"),
        ("error", 4, "JS2"),
    ]


@pytest.mark.parametrize(("one", "other"), [("JS②", "JS2"), ("JSⅡ", "JSII"), ("JS²", "JS2")])
def test_a_number_of_another_sign_is_another_point(tmp_path: Path, one: str, other: str) -> None:
    delivery = read(tmp_path, {"JS.csv": ONE_TABLE.format(one=one, other=other)})

    assert delivery.points["point_no"].tolist() == ["JS1", one, other, "JS3"]
    assert delivery.lines[["from_point", "to_point"]].to_numpy().tolist() == [[0, 1], [2, 3]]
    assert "R11" not in {finding.code for finding in delivery.findings}


@pytest.mark.parametrize("level", ["0", "-1", "-99", "-1.00"])
def test_a_level_that_stands_for_an_empty_cell_is_none(tmp_path: Path, level: str) -> None:
    points = POINTS.replace(",30.00,", ",,").replace(",29.90,", ",,").replace(",29.80,", ",,")
    lines = LINES.replace("终点埋深,", "终点埋深,起点高程,终点高程,").replace(
        "2.60,6", f"2.60,{level},{level},6"
    )
    lines = lines.replace("2.60,500", f"2.60,{level},{level},500")

    delivery = read(tmp_path, {"WSPOINT.csv": points, "WSLINE.csv": lines})

    assert delivery.vertices.crown_m.shape == (4,)
    assert delivery.vertices.bottom_m.tolist() == pytest.approx([float("nan")] * 4, nan_ok=True)
    told = [one.words.zh for one in delivery.findings if one.code == "R10"]
    assert told == ["4 处管线高程写作 0 或 -1，按未知处理。"] * (level != "-99")


def test_a_level_that_no_ground_of_the_city_allows_is_unknown_without_a_ground(tmp_path: Path) -> None:
    points = POINTS.replace(",30.00,", ",,").replace(",29.90,", ",,").replace(",29.80,", ",,")
    lines = LINES.replace("终点埋深,", "终点埋深,起点管底高程,终点管底高程,").replace(
        "2.60,6", "2.60,-27,2740,6"
    )
    lines = lines.replace("2.60,500", "2.60,27.4,27.4,500")

    told, findings = checked(read(tmp_path, {"WSPOINT.csv": points, "WSLINE.csv": lines}), catalogue())

    assert [(one.row, one.field, one.value) for one in findings if one.code == "S16"] == [
        (2, "start_level_m", "-27.0"), (2, "end_level_m", "2740.0"),
    ]  # fmt: skip
    bottom = told.vertices.bottom_m
    assert (bottom != bottom).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("heads", "without", "is_believed"),
    [
        pytest.param(("起点高程", "终点高程"), "ground", False, id="no ground"),
        pytest.param(("起点管底高程", "终点管底高程"), "ground", True, id="no ground, heads that say what"),
        pytest.param(("起点高程", "终点高程"), "depth", False, id="no depth"),
    ],
)
def test_levels_that_may_be_the_ground_are_no_levels_of_the_line(
    tmp_path, heads, without, is_believed
) -> None:
    points, lines = POINTS, LINES.replace("终点埋深,", f"终点埋深,{heads[0]},{heads[1]},")
    lines = lines.replace("2.60,600", "2.60,30.00,29.90,600").replace("2.60,500", "2.60,29.90,29.80,500")
    if without == "ground":
        points = points.replace(",30.00,", ",,").replace(",29.90,", ",,").replace(",29.80,", ",,")
    else:
        lines = lines.replace("2.50,2.60,", ",,").replace("2.60,2.60,", ",,")

    delivery = read(tmp_path, {"WSPOINT.csv": points, "WSLINE.csv": lines})

    assert delivery.lines["start_level_m"].notna().tolist() == [is_believed] * 2
    assert ("R06" in {one.code for one in delivery.findings}) is not is_believed


@pytest.mark.parametrize(
    ("without", "believed"),
    [
        pytest.param([",29.90,", ",29.80,"], [True, False], id="most ends without a ground"),
        pytest.param([",29.80,"], [True, True], id="one of four"),
    ],
)
def test_one_end_proves_no_levels_of_most_others(tmp_path, without, believed) -> None:
    points, lines = POINTS, LINES.replace("终点埋深,", "终点埋深,起点高程,终点高程,")
    lines = lines.replace("2.60,600", "2.60,27.50,27.30,600").replace("2.60,500", "2.60,27.30,27.20,500")
    for ground in without:
        points = points.replace(ground, ",,")

    delivery = read(tmp_path, {"WSPOINT.csv": points, "WSLINE.csv": lines})

    assert delivery.lines["start_level_m"].notna().tolist() == believed
    assert ("R06" in {one.code for one in delivery.findings}) is not all(believed)


def test_sewers_prove_no_levels_of_a_gas_main(tmp_path: Path) -> None:
    lines = LINES.replace("终点埋深,", "终点埋深,起点高程,终点高程,")
    sewers = lines.replace("2.60,600", "2.60,27.50,27.30,600").replace("2.60,500", "2.60,27.30,27.20,500")
    points = POINTS.replace("WS", "RQ").replace("3793900", "3793910").replace("检查井", "")
    for ground in (",30.00,", ",29.90,", ",29.80,"):
        points = points.replace(ground, ",,")
    mains = (
        lines.replace("WS", "RQ")
        .replace("2.60,600", "2.60,30.00,29.90,200")
        .replace("2.60,500×400", "2.60,29.90,29.80,200")
    )
    tables = {"WSPOINT.csv": POINTS, "WSLINE.csv": sewers, "RQPOINT.csv": points, "RQLINE.csv": mains}

    delivery = read(tmp_path, tables)

    told = (
        delivery.lines.groupby("kind")["start_level_m"]
        .apply(lambda levels: levels.notna().tolist())
        .to_dict()
    )
    assert told == {"drainage_foul": [True, True], "gas": [False, False]}
