"""One batch: how far it is, what was understood, what was found; accepted, undone, cancelled."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import anyio
from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from web.asking import actor_of, need
from web.forms.work import Faults
from web.pages.intake.upload import TONES
from web.render import render, speaker, wants_fragment
from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import NotFound, Refusal
from xzgis.core.paging import Page
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.networks import jobs
from xzgis.networks.actions import batches, undo
from xzgis.networks.models import Batch
from xzgis.networks.queries import batches as reading
from xzgis.networks.queries.findings_folded import findings_folded
from xzgis.networks.rules.finding_kinds import Told
from xzgis.networks.rules.known_findings import counted
from xzgis.networks.rules.same_findings import OTHER_LINE
from xzgis.networks.terms import BatchState

router = APIRouter()

BatchId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Level = Annotated[Literal["", "error", "warning", "info"], Query()]
Code = Annotated[str, Query(pattern=r"^([A-Z][0-9]{2})?$")]
After = Annotated[str | None, Query(max_length=200)]
FINDINGS_PAGE = 25
BUSY = (BatchState.RECEIVED, BatchState.READING, BatchState.ACCEPTING)


def open_batch(actor: Actor, batch_id: int) -> Batch:
    """The batch, to be looked at after its transaction."""
    with transaction(actor) as session:
        batch = reading.batch_of(session, batch_id)
        session.expunge(batch)
    return batch


def findings_values(actor: Actor, batch_id: int, level: str, code: str, after: str | None) -> dict[str, Any]:
    """A page of findings and what may be chosen among them; those of one kind are one row until their code is chosen."""
    asked: dict[str, Any] = {
        "batch_id": batch_id,
        "level": level or None,
        "after": after,
        "limit": FINDINGS_PAGE,
    }
    with transaction(actor) as session:
        counts = reading.finding_counts(session, batch_id=batch_id)
        if code:
            each = reading.findings_ranked(session, code=code, **asked)
            page = Page(tuple(Told(number, one) for number, one in each.items), each.after)
        else:
            page = findings_folded(session, **asked)
    chosen = sum(count for known, rank, count in counts if level in ("", rank) and code in ("", known))
    return {
        "findings": page.items, "after": page.after, "finding_counts": counts, "chosen_count": chosen, "level": level,
        "shown_count": sum(one.count for one in page.items), "code": code, "is_later_page": after is not None,
        "heads": jobs.facts_of(actor, batch_id).get("columns", {}),
    }  # fmt: skip


def same_values(batch: Batch, counts: list[tuple[str, str, int]]) -> dict[str, Any]:
    """What each answer to lines on the course of a record would do, as the register was when the batch was read.

    ``others``: lines that wait for an answer; findings name at most some thousand of them.
    """
    named = sum(count for known, rank, count in counts if (known, rank) == (OTHER_LINE, "error"))
    held = batch.summary.get("held")
    if held is None:
        return {"others": named, "would": None}
    same, others, taken, new = (held[name] for name in ("lines", "others", "others_held", "lines_new"))
    # Missing where the batch was read before points stayed with their lines.
    ends = held.get("points_of_lines", 0)
    points = {"points": held["points"], "points_kept": 0, "points_new": held["points_new"]}
    kept = points | {"points": held["points"] - ends, "points_kept": ends}
    would = {
        "replace": points | {"replaced": same + taken, "kept": 0, "new": new + others - taken},
        "keep": kept | {"replaced": 0, "kept": same + taken, "new": new + others - taken},
        "beside": points | {"replaced": same, "kept": 0, "new": new + others},
    }
    return {"others": others if named else 0, "would": would if same + others + held["points"] else None}


def untold_values(batch: Batch) -> list[tuple[str, Words]]:
    """What the records that an accepted batch replaced knew and it did not tell: kept or lost, and which facts."""
    told = [(name, batch.summary.get(name) or {}) for name in ("facts_kept", "facts_lost")]
    return [(name, counted(facts["points"], facts["lines"])) for name, facts in told if any(facts.values())]


def batch_values(batch: Batch) -> dict[str, Any]:
    """What every page of a batch says at its head."""
    return {
        "batch": batch, "row": reading.batch_row(batch), "tones": TONES, "known": catalogue(),
        "busy": batch.state in BUSY, "untold": untold_values(batch),
    }  # fmt: skip


def batch_page(
    request: Request, batch_id: int, *, faults: Faults | None = None, status: int = 200, **sent: Any
) -> Response:
    """The page of a batch; ``faults`` tell why the last thing asked was refused."""
    batch = open_batch(actor_of(request), batch_id)
    values = {"level": "", "code": "", "after": None} | sent
    found = findings_values(actor_of(request), batch_id, values["level"], values["code"], values["after"])
    return render(request, "intake/batch.html", status=status, faults=faults or Faults(speaker(request)),
                  **batch_values(batch), **same_values(batch, found["finding_counts"]), **found)  # fmt: skip


@router.get("/intake/{batch_id}", dependencies=[need(Permission.DATA_READ)])
def show(
    request: Request, batch_id: BatchId, level: Level = "", code: Code = "", after: After = None
) -> Response:
    """The page of a batch."""
    return batch_page(request, batch_id, level=level, code=code, after=after)


@router.get("/intake/{batch_id}/findings", dependencies=[need(Permission.DATA_READ)])
def findings(
    request: Request, batch_id: BatchId, level: Level = "", code: Code = "", after: After = None
) -> Response:
    """A page of the findings, as a fragment for htmx."""
    if not wants_fragment(request):
        return batch_page(request, batch_id, level=level, code=code, after=after)
    found = findings_values(actor_of(request), batch_id, level, code, after)
    values = batch_values(open_batch(actor_of(request), batch_id)) | found
    return render(request, "intake/_findings.html", **values)


@router.get("/intake/{batch_id}/progress", dependencies=[need(Permission.DATA_READ)])
def progress(request: Request, batch_id: BatchId) -> Response:
    """How far the work is; once it is done, htmx is told to load the page anew."""
    batch = open_batch(actor_of(request), batch_id)
    if not wants_fragment(request):
        return RedirectResponse(f"/intake/{batch_id}", status_code=303)
    answer = render(request, "intake/_progress.html", **batch_values(batch))
    if batch.state not in BUSY:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _done(request: Request, batch_id: int, refusal: Refusal | None) -> Response:
    """Back to the batch; with a refusal, its page says why nothing was done."""
    if refusal is None:
        return RedirectResponse(f"/intake/{batch_id}", status_code=303)
    if isinstance(refusal, NotFound):
        raise refusal
    faults = Faults(speaker(request))
    faults.found.append(("", faults.say.of(refusal.words)))
    return batch_page(request, batch_id, faults=faults, status=422)


@router.post("/intake/{batch_id}/accept", dependencies=[need(Permission.NETWORKS_ACCEPT)])
def accept(
    request: Request,
    batch_id: BatchId,
    leave_out_errors: Annotated[str, Form()] = "",
    same: Annotated[Literal["", "replace", "keep", "beside"], Form()] = "",
) -> Response:
    """Put the batch into the register, all of it or nothing; the work is done in the background."""
    try:
        with transaction(actor_of(request)) as session:
            batches.ask_acceptance(
                session,
                actor=actor_of(request),
                batch_id=batch_id,
                leave_out_errors=bool(leave_out_errors),
                same=same or None,
            )
    except Refusal as refusal:
        return _done(request, batch_id, refusal)
    return _done(request, batch_id, None)


@router.post("/intake/{batch_id}/cancel", dependencies=[need(Permission.NETWORKS_IMPORT)])
def cancel(request: Request, batch_id: BatchId) -> Response:
    """Give the batch up before it is in the register."""
    try:
        with transaction(actor_of(request)) as session:
            batches.cancel_batch(
                session, actor=actor_of(request), batch_id=batch_id, reason="asked", now=datetime.now(UTC)
            )
    except Refusal as refusal:
        return _done(request, batch_id, refusal)
    return _done(request, batch_id, None)


@router.get("/intake/{batch_id}/undo", dependencies=[need(Permission.NETWORKS_UNDO)])
def ask_undo(request: Request, batch_id: BatchId) -> Response:
    """What undoing would do, to be confirmed."""
    batch = open_batch(actor_of(request), batch_id)
    with transaction(actor_of(request), statement_timeout_s=30) as session:
        effect = undo.foreseen(session, batch_id=batch_id)
    return render(request, "intake/undo.html", effect=effect, **batch_values(batch))


@router.post("/intake/{batch_id}/undo", dependencies=[need(Permission.NETWORKS_UNDO)])
async def undo_one(request: Request, batch_id: BatchId) -> Response:
    """Take the batch out of the register again; its history stays readable."""
    return await anyio.to_thread.run_sync(_undo, request, batch_id)


def _undo(request: Request, batch_id: int) -> Response:
    try:
        with transaction(actor_of(request), statement_timeout_s=jobs.LONG_STATEMENT_S) as session:
            undo.undo_batch(session, actor=actor_of(request), batch_id=batch_id, now=datetime.now(UTC))
    except Refusal as refusal:
        return _done(request, batch_id, refusal)
    return _done(request, batch_id, None)
