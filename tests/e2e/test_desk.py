"""The desk: what waits appears by itself, is told to every reader, and goes when somebody did it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.browser import cookie_of
from tests.e2e.test_keyboard_and_access import tab_to
from tests.e2e.test_map import violations
from tests.factories import a_batch
from tests.signed_in import a_session
from xzgis.audit.record import record
from xzgis.core.actor import SYSTEM
from xzgis.core.db import transaction
from xzgis.identity.models import Person
from xzgis.identity.terms import Role
from xzgis.networks.events import BatchCancelled, BatchRead
from xzgis.networks.terms import BatchState
from xzgis.notices.actions.telling import tell
from xzgis.notices.terms import Addressee, Kind, Telling


@dataclass(frozen=True)
class Keeper:
    """Somebody before a browser, and the account he signed in with."""

    page: Page
    account: str


@pytest.fixture
def keeper(browser: Browser, anyone: Any, base_url: str, session_cookie: Any) -> Iterator[Keeper]:
    """The browser of a keeper whose desk is his own."""
    assert session_cookie
    account = f"keeper.{datetime.now(UTC):%H%M%S%f}"
    with transaction(SYSTEM) as session:
        token = a_session(session, account, Role.DATA_KEEPER)
    context = browser.new_context(**anyone, base_url=base_url)
    context.add_cookies([cookie_of(token)])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    yield Keeper(page, account)
    context.close()
    assert said == []


def a_delivery(points: int) -> str:
    with transaction(SYSTEM) as session:
        batch = a_batch(name="新到普查")
        batch.state = BatchState.READ
        session.add(batch)
        session.flush()
        number = str(batch.id)
        record(session, actor=SYSTEM, event=BatchRead(number, points, 2, {}), now=datetime.now(UTC))
    return number


def given_up(number: str) -> None:
    with transaction(SYSTEM) as session:
        record(session, actor=SYSTEM, event=BatchCancelled(number, "重测"), now=datetime.now(UTC))


def told(account: str, label: str) -> None:
    with transaction(SYSTEM) as session:
        person_id = session.scalar(select(Person.id).where(Person.account == account))
        facts = {"label": label, "until_at": "2026-12-01T00:00:00+00:00"}
        notice = Telling(Kind.TOKEN_ISSUED, "identity.token", label, facts)
        tell(session, Addressee(person_id=person_id), notice, now=datetime.now(UTC))


def test_what_waits_appears_by_itself_and_goes_when_anybody_did_it(keeper: Keeper, base_url: str) -> None:
    page = keeper.page
    page.goto("/")
    expect(page).to_have_url(f"{base_url}/desk")
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    expect(page.locator("#waits")).to_have_attribute("aria-label", "待办与通知 · 待办 0 项，未读通知 0 条")

    number = a_delivery(21)
    waiting = page.locator("li.todo", has_text=f"批次 {number} 已读完（管点 21")
    expect(waiting).to_be_visible()
    expect(waiting).to_contain_text("办理期限")
    expect(page.locator("#waits .badge")).to_have_text("1")
    expect(page.get_by_role("status")).to_have_text("待办 1 项，未读通知 0 条")
    assert violations(page) == []

    waiting.get_by_role("link").click()
    expect(page).to_have_url(f"{base_url}/intake/{number}")
    expect(page.locator("#waits .badge")).to_have_text("1")
    page.goto("/notices")
    expect(page.locator("li.todo")).to_have_count(1)
    given_up(number)
    expect(page.locator("li.todo")).to_have_count(0)
    expect(page.locator("#waits .badge")).to_be_hidden()
    page.get_by_role("link", name="已办").click()
    expect(page.locator("li.todo")).to_contain_text("由 system 办结")


def test_notices_are_read_by_keyboard_alone(keeper: Keeper, base_url: str) -> None:
    page = keeper.page
    told(keeper.account, "甲程序")
    told(keeper.account, "乙程序")
    page.goto("/notices?what=notice")
    expect(page.locator("li.unread")).to_have_count(2)

    tab_to(page, "li.unread button")
    page.keyboard.press("Enter")
    expect(page.locator("li.unread")).to_have_count(1)
    expect(page.locator("#waits .badge")).to_have_text("1")
    tab_to(page, "#read-all")
    page.keyboard.press("Enter")

    expect(page.locator("li.unread")).to_have_count(0)
    expect(page.locator("li.note")).to_have_count(2)
    expect(page.locator("#waits .badge")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 390])
def test_desk_and_centre_serve_every_reader_in_both_languages(
    keeper: Keeper, base_url: str, width: int
) -> None:
    page = keeper.page
    number = a_delivery(5)
    told(keeper.account, "丙程序")
    page.set_viewport_size({"width": width, "height": 900})
    page.context.add_cookies([{"name": "xz_language", "value": "en", "url": base_url}])

    for path in ("/desk", "/notices", "/notices?what=notice", "/notices?what=done"):
        page.goto(path)
        expect(page.locator("#waits .badge")).to_have_text("2")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto("/desk")
    expect(page.locator("main")).to_contain_text("waits to be accepted")
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in page.locator("li.todo").first.inner_text())
    given_up(number)


def test_a_hidden_page_holds_no_line_open(keeper: Keeper) -> None:
    page = keeper.page
    page.goto("/desk")
    expect(page.locator("#waits")).to_have_attribute("aria-label", "待办与通知 · 待办 0 项，未读通知 0 条")
    page.evaluate(
        "() => { Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    number = a_delivery(8)
    page.wait_for_timeout(1500)
    expect(page.locator("#waits .badge")).to_be_hidden()

    page.evaluate(
        "() => { Object.defineProperty(document, 'hidden', {value: false, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )

    expect(page.locator("#waits .badge")).to_have_text("1")
    given_up(number)


def test_letters_are_switched_off_and_stay_so(keeper: Keeper) -> None:
    page = keeper.page
    page.goto("/notices")
    choice = page.get_by_label("给我发邮件提醒")
    expect(choice).to_be_checked()

    choice.uncheck()
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_label("给我发邮件提醒")).not_to_be_checked()
