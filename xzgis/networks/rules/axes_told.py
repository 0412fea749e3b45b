"""Axes against what heads or drawings promise: told as a warning that asks (C02), whatever the figures prove.

Survey tables: X is north, Y is east (GB/T 50026; survey table notes section 4). Drawings and features: x is east. Only the
other order falling in the city proves the order of these figures, and also that whoever wrote them works otherwise
than thought: their other columns deserve a look.
"""

from xzgis.core.words import Words
from xzgis.networks.rules.doubts import Doubts, Where
from xzgis.spatial.crs import CrsDecision


def tell_survey_axes(decision: CrsDecision, heads: tuple[str, str], doubts: Doubts, *, where: Where) -> None:
    """A warning where the column read as north holds the east; ``heads``: its head, and that of the east.

    Saying so in the mapping of columns confirms it: the columns then are what their fields say, and nothing is told.
    """
    if decision.decided is None or decision.displaced is not None or decision.swapped_axes:
        return
    first, second = heads
    doubts.say(
        "C02",
        "warning",
        Words(
            f"“{first}”按测量习惯应为北、“{second}”为东；这些数值只有反过来才落在本市，已按“{first}”为东、“{second}”为北读取。",
            f"By the habit of surveys {first} is north and {second} is east; only the other way round do these figures lie in "
            f"the city: {first} was read as east, {second} as north.",
        ),
        Words(
            f"请与测绘单位核对：确是如此，则在列对应中把“{first}”定为东坐标、“{second}”定为北坐标；否则改正原表后重交。",
            f"Ask the surveyors: if it is so, map {first} to the east and {second} to the north; else correct the table.",
            f"--column {first}=east_m --column {second}=north_m",
        ),
        where=where,
    )


def tell_drawn_axes(decision: CrsDecision, doubts: Doubts, *, where: Where) -> None:
    """A warning where drawings or features without a declared system have the north first."""
    if decision.decided is None or decision.displaced is not None or not decision.swapped_axes:
        return
    doubts.say(
        "C02",
        "warning",
        Words(
            "图形的 x 应为东、y 为北；这些数值只有反过来才落在本市，已按 x 为北、y 为东读取。",
            "x should be east and y north; only the other way round do these figures lie in the city: x was read as north.",
        ),
        Words(
            "请与制图单位核对；如不对，请改正图形后重交。",
            "Ask whoever drew it; if it is wrong, correct the drawing and deliver again.",
        ),
        where=where,
    )
