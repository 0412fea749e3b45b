"""Which delivered records are the same thing as a record of the register: same kind, same course, to the millimetre."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.terms import FloatArray, IntArray

GRID_M = 0.001


def course_keys(kind: npt.NDArray[np.object_], offset: IntArray, xy_m: FloatArray) -> pd.DataFrame:
    """One row per line that tells its course: kind, both ends in canonical order, vertices and length, in millimetres.

    ``nth`` numbers the lines of one course (two cables in one bed), so that each is matched with one record.
    """
    count = np.diff(offset)
    first = np.round(xy_m[offset[:-1]] / GRID_M).astype(np.int64)
    last = np.round(xy_m[offset[1:] - 1] / GRID_M).astype(np.int64)
    swap = (first[:, 0] > last[:, 0]) | ((first[:, 0] == last[:, 0]) & (first[:, 1] > last[:, 1]))
    low, high = np.where(swap[:, None], last, first), np.where(swap[:, None], first, last)
    step = np.zeros(len(xy_m))
    step[1:] = np.hypot(*np.diff(xy_m, axis=0).T)
    step[offset[:-1]] = 0.0
    length = np.add.reduceat(step, offset[:-1]) if len(count) else np.zeros(0)
    keys = pd.DataFrame(
        {
            "kind": kind, "a_east": low[:, 0], "a_north": low[:, 1], "b_east": high[:, 0], "b_north": high[:, 1],
            "vertices": count, "length": np.round(length / GRID_M).astype(np.int64),
        }
    )  # fmt: skip
    keys["nth"] = keys.groupby(list(keys.columns)).cumcount()
    return keys


def place_keys(
    kind: npt.NDArray[np.object_], number: npt.NDArray[np.object_], xy_m: FloatArray
) -> pd.DataFrame:
    """One row per point that tells it: kind, number, place in millimetres, and ``nth`` of those alike."""
    cell = np.round(xy_m / GRID_M).astype(np.int64)
    keys = pd.DataFrame({"kind": kind, "number": number, "east": cell[:, 0], "north": cell[:, 1]})
    keys["nth"] = keys.groupby(list(keys.columns), dropna=False).cumcount()
    return keys


def matched(delivered: pd.DataFrame, registered: pd.DataFrame, identity: IntArray) -> IntArray:
    """Identity of the registered record that each delivered row is the same as, 0 where there is none."""
    found = delivered.merge(registered.assign(identity=identity), how="left", on=list(delivered.columns))
    result: IntArray = found["identity"].fillna(0).to_numpy(np.int64)
    return result
