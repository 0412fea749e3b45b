"""The trail: search by person, record, time, event and place; files; seals; verification."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from web.asking import actor_of, need
from web.render import render
from xzgis.audit.actions import checks
from xzgis.audit.queries import chain, search, state, written
from xzgis.audit.rules.asked import search_of
from xzgis.audit.terms import Search
from xzgis.core import paging
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid
from xzgis.exports.jobs import leave_trail
from xzgis.identity.permissions import Permission

router = APIRouter()

PAGE_SIZE = 50
LAST_SEALS = 5
TIMEOUT_S = 20
CheckId = Annotated[int, Path(ge=1, le=2**62)]
FIELDS = ("person", "record", "event", "since", "until", "result", "box")


@router.get("/trail", dependencies=[need(Permission.AUDIT_READ)])
def trail(request: Request, after: Annotated[str | None, Query(max_length=200)] = None) -> HTMLResponse:
    """What happened, the latest first, and how the keeping stands."""
    typed = _typed(request)
    refusal: Invalid | None = None
    try:
        asked = search_of(**typed)
        key = paging.read(after, kinds=(int, int))
    except Invalid as wrong:
        asked, key, refusal = Search(), None, wrong
    before = (search.moment_of(int(key[0])), int(key[1])) if key else None
    with transaction(actor_of(request), statement_timeout_s=TIMEOUT_S) as session:
        rows = [] if refusal else search.found(session, asked, before=before, limit=PAGE_SIZE + 1)
        page = paging.page_of(rows, limit=PAGE_SIZE, key=search.key_of)
        return render(
            request,
            "audit/trail.html",
            status=422 if refusal else 200,
            entries=[(entry, written.as_document(entry)) for entry in page.items],
            count=0 if refusal else search.counted(session, asked),
            counted=search.COUNTED,
            following=_address(typed, after=page.after) if page.after else None,
            formats=tuple(written.FORMATS),
            begun=after is not None,
            typed=typed,
            refusal=refusal,
            events=search.event_names(session),
            keeping=state.trail_state(session),
            seals=chain.latest_seals(session, limit=LAST_SEALS),
            check=state.last_check(session),
        )


@router.get("/trail/export", dependencies=[need(Permission.AUDIT_READ)])
def export(
    request: Request, format_: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv"
) -> Response:
    """What a search finds, as a file; an export with a reason."""
    reason = request.query_params.get("reason", "")
    file, headers = leave_trail(
        actor_of(request), search_of(**_typed(request)), format_, reason=reason, now=datetime.now(UTC)
    )
    headers |= {"Content-Disposition": f'attachment; filename="trail.{format_}"'}
    return StreamingResponse(file, media_type=written.FORMATS[format_], headers=headers)


@router.post("/trail/checks", dependencies=[need(Permission.AUDIT_VERIFY)])
def verify(request: Request) -> RedirectResponse:
    """Have the whole trail verified in the background."""
    with transaction(actor_of(request)) as session:
        number = checks.ask(session, actor=actor_of(request), now=datetime.now(UTC))
    return RedirectResponse(f"/trail/checks/{number}", status_code=303)


@router.get("/trail/checks/{check_id}", dependencies=[need(Permission.AUDIT_READ)])
def check(request: Request, check_id: CheckId) -> HTMLResponse:
    """How far a verification is, and what it found."""
    with transaction(actor_of(request)) as session:
        return render(request, "audit/check.html", check=state.check_of(session, check_id))


@router.get("/trail/checks/{check_id}/progress", dependencies=[need(Permission.AUDIT_READ)])
def progress(request: Request, check_id: CheckId) -> HTMLResponse:
    """The same as a fragment that replaces itself until the end."""
    with transaction(actor_of(request)) as session:
        return render(request, "audit/_check.html", check=state.check_of(session, check_id))


def _typed(request: Request) -> dict[str, Any]:
    given = request.query_params
    return {name: given.get(name, "")[:200] for name in FIELDS}


def _address(typed: dict[str, Any], *, to: str = "/trail", **more: str | None) -> str:
    asked = {name: value for name, value in {**typed, **more}.items() if value}
    return f"{to}?{urlencode(asked)}" if asked else to
