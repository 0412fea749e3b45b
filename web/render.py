"""Templates: one environment, one way to answer a page or a fragment, errors as pages."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    select_autoescape,
)

from web.asking import asker_of
from web.assets import asset
from web.drawing.square_code import square_code
from web.formats import FILTERS
from web.language import Speaker
from xzgis.core.errors import Fault, Invalid, NotAllowed, NotFound, Refusal, Unavailable, WrongState
from xzgis.core.words import Language, Words, preferred_language

STATUS: dict[type[Refusal], int] = {
    Invalid: 422,
    NotFound: 404,
    NotAllowed: 403,
    WrongState: 409,
    Unavailable: 503,
}
SIZES = ("normal", "large")
CONTRASTS = ("normal", "high")
NOT_PAGES = ("/api/", "/health/", "/static/", "/metrics")


def _environment() -> Environment:
    environment = Environment(
        # The drawing of a section is the report's own: one template for page and report.
        loader=ChoiceLoader(
            [FileSystemLoader(Path(__file__).parent / "templates"), PackageLoader("xzgis.conflicts")]
        ),
        autoescape=select_autoescape(("html", "svg")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=True,
    )
    environment.filters.update(FILTERS)
    environment.globals["asset"] = asset
    environment.globals["square_code"] = square_code
    return environment


ENVIRONMENT = _environment()


def language_of(request: Request) -> Language:
    """The language the reader chose; before that what the browser asks for, else Chinese."""
    chosen = request.cookies.get("xz_language")
    if chosen:
        return "en" if chosen == "en" else "zh"
    return preferred_language(request.headers.get("accept-language", ""))


def speaker(request: Request) -> Speaker:
    """Says messages in the reader's language."""
    return Speaker(language_of(request))


def wants_fragment(request: Request) -> bool:
    """Whether htmx asked, so that a fragment is the answer instead of a page."""
    return request.headers.get("hx-request") == "true"


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page or fragment in the reader's language, size and contrast.

    Every template knows ``t`` (:class:`Speaker`), ``size``, ``contrast``, ``here`` (path and query), ``path``,
    ``asker`` (who is signed in, None for nobody) and ``may`` (whether he has a permission).
    """
    asker = asker_of(request)
    size = request.cookies.get("xz_size", "normal")
    contrast = request.cookies.get("xz_contrast", "normal")
    query = f"?{request.url.query}" if request.url.query else ""
    text = ENVIRONMENT.get_template(template).render(
        t=speaker(request),
        size=size if size in SIZES else "normal",
        contrast=contrast if contrast in CONTRASTS else "normal",
        path=request.url.path,
        here=request.url.path + query,
        asker=asker,
        may=(lambda _: False) if asker is None else asker.actor.may,
        csrf="" if asker is None else asker.csrf,
        **values,
    )
    return HTMLResponse(text, status_code=status)


def status_of(refusal: Refusal) -> int:
    """The status of the family of a refusal."""
    return next((code for family, code in STATUS.items() if isinstance(refusal, family)), 400)


def refuse(request: Request, refusal: Refusal, *, status: int | None = None) -> Response:
    """A refusal as a fragment (htmx) or a page; ``status`` None: that of its family."""
    if status is None:
        status = status_of(refusal)
    template = "shell/_refusal.html" if wants_fragment(request) else "shell/refusal.html"
    return render(request, template, status=status, refusal=refusal)


Handler = Callable[[Request, Exception], Any]


def speak_html_errors(app: FastAPI) -> None:
    """Answer errors of the pages as pages; those of the API keep the handlers already on ``app``."""
    for family, earlier in list(app.exception_handlers.items()):
        if isinstance(family, type):
            app.add_exception_handler(family, _page_handler(cast(Handler, earlier)))
    if Refusal not in app.exception_handlers:
        app.add_exception_handler(Refusal, _page_handler(None))


def _page_handler(earlier: Handler | None) -> Handler:
    async def answer(request: Request, error: Exception) -> Response:
        is_page = not request.url.path.startswith(NOT_PAGES)
        if is_page and isinstance(error, Refusal):
            return refuse(request, error)
        if earlier is None:
            raise error
        asked = _in_language_of_page(request) if is_page else request
        given = earlier(asked, error)
        response = cast(Response, await given if hasattr(given, "__await__") else given)
        return _as_page(request, response) if is_page else response

    return answer


def _in_language_of_page(request: Request) -> Request:
    """The same request, asking for the language the reader chose on the pages."""
    headers = [pair for pair in request.scope["headers"] if pair[0] != b"accept-language"]
    headers.append((b"accept-language", language_of(request).encode()))
    return Request({**request.scope, "headers": headers}, request.receive)


def _as_page(request: Request, response: Response) -> Response:
    """A problem document of the API as a page; any other answer as it is."""
    try:
        problem = json.loads(bytes(response.body))
    except (AttributeError, ValueError):
        return response
    detail = problem.get("detail") if isinstance(problem, dict) else None
    if not isinstance(detail, str):
        detail = str(problem)
    refusal = Refusal(Words(detail, detail), faults=tuple(_faults(problem)))
    return refuse(request, refusal, status=response.status_code)


def _faults(problem: Any) -> Iterator[Fault]:
    for fault in problem.get("errors", ()) if isinstance(problem, dict) else ():
        remedy = fault.get("remedy")
        yield Fault(
            loc=tuple(part for part in fault["loc"] if part not in ("body", "query", "path")),
            words=Words(fault["msg"], fault["msg"]),
            remedy=Words(remedy, remedy) if remedy else None,
        )
