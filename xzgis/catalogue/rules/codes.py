"""From what crews write to what we mean: kind codes and code lists, aliases, full-width characters."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from xzgis.catalogue.terms import Catalogue, CodeValue, KindCode

SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """What a code may mean. ``kind`` is None when nothing matches or several kinds remain: never guessed.

    Attributes
    ----------
    kind
        The one kind left, or None.
    candidates
        Every entry that matched and was not ruled out.
    settled_by
        Words of the hint that told shared codes apart, empty when they were not needed.
    """

    kind: str | None
    candidates: tuple[KindCode, ...]
    settled_by: tuple[str, ...] = ()


def normal(raw: str) -> str:
    """``raw`` without spaces, full-width characters and case, as codes and names are compared."""
    return SPACES.sub("", unicodedata.normalize("NFKC", raw)).casefold()


def kind_of_code(
    catalogue: Catalogue, code: str, *, schemes: Iterable[str] = (), hint: str = ""
) -> CodeMatch:
    """The kind of line a delivered code stands for.

    Parameters
    ----------
    code
        A code (``JS``, ``Y``, ``LD``), or the name of a kind (``给水``).
    schemes
        Schemes asked, in order of preference; the first that knows the code decides. Empty: all at once.
    hint
        Table and sheet names, appurtenances, pressure texts: whatever words stand around the code.
        They settle a code that several kinds share (Y is storm or LPG, R is gas or heat).

    Source: CJJ 61-2017 App. B, CJJ 61-2003, letters of deliveries (layers/kinds).
    """
    wanted = normal(code)
    named = [kind for kind in catalogue.kinds.values() if wanted in {normal(kind.zh), normal(kind.token)}]
    if named:
        entry = KindCode(scheme="name", code=code, zh=named[0].zh, en=named[0].en, kind=named[0].token)
        return CodeMatch(named[0].token, (entry,))
    entries = [entry for entry in catalogue.kind_codes if normal(entry.code) == wanted]
    asked = tuple(schemes)
    for scheme in asked:
        of_scheme = [entry for entry in entries if entry.scheme == scheme]
        if of_scheme:
            return _settled(catalogue, of_scheme, hint)
    return _settled(catalogue, [] if asked else entries, hint)


def _settled(catalogue: Catalogue, entries: list[KindCode], hint: str) -> CodeMatch:
    """The one kind of ``entries``, if need be by the words of ``hint``."""
    kinds = {entry.kind for entry in entries}
    if len(kinds) <= 1:
        return CodeMatch(next(iter(kinds), None), tuple(entries))
    text = normal(hint)
    spoken = {
        kind: tuple(word for word in catalogue.kinds[kind].table_words if normal(word) in text)
        for kind in kinds
    }
    left = [kind for kind, words in spoken.items() if words]
    if len(left) == 1:
        return CodeMatch(left[0], tuple(e for e in entries if e.kind == left[0]), spoken[left[0]])
    return CodeMatch(None, tuple(entry for entry in entries if not left or entry.kind in left))


def value_of(
    catalogue: Catalogue, code_list: str, raw: object, *, kind: str | None = None, scheme: str | None = None
) -> CodeValue | None:
    """The value of a code list that ``raw`` stands for, by code, name or alias.

    Parameters
    ----------
    kind
        Kind token of the line: 管埋 of a cable is a conduit, of a water main the pipe itself. None:
        values meant for some kinds only count when they all agree.
    scheme
        Scheme of the delivery; None asks all of them.

    Returns
    -------
    value
        None when nothing matches, or when ``raw`` means different things and nothing tells which.
    """
    wanted = normal(str(raw))
    if not wanted:
        return None
    values = [
        value
        for value in catalogue.codes.get(code_list, ())
        if (scheme is None or value.scheme in (scheme, "")) and wanted in _words(value)
    ]
    fitting = [value for value in values if _is_for(catalogue, value, kind)]
    exact = [value for value in fitting if normal(value.code) == wanted] or fitting
    return exact[0] if len({value.token for value in exact}) == 1 else None


def _words(value: CodeValue) -> set[str]:
    return {normal(word) for word in (value.code, value.zh, *value.aliases)}


def _is_for(catalogue: Catalogue, value: CodeValue, kind: str | None) -> bool:
    if kind is None or not value.kinds:
        return True
    network = catalogue.kinds.get(kind)
    return kind in value.kinds or (network is not None and network.rule_kind in value.kinds)


def class_of_number(catalogue: Catalogue, code_list: str, number: float) -> CodeValue | None:
    """The class of a code list whose bounds hold ``number`` (gas pressure in MPa, GB 50028).

    A number on a bound belongs to the lower class, but for the upper bound of low pressure: 0.01 MPa is
    medium B, the stricter reading (GB 50028 writes P < 0.01, GB 55009-2021 writes P <= 0.01).
    """
    classes = [
        value
        for value in catalogue.codes.get(code_list, ())
        if not value.one_of and value.minimum is not None
    ]
    classes.sort(key=lambda value: value.minimum or 0.0)
    for position, value in enumerate(classes):
        lower = value.minimum or 0.0
        above = number >= lower if position <= 1 else number > lower
        below = value.maximum is None or (
            number < value.maximum if position == 0 else number <= value.maximum
        )
        if above and below:
            return value
    return None
