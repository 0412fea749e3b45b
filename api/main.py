"""The application: routers of the site, one shape of error, one guard in front."""

from fastapi import FastAPI

from api import described, health, metrics
from api.errors import RESPONSES, speak_problems
from api.guard import Guard
from api.sites import INNER
from xzgis.core import cluster
from xzgis.core.bell import Bell
from xzgis.core.settings import Settings
from xzgis.core.settings import settings as read_settings


def create_app(settings: Settings | None = None, *, database_url: str | None = None) -> FastAPI:
    """The API of this installation.

    Parameters
    ----------
    settings
        None: those of the environment.
    database_url
        Where readiness is asked; None: the main database. The pool is bound with ``core.db.connect``.
    """
    chosen = settings or read_settings()
    app = FastAPI(
        title="xzgis",
        # The description pages load scripts from other hosts; no request leaves this machine.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # api/described.py: for those who are signed in
        responses=RESPONSES,
    )
    app.state.settings = chosen
    app.state.database_url = database_url or cluster.database_url(chosen)
    app.state.bell = Bell(lambda: str(app.state.database_url))
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(described.router)
    for router in INNER:
        app.include_router(router)
    speak_problems(app)
    app.add_middleware(
        Guard,
        hosts=frozenset({chosen.host, *chosen.host_names}),
        upload_limit_bytes=chosen.upload_limit_mb * 1_000_000,
    )
    app.add_middleware(metrics.Counting)
    return app
