"""Sizes of features from whichever of the size fields are told."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.rules.feature_fields import FloatArray
from xzgis.networks.rules.sections import parse_sections

ObjectArray = npt.NDArray[np.object_]


def sections_of(frame: pd.DataFrame) -> tuple[ObjectArray, FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    """Shape, nominal width and height in mm of each line, and which of these figures are already outer sizes.

    Order: outer diameter, width and height, diameter, section text, cable diameter. Zero and less is unknown.
    """
    count = len(frame)
    shape: ObjectArray = np.full(count, None, dtype=object)
    width, height = np.full(count, np.nan), np.full(count, np.nan)
    outer = np.zeros(count, dtype=np.bool_)

    def fill(
        new_shape: ObjectArray | str, new_width: FloatArray, new_height: FloatArray, is_outer: object
    ) -> None:
        use = ~np.isfinite(width) & np.isfinite(new_width) & (new_width > 0)
        width[use], height[use] = new_width[use], new_height[use]
        shape[use] = new_shape[use] if isinstance(new_shape, np.ndarray) else new_shape
        outer[use] = np.broadcast_to(np.asarray(is_outer), (count,))[use]

    given = positive(frame, "outer_diameter_mm")
    fill("circle", given, given, True)
    both, tall = positive(frame, "width_mm"), positive(frame, "height_mm")
    fill("rectangle", np.where(np.isfinite(tall), both, np.nan), tall, False)
    across = positive(frame, "diameter_mm")
    fill("circle", across, across, False)
    fill("circle", both, both, False)
    # A height alone is the diameter of a pipe (SWMM's first figure); of what is said to be a box it is no width.
    told = frame["shape"].to_numpy(dtype=object) if "shape" in frame.columns else shape
    alone = np.where(told == "rectangle", np.nan, tall)
    fill("circle", alone, alone, False)
    if "section" in frame.columns:
        read = parse_sections(frame["section"])
        fill(read.shape, read.width_mm, read.height_mm, read.says == "outer")
    cable = positive(frame, "cable_diameter_mm")
    fill("circle", cable, cable, True)
    if "shape" in frame.columns:
        told = frame["shape"].to_numpy(dtype=object)
        known = np.array([one is not None for one in told]) & np.isfinite(width)
        shape[known] = told[known]
        height[known & (told == "circle")] = width[known & (told == "circle")]
    return shape, width, height, outer


def positive(frame: pd.DataFrame, name: str) -> FloatArray:
    """Column ``name`` with NaN where it is missing, zero or negative (``0`` and ``-1`` mean unknown)."""
    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    values = frame[name].to_numpy(dtype=np.float64)
    return np.where(values > 0, values, np.nan)
