"""Which of two strict readings of the same bytes is text: UTF-8 or GBK/GB18030.

Being valid proves little. 直通, 水, 原 and 路 in GBK are valid UTF-8 too (Hebrew points and modifier
letters), and a single-byte page such as Latin-1 reads anything. What is weighed is how ordinary a reading is:
the share of the 3 755 hanzi of GB 2312 level 1, signs of figures and units, Western letters in Western words.
Where a few characters are ordinary both ways (``104·`` is 104路, ``PEú`` is PE煤) nothing is decided.
"""

import itertools
import re
from typing import Literal, NamedTuple

Verdict = Literal["utf-8", "gb18030", "unclear"]

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_TRIED_RUNS = 20_000
# GBK text whose bytes are UTF-8 hanzi too holds at most two thirds of level 1, and the other way round.
_COMMON_SHARE = 0.75
_MOSTLY = 0.5
# Signs of figures, units and formulas (m², Φ 300, 90°, ±0.05): in GBK they are 虏 桅 掳 卤 and the like, which
# do not stand alone in a table.
_SIGNS = frozenset("°²±µ×¾§®ØøФ")
# Signs that in GBK are everyday hanzi (路楼鲁梅鹿陆录): signs only where a sign stands.
_PLACES = {
    "·": re.compile(r"\s·\s|[NAWVgm²]·[mshK]\b"),
    "¥": re.compile(r"¥ ?\d"),
    "³": re.compile(r"m³"),
    "÷": re.compile(r"\d÷\d|\s÷\s"),
    "¹": re.compile(r"[a-z\d]¹"),
    "½": re.compile(r"\d½"),
    "¼": re.compile(r"\d¼"),
}
_GREEK = range(0x370, 0x400)
# Greek letters that in GBK are hanzi which do stand alone: 未位魏围为维.
_GREEK_OR_HANZI = frozenset("δλκΧΪά")
_CYRILLIC = range(0x400, 0x460)
_CYRILLIC_WORD = 4
_LATIN_ENDS = 0x180
# Letters that in GBK are 煤毛没每枚: at the end of a word (pipe煤) they prove nothing.
_LETTER_OR_HANZI = frozenset("úëûÿö")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f]+")
_ASCII_IN_WORD = 3
# Punctuation, letter-like and mathematical signs, numbers in circles; squared units such as ㎡.
_SIGN_BLOCKS = (range(0x2000, 0x2600), range(0x3300, 0x3400))
# GB 2312 by the first byte: hanzi of level 1, and the rows of punctuation and of full-width characters.
_LEVEL_1 = range(0xB0, 0xD8)
_PUNCTUATION = (0xA1, 0xA3)


class _Weighed(NamedTuple):
    """The characters beyond ASCII: plainly in their place, possible there, and of no Western text."""

    firm: str
    weak: str
    odd: str


def chosen(utf8: str, gb: str | None) -> Verdict:
    """Which reading of the same bytes is the text; ``gb`` is None when they are no GB18030.

    ``unclear`` when both could be, such as ``ú`` alone in a cell, which is 煤 in GBK.
    """
    if gb is None or not is_chinese(gb):
        return "utf-8"
    firm, weak, odd = _weighed(utf8)
    if odd:
        if _share_common(odd) >= _MOSTLY:
            return "utf-8"
        return "unclear" if firm else "gb18030"
    return "unclear" if weak and not firm else "utf-8"


def is_chinese(text: str) -> bool:
    """Whether three quarters of what is not ASCII are everyday hanzi and Chinese punctuation."""
    return _share_common("".join(_runs(text))) >= _COMMON_SHARE


def strange(text: str) -> str:
    """The characters of ``text`` that are neither ASCII, nor Western letters in words, nor signs in their place.

    Of a Chinese text these are its hanzi: what is left tells what kind of text it is.
    """
    weighed = _weighed(text)
    return weighed.odd + weighed.weak


def foreign(text: str) -> str:
    """The first ten characters of ``text`` beyond ASCII, to show to a person."""
    return "".join(itertools.islice((run.group() for run in _FOREIGN.finditer(text)), 10))[:10]


def _weighed(text: str) -> _Weighed:
    firm: list[str] = []
    weak: list[str] = []
    odd: list[str] = []
    for run in itertools.islice(_FOREIGN.finditer(text), _TRIED_RUNS):
        found = run.group()
        if not all(_is_western(one) for one in found):
            odd += [one for one in found if one not in _SIGNS or len(found) == 1]
        elif all(_in_place(text, at) for at in range(run.start(), run.end())):
            firm.append(found)
        else:
            weak.append(found)
    return _Weighed("".join(firm), "".join(weak), "".join(odd))


def _is_western(character: str) -> bool:
    at = ord(character)
    return (
        at < _LATIN_ENDS
        or at in _GREEK
        or at in _CYRILLIC
        or any(at in block for block in _SIGN_BLOCKS)
        or character in _SIGNS
    )


def _in_place(text: str, at: int) -> bool:
    """Whether the character at ``at`` stands where only UTF-8 text would have it."""
    character, code = text[at], ord(text[at])
    if character in _PLACES:
        around = text[max(at - 2, 0) : at + 3]
        return any(
            found.start() <= at - max(at - 2, 0) < found.end()
            for found in _PLACES[character].finditer(around)
        )
    if character in _SIGNS or code >= _SIGN_BLOCKS[0].start:
        return True
    if code in _GREEK:
        return character not in _GREEK_OR_HANZI
    if code in _CYRILLIC:
        return _letters_around(text, at, _CYRILLIC) >= _CYRILLIC_WORD
    return _in_latin_word(text, at)


def _letters_around(text: str, at: int, block: range) -> int:
    first, last = at, at
    while first and ord(text[first - 1]) in block and at - first < _CYRILLIC_WORD:
        first -= 1
    while last + 1 < len(text) and ord(text[last + 1]) in block and last - at < _CYRILLIC_WORD:
        last += 1
    return last - first + 1


def _in_latin_word(text: str, at: int) -> bool:
    """Whether the letter at ``at`` is part of a word of one kind of letters: Café, Île, núm; not PEú."""
    begins = max(at - 40, 0)
    for found in _LATIN_WORD.finditer(text[begins : at + 40]):
        if found.start() <= at - begins < found.end():
            word = found.group()
            whole = word.islower() or word.isupper() or word.istitle()
            ends = at - begins == found.end() - 1 and text[at] in _LETTER_OR_HANZI
            return whole and not ends and sum(one.isascii() for one in word) >= _ASCII_IN_WORD
    return False


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
