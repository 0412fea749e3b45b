"""Texts of features as columns of objects, without the cost that a million rows would otherwise have."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.rules.columns import as_json
from xzgis.networks.rules.numbers import NULL_TEXTS, is_null_text

ObjectArray = npt.NDArray[np.object_]
IntArray = npt.NDArray[np.int64]
_LONGEST_NULL = max(len(text) for text in NULL_TEXTS)
# More patterns of gaps than this and writing row by row is quicker.
_MOST_PATTERNS = 200
_SHARE_THAT_REPEATS = 0.5


def objects(values: ObjectArray | list[object]) -> pd.Series:
    """``values`` as a column of objects: pandas would turn texts into its own kind and back, at seconds each."""
    return pd.Series(np.asarray(values, dtype=object), dtype=object, copy=False)


def texts_of(column: pd.Series, meant: dict[str, str] | None = None) -> pd.Series:
    """The column as text, None for its ways to say nothing; ``meant`` replaces delivered values.

    Whole numbers are written without a decimal point.
    """
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        column = _number_texts(column)
    codes, told = pd.factorize(column)
    # As Python objects at once: Arrow texts hand themselves over one by one at ten times the cost.
    texts = [str(one) for one in np.asarray(told, dtype=object).tolist()]
    if meant:
        texts = [meant.get(text, text) for text in texts]
    kept: ObjectArray = np.empty(len(texts) + 1, dtype=object)
    # No way to say nothing ends in a digit; most numbers of lines and points do.
    kept[:-1] = [
        None if not text[-1:].isdigit() and len(text) <= _LONGEST_NULL and is_null_text(text) else text
        for text in texts
    ]
    kept[-1] = None
    return objects(kept[codes])


def _number_texts(column: pd.Series) -> pd.Series:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(values)
    texts: ObjectArray = np.full(len(values), None, dtype=object)
    if (values[known] == np.round(values[known])).all() and (np.abs(values[known]) < 2**53).all():
        texts[known] = values[known].astype(np.int64).astype(str).astype(object)
    else:
        texts[known] = [f"{value:g}" if value != round(value) else str(int(value)) for value in values[known]]
    return objects(texts)


def _rows_alike(told: pd.DataFrame) -> tuple[IntArray, IntArray]:
    """``(n,)`` number of each row's contents, and the first row of each; gives up early when rows hardly repeat."""
    number: IntArray = np.zeros(len(told), dtype=np.int64)
    first: IntArray = np.zeros(1, dtype=np.int64)
    for column in told.columns:
        codes, values = pd.factorize(told[column])
        # Numbered anew at each step, so that the number of columns never overflows it.
        number, keys = pd.factorize(number * (len(values) + 1) + codes + 1)
        if len(keys) > len(told) * _SHARE_THAT_REPEATS:
            return number, np.arange(len(told))
        first = np.full(len(keys), -1, dtype=np.int64)
        first[number[::-1]] = np.arange(len(told))[::-1]
    return number.astype(np.int64), first


def attributes_json(frame: pd.DataFrame, columns: list[str]) -> ObjectArray:
    """``(n,)`` JSON object of the told values of ``columns`` of each row as text, None where there are none."""
    count = len(frame)
    if not columns or not count:
        return np.full(count, None, dtype=object)
    told = frame[columns]
    alike, first = _rows_alike(told)
    if len(first) <= count * _SHARE_THAT_REPEATS:
        # What a column of codes, dates or firms says is said a thousand times: written once.
        return attributes_json(told.iloc[first].reset_index(drop=True), columns)[alike]
    pattern = np.zeros(count, dtype=np.int64)
    for column in columns:
        # Numbered anew at each step, so that the number of columns never overflows it.
        pattern = np.unique(pattern * 2 + told[column].notna().to_numpy(), return_inverse=True)[1]
    if pattern.max() >= _MOST_PATTERNS:
        return as_json(told.astype(object).where(told.notna(), None), columns)
    written: ObjectArray = np.full(count, None, dtype=object)
    for number in range(int(pattern.max()) + 1):
        rows = np.flatnonzero(pattern == number)
        has = [column for column in columns if pd.notna(told[column].iloc[rows[0]])]
        if has:
            part = told[has].iloc[rows] if len(rows) < count else told[has]
            text = part.to_json(
                orient="records", lines=True, force_ascii=False, double_precision=15, date_format="iso"
            )
            written[rows] = text.removesuffix("\n").split("\n")
    return written
