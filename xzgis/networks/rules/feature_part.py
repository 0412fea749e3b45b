"""One layer of features while it is understood, and the findings that arise of it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Layer
from xzgis.networks.rules.feature_mapping import LayerMapping
from xzgis.networks.terms import IntakeFinding, Level

MOST_ROWS_NAMED = 50


@dataclass
class LayerPart:
    """One layer while it is understood."""

    file: FeatureFile
    layer: Layer
    mapping: LayerMapping
    catalogue: Catalogue
    schemes: tuple[str, ...]
    findings: list[IntakeFinding] = field(default_factory=list)

    def find(self, code: str, level: Level, words: Words, remedy: Words, **where: Any) -> None:
        """Keep one finding of this layer."""
        self.findings.append(
            IntakeFinding(code, level, words, remedy, file=self.file.file, sheet=self.layer.name, **where)
        )

    def find_rows(
        self,
        mask: npt.NDArray[np.bool_],
        code: str,
        level: Level,
        words: Words,
        remedy: Words,
        *,
        field: str | None = None,
        values: pd.Series | None = None,
    ) -> None:
        """Keep one finding per row of ``mask``: of errors every one, of others the first fifty and the count of the rest."""
        rows = np.flatnonzero(mask)
        # A row can be left out only where its error names it.
        named = len(rows) if level == "error" else MOST_ROWS_NAMED
        for at in rows[:named]:
            value = None if values is None else str(values.iloc[at])
            self.find(code, level, words, remedy, row=int(self.layer.row[at]), field=field, value=value)
        if len(rows) > named:
            more = len(rows) - named
            self.find(
                code,
                level,
                Words(f"{words.zh}（另有 {more} 行）", f"{words.en} ({more} more rows)"),
                remedy,
                field=field,
            )

    def find_values(
        self,
        mask: npt.NDArray[np.bool_],
        code: str,
        level: Level,
        words: Words,
        remedy: Words,
        *,
        field: str,
        values: pd.Series,
    ) -> None:
        """Keep one finding per distinct value under ``mask``, at its first row, with the count of rows."""
        if not mask.any():
            return
        told = pd.Series(values.to_numpy(dtype=object)[mask], index=self.layer.row[mask]).astype(str)
        counts = told.value_counts()
        first = told[~told.duplicated()]
        for row, value in first.head(MOST_ROWS_NAMED).items():
            count = int(counts[value])
            self.find(
                code,
                level,
                Words(f"{words.zh}（{count} 行）", f"{words.en} ({count} rows)"),
                remedy,
                row=int(str(row)),
                field=field,
                value=value[:120],
            )
        if len(first) > MOST_ROWS_NAMED:
            more = len(first) - MOST_ROWS_NAMED
            self.find(
                code,
                level,
                Words(f"{words.zh}（另有 {more} 个不同的值）", f"{words.en} ({more} more values)"),
                remedy,
                field=field,
            )
