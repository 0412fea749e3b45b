"""One file per noun, as in ``api/``: read, call one function, render. Add a new router to ROUTERS."""

from fastapi import APIRouter

from web.pages import (
    audit,
    backups,
    data,
    docs,
    exports,
    intake,
    jobs,
    logs,
    notices,
    organisation,
    own,
    passkeys,
    people,
    preferences,
    provider,
    rights,
    section,
    signing,
    system,
    works,
)
from web.pages import map as map_pages

ROUTERS: tuple[APIRouter, ...] = (
    signing.router,
    own.router,
    passkeys.router,
    provider.router,
    preferences.router,
    section.router,
    map_pages.router,
    works.router,
    intake.router,
    data.router,
    people.router,
    rights.router,
    organisation.router,
    audit.router,
    exports.router,
    jobs.router,
    system.router,
    logs.router,
    backups.router,
    notices.router,
    docs.router,
)
