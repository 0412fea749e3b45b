"""The rule tables and code lists: read, changed by one person, decided by another."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime

from api.catalogue.schemas import (
    ChangeOut,
    ChangesOut,
    DecisionIn,
    ProposalIn,
    ReasonIn,
    RowOut,
    RowsOut,
    TableOut,
    TablesOut,
)
from api.deps import NowDep, need
from xzgis.catalogue import queries
from xzgis.catalogue.actions.changing import decide_change, propose_change, withdraw_change
from xzgis.catalogue.files import shipped
from xzgis.catalogue.rules.overlay import matching, rows_of
from xzgis.catalogue.rules.tables import tables_of
from xzgis.catalogue.terms.changes import ChangeState, Proposal
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.identity.permissions import Permission

router = APIRouter(prefix="/api/rules", tags=["rules"])

Read = Annotated[Actor, need(Permission.CATALOGUE_READ)]
Propose = Annotated[Actor, need(Permission.CATALOGUE_PROPOSE)]
Approve = Annotated[Actor, need(Permission.CATALOGUE_APPROVE)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Token = Annotated[str, Path(max_length=60)]
AsOf = Annotated[AwareDatetime | None, Query(description="The tables in force then; empty: now")]
Limit = Annotated[int, Query(ge=1, le=200)]
Key = Annotated[str, Query(max_length=200)]


@router.get("")
def tables(actor: Read, as_of: AsOf = None) -> TablesOut:
    """Every table, and which edition of them is in force."""
    with transaction(actor) as session:
        known, counts = queries.edition(as_of), queries.counts(session)
    changed = [one.table for one in known.catalogue.changes]
    told = [
        TableOut.of(
            table, rows=len(known.parts.get(table.part, ())), changed=changed.count(table.token),
            waiting=counts.get(table.token, (0, 0))[0],
        )
        for table in tables_of(shipped().parts)
    ]  # fmt: skip
    return TablesOut(
        version=known.catalogue.version, shipped_version=shipped().catalogue.version, tables=told
    )


@router.get("/tables/{token}")
def rows(
    token: Token,
    actor: Read,
    as_of: AsOf = None,
    q: Annotated[str, Query(max_length=100, description="Every word stands in some cell")] = "",
    changed: Annotated[bool, Query(description="Only rows that are not as shipped")] = False,
    after: Key = "",
    limit: Limit = 100,
) -> RowsOut:
    """The rows of a table, disabled ones too."""
    table = queries.table_named(token)
    with transaction(actor):
        known = queries.edition(as_of)
    every = rows_of(table, known.parts, shipped().parts, known.catalogue.changes)
    found = matching(every, q, only_changed=changed)
    start = next((at + 1 for at, row in enumerate(found) if after and row.key == after), 0)
    shown = found[start : start + limit]
    more = shown[-1].key if len(found) > start + limit else None
    return RowsOut(
        version=known.catalogue.version, total=len(every), items=[RowOut.of(row) for row in shown], after=more
    )


@router.get("/changes")
def changes(
    actor: Read,
    state: Annotated[ChangeState | None, Query()] = None,
    table: Annotated[str, Query(max_length=60)] = "",
    row: Annotated[str | None, Query(max_length=200, description="The history of one row")] = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Limit = 50,
) -> ChangesOut:
    """Changes of all tables, the newest first."""
    with transaction(actor) as session:
        found = queries.changes(
            session, state="" if state is None else state.value, table=table, row=row, before=before, limit=limit + 1
        )  # fmt: skip
        items = [ChangeOut.of(one) for one in found[:limit]]
    return ChangesOut(items=items, before=items[-1].id if len(found) > limit else None)


@router.post("/changes", status_code=201)
def propose(asked: ProposalIn, actor: Propose, now: NowDep) -> ChangeOut:
    """Propose to change a row; somebody else decides. A value that does not fit is refused as in the file."""
    proposal = Proposal(asked.table, asked.row, asked.cells, asked.reason, asked.source, asked.wanted_from)
    with transaction(actor) as session:
        return ChangeOut.of(propose_change(session, actor=actor, proposal=proposal, now=now))


@router.get("/changes/{number}")
def change(number: Number, actor: Read) -> ChangeOut:
    """One change."""
    with transaction(actor) as session:
        return ChangeOut.of(queries.change_of(session, number))


@router.post("/changes/{number}/decision")
def decide(number: Number, said: DecisionIn, actor: Approve, now: NowDep) -> ChangeOut:
    """Approve or refuse somebody else's change; approved, it is in force from its time on."""
    with transaction(actor) as session:
        made = decide_change(
            session, actor=actor, number=number, approved=said.approved, reason=said.reason, now=now,
            from_at=said.from_at,
        )  # fmt: skip
        return ChangeOut.of(made)


@router.post("/changes/{number}/withdraw")
def withdraw(number: Number, said: ReasonIn, actor: Read, now: NowDep) -> ChangeOut:
    """Withdraw a change before it is in force; its maker may, and who decides changes."""
    with transaction(actor) as session:
        return ChangeOut.of(withdraw_change(session, actor=actor, number=number, reason=said.reason, now=now))
