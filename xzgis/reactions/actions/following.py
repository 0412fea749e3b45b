"""Event → what follows: the whole list. Each runs in the transaction of its cause and stands or falls with it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from xzgis.audit import events as audit
from xzgis.audit.record import Event
from xzgis.catalogue import events as catalogue
from xzgis.catalogue.queries import table_named
from xzgis.catalogue.terms.changes import Bearing
from xzgis.core.actor import Actor
from xzgis.core.jobs import defer
from xzgis.core.queued import arguments_of
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.exports import events as exports
from xzgis.identity import events as identity
from xzgis.identity.permissions import Permission
from xzgis.identity.rules.slowing import PATIENCE, Counter
from xzgis.identity.terms import Role
from xzgis.networks import events as networks
from xzgis.networks.terms import BatchState
from xzgis.notices.actions.telling import settle, settle_person, tell
from xzgis.notices.terms import Addressee, Facts, Kind, Telling
from xzgis.reactions import queries
from xzgis.workflow import events as workflow
from xzgis.works import events as works

BATCH, WORK, JOB, TRAIL = "networks.batch", "works.work", "job", "audit.trail"
KEEPERS = Addressee(permission=Permission.NETWORKS_ACCEPT)
SYSTEM_ADMINISTRATORS = Addressee(permission=Permission.JOBS_CONTROL)
RULE_DECIDERS = Addressee(permission=Permission.CATALOGUE_APPROVE)
PROCESS_DECIDERS = Addressee(permission=Permission.WORKFLOW_APPROVE)
AUDITORS = Addressee(permission=Permission.AUDIT_VERIFY)
SEEN_TO_WITHIN = timedelta(days=1)

Reaction = Callable[[Session, Actor, Any, datetime], None]


def react(session: Session, actor: Actor, event: Event, now: datetime) -> None:
    """Do what follows from ``event``; nothing for most."""
    reaction = REACTIONS.get(type(event))
    if reaction is not None:
        reaction(session, actor, event, now)


def _to_person(
    session: Session,
    person_id: int | None,
    kind: Kind,
    event: Event,
    facts: Facts,
    *,
    now: datetime,
    key: str = "",
) -> None:
    """A notice to one person about what just happened; to nobody when it was a machine or a leaver."""
    if person_id is not None:
        each = key or f"{event.about}:{event.object_id}:{now.isoformat()}"
        told = Telling(kind, event.about, event.object_id, facts, key=each)
        tell(session, Addressee(person_id=person_id), told, now=now)


def role_words(role: str) -> dict[str, str]:
    """The name of a role in both languages."""
    return both(Role(role).words)


def _where(actor: Actor) -> str:
    return actor.address or "—"


# Deliveries


def _batch_read(session: Session, actor: Actor, event: networks.BatchRead, now: datetime) -> None:
    del actor
    batch = queries.batch_maker(session, event.object_id)
    if batch is None:
        return
    if batch.state == BatchState.REFUSED:
        settle(
            session, about=BATCH, object_id=event.object_id, now=now, by="system", kinds=[Kind.BATCH_WAITS]
        )
        person_id = queries.person_called(session, batch.created_by)
        if person_id is not None:
            facts = {"errors": str(event.findings.get("error", 0))}
            told = Telling(Kind.BATCH_TO_MEND, BATCH, event.object_id, facts)
            tell(session, Addressee(person_id=person_id), told, now=now)
        return
    settle(session, about=BATCH, object_id=event.object_id, now=now, by="system", kinds=[Kind.BATCH_TO_MEND])
    facts = {"points": str(event.points), "lines": str(event.lines)}
    due_at = now + timedelta(days=settings().acceptance_days)
    tell(session, KEEPERS, Telling(Kind.BATCH_WAITS, BATCH, event.object_id, facts, due_at=due_at), now=now)


def _batch_over(kind: Kind) -> Reaction:
    """A delivery is no longer waited for; whoever brought it learns it when it was another's doing."""

    def reaction(session: Session, actor: Actor, event: Any, now: datetime) -> None:
        settle(session, about=BATCH, object_id=event.object_id, now=now, by=actor.name)
        batch = queries.batch_maker(session, event.object_id)
        if batch is not None and batch.created_by != actor.name:
            facts = {"by": actor.name, "reason": getattr(event, "reason", "")}
            person_id = queries.person_called(session, batch.created_by)
            _to_person(session, person_id, kind, event, facts, now=now)
        if kind is not Kind.BATCH_CANCELLED:
            defer(session, "reactions.look_at_works", batch_id=int(event.object_id))

    return reaction


# Works


def _work_seen_to(session: Session, actor: Actor, event: Event, now: datetime) -> None:
    settle(session, about=WORK, object_id=event.object_id, now=now, by=actor.name)


def _file_left(session: Session, actor: Actor, event: exports.FileLeft, now: datetime) -> None:
    """Who took a report of his work out has checked it again; a colleague's report is no check of his."""
    work = queries.work_maker(session, event.subject) if event.dataset == "report" else None
    if work is not None and work.created_by == actor.name:
        settle(session, about=WORK, object_id=event.subject, now=now, by=actor.name)


def _contested(session: Session, actor: Actor, event: works.FindingContested, now: datetime) -> None:
    work = queries.work_maker(session, event.object_id)
    if work is not None and work.created_by != actor.name:
        person_id = queries.person_called(session, work.created_by)
        facts = {"by": actor.name, "name": work.name}
        _to_person(session, person_id, Kind.FINDING_CONTESTED, event, facts, now=now)


def tell_of_works(session: Session, batch_id: int, *, now: datetime) -> int:
    """Tell the makers of works near a batch that they must be checked again; how many works."""
    near = queries.works_near_batch(session, batch_id)
    for work in near:
        person_id = queries.person_called(session, work.created_by)
        if person_id is not None:
            told = Telling(Kind.WORK_TO_CHECK, WORK, str(work.id), {"name": work.name})
            tell(session, Addressee(person_id=person_id), told, now=now)
    return len(near)


# Changes of the tables


def both(words: Words) -> dict[str, str]:
    """Words as a fact of a sentence."""
    return {"zh": words.zh, "en": words.en}


def _rule_proposed(
    session: Session, actor: Actor, event: catalogue.RuleChangeProposed, now: datetime
) -> None:
    facts: Facts = {
        "by": actor.name, "table": both(table_named(event.table).words), "row": event.row,
        "bearing": both(Bearing(event.bearing).words),
    }  # fmt: skip
    due_at = now + timedelta(days=settings().rule_decision_days)
    told = Telling(Kind.RULE_WAITS, event.about, event.object_id, facts, due_at=due_at)
    tell(session, RULE_DECIDERS, told, now=now)


def _rule_decided(session: Session, actor: Actor, event: Any, now: datetime) -> None:
    """What waited is done; whoever proposed it learns it when it was another's doing."""
    settle(session, about=event.about, object_id=event.object_id, now=now, by=actor.name)
    if event.proposed_by == actor.name:
        return
    is_approved = getattr(event, "approved", None)
    kind = {None: Kind.RULE_WITHDRAWN, True: Kind.RULE_APPROVED, False: Kind.RULE_REFUSED}[is_approved]
    facts: Facts = {
        "by": actor.name, "table": both(table_named(event.table).words), "row": event.row, "reason": event.reason,
        "from_at": getattr(event, "in_force_from", None) or "",
    }  # fmt: skip
    _to_person(session, queries.person_called(session, event.proposed_by), kind, event, facts, now=now)


# Versions of processes


def _process_proposed(session: Session, actor: Actor, event: workflow.VersionProposed, now: datetime) -> None:
    facts: Facts = {"by": actor.name, "process": {"zh": event.zh, "en": event.en}}
    due_at = now + timedelta(days=settings().rule_decision_days)
    told = Telling(Kind.PROCESS_WAITS, event.about, event.object_id, facts, due_at=due_at)
    tell(session, PROCESS_DECIDERS, told, now=now)


def _process_decided(session: Session, actor: Actor, event: Any, now: datetime) -> None:
    """What waited is done; whoever proposed it learns it when it was another's doing."""
    settle(session, about=event.about, object_id=event.object_id, now=now, by=actor.name)
    if event.proposed_by == actor.name:
        return
    is_approved = getattr(event, "approved", None)
    kind = {None: Kind.PROCESS_WITHDRAWN, True: Kind.PROCESS_APPROVED, False: Kind.PROCESS_REFUSED}[
        is_approved
    ]
    facts: Facts = {
        "by": actor.name, "process": {"zh": event.zh, "en": event.en}, "reason": event.reason,
        "from_at": getattr(event, "in_force_from", None) or "",
    }  # fmt: skip
    _to_person(session, queries.person_called(session, event.proposed_by), kind, event, facts, now=now)


# Posts, rights and what is lent


def _post_granted(session: Session, actor: Actor, event: identity.PostGranted, now: datetime) -> None:
    facts: Facts = {
        "by": actor.name, "role": role_words(event.role), "unit": queries.unit_called(session, event.unit),
        "from_at": event.valid_from,
    }  # fmt: skip
    _to_person(
        session, queries.person_called(session, event.account), Kind.POST_GRANTED, event, facts, now=now
    )


def _post_ended(session: Session, actor: Actor, event: identity.PostEnded, now: datetime) -> None:
    facts: Facts = {"by": actor.name, "role": role_words(event.role)}
    _to_person(session, queries.person_called(session, event.account), Kind.POST_ENDED, event, facts, now=now)


def _right(kind: Kind) -> Reaction:
    def reaction(session: Session, actor: Actor, event: Any, now: datetime) -> None:
        person_id = queries.person_called(session, event.account)
        key = f"{event.object_id}:{event.right_id}:{now.isoformat()}"
        _to_person(session, person_id, kind, event, {"by": actor.name}, now=now, key=key)

    return reaction


def _lent(session: Session, actor: Actor, event: identity.DelegationGiven, now: datetime) -> None:
    lent = queries.lending(session, int(event.object_id))
    if lent is None:
        return
    facts: dict[str, Any] = {
        "by": actor.name, "giver": lent.giver, "taker": lent.taker, "role": role_words(lent.role),
        "from_at": event.from_at, "until_at": event.until_at, "reason": event.reason,
    }  # fmt: skip
    _to_person(session, lent.taker_id, Kind.LENT_TO_ME, event, facts, now=now)
    if actor.id != lent.giver_id:
        _to_person(session, lent.giver_id, Kind.LENT_OF_MINE, event, facts, now=now)


def _lending_ended(session: Session, actor: Actor, event: identity.DelegationEnded, now: datetime) -> None:
    lent = queries.lending(session, int(event.object_id))
    if lent is None:
        return
    facts: Facts = {"by": actor.name, "giver": lent.giver, "taker": lent.taker, "role": role_words(lent.role)}
    for person_id in {lent.giver_id, lent.taker_id} - {actor.id}:
        _to_person(session, person_id, Kind.LENDING_ENDED, event, facts, now=now)


def _left(session: Session, actor: Actor, event: identity.PersonLeft, now: datetime) -> None:
    settle_person(session, int(event.object_id), now=now, by=actor.name)


# The own account


def _own(kind: Kind) -> Reaction:
    """Something about the account that ``object_id`` names, so that its owner notices what he did not do."""

    def reaction(session: Session, actor: Actor, event: Event, now: datetime) -> None:
        facts = {"by": actor.name, "address": _where(actor), "changed_at": now.isoformat()}
        _to_person(session, int(event.object_id), kind, event, facts, now=now)

    return reaction


def _signed_in(session: Session, actor: Actor, event: identity.PersonSignedIn, now: datetime) -> None:
    person_id = int(event.object_id)
    if not event.known_device and queries.signed_in_before(session, person_id):
        facts = {"address": _where(actor), "signed_at": now.isoformat()}
        _to_person(session, person_id, Kind.NEW_DEVICE, event, facts, now=now)


def _refused(session: Session, actor: Actor, event: identity.SignInRefused, now: datetime) -> None:
    """Once a day at the most: who guesses must not be able to flood the owner."""
    if event.object_id.isdigit() and event.failures >= PATIENCE[Counter.PAIR].free:
        facts = {"address": _where(actor), "tried_at": now.isoformat()}
        key = f"{now.date().isoformat()}"
        _to_person(session, int(event.object_id), Kind.GUESSED, event, facts, now=now, key=key)


def _token_issued(session: Session, actor: Actor, event: identity.TokenIssued, now: datetime) -> None:
    facts = {"label": event.label, "until_at": event.expires_at}
    _to_person(session, actor.id, Kind.TOKEN_ISSUED, event, facts, now=now)


# The installation


def _job_failed(session: Session, actor: Actor, event: audit.JobFailed, now: datetime) -> None:
    """To whoever started it; what nobody started is the system administrators', and the trail's own the auditors' too."""
    del actor
    starter = arguments_of(session, int(event.object_id)).get("actor")
    facts: dict[str, Any] = {"job": event.job, "cause": event.cause}
    if isinstance(starter, dict) and starter.get("id") is not None:
        key = f"{event.object_id}:{event.attempt}"
        _to_person(session, int(starter["id"]), Kind.JOB_FAILED, event, facts, now=now, key=key)
        return
    told = Telling(Kind.JOB_BROKEN, JOB, event.job, facts, due_at=now + SEEN_TO_WITHIN)
    tell(session, SYSTEM_ADMINISTRATORS, told, now=now)
    if event.job.startswith("audit."):
        broken = Telling(Kind.KEEPING_BROKEN, JOB, event.job, facts, due_at=now + SEEN_TO_WITHIN)
        tell(session, AUDITORS, broken, now=now)


def _job_retried(session: Session, actor: Actor, event: audit.JobRetried, now: datetime) -> None:
    settle(session, about=JOB, object_id=event.job, now=now, by=actor.name)


def _verified(session: Session, actor: Actor, event: audit.TrailVerified, now: datetime) -> None:
    if event.sound:
        settle(session, about=TRAIL, object_id="trail", now=now, by=actor.name)
        return
    told = Telling(
        Kind.TRAIL_HARMED, TRAIL, "trail", {"harmed": str(event.harmed)}, due_at=now + SEEN_TO_WITHIN
    )
    tell(session, AUDITORS, told, now=now)


def _backed_up(session: Session, actor: Actor, event: audit.BackupMade, now: datetime) -> None:
    settle(session, about=event.about, object_id="late", now=now, by=actor.name)


REACTIONS: Mapping[type[Event], Reaction] = {
    networks.BatchRead: _batch_read,
    networks.BatchAccepted: _batch_over(Kind.BATCH_ACCEPTED),
    networks.BatchCancelled: _batch_over(Kind.BATCH_CANCELLED),
    networks.BatchUndone: _batch_over(Kind.BATCH_UNDONE),
    works.WorkChanged: _work_seen_to,
    works.WorkRemoved: _work_seen_to,
    works.FindingContested: _contested,
    exports.FileLeft: _file_left,
    catalogue.RuleChangeProposed: _rule_proposed,
    catalogue.RuleChangeDecided: _rule_decided,
    catalogue.RuleChangeWithdrawn: _rule_decided,
    workflow.VersionProposed: _process_proposed,
    workflow.VersionDecided: _process_decided,
    workflow.VersionWithdrawn: _process_decided,
    identity.PostGranted: _post_granted,
    identity.PostEnded: _post_ended,
    identity.DataRightGiven: _right(Kind.RIGHT_GIVEN),
    identity.DataRightTaken: _right(Kind.RIGHT_TAKEN),
    identity.DelegationGiven: _lent,
    identity.DelegationEnded: _lending_ended,
    identity.PersonLeft: _left,
    identity.PersonSignedIn: _signed_in,
    identity.SignInRefused: _refused,
    identity.PasswordChanged: _own(Kind.PASSWORD_CHANGED),
    identity.PasswordReset: _own(Kind.PASSWORD_RESET),
    identity.SecondFactorEnrolled: _own(Kind.FACTOR_CHANGED),
    identity.SecondFactorReset: _own(Kind.FACTOR_RESET),
    identity.PasskeyAdded: _own(Kind.FACTOR_CHANGED),
    identity.PasskeyRemoved: _own(Kind.FACTOR_CHANGED),
    identity.TokenIssued: _token_issued,
    audit.JobFailed: _job_failed,
    audit.JobRetried: _job_retried,
    audit.TrailVerified: _verified,
    audit.BackupMade: _backed_up,
}
