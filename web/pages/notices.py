"""The desk somebody begins with, and the centre of his to-dos and notices."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from web.asking import actor_of, inside, need
from web.render import render, speaker, wants_fragment
from xzgis.core.actor import Actor
from xzgis.core.clock import city_time
from xzgis.core.db import transaction
from xzgis.core.errors import Refusal
from xzgis.core.settings import settings
from xzgis.identity.permissions import Permission
from xzgis.notices.actions.telling import call_done, choose_letters, read_all, read_one
from xzgis.notices.policy import why_not_by_hand
from xzgis.notices.queries import wants_letters
from xzgis.notices.rules import sentence_of
from xzgis.notices.terms import WHATS, Counts, Told
from xzgis.reactions.queries import counts_of, desk_of, listed

router = APIRouter()

OWN = [need(Permission.NOTICES_OWN)]
PAGE_SIZE = 50
What = Annotated[Literal["todo", "notice", "done"], Query()]
Before = Annotated[int | None, Query(ge=1, le=2**62)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Back = Annotated[str, Form(max_length=2000)]


def _says(request: Request) -> Callable[[Told], str]:
    language = speaker(request).language
    return lambda told: sentence_of(told, language, moment=city_time)


def _stamp(counts: Counts) -> str:
    """What a list was made of: the page asks anew when it hears another one (web/src/elements/waiting.ts)."""
    return f"{counts.todos}/{counts.overdue}/{counts.unread}/{counts.latest}"


@router.get("/desk", dependencies=OWN)
def desk(request: Request) -> Response:
    """The desk: to-dos, notices, own works, the latest batches; asked again by the page when the bell rings."""
    actor, now = actor_of(request), datetime.now(UTC)
    with transaction(actor) as session:
        found = desk_of(session, actor=actor, now=now)
        session.expunge_all()
    return render(
        request, "notices/_desk.html" if wants_fragment(request) else "notices/desk.html", desk=found, now=now,
        stamp=_stamp(found.counts),
        says=_says(request), by_hand=lambda told: why_not_by_hand(told) is None,
    )  # fmt: skip


def _centre(
    request: Request, what: str, before: int | None = None, refusal: Refusal | None = None
) -> Response:
    actor, now = actor_of(request), datetime.now(UTC)
    assert actor.id is not None
    shown = next(one for one in WHATS if one == what)
    with transaction(actor) as session:
        counts = counts_of(session, actor=actor, now=now)
        found = listed(session, actor=actor, what=shown, before=before, limit=PAGE_SIZE + 1)
        by_mail = wants_letters(session, actor.id)
    fragment = wants_fragment(request) and refusal is None
    return render(
        request, "notices/_list.html" if fragment else "notices/centre.html", status=409 if refusal else 200,
        found=found[:PAGE_SIZE], following=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        counts=counts, stamp=_stamp(counts), what=what, before=before, by_mail=by_mail,
        is_mail_sent=settings().smtp_host is not None,
        now=now, says=_says(request), by_hand=lambda told: why_not_by_hand(told) is None, refusal=refusal,
    )  # fmt: skip


@router.get("/notices", dependencies=OWN)
def centre(request: Request, what: What = "todo", before: Before = None) -> Response:
    """To-dos, notices, or what is done."""
    return _centre(request, what, before)


def _done(request: Request, back: str, act: Callable[[Session, Actor, datetime], object]) -> Response:
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            act(session, actor, datetime.now(UTC))
    except Refusal as refusal:
        return _centre(request, "todo", refusal=refusal)
    return RedirectResponse(inside(back), status_code=303)


@router.post("/notices/read", dependencies=OWN)
def read(
    request: Request, up_to: Annotated[int, Form(ge=0, le=2**62)] = 0, back: Back = "/notices?what=notice"
) -> Response:
    """Mark the own notices as read, up to the latest that the page showed."""
    return _done(
        request, back, lambda session, actor, now: read_all(session, actor=actor, up_to=up_to, now=now)
    )


@router.post("/notices/choice", dependencies=OWN)
def choose(request: Request, by_mail: Annotated[Literal["", "on"], Form()] = "") -> Response:
    """Switch e-mails on or off for oneself."""
    return _done(
        request,
        "/notices",
        lambda session, actor, _now: choose_letters(session, actor=actor, by_mail=by_mail == "on"),
    )


@router.post("/notices/{number}/read", dependencies=OWN)
def read_this(request: Request, number: Number, back: Back = "/notices?what=notice") -> Response:
    """Mark one of the own notices as read."""
    return _done(request, back, lambda session, actor, now: read_one(session, number, actor=actor, now=now))


@router.post("/notices/{number}/done", dependencies=OWN)
def done(request: Request, number: Number, back: Back = "/notices") -> Response:
    """Call a to-do done that no record ends."""
    return _done(request, back, lambda session, actor, now: call_done(session, number, actor=actor, now=now))
