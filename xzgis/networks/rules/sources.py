"""Where the rows of survey tables and of layers say that they come from.

A word of no known meaning names no survey: counted as one it would turn into "somebody looked here"
(docs/decisions/0050-only-measured-lines-show-that-somebody-looked.md).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import CodeValue
from xzgis.core.words import Words
from xzgis.networks.rules.accuracy import ObjectArray
from xzgis.networks.rules.codes import resolve_codes
from xzgis.networks.rules.understanding import Understanding

FAR_SOURCE = ("far_data_source", "far_row")
"""What the other row of a line says, in tables with one row per connection, and which row that is."""
_UNKNOWN = "assumed"
_LEAVE_OUT = Words("在列对应中选“不使用此列”", "do not use this column", "--column HEAD=-")


def sources_of(frame: pd.DataFrame, kinds: ObjectArray, how: Understanding) -> ObjectArray:
    """``(n,)`` source token of each row, None where it says nothing; unknown words are told and taken as assumed."""
    values = how.catalogue.codes.get("data_source", ())
    tokens, unknown = known_sources(frame["data_source"], kinds, values)
    how.doubts.distinct(
        frame, unknown, "data_source", code="R05", level="warning",
        told=(lambda value: Words(f"数据来源“{value}”含义不明，按推测计：精度从宽，所到之处不算已普查",
                                  f"The source {value!r} is not known; taken as inferred: the widest accuracy, and the "
                                  "ground does not count as surveyed"),
              remedy_of_source(values, _LEAVE_OUT)),
    )  # fmt: skip
    return tokens


def known_sources(
    texts: pd.Series, kinds: ObjectArray, values: Sequence[CodeValue]
) -> tuple[ObjectArray, npt.NDArray[np.bool_]]:
    """``(n,)`` source token of each text, None where it says nothing, and which are no source that we know: assumed."""
    # Who maps or exports by program writes our own words.
    written = {one.token: one.code for one in values}
    codes, told = pd.factorize(texts)
    named: ObjectArray = np.array([*(written.get(str(one), one) for one in told), None], dtype=object)
    read = resolve_codes(pd.Series(named[codes], dtype=object), kinds, values)
    tokens = read.tokens()
    tokens[read.unknown] = _UNKNOWN
    return tokens, read.unknown


def line_sources(
    lines: pd.DataFrame, kinds: ObjectArray, how: Understanding
) -> tuple[ObjectArray, ObjectArray]:
    """Source tokens of each line by its own row and by the other row that names it; ``(n,)`` each."""
    near = lines[["file", "sheet", "row", "data_source"]]
    far = near.assign(row=lines["far_row"], data_source=lines["far_data_source"])
    told = sources_of(pd.concat([near, far], ignore_index=True), np.concatenate([kinds, kinds]), how)
    return told[: len(lines)], told[len(lines) :]


def remedy_of_source(values: Sequence[CodeValue], leave_out: Words) -> Words:
    """What to do about a source that is not known; ``leave_out``: how its column is left out, if all was surveyed."""
    zh, en = "、".join(value.zh for value in values), ", ".join(value.en for value in values)
    return Words(
        f"改写为以下之一后重交：{zh}；或在“规则”页的代码表“数据来源”中给相应一行补充此别名；"
        f"如全部确为探测成果，可{leave_out.zh}",
        f"Write one of these and import again: {en}; or add the word as an alias to the code list of sources on the page "
        f"Rules; if all of it was surveyed, {leave_out.en}",
        leave_out.command,
    )
