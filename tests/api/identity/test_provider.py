"""Signing in by another house, against a real OpenID Connect provider that runs on this machine."""

import json
import re
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.api.test_matrix import APP
from tests.signed_in import a_session
from xzgis.core import settings as settings_module
from xzgis.core.errors import Invalid
from xzgis.identity.models import Person, Post
from xzgis.identity.rules.federation import account_of_subject, rules_of
from xzgis.identity.terms import Role

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import oidc_provider_mock
    from oidc_provider_mock import User

# The provider's own library announces its next version while it signs.
pytestmark = pytest.mark.filterwarnings(r"ignore:get_jwt_config:DeprecationWarning")

CLIENT = "xzgis"
RULES = [
    {"claim": "groups", "value": "planners", "unit": "TESTS", "role": "planner", "area": "3298"},
    {"claim": "groups", "value": "keepers", "unit": "TESTS", "role": "data_keeper", "area": "3298"},
]


class Held(HTTPRedirectHandler):
    """Keeps where the provider sends the browser."""

    def redirect_request(self, *given: Any) -> None:
        self.place = given[-1]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    people = [
        User(sub="zhang", claims={"name": "张规划", "groups": ["planners"]}),
        User(sub="wang", claims={"name": "王两岗", "groups": ["planners", "keepers"], "amr": ["mfa"]}),
        User(sub="li", claims={"name": "李无岗", "groups": ["visitors"]}),
    ]
    with oidc_provider_mock.run_server_in_thread(require_nonce=True, user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def at_the_door(
    session: Session, issuer: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> Iterator[Any]:
    """A browser in which nobody is signed in, and an installation that knows the provider."""
    a_session(session, "tester", Role.READER)  # brings the unit of the tests
    given = {
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": "s",
        "OIDC_POSTS": json.dumps(RULES),
    }
    for name, value in given.items():
        monkeypatch.setenv(f"XZGIS_{name}", value)
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path))
    settings_module.settings.cache_clear()
    yield TestClient(APP, base_url="http://localhost", follow_redirects=False)
    settings_module.settings.cache_clear()


def sent_back(there: str, who: str) -> str:
    """The path to which the provider sends the browser of ``who``, who signed in there."""
    held = Held()
    with pytest.raises(HTTPError, match=r"302|303") as led:
        build_opener(held).open(there, data=f"sub={who}".encode(), timeout=10)
    led.value.close()
    parts = urlsplit(str(held.place))
    return f"{parts.path}?{parts.query}"


def goes_through(browser: Any, who: str) -> Any:
    there = browser.get("/sign-in/provider?next=/works").headers["location"]
    return browser.get(sent_back(there, who))


def posts_of(session: Session, who: str, issuer: str) -> list[tuple[str, bool]]:
    rows = session.execute(
        select(Post.role, Post.valid_to)
        .join(Person, Person.id == Post.person_id)
        .where(Person.account == account_of_subject(issuer, who))
        .order_by(Post.id)
    )
    return [(role, until is None) for role, until in rows]


def test_somebody_new_is_let_in_with_the_posts_of_the_rules(
    at_the_door: Any, session: Session, issuer: str
) -> None:
    assert "用“统一身份认证”登录" in at_the_door.get("/sign-in").text

    answer = goes_through(at_the_door, "zhang")

    assert (answer.status_code, answer.headers["location"]) == (303, "/works")
    assert "张规划 · 测试局" in at_the_door.get("/works").text
    assert posts_of(session, "zhang", issuer) == [("planner", True)]
    person = session.scalars(select(Person).where(Person.name == "张规划")).one()
    assert (person.password_hash, person.must_change) == (None, False)
    written = session.execute(
        text("select event from audit_trail where event like 'identity.%' order by id")
    ).all()
    assert [row[0] for row in written] == [
        "identity.person.added", "identity.post.granted", "identity.person.signed_in",
    ]  # fmt: skip


def test_the_question_carries_state_nonce_and_pkce(at_the_door: Any) -> None:
    asked = [
        parse_qs(urlsplit(at_the_door.get("/sign-in/provider").headers["location"]).query) for _ in range(2)
    ]

    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 43
    assert asked[0]["code_challenge_method"] == ["S256"]
    kept = at_the_door.cookies.get("xz_provider", path="/sign-in/provider/back")
    assert asked[1]["state"][0] not in kept


def test_posts_follow_the_rules_and_other_posts_stay(
    at_the_door: Any, session: Session, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_through(at_the_door, "wang")
    assert posts_of(session, "wang", issuer) == [("planner", True), ("data_keeper", True)]
    monkeypatch.setenv("XZGIS_OIDC_POSTS", json.dumps(RULES[1:]))
    settings_module.settings.cache_clear()
    at_the_door.cookies.clear()

    goes_through(at_the_door, "wang")

    assert posts_of(session, "wang", issuer) == [("planner", False), ("data_keeper", True)]
    facts = session.execute(
        text("select second_factor from identity_session order by created_at desc limit 1")
    )
    assert facts.scalar_one()


def test_whom_no_rule_gives_a_post_gets_no_account(at_the_door: Any, session: Session, issuer: str) -> None:
    answer = goes_through(at_the_door, "li")

    assert answer.status_code == 422
    assert "没有为您设置岗位" in answer.text
    assert session.scalars(select(Person).where(Person.name == "李无岗")).all() == []
    last = session.execute(
        text("select event, details ->> 'reason' from audit_trail order by id desc limit 1")
    ).one()
    assert tuple(last) == ("identity.person.sign_in_refused", "provider")


def test_a_leaver_and_an_account_with_a_password_stay_out(
    at_the_door: Any, session: Session, issuer: str
) -> None:
    goes_through(at_the_door, "zhang")
    person = session.scalars(select(Person).where(Person.name == "张规划")).one()
    person.password_hash = "x"
    session.flush()
    at_the_door.cookies.clear()

    assert goes_through(at_the_door, "zhang").status_code == 422
    person.password_hash, person.left_at = None, person.created_at
    session.flush()
    assert goes_through(at_the_door, "zhang").status_code in (422, 429)


@pytest.mark.parametrize("fault", ["state", "code", "cookie", "other browser", "twice"])
def test_an_answer_that_is_not_to_our_question_lets_nobody_in(at_the_door: Any, fault: str) -> None:
    back = sent_back(at_the_door.get("/sign-in/provider").headers["location"], "zhang")
    if fault in ("state", "code"):
        back = re.sub(rf"{fault}=[^&]+", f"{fault}=made-up", back)
    elif fault == "cookie":
        at_the_door.cookies.set("xz_provider", "AAAA", path="/sign-in/provider/back")
        at_the_door.cookies.delete("xz_provider", domain="localhost.local", path="/sign-in/provider/back")
    elif fault == "other browser":
        at_the_door.cookies.clear()
        at_the_door.get("/sign-in/provider")  # a question of its own
    elif fault == "twice":
        assert at_the_door.get(back).status_code == 303
        at_the_door.cookies.clear()

    answer = at_the_door.get(back)

    assert answer.status_code == 422
    assert "sid" not in answer.cookies


def test_a_token_for_somebody_else_is_refused(at_the_door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    back = sent_back(at_the_door.get("/sign-in/provider").headers["location"], "zhang")
    monkeypatch.setattr("xzgis.identity.actions.provider._brought_back", _with_another_nonce())

    assert at_the_door.get(back).status_code == 422


def _with_another_nonce() -> Any:
    from dataclasses import replace

    from xzgis.identity.actions import provider

    honest = provider._brought_back
    return lambda kept: replace(honest(kept), nonce="another")


def test_a_provider_that_does_not_answer_is_told(at_the_door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XZGIS_OIDC_ISSUER", "http://localhost:9")
    settings_module.settings.cache_clear()

    answer = at_the_door.get("/sign-in/provider")

    assert answer.status_code == 422
    assert "暂时无法使用" in answer.text


@pytest.mark.parametrize(
    "row", [{"claim": "g"}, RULES[0] | {"role": "king"}, RULES[0] | {"role": "security_admin"}]
)
def test_a_rule_that_is_none_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="第 1 条"):
        rules_of([row])
