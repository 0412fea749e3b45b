"""One file per noun, as in ``api/``: read, call one function, render. Add a new router to ROUTERS."""

from fastapi import APIRouter

from web.pages import data, intake, preferences, works
from web.pages import map as map_pages

ROUTERS: tuple[APIRouter, ...] = (
    preferences.router,
    map_pages.router,
    works.router,
    intake.router,
    data.router,
)
