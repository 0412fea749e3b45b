"""Bring the database in step with the kinds of the definitions."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.catalogue.events import KindsSynchronised
from xzgis.catalogue.models import Kind
from xzgis.catalogue.terms import Catalogue
from xzgis.core.actor import SYSTEM, Actor


def sync_kinds(
    session: Session, catalogue: Catalogue, *, actor: Actor = SYSTEM, now: datetime | None = None
) -> bool:
    """Bring ``catalogue_kind`` in step with the catalogue; True when something changed.

    A kind that is no longer defined stays while records name it: the foreign key refuses its removal,
    so it is left alone here and only new and changed kinds are written.

    Parameters
    ----------
    now
        Aware time of the change; None takes the time of the call, as this runs once when the product starts.
    """
    known = {kind.token: kind for kind in session.scalars(select(Kind).with_for_update())}
    added, changed = [], []
    for token, kind in catalogue.kinds.items():
        facts = {"code": kind.code, "zh": kind.zh, "en": kind.en}
        row = known.get(token)
        if row is None:
            session.add(Kind(token=token, **facts))
            added.append(token)
        elif any(getattr(row, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(row, name, value)
            changed.append(token)
    if not added and not changed:
        return False
    event = KindsSynchronised(object_id=catalogue.version, added=tuple(added), changed=tuple(changed))
    record(session, actor=actor, event=event, now=now or datetime.now(UTC))
    session.flush()
    return True
