"""Walks rows, links, seals and the file outside together."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from xzgis.audit.models import TrailEntry
from xzgis.audit.queries import chain
from xzgis.audit.rules import months
from xzgis.audit.rules.canonical import month_message, row_line, running
from xzgis.audit.rules.signing import Keys, is_signed
from xzgis.audit.rules.walk import Step, Walk, check_seals, compare_copies
from xzgis.audit.terms import ArchivedMonth, ChainLink, ChainSeal, Finding, Harm, Row, Verdict
from xzgis.core.sql import binary_rows
from xzgis.core.words import Words

# Archiving waits for a verification, and a verification for archiving.
KEEP_MONTHS = text("select pg_advisory_xact_lock_shared(:key)")
# A row could hide from the search for rows without a link behind a link that no walk meets.
STRAYS = text("select pos, entry_id from audit_link where pos < 1 order by pos limit 100")
MONTHS_KEY = 4548_0012
TELL_EVERY = 10_000
Tell = Callable[[int, int], None]


@dataclass(slots=True)
class _Left:
    """The rows of a month that left the database, as the chain tells of them."""

    month: ArchivedMonth
    digests: Any = field(init=False)
    rows: int = 0

    def __post_init__(self) -> None:
        self.digests = running(self.month.algorithm)

    def take(self, digest: bytes) -> None:
        self.digests.update(digest)
        self.rows += 1


def verify(
    session: Session,
    *,
    keys: Keys,
    outside: Sequence[ChainSeal],
    archives_in: Path | None = None,
    tell: Tell = lambda _done, _total: None,
) -> Verdict:
    """Whether the trail is as it was sealed, and everything that is not.

    Parameters
    ----------
    keys
        The public keys that are trusted.
    outside
        The seals of the file outside, read before this call: what is sealed meanwhile is then no harm.
    archives_in
        Folder of the archived files, which are compared with what was archived; None: not looked at.
    tell
        Called with links done and links in all, every ten thousand.
    """
    verdict = Verdict()
    session.execute(KEEP_MONTHS, {"key": MONTHS_KEY})
    held = chain.seals(session)
    limits = chain.horizon(session)
    stretches = check_seals(held, keys, verdict)
    compare_copies({seal.number: seal for seal in held}, outside, keys, verdict)
    _note_losses(held, outside, verdict)
    there = set(chain.partitions(session))
    left = {one.partition: _Left(one) for one in chain.archives(session) if one.partition not in there}
    walk, total = Walk(stretches, verdict), chain.last_pos(session)
    sealed = max((seal.pos for seal in held), default=0)
    for done, (link, row) in enumerate(
        chain.links_with_rows(session, after_pos=0, upto_pos=max(sealed, _beyond(total, held, session))), 1
    ):
        walk.step(_step(session, link, row, left))
        if done % TELL_EVERY == 0:
            tell(done, total)
    walk.finish()
    for pos, entry_id in session.execute(STRAYS):
        verdict.add(
            Finding(Harm.LINK_REWRITTEN, pos=pos, entry_id=entry_id, detail="before the first position")
        )
    _check_left(left, keys, archives_in, verdict)
    _check_unlinked(session, held, limits, verdict)
    tell(total, total)
    return verdict


def _beyond(total: int, held: Sequence[ChainSeal], session: Session) -> int:
    """The last position to look at: links are committed with their seal, so a sealer that went on has newer seals."""
    newest = chain.last_seal(session)
    grown = newest is not None and held and newest.number > held[-1].number
    return 0 if grown else total


def _step(session: Session, link: ChainLink, row: Row | None, left: dict[str, _Left]) -> Step:
    if row is not None:
        return Step(link, row_line(row))
    gone = left.get(months.name_of(months.month_of(link.happened_at)))
    if gone is not None:
        gone.take(link.digest)
        return Step(link, None, archived=True)
    # The row may stand at another time: then it was moved, not removed.
    found = session.scalars(select(TrailEntry.happened_at).where(TrailEntry.id == link.entry_id)).first()
    return Step(link, None if found is None else b"", moved=found is not None)


def _note_losses(held: Sequence[ChainSeal], outside: Sequence[ChainSeal], verdict: Verdict) -> None:
    for seal in held:
        if seal.kind != "begin" or seal.number == 1:
            continue
        lost = [one.number for one in outside if seal.previous < one.number < seal.number]
        told_zh = f"，封签 {lost[0]}–{lost[-1]} 的记录未恢复" if lost else ""
        told_en = f"; what seals {lost[0]} to {lost[-1]} held was not restored" if lost else ""
        verdict.notes.append(
            Words(
                f"第 {seal.epoch} 纪元自封签 {seal.number} 起（{seal.reason or ''}）{told_zh}。",
                f"Epoch {seal.epoch} begins with seal {seal.number} ({seal.reason or ''}){told_en}.",
            )
        )


def _check_left(left: dict[str, _Left], keys: Keys, folder: Path | None, verdict: Verdict) -> None:
    """Months that left: the chain must tell the same rows as the archive, and the file must be the one written."""
    for name, one in left.items():
        month = one.month
        if not is_signed(keys, month.key_id, month_message(month), month.signature):
            verdict.add(Finding(Harm.ARCHIVE, detail=f"{name}: signature"))
        if (one.rows, one.digests.digest()) != (month.rows, month.root):
            verdict.add(Finding(Harm.ARCHIVE, pos=month.first_pos, detail=f"{name}: rows"))
        if folder is None:
            continue
        path = folder / month.file
        if not path.exists():
            verdict.notes.append(
                Words(
                    f"归档文件 {month.file} 不在本机。", f"The archive {month.file} is not on this machine."
                )
            )
        elif file_digest(path) != month.file_digest:
            verdict.add(Finding(Harm.ARCHIVE, detail=f"{month.file}: content"))


def _check_unlinked(
    session: Session, held: Sequence[ChainSeal], limits: chain.Horizon, verdict: Verdict
) -> None:
    """Rows that slipped in behind the horizon, or bear a number from the future; and how many wait rightly."""
    last = held[-1] if held else None
    sealed_before = last.horizon if last else 0
    carried_over = last is None or (last.epoch > 1 and last.horizon == 0)
    next_transaction = 2**62 if carried_over else limits.next
    asked = {"horizon": sealed_before, "next_transaction": next_transaction}
    for entry_id, happened_at, is_forged in binary_rows(session, "audit", "not_linked", asked):
        if _stands_elsewhere(session, entry_id, happened_at):
            continue
        verdict.add(Finding(Harm.FORGED_NUMBER if is_forged else Harm.INSERTED, entry_id=entry_id))
    verdict.waiting = waiting(session, horizon=sealed_before)


def _stands_elsewhere(session: Session, entry_id: int, happened_at: datetime) -> bool:
    """Whether a row without a link is one that was moved, and told as such already."""
    linked = session.execute(
        text("select happened_at from audit_link where entry_id = :id"), {"id": entry_id}
    ).scalars().all()  # fmt: skip
    there = set(session.scalars(select(TrailEntry.happened_at).where(TrailEntry.id == entry_id)))
    return any(at not in there for at in linked) and happened_at in there


def waiting(session: Session, *, horizon: int) -> int:
    """Rows that are not sealed yet; 100 001 stands for more than a hundred thousand."""
    return int(binary_rows(session, "audit", "state", {"horizon": horizon})[0][0])


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
