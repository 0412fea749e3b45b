"""The trail over HTTP and on its page: found, taken out as a file, seen to be kept, verified."""

import json
from hashlib import sha256
from typing import Any

import pytest
from shapely import box
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.applications import with_pages
from tests.factories import EAST_M, NORTH_M, NOW, an_actor
from tests.signed_in import a_session, sign_in
from tests.trails import ThingMoved
from xzgis.audit.models import TrailEntry
from xzgis.audit.record import record
from xzgis.identity.terms import Role


@pytest.fixture
def client(client: Any, session: Session) -> Any:
    """An audit administrator is signed in."""
    return sign_in(client, a_session(session, "auditor", Role.AUDIT_ADMIN))


@pytest.fixture
def three(session: Session) -> Session:
    """Three things that Li did, the last of them somewhere."""
    for number in range(3):
        place = box(EAST_M, NORTH_M, EAST_M + 9, NORTH_M + 9) if number == 2 else None
        record(session, actor=an_actor("li"), event=ThingMoved(f"{number}", by_m=1), now=NOW, place=place)
    session.flush()
    return session


def test_pages_of_the_trail_follow_each_other(client: Any, three: Session) -> None:
    first = client.get("/api/trail", params={"person": "li", "limit": 2}).json()
    second = client.get("/api/trail", params={"person": "li", "limit": 2, "after": first["after"]}).json()

    assert [entry["object_id"] for entry in first["items"] + second["items"]] == ["2", "1", "0"]
    assert (first["count"], second["after"]) == (3, None)
    assert first["items"][0]["place"] == [EAST_M, NORTH_M, EAST_M + 9, NORTH_M + 9]


def test_a_box_that_is_none_is_refused(client: Any) -> None:
    assert client.get("/api/trail", params={"box": "1,2"}).status_code == 422


def test_taking_the_trail_out_takes_a_reason_and_stands_in_the_trail(client: Any, three: Session) -> None:
    asked = {"person": "li", "format": "json"}

    refused = client.get("/api/trail/export", params=asked)
    answer = client.get("/api/trail/export", params=asked | {"reason": "年度检查"})

    kept = three.scalars(select(TrailEntry).where(TrailEntry.event == "audit.export.left")).one()
    assert refused.status_code == 422
    assert len(json.loads(answer.text)) == 3
    assert (kept.details["dataset"], kept.details["records"], kept.details["reason"]) == (
        "trail",
        3,
        "年度检查",
    )
    assert kept.details["asked"] == {"person": "li"}
    assert kept.details["files"] == {"trail.json": sha256(answer.content).hexdigest()}


def test_a_table_of_the_trail_ends_with_its_mark(client: Any, three: Session) -> None:
    answer = client.get("/api/trail/export", params={"person": "li", "reason": "年度检查"})

    number = answer.headers["x-export-number"]
    assert answer.text.splitlines()[-1].startswith(f"# 导出 {number} · 内部")


def test_the_keeping_is_told(client: Any, three: Session) -> None:
    told = client.get("/api/trail/state").json()

    assert told["seal"] is None
    assert told["waiting"] >= 3
    assert told["last_month"].startswith("audit_trail_")


def test_a_verification_is_queued_once(client: Any, session: Session) -> None:
    first = client.post("/api/trail/checks").json()
    second = client.post("/api/trail/checks").json()

    assert first["id"] == second["id"]
    session.execute(text("update procrastinate_jobs set status = 'failed' where task_name = 'audit.verify'"))
    assert client.post("/api/trail/checks").json()["id"] > first["id"]
    assert client.get(f"/api/trail/checks/{first['id']}").json()["ended_at"] is not None
    assert client.get(f"/api/trail/checks/{first['id']}").json()["verdict"] is None
    assert client.get("/api/trail/checks/999999").status_code == 404


@pytest.fixture
def pages(client: Any) -> Any:
    """The application with its pages."""
    return with_pages(client)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_what_happened(pages: Any, three: Session, language: str) -> None:
    pages.cookies.set("xz_language", language)

    shown = pages.get("/trail", params={"person": "li"})

    assert shown.status_code == 200
    assert shown.text.count("tests.thing.moved</code>") == 3
    assert '<input type="hidden" name="person" value="li">' in shown.text
    assert '<button name="format" value="csv">' in shown.text


def test_the_page_says_what_is_wrong_with_a_search(pages: Any) -> None:
    shown = pages.get("/trail", params={"box": "<b>"})

    assert shown.status_code == 422
    assert "范围" in shown.text
    assert "<b>" not in shown.text


def test_the_page_asks_for_a_verification(pages: Any, session: Session) -> None:
    shown = pages.post("/trail/checks")

    assert shown.status_code == 200
    assert 'hx-trigger="every 1s"' in shown.text
