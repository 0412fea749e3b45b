"""CSV, TSV and TXT tables as rows of text."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pacsv

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.encoding import Decoded, decode

_CANDIDATES = ",\t;|"
_SNIFFED_ROWS = 30
_LONGEST_FIELD = 1 << 20
_LARGE_CHARACTERS = 2_000_000


def read_delimited(
    path: Path, *, encoding: str | None = None
) -> tuple[Iterator[tuple[int, list[str | None]]], Decoded]:
    """Rows of the file as ``(row number from 1, cells)``, and how its text was decoded.

    A row is a record: a quoted line break does not start a new one. Blank records keep their number.
    """
    decoded = decode(path.read_bytes(), name=path.name, encoding=encoding)
    return _rows(decoded.text, path.name), decoded


def read_plain(text: str, *, after_row: int, names: Sequence[str]) -> pa.Table | None:
    """The records of ``text`` after row ``after_row`` as one Arrow table of text, empty cells null.

    Ten times as fast as row by row, for large files without quotes whose every row has as many cells as
    there are ``names``; None for any other, which must be read row by row.
    """
    if '"' in text or len(text) < _LARGE_CHARACTERS:
        return None
    options = pacsv.ReadOptions(column_names=list(names), skip_rows=after_row, block_size=1 << 24)
    parsing = pacsv.ParseOptions(delimiter=_delimiter(text), quote_char=False, ignore_empty_lines=False)
    converting = pacsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
    )
    try:
        table = pacsv.read_csv(pa.BufferReader(text.encode("utf-8")), options, parsing, converting)
    except pa.ArrowInvalid:
        return None
    columns = []
    for column in table.columns:
        trimmed = pc.utf8_trim_whitespace(column)
        columns.append(pc.if_else(pc.equal(trimmed, ""), None, trimmed))
    return pa.table(columns, names=list(names))


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str | None]]]:
    if "\x00" in text:
        raise Invalid(
            Words(
                f"文件 {name} 含有零字节，不是文本表格。请从原软件重新导出为 CSV。",
                f"File {name} holds zero bytes and is no text table. Export it again as CSV.",
            )
        )
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [cell.strip() or None for cell in cells]
    except csv.Error as broken:
        raise Invalid(
            Words(
                f"文件 {name} 第 {number + 1} 行不是合法的分隔文本（{_fault_zh(broken)}）。请检查该行的引号后重交。",
                f"File {name}, row {number + 1} is no sound delimited text ({broken}). Check its quotes.",
            )
        ) from broken


def _fault_zh(broken: Exception) -> str:
    """What the reader of delimited text says, in Chinese."""
    said = str(broken)
    known = {
        "field larger than field limit": f"一个单元格超过 {_LONGEST_FIELD} 字符，多半是引号没有成对",
        "unexpected end of data": "引号未结束，文件已到末尾",
        "expected after": "引号之后还有别的字符",
    }
    return next((words for start, words in known.items() if start in said), "格式有误")


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the most equal columns."""
    sample = text[:65536].splitlines()[:_SNIFFED_ROWS]
    best, best_score = ",", 0.0
    for candidate in _CANDIDATES:
        counts = [len(row) for row in csv.reader(sample, delimiter=candidate) if row]
        if not counts or max(counts) < 2:
            continue
        usual = max(set(counts), key=counts.count)
        score = counts.count(usual) / len(counts) * min(usual, 50)
        if usual > 1 and score > best_score:
            best, best_score = candidate, score
    return best
