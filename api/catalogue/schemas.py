"""Shapes of the rule tables and of a city's changes of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from xzgis.catalogue.models import RuleChange
from xzgis.catalogue.terms.changes import LONGEST_CELL, LONGEST_REASON, Bearing, ChangeState, Row, Table

Said = Annotated[str, Field(min_length=2, max_length=LONGEST_REASON, pattern=r"^[^\x00-\x1f\x7f]*$")]
Cell = Annotated[str, Field(max_length=LONGEST_CELL, pattern=r"^[^\x00-\x1f\x7f]*$")]
Name = Annotated[str, Field(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
Key = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProposalIn(_In):
    """New cells of one row, as they stand in the file; a key that is not there adds a row where the table takes one."""

    table: Name
    row: Key
    cells: Annotated[dict[Name, Cell], Field(min_length=1, max_length=40)]
    reason: Said
    source: Annotated[Said, Field(description="Standard and clause, or the number of the decision")]
    wanted_from: Annotated[
        AwareDatetime | None, Field(description="From when, with its time zone; null: once approved")
    ] = None


class DecisionIn(_In):
    """What a second person decides, and why; ``from_at`` null is the time that was asked for."""

    approved: bool
    reason: Said
    from_at: AwareDatetime | None = None


class ReasonIn(_In):
    """Why."""

    reason: Said


class TableOut(BaseModel):
    """A table: how many rows, how many are not as shipped, how many proposals wait; columns that may be changed."""

    token: str
    zh: str
    en: str
    columns: list[str]
    may_add: bool
    rows: int
    changed: int
    waiting: int

    @classmethod
    def of(cls, table: Table, *, rows: int, changed: int, waiting: int) -> "TableOut":
        """The table as it is answered."""
        names = [column.name for column in table.columns]
        return cls(
            token=table.token, zh=table.words.zh, en=table.words.en, columns=names, may_add=table.may_add, rows=rows,
            changed=changed, waiting=waiting,
        )  # fmt: skip


class TablesOut(BaseModel):
    """The edition of the tables in force, and every table of it."""

    version: str
    shipped_version: str
    tables: list[TableOut]


class RowOut(BaseModel):
    """A row: its cells; ``shipped`` those that were shipped otherwise, null for a row of the city's own."""

    row: str
    cells: Mapping[str, str]
    shipped: Mapping[str, str] | None
    change: int | None
    bearing: Bearing | None

    @classmethod
    def of(cls, row: Row) -> "RowOut":
        """The row as it is answered."""
        shipped = None if row.shipped is None else {name: row.shipped.get(name, "") for name in row.changed}
        applied = row.applied
        return cls(
            row=row.key, cells=row.cells, shipped=shipped, change=None if applied is None else applied.number,
            bearing=None if applied is None else applied.bearing,
        )  # fmt: skip


class RowsOut(BaseModel):
    """Rows of a table, in the order of its file; ``after`` leads to the next page."""

    version: str
    total: int
    items: list[RowOut]
    after: str | None


class ChangeOut(BaseModel):
    """A change: old and new cells, who proposed and who decided it, from when it is in force."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    table_name: str
    row_key: str
    before: dict[str, str]
    after: dict[str, str]
    bearing: Bearing
    reason: str
    source: str
    wanted_from: datetime | None
    proposed_by: str
    proposed_for: str | None
    proposed_at: datetime
    state: ChangeState
    decided_by: str | None
    decided_at: datetime | None
    decided_reason: str | None
    in_force_from: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None

    @classmethod
    def of(cls, change: RuleChange) -> "ChangeOut":
        """The change as it is answered."""
        return cls.model_validate(change)


class ChangesOut(BaseModel):
    """Changes, the newest first; ``before`` leads to the next page."""

    items: list[ChangeOut]
    before: int | None
