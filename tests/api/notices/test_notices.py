"""To-dos and notices over HTTP: one's own and no other's, through the lens, alive."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

import web
from api.main import create_app
from tests.factories import a_batch, a_run
from tests.signed_in import a_session, headers_of, sign_in
from xzgis.audit.events import TrailVerified
from xzgis.audit.record import record
from xzgis.core import db
from xzgis.core.actor import SYSTEM
from xzgis.identity.models import DataRightRow, Person, Post
from xzgis.identity.terms import Role
from xzgis.networks.events import BatchRead
from xzgis.networks.models import SecretRecord
from xzgis.networks.terms import BatchState
from xzgis.notices.actions.telling import tell
from xzgis.notices.terms import Addressee, Kind, Telling


def a_batch_that_waits(session: Session, *, secret: bool = False, moment: datetime | None = None) -> int:
    batch = a_batch(name="机密工程" if secret else "普查")
    batch.state = BatchState.READ
    session.add(batch)
    session.flush()
    if secret:
        run = a_run(batch_id=batch.id)
        session.add(run)
        session.flush()
        session.add(SecretRecord(object_id=run.object_id, grade=3, reason="军用", since=datetime.now(UTC)))
        session.flush()
    event = BatchRead(str(batch.id), 1, 1, {})
    record(session, actor=SYSTEM, event=event, now=moment or datetime.now(UTC))
    return int(batch.id)


def a_notice(session: Session, account: str, label: str = "导出程序") -> int:
    person_id = session.scalar(select(Person.id).where(Person.account == account))
    facts = {"label": label, "until_at": "2026-12-01T00:00:00+00:00"}
    told = Telling(Kind.TOKEN_ISSUED, "identity.token", label, facts)
    number = tell(session, Addressee(person_id=person_id), told, now=datetime.now(UTC))
    assert number is not None
    return number


def items(client: TestClient, what: str = "todo") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/notices", params={"what": what}).json()["items"]
    return found


def test_a_todo_tells_its_clock_and_its_page(client: TestClient, session: Session) -> None:
    number = a_batch_that_waits(session, moment=datetime.now(UTC) - timedelta(days=6))

    (told,) = items(client)

    assert told["sentence"] == f"批次 {number} 已读完（管点 1、管线 1），等待接收入库。"
    assert (told["path"], told["is_overdue"], told["may_call_done"]) == (f"/intake/{number}", True, False)
    english = client.get("/api/notices", headers={"Accept-Language": "en"}).json()
    assert "waits to be accepted" in english["items"][0]["sentence"]
    assert english["counts"] == {"todos": 1, "overdue": 1, "unread": 0}


def test_a_delivery_one_may_not_see_is_not_there_nor_counted(client: TestClient, session: Session) -> None:
    a_batch_that_waits(session, secret=True)
    open_one = a_batch_that_waits(session)

    sign_in(client, a_session(session, "keeper", Role.DATA_KEEPER))

    assert [told["path"] for told in items(client)] == [f"/intake/{open_one}"]
    assert client.get("/api/notices/counts").json()["todos"] == 1
    assert session.scalar(text("select count(*) from notices_notice where kind = 'batch_waits'")) == 2


def test_who_sees_only_his_own_deliveries_has_no_others_to_accept(
    client: TestClient, session: Session
) -> None:
    a_batch_that_waits(session)
    token = a_session(session, "half", Role.DATA_KEEPER)
    post = session.scalar(
        select(Post.id).join(Person, Person.id == Post.person_id).where(Person.account == "half")
    )
    session.add(DataRightRow(post_id=post, precision="corridor", kinds=["water"]))
    session.flush()
    sign_in(client, token)

    assert items(client) == []


def test_reading_is_for_oneself(client: TestClient, session: Session) -> None:
    first = a_notice(session, "tester")
    a_session(session, "other", Role.READER)
    foreign = a_notice(session, "other", "不是我的")

    assert client.post(f"/api/notices/{foreign}/read").status_code == 404
    assert client.post(f"/api/notices/{foreign}/done").status_code == 404
    assert [told["id"] for told in items(client, "notice")] == [first]
    assert client.post("/api/notices/read", json={"up_to": 2**40}).json() == {"read": 1}
    assert items(client, "notice")[0]["read_at"] is not None
    assert session.scalar(text("select count(*) from notices_notice where read_at is null")) == 1


def test_notices_come_page_by_page(client: TestClient, session: Session) -> None:
    numbers = [a_notice(session, "tester", f"程序 {number}") for number in range(5)]

    seen, before = [], None
    while True:
        asked = {"what": "notice", "limit": 2} | ({} if before is None else {"before": before})
        page = client.get("/api/notices", params=asked).json()
        seen += [told["id"] for told in page["items"]]
        before = page["before"]
        if before is None:
            break

    assert seen == numbers[::-1]


def test_what_no_record_ends_is_called_done(client: TestClient, session: Session) -> None:
    record(session, actor=SYSTEM, event=TrailVerified("9", False, 9, 2), now=datetime.now(UTC))
    sign_in(client, a_session(session, "auditor", Role.AUDIT_ADMIN))
    (told,) = items(client)

    assert client.post(f"/api/notices/{told['id']}/done").status_code == 204
    assert client.post(f"/api/notices/{told['id']}/done").status_code == 409

    assert items(client) == []
    assert items(client, "done")[0]["done_by"] == "auditor"


def test_letters_are_switched_by_oneself(client: TestClient) -> None:
    assert client.get("/api/notices/choice").json() == {"by_mail": True, "is_mail_sent": False}

    assert client.put("/api/notices/choice", json={"by_mail": False}).status_code == 204

    assert client.get("/api/notices/choice").json()["by_mail"] is False


def test_who_asks_for_no_stream_is_told_once(client: TestClient, session: Session) -> None:
    a_batch_that_waits(session)

    answer = client.get("/api/notices/events")

    assert answer.headers["content-type"].startswith("text/event-stream")
    told = json.loads(answer.text.partition("data: ")[2])
    assert (told["todos"], told["unread"]) == (1, 0)


# Alive: a real server, a database in which things are committed


@pytest.fixture
def live(own_engine: Engine, own_database: str) -> Iterator[str]:
    assert own_engine is not None
    app = create_app(database_url=own_database)
    web.mount(app)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
    assert app.state.bell is not None


async def _events(url: str, token: str, heard: list[dict[str, int]], ended: asyncio.Event) -> None:
    headers = {**headers_of(token), "Accept": "text/event-stream"}
    async with (
        httpx2.AsyncClient(timeout=30) as client,
        client.stream("GET", f"{url}/api/notices/events", headers=headers) as answer,
    ):
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            heard.extend(json.loads(told) for told in [line.removeprefix("data: ")] if told != line)
    ended.set()


async def _until(wanted: Any, *, within_s: float = 30) -> None:
    async with asyncio.timeout(within_s):
        while not wanted():  # noqa: ASYNC110 - what is waited for is a list that grows
            await asyncio.sleep(0.02)


def commit(act: Any) -> Any:
    with db.transaction(SYSTEM) as session:
        return act(session)


def test_an_open_page_hears_of_its_own_within_moments(live: str) -> None:
    keeper = commit(lambda session: a_session(session, "keeper", Role.DATA_KEEPER))
    reader = commit(lambda session: a_session(session, "reader", Role.READER))
    mine: list[dict[str, int]] = []
    other: list[dict[str, int]] = []

    async def follow() -> None:
        ended = asyncio.Event()
        streams = [
            asyncio.create_task(_events(live, keeper, mine, ended)),
            asyncio.create_task(_events(live, reader, other, asyncio.Event())),
        ]
        await _until(lambda: mine and other)
        await asyncio.to_thread(commit, a_batch_that_waits)
        await _until(lambda: mine[-1]["todos"] == 1)
        await asyncio.to_thread(commit, lambda session: a_notice(session, "keeper"))
        await _until(lambda: mine[-1]["unread"] == 1)
        # Signed out, the stream ends with the next bell.
        await asyncio.to_thread(commit, lambda session: session.execute(text("delete from identity_session")))
        await asyncio.to_thread(commit, a_batch_that_waits)
        await _until(ended.is_set)
        for stream in streams:
            stream.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await stream

    asyncio.run(follow())

    assert [each["todos"] for each in other] == [0]


def test_an_open_page_keeps_no_session_alive(live: str) -> None:
    token = commit(lambda session: a_session(session, "reader", Role.READER))
    early = datetime.now(UTC) - timedelta(minutes=20)
    commit(lambda session: session.execute(text("update identity_session set seen_at = :at"), {"at": early}))

    assert httpx2.get(f"{live}/api/notices/events", headers=headers_of(token)).status_code == 200
    assert commit(lambda session: session.scalar(text("select seen_at from identity_session"))) == early
    assert httpx2.get(f"{live}/api/notices/counts", headers=headers_of(token)).status_code == 200
    assert commit(lambda session: session.scalar(text("select seen_at from identity_session"))) > early
