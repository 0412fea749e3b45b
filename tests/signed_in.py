"""Somebody who is signed in, by rows alone: no password is hashed, nothing is recorded."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.identity.models import Area, Person, Post, SignedInSession, Unit
from xzgis.identity.rules.tokens import csrf_token, digest_of
from xzgis.identity.terms import Role

BUSINESS = tuple(role for role in Role if not role.is_administrator)


def a_session(session: Session, account: str, *roles: Role, agent: str = "tests") -> str:
    """The token of a browser in which a person with these roles is signed in now, with a second factor."""
    now = datetime.now(UTC)
    unit = _unit(session)
    person = Person(account=account, name="赵一", created_at=now, password_changed_at=now)
    session.add(person)
    session.flush()
    session.add_all(
        Post(
            person_id=person.id,
            unit_id=unit.id,
            role=role.value,
            area_id=unit.area_id,
            valid_from=now - timedelta(days=1),
        )
        for role in roles
    )
    token = secrets.token_urlsafe(32)
    row = SignedInSession(
        digest=digest_of(token), person_id=person.id, created_at=now, seen_at=now,
        ends_at=now + timedelta(hours=9), agent=agent, second_factor=True, rights_version=0,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return token


def _unit(session: Session) -> Unit:
    """The unit in which everybody of the tests works."""
    found = session.scalars(select(Unit).where(Unit.code == "TESTS")).one_or_none()
    if found is not None:
        return found
    area = Area(code="3298", tier="city", name_zh="测试市", name_en="Test City")
    session.add(area)
    session.flush()
    unit = Unit(code="TESTS", name_zh="测试局", name_en="Test Bureau", kind="department", area_id=area.id)
    session.add(unit)
    session.flush()
    return unit


def headers_of(token: str) -> dict[str, str]:
    """What a page of the session sends with a request."""
    return {"Cookie": f"sid={token}", "X-CSRF-Token": csrf_token(token)}


def sign_in(client: Any, token: str) -> Any:
    """The same client, from now on in this session."""
    client.cookies.delete("sid")
    client.cookies.set("sid", token)
    client.headers["X-CSRF-Token"] = csrf_token(token)
    return client
