"""How well the lines and points of survey tables are known: by their points, their own sources and their depths."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.rules import levels
from xzgis.networks.rules.accuracy import (
    BY_SOURCE,
    UNKNOWN_DEPTH,
    FloatArray,
    ObjectArray,
    accuracy_classes,
    level_depth_m,
    sigmas_m,
)
from xzgis.networks.rules.surveyed import MEASURED
from xzgis.networks.rules.understanding import BoolArray, Understanding

_DEFAULT = "hidden_point"
_GUESSED = "assumed"
# Class, standard deviation of the plan and of the level; (n,) each.
Known = tuple[ObjectArray, FloatArray, FloatArray]
Ends = Mapping[str, npt.NDArray[np.int64]]


def with_accuracy(
    points: pd.DataFrame,
    lines: pd.DataFrame,
    ends: Ends,
    lie: tuple[Mapping[str, FloatArray], Mapping[str, levels.EndLevels]],
    borrowed: BoolArray,
    sources: Sequence[ObjectArray],
    how: Understanding,
) -> None:
    """Fills class and standard deviations of ``lines`` and ``points`` in situ.

    A line is known as its worse end, each at its own centre depth, and no better than its own ``sources`` say; the points
    get the worst of their lines. ``lie``: that depth, metres, and the levels of the envelope, at each end. ``borrowed``:
    the depth at the far end is that of other lines, so its level is no better than an assumed one, and its place no better
    than that of an end of unknown depth.
    """
    classes = points["accuracy_class"].to_numpy(dtype=object)
    depths = {end: _depths(end, lie, borrowed, how) for end in ends}
    per_end: dict[str, Known] = {}
    for end, rows in ends.items():
        mine: ObjectArray = np.full(len(lines), _DEFAULT, dtype=object)
        if len(classes):
            mine = np.where(rows >= 0, classes[np.maximum(rows, 0)], mine)
        known = _known(mine, depths[end], how)
        if end == "end" and borrowed.any():
            guess: ObjectArray = np.full(len(lines), _GUESSED, dtype=object)
            level = np.where(borrowed, np.maximum(known[2], _known(guess, depths[end], how)[2]), known[2])
            known = (mine, known[1], level)
        per_end[end] = known
    result = worse(per_end["start"], per_end["end"])
    own = np.zeros(len(lines), dtype=np.bool_)
    for tokens in sources:
        bears = np.isin(tokens.astype(str), list(BY_SOURCE))
        told = accuracy_classes(np.full(len(lines), None, dtype=object), tokens)
        for depth_m in depths.values():
            theirs = worse(result, _known(told, depth_m, how))
            result = (
                np.where(bears, theirs[0], result[0]),
                np.where(bears, theirs[1], result[1]),
                np.where(bears, theirs[2], result[2]),
            )
        own |= bears & ~_measured(told)
    lines["accuracy_class"], lines["sigma_plan_m"], lines["sigma_level_m"] = result
    _points_of_lines(points, ends, per_end, borrowed)
    _points_of_unmeasured(points, lines, ends, own)


def _depths(
    end: str,
    lie: tuple[Mapping[str, FloatArray], Mapping[str, levels.EndLevels]],
    borrowed: BoolArray,
    how: Understanding,
) -> tuple[FloatArray, FloatArray]:
    """The depths at which the place and the level of one end are taken."""
    limits = how.catalogue.limits.values
    in_plan = lie[0][end]
    if end == "end":
        in_plan = np.where(borrowed, np.fmax(in_plan, limits[UNKNOWN_DEPTH]), in_plan)
    return in_plan, level_depth_m(lie[0][end], lie[1][end], limits)


def worse(first: Known, second: Known) -> Known:
    """Of two ways of knowing, the class that is not measured, else the wider in plan; of each standard deviation the wider."""
    measured = [_measured(known[0]) for known in (first, second)]
    takes_first = np.where(measured[0] == measured[1], first[1] >= second[1], measured[1])
    return (
        np.where(takes_first, first[0], second[0]),
        np.maximum(first[1], second[1]),
        np.maximum(first[2], second[2]),
    )


def _measured(classes: ObjectArray) -> BoolArray:
    return np.asarray(np.isin(classes.astype(str), MEASURED), dtype=np.bool_)


def _known(classes: ObjectArray, depths_m: tuple[FloatArray, FloatArray], how: Understanding) -> Known:
    table, unknown_m = how.catalogue.accuracy, how.catalogue.limits.values[UNKNOWN_DEPTH]
    plan, _ = sigmas_m(classes, depths_m[0], table, depth_when_unknown_m=unknown_m)
    _, level = sigmas_m(classes, depths_m[1], table, depth_when_unknown_m=unknown_m)
    return classes, plan, level


def _points_of_lines(
    points: pd.DataFrame, ends: Ends, per_end: Mapping[str, Known], borrowed: BoolArray
) -> None:
    for column, at in (("sigma_plan_m", 1), ("sigma_level_m", 2)):
        worst = np.full(len(points), -np.inf)
        for end, rows in ends.items():
            # A point itself was measured, whatever a line borrowed from it.
            told = (rows >= 0) & ~borrowed if end == "end" else rows >= 0
            figures = per_end[end][at]
            assert isinstance(figures, np.ndarray)
            np.maximum.at(worst, rows[told], figures[told])
        points[column] = np.where(np.isfinite(worst), worst, points[column].to_numpy(np.float64))


def _points_of_unmeasured(points: pd.DataFrame, lines: pd.DataFrame, ends: Ends, own: BoolArray) -> None:
    """Points that say nothing of themselves and end only lines that were never measured are known no better than these.

    ``own``: lines whose own source says so. Both tables of such a delivery come off one drawing.
    """
    on_own, on_other = np.zeros(len(points), np.bool_), np.zeros(len(points), np.bool_)
    for rows in ends.values():
        on_own[rows[(rows >= 0) & own]] = True
        on_other[rows[(rows >= 0) & ~own]] = True
    theirs = on_own & ~on_other & ~points["is_told"].to_numpy(np.bool_)
    if not theirs.any():
        return
    order = np.argsort(lines["sigma_plan_m"].to_numpy(np.float64), kind="stable")
    classes = points["accuracy_class"].to_numpy(dtype=object, copy=True)
    wide = {name: points[name].to_numpy(np.float64, copy=True) for name in ("sigma_plan_m", "sigma_level_m")}
    for rows in ends.values():
        at = order[(rows[order] >= 0) & theirs[np.maximum(rows[order], 0)]]
        # In the order of width: of several lines the widest is written last.
        classes[rows[at]] = lines["accuracy_class"].to_numpy(dtype=object)[at]
        for name, values in wide.items():
            np.maximum.at(values, rows[at], lines[name].to_numpy(np.float64)[at])
    points["accuracy_class"] = classes
    for name, values in wide.items():
        points[name] = values
