"""Names of delivered files: told to people as they came, laid out so that every file system holds them.

A name says much of a survey (管类, 点表 or 线表) and its ending says the format: both ends of it are kept.
"""

import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePath

MOST_CHARACTERS = 200
# File systems hold 255 bytes; readers put endings of their own behind a name.
MOST_BYTES = 180
_LONGEST_ENDING = 12
_CUT = "…"
# Controls, formats (direction overrides among them), surrogates of undecodable bytes, line separators.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def printable(text: str) -> str:
    """``text`` with every control, direction mark, line end and half character as ``_``: safe to print anywhere."""
    return "".join("_" if unicodedata.category(one) in _UNSAFE else one for one in text)


def told_name(name: str) -> str:
    """The last part of the name a file came with, as batches keep and tell it: at most 200 characters."""
    last = printable(re.split(r"[\\/]", name)[-1]).strip()
    if not last.strip("."):
        return "file"
    ending = _ending(last)
    return _shortened(last.removesuffix(ending), MOST_CHARACTERS - len(ending), len) + ending


def laid_name(name: str) -> str:
    """The name under which a file is laid out for its readers: at most 180 bytes, the same for the same name."""
    told = told_name(name)
    ending = _ending(told)
    stem = told.removesuffix(ending)
    return _shortened(stem, MOST_BYTES - len(ending.encode()), lambda text: len(text.encode())) + ending


def _ending(name: str) -> str:
    suffix = PurePath(name).suffix
    return suffix if len(suffix) <= _LONGEST_ENDING else ""


def _shortened(stem: str, most: int, size: Callable[[str], int]) -> str:
    """The stem with its middle cut out where it is too large; a third of what is left is its end."""
    if size(stem) <= most:
        return stem
    room = most - size(_CUT)
    end = ""
    while size(stem[-len(end) - 1 :]) <= room // 3:
        end = stem[-len(end) - 1 :]
    start = ""
    while size(stem[: len(start) + 1]) + size(end) <= room:
        start = stem[: len(start) + 1]
    return start + _CUT + end
