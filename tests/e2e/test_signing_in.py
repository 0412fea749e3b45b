"""Somebody new: the door, the one-time password changed, the map, and out again; the pages for every reader."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from tests.browser import cookie_of
from tests.e2e.test_map import violations
from tests.people import THE_CONSOLE
from tests.signed_in import a_session
from xzgis.core.db import transaction
from xzgis.identity import actions
from xzgis.identity.terms import NewPerson, PostAsked, Role

OWN_PASSWORD = "Kies-Turm-Lampe-39"


@pytest.fixture
def newcomer(live_engine: Engine, session_cookie: Any) -> NewPerson:
    """A planner with a one-time password; the unit is there since somebody else signed in."""
    assert live_engine is not None
    assert session_cookie
    now = datetime.now(UTC)
    with transaction(THE_CONSOLE) as session:
        made = actions.add_person(session, actor=THE_CONSOLE, account="newcomer", name="新来", now=now)
        asked = PostAsked(unit="TESTS", role=Role.PLANNER, area="3298")
        actions.grant_post(session, actor=THE_CONSOLE, account=made.account, asked=asked, now=now)
    return made


def types_in(page: Page, account: str, password: str) -> None:
    page.get_by_label("账号", exact=True).fill(account)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def test_from_the_door_to_desk_and_map_and_out_again(
    browser: Browser, anyone: Any, base_url: str, newcomer: NewPerson
) -> None:
    page = browser.new_context(**anyone, base_url=base_url).new_page()
    page.goto("/works?x=1")
    expect(page).to_have_url(f"{base_url}/sign-in?next=%2Fworks%3Fx%3D1")
    assert page.locator("nav a").count() == 0

    types_in(page, newcomer.account, "not this one")
    expect(page.get_by_role("alert")).to_contain_text("账号、密码或动态口令不正确")
    types_in(page, newcomer.account, newcomer.password)
    expect(page.get_by_role("heading", name="请先修改密码")).to_be_visible()
    assert page.locator("[data-events]").count() == 0  # refused before that, and told so in the console
    page.goto("/map")
    expect(page).to_have_url(f"{base_url}/me")

    page.get_by_label("当前密码").fill(newcomer.password)
    page.get_by_label("新密码", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("再输入一次").fill(OWN_PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    expect(page).to_have_url(f"{base_url}/desk")
    assert page.locator("[data-events]").count() == 1
    page.get_by_role("link", name="地图", exact=True).click()
    expect(page.locator("xz-map canvas")).to_be_visible()
    expect(page.locator(".whose")).to_contain_text("新来 · 测试局")
    assert "审计" not in page.locator("nav").first.inner_text()

    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(f"{base_url}/sign-in")
    page.goto("/map")
    expect(page).to_have_url(f"{base_url}/sign-in?next=%2Fmap")
    page.context.close()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    ("role", "paths"),
    [
        (None, ("/sign-in",)),
        (Role.PLANNER, ("/me",)),
        (
            Role.SYSTEM_ADMIN,
            (
                "/people",
                "/people/tester",
                "/units",
                "/areas",
                "/jobs",
                "/system",
                "/system/logs",
                "/system/backups",
            ),
        ),
        (Role.SECURITY_ADMIN, ("/people/tester",)),
        (Role.AUDIT_ADMIN, ("/trail",)),
    ],
)
def test_every_reader_can_use_the_pages_of_accounts(
    browser: Browser,
    anyone: Any,
    base_url: str,
    session_cookie: Any,
    role: Role | None,
    paths: Any,
    width: int,
) -> None:
    assert session_cookie
    context = browser.new_context(**anyone, base_url=base_url, viewport={"width": width, "height": 900})
    if role is not None:
        with transaction(THE_CONSOLE) as session:
            context.add_cookies([cookie_of(a_session(session, f"x.{role.value}.{width}", role))])
    page = context.new_page()
    for path in paths:
        page.goto(path)
        assert page.url == f"{base_url}{path}"
        for summary in page.locator("details > summary").all():
            summary.click()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
