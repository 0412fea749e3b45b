"""The tables that are in force now or were at a moment, and the changes that made them so."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xzgis.catalogue.files import Edition, as_laid, edition_of, shipped
from xzgis.catalogue.models import RuleChange
from xzgis.catalogue.rules.clashing import Clash, clashes, in_force, moments_of
from xzgis.catalogue.rules.tables import table_called
from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.changes import Change, ChangeState, Table
from xzgis.core.actor import SYSTEM
from xzgis.core.clock import city_time
from xzgis.core.db import bound_to, open_session, transaction
from xzgis.core.errors import Fault, Invalid, NotFound
from xzgis.core.words import Words

#: Outside of a transaction the approved changes are read again when they are older than this.
FRESH_FOR_S = 1.0
_APPROVED = "catalogue_approved"
#: One at a time: two changes that are each sound may not be sound together.
LOCK = 0x52_55_4C_45


class ChangeNotFound(NotFound):
    """There is no such change."""

    def __init__(self, number: int) -> None:
        super().__init__(Words(f"没有修改 {number}。", f"There is no change {number}."))


class TableNotFound(NotFound):
    """There is no such table."""

    def __init__(self, token: str) -> None:
        super().__init__(Words(f"没有规则表“{token[:60]}”。", f"There is no table {token[:60]!r}."))


@dataclass(frozen=True, slots=True)
class _Seen:
    """The approved changes as this process read them last, of which database, and when."""

    bind: object
    at_s: float
    changes: tuple[Change, ...]


_last: list[_Seen] = []
_reading = threading.Lock()


def catalogue(as_of: datetime | None = None) -> Catalogue:
    """The catalogue in force at this moment, or at ``as_of``; the same object while nothing changes.

    Inside a transaction it is what that transaction sees, so that a check is judged by what was approved when it
    began; outside, it is at most a second old. A process without a database has what was shipped.
    """
    return edition(as_of).catalogue


def edition(as_of: datetime | None = None) -> Edition:
    """The tables of :func:`catalogue`, with the rows themselves."""
    at = as_of or datetime.now(UTC)
    return edition_of(in_force(_approved_now(), at))


def edition_as_laid(as_of: datetime | None = None) -> Edition:
    """The tables of :func:`edition`, though changes clash with a newer delivery: for looking at, never for judging by."""
    return as_laid(in_force(_approved_now(), as_of or datetime.now(UTC)))[0]


def clashing(session: Session, now: datetime) -> tuple[Fault, ...]:
    """Approved changes that do not fit the shipped tables, now or when their time comes; each with what to do about it."""
    every = approved(session)
    if not any(as_laid(in_force(every, at))[1] for at in moments_of(every, now)):
        return ()
    return tuple(
        _told(change_of(session, clash.change.number), clash, now)
        for clash in clashes(shipped().parts, every, now)
    )


def check_fits(session: Session, now: datetime) -> None:
    """Refuse while an approved change does not fit the shipped tables.

    Raises
    ------
    Invalid
        Each change with its row, who and when, what does not fit, and the command that mends it.
    """
    found = clashing(session, now)
    if found:
        words = Words(
            f"layers/ 与 {len(found)} 项已批准的修改不符，程序不能据此检查，首项：{found[0].words.zh}",
            f"layers/ clashes with {len(found)} approved changes and nothing can be judged by them, the first: "
            f"{found[0].words.en}",
        )
        raise Invalid(words, faults=found)


def _told(row: RuleChange, clash: Clash, now: datetime) -> Fault:
    table = table_called(row.table_name, shipped().parts)
    named = Words(row.table_name, row.table_name) if table is None else table.words
    finding, since = clash.finding, city_time(clash.change.in_force_from)
    where = f"{finding.file} {finding.line} {finding.column}".strip()
    words = Words(
        f"修改 {row.id}（{named.zh} {row.row_key}，{row.proposed_by} 提出、{row.decided_by} 批准，自 {since} 起生效）："
        f"{where}：{finding.reason.zh}",
        f"change {row.id} ({named.en} {row.row_key}, proposed by {row.proposed_by}, approved by {row.decided_by}, in force "
        f"from {since}): {where}: {finding.reason.en}",
    )  # fmt: skip
    if clash.change.in_force_from > now:
        how = f"xzgis rules withdraw {row.id} --reason …"
        remedy = Words(f"撤回它：{how}，然后重新提出。", f"Withdraw it: {how}, then propose it anew.")
    else:
        how = f"xzgis rules propose {row.table_name} '{row.row_key}' 列=值 --reason … --source …"
        remedy = Words(
            f"提出一项改正该行的修改：{how}，由另一人用 xzgis rules approve 批准；或放回原来的 layers/，在页面上处理。",
            f"Propose a change that mends the row: {how.replace('列=值', 'column=value')}; another person approves with "
            "xzgis rules approve. Or put the former layers/ back and do it on the pages.",
        )
    return Fault((row.table_name, row.row_key), words, remedy)


def _approved_now() -> tuple[Change, ...]:
    session = open_session()
    if session is not None:
        return approved_once(session)
    bind = bound_to()
    if bind is None:
        return ()
    with _reading:
        seen = _last[0] if _last else None
        if seen is None or seen.bind is not bind or time.monotonic() - seen.at_s > FRESH_FOR_S:
            with transaction(SYSTEM) as own:
                seen = _Seen(bind, time.monotonic(), approved(own))
            _last[:] = [seen]
        return seen.changes


def approved_once(session: Session) -> tuple[Change, ...]:
    """The approved changes as the transaction read them first."""
    found: tuple[Change, ...] | None = session.info.get(_APPROVED)
    if found is None:
        found = session.info[_APPROVED] = approved(session)
    return found


def forget(session: Session) -> None:
    """Let the transaction, and this process, read the approved changes again."""
    session.info.pop(_APPROVED, None)
    _last.clear()


def approved(session: Session) -> tuple[Change, ...]:
    """Every approved change, those whose time is still to come too, in the order of their times."""
    asked = (
        select(
            RuleChange.id, RuleChange.table_name, RuleChange.row_key, RuleChange.row, RuleChange.after,
            RuleChange.in_force_from,
        )
        .where(RuleChange.state == ChangeState.APPROVED.value)
        .order_by(RuleChange.in_force_from, RuleChange.id)
    )  # fmt: skip
    return tuple(
        Change(number, table, key, tuple(sorted(row.items())), tuple(sorted(after.items())), since)
        for number, table, key, row, after, since in session.execute(asked)
        if since is not None
    )


def table_named(token: str) -> Table:
    """The table of that name.

    Raises
    ------
    TableNotFound
        There is none.
    """
    table = table_called(token, shipped().parts)
    if table is None:
        raise TableNotFound(token)
    return table


def take_turn(session: Session) -> None:
    """Wait until nobody else proposes or decides."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def change_of(session: Session, number: int) -> RuleChange:
    """One change.

    Raises
    ------
    ChangeNotFound
        There is none.
    """
    row = session.get(RuleChange, number)
    if row is None:
        raise ChangeNotFound(number)
    return row


def change_to_decide(session: Session, number: int) -> RuleChange:
    """One change, locked; raises as :func:`change_of`."""
    take_turn(session)
    row = session.scalar(
        select(RuleChange)
        .where(RuleChange.id == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise ChangeNotFound(number)
    return row


def changes(
    session: Session,
    *,
    state: str = "",
    table: str = "",
    row: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[RuleChange]:
    """Changes, the newest first; of one state, table or row."""
    asked = select(RuleChange).order_by(RuleChange.id.desc()).limit(limit)
    if state:
        asked = asked.where(RuleChange.state == state)
    if table:
        asked = asked.where(RuleChange.table_name == table)
    if row is not None:
        asked = asked.where(RuleChange.row_key == row)
    if before is not None:
        asked = asked.where(RuleChange.id < before)
    return session.scalars(asked).all()


def open_proposal(session: Session, *, table: str, row: str) -> int | None:
    """The number of the proposal that waits for a row; None: none does."""
    return session.scalar(
        select(RuleChange.id).where(
            RuleChange.table_name == table,
            RuleChange.row_key == row,
            RuleChange.state == ChangeState.PROPOSED.value,
        )
    )


def counts(session: Session) -> dict[str, tuple[int, int]]:
    """By table: proposals that wait, and approved changes."""
    waits = func.count().filter(RuleChange.state == ChangeState.PROPOSED.value)
    stands = func.count().filter(RuleChange.state == ChangeState.APPROVED.value)
    asked = select(RuleChange.table_name, waits, stands).group_by(RuleChange.table_name)
    return {table: (waiting, standing) for table, waiting, standing in session.execute(asked)}
