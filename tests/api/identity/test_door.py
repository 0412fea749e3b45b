"""What lets somebody in, and what does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.signed_in import a_session
from web.asking import inside
from xzgis.identity.models import Person, SignedInSession, Token
from xzgis.identity.rules.tokens import digest_of
from xzgis.identity.terms import Role

SECRET = "xzt_for-the-tests"
WITH_TOKEN = {"Authorization": f"Bearer {SECRET}"}


@pytest.fixture
def machine(client: Any, session: Session) -> Any:
    """A browserless client; a planner's token for reading and editing works."""
    a_session(session, "maker", Role.PLANNER)
    now = datetime.now(UTC)
    owner = session.scalars(select(Person.id).where(Person.account == "maker")).one()
    session.add(
        Token(
            person_id=owner, name="t", digest=digest_of(SECRET), permissions=["works.read", "works.edit"],
            created_at=now, expires_at=now + timedelta(days=1),
        )
    )  # fmt: skip
    session.flush()
    client.cookies.clear()
    del client.headers["X-CSRF-Token"]
    return client


def test_a_token_needs_no_mark_and_does_what_it_was_issued_for(machine: Any) -> None:
    saved = machine.post("/api/works", json={"name": "x", "runs": []}, headers=WITH_TOKEN)

    assert saved.status_code == 422  # past the door: a work without a line is no work
    assert machine.get("/api/works", headers=WITH_TOKEN).status_code == 200
    assert machine.get("/api/networks/runs", headers=WITH_TOKEN).status_code == 403


def test_a_wrong_token_is_nobody_even_beside_a_session(machine: Any, session: Session) -> None:
    machine.cookies.set("sid", a_session(session, "other", Role.PLANNER))

    assert machine.get("/api/works").status_code == 200
    assert machine.get("/api/works", headers={"Authorization": "Bearer xzt_no"}).status_code == 401


def test_a_session_passes_over_plain_http_on_the_machine_itself_only(machine: Any, session: Session) -> None:
    machine.cookies.set("sid", a_session(session, "other", Role.PLANNER))

    assert machine.get("/api/works", headers={"Host": "192.0.2.4"}).status_code == 401


def test_who_has_to_change_the_password_first_is_told_so(machine: Any, session: Session) -> None:
    machine.cookies.set("sid", a_session(session, "fresh", Role.PLANNER))
    person = session.scalars(select(Person).where(Person.account == "fresh")).one()
    person.must_change = True
    session.flush()

    refused = machine.get("/api/works", headers={"Accept-Language": "en"})

    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("Change your password on your own page (/me) first")


def test_who_has_to_set_up_a_second_factor_first_is_told_so(machine: Any, session: Session) -> None:
    token = a_session(session, "keeper", Role.SYSTEM_ADMIN)
    session.execute(update(SignedInSession).values(second_factor=False))
    machine.cookies.set("sid", token)

    refused = machine.get("/api/works", headers={"Accept-Language": "en"})

    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("Set up an authenticator or a passkey")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/works?x=1", "/works?x=1"), ("https://a.example/", "/"), ("//a.example", "/"), ("/\\a.example", "/"),
        ("javascript:alert(1)", "/"), ("/\t/a.example", "/"), ("", "/"),
    ],
)  # fmt: skip
def test_signing_in_leads_to_a_path_of_this_site_only(given: str, expected: str) -> None:
    assert inside(given) == expected
