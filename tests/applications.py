"""The application, made once for all tests of a process that would make the same one."""

from functools import lru_cache
from typing import Any

from xzgis.core import cluster
from xzgis.core.settings import settings


def application(*, pages: bool = False) -> Any:
    """The application of the settings of this moment, with its pages or without.

    To make one and to take its first request costs more than most tests do. What the guard is told when it is made
    keeps applications apart; the rest of the settings is put in its place anew.
    """
    given = settings()
    made = _made(given.host, tuple(given.host_names), given.upload_limit_mb, pages=pages)
    made.state.settings, made.state.database_url = given, cluster.database_url(given)
    return made


@lru_cache
def _made(_host: str, _names: tuple[str, ...], _upload_limit_mb: int, *, pages: bool) -> Any:
    from api.main import create_app  # here: most tests need no web library

    made = create_app(settings())
    if pages:
        import web

        web.mount(made)
    return made


def with_pages(client: Any) -> Any:
    """A client like this one, of the application with its pages."""
    from fastapi.testclient import TestClient

    made = TestClient(application(pages=True), base_url=str(client.base_url), headers=client.headers)
    made.cookies = client.cookies
    return made
