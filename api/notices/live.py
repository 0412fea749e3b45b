"""Live update: server-sent events (WHATWG HTML §9.2) that say how much waits, whenever that changes.

The one asynchronous route of the house: an open page must hold neither a thread nor a database connection.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from time import monotonic
from typing import Annotated

import anyio
import structlog
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import SQLAlchemyError

from api.deps import asker_of, need, now
from xzgis.core.actor import Actor
from xzgis.core.bell import Bell, Ear
from xzgis.core.db import transaction
from xzgis.identity.permissions import Permission
from xzgis.notices.terms import Addressee, Counts
from xzgis.reactions.queries import counts_of

router = APIRouter(prefix="/api/notices", tags=["notices"])

EVENT_STREAM = "text/event-stream"
#: A proxy ends a silent line after a minute or so; at each beat the session is asked for again as well.
BEAT_S = 20.0
#: A browser comes back by itself; one that does not is gone.
LIFE_S = 600.0
#: What rings several times within a moment is told once.
GATHER_S = 0.2

log = structlog.get_logger()


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={200: {"content": {EVENT_STREAM: {}}, "description": "A stream of events called `waits`."}},
)
async def events(
    request: Request, actor: Annotated[Actor, need(Permission.NOTICES_OWN, quiet=True)]
) -> StreamingResponse:
    """How much waits, now and whenever it changes; who does not ask for a stream of events is told once."""
    lasting = EVENT_STREAM in request.headers.get("accept", "")
    told = _told(request, actor) if lasting else _told_once(request)
    # No proxy is to gather what should go out at once.
    return StreamingResponse(told, media_type=EVENT_STREAM, headers={"X-Accel-Buffering": "no"})


async def _told_once(request: Request) -> AsyncIterator[str]:
    found = await anyio.to_thread.run_sync(_waiting, request)
    if found is not None:
        yield _event(found[1])


async def _told(request: Request, actor: Actor) -> AsyncIterator[str]:
    """Until the session is over, the browser goes, or a while has passed."""
    mine = _addresses(actor)
    ear = Ear(lambda address: address in mine)
    bell: Bell = request.app.state.bell
    ends, last = monotonic() + LIFE_S, None
    with bell.heard_by(ear.hear):
        while monotonic() < ends and not ear.is_over:
            try:
                found = await anyio.to_thread.run_sync(_waiting, request)
            except SQLAlchemyError as error:
                # The database is away for a moment; the browser comes back by itself and is told everything.
                log.warning("stream_ended", reason=str(error))
                return
            if found is None:
                return
            mine, counts = _addresses(found[0]), found[1]
            yield ": \n\n" if counts == last else _event(counts)
            last = counts
            if await ear.rings(within_s=BEAT_S):
                await anyio.sleep(GATHER_S)


def _addresses(actor: Actor) -> frozenset[str]:
    """What the bell rings for when something of this person's changes."""
    to_all = {f"permission:{permission}" for permission in actor.permissions}
    return frozenset({Addressee(person_id=actor.id).bell, *to_all})


def _waiting(request: Request) -> tuple[Actor, Counts] | None:
    """Who asks, with the rights of this moment, and how much waits for him; None when the session is over."""
    moment = now()
    asker = asker_of(request, moment, quiet=True)
    if asker is None or asker.held_up_words is not None or not asker.actor.may(Permission.NOTICES_OWN):
        return None
    with transaction(asker.actor) as session:
        return asker.actor, counts_of(session, actor=asker.actor, now=moment)


def _event(counts: Counts) -> str:
    return f"retry: 3000\nevent: waits\ndata: {json.dumps(asdict(counts))}\n\n"
