"""The description of the API, for programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from api.deps import need
from xzgis.core.actor import Actor
from xzgis.identity.permissions import Permission

router = APIRouter(include_in_schema=False)
DESCRIPTION = "/api/openapi.json"


@router.get(DESCRIPTION)
def described(_: Annotated[Actor, need(Permission.CATALOGUE_READ)], request: Request) -> dict[str, Any]:
    """Every route of the API, as OpenAPI says it."""
    return request.app.openapi()  # type: ignore[no-any-return]  # the state of the request is untyped


@router.get("/openapi.json")
def where_tools_look(_: Annotated[Actor, need(Permission.CATALOGUE_READ)]) -> RedirectResponse:
    """Lead tools from the customary address to the description."""
    return RedirectResponse(DESCRIPTION)
