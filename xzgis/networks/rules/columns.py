"""Columns of text gathered from tables: picked, spread over continuation rows, kept as JSON."""

import json
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

ObjectArray = npt.NDArray[np.object_]
IntArray = npt.NDArray[np.int64]


def missing(count: int) -> pd.Series:
    """A text column of which nothing is known."""
    return pd.Series([None] * count, dtype=object)


def picked(frame: pd.DataFrame, columns: Mapping[str, str], fields: Collection[str]) -> pd.DataFrame:
    """``fields`` of ``frame`` as a frame of text, missing where the table lacks the column."""
    count = len(frame)
    return pd.DataFrame(
        {
            field: frame[columns[field]].reset_index(drop=True) if field in columns else missing(count)
            for field in fields
        },
        index=range(count),
    )


def constant_columns(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[str, ...]:
    """Columns whose every told value is the same way to say nothing (``0`` or ``无``), as databases pad them."""
    told: list[str] = []
    for column in columns:
        values = frame[column].dropna().unique()
        if len(values) <= 1 and all(value in ("0", "0.0", "无", "0.000") for value in values):
            told.append(column)
    return tuple(told)


def as_json(frame: pd.DataFrame, columns: Sequence[str]) -> ObjectArray:
    """``(n,)`` JSON object of the told values of ``columns`` of each row as text, None where there are none."""
    parts: ObjectArray = np.full(len(frame), "", dtype=object)
    for column in columns:
        codes, texts = pd.factorize(frame[column])
        has = codes >= 0
        if not has.any():
            continue
        key = json.dumps(column, ensure_ascii=False)
        told: ObjectArray = np.array(
            [f", {key}: {json.dumps(str(text), ensure_ascii=False)}" for text in texts], object
        )
        parts[has] = parts[has] + told[codes[has]]
    filled = parts != ""
    parts[filled] = np.array(["{" + text[2:] + "}" for text in parts[filled]], dtype=object)
    parts[~filled] = None
    return parts


def group_numbers(*columns: pd.Series) -> IntArray:
    """``(n,)`` number of the group of equal values in all ``columns``; missing equals missing."""
    number = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        codes, texts = pd.factorize(column)
        number = number * (len(texts) + 1) + codes + 1
        _, number = np.unique(number, return_inverse=True)
    return number.astype(np.int64)
