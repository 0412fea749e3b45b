"""The ground that coverage counts for: without what batches left out of the register since it became known."""

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, case, func, or_, select

from xzgis.networks.models import Coverage, UnknownGround
from xzgis.networks.queries.history import as_of_known

POLYGONS = 3


def counted_area(known_at: datetime | None = None) -> ColumnElement[Any]:
    """The area of a version of coverage as it counted at a moment, now for None; empty where nothing is left of it.

    A version that is no longer known keeps its area as it was drawn.
    """
    lost = (
        select(func.st_union(UnknownGround.area))
        .where(
            as_of_known(UnknownGround, known_at),
            or_(UnknownGround.kind.is_(None), UnknownGround.kind == Coverage.kind),
            UnknownGround.known_from >= Coverage.known_from,
            UnknownGround.area.op("&&")(Coverage.area),
        )
        .correlate(Coverage)
        .scalar_subquery()
    )
    left = func.st_multi(func.st_collectionextract(func.st_difference(Coverage.area, lost), POLYGONS))
    # Nothing lost is NULL, and so is the difference from it.
    counted = func.coalesce(left, Coverage.area, type_=Geometry)
    return case((as_of_known(Coverage, known_at), counted), else_=Coverage.area)
