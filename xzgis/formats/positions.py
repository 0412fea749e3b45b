"""Rows of a small delimited file of positions, with or without a header, read in the limited child process."""

import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats import child

MOST_ROWS = 20_000
Row = tuple[int, list[str | None]]


def read_positions(path: Path, *, limits: tuple[int, int] = (60, 2048)) -> list[Row]:
    """Every row of the file as (row number from 1, cells); refuses more than 20 000 rows."""
    with tempfile.TemporaryDirectory(prefix="xzgis-positions-") as folder:
        rows = child.call(
            "xzgis.formats.positions.read_in_child", {"path": str(path.resolve())}, work=Path(folder),
            inputs=[path.resolve()], limits=limits,
        )  # fmt: skip
    if len(rows) > MOST_ROWS:
        raise Invalid(
            Words(f"文件 {path.name} 超过 {MOST_ROWS} 行，不是一条新建管线。",
                  f"File {path.name} has more than {MOST_ROWS} rows; that is no single run.")
        )  # fmt: skip
    return [(int(number), list(cells)) for number, cells in rows]


def read_in_child(*, work: Path, tell: Callable[[float, str], None], path: str) -> list[list[object]]:
    """The child's side: rows as JSON, one more than allowed at most."""
    from xzgis.formats.delimited import read_delimited

    del work
    tell(0.0, "read")
    rows, _ = read_delimited(Path(path))
    return [[number, cells] for number, cells in islice(rows, MOST_ROWS + 1)]
