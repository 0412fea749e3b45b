"""Process definitions: looked at, compared, proposed by one person and decided by another."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from web.asking import actor_of, need
from web.drawing.flow import picture_of
from web.pages.rules import CHANGES_SHOWN, Why, moment_of
from web.render import language_of, render
from xzgis.catalogue import policy
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, Refusal, WrongState
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.workflow import queries
from xzgis.workflow.actions.changing import decide_version, propose_version, withdraw_version
from xzgis.workflow.models import ProcessVersion
from xzgis.workflow.rules.differing import differences
from xzgis.workflow.terms import LARGEST_FILE_BYTES, Definition, Proposal

router = APIRouter()

READ = [need(Permission.WORKFLOW_READ)]
PROPOSE = [need(Permission.WORKFLOW_PROPOSE)]
APPROVE = [need(Permission.WORKFLOW_APPROVE)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Key = Annotated[str, Path(max_length=60)]


@router.get("/workflow", dependencies=READ)
def processes(request: Request) -> Response:
    """Every process as it is in force, and what waits for a decision."""
    now = datetime.now(UTC)
    with transaction(actor_of(request)) as session:
        rows = [(one, queries.definition_of(one)) for one in queries.in_force(session, now)]
        waits = [
            (one, queries.definition_of(one).name) for one in queries.waiting(session, limit=CHANGES_SHOWN)
        ]
        return render(request, "workflow/list.html", rows=rows, waits=waits)


@router.get("/workflow/processes/{key}", dependencies=READ)
def process(request: Request, key: Key) -> Response:
    """One process: its clock, drawing and steps as they are in force, and every version of it."""
    now = datetime.now(UTC)
    with transaction(actor_of(request)) as session:
        history = queries.versions_of(session, key)
        one = queries.in_force_of(session, key, now)
        shown = one or history[0]
        found = queries.definition_of(shown)
        return render(
            request, "workflow/process.html", one=shown, history=history, now=now,
            current=None if one is None else one.id, waits=queries.open_proposal(session, key), **_told(request, found),
        )  # fmt: skip


def _told(request: Request, found: Definition) -> dict[str, Any]:
    """What the drawing and the tables beside it need."""
    return {"definition": found, "picture": picture_of(found, language_of(request))}


@router.get("/workflow/new", dependencies=PROPOSE)
def new(request: Request) -> Response:
    """The form for a version, or for a process that is new."""
    return render(request, "workflow/new.html", refusal=None, sent={})


@router.post("/workflow/versions", dependencies=PROPOSE)
def propose(
    request: Request,
    file: Annotated[UploadFile | None, File()] = None,
    reason: Why = "",
    source_of_change: Why = "",
    wanted_from: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Propose a version from a BPMN file."""
    actor = actor_of(request)
    bpmn = file.file.read(LARGEST_FILE_BYTES + 1) if file is not None and file.filename else b""
    try:
        proposal = Proposal(bpmn, reason, source_of_change, moment_of(wanted_from))
        with transaction(actor) as session:
            made = propose_version(session, actor=actor, proposal=proposal, now=datetime.now(UTC)).id
    except (Invalid, WrongState) as refusal:
        sent = {"reason": reason, "source_of_change": source_of_change, "wanted_from": wanted_from}
        return render(request, "workflow/new.html", status=422, refusal=refusal, sent=sent)
    return RedirectResponse(f"/workflow/versions/{made}", status_code=303)


@router.get("/workflow/versions/{version_id}", dependencies=READ)
def version(
    request: Request, version_id: Number, against: Annotated[int | None, Query(ge=1, le=2**62)] = None
) -> Response:
    """One version: who and why, what it changes, its drawing, and what can be done about it."""
    return _version(request, version_id, against=against)


@router.get("/workflow/versions/{version_id}/file", dependencies=READ)
def file(request: Request, version_id: Number) -> Response:
    """The file of a version, as it came."""
    with transaction(actor_of(request)) as session:
        one = queries.version(session, version_id)
        content, name = one.bpmn.encode(), f"{one.process_key}-{one.number or f'id{one.id}'}.bpmn"
    told = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/xml", headers=told)


@router.post("/workflow/versions/{version_id}/decision", dependencies=APPROVE)
def decide(
    request: Request,
    version_id: Number,
    decision: Annotated[str, Form(max_length=10)] = "",
    reason: Why = "",
    from_at: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Approve or refuse a version of somebody else."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        if decision not in ("approve", "refuse"):
            raise Invalid(Words("请选择批准或驳回。", "Choose to approve or to refuse."))
        decide_version(
            session, actor=actor, version_id=version_id, approved=decision == "approve", reason=reason, now=now,
            from_at=moment_of(from_at, "from_at"),
        )  # fmt: skip

    return _done(request, version_id, act)


@router.post("/workflow/versions/{version_id}/withdraw", dependencies=READ)
def withdraw(request: Request, version_id: Number, reason: Why = "") -> Response:
    """Withdraw a version before it is in force."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        withdraw_version(session, actor=actor, version_id=version_id, reason=reason, now=now)

    return _done(request, version_id, act)


def _done(request: Request, version_id: int, act: Callable[[Session, Actor, datetime], None]) -> Response:
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            act(session, actor, datetime.now(UTC))
    except (Invalid, WrongState) as refusal:
        return _version(request, version_id, refusal=refusal)
    return RedirectResponse(f"/workflow/versions/{version_id}", status_code=303)


def _version(
    request: Request, version_id: int, *, against: int | None = None, refusal: Refusal | None = None
) -> Response:
    actor, now = actor_of(request), datetime.now(UTC)
    with transaction(actor) as session:
        one = queries.version(session, version_id)
        found = queries.definition_of(one)
        other = queries.compared_with(session, one, against=against, now=now)
        current = queries.in_force_of(session, one.process_key, now)
        return render(
            request, "workflow/version.html", status=422 if refusal else 200, one=one, now=now, refusal=refusal,
            other=other, others=[each for each in queries.versions_of(session, one.process_key) if each.id != one.id],
            differences=None if other is None else differences(queries.definition_of(other), found),
            current=None if current is None else current.id, may_decide=_may_decide(actor, one),
            why_not_withdraw=policy.why_not_withdraw(
                actor, proposed_by=one.proposed_by, state=one.state, in_force_from=one.in_force_from, now=now,
                right=Permission.WORKFLOW_APPROVE,
            ),
            **_told(request, found),
        )  # fmt: skip


def _may_decide(actor: Actor, one: ProcessVersion) -> bool:
    try:
        policy.check_can_decide(
            actor, proposed_by=one.proposed_by, proposed_by_id=one.proposed_by_id, proposed_for=one.proposed_for,
            state=one.state, right=Permission.WORKFLOW_APPROVE,
        )  # fmt: skip
    except Refusal:
        return False
    return True
