"""The log on the page and over the API: who reads it, what is recorded of taking it, which request it speaks of."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.api.test_matrix import APP
from tests.signed_in import a_session, sign_in
from xzgis.audit.models import TrailEntry
from xzgis.core import logs
from xzgis.core import settings as settings_module
from xzgis.identity.terms import Role


@pytest.fixture
def keeper(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The browser of a system administrator, in an installation that writes its log into a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path))
    settings_module.settings.cache_clear()
    chosen = settings_module.settings()
    monkeypatch.setitem(APP.state._state, "settings", chosen)
    logs.configure_logs(quiet=True, settings=chosen, process="server")
    client = TestClient(APP, base_url="http://localhost", follow_redirects=False)
    yield sign_in(client, a_session(session, "keeps.logs", Role.SYSTEM_ADMIN))
    logs.close_logs()
    structlog.reset_defaults()
    settings_module.settings.cache_clear()


def test_a_request_is_followed_from_its_answer_into_the_log(keeper: Any) -> None:
    number = keeper.get("/api/no/such/thing").headers["X-Request-ID"]
    keeper.get("/api/no/such/other")

    found = keeper.get("/api/system/logs", params={"request": number}).json()["lines"]
    page = keeper.get("/system/logs", params={"request": number})

    assert [(one["event"], one["facts"]["status"], one["request"]) for one in found] == [
        ("request", 404, number)
    ]
    assert "no/such" not in str(found)
    assert page.text.count("<tr data-level=") == 1
    assert keeper.get("/system/logs?level=error").text.count("<tr data-level=") == 0


def test_taking_the_log_is_recorded(keeper: Any, session: Session) -> None:
    keeper.get("/api/no/such/thing")

    page = keeper.post("/system/logs/file", data={"module": "api"})
    answer = keeper.post("/api/system/logs/file?level=error")

    assert (page.status_code, len(page.text.splitlines()), answer.text) == (200, 1, "")
    taken = session.scalars(
        select(TrailEntry).where(TrailEntry.event == "audit.log.taken").order_by(TrailEntry.id)
    )
    assert [(one.actor, one.via, one.details["lines"], one.details["module"]) for one in taken] == [
        ("keeps.logs", "page", 1, "api"),
        ("keeps.logs", "api", 0, ""),
    ]


def test_a_page_that_follows_asks_again_and_a_wrong_field_is_named(keeper: Any) -> None:
    keeper.get("/api/no/such/thing")

    assert 'hx-trigger="every 3s"' in keeper.get("/system/logs?follow=true").text
    wrong = keeper.get("/system/logs?since=gestern&follow=true")
    assert (wrong.status_code, "gestern" in wrong.text, "every 3s" in wrong.text) == (422, True, False)
    assert keeper.get("/api/system/logs?level=loud").json()["errors"][0]["loc"] == ["level"]
