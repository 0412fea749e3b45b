"""A change of the tables: proposed by one person, approved or refused by another, in force from its time on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.catalogue import policy, queries
from xzgis.catalogue.events import RuleChangeDecided, RuleChangeProposed, RuleChangeWithdrawn
from xzgis.catalogue.files import Edition, as_laid, refused, shipped
from xzgis.catalogue.models import RuleChange
from xzgis.catalogue.rules.bearing import bearing_of
from xzgis.catalogue.rules.clashing import in_force, moments_of
from xzgis.catalogue.rules.definitions import Finding
from xzgis.catalogue.rules.overlay import value_at
from xzgis.catalogue.rules.tables import key_cells, new_columns
from xzgis.catalogue.rules.typed import cells_of
from xzgis.catalogue.terms.changes import (
    ENABLED,
    LONGEST_CELL,
    Bearing,
    Change,
    ChangeState,
    Proposal,
    Table,
)
from xzgis.core.actor import Actor
from xzgis.core.errors import Fault, Invalid, NotFound, WrongState
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission

LONGEST_KEY = 120
#: Stands for the number of a change that has none yet: after all others of the same moment.
UNNUMBERED = 2**62


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A proposal beside the row as it stands: whole row and changed cells before, changed cells after, its bearing."""

    row: dict[str, str]
    before: dict[str, str]
    after: dict[str, str]
    bearing: Bearing


def propose_change(session: Session, *, actor: Actor, proposal: Proposal, now: datetime) -> RuleChange:
    """Propose to change a row, or to add one; somebody else decides.

    Raises
    ------
    NotAllowed, TableNotFound, NotFound
        No right; no such table; no such row, and none can be added.
    Invalid
        A value does not fit, as in the file, each with its column; nothing changes; no reason or ground; a time
        in the past.
    WrongState
        Another proposal for the same row waits.
    """
    actor.require(Permission.CATALOGUE_PROPOSE)
    queries.take_turn(session)
    table = queries.table_named(proposal.table)
    reason = policy.told(proposal.reason, field="reason", what=policy.WHY)
    source = policy.told(proposal.source, field="source_of_change", what=policy.WHENCE)
    if proposal.wanted_from is not None and proposal.wanted_from <= now:
        raise _invalid("wanted_from", "生效时间须在将来；不填为批准后立即生效。",
                       "The time lies in the past; leave it empty for at once.")  # fmt: skip
    waiting = queries.open_proposal(session, table=table.token, row=proposal.key)
    if waiting is not None:
        raise WrongState(
            Words(
                f"该行已有待批准的修改 {waiting}，请先处理它。",
                f"Change {waiting} of this row waits already; see to it first.",
            )
        )
    approved = queries.approved(session)
    drawn = _drawn(table, proposal, approved, proposal.wanted_from or now)
    row = RuleChange(
        table_name=table.token, row_key=proposal.key, row=drawn.row, before=drawn.before, after=drawn.after,
        bearing=drawn.bearing.value, reason=reason, source=source, wanted_from=proposal.wanted_from,
        proposed_by=actor.name, proposed_by_id=actor.id, proposed_for=actor.acting_for, proposed_at=now,
        state=ChangeState.PROPOSED.value,
    )  # fmt: skip
    session.add(row)
    session.flush()
    event = RuleChangeProposed(
        str(row.id), table=row.table_name, row=row.row_key, before=row.before, after=row.after, bearing=row.bearing,
        reason=reason, source=source, wanted_from=_iso(row.wanted_from),
    )  # fmt: skip
    record(session, actor=actor, event=event, now=now)
    return row


def decide_change(
    session: Session,
    *,
    actor: Actor,
    number: int,
    approved: bool,
    reason: str,
    now: datetime,
    from_at: datetime | None = None,
) -> RuleChange:
    """Approve or refuse a change of somebody else.

    Approved, it comes into force at ``from_at``; None is the time that was asked for, or now where none was or it
    has passed. It is judged again beside the row as it will stand then.

    Raises
    ------
    ChangeNotFound, NotAllowed, WrongState, Invalid
        There is none; no right, or the own change; decided already, or the row has changed since; no reason, a time
        in the past, or the row does not fit any more.
    """
    row = queries.change_to_decide(session, number)
    policy.check_can_decide(
        actor, proposed_by=row.proposed_by, proposed_by_id=row.proposed_by_id, proposed_for=row.proposed_for,
        state=row.state,
    )  # fmt: skip
    why = policy.told(reason, field="reason", what=policy.WHY)
    if approved:
        start = _time_of(row, from_at, now)
        bearing = _still_sound(session, row, start)
        row.in_force_from, row.bearing = start, bearing.value
    row.state = ChangeState.APPROVED.value if approved else ChangeState.REFUSED.value
    row.decided_by, row.decided_by_id, row.decided_at, row.decided_reason = actor.name, actor.id, now, why
    session.flush()
    queries.forget(session)
    event = RuleChangeDecided(
        str(number), table=row.table_name, row=row.row_key, before=row.before, after=row.after, bearing=row.bearing,
        proposed_by=row.proposed_by, approved=approved, reason=why, in_force_from=_iso(row.in_force_from),
    )  # fmt: skip
    record(session, actor=actor, event=event, now=now)
    return row


def withdraw_change(session: Session, *, actor: Actor, number: int, reason: str, now: datetime) -> RuleChange:
    """Withdraw a change before it is decided, or, approved, before its time; afterwards another one takes it back.

    Raises
    ------
    ChangeNotFound, NotAllowed, WrongState, Invalid
        There is none; neither its maker nor who decides changes; over or in force; no reason.
    """
    row = queries.change_to_decide(session, number)
    policy.check_can_withdraw(
        actor, proposed_by=row.proposed_by, state=row.state, in_force_from=row.in_force_from, now=now
    )
    why = policy.told(reason, field="reason", what=policy.WHY)
    row.state = ChangeState.WITHDRAWN.value
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason = actor.name, now, why
    session.flush()
    queries.forget(session)
    event = RuleChangeWithdrawn(
        str(number), table=row.table_name, row=row.row_key, proposed_by=row.proposed_by, reason=why
    )
    record(session, actor=actor, event=event, now=now)
    return row


def _time_of(row: RuleChange, from_at: datetime | None, now: datetime) -> datetime:
    if from_at is not None and from_at < now:
        raise _invalid(
            "from_at", "生效时间不能早于批准时间。", "It cannot come into force before it is approved."
        )
    return from_at or max(row.wanted_from or now, now)


def _still_sound(session: Session, row: RuleChange, start: datetime) -> Bearing:
    """The bearing of a change beside the row as it will stand at ``start``; refused where that is not what was proposed."""
    table = queries.table_named(row.table_name)
    approved = queries.approved(session)
    drawn = _drawn(
        table, Proposal(row.table_name, row.row_key, row.after, row.reason, row.source), approved, start
    )
    if drawn.before != row.before or drawn.after != row.after:
        raise WrongState(
            Words(
                "提出之后该行已被改动，“原值”不再成立；请驳回并重新提出。",
                "The row has changed since: what the proposal calls the old values no longer holds. Refuse it and "
                "propose it anew.",
            )
        )
    return drawn.bearing


def _drawn(table: Table, proposal: Proposal, approved: tuple[Change, ...], start: datetime) -> _Drawn:
    """The proposal beside the row as it stands at ``start``, found sound then and at every later time.

    Raises
    ------
    NotFound, Invalid
        There is no such row and none can be added; a value does not fit, or nothing changes.
    """
    old = value_at(as_laid(in_force(approved, start))[0].parts, table, proposal.key)
    cells = {} if old is None else cells_of(old)
    given = _given(table, proposal, is_new=old is None)
    change = Change(
        UNNUMBERED,
        table.token,
        proposal.key,
        tuple(sorted(cells.items())),
        tuple(sorted(given.items())),
        start,
    )
    laid = _laid(approved, change)
    new = value_at(laid.parts, table, proposal.key)
    if new is None:
        raise _invalid("key", "行标识与所填的列不一致。", "The columns say another row than its identity.")
    told = cells_of(new)
    after = {name: told[name] for name in given if cells.get(name) != told[name]}
    if not after:
        raise _invalid("after", "没有任何一列改变。", "No column changes.")
    if old is None:
        after = {name: text for name, text in told.items() if text and name != ENABLED}
    before = {name: cells[name] for name in after} if old is not None else {}
    return _Drawn(
        cells, before, after, bearing_of(table, value_at(shipped().parts, table, proposal.key), new)
    )


def _laid(approved: tuple[Change, ...], change: Change) -> Edition:
    """The tables when ``change`` comes into force; it makes nothing unsound then, or whenever a later change comes.

    What is unsound without it too, because a newer delivery clashes with another change, does not stop its being mended.
    """
    every = sorted((*approved, change), key=lambda one: (one.in_force_from, one.number))
    for moment in moments_of(every, change.in_force_from):
        before = {_wrong(one) for one in as_laid(in_force(approved, moment))[1]}
        after = as_laid(in_force(every, moment))[1]
        refusal = refused(one for one in after if _wrong(one) not in before)
        if refusal is not None:
            faults = tuple(replace(fault, loc=(str(fault.loc[-1]),)) for fault in refusal.faults)
            raise Invalid(refusal.faults[0].words, faults=faults) from refusal
    return as_laid(in_force(every, change.in_force_from))[0]


def _wrong(finding: Finding) -> tuple[str, str, Words]:
    """What tells a fault from others; not its line, which a row before it moves."""
    return finding.file, finding.column, finding.reason


def _given(table: Table, proposal: Proposal, *, is_new: bool) -> dict[str, str]:
    """The cells that are proposed, each of a column that may be written."""
    if is_new and not table.may_add:
        raise NotFound(
            Words(
                f"“{table.words.zh}”中没有“{proposal.key[:60]}”这一行，该表不能新增行。",
                f"{table.words.en} has no row {proposal.key[:60]!r}, and none can be added.",
            )
        )
    own = key_cells(table, proposal.key) if is_new else {}
    if is_new and (not own or not _is_sound_key(proposal.key)):
        raise _invalid("key", "行标识写法不符。", "This is no identity of a row of the table.")
    allowed = set(new_columns(table)) if is_new else {column.name for column in table.columns}
    strange = sorted(set(proposal.after) - allowed)
    if strange:
        raise _invalid(
            strange[0], f"“{strange[0][:60]}”列不能修改。", f"Column {strange[0][:60]!r} cannot be changed."
        )
    return _clean(proposal.after) | own


def _is_sound_key(key: str) -> bool:
    return 0 < len(key) <= LONGEST_KEY and key == key.strip() and not policy.CONTROLS.search(key)


def _clean(cells: Mapping[str, str]) -> dict[str, str]:
    told = {name: policy.CONTROLS.sub(" ", text).strip() for name, text in cells.items()}
    long = next((name for name, text in told.items() if len(text) > LONGEST_CELL), None)
    if long is not None:
        raise _invalid(long, f"最多 {LONGEST_CELL} 字。", f"At most {LONGEST_CELL} signs.")
    return told


def _invalid(field: str, zh: str, en: str) -> Invalid:
    words = Words(zh, en)
    return Invalid(words, faults=(Fault((field,), words),))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
