"""The box around many things: where something happened."""

from collections.abc import Iterable

import numpy as np
import shapely
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry


def extent_of(*groups: Iterable[BaseGeometry | None]) -> Polygon | None:
    """The box around every geometry of every group, in their own CRS; None when there is nothing to go round."""
    parts = [
        np.asarray(group if hasattr(group, "__array__") else list(group), dtype=object) for group in groups
    ]
    everything = np.concatenate(parts) if parts else np.empty(0, dtype=object)
    bounds = shapely.bounds(everything).reshape(-1, 4)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return None
    low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    around: Polygon = box(low[0], low[1], high[0], high[1])
    return around
