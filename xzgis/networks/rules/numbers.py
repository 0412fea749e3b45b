"""Numbers as crews write them: units in the text, full-width digits, and the many ways to say nothing.

All functions take a column of text (missing where empty) and work on its distinct values. Null conventions:
reference notes on survey tables, section 6.
"""

import math
import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.rules.units import FACTORS

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

NULL_TEXTS = frozenset(
    {
        "",
        "/",
        "\\",
        "-",
        "--",
        "—",
        "——",
        "无",
        "不详",
        "不明",
        "未知",
        "空",
        "null",
        "none",
        "n/a",
        "nan",
        "?",
        "？",
        "<null>",
    }
)
_LONGEST_NULL_TEXT = 12
NULL_NUMBERS = (-9999.0, -99999.0, -99.0, -999.0, -999.9, -9999.99, 9999.0, 99999.0)
NO_HEIGHTS = (0.0, -1.0)
"""What programs write for an empty level, ground or depth; a depth of 0 is real on the surface."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+ ?(m|mm|cm|dm|kv|mpa)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_NARROW = {wide: code for code, wide in _WIDE.items()} | {0x3000: 0x20}
# Every way of writing the null texts, so that a column of a million point numbers is asked in one look.
_NULL_VARIANTS = frozenset(
    variant
    for text in NULL_TEXTS
    for form in (text, text.upper(), text.capitalize(), text.title())
    for variant in (form, form.translate(_WIDE))
)


LARGEST = 1e10
"""No quantity of a survey, coordinates of any system among them, is as large; beside such a one the others are lost."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """``(n,)`` values with NaN for unknown, and which texts are no number at all."""

    value: FloatArray
    bad: BoolArray
    has_unit: BoolArray


def plain(text: str) -> str:
    """``text`` in half-width characters without white space at its ends."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def has_other_digits(text: str) -> bool:
    """Whether a numeral stands in ``text`` that is no digit 0–9, of half or full width: ``①``, ``1.5²``, ``٣``.

    Folded to a digit, a note in a circle would be a depth.
    """
    return not text.isascii() and any(
        not sign.isascii() and unicodedata.category(sign).startswith("N") for sign in text.translate(_NARROW)
    )


def figure(text: str) -> float | None:
    """The number that ``text`` writes in digits 0–9 of half or full width, and nothing else; None where it writes none.

    Python itself reads ``0_6`` as 6.
    """
    told = plain(text)
    if has_other_digits(text) or not _NUMBER.fullmatch(told):
        return None
    value = float(told)
    return value if math.isfinite(value) else None


def number_keys(column: pd.Series) -> pd.Series:
    """By what point numbers and codes are matched: in half-width characters, trimmed, case kept; missing stays missing.

    A crew's input method writes ``Ｒ２`` in one table and ``R2`` in the other: one point. Width alone is folded: ``R②``,
    ``RⅡ`` and ``R²`` are numbers of their own, and taking one for ``R2`` would make two points one.
    """
    together = "".join(map(str, column.dropna().unique().tolist()))
    if together.isascii() and together.split() in ([together], []):
        return column
    texts = pd.Series(column.to_numpy(object), index=column.index, dtype=object)
    return texts.map(lambda text: text.translate(_NARROW).strip() if isinstance(text, str) else text)


def is_null_text(text: object) -> bool:
    """Whether a cell says nothing: empty, 无, 不详, /, — and their kin."""
    # Most cells are longer than any way to say nothing: spare them the folding.
    return not isinstance(text, str) or (
        len(text) <= _LONGEST_NULL_TEXT and plain(text).casefold() in NULL_TEXTS
    )


def parse_numbers(column: pd.Series, *, unit: str = "", zero_is_null: bool = False) -> Numbers:
    """Numbers of a text column in ``unit`` (``m mm kV MPa`` or none).

    ``-9999`` and its kin are unknown; ``0`` too where ``zero_is_null``. What reaches :data:`LARGEST` is no number.
    """
    fast = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan).copy()
    left = ~np.isfinite(fast) & column.notna().to_numpy()
    bad = np.zeros(len(column), dtype=np.bool_)
    with_unit = np.zeros(len(column), dtype=np.bool_)
    fast[~np.isfinite(fast)] = np.nan
    if left.any():
        codes, texts = pd.factorize(column[left])
        parsed = [_parsed(str(text), unit) for text in texts]
        fast[left] = np.array([value for value, _, _ in parsed])[codes]
        bad[left] = np.array([is_bad for _, is_bad, _ in parsed])[codes]
        with_unit[left] = np.array([said for _, _, said in parsed])[codes]
    beyond = np.abs(fast) >= LARGEST
    fast[beyond], bad[beyond] = np.nan, True
    fast[np.isin(fast, NULL_NUMBERS)] = np.nan
    if zero_is_null:
        fast[fast == 0.0] = np.nan
    return Numbers(fast, bad, with_unit)


def says_no_height(value_m: FloatArray) -> BoolArray:
    """``(n,)`` which levels, grounds or depths stand for an empty cell."""
    return np.isin(value_m, NO_HEIGHTS)


def decimal_comma(column: pd.Series, asked: BoolArray) -> BoolArray:
    """``(n,)`` which of the cells ``asked`` for are figures whose decimal sign is a comma: ``3793900,123``."""
    found = np.zeros(len(column), dtype=np.bool_)
    found[asked] = [bool(_DECIMAL_COMMA.fullmatch(plain(str(text)))) for text in column[asked]]
    return found


def _parsed(text: str, unit: str) -> tuple[float, bool, bool]:
    """Value, whether it is no number, whether the text names the unit."""
    told = plain(text)
    if told.casefold() in NULL_TEXTS:
        return np.nan, False, False
    if has_other_digits(text):
        return np.nan, True, False
    if _THOUSANDS.fullmatch(told):
        return float(told.replace(",", "")), False, False
    match = _NUMBER.match(told)
    if match is None:
        return np.nan, True, False
    suffix = told[match.end() :].strip().casefold()
    factor = FACTORS.get((unit, suffix)) if suffix else 1.0
    value = np.nan if factor is None else float(match.group()) * factor
    # 1e400 is written as a number and is none that can be kept.
    return (value, False, bool(suffix)) if np.isfinite(value) else (np.nan, True, False)


def parse_voltage_kv(column: pd.Series) -> Numbers:
    """Voltages in kV from ``0.38KV``, ``380V``, ``10`` or ``10000``.

    Without a unit the levels of GB/T 156 decide: 380, 400, 660 and from 1000 up are volts; 220 alone may be
    220 V or 220 kV and stays unknown (``bad``). 0 is unknown.
    """
    told = parse_numbers(column, unit="kV", zero_is_null=True)
    value, bad = told.value.copy(), told.bad.copy()
    unitless = ~told.has_unit & np.isfinite(value)
    volts = unitless & (np.isin(value, (380.0, 400.0, 660.0)) | (value >= 1000.0))
    value[volts] /= 1000.0
    unclear = unitless & (value == 220.0)
    value[unclear] = np.nan
    bad |= unclear
    bad |= np.isfinite(value) & (value <= 0)
    value[value <= 0] = np.nan
    return Numbers(value, bad, told.has_unit)


def text_or_none(column: pd.Series) -> pd.Series:
    """The column with null conventions turned into missing; other text untouched."""
    told = column.to_numpy(dtype=object, copy=True)
    told[(column.isin(_NULL_VARIANTS) | column.isna()).to_numpy()] = None
    return pd.Series(told, index=column.index, dtype=object)
