"""数据来源 of lines and points: a line is known no better than its own source says, and what was not measured shows nothing."""

from pathlib import Path

import pandas as pd
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.surveyed import evidence
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

HEAD_P = "物探点号,X,Y,地面高程,特征,附属物,管线类别,管点类型,数据来源"
HEAD_L = "起点点号,终点点号,起点埋深,终点埋深,管径,材质,埋设方式,管线类别,数据来源"
HIDDEN_PLAN_M = 0.0747


def read(folder: Path, *lines: str, points: str = "", visible: str = "") -> Delivery:
    """Gas lines R1–R2, R2–R3 … 20 m long, one for each source of ``lines``; every point says ``points`` of its source."""
    rows = [
        f"R{at + 1},3793900.000,{517800 + 20 * at}.000,30,直线点,,RQ,{visible},{points}"
        for at in range(len(lines) + 1)
    ]
    (folder / "P.csv").write_text("\n".join([HEAD_P, *rows]), encoding="utf-8")
    links = [f"R{at + 1},R{at + 2},1,1,200,钢,直埋,RQ,{source}" for at, source in enumerate(lines)]
    (folder / "L.csv").write_text("\n".join([HEAD_L, *links]), encoding="utf-8")
    return read_survey([folder / "P.csv", folder / "L.csv"], catalogue=catalogue())


def seen(delivery: Delivery) -> list[str]:
    """Labels of the lines that show that somebody looked."""
    ends = {"from_node": delivery.lines["from_point"], "to_node": delivery.lines["to_point"]}
    return evidence(delivery.points, delivery.lines.assign(**ends)).lines["label"].tolist()


@pytest.mark.parametrize(
    ("source", "name", "plan_m"),
    [
        ("推测", "assumed", 1.0),
        ("4", "assumed", 1.0),
        ("图上量取", "digitised", 0.25),
        ("设计", "design", HIDDEN_PLAN_M),
    ],
)
def test_a_line_of_no_measured_source_shows_nothing_and_is_as_wide_as_it_says(
    tmp_path: Path, source: str, name: str, plan_m: float
) -> None:
    delivery = read(tmp_path, source)

    (line,) = delivery.lines.to_dict("records")
    assert line["accuracy_class"] == name
    assert line["sigma_plan_m"] == pytest.approx(plan_m, abs=0.001)
    assert seen(delivery) == []


@pytest.mark.parametrize(
    ("source", "name"),
    [("", "hidden_point"), ("探测", "hidden_point"), ("竣工", "hidden_point"), ("/", "hidden_point")],
)
def test_a_measured_line_stays_as_its_points_are(tmp_path: Path, source: str, name: str) -> None:
    delivery = read(tmp_path, source)

    assert delivery.lines["accuracy_class"].tolist() == [name]
    assert delivery.lines["sigma_plan_m"][0] == pytest.approx(HIDDEN_PLAN_M, abs=0.001)
    assert seen(delivery) == ["R1-R2"]


def test_neither_source_makes_the_other_better(tmp_path: Path) -> None:
    delivery = read(tmp_path, "竣工", "探测", "设计", points="推测")

    assert delivery.lines["accuracy_class"].tolist() == ["assumed"] * 3
    assert (delivery.lines["sigma_plan_m"] >= 1.0).all()
    assert (delivery.lines["sigma_level_m"] >= 0.5).all()
    assert seen(delivery) == []


def test_a_line_with_one_end_from_a_design_was_not_measured(tmp_path: Path) -> None:
    read(tmp_path, "")
    text = (tmp_path / "P.csv").read_text(encoding="utf-8")
    (tmp_path / "P.csv").write_text(text + "设计", encoding="utf-8")  # of the last point
    delivery = read_survey([tmp_path / "P.csv", tmp_path / "L.csv"], catalogue=catalogue())

    assert delivery.lines["accuracy_class"].tolist() == ["design"]
    assert delivery.lines["sigma_plan_m"][0] == pytest.approx(HIDDEN_PLAN_M, abs=0.001)
    assert seen(delivery) == []


def test_points_that_say_nothing_are_no_better_than_the_unmeasured_lines_they_end(tmp_path: Path) -> None:
    delivery = read(tmp_path, "推测", "推测", "")

    assert delivery.points["accuracy_class"].tolist() == [
        "assumed",
        "assumed",
        "hidden_point",
        "hidden_point",
    ]
    assert delivery.points["sigma_plan_m"].round(2).tolist() == [1.0, 1.0, 0.07, 0.07]
    told = read(tmp_path, "推测", "推测", "", visible="明显点")
    assert told.points["accuracy_class"].tolist() == ["visible_point"] * 4
    assert told.points["sigma_plan_m"].tolist() == [0.05] * 4
    assert told.lines["accuracy_class"].tolist() == ["assumed", "assumed", "visible_point"]


@pytest.mark.parametrize("which", ["points", "lines"])
def test_an_unknown_word_is_told_and_counts_as_no_survey(tmp_path: Path, which: str) -> None:
    delivery = read(tmp_path, "乱写") if which == "lines" else read(tmp_path, "", points="乱写")

    (found,) = [one for one in delivery.findings if one.field == "data_source"]
    assert (found.code, found.level, found.row, found.value, found.table) == (
        "R05",
        "warning",
        2,
        "乱写",
        which,
    )
    assert "不算已普查" in found.words.zh
    assert all(word in found.remedy.zh for word in ("探测", "设计", "竣工", "推测", "数字化", "不使用此列"))
    assert delivery.lines["accuracy_class"].tolist() == ["assumed"]
    assert delivery.lines["sigma_plan_m"][0] == pytest.approx(1.0)
    assert seen(delivery) == []


@pytest.mark.parametrize("word", ["收集资料", "现场探测"])
def test_ordinary_words_for_a_source_are_known(tmp_path: Path, word: str) -> None:
    delivery = read(tmp_path, word, points=word)

    assert [one for one in delivery.findings if one.field == "data_source"] == []
    assert seen(delivery) == (["R1-R2"] if word == "现场探测" else [])


def linked(folder: Path, near: str, far: str) -> Delivery:
    """One table with a row for each end of JS1–JS2."""
    head = "物探点号,连接点号,X,Y,地面高程,起点埋深,管径,材质,埋设方式,管线类别,特征,附属物,数据来源"
    rows = [f"JS1,JS2,3793900,517800,30,1,200,钢,直埋,JS,直线点,,{near}",
            f"JS2,JS1,3793900,517820,30,1,200,钢,直埋,JS,直线点,,{far}"]  # fmt: skip
    (folder / "one.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    return read_survey([folder / "one.csv"], catalogue=catalogue())


@pytest.mark.parametrize(
    ("near", "far"), [("推测", "探测"), ("探测", "推测"), ("", "推测"), ("探测", "图纸上的")]
)
def test_of_two_rows_of_a_line_the_worse_source_counts(tmp_path: Path, near: str, far: str) -> None:
    delivery = linked(tmp_path, near, far)

    assert delivery.lines["accuracy_class"].tolist() == ["assumed"]
    assert seen(delivery) == []
    rows = [one.row for one in delivery.findings if one.field == "data_source"]
    assert set(rows) == ({3} if "图" in far else set())


def test_a_source_only_in_the_row_of_a_second_connection_counts_for_that_line(tmp_path: Path) -> None:
    head = "物探点号,连接点号,X,Y,地面高程,起点埋深,终点埋深,管径,材质,埋设方式,管线类别,特征,附属物,数据来源"
    rows = ["JS1,JS2,3793900,517800,30,1,1,200,钢,直埋,JS,直线点,,探测",
            "JS1,JS3,3793900,517800,30,1,1,200,钢,直埋,JS,直线点,,推测",
            "JS2,,3793900,517820,30,,,,,,JS,直线点,,",
            "JS3,,3793920,517800,30,,,,,,JS,直线点,,"]  # fmt: skip
    (tmp_path / "one.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    delivery = read_survey([tmp_path / "one.csv"], catalogue=catalogue())

    by_line = pd.Series(delivery.lines["accuracy_class"].to_numpy(), index=delivery.lines["label"])
    assert by_line.to_dict() == {"JS1-JS2": "hidden_point", "JS1-JS3": "assumed"}
    assert seen(delivery) == ["JS1-JS2"]


def test_a_point_that_was_only_inferred_is_no_located_one(tmp_path: Path) -> None:
    delivery = read(tmp_path, "", visible="推测")

    assert delivery.points["accuracy_class"].tolist() == ["assumed", "assumed"]
    assert delivery.lines["accuracy_class"].tolist() == ["assumed"]
    assert seen(delivery) == []
