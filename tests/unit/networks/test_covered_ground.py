"""The ground that lines and points show somebody looked at: never more than within reach, hardly less."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from tests.factories import a_line
from xzgis.catalogue.files import catalogue
from xzgis.networks.rules import covered_ground as module
from xzgis.networks.rules.covered_ground import covered_ground, looked_at
from xzgis.networks.rules.partial_codes import PartialCodes, only_partial, partly_told
from xzgis.networks.rules.surveyed import Evidence, evidence

COORDINATE = st.integers(0, 300)
NETWORK = st.lists(
    st.tuples(COORDINATE, COORDINATE, COORDINATE, COORDINATE).filter(lambda one: one[:2] != one[2:]),
    min_size=1,
    max_size=25,
)


def test_covered_ground_never_reaches_beyond() -> None:
    line = LineString([(0, 0), (30, 5), (60, -40)])

    (ground,) = covered_ground(np.array([line], dtype=object), reach_m=15)

    assert max(line.distance(Point(xy)) for xy in shapely.get_coordinates(ground)) <= 15 + 1e-9


MEASURED = {"life_state": "built", "accuracy_class": "hidden_point"}


@settings(deadline=None, max_examples=60)
@given(NETWORK, st.booleans())
def test_any_network_is_covered_as_line_by_line(ends: list[tuple[int, int, int, int]], twice: bool) -> None:
    lines = np.array([LineString([one[:2], one[2:]]) for one in ends * (1 + twice)], dtype=object)
    points = shapely.points(np.array([one[:2] for one in ends], dtype=float))

    ground = shapely.union_all(covered_ground(np.concatenate([lines, points]), reach_m=15))

    alone = shapely.union_all(shapely.buffer(lines, 15, quad_segs=4))
    boundary = shapely.points(shapely.get_coordinates(shapely.segmentize(ground.boundary, 1.0)))
    assert shapely.is_valid(ground)
    assert shapely.distance(boundary, shapely.union_all(lines)).max() <= 15 + 1e-6
    assert alone.difference(ground).area <= 0.05 * alone.area


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.floats(-30, 30), st.floats(-0.6, 0.6)), min_size=2, max_size=60),
    st.floats(0, 2 * np.pi),
    st.booleans(),
)
def test_a_crooked_line_is_claimed_within_its_reach_and_loses_little(
    steps: list[tuple[float, float]], turn: float, closed: bool
) -> None:
    way = np.cumsum(np.round(steps, 3), axis=0)
    way = np.concatenate([way, way[:1]]) if closed else way
    line = LineString(way @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    assume(line.length > 0)

    ground = shapely.union_all(covered_ground(np.array([line], dtype=object), reach_m=15))

    boundary = shapely.points(shapely.get_coordinates(shapely.segmentize(ground.boundary, 0.5)))
    assert shapely.distance(boundary, line).max() <= 15 + 1e-6
    if not closed:  # GEOS itself loses corners of rings smaller than the reach
        whole = shapely.buffer(line, 15, quad_segs=32)
        # A disc drawn with 16 corners at 98 % of the reach has 93.6 % of the whole one's area, and an axis made
        # straight moves by up to 2 % of the reach.
        assert whole.difference(ground).area <= 0.1 * whole.area
        assert ground.contains(shapely.buffer(line, 15 * 0.94, quad_segs=32))


def test_a_crooked_street_is_claimed_with_few_vertices() -> None:
    along = np.arange(0.0, 1000.0, 5.0)
    line = LineString(np.column_stack([along, 0.1 * (-1) ** np.arange(len(along))]))

    (ground,) = covered_ground(np.array([line], dtype=object), reach_m=15)

    assert shapely.get_num_coordinates(ground) < 30


def test_a_large_survey_is_covered_square_by_square(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_VERTICES", 50)
    lines = np.array([a_line(x_m=x_m, y_m=y_m) for x_m in (0, 700) for y_m in (0, 700)], dtype=object)

    parts = covered_ground(lines, reach_m=15)

    assert len(parts) == 4
    assert shapely.union_all(parts).equals(shapely.union_all(shapely.buffer(lines, 15, quad_segs=4)))


def test_nothing_covers_nothing() -> None:
    assert covered_ground(np.array([], dtype=object), reach_m=15) == []


CODES = PartialCodes.of(catalogue())


def shown(lines: dict[str, object], points: dict[str, object] | None = None) -> tuple[Evidence, pd.DataFrame]:
    """What lines of 50 m (the ends of none of the points) and points show, all of them measured, and the lines."""
    runs = pd.DataFrame({"code": None, **MEASURED, **lines}, dtype=object)
    axes = [LineString([(0, row * 300), (50, row * 300)]) for row in range(len(runs))]
    runs["axis"] = np.array(axes, dtype=object)
    nodes = pd.DataFrame({"code": None, **MEASURED, **(points or {"kind": [], "place": []})}, dtype=object)
    return evidence(nodes, runs.assign(from_node=-1, to_node=-1)), runs


def test_a_point_on_its_own_is_looked_at_and_a_kind_stays_apart() -> None:
    points = {"kind": ["gas", "heat"], "place": [Point(50, 0), Point(500, 0)]}
    found = looked_at(*shown({"kind": ["gas", "gas"]}, points), reach_m=15, codes=CODES)

    assert sorted(found) == ["gas", "heat"]
    assert shapely.union_all(found["heat"].areas).area == pytest.approx(15**2 * np.pi, rel=0.03)
    assert not shapely.union_all(found["gas"].areas).intersects(Point(500, 0))


@pytest.mark.parametrize(("kind", "text", "part"), [
    ("gas", "燃气管线", None), ("gas", "中压燃气", None), ("gas", "Y", "Y"), ("gas", "液化气管", "YH"),
    ("power", "路灯电缆", "LD"),
])  # fmt: skip
def test_a_longer_text_names_a_part_only_by_the_word_of_the_part(
    kind: str, text: str, part: str | None
) -> None:
    named = CODES.named(kind, text)

    assert (named and named.code) == part
    assert CODES.in_name(kind, text) == named


OLD, YOUNG = date(2009, 5, 1), date(2023, 5, 1)


@pytest.mark.parametrize(("lines", "points", "day"), [
    ([YOUNG, OLD], [], OLD), ([YOUNG, None], [], None), ([YOUNG], [OLD], OLD), ([YOUNG], [None], None), ([], [OLD], OLD),
])  # fmt: skip
def test_the_day_is_that_of_the_oldest_and_of_none_where_one_bears_none(
    lines: list[date | None], points: list[date | None], day: date | None
) -> None:
    places = [Point(9, 0)] * len(points)
    told = shown({"kind": ["gas"] * len(lines), "surveyed_on": lines},
                 {"kind": ["gas"] * len(points), "surveyed_on": points, "place": places})  # fmt: skip

    assert looked_at(*told, reach_m=15, codes=CODES)["gas"].surveyed_on == day


@pytest.mark.parametrize(("codes", "points", "kinds"), [
    (["LD", "XH"], [], []), (["路灯", "502"], [], []), (["路灯电缆"], ["DL"], []), (["LD", "DL"], [], ["power"]),
    (["LD", "供电"], [], ["power"]), (["LD", None], [], ["power"]), ([], ["LD"], []), ([], ["LD", "GD"], ["power"]),
    (["照明"], [], []), (["LDL"], [], []), (["LDL", "DL"], [], ["power"]), (["LD", "电力管线"], [], ["power"]),
])  # fmt: skip
def test_lamps_alone_are_no_survey_of_power(
    codes: list[str | None], points: list[str], kinds: list[str]
) -> None:
    places = [Point(9, 0)] * len(points)
    told = shown({"kind": ["power"] * len(codes), "code": codes},
                 {"kind": ["power"] * len(points), "code": points, "place": places})  # fmt: skip

    assert list(looked_at(*told, reach_m=15, codes=CODES)) == kinds


@pytest.mark.parametrize(("kind", "text", "is_whole"), [
    ("telecom", "联通", False), ("telecom", "移动通信", False), ("telecom", "CATV", False), ("telecom", "广电管线", False),
    ("telecom", "DX", True), ("telecom", "通信管线", True), ("water", "消防给水", False), ("water", "绿化", False),
    ("water", "自来水管", True), ("water", "water_main", True), ("water", "W", False), ("gas", "中压燃气", True),
    ("power", "景观照明电力", False), ("power", "监控", False), ("power", "充电", False), ("power", "DL管", True),
    ("power", "street_lamps power", False), ("drainage_foul", "WSX", True),
])  # fmt: skip
def test_only_a_name_of_the_kind_itself_shows_that_somebody_looked(
    kind: str, text: str, is_whole: bool
) -> None:
    found = looked_at(*shown({"kind": [kind], "code": [text]}), reach_m=15, codes=CODES)

    assert list(found) == ([kind] if is_whole else [])


def test_a_code_in_no_table_is_named_where_the_ground_is_not_looked_at() -> None:
    (kind,) = (one := only_partial(pd.DataFrame({"kind": "power", "code": ["LD", "LDL"]}), CODES))

    assert partly_told(catalogue().kinds[kind], one[kind]).zh == (
        "电力：只交来了路灯、“LDL”（代码表未列，是否仅为其一部分不明），所到之处不算已普查电力"
    )


def test_a_planned_supply_line_beside_lamps_shows_no_survey_of_power() -> None:
    told = shown({"kind": ["power"] * 2, "code": ["LD", "DL"], "life_state": ["built", "pending"]})

    assert looked_at(*told, reach_m=15, codes=CODES) == {}


@pytest.mark.parametrize(("name", "code"), [
    ("照明电缆", "LD"), ("信号灯电缆", "XH"), ("street_lamps", "LD"),
    ("路灯", "LD"), ("LD_LINE", "LD"), ("LDLine", "LD"), ("street_lighting", "LD"), ("DL_LINE", None), ("电力管线", None),
])  # fmt: skip
def test_the_name_of_a_layer_says_that_it_holds_lamps(name: str, code: str | None) -> None:
    said = CODES.in_name("power", name)

    assert (said and said.code) == code


@pytest.mark.parametrize("facts", [
    {"life_state": "approved"}, {"life_state": "disused"}, {"accuracy_class": "digitised"},
    {"accuracy_class": "assumed"}, {"accuracy_class": "design"},
])  # fmt: skip
def test_a_line_that_nobody_measured_shows_no_survey(facts: dict[str, str]) -> None:
    assert looked_at(*shown({"kind": ["gas"], **facts}), reach_m=15, codes=CODES) == {}


def test_the_ends_of_a_planned_line_show_no_survey_and_a_lone_point_does() -> None:
    points = pd.DataFrame({"point_no": ["planned", "shared", "built", "alone", "drawn"], **MEASURED})
    points.loc[4, "accuracy_class"] = "digitised"
    lines = pd.DataFrame({"from_node": [0, 1, -1], "to_node": [1, 2, -1], **MEASURED})
    lines.loc[0, "life_state"] = "pending"

    seen = evidence(points, lines).points
    assert dict(zip(seen["point_no"], seen["is_alone"], strict=True)) == {
        "shared": False,
        "built": False,
        "alone": True,
    }
