"""The ground of rows that stay out of the register, which therefore nobody knows about.

A line that stays out is there all the same: it may be what is dug into. So the ground round it never counts as looked
at, whatever else of the delivery lies there (docs/decisions/0083-rows-that-stay-out-leave-their-ground-unknown.md).
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from xzgis.networks.rules.covered_ground import Looked, Shapes, areas_of

# Coverage is drawn inside its circles, which are of so many sides that this reaches beyond them.
BEYOND = 1.03
UNKNOWN = "unknown"


def without_ground(looked: Mapping[str, Looked], out: pd.DataFrame, *, reach_m: float) -> dict[str, Looked]:
    """What is looked at without the ground within ``reach_m`` of the places ``out``.

    ``out`` (``kind``, ``place``: points and lines, storage CRS): what stays out; a place of no kind, or of the kind
    "unknown", may be of any.
    """
    if out.empty:
        return dict(looked)
    of_any = (out["kind"].isna() | (out["kind"] == UNKNOWN)).to_numpy(np.bool_)
    left = {}
    for kind, one in looked.items():
        near = out["place"].to_numpy(object)[of_any | (out["kind"] == kind).to_numpy(np.bool_)]
        areas = _cut(one.areas, near, reach_m * BEYOND) if len(near) else one.areas
        if areas:
            left[kind] = replace(one, areas=areas)
    return left


def _cut(areas: list[shapely.MultiPolygon], near: Shapes, reach_m: float) -> list[shapely.MultiPolygon]:
    lost = shapely.union_all(shapely.buffer(near, reach_m))
    shapely.prepare(lost)
    left = [areas_of(area.difference(lost)) if lost.intersects(area) else area for area in areas]
    return [area for area in left if not area.is_empty]
