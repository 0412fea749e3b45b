"""What stands in the cells of required fields that are read as unknown: ``NaN``, ``-9999``, ``无``; never called empty."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

SAID_NOTHING = "said_nothing"
# Raw column → canonical column of the required fields (checks S02).
_REQUIRED = {
    "points": {"north_m": "x_raw", "east_m": "y_raw", "ground_m": "ground_m"},
    "lines": {
        "start_depth_m": "start_depth_m", "end_depth_m": "end_depth_m", "burial": "burial",
        "material": "material", "section": "section_text",
    },
}  # fmt: skip
_MOST_CELLS = 1000
_SHOWN = 40

Said = Mapping[str, Mapping[str, Mapping[str, str]]]


def said_nothing(raw: Mapping[str, pd.DataFrame], canonical: Mapping[str, pd.DataFrame]) -> Said:
    """Table → canonical column → row of its frame → text of the cell, of the first cells that say something unknown.

    ``raw`` and ``canonical`` have the same rows in the same order.
    """
    return {
        table: {
            column: cells
            for name, column in columns.items()
            if (cells := _cells(raw[table][name], canonical[table][column]))
        }
        for table, columns in _REQUIRED.items()
    }


def _cells(raw: pd.Series, canonical: pd.Series) -> dict[str, str]:
    unknown = np.flatnonzero(canonical.isna().to_numpy(np.bool_) & raw.notna().to_numpy(np.bool_))[
        :_MOST_CELLS
    ]
    texts = ((int(at), str(raw.iloc[at]).strip()[:_SHOWN]) for at in unknown)
    return {str(at): text for at, text in texts if text}


def said_at(facts: Mapping[str, Any], table: str, column: str, index: int) -> str | None:
    """The text of a cell that is read as unknown, None where it is empty or was not kept."""
    text = facts.get(SAID_NOTHING, {}).get(table, {}).get(column, {}).get(str(index))
    return text if isinstance(text, str) else None
