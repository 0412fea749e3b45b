"""A version of a process: proposed by one person, approved or refused by another, in force from its time on."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.catalogue import policy
from xzgis.catalogue.terms.changes import ChangeState
from xzgis.core.actor import Actor
from xzgis.core.clock import city_time
from xzgis.core.errors import Fault, Invalid, WrongState
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.workflow import queries
from xzgis.workflow.events import VersionDecided, VersionProposed, VersionWithdrawn
from xzgis.workflow.models import ProcessVersion
from xzgis.workflow.rules.calling import check_calls
from xzgis.workflow.rules.differing import differences
from xzgis.workflow.rules.reading import digest_of, read
from xzgis.workflow.terms import Definition, Proposal


def propose_version(session: Session, *, actor: Actor, proposal: Proposal, now: datetime) -> ProcessVersion:
    """Propose a version of the process that the file names, or a process that is new; somebody else decides.

    Raises
    ------
    NotAllowed
        No right.
    Invalid
        The file is not sound, each fault with element and line; nothing changes; no reason or ground; a time in the past.
    WrongState
        Another version of the process waits.
    """
    actor.require(Permission.WORKFLOW_PROPOSE)
    why = policy.told(proposal.reason, field="reason", what=policy.WHY)
    ground = policy.told(proposal.source, field="source_of_change", what=policy.WHENCE)
    if proposal.wanted_from is not None and proposal.wanted_from <= now:
        raise _invalid("wanted_from", "生效时间须在将来；不填为批准后立即生效。",
                       "The time lies in the past; leave it empty for at once.")  # fmt: skip
    found = read(proposal.bpmn)
    queries.take_turn(session)
    waits = queries.open_proposal(session, found.key)
    if waits is not None:
        raise WrongState(
            Words(
                f"流程“{found.name.zh}”已有待批准的版本 {waits}，请先处理它。",
                f"Version {waits} of {found.name.en} waits already; see to it first.",
            )
        )
    check_calls(found, queries.called_by_key(session, now))
    return add_proposal(
        session, actor=actor, found=found, proposal=replace(proposal, reason=why, source=ground), now=now
    )


def add_proposal(
    session: Session,
    *,
    actor: Actor,
    found: Definition,
    proposal: Proposal,
    now: datetime,
    is_shipped: bool = False,
) -> ProcessVersion:
    """Keep a sound version as a proposal.

    Raises
    ------
    Invalid
        It changes nothing in the version in force.
    """
    changed = _changed(session, found, now)
    row = ProcessVersion(
        process_key=found.key, bpmn=proposal.bpmn.decode("utf-8-sig"), digest=digest_of(proposal.bpmn),
        is_shipped=is_shipped, reason=proposal.reason, source=proposal.source, wanted_from=proposal.wanted_from,
        proposed_by=actor.name, proposed_by_id=actor.id, proposed_for=actor.acting_for, proposed_at=now,
        state=ChangeState.PROPOSED.value,
    )  # fmt: skip
    session.add(row)
    session.flush()
    event = VersionProposed(
        str(row.id), process=found.key, zh=found.name.zh, en=found.name.en, digest=row.digest, reason=row.reason,
        source=row.source, wanted_from=_iso(row.wanted_from), differences=changed,
    )  # fmt: skip
    record(session, actor=actor, event=event, now=now)
    return row


def decide_version(
    session: Session,
    *,
    actor: Actor,
    version_id: int,
    approved: bool,
    reason: str,
    now: datetime,
    from_at: datetime | None = None,
) -> ProcessVersion:
    """Approve or refuse a version that somebody else proposed.

    Approved, it comes into force at ``from_at``; None is the time that was asked for, or now where none was or it has
    passed.

    Raises
    ------
    VersionNotFound, NotAllowed, WrongState, Invalid
        There is none; no right, or the own proposal; decided already, or a later version is approved; no reason, a time
        in the past, or a process that it calls is not in force then.
    """
    row = queries.version_to_decide(session, version_id)
    policy.check_can_decide(
        actor, proposed_by=row.proposed_by, proposed_by_id=row.proposed_by_id, proposed_for=row.proposed_for,
        state=row.state, right=Permission.WORKFLOW_APPROVE,
    )  # fmt: skip
    why = policy.told(reason, field="reason", what=policy.WHY)
    found = queries.definition_of(row)
    if approved:
        start = _time_of(session, row, from_at, now)
        check_calls(found, queries.called_by_key(session, start))
        number = queries.last_number(session, row.process_key) + 1
        row.in_force_from, row.number = start, number
    row.state = ChangeState.APPROVED.value if approved else ChangeState.REFUSED.value
    row.decided_by, row.decided_by_id, row.decided_at, row.decided_reason = actor.name, actor.id, now, why
    session.flush()
    event = VersionDecided(
        str(row.id), process=row.process_key, zh=found.name.zh, en=found.name.en, digest=row.digest,
        proposed_by=row.proposed_by, approved=approved, number=row.number, reason=why,
        in_force_from=_iso(row.in_force_from),
    )  # fmt: skip
    record(session, actor=actor, event=event, now=now)
    return row


def withdraw_version(
    session: Session, *, actor: Actor, version_id: int, reason: str, now: datetime
) -> ProcessVersion:
    """Withdraw a version before it is decided, or, approved, before its time; afterwards another one supersedes it.

    Raises
    ------
    VersionNotFound, NotAllowed, WrongState, Invalid
        There is none; neither its maker nor who decides versions; over or in force; no reason.
    """
    row = queries.version_to_decide(session, version_id)
    policy.check_can_withdraw(
        actor, proposed_by=row.proposed_by, state=row.state, in_force_from=row.in_force_from, now=now,
        right=Permission.WORKFLOW_APPROVE,
    )  # fmt: skip
    why = policy.told(reason, field="reason", what=policy.WHY)
    row.state = ChangeState.WITHDRAWN.value
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason = actor.name, now, why
    session.flush()
    name = queries.definition_of(row).name
    event = VersionWithdrawn(
        str(row.id), process=row.process_key, zh=name.zh, en=name.en, digest=row.digest, proposed_by=row.proposed_by,
        reason=why,
    )  # fmt: skip
    record(session, actor=actor, event=event, now=now)
    return row


def _changed(session: Session, found: Definition, now: datetime) -> tuple[str, ...]:
    """What a version changes in the one in force, in Chinese; empty for a process that is new."""
    before = queries.in_force_of(session, found.key, now)
    if before is None:
        return ()
    told = differences(queries.definition_of(before), found)
    if not told:
        raise _invalid(
            "bpmn",
            f"与现行的第 {before.number} 版没有差别。",
            f"It differs in nothing from version {before.number}, which is in force.",
        )
    return tuple(words.zh for words in told)


def _time_of(session: Session, row: ProcessVersion, from_at: datetime | None, now: datetime) -> datetime:
    if from_at is not None and from_at < now:
        raise _invalid(
            "from_at", "生效时间不能早于批准时间。", "It cannot come into force before it is approved."
        )
    start = from_at or max(row.wanted_from or now, now)
    later = queries.approved_after(session, row.process_key, start)
    if later is not None and later.in_force_from is not None:
        since = city_time(later.in_force_from)
        raise WrongState(
            Words(
                f"第 {later.number} 版已定于 {since} 生效，将覆盖本版；请先撤回它，或把本版的生效时间定在其后。",
                f"Version {later.number} is to come into force at {since} and would supersede this one; withdraw it first, "
                "or let this one come later.",
            )
        )
    return start


def _invalid(field: str, zh: str, en: str) -> Invalid:
    words = Words(zh, en)
    return Invalid(words, faults=(Fault((field,), words),))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
