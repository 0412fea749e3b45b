"""Figures of the two ends of a drawn line belong to the points that its row names, whichever way it was drawn."""

import numpy as np
import pytest
import shapely

from tests.unit.networks.test_features import a_file, a_layer, a_line, delivered
from xzgis.catalogue.files import catalogue
from xzgis.networks.terms import Delivery, IntakeFinding

START, END = (0.0, 0.0), (20.0, 0.0)
DEPTHS = {"S_DEEP": 1.0, "E_DEEP": 4.0}
NAMES = {"S_POINT": "RQ0", "E_POINT": "RQ1"}
FIELDS = {
    "S_POINT": "from_node", "E_POINT": "to_node", "S_DEEP": "start_depth_m", "E_DEEP": "end_depth_m",
    "D": "depth_m", "G": "ground_m", "FLOW": "flow",
}  # fmt: skip
POINTS = {"RQ0": START, "RQ1": END}


def read(
    lines: list[shapely.Geometry],
    points: dict[str, tuple[float, float]] | None = None,
    *,
    height: bool = False,
    point_kind: str = "gas",
    rows: list[dict[str, object]] | None = None,
    **row: object,
) -> Delivery:
    rows = rows or [row] * len(lines)
    columns = {name: [one.get(name) for one in rows] for name in {name for one in rows for name in one}}
    layers = [a_layer("线", lines, **columns)]
    fields = {FIELDS[name]: {"column": name} for name in columns}
    if height:
        fields["level_m"] = {"column": "@z"}
    mapping: dict[str, object] = {"线": {"role": "lines", "kind": "gas", "fields": fields}}
    if points:
        layers.append(
            a_layer(
                "点", [shapely.Point(one) for one in points.values()], no=list(points), g=[31.0] * len(points)
            )
        )
        told = {"point_no": {"column": "no"}, "ground_m": {"column": "g"}}
        mapping["点"] = {"role": "points", "kind": point_kind, "fields": told}
    return delivered(a_file(*layers), catalogue(), {"layers": mapping})


def told(delivery: Delivery) -> list[IntakeFinding]:
    return [one for one in delivery.findings if one.code in ("G14", "G15")]


def crown_at(delivery: Delivery, place: tuple[float, float]) -> float:
    xy = delivery.vertices.xy_m - np.array([516_900.0, 3_792_600.0])
    here = np.hypot(*(xy - np.array(place)).T) < 0.01
    return float(delivery.vertices.crown_m[here][0])


@pytest.mark.parametrize("way", [(START, END), (END, START)])
def test_the_figures_of_an_end_are_at_the_point_that_it_names(way: tuple[tuple[float, float], ...]) -> None:
    found = read([a_line(*way)], POINTS, **NAMES, **DEPTHS)

    assert crown_at(found, START) == pytest.approx(30.0)
    assert crown_at(found, END) == pytest.approx(27.0)
    ends = found.lines[["from_point", "to_point"]].to_numpy()[0]
    assert found.points["point_no"].iloc[ends].tolist() == ["RQ0", "RQ1"]
    assert found.lines[["from_no", "to_no"]].to_numpy().tolist() == [["RQ0", "RQ1"]]
    assert found.lines[["start_depth_m", "end_depth_m"]].to_numpy().tolist() == [[1.0, 4.0]]
    backwards = way == (END, START)
    assert [(one.code, one.level, one.sheet, one.row) for one in told(found)] == [
        ("G14", "info", "线", 1)
    ] * backwards


def test_the_vertices_between_are_turned_with_the_line() -> None:
    found = read(
        [a_line(END, (15, 5), START), a_line((0, 9), (20, 9))], POINTS, rows=[{**NAMES, **DEPTHS}, DEPTHS]
    )

    xy = found.vertices.xy_m - np.array([516_900.0, 3_792_600.0])
    assert xy.round(3).tolist() == [[0, 0], [15, 5], [20, 0], [0, 9], [20, 9]]
    assert found.vertices.crown_m[0] > found.vertices.crown_m[1] > found.vertices.crown_m[2]


def test_one_named_point_is_enough_and_a_chamber_is_wide() -> None:
    found = read([a_line(END, START)], {"RQ0": (1.5, 0.5)}, **NAMES, **DEPTHS, G=31.0)

    assert crown_at(found, START) == pytest.approx(30.0)
    assert [one.code for one in told(found)] == ["G14"]


@pytest.mark.parametrize(
    ("points", "names"),
    [
        pytest.param(POINTS, {"S_POINT": "RQ3", "E_POINT": "RQ99"}, id="not delivered"),
        pytest.param({"RQ0": (400, 0), "RQ1": (420, 0)}, NAMES, id="elsewhere"),
        pytest.param({"RQ0": START, "RQ1": (420, 0)}, NAMES, id="one of them elsewhere"),
    ],
)
def test_of_ends_that_nothing_places_the_figures_are_unknown(points, names) -> None:
    found = read([a_line(START, END)], points, **names, **DEPTHS, G=31.0, FLOW="1")

    assert np.isnan(found.vertices.crown_m).all()
    assert found.lines[["start_depth_m", "end_depth_m"]].isna().all(axis=None)
    assert found.lines["flow"].tolist() == [0]
    (one,) = told(found)
    assert (one.code, one.level, one.row, one.value) == ("G15", "warning", 1, " – ".join(names.values()))
    assert "未知" in one.words.zh


def test_what_both_ends_share_stays_known() -> None:
    found = read([a_line(START, END)], POINTS, S_POINT="RQ3", E_POINT="RQ99", S_DEEP=1.5, E_DEEP=1.5, G=31.0)

    assert found.vertices.crown_m == pytest.approx(29.5)
    assert [one.code for one in told(found)] == ["G15"]


def test_a_depth_for_both_does_not_take_the_place_of_two_unknown_ones() -> None:
    found = read([a_line(START, END)], POINTS, S_POINT="RQ3", E_POINT="RQ99", **DEPTHS, D=4.0, G=31.0)

    assert np.isnan(found.vertices.crown_m).all()


def test_points_of_no_kind_place_the_ends_of_any_line() -> None:
    found = read([a_line(END, START)], POINTS, point_kind="unknown", **NAMES, **DEPTHS, G=31.0)

    assert [one.code for one in told(found)] == ["G14"]
    assert crown_at(found, START) == pytest.approx(30.0)


def test_a_number_of_several_points_is_the_one_at_an_end() -> None:
    rows = [{**NAMES, **DEPTHS, "G": 31.0}]
    layers = [
        a_layer("线", [a_line(END, START)], **{name: [one] for name, one in rows[0].items()}),
        a_layer("点", [shapely.Point(one) for one in (START, (900, 0), END)], no=["RQ0", "RQ0", "RQ1"]),
    ]
    fields = {FIELDS[name]: {"column": name} for name in rows[0]}
    mapping = {
        "线": {"role": "lines", "kind": "gas", "fields": fields},
        "点": {"role": "points", "kind": "gas", "fields": {"point_no": {"column": "no"}}},
    }

    found = delivered(a_file(*layers), catalogue(), {"layers": mapping})

    assert crown_at(found, START) == pytest.approx(30.0)


def test_lines_that_share_a_name_tell_where_its_point_lies() -> None:
    one = {"S_POINT": "A", "E_POINT": "B", **DEPTHS, "G": 31.0}
    two = {"S_POINT": "B", "E_POINT": "C", "S_DEEP": 4.0, "E_DEEP": 2.0, "G": 31.0}

    found = read(
        [a_line(END, START), a_line(END, (40, 0)), a_line(END, (20, 20))],
        rows=[one, two, two | {"E_POINT": "D"}],
    )

    assert crown_at(found, START) == pytest.approx(30.0)
    assert crown_at(found, END) == pytest.approx(27.0)
    assert crown_at(found, (40, 0)) == pytest.approx(29.0)
    assert [(finding.code, finding.row) for finding in told(found)] == [("G14", 1)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([a_line(END, START)], id="alone"),
        pytest.param([a_line(END, START), a_line(END, START)], id="side by side"),
    ],
)
def test_without_any_means_to_compare_the_drawing_is_believed(lines) -> None:
    found = read(lines, **NAMES, **DEPTHS, G=31.0)

    assert crown_at(found, END) == pytest.approx(30.0)
    assert told(found) == []


def test_heights_of_the_drawing_stay_with_their_vertices() -> None:
    shape = shapely.LineString([(20, 0, 26.0), (0, 0, 30.0)])

    layer = a_layer("线", [shapely.Point(0, 0)], **{name: [one] for name, one in NAMES.items()})
    layer.geometry[0] = shapely.transform(
        shape, lambda xyz: xyz + np.array([516_900.0, 3_792_600.0, 0.0]), include_z=True
    )
    points = a_layer("点", [shapely.Point(one) for one in POINTS.values()], no=list(POINTS))
    fields = {FIELDS[name]: {"column": name} for name in NAMES} | {"level_m": {"column": "@z"}}
    mapping = {
        "线": {"role": "lines", "kind": "gas", "fields": fields},
        "点": {"role": "points", "kind": "gas", "fields": {"point_no": {"column": "no"}}},
    }

    found = delivered(a_file(layer, points), catalogue(), {"layers": mapping})

    assert (crown_at(found, START), crown_at(found, END)) == (30.0, 26.0)
    assert found.lines[["start_level_m", "end_level_m"]].to_numpy().tolist() == [[30.0, 26.0]]


SCATTERED = shapely.MultiLineString([[(20, 0), (0, 0)], [(20, 0), (40, 0)]])


def test_parts_that_do_not_follow_each_other_leave_the_start_open() -> None:
    found = read([SCATTERED], **DEPTHS, G=31.0)

    assert np.isnan(found.vertices.crown_m).all()
    assert [(one.code, one.row) for one in told(found)] == [("G15", 1)]


def test_parts_in_disorder_that_all_run_one_way_are_one_line() -> None:
    parts = shapely.MultiLineString([[(20, 0), (40, 0)], [(0, 0), (20, 0)]])

    found = read([parts], **DEPTHS, G=31.0)

    assert found.vertices.crown_m == pytest.approx([30.0, 28.5, 27.0])
    assert told(found) == []
    assert [one.code for one in found.findings if one.code.startswith("G")] == ["G03"]


@pytest.mark.parametrize("points", [{"RQ0": START, "RQ1": (40, 0)}, {"RQ0": (40, 0), "RQ1": START}])
def test_named_points_place_the_ends_of_parts_in_disorder(points) -> None:
    found = read([SCATTERED], points, **NAMES, **DEPTHS, G=31.0)

    assert crown_at(found, points["RQ0"]) == pytest.approx(30.0)
    assert crown_at(found, points["RQ1"]) == pytest.approx(27.0)


def test_parts_in_order_are_turned_together() -> None:
    parts = shapely.MultiLineString([[(40, 0), (21, 0)], [(20, 0), (0, 0)]])

    found = read([parts], {"RQ0": START, "RQ1": (40, 0)}, **NAMES, **DEPTHS, G=31.0)

    assert crown_at(found, START) == pytest.approx(30.0)
    assert crown_at(found, (40, 0)) == pytest.approx(27.0)
    xy = found.vertices.xy_m[:, 0] - 516_900.0
    assert xy.round(3).tolist() == [0, 20, 21, 40]
    assert found.lines["from_no"].iloc[0] == "RQ0"
    assert found.lines["to_no"].iloc[1] == "RQ1"
    assert found.lines["to_no"].iloc[0] != "RQ1"


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(
            (["RQ0", "RQ1"], ((20, 0), (40, 0))), id="a line cut in two whose parts keep both names"
        ),
        pytest.param((["RQ0", "RQ2"], ((20, 0), (40, 0))), id="a name that is mistyped"),
    ],
)
def test_two_lines_that_follow_each_other_turn_none(second) -> None:
    names, way = second
    rows = [{**NAMES, **DEPTHS}, {"S_POINT": names[0], "E_POINT": names[1], **DEPTHS}]
    found = read([a_line(START, END), a_line(*way)], rows=[{**one, "G": 31.0} for one in rows])

    assert [one.code for one in told(found)].count("G14") == 0
    # What one name says against the drawing leaves the ends open.
    assert np.isnan(found.vertices.crown_m[:2]).all()
