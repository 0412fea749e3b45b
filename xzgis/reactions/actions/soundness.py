"""What ``xzgis doctor`` found, for those who keep the installation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from xzgis.core.words import Words
from xzgis.notices.actions.telling import settle, tell
from xzgis.notices.terms import Kind, Telling
from xzgis.reactions.actions.following import SEEN_TO_WITHIN, SYSTEM_ADMINISTRATORS

CHECK = "core.check"


def tell_soundness(session: Session, found: Sequence[tuple[str, bool, Words]], *, now: datetime) -> None:
    """Each check that is bad waits once for the system administrators; one that is well waits no more.

    ``found``: name of the check, whether it is bad, what it says.
    """
    for check, is_bad, words in found:
        if is_bad:
            facts = {"told": {"zh": words.zh, "en": words.en}}
            told = Telling(Kind.UNSOUND, CHECK, check, facts, due_at=now + SEEN_TO_WITHIN)
            tell(session, SYSTEM_ADMINISTRATORS, told, now=now)
        else:
            settle(session, about=CHECK, object_id=check, now=now, by="system")
