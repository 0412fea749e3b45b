"""Letters in the background."""

from datetime import UTC, datetime

import structlog

from xzgis.core.actor import SYSTEM
from xzgis.core.db import transaction
from xzgis.core.jobs import job
from xzgis.core.mail import NotHandedOver, Unsure, hand_over
from xzgis.core.settings import settings
from xzgis.notices.actions.letters import Outcome, put_down_letter, take_letter

log = structlog.get_logger()


@job("notices.send_letter")
def send_letter(*, notice_id: int, person_id: int, told_at: str) -> None:
    """Send one e-mail about a to-do or notice, once: taken in hand, handed over, put down, each committed."""
    which = (notice_id, person_id, datetime.fromisoformat(told_at))
    with transaction(SYSTEM) as session:
        post = take_letter(session, *which, now=datetime.now(UTC))
    if post is None:
        return
    outcome = Outcome("sent")
    try:
        hand_over(post.letter, settings(), now=datetime.now(UTC))
    except NotHandedOver as error:
        outcome = Outcome("failed" if error.for_good else "waits", str(error))
    except Unsure as error:
        outcome = Outcome("unsure", str(error))
    if outcome.state != "sent":
        log.warning(
            "letter_not_sent", notice=notice_id, tries=post.tries, state=outcome.state, reason=outcome.reason
        )
    with transaction(SYSTEM) as session:
        put_down_letter(session, *which, outcome, now=datetime.now(UTC))
