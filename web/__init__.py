"""The pages: HTML over the same functions the API and the command line call."""

from fastapi import FastAPI

from web.asking import lead_elsewhere
from web.assets import DIST
from web.files import Built
from web.headers import PageHeaders
from web.pages import ROUTERS
from web.render import speak_html_errors


def mount(app: FastAPI) -> None:
    """Put the pages, their static files and the security headers on ``app``.

    Call it after the routes of the API, and once.
    """
    app.mount("/static/dist", Built(directory=DIST, check_dir=False), name="static")
    for router in ROUTERS:
        app.include_router(router, include_in_schema=False)
    speak_html_errors(app)
    lead_elsewhere(app)
    app.add_middleware(PageHeaders)
