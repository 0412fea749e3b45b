"""A city's changes laid over the shipped rows, and the rows as they then stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from xzgis.catalogue.rules.bearing import bearing_of
from xzgis.catalogue.rules.definitions import Finding, Parts, Read
from xzgis.catalogue.rules.tables import key_of, table_called
from xzgis.catalogue.rules.typed import cells_of, data_of, typed
from xzgis.catalogue.terms.changes import Applied, Change, Row, Table
from xzgis.core.words import Words

Cells = dict[str, str]
Laid = tuple[dict[str, list[Read]], tuple[Finding, ...], tuple[tuple[Applied, Cells], ...]]


def lay(parts: Parts, changes: Iterable[Change]) -> Laid:
    """The parts with ``changes`` laid over them one after the other, what does not fit, and the rows not as shipped.

    Only the cells that a change names are laid over the shipped row: what a later delivery of the product says
    in the other cells holds.
    """
    laid = {name: list(reads) for name, reads in parts.items()}
    findings: list[Finding] = []
    latest: dict[tuple[str, str], _Laying] = {}
    for change in changes:
        table = table_called(change.table, parts)
        if table is None:
            findings.append(_no_table(change))
            continue
        one = latest.setdefault((table.token, change.key), _Laying.begun(table, change, parts))
        one.cells.update(change.after)
        one.number = change.number
    # The row is typed once, as it stands at last: a later change mends what an earlier one left unsound.
    for (_, key), one in latest.items():
        findings += _lay_one(laid[one.table.part], one, key)
    applied = [
        told for (_, key), one in sorted(latest.items(), key=lambda item: item[0])
        if (told := _applied(one.table, one.number, key, parts, laid)) is not None
    ]  # fmt: skip
    return laid, tuple(findings), tuple(applied)


@dataclass(slots=True)
class _Laying:
    """A row while changes are laid over it: its cells so far, and the latest change of it."""

    table: Table
    cells: Cells
    number: int

    @classmethod
    def begun(cls, table: Table, change: Change, parts: Parts) -> "_Laying":
        """The shipped row, else the row as the first change of it knew it."""
        shipped = value_at(parts, table, change.key)
        return cls(table, dict(change.row) if shipped is None else cells_of(shipped), change.number)


def _no_table(change: Change) -> Finding:
    reason = Words(
        f"修改 {change.number} 所指的表不存在", f"change {change.number} names a table that there is not"
    )
    return Finding(change.table, 1, "", reason, Words("恢复该表。", "Bring the table back."))


def place_of(reads: Sequence[Read], table: Table, key: str) -> int | None:
    """Where the row of that key stands among ``reads``."""
    return next((at for at, read in enumerate(reads) if key_of(table, read.value) == key), None)


def _lay_one(reads: list[Read], one: _Laying, key: str) -> list[Finding]:
    """Put a row in its place; what does not fit is told as a row of the file would be."""
    table, at = one.table, place_of(reads, one.table, key)
    if at is None:
        file, line = table.file, max((read.line for read in reads), default=1) + 1
    else:
        file, line = reads[at].file, reads[at].line
    value, slips = typed(table.model, data_of(table.model, one.cells))
    if value is None:
        return [Finding(file, line, ".".join(map(str, slip.loc)), slip.reason, slip.remedy) for slip in slips]
    read = Read(file, line, value)
    if at is None:
        reads.append(read)
    else:
        reads[at] = read
    return []


def _applied(table: Table, number: int, key: str, parts: Parts, laid: Parts) -> tuple[Applied, Cells] | None:
    """How the row stands beside the shipped one; None where it is as shipped again."""
    row, shipped = value_at(laid, table, key), value_at(parts, table, key)
    if row is None or row == shipped:
        return None
    is_disabled = not getattr(row, "enabled", True)
    told = Applied(number, table.token, key, bearing_of(table, shipped, row), is_disabled)
    return told, cells_of(row)


def value_at(parts: Parts, table: Table, key: str) -> BaseModel | None:
    """The row of that key; None when there is none."""
    reads = parts.get(table.part, ())
    at = place_of(reads, table, key)
    found: BaseModel | None = None if at is None else reads[at].value
    return found


def rows_of(table: Table, parts: Parts, shipped: Parts, changes: Sequence[Applied]) -> list[Row]:
    """Every row of a table as it stands, disabled ones too, in the order of the file."""
    told = {one.key: one for one in changes if one.table == table.token}
    ground = {key_of(table, read.value): read.value for read in shipped.get(table.part, ())} if told else {}
    rows = []
    for read in parts.get(table.part, ()):
        key, cells = key_of(table, read.value), cells_of(read.value)
        changed = told.get(key)
        before = cells if changed is None else None
        if changed is not None and key in ground:
            before = cells_of(ground[key])
        rows.append(Row(key, cells, before, changed))
    return rows


def matching(rows: Iterable[Row], words: str, *, only_changed: bool = False) -> list[Row]:
    """Rows in which every word of ``words`` stands in some cell, whatever the case."""
    wanted = words.casefold().split()
    return [
        row
        for row in rows
        if (row.applied is not None or not only_changed)
        and all(any(word in cell.casefold() for cell in row.cells.values()) for word in wanted)
    ]
