"""Bring the database in step with the definitions that came with the product."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.catalogue.terms.changes import ChangeState
from xzgis.core.actor import SYSTEM, Actor
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.workflow import queries
from xzgis.workflow.actions.changing import add_proposal
from xzgis.workflow.events import VersionShipped
from xzgis.workflow.models import ProcessVersion
from xzgis.workflow.rules.differing import differences
from xzgis.workflow.rules.reading import digest_of, read
from xzgis.workflow.terms import Definition, Proposal

REASON = "随产品交付 · came with the product"


def sync_processes(
    session: Session, files: Mapping[str, bytes], *, actor: Actor = SYSTEM, now: datetime | None = None
) -> tuple[int, ...]:
    """Let every definition of ``files`` be known; the ids of the versions that came.

    A process that nobody knew is in force as its version 1. Of one that is known, a file that is new waits as a proposal:
    a delivery of the product does not change how a city works, somebody who answers for it does.

    Raises
    ------
    Invalid
        A file is not sound; the first fault, with its file.
    """
    queries.take_turn(session)
    at, came = now or datetime.now(UTC), []
    for file, content in queries.unknown_files(session, files).items():
        found = _sound(file, content)
        current = queries.in_force_of(session, found.key, at)
        if queries.last_number(session, found.key) == 0:
            came.append(_first(session, actor, found, content, f"layers/{file}", at))
        elif (
            current is not None
            and queries.open_proposal(session, found.key) is None
            and differences(queries.definition_of(current), found)
        ):
            came.append(
                add_proposal(
                    session, actor=actor, found=found, proposal=Proposal(content, REASON, f"layers/{file}"), now=at,
                    is_shipped=True,
                ).id
            )  # fmt: skip
    return tuple(came)


def _sound(file: str, content: bytes) -> Definition:
    try:
        return read(content)
    except Invalid as refusal:
        words = refusal.words
        raise Invalid(
            Words(f"layers/{file}：{words.zh}", f"layers/{file}: {words.en}"), faults=refusal.faults
        ) from refusal


def _first(
    session: Session, actor: Actor, found: Definition, content: bytes, source: str, now: datetime
) -> int:
    row = ProcessVersion(
        process_key=found.key, number=1, bpmn=content.decode("utf-8-sig"), digest=digest_of(content),
        is_shipped=True, reason=REASON, source=source, proposed_by=actor.name, proposed_at=now,
        state=ChangeState.APPROVED.value, in_force_from=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    event = VersionShipped(
        str(row.id), process=found.key, zh=found.name.zh, en=found.name.en, digest=row.digest
    )
    record(session, actor=actor, event=event, now=now)
    return row.id
