"""Which terrain raster came in with a batch and stands now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from xzgis.networks.models import Batch
from xzgis.networks.terms import BatchState

TERRAIN = "terrain"
"""Key of a batch's options under which its raster stands: ``name``, ``digest``, ``sigma_m``."""


TERRAIN_SAID = text(
    "select exists (select from networks_batch where state = 'accepted' and options ? 'terrain')"
)
"""Whether any batch that stands brought a raster."""


@dataclass(frozen=True, slots=True)
class TerrainRecord:
    """A terrain raster of the register: content ``digest`` in the file store, standard deviation in metres."""

    batch_id: int
    name: str
    digest: str
    sigma_m: float
    is_invented: bool


def terrain_in_force(session: Session, *, as_of: datetime | None = None) -> TerrainRecord | None:
    """The first of :func:`terrains_in_force`."""
    return next(iter(terrains_in_force(session, as_of=as_of)), None)


def terrains_in_force(session: Session, *, as_of: datetime | None = None) -> tuple[TerrainRecord, ...]:
    """The rasters of the batches that have one and stand, the newest first: the first with a value tells the ground.

    A newer raster of one district leaves the older one of the city in force around it. Invented ones count only
    where no real one stands at all. ``as_of``: as it was known then. A batch that is undone takes its raster with it.
    """
    asked = (
        select(Batch.id, Batch.options[TERRAIN], Batch.is_invented)
        .where(Batch.options.has_key(TERRAIN))
        .order_by(Batch.is_invented, Batch.id.desc())
    )
    if as_of is None:
        asked = asked.where(Batch.state == BatchState.ACCEPTED)
    else:
        asked = asked.where(
            Batch.accepted_at <= as_of, or_(Batch.undone_at.is_(None), Batch.undone_at > as_of)
        )
    found = [_record(batch_id, said, is_invented) for batch_id, said, is_invented in session.execute(asked)]
    return tuple(each for each in found if each.is_invented == found[0].is_invented)


def _record(batch_id: int, said: dict[str, Any], is_invented: bool) -> TerrainRecord:
    return TerrainRecord(
        batch_id=batch_id,
        name=str(said["name"]),
        digest=str(said["digest"]),
        sigma_m=float(said["sigma_m"]),
        is_invented=is_invented,
    )
