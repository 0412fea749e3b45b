"""A file leaves: looked at before it is made, since it bears its number; kept when it is made."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from hashlib import blake2b, sha256
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.catalogue.terms.leaving import ExportRules
from xzgis.core.actor import Actor
from xzgis.core.db import stored, transaction
from xzgis.core.errors import NotAllowed, Unavailable
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.exports import policy, queries
from xzgis.exports.events import FileHeldBack, FileLeft
from xzgis.exports.models import NUMBERS, Export, ExportFile
from xzgis.exports.rules.ground import contiguous_km2
from xzgis.exports.terms import M2_PER_KM2, Begun, Ground, Leaving, LeftFile, Mark

TOKEN_BYTES = 12
PATIENCE_S = 2.0
NO_PLACE = Words(
    "同时导出的文件已达上限，没有导出任何内容；请稍后再试。",
    "As many files are being exported as fit at once, and nothing left; try again shortly.",
)


class HeldBack(NotAllowed):
    """Too much contiguous ground; carries what was to leave, for the trail."""

    def __init__(self, words: Words, what: Leaving, ground: Ground) -> None:
        super().__init__(words)
        self.what = what
        self.ground = ground


@contextmanager
def exporting(actor: Actor, *, now: datetime, statement_timeout_s: int | None = None) -> Iterator[Session]:
    """A transaction in which something leaves; that it was held back is recorded in one of its own.

    Each holds a connection for as long as its file takes, so that only a quarter of a process's connections are given
    to them: the rest is for people at work.

    Raises
    ------
    HeldBack
        As :func:`begin_export`; nothing left and nothing but the try is kept.
    Unavailable
        As many are under way as fit.
    """
    places = _places(max(1, settings().pool_size // 4))
    if not places.acquire(timeout=PATIENCE_S):
        raise Unavailable(NO_PLACE)
    try:
        with transaction(actor, statement_timeout_s=statement_timeout_s) as session:
            yield session
    except HeldBack as held:
        event = FileHeldBack(
            held.what.dataset,
            held.what.file_format,
            reason=held.what.reason,
            with_km2=round(held.ground.with_km2, 3),
        )
        with transaction(actor) as session:
            record(session, actor=actor, event=event, now=now, place=held.what.extent, result="refused")
        raise
    finally:
        places.release()


@cache
def _places(count: int) -> BoundedSemaphore:
    """The places for exports of this process."""
    return BoundedSemaphore(count)


def begin_export(
    session: Session, *, actor: Actor, what: Leaving, rules: ExportRules, now: datetime
) -> Begun:
    """Let something leave: its number, grade and mark, before it is written.

    Exports of one person come one after the other, so that two at once cannot both find room below the stop.

    Raises
    ------
    Invalid
        The reason is missing or too long.
    HeldBack
        The person would hold more contiguous ground than the stop, without an approval that reaches so far.
    """
    dataset = rules.dataset(what.dataset)
    if not dataset.counted or (what.extent is not None and what.extent.is_empty):
        what = replace(what, extent=None)
    _one_at_a_time(session, actor.name)
    ground = _ground(session, actor, what, rules=rules, now=now)
    grade = rules.grade_of(dataset, records=what.record_grade, above_stop=ground.with_km2 > rules.stop_km2)
    is_needed = policy.needs_reason(rules, dataset, grade)
    reason = policy.reason_typed(what.reason, is_needed=is_needed)
    try:
        policy.check_ground(rules, ground)
    except NotAllowed as refusal:
        raise HeldBack(refusal.words, what, ground) from refusal
    mark = Mark(
        number=session.scalar(select(NUMBERS.next_value())) or 0,
        person=actor.name,
        acting_for=actor.acting_for,
        at=now,
        grade=grade.token,
        grade_words=Words(grade.zh, grade.en),
        dataset_words=Words(dataset.zh, dataset.en),
        token=secrets.token_hex(TOKEN_BYTES),
    )
    return Begun(replace(what, reason=reason or ""), mark, ground, policy.warning_of(rules, ground))


def finish_export(
    session: Session,
    *,
    actor: Actor,
    begun: Begun,
    files: Sequence[LeftFile],
    asked: dict[str, Any] | None = None,
) -> Export:
    """Keep what left, with the hash of each file as it was handed over; ``asked`` says how it was chosen."""
    what, mark = begun.what, begun.mark
    export = Export(
        number=mark.number,
        dataset=what.dataset,
        file_format=what.file_format,
        about=what.about[:200],
        reason=what.reason or None,
        grade=mark.grade,
        records=what.records,
        extent=None if what.extent is None else stored(what.extent),
        held_km2=begun.ground.with_km2,
        person=actor.name,
        person_id=actor.id,
        unit_id=actor.unit_id,
        acting_for=actor.acting_for,
        via=actor.via,
        at=mark.at,
        token=mark.token,
        files=[ExportFile(name=one.name, sha256=one.sha256, size_bytes=one.size_bytes) for one in files],
    )
    session.add(export)
    event = FileLeft(
        str(mark.number),
        what.dataset,
        what.file_format,
        subject=what.about,
        grade=mark.grade,
        reason=what.reason or None,
        records=what.records,
        area_m2=None if what.extent is None else round(what.extent.area, 1),
        held_km2=round(begun.ground.with_km2, 3),
        files={one.name: one.sha256 for one in files},
        asked=asked or {},
    )
    record(session, actor=actor, event=event, now=mark.at, place=what.extent)
    session.flush()
    return export


def left_file(name: str, content: bytes) -> LeftFile:
    """A file in memory as it is kept."""
    return LeftFile(name=name, sha256=sha256(content).hexdigest(), size_bytes=len(content))


def _ground(session: Session, actor: Actor, what: Leaving, *, rules: ExportRules, now: datetime) -> Ground:
    if what.extent is None:
        return Ground(0.0, 0.0)
    taken = queries.extents_of(session, actor.name, now=now, window_days=settings().export_window_days)
    with_km2 = contiguous_km2([*taken, what.extent], join_m=rules.join_m, around=what.extent)
    approved = queries.approved_km2(session, actor.name, now=now) if with_km2 > rules.stop_km2 else 0.0
    return Ground(what.extent.area / M2_PER_KM2, with_km2, approved)


def _one_at_a_time(session: Session, person: str) -> None:
    key = int.from_bytes(
        blake2b(b"exports\x00" + person.encode(), digest_size=8).digest(), "big", signed=True
    )
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": key})
