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


@dataclass
class Doubts:
    """The findings so far, in the order they arose."""

    found: list[IntakeFinding] = field(default_factory=list)

    def say(self, code: str, level: Level, words: Words, remedy: Words) -> None:
        """One finding about the whole delivery."""
        self.found.append(IntakeFinding(code, level, words, remedy))

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
