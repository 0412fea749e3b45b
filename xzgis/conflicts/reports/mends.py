"""The least change that would mend a finding, as a sentence; page and sheets say it alike."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from xzgis.core.words import Language, Words

SIDES = {
    "either": Words("任一侧", "either side"),
    "left": Words("左（面向里程增加方向）", "left (looking ahead)"),
    "right": Words("右（面向里程增加方向）", "right (looking ahead)"),
}
SURE = {"move_m": "clear_move_m", "raise_m": "clear_raise_m", "lower_m": "clear_lower_m"}
MOVE = Words("平面向{side}移 {metres} m", "move {metres} m to the {side}")
RAISE = Words("该处抬高 {metres} m", "raise by {metres} m here")
LOWER = Words("该处降低 {metres} m", "lower by {metres} m here")
TO_BE_SURE = Words("（计入误差 {metres} m）", " ({metres} m with the spread)")
REACHED = Words("已达到要求数值；计入误差也要满足时：", "the figure is met; to meet it with the spread too: ")
MEASURE_INSTEAD = Words(
    "与要求数值相差不到 1 厘米，移动无意义：请实测对方位置或标高以减小误差",
    "less than 1 cm from the figure, moving would not help: measure where the other line lies to narrow the spread",
)
NEARLY_SURE = Words(
    "已达到要求数值，计入误差仅差不到 1 厘米，移动无意义：请实测对方位置或标高以减小误差",
    "the figure is met, with the spread less than 1 cm is short: measure where the other line lies to narrow it",
)
LEAST_CHANGE_M = 0.005
NOT_KNOWN = Words("不明", "not known")


def mend_words(mend: Mapping[str, Any] | None, language: Language) -> str:
    """What would mend a finding; empty when nothing is suggested.

    ``move_m``, ``raise_m`` or ``lower_m`` reach the figure, those with ``clear_`` are clear beyond the tolerance.
    A change of less than a centimetre is none: then what makes it sure, or what to do instead.
    """
    if not mend:
        return ""
    told = [_told(mend, key, language) for key in SURE if mend.get(key) is not None]
    return ("；" if language == "zh" else "; ").join(told) or NOT_KNOWN.spoken(language)


def _told(mend: Mapping[str, Any], key: str, language: Language) -> str:
    least, sure = _centimetres(mend[key]), _centimetres(mend.get(SURE[key]) or 0.0)
    beyond = "" if sure == "0.00" else TO_BE_SURE.spoken(language).format(metres=sure)
    if least != "0.00":
        return _change(mend, key, least, language) + beyond
    if sure != "0.00":
        return REACHED.spoken(language) + _change(mend, key, sure, language)
    return (NEARLY_SURE if mend[key] <= 0.0 else MEASURE_INSTEAD).spoken(language)


def _change(mend: Mapping[str, Any], key: str, metres: str, language: Language) -> str:
    if key == "move_m":
        side = SIDES[mend["side"]].spoken(language)
        return MOVE.spoken(language).format(side=side, metres=metres)
    # A run may be raised by less than nothing: that is lowered.
    up = key == "raise_m" and float(mend.get("clear_raise_m", mend["raise_m"])) >= 0
    return (RAISE if up else LOWER).spoken(language).format(metres=metres)


def _centimetres(metres: float) -> str:
    """Whole centimetres that are enough; less than half of one is none."""
    if abs(metres) < LEAST_CHANGE_M:
        return "0.00"
    return f"{abs(ceil(round(metres * 100.0, 6))) / 100.0:.2f}"
