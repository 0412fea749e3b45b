"""The rule tables and code lists: looked at, searched, changed by one person and approved by another."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from web.asking import actor_of, need
from web.pages.works.check import typed
from web.render import render, speaker
from web.rule_words import Told, cells_under, choices_of, head_words, heads_of, told_row
from xzgis.catalogue import policy, queries
from xzgis.catalogue.actions.changing import decide_change, propose_change, withdraw_change
from xzgis.catalogue.files import shipped
from xzgis.catalogue.models import RuleChange
from xzgis.catalogue.rules.overlay import matching, rows_of
from xzgis.catalogue.rules.tables import new_columns, tables_of
from xzgis.catalogue.terms.changes import LONGEST_REASON, ChangeState, Proposal, Row, Table
from xzgis.core.actor import Actor
from xzgis.core.clock import city_zone
from xzgis.core.db import transaction
from xzgis.core.errors import Fault, Invalid, NotFound, Refusal, WrongState
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission

router = APIRouter()

READ = [need(Permission.CATALOGUE_READ)]
PROPOSE = [need(Permission.CATALOGUE_PROPOSE)]
APPROVE = [need(Permission.CATALOGUE_APPROVE)]
PAGE_SIZE = 100
CHANGES_SHOWN = 50
CELL = "cell-"
Number = Annotated[int, Path(ge=1, le=2**62)]
Token = Annotated[str, Path(max_length=60)]
Key = Annotated[str, Query(max_length=200)]
Why = Annotated[str, Form(max_length=LONGEST_REASON * 2)]


@router.get("/rules", dependencies=READ)
def tables(request: Request) -> Response:
    """Every table with its rows, what is changed in it and what waits; the latest changes."""
    with transaction(actor_of(request)) as session:
        known = queries.edition()
        changed: dict[str, int] = {}
        for one in known.catalogue.changes:
            changed[one.table] = changed.get(one.table, 0) + 1
        rows = [(table, len(known.parts.get(table.part, ()))) for table in tables_of(shipped().parts)]
        return render(
            request, "rules/tables.html", rows=rows, changed=changed, counts=queries.counts(session),
            waiting=queries.changes(session, state=ChangeState.PROPOSED.value, limit=CHANGES_SHOWN),
            version=known.catalogue.version, is_shipped=not known.catalogue.changes, named=table_words(), now=datetime.now(UTC),
        )  # fmt: skip


def table_words() -> dict[str, Words]:
    """The name of every table by its token."""
    return {table.token: table.words for table in tables_of(shipped().parts)}


@router.get("/rules/tables/{token}", dependencies=READ)
def table(
    request: Request,
    token: Token,
    q: Annotated[str, Query(max_length=100)] = "",
    changed: Annotated[str, Query(max_length=5)] = "",
    after: Key = "",
) -> Response:
    """The rows of one table, searched."""
    asked = queries.table_named(token)
    say = speaker(request)
    with transaction(actor_of(request)):
        known = queries.edition()
        rows = rows_of(asked, known.parts, shipped().parts, known.catalogue.changes)
        left = matching(rows, "", only_changed=bool(changed))
        wanted = {row.key for row in matching(left, q)}
        told = [told_row(say, known.catalogue, row, asked) for row in left]
        found = [one for one in told if one.row.key in wanted or _says(one, q)]
        start = next((at + 1 for at, one in enumerate(found) if after and one.row.key == after), 0)
        shown = found[start : start + PAGE_SIZE]
        more = shown[-1].row.key if len(found) > start + PAGE_SIZE else None
        heads = heads_of(say, asked, told)
        told_heads = [*head_words(say, heads), say("rules.head.standing")]
        return render(
            request, "rules/table.html", table=asked, total=len(rows), found=len(found), q=q, told_heads=told_heads,
            rows=[(one, cells_under(say, known.catalogue, asked, one, heads)) for one in shown],
            changed=changed, more=more, begun=start > 0,
        )  # fmt: skip


def _says(one: Told, q: str) -> bool:
    """Whether every word stands in the row as it is read: people search for 燃气, not for gas."""
    text = " ".join(one.words.values()).casefold()
    return bool(q.strip()) and all(word in text for word in q.casefold().split())


@router.get("/rules/tables/{token}/row", dependencies=READ)
def row(request: Request, token: Token, key: Key = "") -> Response:
    """One row: its cells beside the shipped ones, where they come from, and its history."""
    return _row(request, queries.table_named(token), key)


@router.get("/rules/tables/{token}/new", dependencies=PROPOSE)
def new_row(request: Request, token: Token) -> Response:
    """The form for a row of the city's own."""
    asked = queries.table_named(token)
    if not asked.may_add:
        raise NotFound(Words("该表不能新增行。", "No row can be added to this table."))
    return _row(request, asked, None)


@router.post("/rules/tables/{token}/proposals", dependencies=PROPOSE)
def propose(request: Request, token: Token, sent: Annotated[dict[str, str], Depends(typed)]) -> Response:
    """Propose to change a row, or to add one."""
    asked, actor = queries.table_named(token), actor_of(request)
    cells = {name.removeprefix(CELL): text for name, text in sent.items() if name.startswith(CELL)}
    is_new = sent.get("is_new") == "yes"
    key = "|".join(cells.get(name, "").strip() for name in asked.key) if is_new else sent.get("key", "")
    try:
        proposal = Proposal(
            asked.token, key[:200], {name: text for name, text in cells.items() if text or not is_new},
            sent.get("reason", ""), sent.get("source_of_change", ""), moment_of(sent.get("wanted_from", "")),
        )  # fmt: skip
        with transaction(actor) as session:
            number = propose_change(session, actor=actor, proposal=proposal, now=datetime.now(UTC)).id
    except (Invalid, WrongState) as refusal:
        return _row(request, asked, None if is_new else key, refusal=refusal, sent=sent)
    return RedirectResponse(f"/rules/changes/{number}", status_code=303)


def moment_of(text: str, field: str = "wanted_from") -> datetime | None:
    """A moment as a browser sends it, in the city's time; None: nothing was written.

    Raises
    ------
    Invalid
        It is no moment.
    """
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=city_zone())
    except ValueError:
        words = Words("请填写生效的年、月、日和时、分。", "Write the time as year-month-day hour:minute.")
        raise Invalid(words, faults=(Fault((field,), words),)) from None


def _row(
    request: Request,
    asked: Table,
    key: str | None,
    *,
    refusal: Refusal | None = None,
    sent: dict[str, str] | None = None,
) -> Response:
    say = speaker(request)
    with transaction(actor_of(request)) as session:
        known = queries.edition()
        told, history = None, list[RuleChange]()
        if key is not None:
            rows = rows_of(asked, known.parts, shipped().parts, known.catalogue.changes)
            found = next((one for one in rows if one.key == key), None)
            history = list(queries.changes(session, table=asked.token, row=key, limit=200))
            if found is None and not history:
                raise NotFound(
                    Words(
                        f"“{asked.words.zh}”中没有“{key[:60]}”这一行。",
                        f"{asked.words.en} has no row {key[:60]!r}.",
                    )
                )
            told = told_row(say, known.catalogue, found or Row(key, {}, None), asked)
            # Of a row that is not there yet only its history is shown.
            names = () if found is None else tuple(column.name for column in asked.columns)
        else:
            names = new_columns(asked)
        given = {
            name.removeprefix(CELL): text for name, text in (sent or {}).items() if name.startswith(CELL)
        }
        cells = told.row.cells if told is not None else {}
        fields = [
            (name, given.get(name, cells.get(name, "")), choices_of(say, known.catalogue, asked, name))
            for name in names
        ]
        return render(
            request, "rules/row.html", status=422 if refusal else 200, table=asked, told=told, history=history,
            fields=fields, named=table_words(), refusal=refusal, sent=sent or {}, waits=key is not None
            and queries.open_proposal(session, table=asked.token, row=key), now=datetime.now(UTC),
        )  # fmt: skip


@router.get("/rules/changes", dependencies=READ)
def changes(
    request: Request,
    state: Annotated[str, Query(max_length=20)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """Changes of all tables, the newest first."""
    with transaction(actor_of(request)) as session:
        rows = queries.changes(session, state=state, before=before, limit=CHANGES_SHOWN + 1)
        return render(
            request, "rules/changes.html", rows=rows[:CHANGES_SHOWN], state=state, states=[one.value for one in ChangeState],
            more=rows[CHANGES_SHOWN - 1].id if len(rows) > CHANGES_SHOWN else None, begun=before is not None,
            named=table_words(), now=datetime.now(UTC),
        )  # fmt: skip


@router.get("/rules/changes/{number}", dependencies=READ)
def change(request: Request, number: Number) -> Response:
    """One change: old beside new, who and why, and what can be done about it."""
    return _change(request, number)


@router.post("/rules/changes/{number}/decision", dependencies=APPROVE)
def decide(
    request: Request,
    number: Number,
    decision: Annotated[str, Form(max_length=10)] = "",
    reason: Why = "",
    from_at: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Approve or refuse a change of somebody else."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        if decision not in ("approve", "refuse"):
            raise Invalid(Words("请选择批准或驳回。", "Choose to approve or to refuse."))
        decide_change(
            session, actor=actor, number=number, approved=decision == "approve", reason=reason, now=now,
            from_at=moment_of(from_at, "from_at"),
        )  # fmt: skip

    return _done(request, number, act)


@router.post("/rules/changes/{number}/withdraw", dependencies=READ)
def withdraw(request: Request, number: Number, reason: Why = "") -> Response:
    """Withdraw a change before it is in force."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        withdraw_change(session, actor=actor, number=number, reason=reason, now=now)

    return _done(request, number, act)


def _done(request: Request, number: int, act: Callable[[Session, Actor, datetime], None]) -> Response:
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            act(session, actor, datetime.now(UTC))
    except (Invalid, WrongState) as refusal:
        return _change(request, number, refusal)
    return RedirectResponse(f"/rules/changes/{number}", status_code=303)


def _change(request: Request, number: int, refusal: Refusal | None = None) -> Response:
    actor, now = actor_of(request), datetime.now(UTC)
    with transaction(actor) as session:
        found = queries.change_of(session, number)
        asked = queries.table_named(found.table_name)
        return render(
            request, "rules/change.html", status=422 if refusal else 200, one=found, table=asked, now=now,
            told=told_row(speaker(request), queries.catalogue(), _as_changed(asked, found), asked),
            before=told_row(speaker(request), queries.catalogue(), Row(found.row_key, found.before, None), asked).words,
            refusal=refusal, may_decide=_may_decide(actor, found),
            why_not_withdraw=policy.why_not_withdraw(
                actor, proposed_by=found.proposed_by, state=found.state, in_force_from=found.in_force_from, now=now
            ),
        )  # fmt: skip


def _as_changed(asked: Table, found: RuleChange) -> Row:
    """The row as the change leaves it, beside what it was: what changes first, then as in the file."""
    cells = {**found.row, **found.after}
    order = [name for name in asked.model.model_fields if name in found.after]
    order += [name for name in asked.model.model_fields if name in cells and name not in found.after]
    return Row(found.row_key, {name: cells[name] for name in order}, found.row or None)


def _may_decide(actor: Actor, found: RuleChange) -> bool:
    try:
        policy.check_can_decide(
            actor, proposed_by=found.proposed_by, proposed_by_id=found.proposed_by_id, proposed_for=found.proposed_for,
            state=found.state,
        )  # fmt: skip
    except Refusal:
        return False
    return True
