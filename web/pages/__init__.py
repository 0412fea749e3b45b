"""One file per noun, as in ``api/``: read, call one function, render. Add a new router to ROUTERS."""

from fastapi import APIRouter

from web.pages import audit, data, docs, intake, preferences, section, works
from web.pages import map as map_pages

ROUTERS: tuple[APIRouter, ...] = (
    preferences.router,
    section.router,
    map_pages.router,
    works.router,
    intake.router,
    data.router,
    audit.router,
    docs.router,
)
