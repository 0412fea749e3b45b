"""A terrain raster comes in like everything else: as a batch, kept, recorded, and undone in the same way."""

from datetime import datetime

from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.files import Kept
from xzgis.networks.actions.receiving import digest_of, receive_batch
from xzgis.networks.events import BatchAccepted
from xzgis.networks.models import Batch
from xzgis.networks.queries.terrain import TERRAIN
from xzgis.networks.terms import BatchState


def terrain_options(name: str, kept: Kept, sigma_m: float) -> dict[str, object]:
    """What the options of a batch say of the raster it brings; ``sigma_m`` is its standard deviation, metres."""
    return {TERRAIN: {"name": name, "digest": kept.digest, "sigma_m": sigma_m}}


def accept_terrain(
    session: Session, *, actor: Actor, name: str, kept: Kept, sigma_m: float, now: datetime
) -> Batch:
    """Make a raster that lies in the store, EPSG:4548 and 1985 heights, the terrain of the register.

    Raises
    ------
    SameContents
        The same raster is in force already.
    """
    batch = receive_batch(
        session,
        actor=actor,
        files=[{"name": name, "digest": kept.digest, "bytes": kept.size_bytes}],
        digest=digest_of([kept.digest]),
        options={"intake": TERRAIN, **terrain_options(name, kept, sigma_m)},
        now=now,
    )
    batch.state, batch.accepted_at, batch.progress_percent = BatchState.ACCEPTED, now, 100
    batch.crs = {"decided": "EPSG:4548", "how": "header", "evidence": [], "swapped_axes": False}
    batch.summary = {"points": 0, "lines": 0}
    event = BatchAccepted(object_id=str(batch.id), nodes=0, runs=0, points_left_out=0, lines_left_out=0)
    record(session, actor=actor, event=event, now=now)
    session.flush()
    return batch
