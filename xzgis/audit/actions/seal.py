"""Links finished rows into the chain and signs where it has come to.

Not a trigger: chained inside the business transactions, each would wait for the one before (docs/decisions).
"""

import fcntl
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import Connection
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from xzgis.audit.events import EpochBegun
from xzgis.audit.models import TrailSeal
from xzgis.audit.queries import chain
from xzgis.audit.queries.outside import last_line
from xzgis.audit.record import record
from xzgis.audit.rules.canonical import (
    epoch_hash,
    hasher,
    link_hash,
    row_line,
    seal_document,
    seal_message,
)
from xzgis.audit.rules.signing import key_name, signed
from xzgis.audit.rules.walk import START
from xzgis.audit.terms import ChainSeal, HashName, Row
from xzgis.core.actor import Actor
from xzgis.core.errors import WrongState
from xzgis.core.files import sync_folder
from xzgis.core.words import Words

MOST_ROWS = 20_000
SEALER_KEY = 4548_0011
ALONE = text("select pg_try_advisory_xact_lock(:key)")
AFTER_ALL = 2**62
COPY_LINKS = "copy audit_link (pos, epoch, entry_id, happened_at, digest, hash) from stdin (format binary)"
LINK_TYPES = ["int8", "int4", "int8", "timestamptz", "bytea", "bytea"]
BEHIND = Words(
    "数据库里的封签比库外文件旧：数据库可能被恢复到早先的状态，或链尾被截去。"
    "核实后用 xzgis trail epoch --reason 说明原因再继续。",
    "The database holds fewer seals than the file outside: it was restored to an earlier state, or its tail was cut. "
    "Look into it, then go on with xzgis trail epoch --reason.",
)


def seal_some(
    session: Session,
    *,
    key: Ed25519PrivateKey,
    algorithm: HashName,
    outside: ChainSeal | None,
    now: datetime,
    most: int = MOST_ROWS,
) -> tuple[ChainSeal, int] | None:
    """Seal the next rows; the seal and how many rows it took, None when none waits or another sealer is at it.

    Parameters
    ----------
    outside
        The last seal of the file outside.

    Raises
    ------
    WrongState
        The file outside is ahead of the database.
    """
    if not session.scalar(ALONE, {"key": SEALER_KEY}):
        return None
    last = chain.last_seal(session)
    _check_not_behind(last, outside)
    cluster = chain.cluster_number(session)
    if last is None or last.cluster != cluster:
        reason = None if last is None else "another database server"
        return _begin(session, last, key=key, algorithm=algorithm, now=now, reason=reason, outside=outside), 0
    rows, horizon = _waiting(session, last, most)
    if not rows:
        return None
    at = _link(session, rows, last, algorithm)
    made = replace(
        last, number=last.number + 1, kind="run", previous=last.number, pos=last.pos + len(rows),
        horizon=horizon, sealed_at=now, hash=at, algorithm=algorithm, reason=None,
    )  # fmt: skip
    return _sign(session, made, key), len(rows)


def begin_epoch(
    session: Session,
    *,
    actor: Actor,
    reason: str,
    key: Ed25519PrivateKey,
    algorithm: HashName,
    outside: ChainSeal | None,
    now: datetime,
) -> ChainSeal:
    """Take up the chain anew after a restore: what the file outside holds beyond the database is declared lost.

    Raises
    ------
    WrongState
        Another sealer is at it.
    """
    if not session.scalar(ALONE, {"key": SEALER_KEY}):
        raise WrongState(Words("正在封签，请稍后再试。", "A sealer is at work; try again shortly."))
    last = chain.last_seal(session)
    begun = _begin(session, last, key=key, algorithm=algorithm, now=now, reason=reason, outside=outside)
    record(session, actor=actor, event=EpochBegun(str(begun.epoch), reason), now=now)
    return begun


def append_outside(path: Path, seals: Sequence[ChainSeal]) -> None:
    """Append seals to the file outside and wait until they are on the disk; those it holds already are left out.

    A line torn by a loss of power is taken away first: it was never acknowledged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o640)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        line, whole = last_line(file)
        file.truncate(whole)
        held = int(json.loads(line)["number"]) if line else 0
        # In appending mode the end is where it writes, wherever was read.
        for seal in seals:
            if seal.number > held:
                written = json.dumps(seal_document(seal), ensure_ascii=False, separators=(",", ":"))
                file.write(written.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def _check_not_behind(last: ChainSeal | None, outside: ChainSeal | None) -> None:
    if outside is not None and (last is None or last.number < outside.number):
        raise WrongState(BEHIND)


def _begin(
    session: Session,
    last: ChainSeal | None,
    *,
    key: Ed25519PrivateKey,
    algorithm: HashName,
    now: datetime,
    reason: str | None,
    outside: ChainSeal | None,
) -> ChainSeal:
    both = [one for one in (last, outside) if one is not None]
    cluster = chain.cluster_number(session)
    epoch = max((one.epoch for one in both), default=0) + 1
    made = ChainSeal(
        number=max((one.number for one in both), default=0) + 1,
        kind="begin",
        epoch=epoch,
        previous=last.number if last else 0,
        pos=last.pos if last else 0,
        horizon=0,
        sealed_at=now,
        hash=epoch_hash(hasher(algorithm), last.hash if last else START, epoch, cluster),
        algorithm=algorithm,
        cluster=cluster,
        reason=reason,
        key_id="",
    )
    return _sign(session, made, key)


def _waiting(session: Session, last: ChainSeal, most: int) -> tuple[list[Row], int]:
    """The next rows, and the horizon that will be sealed with them."""
    limits = chain.horizon(session)
    if last.epoch > 1 and last.horizon == 0:
        # Rows that the database before the restore had not sealed; their numbers mean nothing here.
        left = chain.rows_to_seal(session, from_transaction=limits.next, to_transaction=AFTER_ALL, most=most)
        if left:
            return left, 0
    rows = chain.rows_to_seal(session, from_transaction=last.horizon, to_transaction=limits.over, most=most)
    # A transaction may be cut in two: its rows are finished and will not change.
    return rows, rows[-1].transaction_id if len(rows) == most else limits.over


def _link(session: Session, rows: Sequence[Row], last: ChainSeal, algorithm: HashName) -> bytes:
    """Write a link for every row; the hash the chain has come to."""
    hashed, at = hasher(algorithm), last.hash
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, Connection)
    with driver.cursor() as cursor, cursor.copy(COPY_LINKS) as copy:
        copy.set_types(LINK_TYPES)
        for pos, row in enumerate(rows, last.pos + 1):
            digest = hashed(row_line(row))
            at = link_hash(hashed, at, pos, digest)
            copy.write_row((pos, last.epoch, row.id, row.happened_at, digest, at))
    return at


def _sign(session: Session, made: ChainSeal, key: Ed25519PrivateKey) -> ChainSeal:
    named = replace(made, key_id=key_name(key.public_key()), signature=b"")
    sealed = replace(named, signature=signed(key, seal_message(named)))
    values = {name: getattr(sealed, name) for name in ChainSeal.__dataclass_fields__}
    session.execute(insert(TrailSeal).values(**values))
    return sealed
