"""Whether a sewer runs under pressure (a rising main), by the words of its pressure field.

It decides what its depth is measured to: the crown of a rising main, the inner bottom of every other sewer. Neither is the
safe one, so that a text in no list says neither, and both readings are held (decision 0091). Of a line that tells no
pressure its kind, layer or file may: a name speaks of many lines, and decides for none, so that it leaves both open too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.codes import folded
from xzgis.networks.rules.numbers import is_null_text

BoolArray = npt.NDArray[np.bool_]
ObjectArray = npt.NDArray[np.object_]

# Longer words first: 不承压 holds 承压, and a word once read is taken out.
_UNPRESSED = (
    "不承压", "非承压", "未承压", "不带压", "不加压", "不受压", "无压力", "非压力", "没有压", "无压", "非压", "常压", "零压",
    "重力", "自流", "nonpressure", "non-pressure", "nopressure", "unpressurised", "unpressurized", "atmospheric",
    "gravity", "freeflow", "free",
)  # fmt: skip
_PRESSED = (
    "压力", "有压", "承压", "带压", "加压", "受压", "risingmain", "forcemain", "pressurised", "pressurized", "pressure",
)  # fmt: skip
_DENIES = re.compile(r"[不无非未没否改原]|\bno|un")
_FIGURE = re.compile(
    r"(-?\d+(?:\.\d+)?)(mpa|kpa|hpa|pa|bar|兆帕|千帕|百帕|帕|公斤|kgf?|psi|米水柱|mh2o)(?![a-z])"
)
# What stands beside a known word and may turn it: pressureless, 压力正常; a pump beside a word of gravity.
_UNSAYS, _LIFTS = re.compile(r"less|正常"), re.compile(r"泵|提升|强排|pump|lift")
_BARE = re.compile(r"-?\d+(?:\.\d+)?")

UNCLEAR = Words(
    "无法判断该排水管是否有压，埋深可能量至管内底（重力流），也可能量至管顶（有压）：两种情形都考虑",
    "nobody can tell from it whether the sewer runs under pressure; its depth may be to the inner bottom (gravity) or to"
    " the crown (pressure): both are held",
)
REMEDY = Words(
    "请写明 重力流、无压 或 压力流、有压，或写带单位的压力（如 0.3MPa）",
    "Write 重力流 for gravity, 压力流 for pressure, or the pressure with its unit, such as 0.3MPa",
)
NAMED = Words(
    "管类、图层或文件的名称写有压力，而该管线未填压力：埋深可能量至管内底（重力流），也可能量至管顶（有压），两种情形都考虑",
    "the name of the kind, layer or file speaks of pressure, and the line tells none: its depth may be to the inner bottom"
    " (gravity) or to the crown (pressure): both are held",
)


@dataclass(frozen=True)
class Pressed:
    """``(n,)`` sewers under pressure, those of which the text leaves it open, and those that have no text."""

    sure: BoolArray
    open: BoolArray
    silent: BoolArray


def pressed_sewers(pressure: pd.Series, gravity: BoolArray) -> Pressed:
    """What the texts say of the lines of a ``gravity`` kind; of others nothing."""
    codes, texts = pd.factorize(pressure)
    told = np.array([*(_says(str(text)) for text in texts), 0], dtype=np.int64)[codes]
    silent = np.array([*(is_null_text(text) for text in texts), True], dtype=np.bool_)[codes]
    return Pressed(gravity & (told == 1), gravity & (told == -1), gravity & silent)


def named_pressed(silent: BoolArray, names: Sequence[pd.Series]) -> ObjectArray:
    """``(n,)`` the name by which a ``silent`` line may run under pressure, else None; ``names``: the nearest first.

    The nearest that speaks of either decides: 重力 in the name of a layer goes before 压力 in that of its file. One of both
    may mean either.
    """
    found: ObjectArray = np.full(len(silent), None, dtype=object)
    asked = silent.copy()
    for column in names:
        if not asked.any():
            break
        codes, texts = pd.factorize(column)
        said = [_words_in(folded(PurePath(str(text)).name))[0] for text in texts]
        speaks = np.array([*(bool(one) for one in said), False], dtype=np.bool_)[codes] & asked
        presses = np.array([*(1 in one for one in said), False], dtype=np.bool_)[codes] & speaks
        found[presses] = column.to_numpy(dtype=object)[presses]
        asked &= ~speaks
    return found


def _words_in(name: str) -> tuple[set[int], str]:
    """Whether ``name`` speaks of gravity (0), of pressure (1) or both, and what is left of it."""
    says = set()
    for at, words in enumerate((_UNPRESSED, _PRESSED)):
        for word in words:
            if word in name:
                says.add(at)
                name = name.replace(word, "|")
    return says, name


def _says(text: str) -> int:
    """1 under pressure, 0 not, -1 nobody can tell."""
    if is_null_text(text):
        return 0
    name = folded(text)
    if _BARE.fullmatch(name):
        figure = float(name)
        # As of gas: a bare whole number may be a code, a bare 0.3 is megapascals.
        if figure == 0:
            return 0
        return -1 if figure < 0 or figure.is_integer() else 1
    says, name = _words_in(name)
    for figure_text in _FIGURE.findall(name):
        figure = float(figure_text[0])
        says.add(-1 if figure < 0 else int(figure > 0))
    rest = _FIGURE.sub("|", name)
    if _BARE.search(rest) or _UNSAYS.search(rest) or (0 in says and _LIFTS.search(rest)):
        return -1
    if len(says) != 1 or (1 in says and _DENIES.search(name)):
        return -1
    return says.pop()
