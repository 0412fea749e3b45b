"""Whatever is wrong with a request, whoever reads Chinese is told in Chinese: every route, wrong bodies made by rule."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests.api.test_matrix import APP, FILLED
from tests.signed_in import BUSINESS, a_session, headers_of
from xzgis.core import settings as settings_module
from xzgis.identity.terms import Role

ASKED_BY = {
    "/api/trail": [Role.AUDIT_ADMIN], "/api/jobs": [Role.SYSTEM_ADMIN], "/api/identity": [Role.SYSTEM_ADMIN],
    "": BUSINESS,
}  # fmt: skip
WHOLE: tuple[Any, ...] = (None, 3, "x", [], {}, {"nix": 1})
MEMBER: tuple[Any, ...] = (None, -1e99, "\x00", "", [{"nix": 1}], {"nix": []}, True)
LEAST_REFUSALS = 300
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{1,}")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def resolved(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The schema behind references, and the first branch of a choice."""
    while "$ref" in schema or "anyOf" in schema:
        schema = known[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema["anyOf"][0]
    return schema


def whole(schema: dict[str, Any], known: dict[str, Any], depth: int = 0) -> Any:
    """Something of the right shape, so that one member at a time can be wrong."""
    schema = resolved(schema, known)
    if schema.get("type") == "object" and depth < 4:
        wanted = schema.get("required", ())
        return {name: whole(schema["properties"][name], known, depth + 1) for name in wanted}
    if schema.get("type") == "array" and depth < 4:
        return [whole(schema.get("items", {}), known, depth + 1)]
    return schema.get("enum", [None])[0] or {"integer": 1, "number": 1.0, "boolean": True}.get(
        schema.get("type", ""), "x"
    )


def wrong_bodies(schema: dict[str, Any], known: dict[str, Any]) -> Iterator[Any]:
    yield from WHOLE
    first = whole(schema, known)
    if not isinstance(first, dict):
        return
    yield first | {"nix": 1}
    for name in resolved(schema, known).get("properties", {}):
        for value in MEMBER:
            yield first | {name: value}
        yield {other: value for other, value in first.items() if other != name}


def requests(operation: dict[str, Any], known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for given in operation.get("parameters", ()):
        if given["in"] == "query":
            for text in ("", "\x01", "x" * 3000, "-7"):
                yield {"params": {given["name"]: text}}
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        schema = content["application/json"].get("schema", {})
        yield from ({"json": body} for body in wrong_bodies(schema, known))
        yield {"content": b"{x", "headers": {"Content-Type": "application/json"}}
    elif content:
        yield {
            "data": {"options": '{"nix": 1, "level_meaning": "up", "overrides": 3}'},
            "files": {"files": b"x"},
        }
        yield {"data": {}}


def sayings(document: dict[str, Any]) -> Iterator[str]:
    yield document["title"]
    yield document["detail"]
    for fault in document["errors"]:
        yield fault["msg"]
        if fault.get("remedy"):
            yield fault["remedy"]


@pytest.mark.timeout(400)
def test_every_refusal_is_told_in_chinese(session: Session) -> None:
    told: dict[str, str] = {}
    refusals = 0
    described = APP.openapi()
    browsers = {
        path: headers_of(a_session(session, f"asker{number}", *roles))
        for number, (path, roles) in enumerate(ASKED_BY.items())
    }
    client = TestClient(APP, base_url="http://localhost", raise_server_exceptions=True)
    for path, item in described["paths"].items():
        headers = browsers[max(one for one in browsers if path.startswith(one))]
        address = re.sub(r"{(\w+)}", lambda found: FILLED.get(found[1], "1"), path)
        for method, operation in item.items():
            nested = session.connection().begin_nested()
            for request in requests(operation, described["components"]["schemas"]):
                sent = {"Host": "localhost", "Accept-Language": "zh"} | headers | request.pop("headers", {})
                answer = client.request(method, address, headers=sent, **request)
                if answer.headers.get("content-type") != "application/problem+json":
                    continue
                refusals += 1
                for said in sayings(answer.json()):
                    if not CHINESE.search(said) or ENGLISH_SENTENCE.search(said):
                        told.setdefault(said, f"{method} {path} {str(request)[:120]}")
            nested.rollback()

    assert refusals > LEAST_REFUSALS
    assert told == {}
