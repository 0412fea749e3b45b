"""Levels, grounds and depths that say nothing or cannot be of this city: one rule for tables and for drawn layers."""

from collections.abc import Mapping

import numpy as np

from xzgis.core.words import Words
from xzgis.networks.rules.doubts import NOWHERE, Doubts, Where
from xzgis.networks.rules.numbers import BoolArray, FloatArray, says_no_height

WRITE_LEVEL = Words(
    "如确为此高程，请写到毫米（如 0.001）后重交。", "If it is real, write it to the millimetre (0.001)."
)
NO_LEVELS = Words("管线高程写作 0 或 -1，按未知处理", "a level of 0 or -1 is taken as unknown")
COMPARE_GROUND = Words("核对地面高程及其单位（应为米）", "Compare the ground level and its unit (metres)")


def odd_ground(ground_m: FloatArray, limits: Mapping[str, float]) -> BoolArray:
    """``(n,)`` grounds that the city does not have, or that stand for an empty cell."""
    outside = (ground_m < limits["lowest_ground_m"]) | (ground_m > limits["highest_ground_m"])
    odd: BoolArray = outside | says_no_height(ground_m)
    return odd


def odd_ground_words(value: str | None, limits: Mapping[str, float]) -> Words:
    """What R14 says of a ground; ``value`` None: of a column whose value the finding names by itself."""
    within = f"{limits['lowest_ground_m']:g}", f"{limits['highest_ground_m']:g}"
    return Words(
        f"地面高程{'' if value is None else f'“{value}”'}不在 {'–'.join(within)} m 之间或等于未填，按未知处理",
        f"The ground level{'' if value is None else f' {value}'} is not within {' to '.join(within)} m, or is what"
        " programs write for none; taken as unknown",
    )


def tell_no_depths(count: int, doubts: Doubts, where: Where = NOWHERE) -> None:
    """R10 of depths that say nothing."""
    if count:
        doubts.say(
            "R10",
            "info",
            Words(f"{count} 处埋深写作 0 或 -1，按未知处理（地面敷设、架空、上架除外）。",
                  f"{count} depths of 0 or -1 are taken as unknown (but for lines on or above the surface)."),
            Words("如为真实埋深，请核对埋设方式。", "If they are real, compare the burial method."),
            where=where,
        )  # fmt: skip


def tell_no_levels(count: int, doubts: Doubts, where: Where = NOWHERE) -> None:
    """R10 of levels that say nothing."""
    if count:
        words = Words(
            f"{count} 处管线高程写作 0 或 -1，按未知处理。",
            f"{count} levels of 0 or -1 are taken as unknown.",
        )
        doubts.say("R10", "info", words, WRITE_LEVEL, where=where)


def known_heights(value_m: FloatArray) -> FloatArray:
    """``value_m`` without what stands for an empty cell."""
    return np.where(says_no_height(value_m), np.nan, value_m)
