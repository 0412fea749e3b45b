"""Housekeeping of the door."""

from datetime import UTC, datetime

from xzgis.core.actor import SYSTEM
from xzgis.core.db import transaction
from xzgis.core.jobs import job
from xzgis.identity.actions.tidying import tidy


@job("identity.tidy")
def tidy_job(*, timestamp: int) -> None:
    """Remove sessions past their end, tries of yesterday and devices of last year."""
    del timestamp  # a job done late removes what is past then
    with transaction(SYSTEM) as session:
        tidy(session, now=datetime.now(UTC))
