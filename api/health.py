"""Is the program alive, and can it work? For a supervisor, not for people."""

import psycopg
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import make_url

from api.deps import need
from xzgis.audit.queries.protected import TRAIL_PROTECTED
from xzgis.core.settings import settings
from xzgis.identity.permissions import PUBLIC
from xzgis.networks.queries.terrain import TERRAIN_SAID

router = APIRouter(prefix="/health", tags=["health"], dependencies=[need(PUBLIC)])
PATIENCE_S = 2


@router.get("/live")
async def live() -> dict[str, str]:
    """Answers as long as the event loop turns; touches nothing."""
    return {"status": "alive"}


@router.get("/ready")
async def ready(request: Request) -> JSONResponse:
    """Whether the database answers, asked on a connection of its own: the pool may be busy."""
    url = make_url(request.app.state.database_url).set(drivername="postgresql")
    try:
        connection = await psycopg.AsyncConnection.connect(
            url.render_as_string(hide_password=False),
            connect_timeout=PATIENCE_S,
            options=f"-c statement_timeout={PATIENCE_S}s",
        )
        async with connection:
            found = await (await connection.execute("select version_num from alembic_version")).fetchone()
            guard = await (await connection.execute(str(TRAIL_PROTECTED))).fetchone()
            ground = await (await connection.execute(str(TERRAIN_SAID))).fetchone()
    except psycopg.Error:
        return JSONResponse({"status": "database away"}, 503, headers={"Retry-After": str(PATIENCE_S)})
    # False where one role does everything (XZGIS_DATABASE_URL): whoever has it can take the trail's guard away.
    protected = bool(guard and guard[0])
    # None: covers are judged against the levels of the survey alone.
    terrain = "settings" if settings().terrain is not None else "batch" if ground and ground[0] else None
    return JSONResponse({
        "status": "ready", "schema": found[0] if found else None, "trail_protected": protected, "terrain": terrain,
    })  # fmt: skip
