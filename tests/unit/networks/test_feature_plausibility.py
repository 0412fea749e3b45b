"""Sizes, levels and straight pieces of drawn lines that cannot be meant: told, and never used as they stand."""

import numpy as np
import pytest
import shapely

from tests.unit.networks.test_features import a_file, a_layer, a_line, delivered
from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.checks import check_delivery
from xzgis.networks.rules.checks.levels import without_contradicted_levels
from xzgis.networks.terms import Delivery, IntakeFinding


def water(shape: shapely.Geometry | None = None, **columns: object) -> Delivery:
    layer = a_layer(
        "给水", [shape or a_line((0, 0), (10, 0))], **{name: [one] for name, one in columns.items()}
    )
    fields = {name: {"column": name} for name in columns}
    mapping = {"layers": {"给水": {"role": "lines", "kind": "water", "fields": fields}}}
    return delivered(a_file(layer), catalogue(), mapping)


def told(delivery: Delivery, code: str) -> list[IntakeFinding]:
    found = (*delivery.findings, *check_delivery(delivery, catalogue()))
    return [one for one in found if one.code == code]


@pytest.mark.parametrize("diameter", [0.3, 3.0, 60_000.0])
def test_a_diameter_of_another_unit_is_told_and_unknown(diameter: float) -> None:
    found = water(diameter_mm=diameter)

    (one,) = told(found, "R04")
    assert (one.level, one.file, one.sheet, one.row, one.field, one.value) == (
        "warning", "delivered.gpkg", "给水", 1, "section", f"{diameter:g}",
    )  # fmt: skip
    assert found.lines[["nominal_width_mm", "outer_width_mm"]].isna().all(axis=None)
    assert found.lines["shape"].isna().all()


@pytest.mark.parametrize("diameter", [20.0, 300.0, 3000.0])
def test_a_diameter_of_its_kind_is_used(diameter: float) -> None:
    found = water(diameter_mm=diameter)

    assert told(found, "R04") == []
    assert found.lines["nominal_width_mm"].tolist() == [diameter]


def test_a_section_nobody_understands_is_told() -> None:
    found = water(section="三百")

    assert [(one.level, one.value) for one in told(found, "R04")] == [("warning", "三百")]
    assert found.lines["nominal_width_mm"].isna().all()


@pytest.mark.parametrize(("level", "is_odd"), [(33.5, False), (34.7, False), (3.35, True), (335.0, True)])
def test_a_level_told_alone_must_lie_under_the_ground(level: float, is_odd: bool) -> None:
    found = water(start_level_m=level, start_ground_m=35.0, diameter_mm=300.0)

    assert [(one.level, one.field) for one in told(found, "S16")] == [("warning", "start_level_m")] * is_odd
    crown = without_contradicted_levels(found, catalogue()).vertices.crown_m
    assert np.isnan(crown[0]) == is_odd


def test_a_raised_line_may_lie_above_the_ground() -> None:
    assert told(water(start_level_m=41.0, start_ground_m=35.0, burial="架空"), "S16") == []


def test_a_vertex_elsewhere_makes_a_long_straight_piece() -> None:
    strays = told(water(a_line((0, 0), (10, 0), (600, 0), (20, 0))), "S17")

    assert [(one.level, one.row, one.field, one.value) for one in strays] == [
        ("warning", 1, "length_m", "590.00")
    ]
    assert told(water(a_line(*((step * 70.0, 0.0) for step in range(9)))), "S17") == []


def test_of_many_long_pieces_the_longest_are_named_and_all_are_counted() -> None:
    lines = [a_line((0, 20 * at), (100 + at, 20 * at)) for at in range(30)]
    found = told(delivered(a_file(a_layer("给水", lines)), catalogue()), "S17")

    assert [one.value for one in found] == [f"{100 + at:.2f}" for at in range(29, 9, -1)]
    assert "30 条" in found[0].words.zh


def test_levels_drawn_from_an_unbelievable_end_are_unknown_too() -> None:
    # 120 was meant as centimetres: half way the line would have lain 60 m deep.
    found = water(
        a_line((0, 0), (10, 0), (20, 0)),
        start_depth_m=120.0,
        end_depth_m=1.2,
        start_ground_m=35.0,
        end_ground_m=35.0,
    )
    assert np.isfinite(found.vertices.crown_m).all()

    crown = without_contradicted_levels(found, catalogue()).vertices.crown_m

    assert np.isnan(crown).tolist() == [True, True, False]


FAR = (0, 0), (60, 0), (120, 0)
DEPTHS = {"start_depth_m": 1.2, "end_depth_m": 1.2, "start_ground_m": 35.0, "end_ground_m": 33.0}


@pytest.mark.parametrize(
    ("axis", "columns", "crown_m", "ground_m"),
    [
        pytest.param(((0, 0), (40, 0), (75, 0)), DEPTHS, 32.733, 33.933, id="75 m: as a survey"),
        pytest.param(FAR, DEPTHS, None, None, id="120 m: the ground between is a guess"),
        pytest.param(
            FAR, DEPTHS | {"start_level_m": 33.9, "end_level_m": 31.9}, 32.9, None, id="straight by its own levels"
        ),
        pytest.param(
            FAR, DEPTHS | {"start_level_m": 33.8, "end_level_m": 31.8}, None, None, id="levels that are ground less depth"
        ),
        pytest.param(FAR, DEPTHS | {"start_level_m": 33.8}, None, None, id="level told at one end alone"),
    ],
)  # fmt: skip
def test_between_depths_far_apart_nothing_is_known(axis, columns, crown_m, ground_m) -> None:
    found = water(a_line(*axis), diameter_mm=300.0, **columns)

    crown, ground = found.vertices.crown_m, found.vertices.ground_m
    assert np.isnan(crown).tolist() == [crown_m is None] * 3
    assert crown_m is None or crown[1] == pytest.approx(crown_m, abs=1e-3)
    assert np.isnan(ground).tolist() == [False, ground_m is None, False]
    assert ground_m is None or ground[1] == pytest.approx(ground_m, abs=1e-3)
    asked = [one for one in found.findings if one.code == "R51"]
    assert [(one.level, one.sheet, one.row) for one in asked] == [("warning", "给水", 1)] * (crown_m is None)
    assert found.lines["start_depth_m"].tolist() == [1.2]  # what was told stays
