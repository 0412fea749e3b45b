"""How the HTTP layer behaves whatever the route: errors in one shape, foreign callers and floods refused."""

from collections.abc import Iterator

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.testclient import TestClient

from api.guard import JSON_LIMIT_BYTES
from api.main import create_app
from xzgis.core.errors import Fault, Invalid, NotAllowed, NotFound, Unavailable, WrongState
from xzgis.core.settings import Settings
from xzgis.core.words import Words, preferred_language

WORDS = Words("不行。", "It will not do.")
FAULT = Fault(("body", "depth_m"), Words("太深", "too deep"), Words("改小", "make it less"))
SECRET = "relation secret_table"
RAISED = {
    "invalid": (Invalid(WORDS, faults=(FAULT,)), 422),
    "not-found": (NotFound(WORDS), 404),
    "not-allowed": (NotAllowed(WORDS), 403),
    "wrong-state": (WrongState(WORDS), 409),
    "unavailable": (Unavailable(WORDS), 503),
    "lost-database": (OperationalError("select", {}, psycopg.OperationalError(SECRET)), 503),
    "full-pool": (PoolTimeout(SECRET), 503),
    "bad-data": (DataError("select", {}, psycopg.DataError(SECRET)), 422),
    "clash": (IntegrityError("insert", {}, psycopg.IntegrityError(SECRET)), 409),
    "defect": (ZeroDivisionError(SECRET), 500),
}


def routed(app: FastAPI) -> None:
    @app.get("/api/raise/{name}")
    def fail(name: str) -> None:
        raise RAISED[name][0]

    @app.post("/api/count")
    def count(body: dict[str, str]) -> int:
        return len(body)


@pytest.fixture
def client(tmp_path) -> Iterator[TestClient]:
    settings = Settings(var_dir=tmp_path, upload_limit_mb=2)
    app = create_app(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    routed(app)
    with TestClient(app, base_url="http://127.0.0.1:8765", raise_server_exceptions=False) as made:
        yield made


@pytest.mark.parametrize(("name", "status"), [(name, status) for name, (_, status) in RAISED.items()])
def test_every_failure_is_a_problem_without_the_drivers_words(client, name, status):
    answer = client.get(f"/api/raise/{name}")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail", "errors"}
    assert "secret" not in answer.text
    assert ("retry-after" in answer.headers) is (status == 503)


def test_refusal_speaks_the_readers_language_and_names_the_place(client):
    english = client.get("/api/raise/invalid", headers={"accept-language": "en"}).json()
    chinese = client.get("/api/raise/invalid").json()

    assert english["errors"] == [{"loc": ["body", "depth_m"], "msg": "too deep", "remedy": "make it less"}]
    assert chinese["errors"] == [{"loc": ["body", "depth_m"], "msg": "太深", "remedy": "改小"}]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en;q=0.5, zh-CN", "zh"),
        ("fr, en-GB;q=0.8", "en"),
        ("en;q=x", "zh"),
        ("en,zh", "en"),
        ("zh,en", "zh"),
        ("en;q=0,fr", "zh"),
    ],
)
def test_language_follows_the_weights(header, expected):
    assert preferred_language(header) == expected


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/api/none", 404), ("PUT", "/health/live", 405)]
)
def test_unknown_address_and_method_are_problems_too(client, method, path, status):
    answer = client.request(method, path)

    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_wrong_body_names_the_field(client):
    answer = client.post("/api/count", json={"a": 1})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", "a"]


def test_body_up_to_the_limit_is_taken(client):
    filling = "x" * (JSON_LIMIT_BYTES - 8)

    answer = client.post(
        "/api/count", content=f'{{"a":"{filling}"}}', headers={"content-type": "application/json"}
    )

    assert answer.status_code == 200


def test_body_over_the_limit_is_refused_with_and_without_a_length(client):
    filling = "x" * JSON_LIMIT_BYTES
    parts = (filling[:100_000].encode() for _ in range(11))

    assert client.post("/api/count", json={"a": filling}).status_code == 413
    assert client.post("/api/count", content=parts).status_code == 413


@pytest.mark.parametrize("path", ["/api/count", "/api/networks/batches", "/sign-in"])
@pytest.mark.parametrize(
    "sent", ["application/zip", "application/octet-stream", "multipart/form-data; boundary=b"]
)
def test_a_strangers_body_stays_small_whatever_it_is_called(client, path, sent):
    body = b"x" * (JSON_LIMIT_BYTES + 1)

    assert client.post(path, content=body, headers={"content-type": sent}).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://127.0.0.1:8765"}, 200),
        ({"origin": "http://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "rebound.example:8765"}, 403),
        ({"host": "localhost:8765"}, 200),
    ],
)
def test_change_is_taken_from_our_own_pages_only(client, headers, status):
    assert client.post("/api/count", json={"a": "b"}, headers=headers).status_code == status


def test_answers_carry_the_security_headers(client):
    headers = client.get("/health/live").headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"


def test_liveness_needs_no_database_and_readiness_does(client):
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 503
