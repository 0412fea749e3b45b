"""After a file left: withdrawn, verified; and more ground asked for and decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.catalogue.terms.leaving import ExportRules
from xzgis.core.actor import Actor
from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words
from xzgis.exports import policy, queries
from xzgis.exports.events import ExportWithdrawn, GroundAsked, GroundDecided
from xzgis.exports.models import Export, ExportApproval
from xzgis.exports.terms import ApprovalState, Standing

MOST_KM2 = 100_000


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file is: whether it stands, of which export, and whether it was found by its very content."""

    standing: Standing
    export: Export | None
    by_content: bool


def withdraw_export(session: Session, *, actor: Actor, number: int, reason: str, now: datetime) -> Export:
    """Withdraw an export: whoever has its files is to destroy them, and every verification says so from now on.

    Raises
    ------
    ExportNotFound, NotAllowed, WrongState, Invalid
        There is none; no right; withdrawn already; no reason.
    """
    export = queries.export_to_change(session, number)
    policy.check_can_withdraw(actor, withdrawn=export.withdrawn_at is not None)
    why = policy.reason_typed(reason, is_needed=True) or ""
    export.withdrawn_at, export.withdrawn_by, export.withdrawn_reason = now, actor.name, why
    record(
        session, actor=actor, event=ExportWithdrawn(str(number), person=export.person, reason=why), now=now
    )
    session.flush()
    return export


def verified(session: Session, *, sha256: str = "", number: int | None = None) -> Verified:
    """What a file is, by its hash; else by the number it bears, which says less: the content may have been altered."""
    export = queries.export_of_file(session, sha256) if sha256 else None
    by_content = export is not None
    if export is None and number is not None:
        export = queries.export_numbered(session, number)
    if export is None:
        return Verified(Standing.UNKNOWN, None, by_content=False)
    standing = Standing.VALID if export.withdrawn_at is None else Standing.WITHDRAWN
    return Verified(standing, export, by_content)


def ask_for_ground(
    session: Session, *, actor: Actor, km2: float, reason: str, now: datetime
) -> ExportApproval:
    """Ask to hold more contiguous ground than the stop, up to ``km2``; a second person decides.

    Raises
    ------
    Invalid
        No reason, or no such area.
    """
    if not 0 < km2 <= MOST_KM2:
        words = Words(f"面积须在 0 至 {MOST_KM2} km² 之间。", f"The area is between 0 and {MOST_KM2} km².")
        raise Invalid(words, faults=(Fault(("km2",), words),))
    why = policy.reason_typed(reason, is_needed=True) or ""
    asked = ExportApproval(
        asked_by=actor.name,
        asked_by_id=actor.id,
        asked_at=now,
        reason=why,
        km2=km2,
        state=ApprovalState.ASKED,
    )
    session.add(asked)
    session.flush()
    record(session, actor=actor, event=GroundAsked(str(asked.id), km2=km2, reason=why), now=now)
    return asked


def decide_ground(
    session: Session,
    *,
    actor: Actor,
    number: int,
    approved: bool,
    reason: str,
    rules: ExportRules,
    now: datetime,
) -> ExportApproval:
    """Approve or refuse a request of somebody else; an approval holds for some days.

    Raises
    ------
    ApprovalNotFound, NotAllowed, WrongState, Invalid
        There is none; no right, or the own request; decided already; no reason.
    """
    asked = queries.approval_to_decide(session, number)
    policy.check_can_decide(actor, asked_by=asked.asked_by, asked_by_id=asked.asked_by_id, state=asked.state)
    why = policy.reason_typed(reason, is_needed=True) or ""
    asked.state = ApprovalState.APPROVED if approved else ApprovalState.REFUSED
    asked.decided_by, asked.decided_at, asked.decided_reason = actor.name, now, why
    asked.until = now + timedelta(days=rules.approval_days) if approved else None
    event = GroundDecided(str(number), person=asked.asked_by, km2=asked.km2, approved=approved, reason=why)
    record(session, actor=actor, event=event, now=now)
    session.flush()
    return asked
