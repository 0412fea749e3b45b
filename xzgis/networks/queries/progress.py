"""How far background jobs are, by what they work on."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.audit.models import TrailCheck
from xzgis.core.queued import Queued
from xzgis.networks.models import Batch


def percent_of(session: Session, jobs: Sequence[Queued]) -> dict[int, int]:
    """Whole percent of the jobs that are being done and tell how far they are; by the number of the job."""
    busy = [one for one in jobs if one.state == "doing"]
    batches = {one.arguments["batch_id"]: one.number for one in busy if "batch_id" in one.arguments}
    checks = {one.arguments["check_id"]: one.number for one in busy if "check_id" in one.arguments}
    found = {
        batches[number]: percent
        for number, percent in session.execute(
            select(Batch.id, Batch.progress_percent).where(Batch.id.in_(batches))
        )
    }
    for number, done, total in session.execute(
        select(TrailCheck.id, TrailCheck.done, TrailCheck.total).where(TrailCheck.id.in_(checks))
    ):
        found[checks[number]] = 100 * done // total if total else 0
    return found
