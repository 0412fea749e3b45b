"""What leaves over HTTP bears its mark, is kept, and is held back where too much would leave."""

import io
import json
import sqlite3
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.applications import application
from tests.db.works.test_actions import saved
from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_line, a_run, an_actor
from tests.signed_in import BUSINESS, a_session, sign_in
from xzgis.audit.models import TrailEntry
from xzgis.core.settings import settings
from xzgis.exports.actions import leaving
from xzgis.exports.models import Export, ExportFile
from xzgis.identity.models import DataRightRow, Post
from xzgis.identity.terms import Role
from xzgis.networks.models import SecretRecord


@pytest.fixture
def lines(session: Session) -> Session:
    session.add_all([a_run("water", object_id=1), a_run("gas", object_id=2, y_m=20.0)])
    session.flush()
    return session


@pytest.fixture
def pages(session: Session) -> Any:
    """The pages and the API; somebody with every business role is signed in."""
    made = TestClient(application(pages=True), raise_server_exceptions=True, base_url="http://localhost")
    return sign_in(made, a_session(session, "tester", *BUSINESS))


def last(session: Session) -> Export:
    return session.scalars(select(Export).order_by(Export.number.desc()).limit(1)).one()


@pytest.mark.parametrize("file_format", ["html", "xlsx", "csv", "geojson", "table"])
def test_a_report_bears_the_mark_of_its_export(client: Any, session: Session, file_format: str) -> None:
    work = saved(session, an_actor())

    answer = client.get(f"/api/works/{work.id}/check", params={"format": file_format})

    kept = last(session)
    file = session.scalars(select(ExportFile)).one()
    text = (
        str(load_workbook(io.BytesIO(answer.content)).worksheets[-1]["A1"].value)
        if file_format == "xlsx"
        else answer.content.decode("utf-8-sig")
    )
    assert f"导出 {kept.number} · 内部 · tester" in text
    assert f"Export {kept.number} · internal · tester" in text
    assert file.sha256 == sha256(answer.content).hexdigest()
    assert answer.headers["x-export-number"] == str(kept.number)
    assert (kept.dataset, kept.reason, kept.file_format) == ("report", None, file_format)
    assert kept.held_km2 > 0


def test_a_look_is_no_export(client: Any, session: Session) -> None:
    work = saved(session, an_actor())

    answer = client.get(f"/api/works/{work.id}/check")

    assert "export" not in answer.json()
    assert session.scalars(select(Export)).all() == []


def test_a_report_with_a_secret_line_takes_a_reason(client: Any, session: Session) -> None:
    work = saved(session, an_actor())
    beside = a_run("power", object_id=77, axis=a_line(y_m=1.0))
    session.add_all([beside, SecretRecord(object_id=77, grade=1, reason="军用", since=beside.known_from)])
    post = session.scalars(select(Post).limit(1)).one()
    session.add(DataRightRow(post_id=post.id, precision="exact", secrecy=1))
    session.flush()
    address = f"/api/works/{work.id}/check"

    refused = client.get(address, params={"format": "csv"})
    taken = client.get(address, params={"format": "csv", "reason": "抢修会商"})

    assert refused.status_code == 422
    assert taken.status_code == 200
    assert (last(session).grade, last(session).reason) == ("secret", "抢修会商")


def test_the_register_leaves_as_its_taker_sees_it(client: Any, lines: Session, tmp_path: Path) -> None:
    lines.add(a_run("power", object_id=3, label="MARKSECRET", y_m=40.0))
    lines.add(SecretRecord(object_id=3, grade=2, reason="军用", since=NOW))
    lines.flush()

    answer = client.post("/api/exports/register", json={"reason": "年度归档", "kinds": []})

    out = tmp_path / "register.gpkg"
    out.write_bytes(answer.content)
    with sqlite3.connect(out) as package:
        told = json.loads(package.execute("select metadata from gpkg_metadata").fetchone()[0])
        labels = package.execute("select object_id from runs order by object_id").fetchall()
    assert answer.status_code == 200
    assert told["number"] == last(lines).number == int(answer.headers["x-export-number"])
    assert labels == [(1,), (2,)]
    assert b"MARKSECRET" not in answer.content
    assert (last(lines).grade, last(lines).reason) == ("internal", "年度归档")


@pytest.mark.parametrize(("language", "words"), [("zh", "已达上限"), ("en", "as fit at once")])
def test_exports_take_no_more_connections_than_are_theirs(
    client: Any, lines: Session, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setattr(leaving, "PATIENCE_S", 0.01)
    places = settings().pool_size // 4
    asked = {"json": {"reason": "年度归档"}, "headers": {"Accept-Language": language}}

    with ExitStack() as under_way:
        for _ in range(places):
            under_way.enter_context(leaving.exporting(an_actor(), now=NOW))
        refused = client.post("/api/exports/register", **asked)
        other = client.get("/api/exports")
    taken = client.post("/api/exports/register", **asked)

    assert refused.status_code == 503
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"]
    assert words in refused.json()["detail"]
    assert (places, other.status_code, taken.status_code) == (3, 200, 200)


def test_the_register_of_an_area_and_kind(client: Any, lines: Session) -> None:
    box = f"{EAST_M - 10},{NORTH_M + 10},{EAST_M + 200},{NORTH_M + 30}"

    client.post("/api/exports/register", json={"reason": "会商", "box": box})

    kept = lines.scalars(select(TrailEntry).where(TrailEntry.event == "audit.export.left")).one()
    assert last(lines).records == 1
    assert kept.details["asked"]["box_m"] == [float(edge) for edge in box.split(",")]


def test_too_much_ground_waits_for_somebody_else(client: Any, session: Session) -> None:
    session.add(
        a_run(
            "water", object_id=9, axis=a_line(points=[(0, 0), (5200, 0), (5200, 5200), (0, 5200), (0, 100)])
        )
    )
    session.flush()
    take = {"reason": "年度归档"}

    refused = client.post("/api/exports/register", json=take)
    asked = client.post("/api/exports/requests", json={"km2": 30, "reason": "年度归档"}).json()
    own = client.post(
        f"/api/exports/requests/{asked['id']}/decision", json={"approved": True, "reason": "同意"}
    )
    sign_in(client, a_session(session, "chief", Role.APPROVER))
    decided = client.post(
        f"/api/exports/requests/{asked['id']}/decision", json={"approved": True, "reason": "同意"}
    )

    assert refused.status_code == 403
    assert "km²" in refused.json()["detail"]
    assert (own.status_code, decided.status_code, decided.json()["state"]) == (403, 200, "approved")
    assert session.scalars(select(TrailEntry).where(TrailEntry.event == "audit.export.held_back")).one()


def test_findings_of_a_delivery_leave_without_a_reason_but_not_without_a_trace(
    client: Any, session: Session
) -> None:
    batch = a_batch(created_by="tester")
    session.add(batch)
    session.flush()

    answer = client.get(f"/api/networks/batches/{batch.id}/findings.csv")

    assert answer.status_code == 200
    assert (last(session).dataset, last(session).about) == ("findings", str(batch.id))
    assert f"导出 {last(session).number}" in answer.content.decode("utf-8-sig")


def test_a_section_of_the_map_takes_a_reason(pages: Any, lines: Session) -> None:
    cut = {"e1": EAST_M + 50, "n1": NORTH_M - 5, "e2": EAST_M + 50, "n2": NORTH_M + 30, "download": "svg"}

    refused = pages.get("/map/section", params=cut)
    taken = pages.get("/map/section", params=cut | {"reason": "现场交底"})

    assert refused.status_code == 422
    assert taken.headers["content-type"].startswith("image/svg+xml")
    assert (last(lines).dataset, last(lines).records) == ("section", 2)
    assert f"导出 {last(lines).number}" in taken.text


def test_withdrawn_and_verified(pages: Any, session: Session) -> None:
    work = saved(session, an_actor())
    content = pages.get(f"/api/works/{work.id}/check", params={"format": "csv"}).content
    number = last(session).number
    digest = sha256(content).hexdigest()
    before = pages.get("/api/exports/verify", params={"sha256": digest}).json()

    done = pages.post(f"/api/exports/{number}/withdraw", json={"reason": "版本作废"})

    after = pages.get("/api/exports/verify", params={"sha256": digest}).json()
    altered = pages.get("/api/exports/verify", params={"sha256": "0" * 64}).json()
    assert (before["standing"], after["standing"], altered["standing"]) == ("valid", "withdrawn", "unknown")
    assert done.json()["withdrawn_by"] == "tester"
    shown = pages.get(f"/exports/{number}")
    assert "版本作废" in shown.text
    uploaded = pages.post("/exports/verify", files={"file": ("a.csv", content)})
    assert "已撤回：请销毁全部副本" in uploaded.text


def test_one_sees_ones_own_exports_only(client: Any, session: Session) -> None:
    work = saved(session, an_actor())
    client.get(f"/api/works/{work.id}/check", params={"format": "csv"})
    number = last(session).number

    sign_in(client, a_session(session, "reader", Role.READER))

    assert client.get("/api/exports").json()["items"] == []
    assert client.get(f"/api/exports/{number}").status_code == 404
    assert client.get(f"/exports/{number}").status_code == 404
