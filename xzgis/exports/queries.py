"""How exports and approvals are read."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from xzgis.catalogue.terms.leaving import ExportRules
from xzgis.core.actor import Actor
from xzgis.core.errors import NotFound
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.exports.models import Export, ExportApproval, ExportFile
from xzgis.exports.rules.ground import contiguous_km2
from xzgis.exports.terms import ApprovalState
from xzgis.identity.models import Unit
from xzgis.identity.permissions import Permission


class ExportNotFound(NotFound):
    """There is no such export, or the asker may not know of it."""

    def __init__(self, number: int) -> None:
        super().__init__(Words(f"没有导出 {number}。", f"There is no export {number}."))


class ApprovalNotFound(NotFound):
    """There is no such request, or the asker may not know of it."""

    def __init__(self, number: int) -> None:
        super().__init__(Words(f"没有申请 {number}。", f"There is no request {number}."))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Exports ``actor`` may know of: his own, and everybody's with ``exports.all``."""
    return true() if actor.may(Permission.EXPORTS_ALL) else Export.person == actor.name


def exports(
    session: Session, *, actor: Actor, person: str = "", before: int | None = None, limit: int = 50
) -> Sequence[Export]:
    """Exports the actor may know of, with their files, the newest first."""
    asked = select(Export).where(visible_to(actor)).options(selectinload(Export.files))
    if person.strip():
        asked = asked.where(Export.person == person.strip())
    if before is not None:
        asked = asked.where(Export.number < before)
    return session.scalars(asked.order_by(Export.number.desc()).limit(limit)).all()


def units_of(session: Session, found: Sequence[Export]) -> dict[int, Words]:
    """Names of the units whose posts were acted in, by their number."""
    numbers = {export.unit_id for export in found if export.unit_id is not None}
    rows = session.execute(select(Unit.id, Unit.name_zh, Unit.name_en).where(Unit.id.in_(numbers)))
    return {number: Words(zh, en) for number, zh, en in rows}


def export_of(session: Session, number: int, *, actor: Actor) -> Export:
    """One export with its files.

    Raises
    ------
    ExportNotFound
        There is none, or the actor may not know of it.
    """
    asked = (
        select(Export).where(Export.number == number, visible_to(actor)).options(selectinload(Export.files))
    )
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise ExportNotFound(number)
    return found


def export_to_change(session: Session, number: int) -> Export:
    """The row of an export, locked.

    Raises
    ------
    ExportNotFound
        There is none.
    """
    asked = select(Export).where(Export.number == number).with_for_update()
    found = session.scalars(asked.options(selectinload(Export.files))).one_or_none()
    if found is None:
        raise ExportNotFound(number)
    return found


def export_of_file(session: Session, sha256: str) -> Export | None:
    """The export a file belongs to, by its hash; a withdrawn one first. None: no file of ours, or altered since."""
    asked = (
        select(Export)
        .join(ExportFile, ExportFile.export_number == Export.number)
        .where(ExportFile.sha256 == sha256.lower())
        .order_by(Export.withdrawn_at.is_(None), Export.number)
        .limit(1)
    )
    return session.scalars(asked.options(selectinload(Export.files))).one_or_none()


def export_numbered(session: Session, number: int) -> Export | None:
    """The export of that number, for a verification; None when there is none."""
    asked = select(Export).where(Export.number == number).options(selectinload(Export.files))
    return session.scalars(asked).one_or_none()


def extents_of(session: Session, person: str, *, now: datetime, window_days: int) -> list[BaseGeometry]:
    """The ground of everything a person took within the window, withdrawn exports too: he has seen it."""
    since = now - timedelta(days=window_days)
    rows = session.scalars(
        select(func.st_asbinary(Export.extent)).where(
            Export.person == person, Export.extent.is_not(None), Export.at > since
        )
    )
    return list(shapely.from_wkb([bytes(row) for row in rows]))


def held_km2(session: Session, actor: Actor, *, rules: ExportRules, now: datetime) -> float:
    """The largest contiguous ground that somebody holds now by what he took within the window, km²."""
    taken = extents_of(session, actor.name, now=now, window_days=settings().export_window_days)
    return contiguous_km2(taken, join_m=rules.join_m)


def approved_km2(session: Session, person: str, *, now: datetime) -> float:
    """The most contiguous ground a person may hold by approvals that hold now, km²; 0 without one."""
    found = session.scalar(
        select(func.max(ExportApproval.km2)).where(
            ExportApproval.asked_by == person,
            ExportApproval.state == ApprovalState.APPROVED,
            ExportApproval.until > now,
        )
    )
    return float(found or 0.0)


def approvals(session: Session, *, actor: Actor, limit: int = 50) -> Sequence[ExportApproval]:
    """Requests the actor may know of: his own, and everybody's for who decides them; open ones first."""
    mine: ColumnElement[bool] = ExportApproval.asked_by == actor.name
    seen = or_(mine, true()) if actor.may(Permission.EXPORTS_APPROVE) else mine
    asked = select(ExportApproval).where(seen)
    order = (ExportApproval.state != ApprovalState.ASKED, ExportApproval.id.desc())
    return session.scalars(asked.order_by(*order).limit(limit)).all()


def approval_to_decide(session: Session, number: int) -> ExportApproval:
    """The row of a request, locked.

    Raises
    ------
    ApprovalNotFound
        There is none.
    """
    asked = select(ExportApproval).where(ExportApproval.id == number).with_for_update()
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise ApprovalNotFound(number)
    return found
