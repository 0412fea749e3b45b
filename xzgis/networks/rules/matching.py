"""Which delivered records lie where a record of the register lies: same kind, same course or place.

First to the millimetre; of what is left then within :data:`NEAR_M`, since the same survey is delivered with two
decimals in one table and with three in another. Of lines :mod:`xzgis.networks.rules.likeness` asks for the level too.
"""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.networks.rules.numbers import number_keys
from xzgis.networks.terms import FloatArray, IntArray

GRID_M = 0.001
# Half a centimetre of rounding in each of two axes, and a margin; less than any two pipes can lie apart.
NEAR_M = 0.015
_MANY = 32


def course_keys(kind: npt.NDArray[np.object_], offset: IntArray, xy_m: FloatArray) -> pd.DataFrame:
    """One row per line that tells its course: kind, both ends in canonical order, vertices and length, in millimetres.

    ``between`` is a number of all vertices between the ends, the same from either end: two lines around either side
    of a chamber share all the rest.
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
            "between": _between(offset, xy_m),
        }
    )  # fmt: skip
    keys["nth"] = keys.groupby(list(keys.columns)).cumcount()
    return keys


def _between(offset: IntArray, xy_m: FloatArray) -> IntArray:
    """``(n,)`` sum of a scattered number of every vertex that is no end; wraps round as integers do."""
    cell = np.round(xy_m / GRID_M).astype(np.int64)
    number = (cell[:, 0] * np.int64(73_856_093)) ^ (cell[:, 1] * np.int64(19_349_663))
    number = number * (number ^ (number >> np.int64(17)))
    number[offset[:-1]] = 0
    number[offset[1:] - 1] = 0
    return np.add.reduceat(number, offset[:-1]) if len(offset) > 1 else np.zeros(0, np.int64)


def place_keys(
    kind: npt.NDArray[np.object_], number: npt.NDArray[np.object_], xy_m: FloatArray
) -> pd.DataFrame:
    """One row per point that tells it: kind, number, place in millimetres, and ``nth`` of those alike."""
    cell = np.round(xy_m / GRID_M).astype(np.int64)
    keys = pd.DataFrame(
        {
            "kind": kind,
            "number": number_keys(pd.Series(number, dtype=object)).to_numpy(object),
            "east": cell[:, 0],
            "north": cell[:, 1],
        }
    )
    keys["nth"] = keys.groupby(list(keys.columns), dropna=False).cumcount()
    return keys


def matched(delivered: pd.DataFrame, registered: pd.DataFrame, identity: IntArray) -> IntArray:
    """Identity of the registered record that each delivered row is the same as, 0 where there is none."""
    found = delivered.merge(registered.assign(identity=identity), how="left", on=list(delivered.columns))
    result: IntArray = found["identity"].fillna(0).to_numpy(np.int64)
    return result


def matched_pairs(delivered: pd.DataFrame, registered: pd.DataFrame) -> tuple[IntArray, IntArray, FloatArray]:
    """Rows of both whose course is the same to the millimetre, every one with every other, and how far ``nth`` differ.

    Beyond :data:`_MANY` lines of one course only those of the same ``nth``: a file with a thousand copies of one line
    is no thousand times thousand pairs.
    """
    names = [name for name in delivered.columns if name != "nth"]
    tables = [
        one[names].assign(
            slot=np.where(one["nth"] < _MANY, -1, one["nth"]), nth=one["nth"], place=np.arange(len(one))
        )
        for one in (delivered, registered)
    ]
    pairs = tables[0].merge(tables[1], on=[*names, "slot"], suffixes=("", "_there"))
    off = (pairs["nth"] - pairs["nth_there"]).abs().to_numpy(np.float64)
    return pairs["place"].to_numpy(np.int64), pairs["place_there"].to_numpy(np.int64), off


def nearly_matched(
    delivered: pd.DataFrame, registered: pd.DataFrame, identity: IntArray, same: IntArray
) -> IntArray:
    """``same`` of :func:`matched`, with the nearest record within :data:`NEAR_M` where it names none.

    Parameters
    ----------
    delivered, registered
        Of :func:`place_keys`, in millimetres.
    identity
        Of the registered rows; each is matched once at most.
    """
    open_rows = np.flatnonzero(same == 0)
    free = np.flatnonzero(~np.isin(identity, same[same > 0]))
    at, by, apart_m = near_pairs(delivered, registered, open_rows, free)
    result = same.copy()
    taken: set[int] = set()
    for pair in np.argsort(apart_m, kind="stable"):
        row, record = int(at[pair]), int(identity[by[pair]])
        if not result[row] and record not in taken:
            result[row] = record
            taken.add(record)
    return result


def near_pairs(
    delivered: pd.DataFrame,
    registered: pd.DataFrame,
    rows: IntArray,
    records: IntArray,
    *,
    axes: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]] | None = None,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Which of ``rows`` lies within :data:`NEAR_M` of which of ``records``, and how far in metres.

    ``axes``: the delivered and the registered lines themselves, where the rows are lines: they must lie within
    :data:`NEAR_M` of each other all along.
    """
    if not len(rows) or not len(records):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    here, there = delivered.iloc[rows], registered.iloc[records]
    at, by = shapely.STRtree(_middles(there)).query(
        _middles(here), predicate="dwithin", distance=NEAR_M / GRID_M
    )
    apart_m = _apart(here.iloc[at], there.iloc[by]) * GRID_M
    near = np.flatnonzero(apart_m <= NEAR_M)
    if axes is not None:
        off_m = shapely.hausdorff_distance(axes[0][rows[at[near]]], axes[1][records[by[near]]])
        near = near[off_m <= NEAR_M]
    return rows[at[near]], records[by[near]], apart_m[near]


def _middles(keys: pd.DataFrame) -> npt.NDArray[np.object_]:
    """The place of each row, or the middle between both ends: the same whichever end comes first."""
    if "east" in keys:
        return np.asarray(shapely.points(keys[["east", "north"]].to_numpy(np.float64)))
    ends = keys[["a_east", "a_north", "b_east", "b_north"]].to_numpy(np.float64)
    return np.asarray(shapely.points((ends[:, :2] + ends[:, 2:]) / 2))


def _apart(here: pd.DataFrame, there: pd.DataFrame) -> FloatArray:
    """How far two rows lie apart at their places or ends, in the grid's unit; infinite where they are not alike."""
    names = ("kind", "number") if "number" in here else ("kind", "vertices")
    alike = np.ones(len(here), np.bool_)
    for name in names:
        alike &= here[name].to_numpy(object) == there[name].to_numpy(object)
    if "east" in here:
        steps = [here[name].to_numpy() - there[name].to_numpy() for name in ("east", "north")]
        return np.where(alike, np.hypot(*steps), np.inf)
    alike &= np.abs(here["length"].to_numpy() - there["length"].to_numpy()) <= 2 * NEAR_M / GRID_M
    columns = ["a_east", "a_north", "b_east", "b_north"]
    one, other = here[columns].to_numpy(np.float64), there[columns].to_numpy(np.float64)
    ways = [
        np.maximum(np.hypot(*(one - turned)[:, :2].T), np.hypot(*(one - turned)[:, 2:].T))
        for turned in (other, other[:, [2, 3, 0, 1]])
    ]
    return np.where(alike, np.minimum(*ways), np.inf)


def ends_staying(brought: IntArray, registered: Collection[int], rows: IntArray) -> npt.NDArray[np.bool_]:
    """``(n,)`` which points stay with lines that stay as registered.

    ``brought``: the record that each point is, 0 for none. It stays where it is an end of such a line: in the register
    (``registered``, identities) or in the delivery (``rows`` of points, negative for none).
    """
    stays: npt.NDArray[np.bool_] = np.isin(brought, list(registered))
    stays[rows[rows >= 0]] = True
    return stays & (brought > 0)
