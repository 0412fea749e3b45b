"""Makers of deliveries: a sound one, to be spoilt in one place by the test that is about it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tests.factories import EAST_M, NORTH_M
from xzgis.networks.terms import (
    LINE_COLUMNS,
    POINT_COLUMNS,
    Delivery,
    Vertices,
    conformed,
    empty_lines,
    empty_points,
)
from xzgis.spatial.crs import CrsDecision

STEP_M = 30.0
GROUND_M = 30.0
Spoil = Callable[[pd.DataFrame, pd.DataFrame], Any]


def a_delivery(spoil: Spoil | None = None, *, points: int = 3, intake: str = "cn_survey") -> Delivery:
    """A foul sewer W1–W2–…, 30 m apart eastward, falling 0.10 m a stretch, with manholes 3 m deep.

    ``spoil`` changes the frames of points and lines; levels are derived from them afterwards: bottom of the
    outer envelope = ground - depth - 0.06 m, crown 0.72 m above it. Sound without ``spoil``.
    """
    nodes, lines = _points(points), _lines(points - 1)
    if spoil is not None:
        spoil(nodes, lines)
    return Delivery(
        intake=intake,
        files=(),
        crs=CrsDecision(decided="EPSG:4548", how="given"),
        points=conformed(nodes, POINT_COLUMNS),
        lines=conformed(lines, LINE_COLUMNS),
        vertices=_vertices(nodes, lines),
        findings=(),
    )


def _points(count: int) -> pd.DataFrame:
    frame = empty_points(count)
    index = np.arange(count)
    east, north = EAST_M + STEP_M * index, np.full(count, NORTH_M)
    told: dict[str, Any] = {
        "file": "WSPOINT.csv", "row": index + 2, "code": "WS", "kind": "drainage_foul",
        "point_no": [f"W{number}" for number in index + 1], "x_raw": north, "y_raw": east, "east_m": east,
        "north_m": north, "ground_m": GROUND_M, "appurtenance": "manhole", "chamber_depth_m": 3.0,
        "accuracy_class": "visible_point", "sigma_plan_m": 0.05, "sigma_level_m": 0.05, "life_state": "built",
    }  # fmt: skip
    return frame.assign(**told)


def _lines(count: int) -> pd.DataFrame:
    frame = empty_lines(count)
    index = np.arange(count)
    told: dict[str, Any] = {
        "file": "WSLINE.csv", "row": index + 2, "code": "WS", "kind": "drainage_foul",
        "label": [f"W{number}-W{number + 1}" for number in index + 1],
        "from_no": [f"W{number}" for number in index + 1], "to_no": [f"W{number}" for number in index + 2],
        "from_point": index, "to_point": index + 1, "start_depth_m": 2.0 + 0.1 * index,
        "end_depth_m": 2.1 + 0.1 * index, "depth_reference": "invert", "section_text": "600", "shape": "circle",
        "nominal_width_mm": 600.0, "nominal_height_mm": 600.0, "outer_width_mm": 720.0, "outer_height_mm": 720.0,
        "outer_spread_mm": 0.0, "material": "concrete", "burial": "direct", "flow": 1, "life_state": "built",
        "accuracy_class": "visible_point", "sigma_plan_m": 0.05, "sigma_level_m": 0.05,
    }  # fmt: skip
    return frame.assign(**told)


def _vertices(points: pd.DataFrame, lines: pd.DataFrame) -> Vertices:
    ends = lines[["from_point", "to_point"]].to_numpy(np.int64)
    placed = (ends >= 0).all(axis=1)
    used = ends[placed].ravel()
    ground = points["ground_m"].to_numpy(np.float64)[used]
    depth = lines[["start_depth_m", "end_depth_m"]].to_numpy(np.float64)[placed].ravel()
    bottom = ground - depth - 0.06
    return Vertices(
        offset=np.concatenate([[0], np.cumsum(np.where(placed, 2, 0))]).astype(np.int64),
        xy_m=points[["east_m", "north_m"]].to_numpy(np.float64)[used],
        crown_m=bottom + 0.72,
        bottom_m=bottom,
        ground_m=ground,
    )


def set_cell(frame: pd.DataFrame, row: int, **values: Any) -> None:
    """Change some cells of one row of a frame, in place."""
    for name, value in values.items():
        frame.loc[row, name] = value


def codes_of(findings: Sequence[Any]) -> list[str]:
    """The codes of findings, in their order."""
    return [one.code for one in findings]
