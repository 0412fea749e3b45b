"""Deliveries: uploaded, read, mapped, looked at, accepted, undone."""

from fastapi import APIRouter

from web.pages.intake import batch, mapping, preview, upload

router = APIRouter()
router.include_router(upload.router)
router.include_router(preview.router)
router.include_router(mapping.router)
router.include_router(batch.router)
