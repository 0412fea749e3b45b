"""The description of the API, for programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Request

from api.deps import need
from xzgis.core.actor import Actor
from xzgis.identity.permissions import Permission

router = APIRouter(include_in_schema=False)


@router.get("/api/openapi.json")
def described(_: Annotated[Actor, need(Permission.CATALOGUE_READ)], request: Request) -> dict[str, Any]:
    """Every route of the API, as OpenAPI says it."""
    return request.app.openapi()  # type: ignore[no-any-return]  # the state of the request is untyped
