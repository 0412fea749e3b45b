"""Codes that name a network laid beside the kind's own: street lamps are ``power``, and no survey of power.

Who delivers lamp cables alone has looked for lamp cables. That somebody looked for the kind is shown only where lines of
the kind under another code came with them (docs/decisions/0080-lamps-alone-are-no-survey-of-power.md).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xzgis.catalogue.terms import Catalogue, KindCode, NetworkKind
from xzgis.core.words import Words
from xzgis.networks.rules.codes import folded
from xzgis.networks.rules.layer_kinds import parts_of_name, stems_of
from xzgis.networks.rules.surveyed import Evidence

PARTLY_LOOKED = "R53"
_LETTERS, _ENGLISH_LETTERS = 2, 4
"""Letters from which a word inside a longer text says what it is: 路灯 in 路灯电缆, lamp in street_lamps; 苯 in nothing."""
_RUNS_OF_LETTERS = re.compile(r"[0-9a-z]+|[一-鿿]+")


@dataclass(frozen=True)
class PartialCodes:
    """The names of parts and of wholes by kind, folded: codes, digits and words of the tables, names of the kind itself."""

    partial: Mapping[str, Mapping[str, KindCode]]
    whole: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "PartialCodes":
        """The codes that ``catalogue`` marks."""
        partial: dict[str, dict[str, KindCode]] = {}
        whole: dict[str, set[str]] = {}
        for token, kind in catalogue.kinds.items():
            english = (word for word in kind.table_words if word.isascii())
            whole[token] = {folded(name) for name in (token, kind.code, kind.zh, kind.en, *english)}
        for entry in catalogue.kind_codes:
            given = (entry.code, entry.zh, entry.en, entry.digits or "", *entry.words)
            names = [folded(name) for name in given if name]
            if entry.is_partial:
                for name in names:
                    partial.setdefault(entry.kind, {}).setdefault(name, entry)
            else:
                whole.setdefault(entry.kind, set()).update(names)
        return cls(partial, {kind: frozenset(names) for kind, names in whole.items()})

    def named(self, kind: str, text: str) -> KindCode | None:
        """The partial code that ``text`` names: as it stands, or by a word of it inside a longer one."""
        names, whole, name = self.partial.get(kind, {}), self.whole.get(kind, frozenset()), folded(text)
        if name in whole:
            return None
        if name in names:
            return names[name]
        held = [word for word in names if word not in whole and _is_word(word) and word in name]
        return names[max(held, key=len)] if held else None

    def is_whole(self, kind: str, text: str) -> bool:
        """Whether ``text`` names the kind itself: listed so, or by a listed name in a longer text that names no part of it.

        What no table lists may be a part, whoever said of which kind it is. Of a kind without parts everything is the kind.
        """
        if kind not in self.partial:
            return True
        names = self.whole.get(kind, frozenset())
        if folded(text) in names or self.named(kind, text) is not None:
            return folded(text) in names
        said = {
            one
            for part in parts_of_name(text)
            for one in _RUNS_OF_LETTERS.findall(part)
            if len(one) >= _LETTERS
        }
        chinese = (name for name in names if not name.isascii() and _is_word(name))
        return not said.isdisjoint(names) or any(name in folded(text) for name in chinese)

    def in_name(self, kind: str, name: str) -> KindCode | None:
        """The partial code that the name of a layer speaks of: 路灯, ``LD_LINE``, ``street_lighting``."""
        parts = parts_of_name(name)
        names, whole = self.partial.get(kind, {}), self.whole.get(kind, frozenset())
        for stem in (stem for part in parts for stem in stems_of(part)):
            if stem in names and stem not in whole:
                return names[stem]
        return self.named(kind, name) or self.named(kind, "".join(parts))


def _is_word(name: str) -> bool:
    """Whether a folded name is one that a longer text may hold; figures and letter codes are not."""
    if name.isascii():
        return len(name) >= _ENGLISH_LETTERS and not any(letter.isdigit() for letter in name)
    return len(name) >= _LETTERS


def only_partial(rows: pd.DataFrame, codes: PartialCodes) -> dict[str, tuple[KindCode, ...]]:
    """Kinds of ``rows`` (``kind``, ``code``) that stand there under no code of the kind itself, with the codes they have.

    Those that no table knows are among them, as a :class:`KindCode` of no scheme: who said of which kind they are was not
    asked whether they are all of it. A row without a code is of the kind as it is.
    """
    pairs = rows[["kind", "code"]].drop_duplicates()
    found: dict[str, list[KindCode | None]] = {}
    for kind, code in zip(pairs["kind"], pairs["code"], strict=True):
        if isinstance(kind, str):
            is_whole = not isinstance(code, str) or codes.is_whole(kind, code)
            found.setdefault(kind, []).append(
                None if is_whole else codes.named(kind, code) or _unlisted(kind, code)
            )
    return {
        kind: tuple(dict.fromkeys(one for one in some if one is not None))
        for kind, some in found.items()
        if None not in some
    }


def _unlisted(kind: str, code: str) -> KindCode:
    return KindCode(
        scheme="",
        code=code,
        zh=f"“{code}”（代码表未列，是否仅为其一部分不明）",
        en=f"{code!r} (in no table of codes: part or whole is not told)",
        kind=kind,
        is_partial=True,
    )


def kinds_in_part(shown: Evidence, codes: PartialCodes) -> dict[str, tuple[KindCode, ...]]:
    """:func:`only_partial` of what shows that somebody looked; points tell of kinds of which there is no line."""
    points = shown.points[~shown.points["kind"].isin(shown.lines["kind"].unique())]
    return only_partial(pd.concat([rows[["kind", "code"]] for rows in (shown.lines, points)]), codes)


def partly_told(kind: NetworkKind, codes: Sequence[KindCode]) -> Words:
    """That of a kind only such lines were delivered, and what follows."""
    zh = "、".join(dict.fromkeys(one.zh for one in codes))
    en = ", ".join(dict.fromkeys(one.en for one in codes))
    return Words(
        f"{kind.zh}：只交来了{zh}，所到之处不算已普查{kind.zh}",
        f"{kind.en}: only {en} was delivered, so the ground does not count as looked at for {kind.en}",
    )
