"""Another datum in titles, heads or columns of survey tables is told, and what hangs on it does not go in."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.factories import EAST_M, NORTH_M
from xzgis.catalogue.files import catalogue
from xzgis.formats.tables import RawTable
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.datum_told import other_height_datum, words_of_plan
from xzgis.networks.rules.mapping import ColumnMap, map_columns
from xzgis.networks.terms import IntakeFinding
from xzgis.spatial.datum_words import forbidden_words, other_datum_of_title, world_words


def a_table(points: str, overrides: dict[str, str] | None = None) -> tuple[RawTable, ColumnMap]:
    """A table of points; ``points``: title cells, heads behind the place, and their cells, parted by ``|``."""
    title, heads, cells = (part.split(",") for part in points.split("|"))
    names = ("物探点号", "X", "Y", *heads)
    frame = pd.DataFrame([["1", "1", "1", *cells], ["2", "2", "2", *cells]], columns=list(names))
    row = np.arange(2, dtype=np.int64)
    table = RawTable("JSPOINT.csv", None, "csv", None, tuple(title), names, frame, row)
    return table, map_columns(names, [catalogue().intakes["cn_survey"]], overrides=overrides)


def told(points: str, overrides: dict[str, str] | None = None) -> list[IntakeFinding]:
    return other_height_datum(*a_table(points, overrides))


@pytest.mark.parametrize(
    ("points", "field", "value"),
    [
        ("|地面高程,高程系统|35,1956年黄海高程系", "高程系统", "1956年黄海高程系"),
        ("|地面高程,高程基准|35,吴淞", "高程基准", "吴淞"),
        ("|黄海高程1956/地面高程|35", "黄海高程1956/地面高程", "黄海"),
        ("给水管点表 高程系统：吴淞高程|地面高程|35", None, "高程系统：吴淞"),
        ("坐标系：CGCS2000,高程系：,1956黄海|地面高程|35", None, "高程系： 1956"),
        ("管点成果表（地方高程）|地面高程|35", None, "地方高程"),
    ],
)
def test_heights_on_another_datum_are_refused(points: str, field: str | None, value: str) -> None:
    (found,) = told(points)

    assert (found.code, found.level, found.file, found.row) == ("C04", "error", "JSPOINT.csv", None)
    assert (found.field, found.value) == (field, value)


def test_heights_that_nobody_uses_refuse_nothing() -> None:
    assert told("高程系统：吴淞高程|地面高程|35", {"地面高程": ""}) == []

    (found,) = told("|地面高程(吴淞)|35")
    assert (found.code, found.level, found.field) == ("C04", "warning", "地面高程(吴淞)")


@pytest.mark.parametrize(
    "points",
    [
        "|地面高程,高程系统|35,1985国家高程基准",
        "2000国家大地坐标系 1985国家高程基准（黄海）|地面高程|35",
        "吴淞路给水管线 1956年建,探测单位：地方测绘院|地面高程|35",
    ],
)
def test_our_datum_and_the_names_of_roads_ask_nothing(points: str) -> None:
    assert told(points) == []


@pytest.mark.parametrize(
    ("points", "word"),
    [
        ("|坐标系|西安80", "西安80"),
        ("|坐标系统|地方", "地方坐标"),
        ("|坐标系|54", "54坐标"),
        ("|坐标系|2000国家大地坐标系", None),
    ],
)
def test_a_column_names_another_datum_in_plan(points: str, word: str | None) -> None:
    said = forbidden_words(" ".join(words_of_plan(*a_table(points))))

    assert (said is None) if word is None else (said is not None and f"“{word}”" in said.zh)


def test_heads_of_coordinates_are_looked_at_and_wgs84_is_told(tmp_path: Path) -> None:
    rows = "".join(f"{no},{NORTH_M + no},{EAST_M + no},35,吴淞,WGS-84\n" for no in (1, 2))
    points, lines = tmp_path / "JSPOINT.csv", tmp_path / "JSLINE.csv"
    points.write_text(f"物探点号,1954年北京坐标系/X,Y,地面高程,高程系统,坐标系\n{rows}", "utf-8")
    lines.write_text("起点点号,终点点号,起点埋深,终点埋深\n1,2,1.2,1.3\n", "utf-8")

    found = read_survey([points, lines], catalogue=catalogue()).findings

    assert [(one.code, one.level) for one in found if one.level == "error"] == [
        ("C04", "error"),
        ("C03", "error"),
    ]
    assert any("1954年北京" in one.words.zh for one in found)
    assert world_words("WGS-84") is not None
    assert world_words("CGCS2000") is None


@pytest.mark.parametrize(
    ("title", "datum"),
    [
        ("Heights: Wusong datum", "Heights: Wusong"),
        ("废黄河零点", "废黄河零点"),
        ("56黄海高程", "56黄海高程"),
        ("黄海路排水管线调查表", None),
        ("1956", None),
        ("相对位置示意", None),
    ],
)
def test_a_title_names_a_datum_beside_a_word_of_heights(title: str, datum: str | None) -> None:
    assert other_datum_of_title(title) == datum


@pytest.mark.parametrize("where", ["points title", "lines title", "head", "file"])
def test_a_meridian_of_another_grid_is_asked_wherever_it_stands(tmp_path: Path, where: str) -> None:
    said = "CGCS2000 中央子午线117°20′"
    rows = "".join(f"{no},{NORTH_M + no},{EAST_M + no},35\n" for no in (1, 2))
    points = tmp_path / (f"{said}点.csv" if where == "file" else "JSPOINT.csv")
    lines = tmp_path / "JSLINE.csv"
    title = {one: f"{said},,,\n" if where == f"{one} title" else "" for one in ("points", "lines")}
    north = f"{said}/X" if where == "head" else "X"
    points.write_text(f"{title['points']}物探点号,{north},Y,地面高程\n{rows}", "utf-8")
    lines.write_text(f"{title['lines']}起点点号,终点点号,起点埋深,终点埋深\n1,2,1.2,1.3\n", "utf-8")

    delivery = read_survey([points, lines], catalogue=catalogue())

    assert delivery.crs.decided is None
    (found,) = [one for one in delivery.findings if one.code == "C03"]
    assert found.level == "error"
    assert "117°20′" in found.words.zh
