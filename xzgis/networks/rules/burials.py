"""Burials in the words crews write: a listed word with what stands round it, and words told but not understood.

A burial that nobody understands is no blank: the line may lie in a channel or a block, be drilled or bend under a river, so
that it is no plain pipe (docs/decisions/0093-a-burial-nobody-understands-is-no-plain-pipe.md).
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import CodeValue
from xzgis.core.words import Words
from xzgis.networks.rules.codes import OUR_SCHEMES, Resolved, folded, resolve_codes

BoolArray = npt.NDArray[np.bool_]

NOT_UNDERSTOOD = "not understood"
"""In the burials of a layer, before it becomes lines: told, and in no list."""
IS_OPEN = "burial_is_open"
"""Column of lines beside ``burial``, never stored: told but not understood, as ``burial`` of both is missing."""
FOLLOWS = Words(
    "：单个尺寸不作外包尺寸，埋深所指（管顶或沟内底）两种情形都考虑，两点之间不按直线推算",
    ": one figure is no outer size, its depth may be to the crown or to an inner bottom, and no level is straight between"
    " two points",
)
_BRACKETS = re.compile(r"[()（）\[\]【】{}<>《》“”\"'、,，;；:：·。./\\+-]")
# What stands round the word and says nothing of the burial.
_FLUFF = re.compile(
    r"半通行|不通行|可通行|通行|方式|方法|敷设|铺设|施工|埋设|埋置|安装|工艺|管线|管道|电缆|光缆|砖砌|钢筋混凝土|混凝土|[式型的]"
)
# These bound nothing, so that a rest nobody knows cannot make them say too much. A channel says where its bottom lies,
# and 管沟开挖 is a trench that was dug and filled again.
_BELIEVED_WITH_MORE = frozenset({"drilled", "underwater"})
# 顶管穿越 is jacked; 穿越管沟 crosses a channel and lies in none.
_CROSSES = re.compile("穿[越路]$")
_OF_DIGGING = "施工"
_DENIES = re.compile(r"[不非无未没否改原拆除废旁侧外近邻或及和与跨至到转接]")
_RUN = re.compile(r"[a-z0-9]+")


def resolve_burials(
    column: pd.Series,
    kinds: npt.NDArray[np.object_],
    values: Sequence[CodeValue],
    *,
    schemes: Sequence[str] = OUR_SCHEMES,
) -> Resolved:
    """:func:`resolve_codes` of burials: what no list holds as it stands is read by the one listed word in it.

    ``unknown``: told, and not understood all the same.
    """
    told = resolve_codes(column, kinds, values, schemes=schemes)
    if not told.unknown.any():
        return told
    names = _names(values)
    texts = column.where(told.unknown, None)
    codes, distinct = pd.factorize(texts)
    read: npt.NDArray[np.object_] = np.empty(len(distinct) + 1, dtype=object)
    read[: len(distinct)] = [_listed(str(text), names) for text in distinct]
    again = resolve_codes(pd.Series(read[codes], index=column.index), kinds, values, schemes=schemes)
    value = told.value.copy()
    found: BoolArray = told.unknown & np.array([one is not None for one in again.value], dtype=np.bool_)
    value[found] = again.value[found]
    return Resolved(value, told.unknown & ~found)


def is_open(lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` lines whose burial is told and not understood."""
    if IS_OPEN not in lines.columns:
        return np.zeros(len(lines), dtype=np.bool_)
    return lines[IS_OPEN].to_numpy(dtype=np.bool_)


def other_reference(lines: pd.DataFrame, reference: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """``reference``, and of lines of an open burial what it may be instead: the inner bottom, or the crown of a sewer."""
    from_above = np.isin(reference.astype(str), ("crown", "outer_top", "inner_top", "unknown"))
    instead = np.where(from_above, "inner_bottom", "crown")
    result: npt.NDArray[np.object_] = np.where(is_open(lines), instead, reference).astype(object)
    return result


def _names(values: Sequence[CodeValue]) -> dict[str, frozenset[str]]:
    """Listed names folded, the longest first, with the tokens each may be."""
    found: dict[str, set[str]] = {}
    for value in values:
        for name in (value.code, value.zh, value.en, *value.aliases):
            found.setdefault(folded(name), set()).add(value.token)
    found.pop("", None)
    return {name: frozenset(found[name]) for name in sorted(found, key=len, reverse=True)}


def _listed(text: str, names: dict[str, frozenset[str]]) -> str | None:
    """The one listed name that ``text`` comes to: without what stands round it, else the longest name in it.

    None where the words in it are of several burials, deny it, or stand beside others and bound the line.
    """
    bare = _FLUFF.sub("", _BRACKETS.sub("", folded(text)))
    if bare in names:
        # 施工管沟 is a trench to lay a pipe in, 顶管施工 a way to lay it.
        return None if _OF_DIGGING in text and "channel" in names[bare] else bare
    name, held = folded(text), []
    for one in names:
        inside = one in _RUN.findall(name) if one.isascii() else len(one) > 1 and one in name
        if inside:
            held.append(one)
            name = re.sub(rf"(?<![a-z0-9]){re.escape(one)}(?![a-z0-9])", "|", name) if one.isascii() else (
                name.replace(one, "|"))  # fmt: skip
    tokens = {frozenset(names[one]) for one in held}
    if len(tokens) != 1:
        return None
    rest = _FLUFF.sub("", _BRACKETS.sub("", name)).replace("|", "")
    if tokens == {frozenset({"jacked"})} and _CROSSES.search(bare):
        rest = _CROSSES.sub("", rest)
    if rest and (not next(iter(tokens)) <= _BELIEVED_WITH_MORE or _DENIES.search(rest)):
        return None
    return held[0]
