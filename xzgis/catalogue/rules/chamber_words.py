"""Which points have an extent by the words of their crews: chambers, shafts, tanks, boxes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.obstacles import CALLED, UNNAMED

NOTHING = "(?!)"
"""A pattern that nothing fits."""
SHORTEST_ENDING = 2
"""Characters of a listed word that a longer one may end with: any shaft of whatever size ends with the one of a well."""


@dataclass(frozen=True, slots=True)
class ChamberWords:
    """What points are called that have an extent.

    ``tokens``: by a listed word (token, Chinese name or alias) the token of what stands there; ``endings``: the listed
    words that a longer one may end with, the longest first; ``features``: listed features, which are none;
    ``pattern``: a regular expression, of PostgreSQL as of here, that every other word fits which calls such a thing.
    """

    tokens: Mapping[str, str]
    endings: tuple[str, ...]
    features: frozenset[str]
    pattern: str


@dataclass(frozen=True, slots=True)
class Thing:
    """What stands at a point; not ``is_named`` where its crew has a word of its own for it, so any size of line fits."""

    token: str
    is_named: bool = True


def words_with_extent(catalogue: Catalogue) -> ChamberWords:
    """What the points with an extent are called, by the rows of layers/chambers.csv and the code lists."""
    sized = dict.fromkeys(size.appurtenance for size in catalogue.chambers)
    tokens = {token: token for token in sized} | {
        word: code.token
        for code in catalogue.codes["appurtenance"]
        if code.token in sized
        for word in (*code.aliases, code.zh)
    }
    endings = tuple(
        sorted(
            (word for word in tokens if word not in sized and len(word) >= SHORTEST_ENDING),
            key=lambda word: (-len(word), word),
        )
    )
    called = [pattern for pattern, token in CALLED if token in sized]
    rest = [word for word in endings if not re.search("|".join(called) or NOTHING, word, re.IGNORECASE)]
    if rest:
        called.append(f"({'|'.join(map(re.escape, rest))})$")
    features = frozenset(code.token for code in catalogue.codes.get("feature", ()))
    return ChamberWords(tokens, endings, features, "|".join(called) or NOTHING)


def thing_at(
    appurtenance: str | None, feature: str | None, depth_m: float | None, words: ChamberWords
) -> Thing | None:
    """What stands at a point by its appurtenance, else by its feature, else by a recorded depth; None: no extent.

    Crews have more words than the list: one that ends with a listed word (三格化粪池) is such a thing, any other that
    calls a chamber (热力小室) is one of which nothing but its being is told.
    """
    told = _called(appurtenance, words)
    if told is None and feature not in words.features:
        told = _called(feature, words)
    if told is None and (depth_m or 0.0) > 0.0 and UNNAMED in words.tokens:
        return Thing(UNNAMED, is_named=False)
    return told


def _called(text: str | None, words: ChamberWords) -> Thing | None:
    if not text:
        return None
    if text in words.tokens:
        return Thing(words.tokens[text])
    ending = next((word for word in words.endings if text.endswith(word)), None)
    if ending is not None:
        return Thing(words.tokens[ending], is_named=False)
    for pattern, token in CALLED:
        if token in words.tokens and re.search(pattern, text, re.IGNORECASE):
            return Thing(token, is_named=False)
    return None


def thing_named(place: str | None, words: ChamberWords) -> Thing | None:
    """What every point of a layer or sheet is by its name (污水检查井, sewer_gully): a listed word that it holds.

    A pattern would not do: a 井 stands in the names of many streets too.
    """
    if not place:
        return None
    if place in words.tokens:
        return Thing(words.tokens[place])
    name = re.sub("[^a-z\u4e00-\u9fff]+", "_", place.casefold())
    for word in sorted({*words.endings, *words.tokens.values()}, key=lambda word: (-len(word), word)):
        if re.search(f"(?<![a-z]){re.escape(word)}s?(?![a-z])" if word.isascii() else re.escape(word), name):
            return Thing(words.tokens[word], is_named=False)
    return None
