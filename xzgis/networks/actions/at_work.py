"""Who works on a batch just now, and what becomes of batches whose process died.

A process that reads or accepts a batch holds an advisory lock on it. The server drops the lock when the process
dies, however it dies, so nobody has to guess from clocks whether somebody is still at it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import WrongState
from xzgis.core.jobs import arguments_of_open_jobs
from xzgis.core.words import Words
from xzgis.networks.events import BatchCancelled
from xzgis.networks.models import Batch
from xzgis.networks.terms import BatchState

# The option of a batch that the process which brought it accepts or gives up before it ends.
AT_ONCE = "at_once"
# Between two commits of its process a batch is held by nobody for a moment.
GRACE = timedelta(seconds=30)
LOOK_AGAIN_S = 0.5
OURS = 0x6E77
REGISTER = 0x6E78
FATE = 0x6E79
# Somebody who gives a batch up ends within two waits for a lock.
FATE_PATIENCE_S = 10.0
PATIENT = text("set local idle_in_transaction_session_timeout = 0")
HELD = text(
    "select objid::bigint from pg_locks where locktype = 'advisory' and objsubid = 2 and granted and classid in (:ours, :fate) "
    "and database = (select oid from pg_database where datname = current_database())"
)
DIED = "the process that worked on it died"
WORDS = Words("处理中断，请重新入库。", "The work on it broke off; accept it again.")
# Nobody gave such a batch up: whoever sees it cancelled must read why, and that nothing of it is in the register.
STOPPED = "stopped"
BROKE_OFF = Words("处理中断，未入库，请重新导入", "interrupted, nothing went in: import again")


class Busy(WrongState):
    """Another living process works on the batch."""

    def __init__(self, batch_id: int) -> None:
        super().__init__(
            Words(
                f"批次 {batch_id} 正由另一进程处理，请稍后再试。",
                f"Another process is working on batch {batch_id}; try again later.",
            )
        )


class RegisterBusy(WrongState):
    """Another batch is going into the register, or out of it."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                "另一批次正在入库或撤销，请稍后再试。",
                "Another batch is going into the register or out of it; try again later.",
            )
        )


class GoingIn(WrongState):
    """The batch is on its way into the register, so that it cannot be given up."""

    def __init__(self, batch_id: int) -> None:
        super().__init__(
            Words(
                f"批次 {batch_id} 正在入库，现在不能取消；请等待入库结束，入库后可以撤销。",
                f"Batch {batch_id} is going into the register and cannot be cancelled now; "
                "wait for its end: once it is in it can be undone.",
            )
        )


def alone_in_register(session: Session, *, wait_s: float) -> None:
    """From here to the end of this transaction no other batch goes in or out.

    Two deliveries of one line would each look before the other has written, find nothing, and both go in.

    Raises
    ------
    RegisterBusy
        Another did not end within ``wait_s`` seconds.
    """
    ends = time.monotonic() + wait_s
    while not session.scalar(select(func.pg_try_advisory_xact_lock(REGISTER, 0))):
        if time.monotonic() >= ends:
            raise RegisterBusy
        time.sleep(LOOK_AGAIN_S)


def _key(batch_id: int) -> int:
    """What a batch is locked by: the server takes 31 bits, callers may ask for any number."""
    return batch_id & 0x7FFF_FFFF


def holds_fate(session: Session, batch_id: int, *, wait_s: float) -> bool:
    """Whether from here to its end this transaction alone lets the batch go in or gives it up; False after ``wait_s`` seconds.

    The row of the batch is not enough: records are written ahead long before it is locked, and whoever gives the batch
    up would hold its row and wait for their tables.
    """
    ends = time.monotonic() + wait_s
    while not session.scalar(select(func.pg_try_advisory_xact_lock(FATE, _key(batch_id)))):
        if time.monotonic() >= ends:
            return False
        time.sleep(LOOK_AGAIN_S)
    return True


def hold_fate(session: Session, batch_id: int) -> None:
    """From here to the end of this transaction nobody gives the batch up (:func:`holds_fate`).

    Raises
    ------
    Busy
        Somebody else decides on it just now, and did not end in time.
    """
    if not holds_fate(session, batch_id, wait_s=FATE_PATIENCE_S):
        raise Busy(batch_id)


@contextmanager
def at_work(actor: Actor, batch_id: int, *, wait_s: float = 0.0) -> Iterator[None]:
    """Inside, everybody sees that a living process works on the batch.

    Raises
    ------
    Busy
        Another process does, and did not end within ``wait_s`` seconds.
    """
    ends = time.monotonic() + wait_s
    with transaction(actor) as session:
        session.execute(PATIENT)
        while not session.scalar(select(func.pg_try_advisory_xact_lock(OURS, _key(batch_id)))):
            if time.monotonic() >= ends:
                raise Busy(batch_id)
            time.sleep(LOOK_AGAIN_S)
        yield


def release_abandoned(session: Session, *, actor: Actor, now: datetime) -> list[int]:
    """Give up the batches whose process died, so that none is stuck; their numbers.

    A batch that was on its way into the register waits for acceptance again; one that a command brought, or
    that was being read, is cancelled. The register never saw anything of either.
    """
    suspects = session.scalars(
        select(Batch)
        .where(
            Batch.state.in_([BatchState.RECEIVED, BatchState.READING, BatchState.READ, BatchState.ACCEPTING])
        )
        .with_for_update(skip_locked=True)
    ).all()
    # Asked after the states: whoever took one up before it was seen so holds it by now. The server may hold the records
    # of a process that died for a moment longer than the process itself.
    busy = set(session.scalars(HELD, {"ours": OURS, "fate": FATE}))
    for name in ("networks.read_batch", "networks.accept_batch"):
        busy |= {int(told["batch_id"]) for told in arguments_of_open_jobs(session, name)}
    released = []
    for batch in suspects:
        if batch.id in busy:
            continue
        by_command = bool(batch.options.get(AT_ONCE))
        if batch.state in (BatchState.RECEIVED, BatchState.READ) and not by_command:
            continue
        if now - batch.created_at < GRACE and batch.state == BatchState.RECEIVED:
            continue
        if batch.state == BatchState.ACCEPTING:
            batch.state = BatchState.READ
            batch.summary = batch.summary | {"refusal": {"zh": WORDS.zh, "en": WORDS.en}}
        else:
            batch.state, batch.cancel_asked = BatchState.CANCELLED, True
            batch.summary = batch.summary | {STOPPED: {"zh": BROKE_OFF.zh, "en": BROKE_OFF.en}}
            record(session, actor=actor, event=BatchCancelled(str(batch.id), DIED), now=now)
        released.append(batch.id)
    session.flush()
    return released
