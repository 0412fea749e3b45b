"""What a work's ground is covered by, for who may not see every survey."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from xzgis.conflicts.queries.surroundings import areas_of, asked_areas
from xzgis.core.sql import binary_rows
from xzgis.networks.terms import FloatArray

# The lens of the transaction says what both names hold (networks/queries/seen.py).
SEEN = text("select version_id from networks_coverage where version_id = any(cast(:near as bigint[]))")
LOOKED = text("select version_id from networks_looked where version_id = any(cast(:near as bigint[]))")

Areas = Mapping[str, list[BaseGeometry]]


@dataclass(frozen=True)
class Surveys:
    """Surveyed areas by kind: those that the transaction sees, and with them those that it may know of.

    ``all_seen``, ``all_known``: nothing near is missing in ``seen``, in ``known``.
    """

    seen: Areas
    known: Areas
    all_seen: bool
    all_known: bool


def surveys_seen(session: Session, boxes: FloatArray, *, as_of: datetime | None = None) -> Surveys:
    """The surveyed areas near the boxes ``(n, 4)``, storage CRS, as the transaction may know them."""
    found = binary_rows(session, "conflicts", *asked_areas(boxes, as_of=as_of))
    # What batches left out takes from every survey, whoever asks.
    near, out = ([row for row in found if (row[0] < 0) is is_out] for is_out in (False, True))

    def ids(asked: TextClause) -> set[int]:
        return set(session.scalars(asked, {"near": [row[0] for row in near]}))

    seen = ids(SEEN)
    known = seen if len(seen) == len(near) else seen | ids(LOOKED)
    return Surveys(
        seen=areas_of(session, [*out, *(row for row in near if row[0] in seen)]),
        known=areas_of(session, [*out, *(row for row in near if row[0] in known)]),
        all_seen=len(seen) == len(near),
        all_known=len(known) == len(near),
    )
