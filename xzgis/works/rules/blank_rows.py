"""Blank rows within a list of positions: often they part two lines, of which the list would make one."""

from collections.abc import Sequence

import numpy as np

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray

_MOST_NAMED = 5
_ALIKE_M = 0.01


def told_blanks(rows: Sequence[int], xy_m: FloatArray, name: str) -> list[Words]:
    """What is told of blank rows between points that follow each other as the others do.

    ``rows`` are the rows of the points ``xy_m`` ``(n, 2)`` in the file ``name``.

    Raises
    ------
    Invalid
        A step across blank rows is longer than every other: it may join the end of a line to the start of the next.
    """
    is_across = np.diff(np.asarray(rows)) > 1
    if not is_across.any():
        return []
    steps = np.hypot(*np.diff(xy_m, axis=0).T)
    longest = float(steps[~is_across].max(initial=0.0))
    far = np.flatnonzero(is_across & (steps > longest + _ALIKE_M))
    if len(far):
        at = int(far[0])
        raise Invalid(
            Words(
                f"{name} 第 {rows[at]} 行与第 {rows[at + 1]} 行之间有空行，前后两点相距 {steps[at]:.2f} m，比其余各段都长："
                "可能是两条管线。一份列表是一条管线：请分成几个文件；确为一条的请删去空行。",
                f"{name}: blank rows stand between row {rows[at]} and row {rows[at + 1]}, whose points lie {steps[at]:.2f} m "
                "apart, farther than any others: they may be two lines. A list is one line: make a file of each, or take the "
                "blank rows out if it is one.",
            )
        )
    where = [rows[int(at)] for at in np.flatnonzero(is_across)[:_MOST_NAMED]]
    return [
        Words(
            f"第 {'、'.join(map(str, where))} 行之后有空行：按同一条管线连续读取。",
            f"Blank rows stand behind row {', '.join(map(str, where))}: the points were read on as one line.",
        )
    ]
