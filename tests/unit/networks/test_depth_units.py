"""Depths of a whole table in another unit are asked about; deep lines that say so are not."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.deliveries import GROUND_M, a_delivery
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.rules.unread import errors_among
from xzgis.networks.rules.checks import check_delivery
from xzgis.networks.rules.checks.units import without_doubted_levels
from xzgis.networks.terms import IntakeFinding


def told(*, points: int = 6, intake: str = "cn_survey", **facts: Any) -> list[IntakeFinding]:
    """What is asked of a table of water mains whose lines all have ``facts``."""

    def spoil(nodes: pd.DataFrame, lines: pd.DataFrame) -> None:
        nodes["kind"] = lines["kind"] = "water"
        for name, value in facts.items():
            lines[name] = value

    delivery = a_delivery(spoil, points=points, intake=intake)
    found = check_delivery(delivery, catalogue())
    asked = [one for one in found if one.code == "R50"]
    # What is asked at the intake keeps a check beside files from going on.
    assert [one for one in errors_among(delivery, found) if one.code == "R50"] == asked
    # Nor does anything count as deep enough because of it.
    believed = without_doubted_levels(delivery, catalogue()).vertices
    assert np.isfinite(delivery.vertices.crown_m).any()
    assert np.isfinite(believed.crown_m).any() == np.isfinite(believed.bottom_m).any() == (not asked)
    return asked


def test_decimetres_of_a_water_main_are_asked_about() -> None:
    (found,) = told(start_depth_m=12.0, end_depth_m=11.0)

    assert (found.level, found.file, found.row, found.field, found.value) == (
        "warning",
        "WSLINE.csv",
        2,
        "start_depth_m",
        "12.0",
    )
    assert "中位数为 11.5 m" in found.words.zh
    assert "dm" in found.remedy.zh


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"start_depth_m": 1.2, "end_depth_m": 1.3}, id="metres"),
        pytest.param(
            {"start_depth_m": [12.0, 12.0, 1.2, 1.2, 1.2], "end_depth_m": [12.0, 12.0, 1.2, 1.2, 1.2]}, id="two of five"
        ),
        pytest.param({"start_depth_m": 12.0, "end_depth_m": 11.0, "burial": "jacked"}, id="drilled"),
        pytest.param({"start_depth_m": 8.0, "end_depth_m": 8.0, "kind": "drainage_foul"}, id="a deep sewer"),
        pytest.param({"start_depth_m": 12.0, "end_depth_m": 12.0, "kind": "utility_tunnel"}, id="a tunnel"),
        pytest.param(
            {
                "start_depth_m": 12.0, "end_depth_m": 12.0, "start_level_m": GROUND_M - 12, "end_level_m": GROUND_M - 12,
            },
            id="levels confirm it",
        ),
        pytest.param({"start_depth_m": 12.0, "end_depth_m": 12.0, "points": 3}, id="two lines across a river"),
        pytest.param({"start_depth_m": 12.0, "end_depth_m": 12.0, "intake": "xzgis_register"}, id="our own export"),
    ],
)  # fmt: skip
def test_what_may_be_so_deep_is_not(facts: dict[str, Any]) -> None:
    assert told(**facts) == []


def test_decimetres_of_a_sewer_are_asked_about() -> None:
    assert len(told(start_depth_m=13.0, end_depth_m=12.0, kind="drainage_storm")) == 1


@pytest.mark.parametrize("kind", [None, "unknown"])
@pytest.mark.parametrize(
    ("depth_m", "is_asked"), [(9.9, False), (12.0, True), (120.0, True)], ids=["deep sewer", "dm", "cm"]
)
def test_depths_of_lines_of_unknown_kind_are_asked_about_by_the_widest_limit(
    kind: str | None, depth_m: float, is_asked: bool
) -> None:
    asked = told(start_depth_m=depth_m, end_depth_m=depth_m, kind=kind)

    assert [one.words.zh.split("埋深")[0] for one in asked] == ["本表不明"] * is_asked
