"""Words of a name that speak of a kind, whole and not as part of another word, and words that make them doubtful.

A pipe of the heating network is 供水 as well, wastewater is no water main, and 中压 is a pressure of gas and of power.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from xzgis.catalogue.terms import NetworkKind
from xzgis.networks.rules.numbers import plain

PRESSURES = frozenset({"低压", "中压", "高压"})
"""Classes of gas and of power: alone they name neither."""
_VOLTAGE = re.compile(r"\d\s*(?:kv|千伏)")
_WATER, _HEAT, _POWER = "water", "heat", "power"
# Of the two pipes of a heating network one is 供水; 二次供水 is also drinking water pumped up.
_OF_TWO_PIPES = re.compile(r"一次|二次|回水|供回|换热|采暖|供暖|地暖|暖气|高温")
_RETURN = re.compile(r"回水|供回|(?<![a-z])return(?![a-z])")
_SUPPLY = re.compile(r"供水|(?<![a-z])supply(?![a-z])")
# Beside "water" in a name these make it another water, or one of which nobody can say which it is.
_OTHER_WATERS = frozenset({
    "hot", "chilled", "heat", "heating", "steam", "condensate", "waste", "storm", "drain", "drains", "drainage", "sewage",
    "sewer", "sewers", "sanitary", "foul", "grey", "gray", "black", "rain", "surface", "ground", "recycled", "treated",
    "return", "produced", "cooling", "process", "dirty", "soil", "feed",
})  # fmt: skip
_ENDING = re.compile(r"(?:pipelines?|lines?|points?|pipes?|mains?|networks?|net|cables?|ln|pt|l|p)$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LETTERS = re.compile(r"[a-z]+")
_LONGEST_PHRASE, _SHORTEST_WORD = 3, 3


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands around a name: kinds that the name of its file puts in doubt, and the names beside it."""

    doubted: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()


ALONE = Beside()


def english_words(name: str) -> list[str]:
    """The English words of a name in small letters: ``hot_water2``, ``HotWater`` → hot, water."""
    return _LETTERS.findall(_CAMEL.sub(" ", plain(name)).casefold())


def spoken_in_english(name: str, words_of: Mapping[str, Collection[str]]) -> tuple[set[str], list[str]]:
    """The kinds of the English words in ``name``, the longest phrase first, and the words that say none.

    ``words_of``: words by kind; ``waste_water`` is the word wastewater, and no water.
    """
    kinds: dict[str, set[str]] = {}
    for kind, words in words_of.items():
        for word in words:
            kinds.setdefault(re.sub(r"[\s_-]", "", word.casefold()), set()).add(kind)
    parts, found, left, at = english_words(name), set[str](), list[str](), 0
    while at < len(parts):
        for size in range(min(_LONGEST_PHRASE, len(parts) - at), 0, -1):
            phrase = "".join(parts[at : at + size])
            said = kinds.get(phrase) or kinds.get(_ENDING.sub("", phrase))
            if said:
                found |= said
                at += size
                break
        else:
            left.append(parts[at])
            at += 1
    return found, left


def ends_in_a_kind(parts: Iterable[str], words_of: Mapping[str, Collection[str]]) -> set[str]:
    """The kinds whose word one of ``parts`` ends in: ``ngas`` and ``firewater`` are lines of some kind, no background."""
    ends = {part for part in (_ENDING.sub("", part) for part in parts) if part}
    return {
        kind
        for kind, words in words_of.items()
        for word in words
        if len(word) >= _SHORTEST_WORD and any(part.endswith(word.casefold()) for part in ends)
    }


def english_of(kind: NetworkKind) -> set[str]:
    """The English words of a kind: its token, its name and those of its table words."""
    return {kind.token, kind.en, *(word for word in kind.table_words if word.isascii())}


def is_weak(word: str, kind: str, told: str) -> bool:
    """Whether ``word`` in the name ``told`` does not say ``kind`` by itself: a pressure, unless kilovolts stand beside it."""
    return word in PRESSURES and not (kind == _POWER and _VOLTAGE.search(told.casefold()))


def is_of_some_line(name: str) -> bool:
    """Whether ``name`` speaks of pipes or cables though of no kind: one of two pipes, or a pressure alone."""
    told = plain(name).casefold()
    return bool(_OF_TWO_PIPES.search(told)) or any(word in told for word in PRESSURES)


def is_doubtful(kind: str, name: str, beside: Beside = ALONE, left: Iterable[str] | None = None) -> bool:
    """Whether a name that says ``kind`` may mean another: by its other words (``left``, in English) and by its surroundings."""
    if kind in beside.doubted:
        return True
    if kind != _WATER:
        return False
    told = plain(name).casefold()
    if not _OTHER_WATERS.isdisjoint(english_words(name) if left is None else left):
        return True
    if "自来水" in told:
        return False
    has_return = any(_RETURN.search(plain(one).casefold()) for one in beside.names)
    return bool(_OF_TWO_PIPES.search(told) or (has_return and _SUPPLY.search(told)))


def doubted_by_file(of_file: str | None, of_layers: Iterable[str | None]) -> frozenset[str]:
    """The kinds of layers that the kind of their file's name puts in doubt.

    A drawing named after one network shows others on their layers: its name says nothing of these, be they several or
    its own among them. Water beside heat may be a pipe of the heating network all the same.
    """
    told = frozenset(kind for kind in of_layers if kind is not None)
    if of_file is None or of_file in told:
        return frozenset()
    if len(told) == 1:
        return told
    return told & {_WATER} if of_file == _HEAT else frozenset()
