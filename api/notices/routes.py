"""What waits for the asker and what he should know; read, done, e-mail on or off."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Path, Query, Response

from api.deps import LanguageDep, NowDep, need
from api.notices.schemas import ChoiceIn, ChoiceOut, CountsOut, NoticeOut, NoticePage, ReadIn, ReadOut
from xzgis.core import paging
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.settings import settings
from xzgis.identity.permissions import Permission
from xzgis.notices.actions.telling import call_done, choose_letters, read_all, read_one
from xzgis.notices.queries import wants_letters
from xzgis.reactions.queries import counts_of, listed

router = APIRouter(prefix="/api/notices", tags=["notices"])

Own = Annotated[Actor, need(Permission.NOTICES_OWN)]
Number = Annotated[int, Path(ge=1, le=2**62)]


@router.get("")
def notices(
    actor: Own,
    now: NowDep,
    language: LanguageDep,
    what: Annotated[Literal["todo", "notice", "done"], Query()] = "todo",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=paging.MOST)] = 50,
) -> NoticePage:
    """To-dos by their clock; notices, or to-dos that are done, the latest first."""
    with transaction(actor) as session:
        counts = counts_of(session, actor=actor, now=now)
        found = listed(session, actor=actor, what=what, before=before, limit=limit + 1)
    items = [NoticeOut.of(one, language=language, now=now) for one in found[:limit]]
    following = items[-1].id if len(found) > limit and what != "todo" else None
    return NoticePage(counts=CountsOut.of(counts), items=items, before=following)


@router.get("/counts")
def counts(actor: Own, now: NowDep) -> CountsOut:
    """How much waits."""
    with transaction(actor) as session:
        return CountsOut.of(counts_of(session, actor=actor, now=now))


@router.get("/choice")
def choice(actor: Own) -> ChoiceOut:
    """Whether e-mails are wanted."""
    assert actor.id is not None
    with transaction(actor) as session:
        wanted = wants_letters(session, actor.id)
    return ChoiceOut(by_mail=wanted, is_mail_sent=settings().smtp_host is not None)


@router.put("/choice", status_code=204)
def choose(actor: Own, chosen: ChoiceIn) -> Response:
    """Switch e-mails on or off for oneself."""
    with transaction(actor) as session:
        choose_letters(session, actor=actor, by_mail=chosen.by_mail)
    return Response(status_code=204)


@router.post("/read")
def read(actor: Own, now: NowDep, asked: Annotated[ReadIn, Body()]) -> ReadOut:
    """Mark the own notices as read, up to the number that was shown."""
    with transaction(actor) as session:
        return ReadOut(read=read_all(session, actor=actor, up_to=asked.up_to, now=now))


@router.post("/{number}/read", status_code=204)
def read_this(number: Number, actor: Own, now: NowDep) -> Response:
    """Mark one of the own notices as read."""
    with transaction(actor) as session:
        read_one(session, number, actor=actor, now=now)
    return Response(status_code=204)


@router.post("/{number}/done", status_code=204)
def done(number: Number, actor: Own, now: NowDep) -> Response:
    """Call a to-do done that no record ends."""
    with transaction(actor) as session:
        call_done(session, number, actor=actor, now=now)
    return Response(status_code=204)
