"""The page and the routes of backups: what is told, what is queued, who asked."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.api.test_matrix import APP
from tests.factories import an_actor
from tests.signed_in import a_session, sign_in
from xzgis.audit.events import DrillDone
from xzgis.audit.models import TrailEntry
from xzgis.audit.record import record
from xzgis.core import settings as settings_module
from xzgis.identity.terms import Role
from xzgis.keeping.queries.copies import FORM

ENDED = datetime(2026, 11, 23, 1, tzinfo=UTC)
MANIFEST = {
    "form": FORM, "began_at": ENDED.isoformat(), "ended_at": ENDED.isoformat(), "program": "0.1.0", "schema": "x",
    "cluster": "1", "wal_archive": None, "files": [], "wal_from": "000000010000000000000002",
}  # fmt: skip


@pytest.fixture
def keeper(
    session: Session, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Any]:
    for name, value in getattr(request, "param", {}).items():
        monkeypatch.setenv(name, value)
    settings_module.settings.cache_clear()
    monkeypatch.setitem(APP.state._state, "settings", settings_module.settings())
    client = TestClient(APP, base_url="http://localhost", follow_redirects=False)
    yield sign_in(client, a_session(session, "keeps.copies", Role.SYSTEM_ADMIN))
    settings_module.settings.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings with a folder of backups and an archive that has lost a file."""
    (tmp_path / "copies" / "xzgis-20261123T010000Z").mkdir(parents=True)
    (tmp_path / "copies" / "xzgis-20261123T010000Z" / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "wal").mkdir()
    for name in ("000000010000000000000002.gz", "000000010000000000000004.gz"):
        (tmp_path / "wal" / name).write_bytes(b"x")
    monkeypatch.setenv("XZGIS_BACKUP_DIR", str(tmp_path / "copies"))
    monkeypatch.setenv("XZGIS_WAL_ARCHIVE", str(tmp_path / "wal"))
    return tmp_path


def test_copies_log_window_and_drill_are_told(folder: Path, keeper: Any, session: Session) -> None:
    done = DrillDone(
        "xzgis-20261123T010000Z", acknowledged=1234, lost=0, restore_s=7.5, archived=True, size_bytes=1
    )
    record(session, actor=an_actor(), event=done, now=datetime.now(UTC))
    session.flush()

    told = keeper.get("/api/system/backups").json()
    page = keeper.get("/system/backups").text

    assert [one["name"] for one in told["copies"]] == ["xzgis-20261123T010000Z"]
    assert (told["wal"]["files"], told["wal"]["missing"]) == (2, 1)
    assert datetime.fromisoformat(told["window"][0]) == ENDED
    assert (told["drill"]["acknowledged"], told["drill"]["lost"], told["drill"]["restore_s"]) == (
        1234,
        0,
        7.5,
    )
    for word in ("变更日志有缺口", "1 234", "7.5 秒", 'data-copy="xzgis-20261123T010000Z"'):
        assert word in page.replace(",", " ").replace("\u2009", " ").replace("\u202f", " "), word


def test_a_backup_and_a_drill_are_queued_once_and_recorded(
    folder: Path, keeper: Any, session: Session
) -> None:
    first = keeper.post("/api/system/backups/backup").json()["job"]
    again = keeper.post("/system/backups", data={"what": "backup"})
    keeper.post("/system/backups", data={"what": "drill"})

    assert (again.status_code, again.headers["location"]) == (303, "/jobs")
    asked = "select id, task_name, args -> 'actor' ->> 'name' from procrastinate_jobs where task_name like 'keeping.%'"
    queued = [tuple(row) for row in session.execute(text(f"{asked} order by id"))]
    assert queued[0] == (first, "keeping.back_up", "keeps.copies")
    assert [name for _, name, _ in queued] == ["keeping.back_up", "keeping.drill"]
    events = session.scalars(
        select(TrailEntry).where(TrailEntry.event == "audit.backup.asked").order_by(TrailEntry.id)
    )
    assert [(one.actor, one.details["what"]) for one in events] == [
        ("keeps.copies", "backup"), ("keeps.copies", "backup"), ("keeps.copies", "drill"),
    ]  # fmt: skip


def test_without_a_folder_the_page_says_what_to_set(keeper: Any) -> None:
    page = keeper.get("/system/backups").text
    asked = keeper.post("/api/system/backups/drill")

    assert ("XZGIS_BACKUP_DIR" in page, "XZGIS_WAL_ARCHIVE" in page, 'name="what"' in page) == (
        True,
        True,
        False,
    )
    assert (asked.status_code, "XZGIS_BACKUP_DIR" in asked.text) == (503, True)


@pytest.mark.parametrize("keeper", [{"XZGIS_DATABASE_URL": "postgresql://elsewhere/xzgis"}], indirect=True)
def test_another_server_is_kept_by_its_own_administrator(keeper: Any) -> None:
    assert "请其管理员用该服务器自己的工具" in keeper.get("/system/backups").text
    assert keeper.post("/system/backups", data={"what": "backup"}).status_code == 409
