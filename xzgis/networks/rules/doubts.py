"""Collects what is wrong or was decided while a delivery is understood."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.terms import IntakeFinding, Level

BoolArray = npt.NDArray[np.bool_]
Saying = Callable[[str], Words]


@dataclass(frozen=True, slots=True)
class Where:
    """The first place that a finding about several rows speaks of, with the value that stands there."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None


NOWHERE = Where()


def first_where(frame: pd.DataFrame, mask: BoolArray, field: str | None, value: str | None) -> Where:
    """The first row of ``mask``; nowhere when there is none."""
    if not mask.any():
        return NOWHERE
    row = frame.iloc[int(np.argmax(mask))]
    return Where(row["file"], row["sheet"], int(row["row"]), field, value)


@dataclass
class Doubts:
    """The findings so far, in the order they arose."""

    found: list[IntakeFinding] = field(default_factory=list)

    def say(self, code: str, level: Level, words: Words, remedy: Words, *, where: Where = NOWHERE) -> None:
        """One finding about the whole delivery, or about all rows of which ``where`` is the first."""
        self.found.append(
            IntakeFinding(
                code, level, words, remedy, where.file, where.sheet, where.row, where.field, where.value
            )
        )

    def rows(
        self,
        frame: pd.DataFrame,
        mask: BoolArray,
        column: str,
        *,
        code: str,
        level: Level,
        told: tuple[Saying, Words],
    ) -> None:
        """One finding per row of ``mask``; ``told`` is a sentence of the value, and the remedy."""
        saying, remedy = told
        for at in np.flatnonzero(mask):
            value = _shown(frame[column].iloc[at])
            self.found.append(_finding(frame, int(at), column, value, (code, level, saying(value), remedy)))

    def distinct(
        self,
        frame: pd.DataFrame,
        mask: BoolArray,
        column: str,
        *,
        code: str,
        level: Level,
        told: tuple[Saying, Words],
    ) -> None:
        """One finding per distinct value under ``mask``, at its first row, with the count of rows."""
        saying, remedy = told
        if not mask.any():
            return
        values = frame[column][mask]
        first = ~values.duplicated()
        counts = values.value_counts()
        for at in values.index[first]:
            value = _shown(frame[column].iloc[at])
            words = saying(value)
            count = int(counts.get(frame[column].iloc[at], 0))
            words = Words(
                f"{words.zh}（共 {count} 行，此为首行）", f"{words.en} ({count} rows; this is the first)"
            )
            self.found.append(_finding(frame, int(at), column, value, (code, level, words, remedy)))


def _shown(value: object) -> str:
    return "" if value is None or (isinstance(value, float) and np.isnan(value)) else str(value)


def _finding(
    frame: pd.DataFrame, at: int, column: str, value: str, told: tuple[str, Level, Words, Words]
) -> IntakeFinding:
    code, level, words, remedy = told
    return IntakeFinding(
        code=code,
        level=level,
        words=words,
        remedy=remedy,
        file=frame["file"].iloc[at],
        sheet=frame["sheet"].iloc[at],
        row=int(frame["row"].iloc[at]),
        field=column,
        value=value or None,
        table="points" if "point_no" in frame.columns else "lines",
    )
