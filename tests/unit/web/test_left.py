"""One who closes his page while he is answered is no error of the program."""

import asyncio
from typing import Any

import structlog
from fastapi import FastAPI, Request

from api.errors import speak_problems
from api.metrics import Counting
from web.render import speak_html_errors


def test_who_leaves_while_his_form_is_read_is_counted_as_no_failure() -> None:
    app = FastAPI()
    speak_problems(app)
    speak_html_errors(app)
    app.add_middleware(Counting)

    @app.post("/works/check")
    async def check(request: Request) -> None:
        async with request.form():
            pass

    answered: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answered.append(message)

    kind = (b"content-type", b"application/x-www-form-urlencoded")
    scope = {
        "type": "http", "method": "POST", "path": "/works/check", "raw_path": b"/works/check", "query_string": b"",
        "headers": [kind], "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1), "root_path": "",
        "http_version": "1.1",
    }  # fmt: skip
    with structlog.testing.capture_logs() as said:
        asyncio.run(
            app(scope, receive, send)
        )  # an error let through would be logged by the server with a traceback
    assert answered[0]["status"] == 499
    assert [(one["log_level"], one["event"], one["status"]) for one in said] == [("info", "request", 499)]
