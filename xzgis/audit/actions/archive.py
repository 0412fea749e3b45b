"""Months past their time leave the database as files that verify alone."""

import gzip
import json
import secrets
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from xzgis.audit.events import PartitionArchived
from xzgis.audit.models import TrailArchive, TrailLink
from xzgis.audit.queries import chain
from xzgis.audit.queries.archived import FORM, head_message, link_line, verify_archive
from xzgis.audit.queries.verify import MONTHS_KEY, file_digest
from xzgis.audit.record import record
from xzgis.audit.rules.canonical import moment, month_message, row_line, running, seal_document
from xzgis.audit.rules.months import bounds_of
from xzgis.audit.rules.signing import Keys, key_name, public_text, signed
from xzgis.audit.terms import ArchivedMonth, ChainSeal, HashName
from xzgis.core.actor import Actor
from xzgis.core.errors import WrongState
from xzgis.core.files import sync_folder
from xzgis.core.words import Words

NOBODY_VERIFIES = text("select pg_advisory_xact_lock(:key)")
RELEASE = text("select audit_release_partition(:name)")


def months_before(session: Session, before: date) -> list[str]:
    """Partitions whose whole month lies before a day, the oldest first."""
    found = []
    for name in chain.partitions(session):
        bounds = bounds_of(name)
        if bounds is not None and bounds[1].date() <= before:
            found.append(name)
    return found


def archive_month(
    session: Session,
    *,
    actor: Actor,
    name: str,
    folder: Path,
    key: Ed25519PrivateKey,
    keys: Keys,
    now: datetime,
) -> ArchivedMonth:
    """Write a month to a file, verify the file alone, and only then let the month leave the database.

    The caller has checked that the month is old enough; the database refuses what is not (180 days).

    Raises
    ------
    WrongState
        Rows of the month are not sealed yet, or what was written does not verify.
    """
    session.execute(NOBODY_VERIFIES, {"key": MONTHS_KEY})
    month = _month(session, name, key, now)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{month.file}.{secrets.token_hex(6)}"
    try:
        _write(session, fresh, month, key, keys)
        verdict = verify_archive(fresh, keys)
        if not verdict.sound:
            first = verdict.first()
            told = first.words() if first else Words("", "")
            raise WrongState(
                Words(
                    f"{name} 校验未通过，未归档：{told.zh}。", f"{name} does not verify and stays: {told.en}."
                )
            )
        month = replace(month, file_digest=file_digest(fresh))
        month = replace(month, signature=signed(key, month_message(month)))
        fresh.replace(folder / month.file)
        sync_folder(folder)
    finally:
        fresh.unlink(missing_ok=True)
    values = {field: getattr(month, field) for field in ArchivedMonth.__dataclass_fields__}
    session.execute(insert(TrailArchive).values(**values))
    event = PartitionArchived(name, month.rows, month.file, month.file_digest)
    record(session, actor=actor, event=event, now=now)
    session.flush()
    session.execute(RELEASE, {"name": name})
    return month


def _month(session: Session, name: str, key: Ed25519PrivateKey, now: datetime) -> ArchivedMonth:
    """What the chain says of a month; its rows must all be in it."""
    bounds = bounds_of(name)
    assert bounds is not None, name
    inside = (TrailLink.happened_at >= bounds[0], TrailLink.happened_at < bounds[1])
    first, last = session.execute(
        select(func.min(TrailLink.pos), func.max(TrailLink.pos)).where(*inside)
    ).one()
    seal = chain.last_seal(session)
    algorithm: HashName = seal.algorithm if seal else "sha256"
    digests, linked = running(algorithm), 0
    asked = select(TrailLink.digest).where(*inside).order_by(TrailLink.pos)
    for digest in session.scalars(asked.execution_options(yield_per=10_000)):
        digests.update(digest)
        linked += 1
    held = chain.rows_between(session, bounds)
    if held != linked:
        raise WrongState(
            Words(f"{name} 有 {held} 条记录，链上 {linked} 条；请先运行 xzgis trail seal 与 verify。",
                  f"{name} holds {held} rows and the chain {linked}: run xzgis trail seal, then verify.")
        )  # fmt: skip
    return ArchivedMonth(
        partition=name, from_at=bounds[0], to_at=bounds[1], rows=linked, first_pos=first or 0, last_pos=last or 0,
        root=digests.digest(), algorithm=algorithm, file=f"{name}.ndjson.gz", file_digest="", archived_at=now,
        key_id=key_name(key.public_key()),
    )  # fmt: skip


def _write(session: Session, path: Path, month: ArchivedMonth, key: Ed25519PrivateKey, keys: Keys) -> None:
    before, seals = _around(chain.seals(session), month)
    head: dict[str, Any] = {
        "form": FORM, "partition": month.partition, "from_at": moment(month.from_at), "to_at": moment(month.to_at),
        "rows": month.rows, "root": month.root.hex(), "algorithm": month.algorithm,
        "before": seal_document(before) if before else None, "seals": [seal_document(one) for one in seals],
        "keys": [public_text(one) for one in keys.values()], "key_id": month.key_id,
    }  # fmt: skip
    head["signature"] = signed(key, head_message(head)).hex()
    # No name and no time in the head of gzip: the same month gives the same file.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
        file.write(json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        if not seals:
            return
        first = before.pos if before else 0
        for link, row in chain.links_with_rows(session, after_pos=first, upto_pos=seals[-1].pos):
            file.write(link_line(link).encode() + b"\n")
            if row is not None and month.from_at <= link.happened_at < month.to_at:
                file.write(row_line(row) + b"\n")


def _around(seals: list[ChainSeal], month: ArchivedMonth) -> tuple[ChainSeal | None, list[ChainSeal]]:
    """The seal before the month's first link, and those from there up to the one over its last."""
    if month.rows == 0:
        return None, []
    before = [seal for seal in seals if seal.pos < month.first_pos]
    after = [seal for seal in seals if seal.pos >= month.first_pos]
    upto = next(number for number, seal in enumerate(after, 1) if seal.pos >= month.last_pos)
    return (before[-1] if before else None), after[:upto]
