"""The kind a layer's name speaks of: ``JSLINE``, ``给水管线``, ``0-YS-雨水``, ``DXGX_LN_XZ``, ``gas_main``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules.codes import KindChoice, choose_kind
from xzgis.networks.rules.numbers import is_null_text, plain

_SUFFIX = re.compile(r"(line|point|pipe|main|net|l|p|ln|pt)$")
_SPLIT = re.compile(r"[^0-9a-z一-鿿]+")
_FIGURES = re.compile(r"[0-9]+")
_LONG_ENOUGH_WORD = 2


@dataclass(frozen=True, slots=True)
class NamedKind:
    """A kind, how sure the name is of it, and which part of the name said so."""

    kind: str
    confidence: float
    why_zh: str
    why_en: str


def kind_of_layer_name(name: str, catalogue: Catalogue) -> NamedKind | None:
    """The kind ``name`` speaks of, None when it names none or several that differ.

    Chinese names go before tokens and English words, those before the letter codes of the standards (of
    which one letter alone is never enough).
    """
    told = plain(name).casefold()
    parts = parts_of_name(name)
    for found, confidence, zh, en in (
        (_by_chinese(told, catalogue), 0.9, "图层名含管类名称", "the layer's name holds the kind's"),
        (
            _by_word(parts, catalogue),
            0.85,
            "图层名含管类英文名",
            "the layer's name holds the kind's English word",
        ),
        (_by_code(parts, catalogue), 0.8, "图层名含管类代码", "the layer's name holds the kind's code"),
    ):
        if len(found) == 1:
            return NamedKind(found.pop(), confidence, zh, en)
        if found:
            return None
    return None


def parts_of_name(name: str) -> list[str]:
    """The words and codes of a name, in small letters."""
    return [part for part in _SPLIT.split(plain(name).casefold()) if part]


def stems_of(part: str) -> tuple[str, str]:
    """A part of a name, and without the ending that says line or point: ``ldline``, ``ld``."""
    return part, _SUFFIX.sub("", part)


def is_word(value: str) -> bool:
    """Whether a value of a column of kinds says something in letters; a number or a dash may be any code."""
    return not is_null_text(value) and any(letter.isalpha() for letter in value)


def kinds_of_words(
    values: Sequence[str],
    layer: str,
    catalogue: Catalogue,
    schemes: Sequence[str],
    given: Mapping[str, str],
) -> dict[str, KindChoice]:
    """What each value of a column of kinds means.

    The name of the layer settles codes that several kinds have. It says nothing of a word that nobody knows: a gas
    main under a local name inside a layer called 给水 is no water main.
    """
    chosen = {}
    for value in values:
        choice = choose_kind(
            value,
            kind_codes=catalogue.kind_codes,
            kinds=catalogue.kinds,
            schemes=schemes,
            given=given,
            words=(layer,),
        )
        if choice.kind and not choice.candidates and value not in given and is_word(value):
            said = kind_of_layer_name(_FIGURES.sub(" ", value), catalogue)
            if said is None or said.kind != choice.kind:
                choice = replace(choice, kind=None, is_sure=False)
        chosen[value] = choice
    return chosen


def _by_chinese(told: str, catalogue: Catalogue) -> set[str]:
    best: dict[str, int] = {}
    for token, kind in catalogue.kinds.items():
        words = (
            kind.zh,
            *kind.table_words,
            *(code.zh for code in catalogue.kind_codes if code.kind == token),
        )
        lengths = [
            len(word)
            for word in words
            if len(word) >= _LONG_ENOUGH_WORD and not word.isascii() and word in told
        ]
        if lengths:
            best[token] = max(lengths)
    return {token for token, length in best.items() if length == max(best.values())}


def _by_word(parts: list[str], catalogue: Catalogue) -> set[str]:
    found: set[str] = set()
    for token, kind in catalogue.kinds.items():
        words = {token, kind.en.casefold(), *(word.casefold() for word in kind.table_words if word.isascii())}
        if words & set(parts) or token in "_".join(parts):
            found.add(token)
    longest = max((len(token) for token in found), default=0)
    joined = "_".join(parts)
    whole = {token for token in found if token in joined and len(token) == longest}
    return whole or found


def _by_code(parts: list[str], catalogue: Catalogue) -> set[str]:
    codes: dict[str, set[str]] = {}
    for code in catalogue.kind_codes:
        if len(code.code) >= _LONG_ENOUGH_WORD and code.code.isascii():
            codes.setdefault(code.code.casefold(), set()).add(code.kind)
    found: set[str] = set()
    for part in parts:
        for candidate in stems_of(part):
            if candidate in codes:
                found |= codes[candidate]
                break
    return found
