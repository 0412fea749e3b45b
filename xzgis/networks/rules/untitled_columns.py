"""Columns of survey tables that hold something and have no title (S01): what stands in them nobody can tell."""

from xzgis.core.words import Words
from xzgis.formats.tables import RawTable
from xzgis.networks.rules.mapping import ColumnMap
from xzgis.networks.terms import IntakeFinding

# A table that names one of these was meant to be points or lines; any other may be a sheet of notes.
_SURVEY_FIELDS = frozenset({"point_no", "north_m", "east_m", "from_point", "to_point"})
_LETTERS = 26


def untitled_columns(table: RawTable, columns: ColumnMap) -> list[IntakeFinding]:
    """One error per filled column without a title, until a person says what it is or that it is not used.

    The error concerns the whole delivery and no single row: what is lost may be the depth of every line, and
    leaving the first row out would not mend that. Reference notes on survey tables, section 8, check 1.
    """
    if columns.role == "other" and not _SURVEY_FIELDS & columns.mapped.keys():
        return []
    filled = [name for name in table.untitled if name in table.frame.columns and name in columns.unmapped]
    return [_finding(table, name) for name in filled]


def _finding(table: RawTable, name: str) -> IntakeFinding:
    number = table.names.index(name) + 1
    values = table.frame[name].reset_index(drop=True).dropna()
    row, value = int(table.row[int(values.index[0])]), str(values.iloc[0])[:120]
    letters, count = column_letters(number), len(values)
    return IntakeFinding(
        "S01",
        "error",
        Words(
            f"第 {number} 列（{letters}）没有列名，却有 {count} 行填了值，首个在第 {row} 行：“{value}”。",
            f"Column {number} ({letters}) has no title, yet {count} rows fill it, the first in row {row}: {value!r}.",
        ),
        Words(
            f"补写列名后重交；或在列对应中为“{name}”指定字段，或设为不用。",
            f"Give it a title and deliver again; or map {name!r} to a field, or leave it out, in the mapping of columns.",
        ),
        file=table.file,
        sheet=table.sheet,
        field=name,
        value=value,
    )


def column_letters(number: int) -> str:
    """The letters by which spreadsheets name column ``number`` (from 1): A, Z, AA."""
    letters = ""
    while number:
        number, digit = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + digit) + letters
    return letters
