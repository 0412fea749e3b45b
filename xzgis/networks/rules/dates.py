"""Dates as crews write them: ``2022-9-5``, ``2005``, ``200506``, ``09/01/21 00:00:00``, ``2005年6月``."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.rules.numbers import is_null_text, plain

BoolArray = npt.NDArray[np.bool_]

_YMD = re.compile(
    r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
# A column of whole numbers with one gap comes out of most formats as fractions: 2010.0, 20240501.0.
_WHOLE = re.compile(r"^(0|\d{4}|\d{6}|\d{8})\.0+$")
_YEAR = re.compile(r"(\d{4})年?")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
# Crews told to fill in a decade write its first day (reference notes, section 3, source S13).
_GUESSES = frozenset({date(1990, 1, 1), date(2000, 1, 1), date(2010, 1, 1)})
_FIRST_YEAR = 1901
_CENTURY_TURN = 70


@dataclass(frozen=True)
class Dates:
    """``(n,)`` dates or None; which texts are no date, a day to come, or likely a guessed decade."""

    value: npt.NDArray[np.object_]
    bad: BoolArray
    guessed: BoolArray
    to_come: BoolArray


def parse_dates(column: pd.Series, *, today: date | None = None) -> Dates:
    """Dates of a text column. A year or month alone gives its first day; 1900-01-01 and before is unknown.

    ``09/01/21`` is month/day/year unless a value of the column has a first figure above 12. Nothing was
    built or surveyed after ``today`` (by default the day of this clock): such a date is told, and unknown.
    """
    # The clock may be set to a zone west of the city.
    latest = (today or date.today()) + timedelta(days=1)  # noqa: DTZ011 (the day of this clock is meant)
    codes, texts = pd.factorize(column)
    told = [_WHOLE.sub(r"\1", plain(str(text))) for text in texts]
    day_first = any((match := _SLASHED.fullmatch(text)) and int(match.group(1)) > 12 for text in told)
    values: list[date | None] = []
    bad: list[bool] = []
    to_come: list[bool] = []
    for text in told:
        value, is_null = (None, True) if is_null_text(text) or text == "0" else _one(text, day_first)
        to_come.append(value is not None and value > latest)
        values.append(None if to_come[-1] else value)
        bad.append(value is None and not is_null)
    values.append(None)
    bad.append(False)
    to_come.append(False)
    guessed = np.array([value in _GUESSES for value in values])
    array: npt.NDArray[np.object_] = np.empty(len(values), dtype=object)
    array[:] = values
    return Dates(array[codes], np.array(bad)[codes], guessed[codes], np.array(to_come)[codes])


def _one(text: str, day_first: bool) -> tuple[date | None, bool]:
    """The date, and whether the text is a way to say nothing."""
    for pattern in (_YMD, _COMPACT, _YEAR):
        match = pattern.fullmatch(text)
        if match:
            figures = [int(group) for group in match.groups(default="1")] + [1, 1]
            return _made(figures[0], figures[1], figures[2])
    match = _SLASHED.fullmatch(text)
    if match is None:
        return None, False
    first, second, year = (int(group) for group in match.groups())
    if year < 100:
        year += 1900 if year >= _CENTURY_TURN else 2000
    return _made(year, second, first) if day_first else _made(year, first, second)


def _made(year: int, month: int, day: int) -> tuple[date | None, bool]:
    if year == _FIRST_YEAR - 1 or (year, month, day) == (1899, 12, 30):
        return None, True
    if year < _FIRST_YEAR:
        return None, False
    try:
        return date(year, month, day), False
    except ValueError:
        return None, False
