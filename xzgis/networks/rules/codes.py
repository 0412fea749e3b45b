"""Codes, Chinese words and local nicknames → our tokens, by the code lists of the catalogue."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import CodeValue, KindCode, NetworkKind
from xzgis.core.words import Words
from xzgis.networks.rules.kind_words import ALONE, Beside, english_of, is_doubtful, is_weak, spoken_in_english
from xzgis.networks.rules.numbers import is_null_text, plain

BoolArray = npt.NDArray[np.bool_]
ObjectArray = npt.NDArray[np.object_]

# Crews in this country write these; codes of other schemes count only where these know nothing.
OUR_SCHEMES = ("CJJ 61-2017", "CJJ 61-2003", "GB 50028", "local", "")


@dataclass(frozen=True)
class Resolved:
    """``(n,)`` the code value of every text or None, and which texts say something the list lacks."""

    value: ObjectArray
    unknown: BoolArray

    def tokens(self) -> ObjectArray:
        """``(n,)`` tokens or None."""
        return _objects([None if value is None else value.token for value in self.value])


WORDS_NAMED = 6
"""As many words of a code list are named to who wrote another."""


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """A code or word without case, width and white space."""
    return "".join(plain(text).casefold().split())


def in_no_list(listing: str, values: Sequence[CodeValue]) -> Words:
    """What to do about a word that a code list lacks: on the page first, what an administrator can do second."""
    told = list(dict.fromkeys((value.zh, value.en) for value in values))
    zh, en = (said[:WORDS_NAMED] for said in ([one[0] for one in told], [one[1] for one in told]))
    more = len(told) > WORDS_NAMED
    return Words(
        f"在原表中改成登记库的写法（{'、'.join(zh)}{'等' if more else ''}）后重新上传；列认错了的，在批次的“对应关系”页"
        "把该列改为别的字段或不使用；不改也可入库，此项按未知。常用的写法请系统管理员加入代码表"
        f"（layers/codes/{listing}.csv 的 aliases 栏）",
        f"Write it in the table as the register does ({', '.join(en)}{' …' if more else ''}) and upload it again; a column"
        " that was taken wrongly gets another field, or none, on the page “Mapping” of the batch; unmended it comes in as"
        f" unknown. A word in constant use is added by the system administrator (aliases in layers/codes/{listing}.csv)",
    )


def resolve_codes(
    column: pd.Series,
    kinds: ObjectArray,
    values: Sequence[CodeValue],
    *,
    schemes: Sequence[str] = OUR_SCHEMES,
    silent: Collection[str] = (),
) -> Resolved:
    """Every text of ``column`` looked up for the line's kind.

    Parameters
    ----------
    kinds
        ``(n,)`` kind token of each row, None where unknown; a value for other kinds does not fit.
    schemes
        Asked first; other schemes only where these know nothing.
    silent
        Folded texts that say nothing, beside the usual null texts.
    """
    index: dict[str, list[CodeValue]] = defaultdict(list)
    for value in values:
        for name in dict.fromkeys(folded(name) for name in (value.code, value.zh, value.en, *value.aliases)):
            index[name].append(value)
    text_codes, texts = pd.factorize(column)
    kind_codes, kind_names = pd.factorize(pd.Series(kinds, dtype=object))
    pair = text_codes.astype(np.int64) * (len(kind_names) + 1) + kind_codes + 1
    unique, inverse = np.unique(pair, return_inverse=True)
    found: list[CodeValue | None] = []
    unknown: list[bool] = []
    for number in unique:
        text_at, kind_at = divmod(int(number), len(kind_names) + 1)
        text = str(texts[text_at]) if text_codes.size and number >= 0 and text_at >= 0 else ""
        if number < 0 or is_null_text(text) or folded(text) in silent:
            found.append(None)
            unknown.append(False)
            continue
        kind = str(kind_names[kind_at - 1]) if kind_at > 0 else None
        fitting = _fitting(index.get(folded(text), []), kind, schemes)
        found.append(fitting)
        unknown.append(fitting is None)
    missing = text_codes < 0
    chosen = _objects(found)[inverse] if len(unique) else _objects([None] * len(column))
    lacks = (
        np.array(unknown, dtype=np.bool_)[inverse] if len(unique) else np.zeros(len(column), dtype=np.bool_)
    )
    chosen[missing] = None
    lacks[missing] = False
    return Resolved(chosen, lacks)


def shared_digits(
    column: pd.Series, values: Sequence[CodeValue], *, schemes: Sequence[str] = OUR_SCHEMES
) -> BoolArray:
    """``(n,)`` bare digits that more than one list reads differently: ``1`` is abandoned here and in service there.

    Where a format names its own ``schemes``, only theirs are asked.
    """
    tokens: dict[str, set[str]] = defaultdict(set)
    for value in values:
        if value.code.isdecimal() and (tuple(schemes) == OUR_SCHEMES or value.scheme in schemes):
            tokens[value.code].add(value.token)
    codes, texts = pd.factorize(column)
    shared = [len(tokens.get(folded(str(text)), ())) > 1 for text in texts]
    found: BoolArray = np.array([*shared, False], dtype=np.bool_)[codes]
    return found


def _fitting(values: Sequence[CodeValue], kind: str | None, schemes: Sequence[str]) -> CodeValue | None:
    fitting = [value for value in values if not value.kinds or kind is None or kind in value.kinds]
    ours = [value for value in fitting if value.scheme in schemes] or fitting
    tokens = {value.token for value in ours}
    if len(tokens) == 1 or (ours and kind is not None):
        # A value made for this kind goes before one for every kind.
        return min(ours, key=lambda value: not value.kinds)
    return None


def _objects(values: Sequence[object]) -> ObjectArray:
    array: ObjectArray = np.empty(len(values), dtype=object)
    array[:] = values
    return array


@dataclass(frozen=True, slots=True)
class KindChoice:
    """What kind a delivered code leads to, and why; ``kind`` None when a person must say it."""

    code: str
    kind: str | None
    why_zh: str
    why_en: str
    is_sure: bool
    candidates: tuple[str, ...] = ()


def choose_kind(  # noqa: PLR0913 - what a code may mean, and what stands around it
    code: str,
    *,
    kind_codes: Sequence[KindCode],
    kinds: Mapping[str, NetworkKind],
    words: Sequence[str] = (),
    hints: Callable[[], Mapping[str, int]] = dict,
    given: Mapping[str, str] | None = None,
    schemes: Sequence[str] = (),
    beside: Beside = ALONE,
) -> KindChoice:
    """The kind for a delivered ``code``: a code of a standard, a Chinese name, or a kind token.

    Shared codes (R gas or heat, Y storm or LPG) are settled by ``words`` of the table and file, then by
    ``hints`` (asked only then): how many of the rows hold values that only one of the kinds knows. Where the code is
    none, words that may mean another kind, by what stands ``beside`` them, settle nothing.
    """
    if given and code in given:
        return KindChoice(code, given[code], "由用户或数据格式指定", "as the user or the format says", True)
    name = folded(code)
    matches = [entry for entry in kind_codes if name in (folded(entry.code), folded(entry.zh))]
    if schemes:
        matches = [entry for entry in matches if entry.scheme in schemes]
    candidates = tuple(dict.fromkeys(entry.kind for entry in matches))
    if not candidates:
        candidates = tuple(
            token for token, kind in kinds.items() if name in (token, folded(kind.zh), folded(kind.code))
        )
    if len(candidates) == 1:
        scheme = matches[0].scheme if matches else "token"
        return KindChoice(code, candidates[0], f"代码表 {scheme}", f"code table {scheme}", True, candidates)
    if candidates:
        return _settled(code, candidates, _held(candidates, kinds, words), hints)
    return _settled(code, (), _spoken(kinds, words, beside), hints)


def _held(
    candidates: Sequence[str], kinds: Mapping[str, NetworkKind], words: Sequence[str]
) -> dict[str, int]:
    """The length of the longest word of each of the ``candidates`` that stands in ``words``."""
    joined = folded(" ".join(words))
    return {
        token: max((len(word) for word in kinds[token].table_words if folded(word) in joined), default=0)
        for token in candidates
        if token in kinds
    }


def _spoken(kinds: Mapping[str, NetworkKind], words: Sequence[str], beside: Beside) -> dict[str, int]:
    """The same of every kind of buried line, of words that say it by themselves; nothing where they may mean another."""
    buried = {token: kind for token, kind in kinds.items() if kind.is_buried_line}
    joined = " ".join(words)
    told = folded(joined)
    english, left = spoken_in_english(joined, {token: english_of(kind) for token, kind in buried.items()})
    found = {}
    for token, kind in buried.items():
        lengths = [
            len(word)
            for word in kind.table_words
            if not word.isascii() and folded(word) in told and not is_weak(word, token, told)
        ]
        # One letter more than none: an English word stands behind every Chinese one.
        lengths += [1] * (token in english)
        found[token] = max(lengths, default=0)
    most = max(found.values(), default=0)
    is_open = any(
        length == most and is_doubtful(token, joined, beside, left) for token, length in found.items()
    )
    return {} if not most or is_open else found


def _settled(
    code: str, candidates: tuple[str, ...], named: Mapping[str, int], hints: Callable[[], Mapping[str, int]]
) -> KindChoice:
    best = [token for token, length in named.items() if length and length == max(named.values())]
    if len(best) == 1:
        return KindChoice(code, best[0], "表名或表头写明", "the table or its title says so", True, candidates)
    told = hints() if candidates else {}
    votes = {token: told.get(token, 0) for token in candidates}
    leading = [token for token, count in votes.items() if count and count == max(votes.values())]
    if len(leading) == 1 and sum(votes.values()) == votes[leading[0]]:
        count = votes[leading[0]]
        return KindChoice(
            code,
            leading[0],
            f"{count} 行的属性只属于该类",
            f"{count} rows hold values of this kind alone",
            False,
            candidates,
        )
    return KindChoice(
        code,
        None,
        "代码有多种含义或不在代码表中",
        "the code has several meanings, or is in no table",
        False,
        candidates,
    )
