"""What tells two lines of one course apart beside level and size (decision 0021).

Owner, voltage and class of pressure; and that one is in use and the other is not, where no level says that they are one.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.rules.codes import folded
from xzgis.networks.terms import IntArray, LifeState

BoolArray = npt.NDArray[np.bool_]

#: Columns of a frame of marks: text, kV, token of ``layers/codes/pressure_class.csv``; missing where unknown.
MARKS = ("owner", "voltage_kv", "pressure_class")
#: The marks, and whether the line is in use: a token of :class:`xzgis.networks.terms.LifeState`.
TOLD_APART_BY = (*MARKS, "life_state")


def differing(one: pd.DataFrame, other: pd.DataFrame) -> BoolArray:
    """``(n,)`` whether rows of two frames of marks certainly belong to different lines: both known, and others."""
    differ = np.zeros(len(one), np.bool_)
    for name in MARKS:
        differ |= differing_in(name, one, other)
    return differ


def differing_in(name: str, one: pd.DataFrame, other: pd.DataFrame) -> BoolArray:
    """``(n,)`` as :func:`differing`, in one of :data:`MARKS`."""
    differ = np.zeros(len(one), np.bool_)
    here, there, texts = _numbered(one[name], other[name])
    rows = np.flatnonzero((here >= 0) & (there >= 0) & (here != there))
    differ[rows] = np.array(
        [not _may_be_one(name, texts[a], texts[b]) for a, b in zip(here[rows], there[rows], strict=True)],
        np.bool_,
    )
    return differ


def put_out_of_use(delivered: pd.DataFrame, records: pd.DataFrame) -> BoolArray:
    """``(n,)`` rows by which a line that is in use, or planned, would become disused, or one in use only planned."""
    here, there = (
        one["life_state"].fillna(LifeState.BUILT.value).to_numpy(object) for one in (delivered, records)
    )
    out: BoolArray = (here != there) & ((here == LifeState.DISUSED.value) | (there == LifeState.BUILT.value))
    return out


def sharing(one: pd.DataFrame, other: pd.DataFrame) -> IntArray:
    """``(n,)`` in how many marks rows of two frames agree."""
    shared = np.zeros(len(one), np.int64)
    for name in MARKS:
        here, there, _texts = _numbered(one[name], other[name])
        shared += (here >= 0) & (here == there)
    return shared


def untold(rows: IntArray, delivered: pd.DataFrame, records: pd.DataFrame) -> BoolArray:
    """``(d,)`` delivered lines without a mark by which the records that each may be differ from one another.

    ``delivered`` has ``d`` rows; ``rows`` ``(p,)`` names one for each row of ``records``, which it may be.
    """
    unclear = np.zeros(len(delivered), np.bool_)
    several = np.bincount(rows, minlength=len(delivered))[rows] > 1
    if not several.any():
        return unclear
    which = rows[several]
    for name in MARKS:
        here, there, _texts = _numbered(delivered[name].iloc[which], records[name].iloc[several])
        # A record that does not tell may be any of them.
        open_pairs = here < 0
        kinds_of = pd.Series(there[open_pairs]).groupby(which[open_pairs]).nunique()
        unclear[kinds_of.index[kinds_of > 1].to_numpy(np.int64)] = True
    return unclear


def _numbered(one: pd.Series, other: pd.Series) -> tuple[IntArray, IntArray, list[str]]:
    """Both columns as numbers of the same folded texts, -1 where unknown."""
    numbers, values = pd.factorize(pd.concat([_plain(one), _plain(other)], ignore_index=True))
    texts = [folded(value) if isinstance(value, str) else repr(float(value)) for value in values]
    places, different = pd.factorize(np.array([*texts, ""], dtype=object))
    # A text of white space alone says nothing.
    places = np.where(np.array([*texts, ""], dtype=object) == "", -1, places)
    told = places[numbers].astype(np.int64)
    return told[: len(one)], told[len(one) :], [str(text) for text in different]


def _plain(column: pd.Series) -> pd.Series:
    return column.astype(object)


def _may_be_one(mark: str, one: str, other: str) -> bool:
    """Whether two texts of a mark may mean the same.

    ``medium`` and ``medium_A`` do. A part of an owner's name does not: 徐州 owns nothing, and codes of owners hold
    one another (10 and 110).
    """
    short, long = sorted((one, other), key=len)
    return mark == "pressure_class" and long.startswith(f"{short}_")
