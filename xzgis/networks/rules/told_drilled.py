"""Lines said to be drilled, a siphon, or in a channel in another column than the burial: 施工方法, 备注 (decision 0093).

Such a column is kept among the attributes and read by nobody; what it says of the course between two points holds all the
same. Of a firm, and where it is denied, the word says nothing.
"""

import json
import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.rules.burials import IS_OPEN, is_open

BoolArray = npt.NDArray[np.bool_]

SAID = "said_drilled"
"""Column of lines, never stored: the column and the words that say it, None where none does."""
SIPHON = re.compile(r"倒虹|inverted[ _-]*siphon", re.IGNORECASE)
_TRENCHLESS = "非开挖"
DRILLED = re.compile(
    r"水平定向|定向钻|定向穿越|导向钻|水平钻|拖管|(?<!克)拉管|牵管|牵引|回拖|非开挖|trenchless|(?<![a-z])hdd(?![a-z])"
    r"|(?:directional|horizontal)(?:ly)?[ _-]*drill"
)
_ANY = re.compile(f"{SIPHON.pattern}|{DRILLED.pattern}", re.IGNORECASE)
_NOT = ("非", "未", "无", "没", "没有", "不", "不是", "并非")
_USED = ("", "采用", "使用", "用", "经", "为", "有", "是")
DENIED = re.compile(f"(?:{'|'.join(_NOT)})(?:{'|'.join(_USED)})$")
_OF_A_FIRM = re.compile(
    r"单位(?:名称|全称|简称|代码)?\W*$|公司|权属|集团|owner|firm|company|contractor", re.IGNORECASE
)
# The word is part of the name of a firm only where the rest of the name follows at once: 由徐州非开挖工程公司施工. What a
# bracket, a bar or 穿越 parts from a firm is said of the line: 定向钻（某公司）, 定向钻穿越某公司门前.
TRADES = "工程|技术|科技|建设|建筑|管道|管线|安装|设备|机械|勘察|探测|检测|专业|实业|发展|股份|责任|有限"
_FIRM = "公司|集团"
_IN_ITS_NAME = re.compile(f"({TRADES})+({_FIRM})")
_ENDS_ITS_NAME, _HAN = re.compile(_FIRM), re.compile("[一-鿿]$")
_OF_METHOD = re.compile(r"施工|敷设|铺设|埋设|工艺|method|construct", re.IGNORECASE)
_WITHIN = r"管沟|地沟|电缆沟|沟道|管块|排管|管廊|隧道|小通道|箱涵|暗渠"
_IN_A_STRUCTURE = re.compile(rf"{_WITHIN}|沟埋")
_LIES = r"敷设|铺设|埋设|内|中"
_NOTED_IN_ONE = re.compile(rf"(?:{_WITHIN})(?:{_LIES})|沟埋")
# 管沟开挖 is a trench, not a channel.
_DUG = re.compile(r"[挖填槽]")
# Of these the column of the method tells more: what a person writes of the pipe itself.
_PLAIN = ("direct_buried", "pipe_buried")


def add_said_drilled(lines: pd.DataFrame) -> None:
    """Fills :data:`SAID` of canonical ``lines`` in situ; a column of the method goes before 直埋, 管埋 and an empty burial."""
    said: npt.NDArray[np.object_] = np.full(len(lines), None, dtype=object)
    lines[SAID] = pd.Series(said, index=lines.index, dtype=object)
    codes, texts = pd.factorize(lines["attributes"])
    _open_in_structures(lines, codes, texts)
    hits = {at: _said(str(text)) for at, text in enumerate(texts) if _ANY.search(str(text))}
    hits = {at: found for at, found in hits.items() if found}
    if not hits:
        return
    burial = lines["burial"].to_numpy(dtype=object, copy=True)
    unclear = is_open(lines)
    for row in np.flatnonzero(np.isin(codes, list(hits))):
        for column, value, words in hits[int(codes[row])]:
            if burial[row] == "jacked" and set(words) == {_TRENCHLESS}:
                continue
            said[row] = said[row] or f"{column}={value}"
            untold = burial[row] is None or burial[row] != burial[row]
            if _OF_METHOD.search(column) and not unclear[row] and (untold or burial[row] in _PLAIN):
                burial[row] = "underwater" if all(SIPHON.search(word) for word in words) else "drilled"
    lines[SAID] = pd.Series(said, index=lines.index, dtype=object)
    lines["burial"] = pd.Series(burial, index=lines.index, dtype=object)


def _open_in_structures(lines: pd.DataFrame, codes: npt.NDArray[np.intp], texts: Iterable[object]) -> None:
    """A plain or empty burial is open (:data:`IS_OPEN`) where another column says that the line lies in a channel or block."""
    hits = [
        at
        for at, text in enumerate(texts)
        if _IN_A_STRUCTURE.search(str(text)) and _in_a_structure(str(text))
    ]
    if hits:
        burial = lines["burial"]
        is_plain = (burial.isna() | burial.isin(_PLAIN)).to_numpy(np.bool_)
        lines[IS_OPEN] = is_open(lines) | (is_plain & np.isin(codes, hits))
        lines["burial"] = burial.where(~lines[IS_OPEN], None)


def _in_a_structure(attributes: str) -> bool:
    for column, value in json.loads(attributes).items():
        text, pattern = str(value), _IN_A_STRUCTURE if _OF_METHOD.search(str(column)) else _NOTED_IN_ONE
        if _OF_A_FIRM.search(str(column)) or _DUG.search(text):
            continue
        if any(not DENIED.search(text[: match.start()]) for match in pattern.finditer(text)):
            return True
    return False


def said_to_dive(lines: pd.DataFrame, is_long: BoolArray) -> BoolArray:
    """``(n,)`` lines that another column than the burial says to dive: drilled ones that are ``is_long``, siphons always."""
    if SAID not in lines.columns or not (has := lines[SAID].notna().to_numpy(np.bool_)).any():
        return np.zeros(len(lines), dtype=np.bool_)
    siphon = np.array([SIPHON.search(str(one)) is not None for one in lines[SAID]], dtype=np.bool_)
    found: BoolArray = has & (is_long | siphon)
    return found


def _said(attributes: str) -> list[tuple[str, str, list[str]]]:
    """Column, value and words of each attribute that says it."""
    found = []
    for column, value in json.loads(attributes).items():
        text = str(value)
        if _OF_A_FIRM.search(str(column)):
            continue
        of_method = _OF_METHOD.search(str(column)) is not None
        words = [
            match.group(0).casefold()
            for match in _ANY.finditer(text)
            if not DENIED.search(text[: match.start()]) and (of_method or not _names_a_firm(text, match))
        ]
        if words and not (set(words) == {_TRENCHLESS} and "顶管" in text):
            found.append((str(column), text, words))
    return found


def _names_a_firm(text: str, word: re.Match[str]) -> bool:
    """Whether ``word`` stands inside the name of a firm."""
    if _IN_ITS_NAME.match(text, word.end()) is not None:
        return True
    before = _HAN.search(text[: word.start()]) is not None
    return before and _ENDS_ITS_NAME.match(text, word.end()) is not None
