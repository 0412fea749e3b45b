"""The program's own log: searched, followed, taken as a file."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from web.asking import actor_of, need
from web.render import render, wants_fragment
from xzgis.core.clock import city_zone
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid
from xzgis.core.logs import LEVELS
from xzgis.core.settings import settings
from xzgis.identity.permissions import Permission
from xzgis.keeping.actions.logs import take_log
from xzgis.keeping.queries.logs import MOST_LOOKED_AT, log_lines
from xzgis.keeping.rules.asked import log_asked
from xzgis.keeping.terms import LogAsked, LogFound

router = APIRouter()

READ = [need(Permission.LOGS_READ)]
PAGE_SIZE = 100
TONES = {"debug": "plain", "info": "plain", "warning": "warn", "error": "bad", "critical": "bad"}
FIELDS = ("level", "since", "until", "module", "request")
Typed = Annotated[str, Query(max_length=100)]
Sent = Annotated[str, Form(max_length=100)]


@router.get("/system/logs", dependencies=READ)
def logs(
    request: Request, level: Typed = "", since: Typed = "", until: Typed = "", module: Typed = "",
    number: Annotated[str, Query(alias="request", max_length=100)] = "",
    follow: Annotated[bool, Query()] = False,
) -> Response:  # fmt: skip
    """Lines of the log, the latest first; asked again every few seconds by a page that follows."""
    typed = dict(zip(FIELDS, (level, since, until, module, number), strict=True))
    found, refusal = LogFound((), more=False, stopped=False), None
    try:
        found = log_lines(settings(), _asked(typed), limit=PAGE_SIZE)
    except Invalid as wrong:
        refusal = wrong
    earlier = found.lines[-1].at.isoformat() if found.more else None
    fragment = wants_fragment(request) and refusal is None
    return render(
        request, "system/_logs.html" if fragment else "system/logs.html", status=422 if refusal else 200,
        found=found, typed=typed, follow=follow and refusal is None, levels=LEVELS, tones=TONES, refusal=refusal,
        most=MOST_LOOKED_AT, address=urlencode({**typed, "follow": "true"}),
        earlier=urlencode({**typed, "until": earlier}) if earlier else None,
    )  # fmt: skip


@router.post("/system/logs/file", dependencies=READ)
def file(
    request: Request, level: Sent = "", since: Sent = "", until: Sent = "", module: Sent = "",
    number: Annotated[str, Form(alias="request", max_length=100)] = "",
) -> Response:  # fmt: skip
    """The lines as a file; that it was taken is recorded."""
    asked = _asked(dict(zip(FIELDS, (level, since, until, module, number), strict=True)))
    actor = actor_of(request)
    with transaction(actor) as session:
        content = take_log(session, settings(), asked, actor=actor, now=datetime.now(UTC))
    headers = {"Content-Disposition": 'attachment; filename="xzgis-log.jsonl"'}
    return Response(content, media_type="application/x-ndjson", headers=headers)


def _asked(typed: dict[str, str]) -> LogAsked:
    return log_asked(zone=city_zone(), **{name: text.strip() for name, text in typed.items()})
