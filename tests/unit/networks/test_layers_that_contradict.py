"""Grounds, depths and levels of drawn layers are held to the rules of survey tables: what cannot be is told and unknown."""

import numpy as np
import pytest
import shapely

from tests.unit.networks.test_features import a_file, a_layer, a_line, delivered
from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.checks.believed import checked
from xzgis.networks.terms import Delivery, IntakeFinding


def gas(*, rows: int = 2, units: dict[str, str] | None = None, **columns: object) -> Delivery:
    told = {"diameter_mm": 300.0, "pressure_class": "中压A", **columns}
    layer = a_layer(
        "燃气",
        [a_line((20 * at, 0), (20 * at + 20, 0)) for at in range(rows)],
        **{name: [one] * rows for name, one in told.items()},
    )
    units = units or {}
    fields = {name: {"column": name, "unit": units.get(name)} for name in told}
    mapping = {"layers": {"燃气": {"role": "lines", "kind": "gas", "fields": fields}}}
    return delivered(a_file(layer), catalogue(), mapping)


def believed(delivery: Delivery) -> tuple[np.ndarray, list[IntakeFinding]]:
    told, findings = checked(delivery, catalogue())
    return told.vertices.crown_m, list(findings)


def codes(findings: list[IntakeFinding]) -> set[str]:
    return {one.code for one in findings}


@pytest.mark.parametrize("level", [0.0, -1.0, -99.0, -999.0, -9999.0])
@pytest.mark.parametrize("name", ["start_level_m", "level_m", "crown_m"])
def test_a_level_that_stands_for_an_empty_cell_is_none(level: float, name: str) -> None:
    crown, findings = believed(gas(**{name: level}))

    assert np.isnan(crown).all()
    told = [(one.level, one.field, one.row) for one in findings if one.code == "R10"]
    assert told == [("info", name, 1)] * (level in (0.0, -1.0))


def test_a_depth_counts_where_the_level_says_nothing() -> None:
    crown, _ = believed(gas(start_level_m=0.0, end_level_m=0.0, depth_m=1.5, ground_m=31.0))

    assert crown == pytest.approx(29.5)


@pytest.mark.parametrize(("unit", "told"), [("cm", "m"), ("mm", "m"), ("m", "m")])
def test_minus_one_says_nothing_in_any_unit(unit: str, told: str) -> None:
    found = gas(level_m=-1.0, ground_m=31.0, depth_m=-1.0, units={"level_m": unit, "depth_m": unit})

    crown, _ = believed(found)
    assert np.isnan(crown).all()
    assert found.lines["start_depth_m"].isna().all()


def test_a_depth_of_nought_is_real_on_the_ground() -> None:
    crown, _ = believed(gas(depth_m=0.0, ground_m=31.0, burial="地面"))

    assert crown == pytest.approx(31.0)


@pytest.mark.parametrize("level", [-31.0, 2900.0])
def test_a_level_that_no_ground_of_the_city_allows_is_told_and_unknown(level: float) -> None:
    crown, findings = believed(gas(level_m=level))

    assert np.isnan(crown).all()
    assert [(one.level, one.field, one.value) for one in findings if one.code == "S16"] == [
        ("warning", f"{end}_level_m", f"{level}") for end in ("start", "start", "end", "end")
    ]


def test_a_level_within_the_city_needs_no_ground() -> None:
    crown, findings = believed(gas(level_m=29.5))

    assert crown == pytest.approx(29.5)
    assert "S16" not in codes(findings)


@pytest.mark.parametrize("grounds", [("ground_m",), ("start_ground_m", "end_ground_m")])
def test_ground_depth_and_level_of_one_row_must_agree(grounds: tuple[str, ...]) -> None:
    found = gas(level_m=27.0, depth_m=1.5, **dict.fromkeys(grounds, 31.0))

    crown, findings = believed(found)
    assert np.isnan(crown).all()
    told = [one for one in findings if one.code == "S12"]
    assert [(one.row, one.field) for one in told[:2]] == [(1, "start_level_m"), (2, "start_level_m")]
    assert "+2.500" in told[0].words.zh


def test_figures_that_agree_with_the_ground_of_the_row_are_believed() -> None:
    crown, findings = believed(gas(level_m=29.5, depth_m=1.5, ground_m=31.0))

    assert crown == pytest.approx(29.5)
    assert "S12" not in codes(findings)


def test_a_level_column_that_holds_the_ground_is_none_of_the_line() -> None:
    crown, findings = believed(gas(rows=4, level_m=31.0, depth_m=1.5, ground_m=31.0))

    assert crown == pytest.approx(29.5)
    assert [(one.level, one.sheet) for one in findings if one.code == "R06"] == [("info", "燃气")]
    assert "S12" not in codes(findings)


def test_a_level_column_that_is_now_this_and_now_that_is_not_used() -> None:
    levels = [29.5, 31.0, 29.5, 31.0]
    layer = a_layer(
        "燃气",
        [a_line((20 * at, 0), (20 * at + 20, 0)) for at in range(4)],
        level_m=levels,
        depth_m=[1.5] * 4,
        ground_m=[31.0] * 4,
    )
    fields = {name: {"column": name} for name in ("level_m", "depth_m", "ground_m")}
    mapping = {"layers": {"燃气": {"role": "lines", "kind": "gas", "fields": fields}}}

    crown, findings = believed(delivered(a_file(layer), catalogue(), mapping))

    assert crown == pytest.approx(29.5)
    assert [one.level for one in findings if one.code == "R06"] == ["warning"]


@pytest.mark.parametrize("ground", [0.0, -1.0, 3000.0, -2.0])
@pytest.mark.parametrize("name", ["ground_m", "start_ground_m"])
def test_a_ground_that_the_city_does_not_have_is_told_and_unknown(ground: float, name: str) -> None:
    found = gas(depth_m=1.5, **{name: ground})

    crown, findings = believed(found)
    assert np.isnan(crown).all()
    told = [(one.level, one.sheet, one.row, one.field) for one in findings if one.code == "R14"]
    assert told == [("warning", "燃气", 1, name)]


def test_so_is_the_ground_of_a_point() -> None:
    points = a_layer("燃气点", [shapely.Point(0, 0)], 点号=["RQ0"], 地面高程=["3100"])
    lines = a_layer("燃气线", [a_line((0, 0), (10, 0))], start_depth_m=[1.2])

    found = delivered(a_file(points, lines), catalogue())

    assert np.isnan(found.points["ground_m"].to_numpy(float)).all()
    assert np.isnan(found.vertices.crown_m).all()
    told = [(one.sheet, one.field, one.value) for one in found.findings if one.code == "R14"]
    assert told == [("燃气点", "地面高程", "3100.0")]


DRAWN = shapely.LineString([(0, 0, 30.0), (30, 0, 29.0), (60, 0, 26.0)])


def drawn(fields: dict[str, object], shape: shapely.Geometry = DRAWN, **columns: object) -> Delivery:
    layer = a_layer("燃气", [shapely.Point(0, 0)], **{name: [one] for name, one in columns.items()})
    layer.geometry[0] = shapely.transform(
        shape, lambda xyz: xyz + np.array([516_900.0, 3_792_600.0, 0.0]), include_z=True
    )
    mapping = {"layers": {"燃气": {"role": "lines", "kind": "gas", "fields": fields}}}
    return delivered(a_file(layer), catalogue(), mapping)


@pytest.mark.parametrize("names", [("start_level_m", "end_level_m"), ("level_m",)])
def test_each_end_has_the_height_of_its_own_vertex(names: tuple[str, ...]) -> None:
    found = drawn({name: {"column": "@z"} for name in names})

    assert found.lines[["start_level_m", "end_level_m"]].to_numpy().tolist() == [[30.0, 26.0]]
    assert "G07" not in {one.code for one in found.findings}


@pytest.mark.parametrize("way", [{"unit": "cm"}, {"scale": 0.01}])
def test_heights_are_read_in_their_unit(way: dict[str, object]) -> None:
    shape = shapely.LineString([(0, 0, 3000.0), (60, 0, 2600.0)])

    found = drawn({"level_m": {"column": "@z", **way}}, shape)

    assert found.lines[["start_level_m", "end_level_m"]].to_numpy().tolist() == [[30.0, 26.0]]


def test_heights_of_nought_and_those_of_no_field_tell_no_level() -> None:
    flat = drawn({"level_m": {"column": "@z"}}, shapely.LineString([(0, 0, 0.0), (60, 0, -9999.0)]))
    unused = drawn({"start_level_m": {"column": "h"}}, h=29.0)

    assert flat.lines[["start_level_m", "end_level_m"]].isna().all(axis=None)
    assert "R10" in {one.code for one in flat.findings}
    assert "G07" in {one.code for one in unused.findings}


def test_what_a_column_says_of_an_end_goes_before_the_height() -> None:
    found = drawn({"level_m": {"column": "@z"}, "end_level_m": {"column": "h"}}, h=28.0)

    assert found.lines[["start_level_m", "end_level_m"]].to_numpy().tolist() == [[30.0, 28.0]]


def test_the_levels_of_one_kind_are_no_grounds_because_those_of_another_are() -> None:
    kinds = ["gas"] * 10 + ["drainage_foul"] * 2
    levels = [35.0] * 10 + [33.0] * 2
    layer = a_layer(
        "管线",
        [a_line((20 * at, 0), (20 * at + 20, 0)) for at in range(12)],
        类别=kinds,
        level=levels,
        depth=[1.0] * 10 + [2.0] * 2,
        ground=[35.0] * 10 + [np.nan] * 2,
    )
    fields = {
        "level_m": {"column": "level"},
        "depth_m": {"column": "depth"},
        "ground_m": {"column": "ground"},
    }
    mapping = {
        "role": "lines",
        "kind_column": "类别",
        "kind_values": {one: one for one in set(kinds)},
        "fields": fields,
    }

    found = delivered(a_file(layer), catalogue(), {"layers": {"管线": mapping}})

    assert found.lines["kind"].tolist() == kinds
    crown = found.vertices.crown_m.reshape(12, 2)
    assert crown[:10] == pytest.approx(34.0)
    # Nothing tells what the column holds for sewers: neither a ground of 33 nor a level.
    assert np.isnan(crown[10:]).all()
    assert np.isnan(found.vertices.ground_m.reshape(12, 2)[10:]).all()
