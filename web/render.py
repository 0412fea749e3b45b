"""Templates: one environment, one way to answer a page or a fragment, errors as pages."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.exceptions import HTTPException

from web.assets import DIST as DIST
from web.assets import asset
from web.formats import FILTERS
from web.language import Speaker
from xzgis.core.actor import Actor
from xzgis.core.errors import Invalid, NotAllowed, NotFound, Refusal, Unavailable, WrongState
from xzgis.core.words import Language, Words

ACTOR = Actor(name="desk", via="page")
STATUS: dict[type[Refusal], int] = {
    Invalid: 422, NotFound: 404, NotAllowed: 403, WrongState: 409, Unavailable: 503,
}
SIZES = ("normal", "large")
CONTRASTS = ("normal", "high")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(("html", "svg")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=True,
    )
    environment.filters.update(FILTERS)
    environment.globals["asset"] = asset
    return environment


ENVIRONMENT = _environment()


def language_of(request: Request) -> Language:
    """The language the reader chose; Chinese when nothing was chosen."""
    chosen = request.cookies.get("xz_language", "zh")
    return "en" if chosen == "en" else "zh"


def speaker(request: Request) -> Speaker:
    """Says messages in the reader's language."""
    return Speaker(language_of(request))


def wants_fragment(request: Request) -> bool:
    """Whether htmx asked, so that a fragment is the answer instead of a page."""
    return request.headers.get("hx-request") == "true"


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page or fragment in the reader's language, size and contrast.

    Every template knows ``t`` (:class:`Speaker`), ``size``, ``contrast``, ``here`` (path and query)
    and ``path``.
    """
    size = request.cookies.get("xz_size", "normal")
    contrast = request.cookies.get("xz_contrast", "normal")
    query = f"?{request.url.query}" if request.url.query else ""
    text = ENVIRONMENT.get_template(template).render(
        t=speaker(request),
        size=size if size in SIZES else "normal",
        contrast=contrast if contrast in CONTRASTS else "normal",
        path=request.url.path,
        here=request.url.path + query,
        **values,
    )
    return HTMLResponse(text, status_code=status)


def refuse(request: Request, refusal: Refusal) -> Response:
    """A refusal as a fragment (htmx) or a page, with its status."""
    status = next((code for family, code in STATUS.items() if isinstance(refusal, family)), 400)
    template = "shell/_refusal.html" if wants_fragment(request) else "shell/refusal.html"
    return render(request, template, status=status, refusal=refusal)


Handler = Callable[[Request, Exception], Any]


def speak_html_errors(app: FastAPI) -> None:
    """Answer errors outside ``/api`` as pages; inside it the handlers already there stay in force."""

    def wrap(family: type[Exception], to_refusal: Callable[[Exception], Refusal]) -> None:
        # FastAPI's own handlers or those of the API: the one that would have answered, else none.
        earlier = cast(Handler | None, app.exception_handlers.get(family))

        async def answer(request: Request, error: Exception) -> Response:
            if request.url.path.startswith("/api") or request.url.path.startswith("/health"):
                if earlier is None:
                    raise error
                given = earlier(request, error)
                return cast(Response, await given if hasattr(given, "__await__") else given)
            return refuse(request, to_refusal(error))

        app.add_exception_handler(family, answer)

    wrap(HTTPException, _of_http)
    wrap(RequestValidationError, _of_validation)
    wrap(Refusal, lambda error: cast(Refusal, error))


def _of_http(error: Exception) -> Refusal:
    status = cast(HTTPException, error).status_code
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(Words("没有这个页面。", "There is no such page."))
    family = next((family for family, code in STATUS.items() if code == status), Invalid)
    return family(Words(f"请求未被接受（{status}）。", f"The request was not accepted ({status})."))


def _of_validation(error: Exception) -> Refusal:
    faults = cast(RequestValidationError, error).errors()
    where = "，".join(".".join(str(part) for part in fault["loc"][1:]) for fault in faults[:5])
    return Invalid(Words(f"填写的内容不合要求：{where}。", f"These values are not acceptable: {where}."))
