"""New works: the check while drawing, files in and out, saved works."""

from fastapi import APIRouter

from web.pages.works import check, contests, files, parts, saved

router = APIRouter()
router.include_router(check.router)
router.include_router(contests.router)
router.include_router(files.router)
router.include_router(parts.router)
router.include_router(saved.router)
