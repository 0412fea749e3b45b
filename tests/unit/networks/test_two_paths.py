"""The same rows as survey tables and as GeoJSON: heads, pressures and sections mean the same on both paths."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.formats.feature_files import read_one
from xzgis.formats.tables import RawTable
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.checks.levels import without_contradicted_levels
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.level_words import tell_result_words, word_of
from xzgis.networks.rules.proposed_mapping import propose_mapping
from xzgis.networks.rules.survey import SurveyOptions
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

GROUND_M, EAST_M, NORTH_M = 31.0, 517800.0, 3793900.0
BEDS = "起点管底高程", "终点管底高程"
CROWNS = "起点管顶高程", "终点管顶高程"
CENTRES = "起点管中心高程", "终点管中心高程"
SOFFITS = "起点管内顶高程", "终点管内顶高程"
INVERTS = "起点管内底高程", "终点管内底高程"
DEPTHS = "起点埋深", "终点埋深"


def surveyed(
    folder: Path, kind: str, rows: list[dict[str, Any]], options: SurveyOptions | None = None
) -> Delivery:
    """``rows`` as two tables of a kind: every row is a line from its own point to the next row's."""
    heads = list(dict.fromkeys(head for row in rows for head in row))
    points = [f"P{at},{NORTH_M + 50 * at},{EAST_M},{GROUND_M}" for at in range(len(rows) + 1)]
    lines = [
        ",".join([f"P{at}", f"P{at + 1}", *(str(row.get(head, "")) for head in heads)])
        for at, row in enumerate(rows)
    ]
    paths = [folder / f"{kind}POINT.csv", folder / f"{kind}LINE.csv"]
    paths[0].write_text("\n".join(["物探点号,X,Y,地面高程", *points]) + "\n", encoding="utf-8")
    paths[1].write_text(
        "\n".join([",".join(["起点点号", "终点点号", *heads]), *lines]) + "\n", encoding="utf-8"
    )
    return read_survey(paths, catalogue=catalogue(), options=options)


def drawn(folder: Path, kind: str, rows: list[dict[str, Any]]) -> Delivery:
    """``rows`` as features of one GeoJSON file, one after the other."""
    places = [[EAST_M, NORTH_M + 50 * at] for at in range(len(rows) + 1)]
    features = [
        {
            "type": "Feature",
            "properties": {"管类": kind, "ground_m": GROUND_M, **row},
            "geometry": {"type": "LineString", "coordinates": list(ends)},
        }
        for row, ends in zip(rows, pairwise(places), strict=True)
    ]
    crs = {"type": "name", "properties": {"name": "EPSG:4548"}}
    path = folder / "lines.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8"
    )
    file = read_one([path], file=path.name, format_="geojson", work=folder)
    return deliver([file], propose_mapping([file], catalogue()), Placing(), catalogue())


PATHS = pytest.mark.parametrize("read", [surveyed, drawn])
MAIN = {"管径": "2000", "材质": "球墨铸铁", "埋设方式": "直埋"}
SEWER = {"管径": "2000", "材质": "混凝土", "埋设方式": "直埋"}


def both(value: float, heads: tuple[str, str]) -> dict[str, float]:
    return dict.fromkeys(heads, value)


@PATHS
def test_the_bottom_of_a_pressed_main_is_its_bottom(tmp_path, read):
    found = read(tmp_path, "给水", [MAIN | both(27.6, BEDS)])

    # Inner or outer bottom: 41 mm of wall are between, and the levels hold both.
    off_m = 0.041 / 2 + 1e-9
    np.testing.assert_allclose(found.vertices.bottom_m, 27.6, atol=off_m)
    np.testing.assert_allclose(found.vertices.crown_m, 27.6 + 2.082 - 0.041 / 2, atol=1e-6)
    assert [one.level for one in found.findings if one.code == "R13"] == ["info"]


@PATHS
def test_the_bottom_of_a_cable_of_unknown_size_is_kept_in_a_bound(tmp_path, read):
    found = read(tmp_path, "电信", [{"材质": "光纤", "埋设方式": "直埋", "管径": ""} | both(26.7, BEDS)])

    assert np.isnan(found.vertices.crown_m).all()
    # Inside or outside of any wall there is: 0 to 200 mm below what was told.
    np.testing.assert_allclose(found.vertices.bottom_m, 26.6)
    assert found.lines["sigma_level_m"].iloc[0] > 0.05


@PATHS
def test_the_crown_of_a_sewer_is_its_crown(tmp_path, read):
    found = read(tmp_path, "污水", [SEWER | both(28.9, CROWNS)])

    np.testing.assert_allclose(found.vertices.crown_m, 28.9)
    assert found.vertices.bottom_m.max() < 28.9 - 2.0
    assert found.lines["depth_reference"].tolist() == ["crown"]


@PATHS
@pytest.mark.parametrize(("kind", "row", "wall_m"), [("给水", MAIN, 0.041), ("污水", SEWER, 0.2)])
def test_the_inside_of_the_crown_lies_a_wall_below_it(tmp_path, read, kind, row, wall_m):
    found = read(tmp_path, kind, [row | both(28.9, SOFFITS)])

    crown, outer = found.vertices.crown_m, found.lines["outer_height_mm"][0] / 1000
    np.testing.assert_allclose(crown, 28.9 + wall_m)
    np.testing.assert_allclose(found.vertices.bottom_m, crown - outer)
    assert found.lines["depth_reference"].tolist() == ["inner_top"]
    assert found.lines["start_level_m"].tolist() == [28.9]
    assert [one.level for one in found.findings if one.code == "R13"] == ["info"]


@PATHS
@pytest.mark.parametrize(("kind", "row"), [("给水", MAIN), ("污水", SEWER)])
def test_the_centre_lies_half_the_outer_height_below_the_crown(tmp_path, read, kind, row):
    found = read(tmp_path, kind, [row | both(28.0, CENTRES)])

    half_m = found.lines["outer_height_mm"][0] / 2000
    np.testing.assert_allclose(found.vertices.crown_m, 28.0 + half_m)
    np.testing.assert_allclose(found.vertices.bottom_m, 28.0 - half_m)
    assert found.lines["depth_reference"].tolist() == ["unknown"]


def test_without_a_size_the_centre_tells_no_level(tmp_path):
    unsized = {"管径": "", "材质": "球墨铸铁", "埋设方式": "直埋"}

    found = surveyed(tmp_path, "给水", [unsized | both(28.0, CENTRES)])

    assert np.isnan(found.vertices.crown_m).all()
    assert np.isnan(found.vertices.bottom_m).all()


def test_without_a_wall_the_inside_of_the_crown_tells_no_level(tmp_path):
    unsized = {"管径": "", "材质": "球墨铸铁", "埋设方式": "直埋"}

    found = surveyed(tmp_path, "给水", [unsized | both(28.9, SOFFITS)])

    assert np.isnan(found.vertices.crown_m).all()
    assert np.isnan(found.vertices.bottom_m).all()


def test_the_wall_of_a_soffit_is_as_uncertain_as_that_of_an_invert(tmp_path):
    folders = [tmp_path / name for name in ("top", "bottom")]
    for folder in folders:
        folder.mkdir()
    unknown = {"管径": "ID600", "材质": "", "埋设方式": "直埋"}

    top = surveyed(folders[0], "给水", [unknown | both(28.0, SOFFITS)])
    bottom = surveyed(folders[1], "给水", [unknown | both(27.4, INVERTS)])

    # The same pipe told by either surface: 600 mm of bore between them.
    np.testing.assert_allclose(top.vertices.crown_m, bottom.vertices.crown_m)
    np.testing.assert_allclose(top.lines["sigma_level_m"], bottom.lines["sigma_level_m"], rtol=1e-2)
    wall_sigma_m = top.lines["outer_spread_mm"][0] / 2 / 1000 / 2
    assert top.lines["sigma_level_m"][0] >= wall_sigma_m > 0.01


def test_a_result_table_follows_a_head_that_says_the_other_surface():
    heads = {"top_level_m": "高程(m)/管内顶", "bottom_level_m": "高程(m)/管外底"}
    levels = pd.DataFrame({heads["top_level_m"]: [29.0, None], heads["bottom_level_m"]: [None, 27.0]})
    halves = pd.DataFrame(
        np.nan, index=range(2), columns=["start_level_m", "start_beside_m", "start_level_word"], dtype=object
    )

    table = RawTable("a.xlsx", "R", "xlsx", None, (), tuple(levels), levels, np.arange(2))
    tell_result_words(table, heads, halves)

    assert halves["start_level_m"].tolist() == [29.0, 27.0]
    assert halves["start_level_word"].tolist() == ["inner_top", "outer"]


@PATHS
@pytest.mark.parametrize(("kind", "row", "wall_m"), [("给水", MAIN, 0.041), ("污水", SEWER, 0.2)])
def test_the_inner_bottom_lies_a_wall_above_the_outer_one(tmp_path, read, kind, row, wall_m):
    outside = "起点管外底高程", "终点外底标高"

    found = read(tmp_path, kind, [row | both(27.0, INVERTS), row | both(27.0, outside)])

    np.testing.assert_allclose(found.vertices.bottom_m[::2], [27.0 - wall_m, 27.0])
    assert found.lines["depth_reference"].tolist() == ["invert", "outer_bottom"]


@pytest.mark.parametrize(
    ("kind", "row", "heads", "depth_m", "agrees"),
    [
        ("给水", MAIN, INVERTS, 31.0 - 29.641, True), ("给水", MAIN, INVERTS, 3.4, True), ("给水", MAIN, INVERTS, 2.0, False),
        ("污水", SEWER, CROWNS, 31.0 - 25.4, True), ("污水", SEWER, CROWNS, 4.6, False), ("污水", SEWER, INVERTS, 1.2, False),
    ],
)  # fmt: skip
def test_a_depth_may_be_to_the_side_that_the_level_is_not_of(tmp_path, kind, row, heads, depth_m, agrees):
    delivery = surveyed(tmp_path, kind, [row | both(27.6, heads) | both(round(depth_m, 3), DEPTHS)])

    believed = without_contradicted_levels(delivery, catalogue())

    assert np.isfinite(believed.vertices.crown_m).all() == agrees
    assert np.isfinite(delivery.vertices.crown_m).all()


@PATHS
def test_the_bottom_of_a_sewer_is_its_invert(tmp_path, read):
    found = read(tmp_path, "污水", [SEWER | both(27.0, BEDS)])

    assert found.vertices.bottom_m.max() < 27.0 - 0.1
    assert not [one for one in found.findings if one.code == "R13"]


@pytest.mark.parametrize(
    ("head", "word"),
    [
        ("终点管底标高", "bottom"), ("管内底高程", "inner"), ("invert_level", "inner"), ("管外底高程", "outer"),
        ("沟顶标高(m)", "top"), ("start_crown", "top"), ("stop_level", None), ("管顶(底)高程", None),
        ("井底高程", None), ("管中心高程", "centre"), ("轴线标高", "centre"), ("centre_level", "centre"),
        ("起点高程", None), ("管内顶高程", "inner_top"), ("管顶高程（内）", "inner_top"),
        ("内壁顶标高", "inner_top"), ("start_obvert", "inner_top"), ("soffit_level", "inner_top"),
        ("管外顶高程", "top"), ("管底高程(内)", "inner"), ("管底标高（外）", "outer"),
    ],
)  # fmt: skip
def test_what_a_head_says(head, word):
    assert word_of(head) == word


def test_a_head_mapped_by_hand_keeps_its_word(tmp_path):
    options = SurveyOptions(overrides={"甲管底标高": "start_level_m", "乙管外底标高": "end_level_m"})

    found = surveyed(tmp_path, "给水", [MAIN | {"甲管底标高": 27.6, "乙管外底标高": 27.6}], options)

    assert found.vertices.bottom_m[1] == pytest.approx(27.6)
    assert found.vertices.bottom_m[0] == pytest.approx(27.6 - 0.041 / 2)


@PATHS
def test_two_heads_of_both_words_are_both_used(tmp_path, read):
    agreeing = MAIN | both(29.66, CROWNS) | both(27.6, BEDS)
    contradicting = MAIN | both(29.0, CROWNS) | both(27.6, BEDS)
    lower = MAIN | both(27.6, BEDS)

    found = read(tmp_path, "给水", [agreeing, contradicting, lower])

    crown = found.vertices.crown_m.reshape(3, 2)[:, 0]
    bottom = found.vertices.bottom_m.reshape(3, 2)[:, 0]
    np.testing.assert_allclose(crown, [29.6615, 29.6615, 29.6615], atol=2e-3)
    np.testing.assert_allclose(bottom, [27.578, 29.0 - 2.082, 27.5795], atol=2e-3)
    told = [one for one in found.findings if one.code == "R13" and one.level == "warning"]
    assert [one.row for one in told] == [3 if read is surveyed else 2]
    assert not [one for one in found.findings if one.code == "R02" and "高程" in one.words.zh]


@PATHS
def test_a_depth_without_a_level_keeps_the_rule_of_its_kind(tmp_path, read):
    found = read(tmp_path, "给水", [MAIN | both(1.5, DEPTHS), MAIN | both(27.6, BEDS)])

    np.testing.assert_allclose(found.vertices.crown_m[:2], 29.5)
    assert found.lines["depth_reference"].tolist() == ["crown", "invert"]


@PATHS
@pytest.mark.parametrize("pressure", ["0.3MPa", "压力流", "0.3", 0.3])
def test_a_pressed_sewer_is_measured_to_its_crown(tmp_path, read, pressure):
    found = read(tmp_path, "污水", [SEWER | both(3.0, DEPTHS) | {"压力": pressure}])

    np.testing.assert_allclose(found.vertices.crown_m, GROUND_M - 3.0)


@PATHS
@pytest.mark.parametrize(
    ("pressure", "expected"),
    [
        ("1", None), (1, None), ("1.0MPa", "subhigh_A"), ("高压A", "high_A"), ("中压 A级", "medium_A"), ("300kPa", "medium_A"),
        (0.3, "medium_A"), ("0.3", "medium_A"), ("怪", None), ("MPa", None), ("MPA", None), ("kPa", None),
    ],
)  # fmt: skip
def test_what_a_pressure_of_gas_says(tmp_path, read, pressure, expected):
    row = {"管径": "200", "材质": "钢", "埋设方式": "直埋"} | both(1.5, DEPTHS)

    found = read(tmp_path, "燃气", [row | {"压力": pressure}])

    assert found.lines["pressure_class"].tolist() == [expected]
    unclear = [one for one in found.findings if one.code in ("R05", "R42") and one.value == str(pressure)]
    assert len(unclear) == (expected is None)


@PATHS
@pytest.mark.parametrize(
    ("material", "least_mm", "most_mm"),
    [
        ("PE", 525.0, 643.0),
        ("PVC", 525.0, 643.0),
        ("钢", 508.0, 539.0),
        ("球墨铸铁", 522.0, 542.0),
        ("", 525.0, 650.0),
    ],
)
def test_a_bore_has_its_walls_on_both_sides(tmp_path, read, material, least_mm, most_mm):
    row = {"管径": "ID500", "材质": material, "埋设方式": "直埋"} | both(1.5, DEPTHS)

    found = read(tmp_path, "给水", [row, row | {"管径": "ID500×20"}])

    outer, spread = found.lines["outer_width_mm"], found.lines["outer_spread_mm"]
    assert outer[0] - spread[0] == pytest.approx(least_mm, abs=1.0) or not material
    assert outer[0] - spread[0] > 500
    assert outer[0] + spread[0] == pytest.approx(most_mm, abs=1.0)
    assert (outer[1], spread[1]) == (540.0, 0.0)


@PATHS
@pytest.mark.parametrize(
    ("kind", "material", "section", "least_mm", "most_mm"),
    [
        ("污水", "混凝土", "d1000x100", 1200, 1200), ("污水", "砖", "Φ2000×240", 2480, 2480), ("污水", "钢", "D820×10", 820, 840),
        ("污水", "", "d1000x100", 1000, 1200), ("给水", "混凝土", "d1000x100", 1000, 1200), ("燃气", "钢", "D219×6", 219, 219),
        ("污水", "PE", "De500x20", 500, 500),
    ],
)  # fmt: skip
def test_a_diameter_and_its_wall_is_a_bore_where_sewers_are_told_by_it(
    tmp_path, read, kind, material, section, least_mm, most_mm
):
    row = {"管径": section, "材质": material, "埋设方式": "直埋"} | both(3.0, DEPTHS)

    found = read(tmp_path, kind, [row])

    outer, spread = found.lines["outer_height_mm"][0], found.lines["outer_spread_mm"][0]
    assert (outer - spread, outer + spread) == (least_mm, most_mm)
    if kind == "污水":
        # Bore or outer size, the crown is within two standard deviations of what was told.
        wall_m = {"d1000x100": 0.1, "Φ2000×240": 0.24, "D820×10": 0.01, "De500x20": 0.02}[section]
        highest_m = GROUND_M - 3.0 - wall_m + most_mm / 1000
        told_m = found.vertices.crown_m[0] + 2 * found.lines["sigma_level_m"][0]
        assert told_m >= highest_m - 1e-9


_HEADS = [DEPTHS, BEDS, CROWNS, ("起点高程", "终点高程")]
_SECTIONS = ["DN600", "De630", "ID600", "d600x50", "900X600", "600", "怪", ""]
_AGREE = [
    "kind", "material", "burial", "shape", "nominal_width_mm", "outer_width_mm", "outer_height_mm", "outer_spread_mm",
    "outer_is_assumed", "pressure_class", "voltage_kv", "depth_reference",
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "material", "conditions"),
    [
        ("给水", "球墨铸铁", {}), ("给水", "PE", {}), ("污水", "混凝土", {}), ("污水", "PE", {"压力": "0.3MPa"}),
        ("雨水", "", {}), ("燃气", "钢", {"压力": "中压A"}), ("燃气", "PE", {"压力": "1"}), ("燃气", "", {"压力(kPa)": "300"}),
        ("热力", "钢", {}), ("电力", "铜", {"电压": "10kV"}), ("电力", "", {"电压": "380"}), ("电力", "", {"电压": "220"}),
        ("通信", "光纤", {}), ("工业", "钢", {}), ("综合管沟", "砖", {}),
    ],
)  # fmt: skip
def test_both_paths_agree(tmp_path, kind, material, conditions):
    rows = [
        {"管径": section, "材质": material, "埋设方式": burial, **conditions, **both(value, heads)}
        for heads, value in zip(_HEADS, (2.5, 28.0, 28.0, 28.0), strict=True)
        for section in _SECTIONS
        for burial in ("直埋", "管沟", "管块")
    ]
    rows += [{"管径": "DN600", "材质": material, **conditions, **both(29.0, CROWNS), **both(28.0, BEDS)}]

    tables, features = surveyed(tmp_path, kind, rows), drawn(tmp_path, kind, rows)

    assert tables.lines["kind"].notna().all()
    # One figure is no size of a channel or block, and of such neither crown nor bottom may follow.
    assert np.isfinite(tables.vertices.crown_m).mean() > 0.15
    for name in _AGREE:
        mine, theirs = tables.lines[name].astype(object), features.lines[name].astype(object)
        differs = ~((mine == theirs) | (mine.isna() & theirs.isna())).to_numpy()
        told = [(rows[at], mine[at], theirs[at]) for at in np.flatnonzero(differs)]
        assert not told, (name, told[:3])
    np.testing.assert_allclose(tables.vertices.crown_m, features.vertices.crown_m, atol=1e-9)
    np.testing.assert_allclose(tables.vertices.bottom_m, features.vertices.bottom_m, atol=1e-9)
    assert [one.code for one in tables.findings if one.code == "R13"] == [
        one.code for one in features.findings if one.code == "R13"
    ]
