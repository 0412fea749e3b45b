"""What comes with the clock: posts, lent posts and tokens that end soon, backups that are late, jobs that go again."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from xzgis.core.queued import last_times
from xzgis.core.settings import settings
from xzgis.notices.actions.telling import settle, tell
from xzgis.notices.terms import Addressee, Facts, Kind, Telling
from xzgis.reactions import queries
from xzgis.reactions.actions.following import JOB, SYSTEM_ADMINISTRATORS, role_words

POST_SOON, TOKEN_SOON, LENDING_SOON = timedelta(days=14), timedelta(days=7), timedelta(days=1)
#: The clock is looked at every hour; a worker may have been away for longer.
BEGUN_LATELY = timedelta(days=1)
BACKUP_DAYS = 7
BACKUP, LATE = "audit.backup", "late"


def look_ahead(session: Session, *, now: datetime) -> None:
    """Tell of everything that comes; done again it tells nothing twice."""
    _posts(session, now=now)
    _lent(session, now=now)
    _tokens(session, now=now)
    _backup(session, now=now)
    _jobs(session, now=now)


def _tell(session: Session, person_id: int, telling: Telling, *, now: datetime) -> None:
    tell(session, Addressee(person_id=person_id), telling, now=now)


def _posts(session: Session, *, now: datetime) -> None:
    for post in queries.posts_to_end(session, now=now, within=POST_SOON):
        assert post.valid_to is not None
        until_at = post.valid_to.isoformat()
        facts: Facts = {"role": role_words(post.role), "until_at": until_at}
        each = Telling(Kind.POST_EXPIRES, "identity.post", str(post.id), facts, key=f"{post.id}:{until_at}")
        _tell(session, post.person_id, each, now=now)


def _lent(session: Session, *, now: datetime) -> None:
    begun = queries.lendings_begun(session, now=now, within=BEGUN_LATELY)
    ending = queries.lendings_to_end(session, now=now, within=LENDING_SOON)
    for kind, rows in ((Kind.LENDING_BEGINS, begun), (Kind.LENDING_EXPIRES, ending)):
        for lent in rows:
            facts: dict[str, Any] = {
                "giver": lent.giver, "taker": lent.taker, "role": role_words(lent.role),
                "until_at": lent.until_at.isoformat(),
            }  # fmt: skip
            for person_id in (lent.giver_id, lent.taker_id):
                _tell(session, person_id, Telling(kind, "identity.delegation", str(lent.id), facts), now=now)


def _tokens(session: Session, *, now: datetime) -> None:
    for token in queries.tokens_to_end(session, now=now, within=TOKEN_SOON):
        facts = {"label": token.name, "until_at": token.expires_at.isoformat()}
        _tell(
            session,
            token.person_id,
            Telling(Kind.TOKEN_EXPIRES, "identity.token", str(token.id), facts),
            now=now,
        )


def _backup(session: Session, *, now: datetime) -> None:
    """An outside server is copied by its own means, of which the trail knows nothing."""
    since = queries.last_backup(session) or queries.begun_at(session)
    if settings().database_url is None and since is not None and now - since > timedelta(days=BACKUP_DAYS):
        facts = {"days": str(BACKUP_DAYS)}
        tell(session, SYSTEM_ADMINISTRATORS, Telling(Kind.BACKUP_LATE, BACKUP, LATE, facts), now=now)


def _jobs(session: Session, *, now: datetime) -> None:
    """A job of the timetable that went well since needs nobody any more."""
    for name, (_, state) in last_times(session).items():
        if state == "succeeded":
            settle(session, about=JOB, object_id=name, now=now, by="system")
