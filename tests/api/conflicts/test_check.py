"""POST /api/conflicts/check."""

import io

import jsonschema_rs
import openpyxl
import pytest

from tests.factories import EAST_M, NORTH_M, a_line, a_run
from xzgis.conflicts.reports.schema import FindingsDocument

WORK = {
    "name": "试验",
    "runs": [
        {
            "kind": "gas",
            "axis": [[EAST_M, NORTH_M], [EAST_M + 100, NORTH_M]],
            "section": {"diameter_mm": 200, "is_outer": True},
            "depth": {"cover_m": 1.2},
            "pressure_class": "medium_A",
            "burial": "direct_buried",
            "ground_m": [31.0, 31.0],
        }
    ],
    "surface": "carriageway",
}


@pytest.fixture
def water(session):
    """A water main half a metre beside the work."""
    session.add(a_run("water", axis=a_line(y_m=0.5)))
    session.flush()


@pytest.mark.usefixtures("water")
def test_the_answer_is_the_published_document(client):
    answer = client.post("/api/conflicts/check", json=WORK)

    assert answer.status_code == 200
    jsonschema_rs.validate(FindingsDocument.model_json_schema(), answer.json())
    told = answer.json()
    assert told["verdict"] == "findings"
    assert told["counts"]["breach"] >= 1
    assert {part["kind"] for part in told["not_covered"]} >= {"gas", "water", "power"}


def test_every_fault_is_named_with_its_path(client):
    run = WORK["runs"][0] | {"pressure_class": "strong", "kind": "soup"}

    answer = client.post("/api/conflicts/check", json=WORK | {"runs": [run]})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert ["runs", 0, "kind"] in [error["loc"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("path", ["/api/conflicts/check", "/api/works"])
def test_a_sewer_whose_profile_does_not_say_what_it_is_of_is_asked(client, path):
    profile = [{"chainage_m": 0, "level_m": 26.2}, {"chainage_m": 100, "level_m": 26.1}]
    sewer = {"kind": "drainage_foul", "axis": WORK["runs"][0]["axis"], "depth": {"profile": profile}}

    answer = client.post(path, json={"runs": [sewer]})

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [["runs", 0, "depth", "profile_of"]]
    sewer["depth"]["profile_of"] = "invert"
    assert client.post(path, json={"runs": [sewer]}).status_code < 300


def test_a_moment_without_an_offset_is_refused(client):
    answer = client.post("/api/conflicts/check?as_of=2026-01-01T00:00:00", json=WORK)

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["loc"] == ["query", "as_of"]
    assert "时区" in str(error)


def test_an_unknown_field_is_refused(client):
    answer = client.post("/api/conflicts/check", json=WORK | {"colour": "red"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"][-1] == "colour"


@pytest.mark.usefixtures("water")
@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("csv", "\ufeffnumber,id,".encode()),
        ("geojson", b"{"),
        ("html", b"<!DOCTYPE"),
        ("table", "有".encode()),
    ],
)
def test_other_formats_are_files_to_keep(client, name, begins):
    answer = client.post(f"/api/conflicts/check?format={name}", json=WORK)

    assert answer.content.startswith(begins)
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.usefixtures("water")
def test_the_spreadsheet_holds_the_three_answers_and_its_mark(client):
    answer = client.post("/api/conflicts/check?format=xlsx", json=WORK)

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["检查结果", "未普查", "汇总", "导出 Export"]
    assert book["检查结果"].max_row > 1


def test_a_work_too_large_to_wait_for_is_sent_to_the_command(client):
    run = WORK["runs"][0] | {"axis": [[EAST_M + at / 100, NORTH_M] for at in range(11_000)], "ground_m": None}

    answer = client.post("/api/conflicts/check", json=WORK | {"runs": [run, run]})

    assert answer.status_code == 422
    assert "分段检查，或交管理员在服务器上用命令检查" in answer.json()["errors"][0]["remedy"]


def test_a_moment_without_a_time_zone_is_refused(client):
    answer = client.post("/api/conflicts/check", params={"as_of": "2026-03-01T08:00:00"}, json=WORK)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["query", "as_of"]
    assert answer.json()["errors"][0]["msg"].startswith("须带时区")
    assert client.post(
        "/api/conflicts/check", params={"as_of": "2026-03-01T08:00:00+08:00"}, json=WORK
    ).is_success
