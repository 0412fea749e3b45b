"""Whether the rows of a list of positions stand in the order of their own numbers: row by row they become the line.

A table sorted as text puts J10 before J2, and the line then runs where nobody lays it.
"""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.works.rules.cells import as_figure, as_text

_SEQUENCE = re.compile(r"序号|顺序号|次序号|顺号|顺序|次序|序|seq(?:uence)?|order", re.IGNORECASE)
_STATION = re.compile(
    r"(?:里程)?桩号|里程|累计?(?:距离?|长度?|里程)|station(?:ing|_m)?|sta\.?|chainage(?:_m)?|km|kp|stake",
    re.IGNORECASE,
)
_POINT = re.compile(
    # The number of another point (起点, 下游点, 连接点) says nothing of the row's own place.
    r"(?!.*(?:[起终止下前后对邻连]|(?<!图)上))(?:[\u4e00-\u9fff]{0,6}[点井桩](?:编?号|名称?|序号?|id)?|编号|标号|代号|号|名称?)|"
    r"(?:(?:point|pt|p|node|vertex|manhole|mh|object)[ _]*)?(?:no|nr|num|number|id|fid|name|label|index)\.?|"
    r"point|pt|node|vertex|manhole|mh|#|№",
    re.IGNORECASE,
)
_STATION_TEXT = re.compile(r"(\D*?)(\d+)\+(\d+(?:\.\d+)?)\s*m?", re.IGNORECASE)
_FEWEST = 3
# Three names taken from elsewhere (J102, J35, J47) often stand as a text sorts them by chance.
_FEWEST_AS_TEXT = 4


@dataclass(frozen=True)
class _Numbered:
    """A row with its number: what stands before the digits, and the digits; ``is_sure``: they are an order."""

    row: int
    text: str
    prefix: str
    digits: tuple[float, ...]
    is_sure: bool


def refuse_disorder(
    heads: Sequence[str],
    columns: Mapping[int, str],
    rows: Sequence[tuple[int, Sequence[str | None]]],
    name: str,
) -> None:
    """Refuse the list ``name`` where a column that numbers its rows does not run one way.

    ``columns`` are those that say something else. Stations that run one way stand over the numbers of points; names
    that are no ordinals say nothing.

    Raises
    ------
    Invalid
        With the first row out of order.
    """
    others = [(at, _bare(head)) for at, head in enumerate(heads) if at not in columns]
    stations = [at for at, head in others if _STATION.fullmatch(head)]
    in_order = is_counted = False
    for at in stations:
        numbered = _numbered(rows, at, is_station=True, is_sure=True)
        _check(numbered, heads[at], name)
        in_order |= len(numbered) == len(rows) and all(one.is_sure for one in numbered)
    if in_order:
        return
    for at, head in others:
        if _SEQUENCE.fullmatch(head):
            numbered = _numbered(rows, at, is_station=False, is_sure=True)
            is_counted |= len(numbered) == len(rows) and len({one.digits for one in numbered}) == len(rows)
    for at, head in others:
        is_sequence = _SEQUENCE.fullmatch(head) is not None
        if at not in stations and (is_sequence or _POINT.fullmatch(head)):
            numbered = _numbered(rows, at, is_station=False, is_sure=is_sequence)
            _check(numbered, heads[at], name, is_counted=is_counted)


def _bare(head: str) -> str:
    return re.sub(r"[\s（(\[［【〔{].*", "", head, flags=re.DOTALL)


def _numbered(
    rows: Sequence[tuple[int, Sequence[str | None]]], at: int, *, is_station: bool, is_sure: bool
) -> list[_Numbered]:
    found = []
    for row, cells in rows:
        told = as_text(cells[at]) if at < len(cells) else None
        text = unicodedata.normalize("NFKC", told or "").casefold().strip()
        station, figure = _STATION_TEXT.fullmatch(text), as_figure(text) if is_station else None
        if station is not None:
            metres = 1_000.0 * float(station[2]) + float(station[3])
            found.append(_Numbered(row, told or "", station[1], (metres,), is_sure=True))
        elif figure is not None:
            found.append(_Numbered(row, told or "", "", (figure,), is_sure=True))
        elif digits := tuple(float(one) for one in re.findall(r"\d+", text)):
            prefix = re.match(r"\D*", text)
            before = "" if prefix is None else prefix[0]
            found.append(_Numbered(row, told or "", before, digits, is_sure and not is_station))
    return found


def _check(numbered: Sequence[_Numbered], head: str, name: str, *, is_counted: bool = False) -> None:
    for prefix in dict.fromkeys(one.prefix for one in numbered):
        mine = [one for one in numbered if one.prefix == prefix]
        if len(mine) > 1 and mine[0].digits == mine[-1].digits:
            mine = mine[:-1]  # a ring ends where it began
        wrong = _out_of_order(mine)
        # Beside an ordinal of their own, rows are named as their manholes are.
        is_most = 2 * len(mine) > len(numbered) and not is_counted
        if wrong is not None and _is_order(mine, is_most=is_most):
            raise _refusal(mine[wrong - 1], mine[wrong], head, name)


def _out_of_order(mine: Sequence[_Numbered]) -> int | None:
    """The first that stands against the way in which most of them run."""
    if len(mine) < _FEWEST:
        return None
    # J2 and J2-1: whichever stands first, both are at J2. J1-2 behind J1-10 is out of order though a J1 stands above.
    steps = []
    for before, here in pairwise(one.digits for one in mine):
        depth = min(len(before), len(here))
        steps.append((before[:depth], here[:depth]))
    ups = [at for at, (before, here) in enumerate(steps, start=1) if here > before]
    downs = [at for at, (before, here) in enumerate(steps, start=1) if here < before]
    against = downs if len(ups) >= len(downs) else ups
    return against[0] if against else None


def _is_order(mine: Sequence[_Numbered], *, is_most: bool) -> bool:
    """Whether the digits are an order at all: told as one, counted through, or sorted as a text sorts them."""
    if all(one.is_sure for one in mine):
        return True
    told = [digits for digits, _ in groupby(one.digits for one in mine)]
    if len(set(told)) < len(told):
        return False  # 45°, 90°, 45°: what comes back is no ordinal
    texts = [one.text.casefold() for one in mine]
    if len(mine) >= _FEWEST_AS_TEXT and texts in (sorted(texts), sorted(texts, reverse=True)):
        return True
    return is_most and _are_counted(mine)


def _are_counted(mine: Sequence[_Numbered]) -> bool:
    """Whether the first digits that differ go up in equal steps of which more stand here than are left out."""
    depth = min(len(one.digits) for one in mine)
    for place in range(depth):
        values = sorted({int(one.digits[place]) for one in mine})
        if len(values) > 1:
            step = math.gcd(*(later - first for first, later in pairwise(values)))
            return (values[-1] - values[0]) // step + 1 <= 2 * len(values)
    return False


def _refusal(before: _Numbered, wrong: _Numbered, head: str, name: str) -> Invalid:
    return Invalid(
        Words(
            f"{name} 第 {wrong.row} 行的“{head}”为“{wrong.text}”，排在第 {before.row} 行的“{before.text}”之后：点列表逐行连成"
            f"管线，不依次会连成另一条线（按文本排序时 J10 会排到 J2 之前）。请把各行按“{head}”的数字大小排好；如行序就是管线"
            "走向，请删去这一列；如为几条管线，请每条一个文件。",
            f"{name}, row {wrong.row}: “{head}” is “{wrong.text}”, behind “{before.text}” of row {before.row}. A list becomes a "
            "line row by row, and out of order it becomes another one (sorted as text, J10 stands before J2). Sort the rows "
            f"by the figures of “{head}”; take the column out if the rows stand as the line runs; give a file for each line "
            "if they are several.",
        )
    )
