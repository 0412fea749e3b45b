"""The figures for Prometheus: who reads them, what they count, and what they never carry."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from api.metrics import is_near
from tests.api.test_matrix import APP
from tests.factories import a_batch
from tests.signed_in import a_session, sign_in
from xzgis.core.jobs import defer
from xzgis.core.settings import Settings
from xzgis.identity.terms import Role

#: Every label there is; a further one must be thought about before it stands here.
LABELS = {
    "method",
    "route",
    "status",
    "le",
    "against",
    "result",
    "job",
    "state",
    "queue",
    "folder",
    "version",
    "schema",
}


@pytest.fixture
def near(session: Session) -> Iterator[TestClient]:
    """A monitoring program on this machine."""
    with_address = TestClient(APP, base_url="http://127.0.0.1:8765", client=("127.0.0.1", 40000))
    yield with_address
    with_address.close()


def samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    found = text_string_to_metric_families(text)
    return {(one.name, frozenset(one.labels.items())): one.value for each in found for one in each.samples}


def value(told: Any, name: str, **labels: str) -> float:
    return float(samples(told.text)[name, frozenset(labels.items())])


def test_a_program_on_this_machine_reads_the_state_of_the_installation(near: Any, session: Session) -> None:
    session.add_all(
        [a_batch(state="read", content_digest="1" * 64), a_batch(state="read", content_digest="2" * 64)]
    )
    defer(session, "audit.keep", timestamp=1)
    session.flush()

    told = near.get("/metrics")

    assert told.status_code == 200
    assert told.headers["content-type"].startswith("text/plain")
    assert value(told, "xzgis_database_up") == 1
    assert value(told, "xzgis_database_size_bytes") > 1e6
    assert value(told, "xzgis_batches", state="read") == 2
    assert value(told, "xzgis_jobs", state="todo", queue="quick") >= 1
    assert value(told, "xzgis_jobs_oldest_seconds", state="todo") >= 0
    assert value(told, "xzgis_disk_free_bytes", folder="var") > 0


def test_requests_are_counted_by_template_and_never_by_what_was_typed(near: Any, session: Session) -> None:
    sign_in(near, a_session(session, "counted.one", Role.PLANNER))
    near.get("/api/works/987654")
    near.get("/secret-place-117.1837/34.2")
    text = near.get("/metrics").text

    routes = {dict(labels)["route"] for name, labels in samples(text) if name == "xzgis_http_requests_total"}
    assert {"/api/works/{work_id}", "none"} <= routes
    assert not any(word in text for word in ("987654", "117.1837", "counted.one"))
    assert {label for _, labels in samples(text) for label, _ in labels} <= LABELS


@pytest.mark.parametrize(
    ("host", "headers"), [("10.0.0.7", {}), ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7"})]
)
def test_from_elsewhere_a_token_is_needed(session: Session, host: str, headers: dict[str, str]) -> None:
    far = TestClient(APP, base_url="http://127.0.0.1", client=(host, 40000))

    assert far.get("/metrics", headers=headers).status_code == 401
    sign_in(far, a_session(session, "looks.on", Role.PLANNER))
    assert far.get("/metrics", headers=headers).status_code == 403
    sign_in(far, a_session(session, "keeps.it", Role.SYSTEM_ADMIN))
    assert far.get("/metrics", headers=headers).status_code == 200


def test_an_installation_with_names_stands_behind_something(near: Any) -> None:
    request = near.build_request("GET", "/metrics")
    asked: Any = type("Asked", (), {"headers": request.headers, "client": type("C", (), {"host": "::1"})})

    assert is_near(asked, Settings())
    assert not is_near(asked, Settings(host_names=("gis.example.cn",)))
    request.headers["host"] = "10.0.0.7:8765"
    assert not is_near(asked, Settings())
    request.headers["host"] = "127.0.0.1:8765"
    assert not is_near(asked, Settings(public_url="https://gis.example.cn"))


def test_the_page_says_the_same_to_the_administrator(session: Session) -> None:
    client = TestClient(APP, base_url="http://localhost", follow_redirects=False)
    session.add(a_batch(state="read"))
    defer(session, "audit.keep", timestamp=1)
    sign_in(client, a_session(session, "keeps.it", Role.SYSTEM_ADMIN))

    for language, title in (("zh", "系统状态"), ("en", "State of the system")):
        client.cookies.set("xz_language", language)
        page = client.get("/system")
        assert (page.status_code, title in page.text, 'data-state="todo"' in page.text) == (200, True, True)
