"""Hostile files through the front door: refused in a clear sentence, nothing changed, nothing fallen over."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.applications import with_pages
from tests.db.networks.test_batches import current, tables
from tests.hostile import HOSTILE, line, straight
from xzgis.core import settings as settings_module
from xzgis.core.settings import ROOT
from xzgis.networks import jobs

BATCHES = "/api/networks/batches"
# What must never be read by a person: a fault of the program, or where it lies on the disk.
NOT_FOR_PEOPLE = (
    "Traceback", "sys.", "is not", "程序出错", str(ROOT), "ork/intake-", "site-packages", "root:x:0", "进程异常退出",
)  # fmt: skip


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test; files above 64 MB are too large there."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("XZGIS_UPLOAD_LIMIT_MB", "64")
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


@pytest.fixture
def client(client: Any) -> Any:
    """The application with its pages."""
    return with_pages(client)


def send(client: Any, name: str, content: bytes) -> Any:
    return client.post(BATCHES, files=[("files", (name, io.BytesIO(content), "application/octet-stream"))])


def read(client: Any, name: str, content: bytes) -> tuple[int, list[dict[str, Any]], str]:
    """Number, findings of level error, and the page of the batch after its reading."""
    sent = send(client, name, content)
    assert sent.status_code == 202, sent.text
    number = sent.json()["id"]
    jobs.read_batch_job(batch_id=number, actor="tester")
    errors = client.get(f"{BATCHES}/{number}/findings", params={"level": "error"}).json()
    page = client.get(f"/intake/{number}")
    assert page.status_code == 200
    return number, errors, page.text


def twice(message: str) -> bool:
    """Whether a message says the same clause two times."""
    clauses = [clause for part in message.split("。") for clause in part.split("：") if len(clause) > 3]
    return len(set(clauses)) < len(clauses)


@pytest.mark.parametrize("trick", sorted(HOSTILE))
def test_a_hostile_file_is_refused_in_a_sentence(client: Any, session: Session, trick: str) -> None:
    name, make = HOSTILE[trick]

    number, errors, page = read(client, name, make())
    client.post(f"{BATCHES}/{number}/accept")
    jobs.accept_batch_job(batch_id=number, actor="tester", leave_out_errors=False, same="replace")

    assert errors, "read without an error"
    for one in errors:
        assert one["message"].strip()
        assert one["remedy"].strip()
        assert len(one["message"]) < 600
    assert not [word for word in NOT_FOR_PEOPLE if word in page or word in str(errors)]
    assert not [one for one in errors if twice(one["message"])]
    assert client.get(f"{BATCHES}/{number}").json()["state"] in ("refused", "read")
    assert current(session) == (0, 0, 0)


def test_a_file_above_the_limit_is_refused_before_it_is_kept(
    client: Any, session: Session, tmp_path: Path
) -> None:
    answer = send(client, "a.csv", bytes((64 << 20) + 1))

    assert answer.status_code in (413, 422)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "64 MB" in answer.json()["detail"]
    assert client.get(BATCHES).json() == []
    kept = [path for path in (tmp_path / "var").rglob("*") if path.is_file()]
    assert kept == []


def test_the_page_tells_the_same_sentence_of_a_file_above_the_limit(client: Any, session: Session) -> None:
    content = io.BytesIO(bytes((64 << 20) + 1))
    answer = client.post("/intake", files=[("files", ("a.csv", content, "text/csv"))])

    assert answer.status_code in (413, 422)
    assert "64 MB" in answer.text
    assert client.get(BATCHES).json() == []


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "C:\\a\\b.csv", "/etc/a.csv", "!a{b}.csv", "a" * 300 + ".csv"]
)
def test_a_name_that_leads_elsewhere_is_only_a_name(client: Any, session: Session, name: str) -> None:
    sent = send(client, name, tables()["WSPOINT.csv"].encode())
    number = sent.json()["id"]
    jobs.read_batch_job(batch_id=number, actor="tester")

    told = client.get(f"{BATCHES}/{number}").json()

    assert told["state"] in ("read", "refused")
    assert "/" not in told["files"][0]["name"]
    assert not [word for word in NOT_FOR_PEOPLE if word in client.get(f"/intake/{number}").text]


def test_the_line_of_20_000_vertices_beside_it_is_read(client: Any, session: Session) -> None:
    # The counter example: the refusals above are of the trick, not of everything that comes this way.
    number, errors, _ = read(client, "a.geojson", line(straight(20_000)))

    assert (client.get(f"{BATCHES}/{number}").json()["state"], errors) == ("read", [])


@pytest.mark.parametrize("figure", ["1e400", "-1e999", "inf", "abc"])
def test_a_figure_that_is_no_number_is_told_once_at_its_cell(
    client: Any, session: Session, figure: str
) -> None:
    files = tables()
    points = files["WSPOINT.csv"].replace("W2,3793900.000", f"W2,{figure}")
    parts = [
        ("files", (name, io.BytesIO(text.encode()), "text/csv"))
        for name, text in (files | {"WSPOINT.csv": points}).items()
    ]
    number = client.post(BATCHES, files=parts).json()["id"]
    jobs.read_batch_job(batch_id=number, actor="tester")

    told = client.get(f"{BATCHES}/{number}/findings.json").json()

    assert [one["code"] for one in told if (one["file"], one["row"]) == ("WSPOINT.csv", 3)] == ["S03"]
