"""Whether invented data took part in what a check says of the ground around a work."""

from datetime import UTC, datetime

import numpy as np
from sqlalchemy.orm import Session

from xzgis.conflicts.queries.rasters import Rasters
from xzgis.conflicts.queries.surroundings import corners_of
from xzgis.conflicts.rules.ground import FARTHEST_LEVEL_M
from xzgis.core.sql import statement
from xzgis.networks.terms import FloatArray
from xzgis.works.terms import GroundSource, PlacedWork

NOW_AND_LATER = datetime(9999, 12, 31, tzinfo=UTC)


def invented_around(
    session: Session,
    boxes: FloatArray,
    placed: PlacedWork,
    rasters: Rasters,
    *,
    asks_roads: bool,
    as_of: datetime | None = None,
) -> bool:
    """Whether coverage, ground or roads near the ``boxes`` ``(n, 4)`` of a work come from an invented batch.

    Only what the work asked for counts: ground that the work itself tells, and roads where it names the surface, do not.
    """
    if GroundSource.TERRAIN in placed.ground and any(record.is_invented for record, _ in rasters.kept):
        return True
    told: dict[str, object] = {
        name: np.asarray(corner).tolist() for name, corner in corners_of(boxes).items()
    }
    told |= {
        "as_of": as_of or NOW_AND_LATER,
        "asks_ground": GroundSource.SURVEYED in placed.ground,
        "asks_roads": asks_roads,
        "far_m": FARTHEST_LEVEL_M,
    }
    return bool(session.scalar(statement("conflicts", "invented_near"), told))
