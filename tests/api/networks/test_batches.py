"""Deliveries over HTTP."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests.applications import with_pages
from tests.db.networks.test_batches import current, tables
from tests.db.networks.test_lines_above_each_other import cables
from xzgis.core import settings as settings_module
from xzgis.core.db import stored
from xzgis.networks import jobs
from xzgis.networks.models import Batch, BatchFinding

BATCHES = "/api/networks/batches"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def send(client: Any, files: dict[str, str], **options: Any) -> Any:
    parts = [("files", (name, io.BytesIO(content.encode()), "text/csv")) for name, content in files.items()]
    return client.post(BATCHES, files=parts, data={"options": json.dumps(options)} if options else {})


def test_only_who_is_signed_in_sends_more_than_a_megabyte(client: Any) -> None:
    large = {"点.csv": "x" * 1_200_000}

    assert send(client, large).status_code == 202
    client.cookies.clear()
    assert send(client, large).status_code == 413


@pytest.fixture
def read(client: Any) -> int:
    """A batch with one error (a point that was not delivered), read."""
    number = int(send(client, tables(last="9")).json()["id"])
    jobs.read_batch(number)
    return number


def test_a_delivery_goes_in_and_out_again(client: Any, session: Session) -> None:
    sent = send(client, tables(), name="测区二")
    number = sent.json()["id"]
    assert (sent.status_code, sent.json()["state"], sent.json()["name"]) == (202, "received", "测区二")

    jobs.read_batch(number)
    told = client.get(f"{BATCHES}/{number}").json()
    assert (told["state"], told["points"], told["lines"], told["crs"]["decided"]) == (
        "read",
        3,
        2,
        "EPSG:4548",
    )

    asked = client.post(f"{BATCHES}/{number}/accept")
    assert (asked.status_code, asked.json()["state"], current(session)) == (202, "accepting", (0, 0, 0))
    jobs.accept_batch_job(batch_id=number, actor="tester", leave_out_errors=False, same="replace")
    assert (client.get(f"{BATCHES}/{number}").json()["state"], current(session)) == ("accepted", (2, 3, 1))

    foreseen = client.get(f"{BATCHES}/{number}/undo")
    effect = {"runs": 2, "nodes": 3, "revived": 0, "coverages": 1, "replaced_since": 0, "stripped": 0}
    assert (foreseen.status_code, foreseen.json(), current(session)) == (200, effect, (2, 3, 1))
    undone = client.post(f"{BATCHES}/{number}/undo")
    assert (undone.status_code, undone.json()["state"], current(session)) == (200, "undone", (0, 0, 0))
    assert client.post(f"{BATCHES}/{number}/undo").status_code == 409
    assert client.get(f"{BATCHES}/{number}/undo").status_code == 409


def test_the_same_files_twice_are_a_conflict(client: Any, session: Session) -> None:
    jobs.read_batch(send(client, tables()).json()["id"])

    again = send(client, tables())

    assert again.status_code == 409
    assert "批次" in again.json()["detail"]
    assert send(client, tables(), again=True).status_code == 202


@pytest.mark.parametrize(
    "options",
    [
        {"crs": "EPSG:0"},
        {"intake": "nobody"},
        {"encoding": "klingon"},
        {"colour": "red"},
        {"code_kinds": {"WS": "lava"}},
        {"mapping": {"layers": {"a": {"kind": "lava"}}}},
    ],
)
def test_bad_options_are_refused_before_anything_is_read(client: Any, session: Session, options: Any) -> None:
    answer = send(client, tables(), **options)

    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert client.get(BATCHES).json() == []


def test_options_that_are_no_json_are_refused(client: Any, session: Session) -> None:
    parts = [("files", ("a.csv", io.BytesIO(b"x"), "text/csv"))]

    assert client.post(BATCHES, files=parts, data={"options": "{"}).status_code == 422
    assert client.post(BATCHES).status_code == 422


@pytest.mark.parametrize("path", ["", "/findings", "/findings.csv", "/preview", "/points", "/lines"])
def test_an_unknown_batch_is_not_found(client: Any, session: Session, path: str) -> None:
    assert client.get(f"{BATCHES}/4711{path}").status_code == 404


@pytest.mark.parametrize("move", ["read", "accept", "cancel", "undo"])
def test_nothing_can_be_done_to_an_unknown_batch(client: Any, session: Session, move: str) -> None:
    assert client.post(f"{BATCHES}/4711/{move}", json={} if move == "read" else None).status_code == 404


def test_findings_leave_as_json_csv_and_workbook_alike(client: Any, read: int) -> None:
    paged = client.get(f"{BATCHES}/{read}/findings", params={"level": "error"}).json()
    whole = client.get(f"{BATCHES}/{read}/findings.json").json()
    rows = list(
        csv.reader(io.StringIO(client.get(f"{BATCHES}/{read}/findings.csv").content.decode("utf-8-sig")))
    )
    book = load_workbook(io.BytesIO(client.get(f"{BATCHES}/{read}/findings.xlsx").content), read_only=True)
    sheet = [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)]

    missing = next(one for one in whole if one["code"] == "S08")
    told = {"file": "WSLINE.csv", "row": 3, "field": "终点点号", "canonical_field": "to_point", "value": "W9"}
    assert told.items() <= missing.items()
    assert [one["code"] for one in paged] == [one["code"] for one in whole if one["level"] == "error"]
    mark = rows.pop()
    assert len({len(row) for row in [mark, *rows]}) == 1
    assert mark[0].startswith("# 导出 ")
    assert len(rows) == len(sheet) == len(whole) + 1
    assert [row[0] for row in rows[1:]] == [row[0] for row in sheet[1:]] == [one["code"] for one in whole]
    assert rows[0][0] == "代码"


def test_findings_speak_the_language_that_was_asked_for(client: Any, read: int) -> None:
    text = client.get(f"{BATCHES}/{read}/findings.csv?language=en").content.decode("utf-8-sig")

    assert text.startswith("code,level,file")
    assert "is not in the point table" in text


def test_a_strangers_formula_stays_text_in_the_spreadsheet(client: Any, session: Session) -> None:
    # Without X the row has an error that quotes its number.
    evil = tables()["WSLINE.csv"].replace("W2,W3", "W2,=1+1")
    number = send(client, tables() | {"WSLINE.csv": evil}).json()["id"]
    jobs.read_batch(number)

    text = client.get(f"{BATCHES}/{number}/findings.csv").content.decode("utf-8-sig")

    values = [row[6] for row in csv.reader(io.StringIO(text))]
    assert "'=1+1" in values
    assert "=1+1" not in values


def test_errors_keep_a_batch_waiting_until_they_are_left_out(client: Any, read: int) -> None:
    refused = client.post(f"{BATCHES}/{read}/accept")
    asked = client.post(f"{BATCHES}/{read}/accept", json={"leave_out_errors": True, "same": "keep"})

    assert (refused.status_code, asked.status_code) == (409, 202)
    assert asked.json()["state"] == "accepting"
    assert client.post(f"{BATCHES}/{read}/cancel").status_code == 409


def test_a_preview_tells_lines_rows_and_levels(client: Any, read: int) -> None:
    drawn = client.get(f"{BATCHES}/{read}/preview").json()
    lines = client.get(f"{BATCHES}/{read}/lines").json()
    points = client.get(f"{BATCHES}/{read}/points", params={"start": 2}).json()

    assert (drawn["shown"], drawn["of"], len(drawn["features"])) == (1, 1, 1)
    assert drawn["features"][0]["geometry"]["coordinates"][0] == [517_800.0, 3_793_900.0]
    assert (lines[0]["label"], lines[0]["start_bottom_m"], lines[1]["start_bottom_m"]) == (
        "W1-W2",
        27.44,
        None,
    )
    assert [row["point_no"] for row in points] == ["W3"]


def test_a_batch_is_read_again_with_other_options(client: Any, read: int) -> None:
    again = client.post(f"{BATCHES}/{read}/read", json={"strict": True})
    wrong = client.post(f"{BATCHES}/{read}/read", json={"crs": "nowhere"})

    assert (again.status_code, again.json()["state"], wrong.status_code) == (202, "reading", 422)
    jobs.read_batch_job(batch_id=read, actor="tester")
    assert client.get(f"{BATCHES}/{read}").json()["state"] == "refused"


def test_a_saved_mapping_comes_with_the_files(client: Any, session: Session) -> None:
    def bring(mapping: str) -> Any:
        parts = [("files", (name, io.BytesIO(text.encode()), "text/csv")) for name, text in tables().items()]
        parts.append(("mapping", ("队.json", io.BytesIO(mapping.encode()), "application/json")))
        return client.post(BATCHES, files=parts, data={"options": json.dumps({"code_kinds": {"B": "gas"}})})

    sent = bring('{"columns": {"面标": "ground_m"}, "codes": {"A": "热力", "B": "给水"}}')
    wrong = bring('{"columns": {"面标": "nothing"}}')

    kept = session.get_one(Batch, int(sent.json()["id"])).options
    assert (sent.status_code, kept["overrides"], kept["code_kinds"]) == (
        202,
        {"面标": "ground_m"},
        {"A": "heat", "B": "gas"},
    )
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["loc"] == ["mapping", "队.json", "columns", "面标"]


def test_batches_are_listed_by_key_newest_first(client: Any, session: Session) -> None:
    numbers = [send(client, tables(start_m=517_000.0 + shift)).json()["id"] for shift in (0, 500, 1000)]

    first = client.get(BATCHES, params={"limit": 2}).json()
    second = client.get(BATCHES, params={"limit": 2, "before": first[-1]["id"]}).json()

    assert [one["id"] for one in (*first, *second)] == numbers[::-1]


def test_what_is_asked_only_now_can_be_answered_on_the_page(client: Any) -> None:
    client = with_pages(client)
    upper, lower = cables(1.2), cables(3.0)
    beside = 'name="same" value="beside"'
    assert client.get(f"/intake/{lower}/mapping").status_code == 200
    assert beside not in client.get(f"/intake/{lower}").text
    jobs.accept_batch(upper)
    assert client.post(f"/intake/{lower}/accept", follow_redirects=False).status_code == 303
    jobs.accept_batch_job(batch_id=lower, actor="tester", leave_out_errors=False)

    page = client.get(f"/intake/{lower}").text

    assert beside in page
    assert "请选择替换、保留或并列" in page
    # What stays is not every registered point of the delivery, and the words of the choice say so.
    assert "其他又交来的管点仍替换，包括只接有本次未交管段的管点" in page


def test_the_page_folds_findings_of_one_kind_and_lists_each_of_a_code(client: Any, session: Session) -> None:
    client = with_pages(client)
    number = send(client, tables(start_m=517_300.0)).json()["id"]
    jobs.read_batch(number)
    words = {"message_zh": "线端靠近", "message_en": "near ends", "remedy_zh": "捕捉", "remedy_en": "snap"}
    for apart in ("0.083 m", "0.021 m"):
        place = stored(shapely.Point(517_300.0, 3_793_900.0))
        session.add(
            BatchFinding(batch_id=number, code="G11", level="warning", value=apart, place=place, **words)
        )
    session.commit()

    folded, each = (client.get(f"/intake/{number}", params=asked).text for asked in ({}, {"code": "G11"}))

    assert ("同类共 2 条" in folded, "同类共" in each) == (True, False)
    assert (folded.count(">G11</abbr></td>"), each.count(">G11</abbr></td>")) == (1, 2)
    assert all("0.021 m" in page and "#None" not in page for page in (folded, each))
