"""The kind a layer's name speaks of: ``JSLINE``, ``给水管线``, ``0-YS-雨水``, ``DXGX_LN_XZ``, ``gas_main``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile
from xzgis.networks.rules.codes import KindChoice, choose_kind
from xzgis.networks.rules.kind_words import (
    ALONE,
    PRESSURES,
    Beside,
    doubted_by_file,
    ends_in_a_kind,
    english_of,
    is_doubtful,
    is_of_some_line,
    is_weak,
    spoken_in_english,
)
from xzgis.networks.rules.numbers import is_null_text, plain

_SUFFIX = re.compile(r"(line|point|pipe|main|net|l|p|ln|pt)$")
_SPLIT = re.compile(r"[^0-9a-z一-鿿]+")
_FIGURES = re.compile(r"[0-9]+")
_LONG_ENOUGH_WORD = 2
_BY_CODE = 0.8


@dataclass(frozen=True, slots=True)
class NamedKind:
    """A kind, how sure the name is of it, and which part of the name said so."""

    kind: str
    confidence: float
    why_zh: str
    why_en: str


def kind_of_layer_name(name: str, catalogue: Catalogue, beside: Beside = ALONE) -> NamedKind | None:
    """The kind ``name`` speaks of, None when it names none, several that differ, or one that may be another.

    Chinese names go before English words, those before the letter codes of the standards (of which one letter alone is
    never enough); ``beside`` says what stands around the name.
    """
    named, is_sure = _named(name, catalogue, beside)
    return named if is_sure and isinstance(named, NamedKind) else None


def is_in_doubt(name: str, catalogue: Catalogue, beside: Beside = ALONE) -> bool:
    """Whether ``name`` speaks of a line whose kind may be another: no background, and nothing to be guessed."""
    named, is_sure = _named(name, catalogue, beside)
    return not is_sure and (named is not None or is_of_some_line(name))


def beside_layers(files: Sequence[FeatureFile], catalogue: Catalogue) -> dict[str, Beside]:
    """What stands around the layers of each file, by the file: its own name, and the layers of all of them."""
    names = tuple(layer.name for file in files for layer in file.layers)
    found = {}
    for file in files:
        of_file = kind_of_layer_name(PurePath(file.file).stem, catalogue)
        # Two letters in the name of a file are no code.
        spoken = None if of_file is None or of_file.confidence <= _BY_CODE else of_file.kind
        told = (kind_of_layer_name(layer.name, catalogue) for layer in file.layers)
        found[file.file] = Beside(doubted_by_file(spoken, (one.kind if one else None for one in told)), names)
    return found


def _named(name: str, catalogue: Catalogue, beside: Beside) -> tuple[NamedKind | set[str] | None, bool]:
    """The kind that ``name`` holds, or all that it may mean, and whether it means it."""
    words_of = {token: english_of(kind) for token, kind in catalogue.kinds.items()}
    spoken, left = spoken_in_english(name, words_of)
    for found, confidence, zh, en in (
        (_by_chinese(plain(name), catalogue), 0.9, "图层名含管类名称", "the layer's name holds the kind's"),
        (spoken, 0.85, "图层名含管类英文名", "the layer's name holds the kind's English word"),
    ):
        if len(found) == 1:
            kind = found.pop()
            return NamedKind(kind, confidence, zh, en), not is_doubtful(kind, name, beside, left)
        if found:
            return found, False
    coded = _by_code(parts_of_name(name), catalogue)
    if len(coded) != 1:
        return ends_in_a_kind(left, words_of) or None, False
    why = Words("图层名含管类代码", "the layer's name holds the kind's code")
    return NamedKind(coded.pop(), _BY_CODE, why.zh, why.en), True


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
    beside: Beside = ALONE,
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
            beside=beside,
        )
        if choice.kind and not choice.candidates and value not in given and is_word(value):
            said = kind_of_layer_name(_FIGURES.sub(" ", value), catalogue, beside)
            # A layer of gas may part its lines by pressure.
            words = set(catalogue.kinds[choice.kind].table_words) if said is None else set()
            is_pressure = any(word in value for word in PRESSURES & words)
            if not is_pressure and (said is None or said.kind != choice.kind):
                choice = replace(choice, kind=None, is_sure=False)
        chosen[value] = choice
    return chosen


def _by_chinese(name: str, catalogue: Catalogue) -> set[str]:
    told = name.casefold()
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
            if len(word) >= _LONG_ENOUGH_WORD
            and not word.isascii()
            and word in told
            and not is_weak(word, token, told)
        ]
        if lengths:
            best[token] = max(lengths)
    return {token for token, length in best.items() if length == max(best.values())}


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
