"""A passkey on the page, kept by Chromium's own virtual authenticator: let in, used, taken away."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect
from sqlalchemy import Engine, select

from tests.e2e.test_map import violations
from tests.e2e.test_signing_in import OWN_PASSWORD, types_in
from tests.people import THE_CONSOLE
from xzgis.audit.models import TrailEntry
from xzgis.core.db import transaction
from xzgis.identity import actions
from xzgis.identity.terms import NewPerson, PostAsked, Role

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
NAME = "工位电脑"


@pytest.fixture
def by_name(base_url: str) -> str:
    """The same pages under a name: a bare address can have no passkeys."""
    return base_url.replace("127.0.0.1", "localhost")


@pytest.fixture
def person(live_engine: Engine, session_cookie: Any) -> NewPerson:
    """A security administrator, who must have a second factor before anything else."""
    assert live_engine is not None
    assert session_cookie
    now = datetime.now(UTC)
    account = f"key.{now:%H%M%S%f}"
    with transaction(THE_CONSOLE) as session:
        made = actions.add_person(session, actor=THE_CONSOLE, account=account, name="持钥人", now=now)
        asked = PostAsked(unit="TESTS", role=Role.SECURITY_ADMIN, area="3298")
        actions.grant_post(session, actor=THE_CONSOLE, account=account, asked=asked, now=now)
    return made


@pytest.fixture
def page(browser: Browser, anyone: Any, by_name: str, person: NewPerson) -> Iterator[Page]:
    """The person's browser, past the change of the one-time password."""
    context = browser.new_context(**anyone, base_url=by_name)
    page = context.new_page()
    page.goto("/sign-in")
    types_in(page, person.account, person.password)
    page.get_by_label("当前密码").fill(person.password)
    page.get_by_label("新密码", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("再输入一次").fill(OWN_PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("heading", name="请先设置动态口令")).to_be_visible()
    yield page
    context.close()


@pytest.fixture
def device(page: Page) -> CDPSession:
    """A device of the browser that keeps keys and knows its owner."""
    control = page.context.new_cdp_session(page)
    control.send("WebAuthn.enable")
    control.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return control


def add(page: Page, password: str = OWN_PASSWORD) -> None:
    card = page.locator("section", has=page.locator("#passkeys"))
    card.get_by_label("名称").fill(NAME)
    card.get_by_label("当前密码").fill(password)
    card.get_by_role("button", name="添加通行密钥").click()


def events_of(person: NewPerson) -> list[str]:
    with transaction(THE_CONSOLE) as session:
        asked = select(TrailEntry.event).where(TrailEntry.object_id == str(person.id)).order_by(TrailEntry.id)
        return [event for event in session.scalars(asked) if "passkey" in event or "signed_in" in event]


def test_a_passkey_is_let_in_used_and_taken_away(page: Page, device: CDPSession, person: NewPerson) -> None:
    assert violations(page) == []
    add(page, "not this one")
    expect(page.locator("[data-said]")).to_contain_text("当前密码不正确")
    add(page)

    # A second factor at last: on to the first page of the role, and no password on the way back in.
    expect(page).to_have_url(re.compile("/desk$"))
    page.get_by_role("button", name="退出", exact=True).click()
    page.goto("/units")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page).to_have_url(re.compile("/units$"))
    expect(page.locator(".whose")).to_contain_text("持钥人")

    page.goto("/me")
    row = page.get_by_role("row", name=NAME)
    expect(row.get_by_role("cell").nth(2)).not_to_have_text("—")
    assert violations(page) == []
    row.get_by_role("button", name="移除").click()
    expect(page.get_by_role("row", name=NAME)).to_have_count(0)

    page.get_by_role("button", name="退出", exact=True).click()
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("alert").first).to_contain_text("未被接受")
    assert events_of(person) == [
        "identity.person.signed_in", "identity.person.passkey_added", "identity.person.signed_in",
        "identity.person.passkey_removed",
    ]  # fmt: skip


def test_a_device_that_does_not_know_its_owner_gives_no_key(page: Page, device: CDPSession) -> None:
    device.send("WebAuthn.disable")
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"isUserVerified": False}})

    add(page)

    expect(page.locator("[data-said]")).to_contain_text("没有完成")
    expect(page.get_by_role("row", name=NAME)).to_have_count(0)


def test_a_bare_address_says_where_passkeys_work(
    browser: Browser, anyone: Any, base_url: str, by_name: str
) -> None:
    context = browser.new_context(**anyone, base_url=base_url)
    page = context.new_page()
    page.goto("/sign-in?next=/works")
    expect(page.get_by_role("button", name="用通行密钥登录")).to_have_count(0)
    page.get_by_role("link", name=f"{by_name}/sign-in").click()
    expect(page.get_by_role("button", name="用通行密钥登录")).to_be_visible()
    assert page.locator("[name=next]").first.input_value() == "/works"
    context.close()
