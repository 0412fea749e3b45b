"""``record()``: the only way to write to the trail."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from xzgis.audit.models import TrailEntry
from xzgis.core.actor import Actor


@dataclass(frozen=True)
class Event:
    """Something that happened; subclasses add the facts as JSON-ready fields.

    ``name`` reads ``module.thing.happened``; ``about`` is the kind of record it speaks of, and the
    field ``object_id`` says which one.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    object_id: str

    def details(self) -> dict[str, Any]:
        """The facts beside the identity."""
        facts = asdict(self)
        facts.pop("object_id")
        return facts


def record(session: Session, *, actor: Actor, event: Event, now: datetime) -> None:
    """Write ``event`` to the trail in the caller's transaction."""
    session.add(
        TrailEntry(
            happened_at=now,
            actor=actor.name,
            via=actor.via,
            event=event.name,
            object_kind=event.about,
            object_id=event.object_id,
            details=event.details(),
        )
    )
