"""Whether the sizes of chambers fit the words that chambers are called by: none is lost, none too small."""

import re
from collections.abc import Iterator
from itertools import product

from xzgis.catalogue.rules.definitions import (
    ADD_CODE,
    ADD_KIND,
    Finding,
    Parts,
    Read,
    list_tokens,
    rule_kinds,
    unknown,
)
from xzgis.catalogue.terms.obstacles import CALLED, VAGUE
from xzgis.core.words import Words


def chamber_sizes(parts: Parts) -> Iterator[Finding]:
    """Sizes of chambers name what exists and have ranges that are some."""
    kinds, tokens = rule_kinds(parts) | {"any"}, list_tokens(parts, "appurtenance")
    for read in parts.get("chambers", ()):
        size = read.value
        if size.appurtenance not in tokens:
            yield unknown(read, "appurtenance", size.appurtenance, ADD_CODE)
        if size.kind not in kinds:
            yield unknown(read, "kind", size.kind, ADD_KIND)
        for what in ("line", "width", "depth", "base"):
            low, high = getattr(size, f"{what}_mm_from"), getattr(size, f"{what}_mm_to")
            if high < low or (what == "line" and high == low):
                reason = Words("范围为空", "the range is empty")
                yield Finding(
                    read.file, read.line, f"{what}_mm_to", reason, Words("改正范围。", "Correct the range.")
                )


def called_chambers(parts: Parts) -> Iterator[Finding]:
    """What the words of a listed appurtenance call a chamber has a size, of whatever kind: else it would be none."""
    sized = {read.value.appurtenance for read in parts.get("chambers", ())}
    pattern = "|".join(f"(?:{pattern})" for pattern, _ in CALLED)
    for read in parts.get("codes/appurtenance", ()):
        code = read.value
        word = next(
            (word for word in (code.zh, *code.aliases) if re.search(pattern, word, re.IGNORECASE)), None
        )
        if sized and word is not None and code.token not in sized:
            reason = Words(
                f"“{word}”是有大小的井室或箱柜，chambers.csv 中却没有它的尺寸",
                f"{word!r} has an extent, but chambers.csv has no size for it",
            )
            yield Finding(
                read.file, read.line, "token", reason, Words("在 chambers.csv 中补上尺寸。", "Add its size.")
            )


def vague_chambers(parts: Parts) -> Iterator[Finding]:
    """A vague word is of no kind smaller than what else it may mean of that kind."""
    reads = parts.get("chambers", ())
    of_code = {read.value.token: read.value.kinds for read in parts.get("codes/appurtenance", ())}
    rule_kind_of = {read.value.token: read.value.rule_kind for read in parts.get("kinds", ())}

    def sizes(token: str, kind: str) -> list[Read]:
        for name in (kind, rule_kind_of.get(kind), "any"):
            if of_kind := [one for one in reads if (one.value.appurtenance, one.value.kind) == (token, name)]:
                return of_kind
        return []

    told = set()
    for vague, precise in ((vague, precise) for vague, many in VAGUE.items() for precise in many):
        for kind, what in product(
            of_code.get(precise, ()) or sorted(rule_kind_of), ("width_mm_to", "depth_mm_to")
        ):
            mine, others = sizes(vague, kind), sizes(precise, kind)
            if not mine or not others:
                continue
            most = max(getattr(one.value, what) for one in mine)
            larger = next((one for one in others if getattr(one.value, what) > most), None)
            if larger is not None and (larger.line, what) not in told:
                told.add((larger.line, what))
                reason = Words(
                    f"“{vague}”也可指“{precise}”（{kind}），却不如它大：{most:g}",
                    f"{vague!r} may mean {precise!r} too ({kind}), but is smaller: {most:g}",
                )
                remedy = Words("加大含糊词的上限。", "Widen the row of the vague word.")
                yield Finding(larger.file, larger.line, what, reason, remedy)
