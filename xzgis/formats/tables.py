"""Tables from spreadsheets, delimited text and Access databases: exact text, exact row numbers.

:func:`read_tables` runs the reading in a child process (:mod:`xzgis.formats.child`); the tables come back
as Arrow files.
"""

import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats import child
from xzgis.formats.delimited import read_delimited, read_plain
from xzgis.formats.encoding import Decoded, Unclear, settled_by
from xzgis.formats.headers import Header, find_header
from xzgis.formats.odd_cells import NOTHING_ODD, OddCells, filled_down

Rows = Iterator[tuple[int, list[str | None]]]
Sheet = tuple[str | None, Rows, Decoded | None, OddCells]

DELIMITED = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et")
ACCESS = (".mdb", ".accdb")
SUFFIXES = (*DELIMITED, *WORKBOOKS, *ACCESS)

_ZIPPED = b"PK\x03\x04"
_SEARCHED_ROWS = 40
_CHUNK_ROWS = 50_000
_MOST_COLUMNS = 500
_MOST_ROWS = 5_000_000


@dataclass(frozen=True)
class RawTable:
    """One table exactly as delivered.

    Attributes
    ----------
    file, sheet
        Name of the file, and of the sheet or database table; None for delimited text.
    format, encoding
        ``csv xlsx xls mdb``; how text was decoded, None where the format itself says.
    encoding_why
        What told the encoding; None like it.
    preamble
        Texts above the header, cell by cell.
    names
        Names of all columns, also of empty ones.
    frame
        Columns that hold anything, as text, missing where empty.
    row
        ``(n,)`` row number of each frame row as people see it in the file.
    ragged
        Row numbers whose cells run beyond the header; the extra cells are in ``column N``.
    untitled
        Names of the columns over which the header says nothing.
    odd
        Formulas without a value and merged cells, below the header.
    """

    file: str
    sheet: str | None
    format: str
    encoding: str | None
    preamble: tuple[str, ...]
    names: tuple[str, ...]
    frame: pd.DataFrame
    row: npt.NDArray[np.int64]
    ragged: tuple[int, ...] = ()
    encoding_why: Words | None = None
    untitled: tuple[str, ...] = ()
    odd: OddCells = NOTHING_ODD

    @property
    def place(self) -> str:
        """File and sheet in one word."""
        return f"{self.file} / {self.sheet}" if self.sheet else self.file


def read_tables(
    paths: Sequence[Path],
    *,
    encoding: str | None = None,
    limits: tuple[int, int] = (300, 8192),
    progress: child.Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[RawTable]:
    """Every non-empty table of ``paths``, in order, read in a child process.

    Refuses files of other kinds, damaged ones, and tables without a header.
    """
    with tempfile.TemporaryDirectory(prefix="xzgis-read-") as folder:
        work = Path(folder)
        told = child.call(
            "xzgis.formats.tables.read_to_folder",
            {"paths": [str(path.absolute()) for path in paths], "encoding": encoding},
            work=work,
            inputs=list(paths),
            limits=limits,
            progress=progress,
            cancelled=cancelled,
        )
        return [_loaded(work, entry) for entry in told]


def read_to_folder(
    *, work: Path, tell: child.Progress, paths: Sequence[str], encoding: str | None = None
) -> list[dict[str, Any]]:
    """The child's side of :func:`read_tables`: Arrow files in ``work`` and what else is to be said of each."""
    told: dict[int, list[dict[str, Any]]] = {}
    unclear: dict[int, Unclear] = {}
    known: dict[str, str] = {}
    for number, name in enumerate(paths):
        path = Path(name)
        tell(100.0 * number / len(paths), path.name)
        try:
            told[number] = _told(sheets(path, encoding=encoding), path, work / f"file{number}", known)
        except Unclear as either:
            unclear[number] = either
    for number, refusal in unclear.items():
        # The tables of one delivery come from one program: what one of them proves holds for the other.
        path = Path(paths[number])
        codec, why = settled_by(known, refusal)
        told[number] = _told(sheets(path, encoding=codec), path, work / f"file{number}", {}, why)
    return [entry for number in sorted(told) for entry in told[number]]


def _told(
    found: Iterator[Sheet], path: Path, target: Path, known: dict[str, str], why: Words | None = None
) -> list[dict[str, Any]]:
    """The sheets of one file, kept; its encoding goes into ``known`` where its text proves one."""
    told: list[dict[str, Any]] = []
    for sheet, rows, decoded, odd in found:
        if decoded is not None and not decoded.text.isascii():
            known[path.name] = decoded.encoding
        entry = _kept((rows, odd), target.with_name(f"{target.name}-{len(told)}.arrow"), path, decoded)
        if entry is not None:
            told_by = why or (decoded.why if decoded else None)
            named = {
                "encoding": decoded.encoding if decoded else None,
                "encoding_why": [told_by.zh, told_by.en] if told_by else None,
            }
            told.append(
                {
                    "file": path.name,
                    "sheet": sheet,
                    "format": _format_of(path, is_text=decoded is not None),
                    **named,
                    **entry,
                }
            )
    return told


def _format_of(path: Path, *, is_text: bool) -> str:
    """The ending, or that of a workbook which is called a text."""
    ending = path.suffix.lower()
    if ending not in DELIMITED or is_text:
        return ending.lstrip(".")
    with path.open("rb") as file:
        return "xlsx" if file.read(len(_ZIPPED)) == _ZIPPED else "xls"


def sheets(path: Path, *, encoding: str | None = None) -> Iterator[Sheet]:
    """The sheets of one file as ``(name, rows, encoding, odd cells)``, by what the file is, not by its name alone."""
    with path.open("rb") as file:
        start = file.read(32)
    suffix = path.suffix.lower()
    if not start:
        raise Invalid(Words(f"文件 {path.name} 是空的。", f"File {path.name} is empty."))
    if start.startswith(_ZIPPED) and suffix in (*WORKBOOKS, *DELIMITED):
        from xzgis.formats.workbook import read_xlsx

        yield from ((name, rows, None, odd) for name, rows, odd in read_xlsx(path))
    elif start.startswith(b"\xd0\xcf\x11\xe0") and suffix in (*WORKBOOKS, *DELIMITED):
        from xzgis.formats.workbook import read_xls

        yield from ((name, rows, None, odd) for name, rows, odd in read_xls(path))
    elif start[4:19] in (b"Standard Jet DB", b"Standard ACE DB"):
        from xzgis.formats.access import read_access

        yield from ((name, rows, None, NOTHING_ODD) for name, rows in read_access(path))
    elif suffix in DELIMITED:
        rows, decoded = read_delimited(path, encoding=encoding)
        yield None, rows, decoded, NOTHING_ODD
    else:
        raise _unknown(path, suffix)


def _unknown(path: Path, suffix: str) -> Invalid:
    if suffix in SUFFIXES:
        return Invalid(
            Words(
                f"文件 {path.name} 的内容与扩展名 {suffix} 不符，或已损坏。请从原软件重新导出。",
                f"The content of {path.name} is not what {suffix} promises, or is damaged. Export it again.",
            )
        )
    return Invalid(
        Words(
            f"不认识的表格格式：{path.name}。可接受 {'、'.join(SUFFIXES)}。",
            f"{path.name} is no known table format. Accepted: {', '.join(SUFFIXES)}.",
        )
    )


def _kept(
    sheet: tuple[Rows, OddCells], target: Path, path: Path, decoded: Decoded | None
) -> dict[str, Any] | None:
    """Writes one sheet as Arrow; None when it holds nothing."""
    rows, odd = sheet
    first = list(itertools.islice(rows, _SEARCHED_ROWS))
    header = find_header([cells for _, cells in first])
    if header is None:
        if not any(cell for _, cells in first for cell in cells):
            return None
        raise Invalid(
            Words(
                f"文件 {path.name}：前 {_SEARCHED_ROWS} 行里找不到表头。请保留列名行后重交。",
                f"File {path.name}: no header among the first {_SEARCHED_ROWS} rows. Keep the row of column names.",
            )
        )
    preamble = [cell for _, cells in first[: header.first] for cell in cells if cell is not None]
    plain = read_plain(decoded.text, after_row=header.end, names=header.names) if decoded else None
    if plain is not None and plain.num_rows <= _MOST_ROWS:
        names, count = list(header.names), _write_plain(plain, header.end, target)
        ragged: list[int] = []
    else:
        odd = odd.below(header.end)
        body = filled_down(itertools.chain(first[header.end :], rows), odd.merged)
        names, ragged, count = _write(body, header, target, path)
    titles = {"names": names, "untitled": list(header.untitled), "odd": odd.as_json()}
    return {"preamble": preamble, **titles, "ragged": ragged, "rows": count, "arrow": target.name}


def _write_plain(plain: pa.Table, after_row: int, target: Path) -> int:
    """Writes the told rows of a table read as a whole; gives their number."""
    told = np.zeros(plain.num_rows, dtype=np.bool_)
    arrays: dict[str, pa.ChunkedArray] = {}
    for name, column in zip(plain.column_names, plain.columns, strict=True):
        if column.null_count < len(column):
            told |= column.is_valid().to_numpy()
            arrays["=" + name] = column
    rows = pa.array(np.arange(plain.num_rows, dtype=np.int64) + after_row + 1)
    table = pa.table({"row": rows, **arrays}).filter(pa.array(told))
    _save(table, target)
    return int(table.num_rows)


def _save(table: pa.Table, target: Path) -> None:
    with pa.OSFile(str(target), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _write(body: Rows, header: Header, target: Path, path: Path) -> tuple[list[str], list[int], int]:
    names = list(header.names)
    if len(names) > _MOST_COLUMNS:
        raise _too_large(path, f"{len(names)} 列", f"{len(names)} columns")
    chunks: list[pa.Table] = []
    ragged: list[int] = []
    count = 0
    while chunk := list(itertools.islice(body, _CHUNK_ROWS)):
        filled = [(number, cells) for number, cells in chunk if any(cell is not None for cell in cells)]
        count += len(filled)
        if count > _MOST_ROWS:
            raise _too_large(path, f"超过 {_MOST_ROWS} 行", f"more than {_MOST_ROWS} rows")
        chunks.append(_chunk(filled, names, ragged, path))
    table = (
        pa.concat_tables(chunks, promote_options="default")
        if chunks
        else pa.table({"row": pa.array([], pa.int64())})
    )
    _save(table, target)
    return names, ragged, count


def _chunk(
    filled: list[tuple[int, list[str | None]]], names: list[str], ragged: list[int], path: Path
) -> pa.Table:
    width = len(names)
    for number, cells in filled:
        extra = [index for index in range(width, len(cells)) if cells[index] is not None]
        if extra:
            ragged.append(number)
            if extra[-1] >= _MOST_COLUMNS:
                raise _too_large(
                    path, f"第 {number} 行 {len(cells)} 列", f"{len(cells)} cells in row {number}"
                )
            names.extend(f"column {index + 1}" for index in range(len(names), extra[-1] + 1))
    columns = itertools.zip_longest(*(cells for _, cells in filled)) if filled else iter(())
    arrays: dict[str, pa.Array] = {"row": pa.array([number for number, _ in filled], pa.int64())}
    for name, column in zip(names, columns, strict=False):
        array = pa.array(column, pa.string())
        if array.null_count < len(array):
            arrays["=" + name] = array
    return pa.table(arrays)


def _too_large(path: Path, zh: str, en: str) -> Invalid:
    return Invalid(
        Words(
            f"文件 {path.name} 太大：{zh}。请拆分后重交。",
            f"File {path.name} is too large: {en}. Split it.",
        )
    )


def _texts(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    """``(n,)`` cells as text, None where empty; equal cells of a column are one object, not a million."""
    coded = column.dictionary_encode().combine_chunks()
    texts = np.append(coded.dictionary.to_numpy(zero_copy_only=False), [None])
    told: npt.NDArray[np.object_] = texts[coded.indices.fill_null(len(texts) - 1).to_numpy()]
    return told


def _loaded(work: Path, entry: dict[str, Any]) -> RawTable:
    with pa.OSFile(str(work / entry["arrow"]), "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    columns = {
        name[1:]: pd.Series(_texts(table[name]), dtype=object) for name in table.column_names if name != "row"
    }
    odd = OddCells.of(entry["odd"])
    for _, column, _ in odd.formulas:
        # A column of formulas alone is told as a column, so that it can be mapped or left out.
        if column < len(entry["names"]) and entry["names"][column] not in columns:
            columns[entry["names"][column]] = pd.Series([None] * table.num_rows, dtype=object)
    ordered = {name: columns[name] for name in entry["names"] if name in columns}
    return RawTable(
        file=entry["file"],
        sheet=entry["sheet"],
        format=entry["format"],
        encoding=entry["encoding"],
        preamble=tuple(entry["preamble"]),
        names=tuple(entry["names"]),
        frame=pd.DataFrame(ordered, index=range(table.num_rows)),
        row=table["row"].to_numpy(),
        ragged=tuple(entry["ragged"]),
        encoding_why=Words(*entry["encoding_why"]) if entry["encoding_why"] else None,
        untitled=tuple(entry["untitled"]),
        odd=odd,
    )
