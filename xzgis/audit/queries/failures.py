"""Why background jobs failed, out of the trail."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.audit.events import JobFailed
from xzgis.audit.models import TrailEntry
from xzgis.core.words import Words


def causes_of(session: Session, numbers: Collection[int]) -> dict[int, Words]:
    """The latest cause of each of the jobs; a job that never failed is not in it."""
    asked = (
        select(TrailEntry.object_id, TrailEntry.details)
        .where(
            TrailEntry.object_kind == JobFailed.about,
            TrailEntry.object_id.in_([str(number) for number in numbers]),
            TrailEntry.event == JobFailed.name,
        )
        .order_by(TrailEntry.id)
    )
    return {
        int(number or 0): Words(details["cause"]["zh"], details["cause"]["en"])
        for number, details in session.execute(asked)
    }
