"""``record()``: the only way to write to the trail."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar, Literal

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from xzgis.audit.models import TrailEntry
from xzgis.core.actor import Actor
from xzgis.core.db import stored

Result = Literal["done", "refused"]


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


def record(
    session: Session,
    *,
    actor: Actor,
    event: Event,
    now: datetime,
    place: BaseGeometry | None = None,
    result: Result = "done",
) -> None:
    """Write ``event`` to the trail in the caller's transaction, and let follow what follows from it there.

    Parameters
    ----------
    place
        What it touched, in the storage CRS: its bounding box is kept, so that the trail can be searched on the
        map. None or empty: it has no place.
    result
        ``refused`` for a try that was not allowed.
    """
    session.add(
        TrailEntry(
            happened_at=now,
            actor_id=actor.id,
            actor=actor.name,
            acting_for=actor.acting_for,
            via=actor.via,
            address=actor.address,
            event=event.name,
            object_kind=event.about,
            object_id=event.object_id,
            result=result,
            place=None if place is None or place.is_empty else stored(place.envelope),
            details=event.details(),
        )
    )
    if result == "done":
        _reactions().react(session, actor, event, now)


@cache
def _reactions() -> ModuleType:
    """What stands above every module is found by its name: nothing here knows it (docs/decisions/0055)."""
    return import_module("xzgis.reactions.actions.following")
