"""Whether the word for a part of a kind is told apart from the words for the whole kind."""

from collections.abc import Iterator

from xzgis.catalogue.rules.definitions import Finding, Parts
from xzgis.catalogue.terms import KindCode, NetworkKind
from xzgis.core.words import Words


def part_words(parts: Parts) -> Iterator[Finding]:
    """No code of a part of a kind bears a word of the whole: ``燃气`` for LPG would make every gas survey one of LPG."""
    whole: dict[str, set[str]] = {}
    for read in (*parts["kinds"], *parts["kind_codes"]):
        value = read.value
        if isinstance(value, NetworkKind):
            whole.setdefault(value.token, set()).update({value.zh.casefold(), value.en.casefold()})
        elif not value.is_partial:
            whole.setdefault(value.kind, set()).update(_said(value))
    for read in parts["kind_codes"]:
        entry = read.value
        for word in sorted(_said(entry) & whole.get(entry.kind, set())) if entry.is_partial else ():
            yield Finding(
                read.file,
                read.line,
                "zh",
                Words(
                    f"“{word}”是整个管类的名称，不能作为其中一部分（{entry.code}）的名称",
                    f"{word!r} names the whole kind and cannot name a part of it ({entry.code})",
                ),
                Words(
                    "写出这一部分自己的名称，或去掉 is_partial。",
                    "Write the part's own word, or drop is_partial.",
                ),
            )


def _said(entry: KindCode) -> set[str]:
    return {word.casefold() for word in (entry.zh, entry.en, *entry.words)}
