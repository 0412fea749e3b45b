"""Process definitions: read, proposed by one person, decided by another."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime

from api.deps import NowDep, need
from api.workflow.schemas import (
    DecisionIn,
    DefinitionOut,
    FileIn,
    ProcessesOut,
    ProcessOut,
    ReasonIn,
    VersionIn,
    VersionOut,
    VersionsOut,
    WholeVersionOut,
    WordsOut,
)
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.identity.permissions import Permission
from xzgis.workflow import queries
from xzgis.workflow.actions.changing import decide_version, propose_version, withdraw_version
from xzgis.workflow.models import ProcessVersion
from xzgis.workflow.rules.calling import check_calls
from xzgis.workflow.rules.differing import differences
from xzgis.workflow.rules.reading import content_of, read
from xzgis.workflow.terms import Proposal

router = APIRouter(prefix="/api/workflow", tags=["workflow"])

Read = Annotated[Actor, need(Permission.WORKFLOW_READ)]
Propose = Annotated[Actor, need(Permission.WORKFLOW_PROPOSE)]
Approve = Annotated[Actor, need(Permission.WORKFLOW_APPROVE)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Key = Annotated[str, Path(max_length=60)]
AsOf = Annotated[AwareDatetime | None, Query(description="What was in force then; empty: now")]
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/xml": {"schema": {"type": "string"}}}}
}


@router.get("/processes")
def processes(actor: Read, now: NowDep, as_of: AsOf = None) -> ProcessesOut:
    """Every process that is in force, with its steps and clocks."""
    with transaction(actor) as session:
        return ProcessesOut(
            items=[_process(one) for one in queries.in_force(session, as_of or now)],
            waiting=[VersionOut.of(one) for one in queries.waiting(session)],
        )


def _process(version: ProcessVersion) -> ProcessOut:
    return ProcessOut(
        version=VersionOut.of(version), definition=DefinitionOut.of(queries.definition_of(version))
    )


@router.get("/processes/{key}")
def process(key: Key, actor: Read, now: NowDep, as_of: AsOf = None) -> ProcessOut:
    """One process as it is in force."""
    with transaction(actor) as session:
        found = queries.in_force_of(session, key, as_of or now)
        if found is None:
            raise queries.ProcessNotFound(key)
        return _process(found)


@router.get("/processes/{key}/versions")
def versions(key: Key, actor: Read) -> VersionsOut:
    """Every version of a process, those that were refused or withdrawn too."""
    with transaction(actor) as session:
        return VersionsOut(items=[VersionOut.of(one) for one in queries.versions_of(session, key)])


@router.post("/checks")
def check(sent: FileIn, actor: Read, now: NowDep) -> DefinitionOut:
    """Whether a file would be taken as a version: what it says, or each fault with element, line and remedy."""
    found = read(content_of(sent.bpmn))
    with transaction(actor) as session:
        check_calls(found, queries.called_by_key(session, now))
    return DefinitionOut.of(found)


@router.post("/versions", status_code=201)
def propose(sent: VersionIn, actor: Propose, now: NowDep) -> VersionOut:
    """Propose a version; somebody else decides. A file that is not sound is refused with every fault of it."""
    proposal = Proposal(content_of(sent.bpmn), sent.reason, sent.source, sent.wanted_from)
    with transaction(actor) as session:
        return VersionOut.of(propose_version(session, actor=actor, proposal=proposal, now=now))


@router.get("/versions/{version_id}")
def version(
    version_id: Number,
    actor: Read,
    now: NowDep,
    against: Annotated[
        int | None, Query(ge=1, le=2**62, description="Compare with this version; empty: with the one before")
    ] = None,
) -> WholeVersionOut:
    """One version, and what it changes in another."""
    with transaction(actor) as session:
        found = queries.version(session, version_id)
        other = queries.compared_with(session, found, against=against, now=now)
        whole = _process(found)
        told = (
            () if other is None else differences(queries.definition_of(other), queries.definition_of(found))
        )
        return WholeVersionOut(
            version=whole.version, definition=whole.definition, against=None if other is None else other.id,
            differences=[WordsOut.of(words) for words in told],
        )  # fmt: skip


@router.get("/versions/{version_id}/file", response_class=Response, responses=FILE)
def file(version_id: Number, actor: Read) -> Response:
    """The BPMN file of a version, as it came; a modeler opens it."""
    with transaction(actor) as session:
        content = queries.version(session, version_id).bpmn.encode()
    return Response(content, media_type="application/xml")


@router.post("/versions/{version_id}/decision")
def decide(version_id: Number, said: DecisionIn, actor: Approve, now: NowDep) -> VersionOut:
    """Approve or refuse somebody else's version; approved, it is in force from its time on."""
    with transaction(actor) as session:
        made = decide_version(
            session, actor=actor, version_id=version_id, approved=said.approved, reason=said.reason, now=now,
            from_at=said.from_at,
        )  # fmt: skip
        return VersionOut.of(made)


@router.post("/versions/{version_id}/withdraw")
def withdraw(version_id: Number, said: ReasonIn, actor: Read, now: NowDep) -> VersionOut:
    """Withdraw a version before it is in force; its maker may, and who decides versions."""
    with transaction(actor) as session:
        return VersionOut.of(
            withdraw_version(session, actor=actor, version_id=version_id, reason=said.reason, now=now)
        )
