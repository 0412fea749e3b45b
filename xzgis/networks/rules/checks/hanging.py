"""Lines that stay out because a point they hang on has an error (S08): told by name, so that nothing vanishes."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from xzgis.core.words import Words
from xzgis.networks.rules.asked_codes import of_asked_kind
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.terms import IntakeFinding


def name_hanging_lines(checker: Checker, errors: Sequence[IntakeFinding]) -> None:
    """S08 for every sound line that an erroneous point takes along when rows with errors are left out."""
    points, lines = _named(checker, "points", errors), _named(checker, "lines", errors)
    if not points.any():
        return
    for end, words in (("from", Words("起点", "start")), ("to", Words("终点", "end"))):
        index = checker.ends(end)
        hanging = (index >= 0) & points[np.maximum(index, 0)] & ~lines
        lines |= hanging
        for row in checker.rows("lines", hanging):
            checker.tell(
                "S08",
                row,
                Words(
                    f"{words.zh}管点“{row[f'{end}_no']}”有错误：选择“带错行不入库”时，此管段也不入库",
                    f"The point {row[f'{end}_no']} at the {words.en} has an error: "
                    "when rows with errors are left out, this line stays out too",
                ),
                Words(
                    "改正该管点；或选择“带错行不入库”，其余先入库",
                    "Correct the point; or leave rows with errors out and accept the others",
                ),
                field=f"{end}_no",
                value=row[f"{end}_no"],
                level="warning",
            )


def _named(checker: Checker, table: str, errors: Sequence[IntakeFinding]) -> npt.NDArray[np.bool_]:
    frame = checker.points if table == "points" else checker.lines
    asked = of_asked_kind(frame, errors)
    places = {
        (one.file, one.sheet, one.row) for one in errors if one.row is not None and one.table in (None, table)
    }
    if not places or frame.empty:
        return asked
    rows = zip(frame["file"], frame["sheet"], frame["row"], strict=True)
    return asked | np.fromiter((place in places for place in rows), np.bool_, len(frame))
