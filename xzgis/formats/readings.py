"""Which of two strict readings of the same bytes is text: UTF-8 or GBK/GB18030.

Being valid proves little. 直通, 水, 原 and 路 in GBK are valid UTF-8 too (Hebrew points and modifier
letters), and a single-byte page such as Latin-1 reads anything. What is weighed is how ordinary a reading is:
the share of the 3 755 hanzi of GB 2312 level 1, and Western letters that stand in Western words.
"""

import itertools
import re
from typing import Literal

Verdict = Literal["utf-8", "gb18030", "unclear"]

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_TRIED_RUNS = 20_000
# GBK text whose bytes are UTF-8 hanzi too holds at most two thirds of level 1, and the other way round.
_COMMON_SHARE = 0.75
_MOSTLY = 0.5
# Signs of figures and units (m², Φ300, 90°, ±0.05): ordinary beside a figure, a letter or a hanzi.
_SIGNS = frozenset("°²³¹±·µ×÷½¼¾§®ØøΦφФ∅ΩδΔαβπ")
# GB 2312 by the first byte: hanzi of level 1, and the rows of punctuation and of full-width characters.
_LEVEL_1 = range(0xB0, 0xD8)
_PUNCTUATION = (0xA1, 0xA3)
_LATIN_ENDS = 0x180


def chosen(utf8: str, gb: str | None) -> Verdict:
    """Which reading of the same bytes is the text; ``gb`` is None when they are no GB18030.

    ``unclear`` when both could be, such as ``ú`` alone in a cell, which is 煤 in GBK.
    """
    rest = strange(utf8)
    if not rest or _share_common(rest) >= _MOSTLY:
        return "utf-8"
    if gb is None or not is_chinese(gb):
        return "utf-8"
    return "gb18030" if any(ord(one) >= _LATIN_ENDS for one in rest) else "unclear"


def is_chinese(text: str) -> bool:
    """Whether three quarters of what is not ASCII are everyday hanzi and Chinese punctuation."""
    return _share_common("".join(_runs(text))) >= _COMMON_SHARE


def strange(text: str) -> str:
    """The characters of ``text`` that are neither ASCII, nor Western letters in words, nor signs of figures.

    Of a Chinese text these are its hanzi: what is left tells what kind of text it is.
    """
    left: list[str] = []
    for run in itertools.islice(_FOREIGN.finditer(text), _TRIED_RUNS):
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        found = run.group()
        if all(_is_western(one) for one in found):
            in_word = before.isalpha() or after.isalpha()
            in_figure = before.isalnum() or after.isalnum()
            if in_word or (in_figure and all(one in _SIGNS for one in found)):
                continue
        left += [one for one in found if one not in _SIGNS or len(found) == 1]
    return "".join(left)


def _is_western(character: str) -> bool:
    # General punctuation (dashes, quotes), currency and letter-like signs stand in any Western text.
    at = ord(character)
    return at < _LATIN_ENDS or 0x2000 <= at < 0x2200 or character in _SIGNS


def _runs(text: str) -> list[str]:
    return [run.group() for run in itertools.islice(_FOREIGN.finditer(text), _TRIED_RUNS)]


def _share_common(foreign: str) -> float:
    if not foreign:
        return 0.0
    common = {character for character in set(foreign) if _is_common(character)}
    return sum(character in common for character in foreign) / len(foreign)


def _is_common(character: str) -> bool:
    try:
        first = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return first in _LEVEL_1 or (first in _PUNCTUATION and ord(character) >= 0x2000)
