"""A delivery comes back from its file as it was: unknown stays unknown, dates stay dates."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from tests.deliveries import a_delivery, set_cell
from xzgis.networks.rules.delivery_file import read_delivery, read_facts, write_delivery
from xzgis.networks.terms import DeliveredFile
from xzgis.spatial.crs import CrsDecision, Displacement


def told(points: pd.DataFrame, lines: pd.DataFrame) -> None:
    set_cell(points, 0, is_visible=True, ground_m=np.nan, surveyed_on=date(2022, 9, 5), owner="水务集团")
    set_cell(lines, 1, start_depth_m=np.nan, built_on=date(1999, 12, 31), attributes='{"备注": "甲"}')


def test_frames_levels_and_facts_come_back(tmp_path: Path) -> None:
    delivery = replace(
        a_delivery(told),
        files=(DeliveredFile("甲.csv", "csv", "gb18030", 3, 3, 0, {"WS": 60.0}),),
        facts={"columns": {"甲.csv": {"point_no": "点号"}}},
    )

    write_delivery(delivery, tmp_path / "kept")
    back = read_delivery(tmp_path / "kept")

    pd.testing.assert_frame_equal(back.points, delivery.points)
    pd.testing.assert_frame_equal(back.lines, delivery.lines)
    for name in ("offset", "xy_m", "crown_m", "bottom_m", "ground_m"):
        np.testing.assert_array_equal(getattr(back.vertices, name), getattr(delivery.vertices, name))
    assert back.files == delivery.files
    assert read_facts(tmp_path / "kept") == delivery.facts == back.facts
    assert not list(tmp_path.glob("*.part"))


def test_a_displaced_place_stays_marked(tmp_path: Path) -> None:
    moved = CrsDecision(decided="EPSG:4548", how="displaced", displaced=Displacement("EPSG:28992", 1.0, 2.0))

    write_delivery(replace(a_delivery(), crs=moved), tmp_path / "kept")

    assert read_delivery(tmp_path / "kept").crs.displaced == Displacement("EPSG:28992", 1.0, 2.0)
