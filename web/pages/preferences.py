"""Language, type size and contrast: switches in the header of every page, remembered in cookies."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from web.asking import inside, need
from xzgis.identity.permissions import PUBLIC

router = APIRouter()

YEAR_S = 365 * 24 * 3600


@router.post("/preferences", dependencies=[need(PUBLIC)])
def remember(
    back: Annotated[str, Form()] = "/",
    language: Annotated[Literal["zh", "en"] | None, Form()] = None,
    size: Annotated[Literal["normal", "large"] | None, Form()] = None,
    contrast: Annotated[Literal["normal", "high"] | None, Form()] = None,
) -> RedirectResponse:
    """Remember a choice and go back to the page it was made on."""
    answer = RedirectResponse(inside(back), status_code=303)
    for name, value in (("xz_language", language), ("xz_size", size), ("xz_contrast", contrast)):
        if value is not None:
            answer.set_cookie(name, value, max_age=YEAR_S, httponly=True, samesite="lax")
    return answer
