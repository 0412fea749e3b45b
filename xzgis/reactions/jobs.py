"""What follows later: works near changed ground, and what comes with the clock."""

from datetime import UTC, datetime

import structlog

from xzgis.core.actor import SYSTEM
from xzgis.core.db import transaction
from xzgis.core.jobs import job
from xzgis.core.settings import settings
from xzgis.notices.actions.telling import forget_old
from xzgis.reactions.actions.coming import look_ahead
from xzgis.reactions.actions.following import tell_of_works

LONG_STATEMENT_S = 300

log = structlog.get_logger()


@job("reactions.look_at_works", queue="heavy")
def look_at_works(*, batch_id: int) -> None:
    """Tell the makers of saved works near a batch that they must be checked again."""
    with transaction(SYSTEM, statement_timeout_s=LONG_STATEMENT_S) as session:
        found = tell_of_works(session, batch_id, now=datetime.now(UTC))
    if found:
        log.info("works_to_check", batch=batch_id, works=found)


@job("reactions.look_ahead")
def look_ahead_job(*, timestamp: int) -> None:
    """Tell what ends soon and what is late, settle what was mended, and forget old notices."""
    del timestamp  # a job done late looks at the state there is then
    now = datetime.now(UTC)
    with transaction(SYSTEM) as session:
        look_ahead(session, now=now)
        forget_old(session, now=now, days=settings().notices_days)
