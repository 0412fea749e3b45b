"""A duct bank is never one pipe, and insulation is never left off a heat pipe."""

import numpy as np
import pandas as pd
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.levels import Envelopes, end_levels, level_sigma_m, outer_envelopes
from xzgis.networks.rules.sections import parse_sections

TOP = np.array(["outer_top"], dtype=object)


def envelope(
    text: str, *, kind: str, burial: str | None = None, holes: float = np.nan, material: str = "pvc"
) -> Envelopes:
    read = parse_sections(pd.Series([text]))
    lines = pd.DataFrame(
        {
            "kind": [kind], "material": [material], "burial": [burial], "shape": read.shape, "holes_total": [holes],
            "nominal_width_mm": read.width_mm, "nominal_height_mm": read.height_mm,
        }
    )  # fmt: skip
    known = catalogue()
    return outer_envelopes(
        lines, kinds=known.kinds, sizes=known.outer_sizes, says=read.says, given_wall_mm=read.wall_mm
    )


def bounds_mm(one: Envelopes) -> tuple[float, float]:
    """Least and most of the outer height, as the register holds it: the spread of a line is twice that of its wall."""
    spread = 2 * float(np.nan_to_num(one.spread_mm)[0])
    return float(one.height_mm[0]) - spread, float(one.height_mm[0]) + spread


@pytest.mark.parametrize(
    ("text", "kind", "burial", "holes", "least", "most"),
    [
        pytest.param("Φ110×6", "telecom", "duct_block", np.nan, 110, 6 * 171 + 300, id="six ducts"),
        pytest.param("Φ110×20", "telecom", "duct_block", np.nan, 110, 20 * 171 + 300, id="twenty ducts"),
        pytest.param("Φ150×4", "power", "conduit", np.nan, 150, 4 * 215 + 300, id="four conduits"),
        pytest.param(
            "110", "telecom", "duct_block", 36.0, 110, 5000, id="36 holes, as wide as the kind can be"
        ),
        pytest.param("Φ110×6", "telecom", "duct_block", 12.0, 110, 12 * 171 + 300, id="the more of both"),
    ],
)
def test_ducts_lie_between_one_and_all_in_a_row(
    text: str, kind: str, burial: str, holes: float, least: float, most: float
) -> None:
    found = envelope(text, kind=kind, burial=burial, holes=holes)

    assert bounds_mm(found)[0] <= least
    # The table's own spread of a duct may widen it.
    assert bounds_mm(found)[1] == pytest.approx(most, rel=0.01)


def test_the_far_side_of_a_bank_has_no_level_and_the_top_keeps_its_accuracy() -> None:
    found = envelope("110", kind="telecom", burial="duct_block", holes=36.0)

    levels = end_levels(np.array([29.8]), TOP, found)

    assert (levels.crown_m[0], np.isnan(levels.bottom_m[0])) == (29.8, True)
    assert level_sigma_m(np.array([0.1]), found, TOP) == pytest.approx([0.1])


@pytest.mark.parametrize(
    ("text", "kind", "burial", "holes"),
    [
        pytest.param("600X400", "telecom", "duct_block", 12.0, id="the block itself is told"),
        pytest.param("600X600", "telecom", "duct_block", 12.0, id="a square block"),
        pytest.param("D219×6", "gas", "direct_buried", np.nan, id="a wall of steel"),
        pytest.param("D820×8", "water", "direct_buried", np.nan, id="a thin wall of wide steel"),
        pytest.param("300", "water", "direct_buried", 4.0, id="holes of no bank"),
    ],
)
def test_what_is_told_as_one_stays_one(text: str, kind: str, burial: str, holes: float) -> None:
    assert envelope(text, kind=kind, burial=burial, holes=holes, material="steel").pieces.tolist() == [0]


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        pytest.param("D325×8", 375, 475, id="insulation of 50 mm comes to the steel"),
        pytest.param("D108×4", 128, 228, id="of a thin pipe"),
        pytest.param("D325×2", 375, 2 * (1.1 * 425 + 300) + 300, id="twin mains, no wall of 2 mm"),
    ],
)
def test_a_heat_pipe_told_by_its_steel_has_its_jacket(text: str, least: float, most: float) -> None:
    found = envelope(text, kind="heat", burial="direct_buried", material="steel")

    assert bounds_mm(found)[0] == pytest.approx(least, abs=15)
    assert bounds_mm(found)[1] == pytest.approx(most, abs=15)
    assert found.assumed.tolist() == [True]
