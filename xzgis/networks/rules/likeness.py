"""Which delivered lines are a line of the register: same kind and course, and no other level, size or mark (decision 0021).

A course alone tells no line: two cables lie one above the other, and two owners draw theirs on the middle of one road.
Of several records of one course the one that is nearest in level is the same line; a record that certainly lies at
another level, is of another size, or bears another owner, voltage or class of pressure, is not.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely

from xzgis.networks.rules.marks import (
    MARKS,
    TOLD_APART_BY,
    differing,
    differing_in,
    put_out_of_use,
    sharing,
    untold,
)
from xzgis.networks.rules.matching import matched_pairs, near_pairs
from xzgis.networks.terms import Delivery, FloatArray, IntArray

BoolArray = npt.NDArray[np.bool_]

_LEVEL_READ_M = 0.001
_ONE_LEVEL_M = 0.1
# What two vague levels may differ by and still be taken for one line unasked: cables lie closer one above the other.
_MOST_WITHIN_M = 0.5
_SIZE_READ_MM = 0.5


@dataclass(frozen=True)
class Standing:
    """Where n lines stand, how thick they are and whose; NaN or None where unknown.

    ``crown_m``, ``bottom_m`` ``(n, 2)`` at the first and the last vertex, outer envelope, 1985 datum; ``sigma_m``
    ``(n,)`` of them; ``outer_mm`` ``(n, 2)`` width and height with ``spread_mm`` ``(n,)`` to either side.
    ``marks`` has the columns :data:`xzgis.networks.rules.marks.TOLD_APART_BY`.
    """

    crown_m: FloatArray
    bottom_m: FloatArray
    sigma_m: FloatArray
    outer_mm: FloatArray
    spread_mm: FloatArray
    marks: pd.DataFrame

    def at(self, rows: IntArray | BoolArray) -> "Standing":
        """Those of ``rows``."""
        return Standing(
            self.crown_m[rows],
            self.bottom_m[rows],
            self.sigma_m[rows],
            self.outer_mm[rows],
            self.spread_mm[rows],
            self.marks.iloc[rows],
        )

    def turned(self, back: BoolArray) -> "Standing":
        """The same with the ends changed over where ``back``."""
        crown, bottom = (np.where(back[:, None], one[:, ::-1], one) for one in (self.crown_m, self.bottom_m))
        return Standing(crown, bottom, self.sigma_m, self.outer_mm, self.spread_mm, self.marks)

    def middle_m(self) -> FloatArray:
        """``(n,)`` one level of each line, to tell records of one course apart."""
        ends = np.fmin(self.crown_m[:, 0], self.crown_m[:, 1])
        return np.where(np.isfinite(ends), ends, np.fmin(self.bottom_m[:, 0], self.bottom_m[:, 1]))


def delivered_standing(delivery: Delivery, kept: BoolArray) -> Standing:
    """Of the ``kept`` lines of a delivery, each of which has vertices."""
    vertices, lines = delivery.vertices, delivery.lines[kept]
    ends = np.column_stack([vertices.offset[:-1][kept], vertices.offset[1:][kept] - 1])
    return Standing(
        vertices.crown_m[ends],
        vertices.bottom_m[ends],
        lines["sigma_level_m"].to_numpy(np.float64),
        lines[["outer_width_mm", "outer_height_mm"]].to_numpy(np.float64),
        lines["outer_spread_mm"].to_numpy(np.float64),
        lines[list(TOLD_APART_BY)],
    )


def unknown_standing(count: int) -> Standing:
    """Of ``count`` lines of which nothing is known."""
    ends, one = np.full((count, 2), np.nan), np.full(count, np.nan)
    return Standing(
        ends, ends, one, ends, one, pd.DataFrame(None, index=range(count), columns=list(TOLD_APART_BY))
    )


def framed_standing(runs: pd.DataFrame) -> Standing:
    """Of the rows of :func:`xzgis.networks.actions.records.register_frames`."""
    offset = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(runs["axis"].to_numpy(object)))])
    ends = np.column_stack([offset[:-1], offset[1:] - 1]).astype(np.int64)
    crown, bottom = (
        pa.array(runs[name].array).flatten().to_numpy(zero_copy_only=False)[ends]
        for name in ("crown_m", "bottom_m")
    )
    return Standing(
        crown,
        bottom,
        runs["sigma_level_m"].to_numpy(np.float64),
        runs[["outer_width_mm", "outer_height_mm"]].to_numpy(np.float64),
        runs["outer_spread_mm"].to_numpy(np.float64),
        runs[list(TOLD_APART_BY)],
    )


@dataclass(frozen=True)
class Likeness:
    """For each delivered line the row of the register that it is, ``-1`` where none is.

    ``unlike``: the course is that of a record, but level, size or a mark are certainly others, or tell nothing where
    the register holds several: nobody but a person can say whether it is the same line. ``record``: the nearest one then.
    """

    same: IntArray
    unlike: BoolArray
    record: IntArray


@dataclass(frozen=True)
class Lines:
    """Lines to be likened: their keys (:func:`xzgis.networks.rules.matching.course_keys`), axes and standing."""

    keys: pd.DataFrame
    axes: npt.NDArray[np.object_]
    standing: Standing


def likened(delivered: Lines, registered: Lines, *, sigma_factor: float) -> Likeness:
    """Each delivered line with the record that it is, one to one.

    First of the same course to the millimetre, then within the reach of a rounding; always the nearest in level
    first, then in marks, then in size. Levels that differ by more than ``sigma_factor`` standard deviations of
    both or by half a metre, sizes whose ranges do not meet, or marks that are known and differ make a pair unlike.
    """
    count = len(delivered.keys)
    same = np.full(count, -1, np.int64)
    taken = np.zeros(len(registered.keys), np.bool_)
    rows, records, nth_off = matched_pairs(delivered.keys, registered.keys)
    exact = _Pairs.of(delivered, registered, rows, records, nth_off, sigma_factor)
    exact.only(~exact.unlike).assign(same, taken)
    near = _Pairs.of(
        delivered,
        registered,
        *near_pairs(
            delivered.keys,
            registered.keys,
            np.flatnonzero(same < 0),
            np.flatnonzero(~taken),
            axes=(delivered.axes, registered.axes),
        ),
        sigma_factor,
    )
    near.only(~near.unlike).assign(same, taken)
    unclear = np.zeros(count, np.bool_)
    for pairs in (exact, near):
        unclear |= _unclear(pairs, registered, count, sigma_factor)
        told = pairs.only(~pairs.unlike)
        unclear |= untold(told.rows, delivered.standing.marks, registered.standing.marks.iloc[told.records])
    left = near.only(near.unlike & (same[near.rows] < 0) & ~taken[near.records])
    unlike = unclear & (same >= 0)
    unlike[left.rows] = True
    record = np.where(unclear, same, -1)
    left.assign(record, taken)
    same[unlike] = -1
    return Likeness(same, unlike, record)


@dataclass(frozen=True)
class _Pairs:
    """Pairs of a delivered line and a record; ``level_off_m`` is NaN where only one of both levels is known."""

    rows: IntArray
    records: IntArray
    apart: FloatArray
    level_off_m: FloatArray
    size_off_mm: FloatArray
    marks_shared: IntArray
    unlike: BoolArray

    @classmethod
    def of(
        cls,
        delivered: Lines,
        registered: Lines,
        rows: IntArray,
        records: IntArray,
        apart: FloatArray,
        sigma_factor: float,
    ) -> "_Pairs":
        one = delivered.standing.at(rows)
        other = registered.standing.at(records).turned(
            _runs_back(delivered.axes[rows], registered.axes[records])
        )
        level_off, size_off = _level_off_m(one, other), np.abs(one.outer_mm - other.outer_mm)
        unlike = _level_others(level_off, one, other, sigma_factor) | _size_others(one, other)
        unlike |= _levels_of_other_sides(level_off, one, other)
        unlike |= differing(one.marks, other.marks)
        # The same level, to a measurement, says that it is this line which is out of use now; nothing else does.
        unlike |= put_out_of_use(one.marks, other.marks) & ~_at_one_level(level_off, one, other)
        size_worst: FloatArray = np.fmax(size_off[:, 0], size_off[:, 1])
        return cls(rows, records, apart, level_off, size_worst, sharing(one.marks, other.marks), unlike)

    def only(self, which: BoolArray) -> "_Pairs":
        return _Pairs(
            self.rows[which],
            self.records[which],
            self.apart[which],
            self.level_off_m[which],
            self.size_off_mm[which],
            self.marks_shared[which],
            self.unlike[which],
        )

    def assign(self, same: IntArray, taken: BoolArray) -> None:
        """Write the nearest free record of each row into ``same``, and into ``taken`` that it is; both change."""
        level = np.where(np.isnan(self.level_off_m), np.inf, self.level_off_m)
        size = np.nan_to_num(self.size_off_mm, nan=np.inf)
        order = np.lexsort((self.apart, size, -self.marks_shared, level))
        for row, record in zip(self.rows[order].tolist(), self.records[order].tolist(), strict=True):
            if same[row] < 0 and not taken[record]:
                same[row], taken[record] = record, True


def told_apart(one: Standing, other: Standing, *, sigma_factor: float) -> dict[str, BoolArray]:
    """In what the rows of two standings certainly differ: ``level``, ``size`` and the marks, each ``(n,)``.

    ``side``: the level of the one is that of the crown, of the other that of the bottom, and nothing brings them together.

    Which way the lines were drawn is not known here: levels differ where they do both ways.
    """
    back = other.turned(np.ones(len(other.sigma_m), np.bool_))
    off_m = np.fmin(_level_off_m(one, other), _level_off_m(one, back))
    apart = {
        "level": _level_others(off_m, one, other, sigma_factor),
        "side": _levels_of_other_sides(off_m, one, other),
        "size": _size_others(one, other),
    }
    apart |= {name: differing_in(name, one.marks, other.marks) for name in MARKS}
    apart["life_state"] = put_out_of_use(one.marks, other.marks)
    return apart


def _runs_back(one: npt.NDArray[np.object_], other: npt.NDArray[np.object_]) -> BoolArray:
    """``(p,)`` whether the second line of each pair was drawn the other way."""
    first, last, begin = shapely.get_point(one, 0), shapely.get_point(one, -1), shapely.get_point(other, 0)
    end = shapely.get_point(other, -1)
    along = shapely.distance(first, begin) + shapely.distance(last, end)
    back: BoolArray = shapely.distance(first, end) + shapely.distance(last, begin) < along
    return back


def _level_off_m(one: Standing, other: Standing) -> FloatArray:
    """``(p,)`` by how much levels differ at most: 0 where neither is known, NaN where one alone or nothing comparable is.

    The latter alone is a line whose level nobody told; two of other sides are asked for (:func:`_levels_of_other_sides`).
    """
    crown, bottom = np.abs(one.crown_m - other.crown_m), np.abs(one.bottom_m - other.bottom_m)
    off = np.where(np.isfinite(crown), crown, bottom)
    worst: FloatArray = np.fmax(off[:, 0], off[:, 1])
    neither = np.isnan(one.middle_m()) & np.isnan(other.middle_m())
    return np.where(neither, 0.0, worst)


def _level_others(off_m: FloatArray, one: Standing, other: Standing, sigma_factor: float) -> BoolArray:
    within_m = sigma_factor * np.hypot(np.nan_to_num(one.sigma_m), np.nan_to_num(other.sigma_m))
    others: BoolArray = off_m > np.minimum(within_m, _MOST_WITHIN_M) + _LEVEL_READ_M
    return others


def _levels_of_other_sides(off_m: FloatArray, one: Standing, other: Standing) -> BoolArray:
    """Both have a level and nothing of them is comparable: a crown here, a bottom there, no size between them."""
    known: BoolArray = np.isfinite(one.middle_m()) & np.isfinite(other.middle_m())
    return known & np.isnan(off_m)


def _size_others(one: Standing, other: Standing) -> BoolArray:
    within_mm = np.nan_to_num(one.spread_mm) + np.nan_to_num(other.spread_mm)
    off_mm: FloatArray = np.abs(one.outer_mm - other.outer_mm)
    others: BoolArray = off_mm > within_mm[:, None] + _SIZE_READ_MM
    either: BoolArray = others[:, 0] | others[:, 1]
    return either


def _at_one_level(level_off_m: FloatArray, one: Standing, other: Standing) -> BoolArray:
    known: BoolArray = np.isfinite(one.middle_m()) & np.isfinite(other.middle_m())
    return known & (level_off_m <= _ONE_LEVEL_M)


def _unclear(pairs: _Pairs, registered: Lines, count: int, sigma_factor: float) -> BoolArray:
    """``(count,)`` rows without a level to compare where records of their course lie at different levels."""
    told = np.isnan(pairs.level_off_m) & ~pairs.unlike
    rows = pairs.rows[told]
    there = registered.standing.at(pairs.records[told])
    middle = there.middle_m()
    least, most = np.full(count, np.inf), np.full(count, -np.inf)
    sigma = np.zeros(count)
    np.fmin.at(least, rows, middle)
    np.fmax.at(most, rows, middle)
    np.fmax.at(sigma, rows, there.sigma_m)
    within_m = sigma_factor * np.sqrt(2.0) * sigma
    apart: BoolArray = most - least > np.minimum(within_m, _MOST_WITHIN_M) + _LEVEL_READ_M
    return apart
