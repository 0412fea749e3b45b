"""Codes that name a network laid beside the kind's own: street lamps are ``power``, and no survey of power.

Who delivers lamp cables alone has looked for lamp cables. That somebody looked for the kind is shown only where lines of
the kind under another code came with them (docs/decisions/0080-lamps-alone-are-no-survey-of-power.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xzgis.catalogue.terms import Catalogue, KindCode, NetworkKind
from xzgis.core.words import Words
from xzgis.networks.rules.codes import folded
from xzgis.networks.rules.layer_kinds import parts_of_name, stems_of
from xzgis.networks.rules.surveyed import Evidence

PARTLY_LOOKED = "R53"
_A_WORD = 2
"""Letters from which a Chinese name inside a longer text says what it is: 路灯 in 路灯电缆, 苯 in nothing."""


@dataclass(frozen=True)
class PartialCodes:
    """The codes of the tables by kind and folded name (code, digits, Chinese and English word)."""

    partial: Mapping[str, Mapping[str, KindCode]]
    whole: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "PartialCodes":
        """The codes that ``catalogue`` marks."""
        partial: dict[str, dict[str, KindCode]] = {}
        whole: dict[str, set[str]] = {}
        for entry in catalogue.kind_codes:
            names = [folded(name) for name in (entry.code, entry.zh, entry.en, entry.digits or "") if name]
            if entry.is_partial:
                for name in names:
                    partial.setdefault(entry.kind, {}).setdefault(name, entry)
            else:
                whole.setdefault(entry.kind, set()).update(names)
        return cls(partial, {kind: frozenset(names) for kind, names in whole.items()})

    def named(self, kind: str, text: str) -> KindCode | None:
        """The partial code that ``text`` names: as it stands, or by its Chinese word inside a longer one."""
        names, whole, name = self.partial.get(kind, {}), self.whole.get(kind, frozenset()), folded(text)
        if name in whole:
            return None
        if name in names:
            return names[name]
        words = ((folded(one.zh), one) for one in names.values() if len(one.zh) >= _A_WORD)
        held = [one for word, one in words if word not in whole and word in name]
        return max(held, key=lambda one: len(one.zh), default=None)

    def in_name(self, kind: str, name: str) -> KindCode | None:
        """The partial code that the name of a layer speaks of: 路灯, ``LD_LINE``, ``street_lighting``."""
        parts = parts_of_name(name)
        names, whole = self.partial.get(kind, {}), self.whole.get(kind, frozenset())
        for stem in (stem for part in parts for stem in stems_of(part)):
            if stem in names and stem not in whole:
                return names[stem]
        joined = "".join(parts)
        english = next((one for one in names.values() if folded(one.en) in joined), None)
        return self.named(kind, name) or english


def only_partial(rows: pd.DataFrame, codes: PartialCodes) -> dict[str, tuple[KindCode, ...]]:
    """Kinds of ``rows`` (``kind``, ``code``) that stand there under partial codes alone, with those codes.

    A row without a code, or of a code that no table knows, is of the kind as it is: a person said so.
    """
    pairs = rows[["kind", "code"]].drop_duplicates()
    found: dict[str, list[KindCode | None]] = {}
    for kind, code in zip(pairs["kind"], pairs["code"], strict=True):
        if isinstance(kind, str):
            named = codes.named(kind, code) if isinstance(code, str) else None
            found.setdefault(kind, []).append(named)
    return {
        kind: tuple(dict.fromkeys(one for one in some if one is not None))
        for kind, some in found.items()
        if None not in some
    }


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
