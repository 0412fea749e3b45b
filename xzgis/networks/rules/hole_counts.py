"""How many holes or cables a line has, by its counts and by the layout of its holes, in the words of crews.

A count or layout that is told and not understood is no blank: the line is more than one duct or cable, and nobody knows how
many, so that one figure is no size of the whole (docs/decisions/0092-one-figure-is-not-the-whole.md).
"""

import json
import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.rules.numbers import figure, has_other_digits, is_null_text, parse_numbers, plain

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
ObjectArray = npt.NDArray[np.object_]

UNREAD = "unread_count"
"""Column of lines, never stored: the count or layout that is told and not understood, None where there is none."""
# 12/4 and 12(4) are 12 holes, 4 of them used; 12孔 is 12.
_TOTAL_AND_USED = re.compile(r"(\d+)孔?[/(](?:已用)?(\d+)孔?\)?")
_COUNTED = re.compile("([0-9]+)[孔条根个]")
_LAYOUT = re.compile(r"(\d{1,2})(?:行|排)?[x×*✕╳](\d{1,2})(?:列|孔)?")
# 3排4孔 may be four holes in all.
_ROWS_AND_COLUMNS = re.compile(
    r"(\d{1,2}|[一二两三四五六七八九十])[行排层](\d{1,2}|[一二两三四五六七八九十])列"
)
_HAN_DIGITS = {sign: str(at) for at, sign in enumerate("零一二三四五六七八九十")} | {"两": "2"}
# Heads of counts of holes among the columns that no field has taken; of the used and the free ones there may be fewer.
_COUNT_HEAD = re.compile(
    r"孔数|孔总数|总孔|孔位数|管孔$|管孔排列|(?<!man)holes?_?(?:num|count|total)?$", re.IGNORECASE
)
_NO_TOTAL = re.compile(r"空|未|剩|余|闲|备|预留|子|free|spare", re.IGNORECASE)
_ANY_HOLE = re.compile("孔|hole", re.IGNORECASE)
_NO_HOLE = re.compile(r"0+(?:\.0+)?|0+[x×*]0+")
_FIGURE = re.compile("[0-9一二两三四五六七八九十双]")


def parse_holes(column: pd.Series) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Total and used holes from ``12/6`` (total/used), a layout or a single count; texts that are none are bad."""
    codes, texts = pd.factorize(column)
    pairs: list[tuple[float, float, bool]] = [_holes(str(text)) for text in texts]
    pairs.append((np.nan, np.nan, False))  # code -1: missing
    total = np.array([pair[0] for pair in pairs])
    used = np.array([pair[1] for pair in pairs])
    bad = np.array([pair[2] for pair in pairs])
    return total[codes], used[codes], bad[codes]


def _holes(text: str) -> tuple[float, float, bool]:
    if is_null_text(text):
        return np.nan, np.nan, False
    told = _bare(text)
    if told is not None and (match := _TOTAL_AND_USED.fullmatch(told)):
        return float(match.group(1)), float(match.group(2)), False
    by_layout = _holes_of(text)
    if np.isfinite(by_layout):
        return by_layout, np.nan, False
    value = figure(without_counter(text))
    return (np.nan, np.nan, True) if value is None else (value, np.nan, False)


def _bare(text: str) -> str | None:
    """``text`` folded and without blanks; None where a numeral in it is no digit 0-9."""
    return None if has_other_digits(text) else plain(text).casefold().replace(" ", "")


def without_counter(text: object) -> str:
    """``12`` of ``12孔`` and ``12条``; any other text as it is."""
    told = plain(str(text))
    match = _COUNTED.fullmatch(told)
    return str(text) if match is None or has_other_digits(str(text)) else match.group(1)


def cable_counts(column: pd.Series) -> pd.Series:
    """The column as texts that are numbers where it counts cables: 4 of 4条."""
    codes, texts = pd.factorize(column)
    bare: ObjectArray = np.array([*(without_counter(text) for text in texts), None], dtype=object)
    return pd.Series(bare[codes], index=column.index, dtype=object)


def counts_of_layouts(column: pd.Series) -> FloatArray:
    """``(n,)`` number of holes of layouts such as ``3X4`` and ``3行4列``; NaN where the text tells none."""
    codes, texts = pd.factorize(column)
    return np.array([*(_holes_of(str(text)) for text in texts), np.nan], dtype=np.float64)[codes]


def _holes_of(text: str) -> float:
    told = _bare(text)
    if told is None or not (match := _LAYOUT.fullmatch(told) or _ROWS_AND_COLUMNS.fullmatch(told)):
        return np.nan
    rows, columns = (int(_HAN_DIGITS.get(one, one)) for one in match.groups())
    return float(rows * columns) or np.nan


def with_layouts(holes_total: FloatArray, layouts: pd.Series) -> FloatArray:
    """``holes_total``, and where none or one is told the number of holes of the layout."""
    by_layout = counts_of_layouts(layouts)
    none_told = ~(np.nan_to_num(holes_total) > 0)
    more = (holes_total == 1) & (by_layout > 1)
    return np.where(none_told | more, by_layout, holes_total)


def add_unread(
    lines: pd.DataFrame, of_banks: BoolArray, counts: pd.Series, layouts: pd.Series, cables: pd.Series
) -> None:
    """Fills :data:`UNREAD` of ``lines`` in situ by the texts of their counts and layouts.

    ``of_banks``: lines of which holes are asked; ``lines``: ``holes_total holes_used attributes``. A count of which fewer
    holes are all than are used, or that another column contradicts, is not understood either.
    """
    total, used, bad = parse_holes(counts)
    many = lines["holes_total"].to_numpy(np.float64) > 1
    no_count = parse_numbers(cable_counts(cables)).bad
    several = parse_numbers(cable_counts(cables)).value > 1
    contradicted = _contradicted(lines, counts_of_layouts(layouts))
    odd_count = of_banks & (bad | (used > total))
    odd_layout = of_banks & ~many & _is_odd(layouts, several)
    text: ObjectArray = np.full(len(lines), None, dtype=object)
    against = of_banks & pd.notna(contradicted)
    text[against] = contradicted[against]
    for mask, column in ((no_count & ~many, cables), (odd_layout, layouts), (odd_count, counts)):
        text[mask] = column.to_numpy(dtype=object)[mask]
    lines[UNREAD] = pd.Series(text, index=lines.index, dtype=object)


def _contradicted(lines: pd.DataFrame, by_layout: FloatArray) -> ObjectArray:
    """``(n,)`` the count of holes and what contradicts it: another layout, more used, more in another column; else None.

    Where none or one is told, more holes than one contradict it too.
    """
    total = lines["holes_total"].to_numpy(np.float64)
    used = lines["holes_used"].to_numpy(np.float64)
    codes, texts = pd.factorize(lines["attributes"])
    elsewhere = np.array([*(_most_holes(str(text)) for text in texts), np.nan], dtype=np.float64)[codes]
    # None or one hole in a layout of many is the layout.
    other = np.where((total > 1) & (by_layout > 1) & (by_layout != total), by_layout, np.nan)
    for more in (used, elsewhere):
        other = np.where(np.isnan(other) & (more > np.where(total > 1, total, 1.0)), more, other)
    found: ObjectArray = np.full(len(lines), None, dtype=object)
    for row in np.flatnonzero(np.isfinite(other)):
        found[row] = f"{total[row]:g} / {other[row]:g}" if np.isfinite(total[row]) else f"? / {other[row]:g}"
    return found


def _most_holes(attributes: str) -> float:
    """The most holes that a column of ``attributes`` counts; NaN where none does."""
    if not _ANY_HOLE.search(attributes):
        return np.nan
    told = [
        _holes(str(value))[0]
        for head, value in json.loads(attributes).items()
        if _COUNT_HEAD.search(plain(str(head))) and not _NO_TOTAL.search(str(head))
    ]
    return max((one for one in told if np.isfinite(one)), default=np.nan)


def is_unread(lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` lines with a count or layout that is told and not understood."""
    if UNREAD not in lines.columns:
        return np.zeros(len(lines), dtype=np.bool_)
    found: BoolArray = lines[UNREAD].notna().to_numpy(np.bool_)
    return found


def _is_odd(layouts: pd.Series, several: BoolArray) -> BoolArray:
    """``(n,)`` layouts told and not understood; of ``several`` cables a word without a figure (品字形) is how they lie."""
    codes, texts = pd.factorize(layouts)
    told = [str(text) for text in texts]
    odd = [
        not is_null_text(one)
        and not np.isfinite(_holes_of(one))
        and _NO_HOLE.fullmatch(plain(one).casefold()) is None
        for one in told
    ]
    figures = [_FIGURE.search(plain(one)) is not None for one in told]
    is_odd = np.array([*odd, False], dtype=np.bool_)[codes]
    found: BoolArray = is_odd & (np.array([*figures, False], dtype=np.bool_)[codes] | ~several)
    return found
