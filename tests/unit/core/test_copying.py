"""Rows for COPY are the same bytes however they are parted."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION

from xzgis.core import copying

TABLE = sa.Table(
    "rows", sa.MetaData(), sa.Column("number", sa.BigInteger), sa.Column("share", DOUBLE_PRECISION), sa.Column("word", sa.Text),
    sa.Column("since", sa.DateTime(timezone=True)),
)  # fmt: skip
CONSTANTS = {"since": datetime(2026, 11, 22, tzinfo=UTC)}


def rows(count: int) -> pd.DataFrame:
    """Numbers with gaps, and words of no letter, of few and of many."""
    number = np.arange(count)
    return pd.DataFrame(
        {
            "number": pd.array(np.where(number % 5 == 3, 0, number), dtype="Int64"),
            "share": np.where(number % 4 == 1, np.nan, number / 7),
            "word": [None if at % 6 == 2 else "管线" * (at % 9) for at in range(count)],
        }
    )


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6, 23])
def test_rows_are_the_same_bytes_however_they_are_parted(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = b"".join(copying._blocks(TABLE, rows(count), CONSTANTS))
    for name, size in (("ROWS_AT_FIRST", 2), ("ROWS_AT_ONCE", 4), ("ROWS_IN_CACHE", 3)):
        monkeypatch.setattr(copying, name, size)
    parted = [bytes(block) for block in copying._blocks(TABLE, rows(count), CONSTANTS)]

    assert len(parted) == -(-max(count - 2, 0) // 4) + (count > 0)
    assert b"".join(parted) == whole
    assert whole.count(b"\x00\x04\x00\x00\x00\x08") >= count // 2
