"""What the register holds, and where somebody looked."""

from fastapi import APIRouter

from web.pages.data import coverage, datasets, overview

router = APIRouter()
router.include_router(overview.router)
router.include_router(datasets.router)
router.include_router(coverage.router)
