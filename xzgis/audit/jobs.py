"""Keeping the trail in the background: seals, months, verifications."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import structlog

from xzgis.audit.actions import checks
from xzgis.audit.actions.archive import archive_month, months_before
from xzgis.audit.actions.keys import signing_key
from xzgis.audit.actions.months import add_months
from xzgis.audit.actions.seal import MOST_ROWS, append_outside, begin_epoch, seal_some
from xzgis.audit.queries import chain, outside, state
from xzgis.audit.queries.verify import Tell, verify
from xzgis.audit.rules.months import check_retention
from xzgis.audit.terms import ArchivedMonth, ChainSeal, Verdict
from xzgis.core.actor import SYSTEM, Actor, actor_told
from xzgis.core.db import transaction
from xzgis.core.errors import NotFound
from xzgis.core.jobs import job
from xzgis.core.settings import Settings, settings
from xzgis.core.words import Words

LONG_STATEMENT_S = 600
OPEN_TOO_LONG_S = 60

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a sealer did: rows linked, seals made."""

    rows: int
    seals: int


def seal_trail(chosen: Settings, *, actor: Actor = SYSTEM, most: int = MOST_ROWS) -> Sealed:
    """Seal every finished row, ``most`` under one seal, and bring the file outside up to the database.

    The file is written after the commit: a sealer that dies between leaves the file to the next one, and a
    seal that was never committed stands nowhere.
    """
    key, path = signing_key(chosen), outside.seals_file(chosen)
    rows = made = 0
    _catch_up(chosen, actor)
    while True:
        written = outside.last_outside(path)
        with transaction(actor, statement_timeout_s=LONG_STATEMENT_S) as session:
            done = seal_some(
                session,
                key=key,
                algorithm=chosen.trail_hash,
                outside=written,
                now=datetime.now(UTC),
                most=most,
            )
        if done is None:
            return Sealed(rows, made)
        append_outside(path, [done[0]])
        rows, made = rows + done[1], made + 1


def begin_trail_epoch(chosen: Settings, *, actor: Actor, reason: str) -> ChainSeal:
    """Take up the chain anew after a restore; see :func:`xzgis.audit.actions.seal.begin_epoch`."""
    key, path = signing_key(chosen), outside.seals_file(chosen)
    written = outside.last_outside(path)
    with transaction(actor) as session:
        begun = begin_epoch(
            session, actor=actor, reason=reason, key=key, algorithm=chosen.trail_hash,
            outside=written, now=datetime.now(UTC),
        )  # fmt: skip
    append_outside(path, [begun])
    return begun


def archive_trail(
    chosen: Settings, *, actor: Actor, before: date, folder: Path | None = None
) -> list[ArchivedMonth]:
    """Let every whole month before a day leave the database, each in a transaction of its own; what left.

    Raises
    ------
    Invalid
        The day is nearer than the trail must stay online.
    WrongState
        A month is not sealed or does not verify; those before it have left.
    """
    now = datetime.now(UTC)
    check_retention(before, now=now, online_days=chosen.trail_online_days)
    seal_trail(chosen, actor=actor)
    key, into = signing_key(chosen), folder or outside.archive_folder(chosen)
    keys = outside.known_keys(chosen)
    with transaction(actor) as session:
        names = months_before(session, before)
    left = []
    for name in names:
        with transaction(actor, statement_timeout_s=0) as session:
            left.append(
                archive_month(session, actor=actor, name=name, folder=into, key=key, keys=keys, now=now)
            )
    return left


def _catch_up(chosen: Settings, actor: Actor) -> None:
    """Bring seals into the file that a dead sealer committed and did not write."""
    path = outside.seals_file(chosen)
    written = outside.last_outside(path)
    with transaction(actor) as session:
        missing = chain.seals(session, after=written.number if written else 0)
    if missing:
        append_outside(path, missing)


@job("audit.seal")
def seal_job(*, timestamp: int) -> None:
    """Link and seal what happened since the last minute."""
    del timestamp  # the sealer looks at what waits, not at the clock
    done = seal_trail(settings())
    if done.rows:
        log.info("trail_sealed", rows=done.rows, seals=done.seals)


@job("audit.keep")
def keep_job(*, timestamp: int) -> None:
    """Make the coming months, and raise the alarm about rows outside any month and transactions open too long."""
    del timestamp
    with transaction(SYSTEM, statement_timeout_s=LONG_STATEMENT_S) as session:
        made = add_months(session, now=datetime.now(UTC))
        found = state.trail_state(session)
    if made:
        log.info("trail_months_made", months=made)
    if found.outside_months:
        log.error("trail_rows_outside_months", rows=found.outside_months)
    if found.oldest_open_s is not None and found.oldest_open_s > OPEN_TOO_LONG_S:
        log.error("transaction_open_too_long", seconds=round(found.oldest_open_s))


@job("audit.verify", queue="heavy")
def verify_job(*, check_id: int, actor: dict[str, Any] | str) -> None:
    """Verify the trail for somebody who asked on the page; a verification that was done is left alone."""
    who = actor_told(actor)
    with transaction(who) as session:
        if not checks.is_open(session, check_id):
            return

    def tell(done: int, total: int) -> None:
        with transaction(who) as session:
            checks.tell_progress(session, check_id=check_id, done=done, total=total)

    try:
        verdict = verify_trail(settings(), actor=who, tell=tell)
    except Exception:
        with transaction(who) as session:
            checks.break_off(session, check_id=check_id, now=datetime.now(UTC))
        raise
    with transaction(who) as session:
        checks.end(session, actor=who, check_id=check_id, verdict=verdict, now=datetime.now(UTC))


def verify_trail(
    chosen: Settings,
    *,
    actor: Actor,
    tell: Tell = lambda _done, _total: None,
    seals: Path | None = None,
) -> Verdict:
    """Verify the trail of this installation against its own file of seals, or against a copy kept elsewhere.

    Raises
    ------
    NotFound
        There is no file ``seals``.
    """
    if seals is not None and not seals.exists():
        raise NotFound(Words(f"没有封签文件 {seals}。", f"There is no file of seals {seals}."))
    written = outside.read_outside(seals or outside.seals_file(chosen))
    with transaction(actor, statement_timeout_s=0) as session:
        return verify(
            session,
            keys=outside.known_keys(chosen),
            outside=written,
            archives_in=outside.archive_folder(chosen),
            tell=tell,
        )
