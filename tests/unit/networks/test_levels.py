"""Crown and bottom of the outer envelope, by hand arithmetic."""

import numpy as np
import pandas as pd
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.catalogue.rules import outer_size
from xzgis.catalogue.terms import NetworkKind, OuterSize
from xzgis.networks.rules.levels import (
    Envelopes,
    depth_references,
    end_levels,
    level_meaning,
    level_sigma_m,
    outer_envelopes,
    reference_levels,
)

BURIED = np.array([False])


def an_envelope(*, height_mm: float, wall_mm: float, spread_mm: float = 0.0) -> Envelopes:
    return Envelopes(
        width_mm=np.array([height_mm]),
        height_mm=np.array([height_mm]),
        wall_mm=np.array([wall_mm]),
        spread_mm=np.array([spread_mm]),
        assumed=np.array([True]),
        pieces=np.zeros(1),
        is_open=np.zeros(1, dtype=np.bool_),
        is_part=np.zeros(1, dtype=np.bool_),
    )


def levels_of(reference: str, *, ground_m: float, depth_m: float, envelope: Envelopes) -> tuple[float, float]:
    level = reference_levels(np.array([ground_m]), np.array([depth_m]), np.array([np.nan]), overhead=BURIED)
    found = end_levels(level, np.array([reference], dtype=object), envelope)
    return float(found.crown_m[0]), float(found.bottom_m[0])


def test_a_sewer_is_measured_to_its_inner_invert() -> None:
    # Concrete DN600, wall 60: outer 720. Ground 12.83, depth 7.16: invert 5.67.
    # Bottom 5.67 - 0.06 = 5.61, crown 5.61 + 0.72 = 6.33.
    crown, bottom = levels_of(
        "invert", ground_m=12.83, depth_m=7.16, envelope=an_envelope(height_mm=720, wall_mm=60)
    )

    assert crown == pytest.approx(6.33)
    assert bottom == pytest.approx(5.61)


def test_a_pressure_pipe_is_measured_to_its_outer_crown() -> None:
    # Cast iron DN200, outer 224. Ground 12.205, depth 2.16: crown 10.045, bottom 9.821.
    crown, bottom = levels_of(
        "crown", ground_m=12.205, depth_m=2.16, envelope=an_envelope(height_mm=224, wall_mm=12)
    )

    assert crown == pytest.approx(10.045)
    assert bottom == pytest.approx(9.821)


def test_a_trench_is_measured_to_its_inner_bottom() -> None:
    # 800 X 1000 inside, walls 150. Ground 12.369, depth 1.28: inner bottom 11.089.
    # Bottom 11.089 - 0.15 = 10.939, crown 10.939 + 1.3 = 12.239.
    trench = an_envelope(height_mm=1300, wall_mm=150)

    crown, bottom = levels_of("inner_bottom", ground_m=12.369, depth_m=1.28, envelope=trench)

    assert crown == pytest.approx(12.239)
    assert bottom == pytest.approx(10.939)


def test_a_duct_bank_is_measured_to_its_outer_top() -> None:
    # Block 300 X 150. Ground 12.369, depth 0.4: top 11.969, bottom 11.819.
    crown, bottom = levels_of(
        "outer_top", ground_m=12.369, depth_m=0.4, envelope=an_envelope(height_mm=150, wall_mm=0)
    )

    assert crown == pytest.approx(11.969)
    assert bottom == pytest.approx(11.819)


def test_an_unknown_size_leaves_the_far_side_unknown() -> None:
    unknown = an_envelope(height_mm=np.nan, wall_mm=np.nan)

    crown, bottom = levels_of("crown", ground_m=10.0, depth_m=1.0, envelope=unknown)

    assert crown == pytest.approx(9.0)
    assert np.isnan(bottom)


def test_an_unknown_reference_or_depth_leaves_both_unknown() -> None:
    known = an_envelope(height_mm=200, wall_mm=5)

    assert all(np.isnan(levels_of("unknown", ground_m=10.0, depth_m=1.0, envelope=known)))
    assert all(np.isnan(levels_of("crown", ground_m=10.0, depth_m=np.nan, envelope=known)))


def test_a_recorded_level_goes_before_ground_less_depth() -> None:
    level = reference_levels(np.array([10.0]), np.array([1.0]), np.array([8.95]), overhead=BURIED)

    assert level[0] == 8.95


def test_an_assumed_wall_widens_the_level() -> None:
    measured = np.array([0.1])
    envelope = an_envelope(height_mm=720, wall_mm=60, spread_mm=20)

    to_invert = level_sigma_m(measured, envelope, np.array(["invert"], dtype=object))
    to_crown = level_sigma_m(measured, envelope, np.array(["crown"], dtype=object))

    assert to_invert[0] == pytest.approx(np.hypot(0.1, 0.01))
    assert to_crown[0] == pytest.approx(np.hypot(0.1, 0.02))


SEWER = NetworkKind(
    token="drainage_foul", zh="污水", en="foul", order=1, rule_kind="drainage", flow="gravity",
    depth_reference="invert", code="WS",
)  # fmt: skip
POWER = NetworkKind(
    token="power",
    zh="电力",
    en="power",
    order=2,
    rule_kind="power",
    flow="cable",
    depth_reference="outer_top",
    code="DL",
)
KINDS = {"drainage_foul": SEWER, "power": POWER}


@pytest.mark.parametrize(
    ("kind", "burial_reference", "pressed", "expected"),
    [
        ("drainage_foul", None, False, "invert"),
        ("drainage_foul", None, True, "crown"),
        ("drainage_foul", "inner_bottom", False, "inner_bottom"),
        ("drainage_foul", "outer_top", False, "invert"),
        ("power", None, False, "outer_top"),
        ("power", "inner_bottom", False, "inner_bottom"),
        ("no_such_kind", None, False, "unknown"),
    ],
)
def test_what_a_depth_is_measured_to(
    kind: str, burial_reference: str | None, pressed: bool, expected: str
) -> None:
    references = depth_references(
        pd.DataFrame({"kind": [kind]}),
        kinds=KINDS,
        burial_reference=np.array([burial_reference], dtype=object),
        is_pressed=np.array([pressed]),
    )

    assert references.tolist() == [expected]


def test_outer_size_takes_the_row_nearest_to_the_line() -> None:
    sizes = (
        OuterSize(kind="any", nominal_mm_from=1, nominal_mm_to=9000, nominal_is="nominal", wall_ratio=0.05, source="t"),
        OuterSize(kind="drainage", material="concrete", nominal_mm_from=1, nominal_mm_to=9000, nominal_is="inner",
                  wall_ratio=0.1, wall_spread_mm=20, source="t"),
        OuterSize(kind="power", burial="channel", nominal_mm_from=1, nominal_mm_to=9000, nominal_is="inner",
                  wall_mm=150, source="t"),
    )  # fmt: skip
    lines = pd.DataFrame(
        {
            "kind": ["drainage_foul", "power", "drainage_foul"],
            "material": ["concrete", "concrete", None],
            "burial": [None, "channel", None],
            "shape": [None, "rectangle", None],
            "nominal_width_mm": [600.0, 800.0, np.nan],
            "nominal_height_mm": [600.0, 1000.0, np.nan],
        }
    )

    found = outer_envelopes(
        lines,
        kinds=KINDS,
        sizes=sizes,
        says=np.array(["nominal"] * 3, dtype=object),
        given_wall_mm=np.full(3, np.nan),
    )

    np.testing.assert_allclose(found.width_mm, [720, 1100, np.nan])
    np.testing.assert_allclose(found.height_mm, [720, 1300, np.nan])


def test_a_line_of_the_register_is_as_wide_as_a_new_one_of_the_same_size() -> None:
    """The same row decides for both, also at the ends of its range."""
    known = catalogue()
    asked = [
        (
            size.kind if size.kind in known.kinds else "water",
            size.material or None,
            size.burial or None,
            nominal,
        )
        for size in known.outer_sizes
        for nominal in (size.nominal_mm_from, size.nominal_mm_to - 0.1, size.nominal_mm_to)
    ]
    lines = pd.DataFrame(asked, columns=["kind", "material", "burial", "nominal_width_mm"])
    # As width and height: of a channel and a block one figure alone would be no size of theirs.
    lines["nominal_height_mm"], lines["shape"] = lines["nominal_width_mm"], "rectangle"

    found = outer_envelopes(
        lines, kinds=known.kinds, sizes=known.outer_sizes,
        says=np.full(len(lines), "nominal", dtype=object), given_wall_mm=np.full(len(lines), np.nan),
    )  # fmt: skip

    planned = [
        outer_size(known, kind=kind, nominal_mm=nominal, material=material, burial=burial)
        for kind, material, burial, nominal in asked
    ]
    assert len(planned) > 300
    np.testing.assert_allclose(found.width_mm, [np.nan if one is None else one.outer_mm for one in planned])
    np.testing.assert_allclose(
        2 * found.spread_mm, [0.0 if one is None else one.spread_mm for one in planned]
    )


def test_level_columns_that_equal_the_ground_are_recognised() -> None:
    ground, depth = np.array([12.2, 12.5, 13.0]), np.array([1.0, 2.0, 0.05])

    assert level_meaning(ground, depth, ground).meaning == "ground"
    assert level_meaning(ground, depth, ground - depth).meaning == "pipe"
    assert level_meaning(ground, depth, np.array([12.2, 10.5, 13.0])).meaning == "unclear"
    assert level_meaning(ground, depth, np.full(3, np.nan)).meaning == "none"


@pytest.mark.parametrize(
    ("ground", "depth", "level", "meaning"),
    [
        ([30.0] * 3, [np.nan] * 3, [30.0, 30.01, 30.0], "ground"),
        ([30.0] * 3, [np.nan] * 3, [30.0, 28.5, 30.0], "unclear"),
        ([30.0] * 3, [np.nan] * 3, [28.5] * 3, "pipe"),
        ([np.nan] * 3, [1.2] * 3, [30.0] * 3, "unproven"),
        ([np.nan] * 3, [np.nan] * 3, [30.0] * 3, "pipe"),
    ],
)
def test_levels_that_lack_ground_or_depth_are_believed_only_where_they_cannot_be_the_ground(
    ground, depth, level, meaning
):
    assert level_meaning(np.array(ground), np.array(depth), np.array(level)).meaning == meaning


@pytest.mark.parametrize(
    ("depth_m", "recorded_m", "expected_m"),
    [
        pytest.param(0.0, np.nan, np.nan, id="0 says no height"),
        pytest.param(1.2, np.nan, np.nan, id="a height without its sign is no depth"),
        pytest.param(np.nan, np.nan, np.nan, id="nothing told"),
        pytest.param(-6.0, np.nan, 37.0, id="six metres up"),
        pytest.param(0.0, 38.5, 38.5, id="a recorded level counts"),
    ],
)
def test_an_overhead_line_never_lies_on_the_ground(
    depth_m: float, recorded_m: float, expected_m: float
) -> None:
    level = reference_levels(
        np.array([31.0]), np.array([depth_m]), np.array([recorded_m]), overhead=np.array([True])
    )

    assert level == pytest.approx([expected_m], nan_ok=True)
