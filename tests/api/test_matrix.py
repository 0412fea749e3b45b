"""Every route asks for exactly one permission, and every role gets what the table says, no more and no less."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import web
from api.main import create_app
from tests.signed_in import a_session, sign_in
from xzgis.identity.models import Person, Token
from xzgis.identity.permissions import PUBLIC, ROLES, Permission
from xzgis.identity.rules.tokens import csrf_token, digest_of
from xzgis.identity.terms import Role

LEAST_ROUTES = 120
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
FILLED = {
    "what": "runs", "table": "points", "ending": "csv", "view": "workbench", "z": "0", "x": "0", "y": "0",
    "key": "0" * 16, "account": "nobody.here", "code": "0000",
}  # fmt: skip
#: What may be open to nobody in particular; the list is short and stays so.
OPEN = {
    "/health/live",
    "/health/ready",
    "/sign-in",
    "/sign-in/passkey",
    "/sign-in/passkey/question",
    "/sign-in/provider",
    "/sign-in/provider/back",
    "/preferences",
}
OF_THE_API = ("/api/", "/openapi.json", "/metrics")
FORGED: dict[str, dict[str, str]] = {
    "from another site": {"sec-fetch-site": "cross-site"},
    "from a neighbour's site": {"sec-fetch-site": "same-site"},
    "with another origin": {"origin": "http://elsewhere.example"},
    "with no origin": {"origin": "null"},
    "under another name": {"host": "rebound.example"},
    "without the mark": {"x-csrf-token": ""},
    "with the mark of another session": {"x-csrf-token": csrf_token("another")},
}
MARKS = {"without the mark", "with the mark of another session"}


def _application() -> Any:
    made = create_app()
    web.mount(made)
    return made


APP = _application()
ROUTES: list[Any] = [
    each for each in iter_route_contexts(APP.routes) if isinstance(each.original_route, APIRoute)
]


def permissions(route: Any) -> list[Any]:
    return [each.call.permission for each in route.dependant.dependencies if hasattr(each.call, "permission")]


CASES = sorted(
    (each.path_format, method, permissions(each)[0])
    for each in ROUTES
    if permissions(each)
    for method in each.original_route.methods
)


def filled(path: str | None) -> str:
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: FILLED.get(found[1], "1"), path or "")


@pytest.fixture
def alone(session: Session) -> Iterator[TestClient]:
    """A browser in which nobody is signed in; what each request does is undone after it."""
    client = TestClient(
        APP, raise_server_exceptions=True, base_url="http://localhost", follow_redirects=False
    )
    plain = client.request

    def undone(*given: Any, **named: Any) -> Any:
        nested = session.connection().begin_nested()
        try:
            return plain(*given, **named)
        finally:
            nested.rollback()

    client.request = undone  # type: ignore[method-assign]  # each request on its own
    yield client
    client.close()


def is_led_to_the_door(answer: Any) -> bool:
    onward = str(answer.headers.get("location", ""))
    return bool(answer.status_code == 401 or onward.startswith("/sign-in?next="))


def is_for_programs(answer: Any) -> bool:
    kind = answer.headers.get("content-type")
    told = answer.headers.get("www-authenticate")
    return bool(answer.status_code == 401 and kind == "application/problem+json" and told == "Bearer")


def a_token(session: Session) -> str:
    """The secret of an access token with every permission that a planner has."""
    a_session(session, "maker", Role.PLANNER)
    now, secret = datetime.now(UTC), "xzt_of-the-matrix"
    owner = session.scalars(select(Person.id).where(Person.account == "maker")).one()
    named = sorted(each.value for each in ROLES[Role.PLANNER])
    session.add(
        Token(
            person_id=owner, name="t", digest=digest_of(secret), permissions=named,
            created_at=now, expires_at=now + timedelta(days=1),
        )
    )  # fmt: skip
    session.flush()
    return secret


def is_refused(answer: Any, permission: Permission) -> bool:
    return bool(answer.status_code == 403 and permission.words.zh in answer.text)


def test_the_walk_sees_every_route() -> None:
    described = {each.path_format for each in ROUTES if each.original_route.include_in_schema}

    assert set(APP.openapi()["paths"]) <= described
    assert len(CASES) >= LEAST_ROUTES


def test_nothing_but_routes_and_static_files_is_served() -> None:
    others = [
        each for each in iter_route_contexts(APP.routes) if not isinstance(each.original_route, APIRoute)
    ]

    assert [getattr(each.original_route, "path", each) for each in others] == ["/static/dist"]


def test_every_route_asks_for_exactly_one_permission() -> None:
    assert [each.path_format for each in ROUTES if len(permissions(each)) != 1] == []


def test_few_routes_are_open() -> None:
    assert {path for path, _, permission in CASES if permission == PUBLIC} == OPEN


def test_nobody_gets_in_unsigned(alone: TestClient) -> None:
    answers = {
        (path, method): alone.request(method, filled(path))
        for path, method, permission in CASES
        if permission != PUBLIC
    }

    assert [case for case, answer in answers.items() if not is_led_to_the_door(answer)] == []


def test_a_session_that_is_none_is_nobody(alone: TestClient) -> None:
    sign_in(alone, "made-up")
    cases = [case for case in CASES if case[2] != PUBLIC and case[1] == "GET"]

    assert [
        path for path, method, _ in cases if not is_led_to_the_door(alone.request(method, filled(path)))
    ] == []


@pytest.mark.parametrize("secret", ["good", "xzt_made-up"])
def test_a_token_opens_no_page_and_is_told_where_to_go(
    alone: TestClient, session: Session, secret: str
) -> None:
    sent = {"Authorization": f"Bearer {a_token(session) if secret == 'good' else secret}"}
    sign_in(alone, a_session(session, "other", Role.PLANNER))
    pages = [case for case in CASES if case[2] != PUBLIC and not case[0].startswith(OF_THE_API)]
    answers = {case: alone.request(case[1], filled(case[0]), headers=sent) for case in pages}

    assert len(pages) > LEAST_ROUTES / 2
    assert [case for case, answer in answers.items() if not is_for_programs(answer)] == []
    assert (
        "/api/works/" in answers[("/works/{work_id}/document", "GET", Permission.WORKS_READ)].json()["detail"]
    )


@pytest.mark.timeout(240)
@pytest.mark.parametrize("role", Role)
def test_each_role_gets_what_the_table_says(alone: TestClient, session: Session, role: Role) -> None:
    token, wrong = a_session(session, f"a.{role.value}", role), []
    for path, method, permission in CASES:
        if permission == PUBLIC:
            continue
        sign_in(alone, token)  # again: signing out took the cookie away
        answer = alone.request(method, filled(path))
        assert not is_led_to_the_door(answer), path
        if is_refused(answer, permission) is (permission in ROLES[role]):
            wrong.append((method, path, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_change_is_refused_everywhere(alone: TestClient, session: Session, kind: str) -> None:
    wrong = []
    tokens = {role: a_session(session, f"a.{role.value}", role) for role in Role}
    for path, method, permission in CASES:
        if method not in UNSAFE or (permission == PUBLIC and kind in MARKS):
            continue
        role = next(each for each in Role if permission == PUBLIC or permission in ROLES[each])
        sign_in(alone, tokens[role])
        answer = alone.request(method, filled(path), headers=FORGED[kind])
        if answer.status_code != 403:
            wrong.append((method, path, answer.status_code))

    assert wrong == []
