"""The register over HTTP."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, a_coverage, a_node, a_run

SQUARE = [[[EAST_M, NORTH_M], [EAST_M + 10, NORTH_M], [EAST_M + 10, NORTH_M + 10], [EAST_M, NORTH_M]]]
BOW_TIE = [[[0, 0], [9, 9], [9, 0], [0, 9], [0, 0]]]


@pytest.fixture
def register(session: Session) -> None:
    session.add_all([a_run("gas", object_id=1, label="MQ1-MQ2"), a_node("gas", object_id=2, point_no="MQ1")])
    session.add_all([a_run("water", object_id=3, y_m=20), a_coverage("gas", object_id=4)])
    session.flush()


def test_a_card_tells_everything_of_a_run(client: Any, register: None) -> None:
    answer = client.get("/api/networks/runs/1")

    card = answer.json()
    assert answer.status_code == 200
    assert (card["crs"], card["kind"], card["facts"]["outer_width_mm"]) == ("EPSG:4548", "gas", 200.0)
    assert card["geometry"]["coordinates"][0] == [EAST_M, NORTH_M]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/networks/nodes/2", 200),
        ("/api/networks/nodes/2/history", 200),
        ("/api/networks/runs/4711", 404),
        ("/api/networks/runs/4711/history", 404),
        ("/api/networks/runs/0", 422),
        ("/api/networks/runs/1?known_at=2020-01-01T00:00:00Z", 404),
        ("/api/networks/runs/1?known_at=2020-01-01T00:00:00", 422),
        ("/api/networks/runs?bbox=1,2,3", 422),
        ("/api/networks/runs?bbox=nan,1,2,3", 422),
        ("/api/networks/runs?after=nonsense", 422),
        ("/api/networks/runs?colour=red", 422),
        ("/api/networks/coverage/4", 200),
        ("/api/networks/coverage/4711", 404),
        ("/api/networks/summary", 200),
    ],
)
def test_every_question_has_an_answer_in_one_shape(
    client: Any, register: None, path: str, status: int
) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(
        "application/json" if status == 200 else "application/problem+json"
    )


def test_runs_are_listed_by_key(client: Any, register: None) -> None:
    first = client.get("/api/networks/runs", params={"limit": 1}).json()
    second = client.get("/api/networks/runs", params={"limit": 1, "after": first["after"]}).json()

    assert [first["items"][0]["object_id"], second["items"][0]["object_id"]] == [1, 3]
    assert second["after"] is None


def test_runs_are_listed_by_kind_and_box(client: Any, register: None) -> None:
    box = f"{EAST_M - 1},{NORTH_M - 1},{EAST_M + 1},{NORTH_M + 30}"

    found = client.get("/api/networks/runs", params={"kind": ["water", "heat"], "bbox": box}).json()

    assert [one["object_id"] for one in found["items"]] == [3]


def test_search_says_how_a_place_was_understood(client: Any, register: None) -> None:
    place = client.get("/api/networks/search", params={"q": "517844.5 3793991.4"}).json()["place"]
    hits = client.get("/api/networks/search", params={"q": "mq1"}).json()["hits"]

    assert "EPSG:4548" in place["understood"]
    assert (place["east_m"], place["north_m"]) == (517844.5, 3793991.4)
    assert [hit["label"] for hit in hits] == ["MQ1", "MQ1-MQ2"]


def test_coverage_is_drawn_changed_and_withdrawn(client: Any, register: None) -> None:
    area = {"type": "Polygon", "coordinates": SQUARE}
    drawn = client.post("/api/networks/coverage", json={"kind": "water", "area": area})
    path = f"/api/networks/coverage/{drawn.json()['object_id']}"

    read = {"If-Match": client.get(path).headers["ETag"]}
    changed = client.put(path, json={"area": area, "note": "复核"}, headers=read)
    latest = {"If-Match": changed.headers["ETag"]}
    gone = client.delete(path, params={"reason": "未入户"}, headers=latest)

    assert read["If-Match"] == drawn.headers["ETag"]

    assert (drawn.status_code, changed.status_code, gone.status_code) == (201, 200, 204)
    assert (changed.json()["kind"], changed.json()["note"], changed.json()["area_m2"]) == (
        "water",
        "复核",
        50.0,
    )
    assert [one["known_to"] is None for one in client.get(path).json()] == [False, False]
    assert client.put(path, json={"area": area}, headers=latest).status_code == 404


def test_who_did_not_read_the_latest_coverage_does_not_change_it(client: Any, register: None) -> None:
    area = {"type": "Polygon", "coordinates": SQUARE}
    drawn = client.post("/api/networks/coverage", json={"kind": "water", "area": area})
    path = f"/api/networks/coverage/{drawn.json()['object_id']}"
    read = {"If-Match": drawn.headers["ETag"]}
    client.put(path, json={"area": area, "note": "甲"}, headers=read)

    late = [
        client.put(path, json={"area": area, "note": "乙"}, headers=read),
        client.delete(path, headers=read),
    ]
    blind = [client.put(path, json={"area": area, "note": "丙"}), client.delete(path)]

    assert [one.status_code for one in (*late, *blind)] == [412, 412, 428, 428]
    assert [one.headers["Content-Type"] for one in (*late, *blind)] == ["application/problem+json"] * 4
    assert "已被他人修改" in late[0].json()["detail"]
    assert "If-Match" in blind[0].json()["detail"]
    in_english = client.put(path, json={"area": area}, headers=read | {"Accept-Language": "en"})
    assert "changed it meanwhile" in in_english.json()["detail"]
    assert [one["note"] for one in client.get(path).json()] == ["甲", None]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "water", "area": {"type": "Polygon", "coordinates": BOW_TIE}},
        {"kind": "water", "area": {"type": "Polygon", "coordinates": [[[1, 2]]]}},
        {"kind": "water", "area": {"type": "Polygon", "coordinates": [[["a", 2]]]}},
        {"kind": "water", "area": {"type": "Polygon", "coordinates": []}},
        {"kind": "water", "area": {"type": "MultiPolygon", "coordinates": [1, [2]]}},
        {"kind": "water", "area": {"type": "Point", "coordinates": [1, 2]}},
        {"kind": "moon_cheese", "area": {"type": "Polygon", "coordinates": SQUARE}},
        {"area": {"type": "Polygon", "coordinates": SQUARE}},
        {"kind": "water", "area": {"type": "Polygon", "coordinates": SQUARE}, "colour": "red"},
    ],
)
def test_a_coverage_that_cannot_be_is_refused(client: Any, register: None, body: dict[str, Any]) -> None:
    answer = client.post("/api/networks/coverage", json=body)

    assert answer.status_code == 422
    assert answer.json()["detail"]
