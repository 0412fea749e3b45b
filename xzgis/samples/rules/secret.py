"""A military cable through one block of the district, and a work that meets it. Nothing of it is real.

It comes as a delivery of its own: what is told of the surveyed ground of a delivery is as secret as the lines in it.
"""

from typing import Any

import numpy as np

from xzgis.samples.rules.layout import ground_m
from xzgis.samples.terms import MARK, Layout, Sample

OWNER = f"样例驻军{MARK}"
REASON = f"军事设施{MARK}"
GRADE = 2
BATCH_NAME = f"样例专用线{MARK}"
WORK_NAME = "power_beside_secret"
WIDTH_MM, DEPTH_M, WORK_DEPTH_M = 160.0, 1.2, 1.3
#: From the middle of the streets to where the cable begins and ends: no lateral reaches so far.
INSET_M, WORK_HALF_M = 35.0, 15.0


def block_of(layout: Layout) -> tuple[float, float, float, float]:
    """West, south, east, north of the block in the middle of the district, to the middles of its streets."""
    i, j = (len(layout.east_m) - 1) // 2, (len(layout.north_m) - 1) // 2
    return (
        float(layout.east_m[i]), float(layout.north_m[j + 1]),
        float(layout.east_m[i + 1]), float(layout.north_m[j]),
    )  # fmt: skip


def secret_of(layout: Layout) -> dict[str, Any]:
    """The cable as two runs between three points: rows of the register, places in EPSG:4548, metres."""
    west, south, east, north = block_of(layout)
    middle = (south + north) / 2
    corners = ((west + INSET_M, middle - 6.0), ((west + east) / 2, middle), (east - INSET_M, middle + 4.0))
    places = [(round(x, 3), round(y, 3)) for x, y in corners]
    ground = [_ground(layout, place) for place in places]
    facts = {
        "code": "JY", "kind": "telecom", "owner": OWNER, "life_state": "built", "accuracy_class": "as_built",
        "sigma_plan_m": 0.05, "sigma_level_m": 0.05,
    }  # fmt: skip
    nodes = [
        {**facts, "point_no": f"JY{at + 1}", "place": place, "ground_m": ground[at], "is_visible": False}
        for at, place in enumerate(places)
    ]
    size = {f"{which}_{side}_mm": WIDTH_MM for which in ("nominal", "outer") for side in ("width", "height")}
    runs = [
        {
            **facts, **size, "label": f"JY-{at + 1}", "from_node": at, "to_node": at + 1,
            "axis": [places[at], places[at + 1]], "shape": "circle", "outer_spread_mm": 4.0,
            "outer_is_assumed": False, "material": "pvc", "burial": "conduit", "depth_reference": "outer_top",
            "start_depth_m": DEPTH_M, "end_depth_m": DEPTH_M, "ground_m": ground[at : at + 2],
            "crown_m": [round(level - DEPTH_M, 3) for level in ground[at : at + 2]],
            "bottom_m": [round(level - DEPTH_M - WIDTH_MM / 1000, 3) for level in ground[at : at + 2]],
        }
        for at in range(2)
    ]  # fmt: skip
    return {"invented": True, "name": BATCH_NAME, "grade": GRADE, "owner": OWNER, "reason": REASON,
            "nodes": nodes, "runs": runs}  # fmt: skip


def work_beside_secret(sample: Sample) -> dict[str, Any]:
    """A power conduit that crosses the cable in its own depth."""
    west, south, east, north = block_of(sample.layout)
    x, middle = round((west + east) / 2 + 8.0, 3), (south + north) / 2
    axis = [(x, round(middle + step, 3)) for step in (-WORK_HALF_M, WORK_HALF_M)]
    ground = [_ground(sample.layout, place) for place in axis]
    profile = [{"chainage_m": chainage, "level_m": round(level - WORK_DEPTH_M, 3)}
               for chainage, level in zip((0.0, 2 * WORK_HALF_M), ground, strict=True)]  # fmt: skip
    run = {
        "kind": "power", "section": {"diameter_mm": 150}, "material": "pvc", "burial": "conduit", "voltage_kv": 10,
        "method": "open_cut", "axis": [list(place) for place in axis], "ground_m": ground,
        "depth": {"profile": profile, "profile_of": "crown"},
    }  # fmt: skip
    return {
        "name": f"街坊内电力管道工程 power conduit inside a block{MARK}",
        "crs": "EPSG:4548",
        "runs": [run],
    }


def _ground(layout: Layout, place: tuple[float, float]) -> float:
    east, north = np.array([place[0]]), np.array([place[1]])
    return round(float(ground_m(layout, east, north)[0]), 3)
