"""Each role from its one-time password to the main thing it is there for, and without what it is not."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from tests.e2e.conftest import Street
from tests.e2e.test_intake import PATIENCE_MS, Work, made, store, upload, work
from tests.e2e.test_map import click_at, open_map
from tests.e2e.test_new_work import expect_three_answers
from tests.e2e.test_saved_work import save
from tests.e2e.test_signing_in import OWN_PASSWORD, types_in
from tests.people import THE_CONSOLE
from xzgis.core.db import transaction
from xzgis.identity import actions
from xzgis.identity.terms import PostAsked, Role
from xzgis.samples.rules.organisation import MEMBERS

__all__ = ["store", "work"]

Enter = Callable[[Role], Page]


@pytest.fixture
def enter(
    browser: Browser, anyone: Any, base_url: str, live_engine: Engine, session_cookie: Any
) -> Iterator[Enter]:
    """Somebody new of a role, who signed in with the one-time password and set up what was asked for."""
    assert live_engine is not None
    assert session_cookie  # the unit of the tests is there since somebody else signed in
    context = browser.new_context(**anyone, base_url=base_url)

    def entered(role: Role) -> Page:
        page = context.new_page()
        account, now = f"one.{role.value.replace('_', '-')}", datetime.now(UTC)
        with transaction(THE_CONSOLE) as session:
            person = actions.add_person(session, actor=THE_CONSOLE, account=account, name="新人", now=now)
            asked = PostAsked(unit="TESTS", role=role, area="3298")
            actions.grant_post(session, actor=THE_CONSOLE, account=account, asked=asked, now=now)
        page.goto("/sign-in")
        types_in(page, account, person.password)
        page.get_by_label("当前密码").fill(person.password)
        page.get_by_label("新密码", exact=True).fill(OWN_PASSWORD)
        page.get_by_label("再输入一次").fill(OWN_PASSWORD)
        page.get_by_role("button", name="修改密码").click()
        if role.is_administrator:
            page.get_by_label("当前密码").fill(OWN_PASSWORD)
            page.get_by_role("button", name="设置动态口令").click()
            secret = page.locator("code.secret").first.inner_text()
            page.get_by_label("验证器显示的六位数字").fill(pyotp.TOTP(secret).now())
            page.get_by_role("button", name="启用").click()
        expect(page.locator(".whose")).to_contain_text("新人 · 测试局")
        return page

    yield entered
    context.close()


def buttons(page: Page) -> set[str]:
    return {each.strip() for each in page.locator("main button, main a.button").all_inner_texts()}


def places(page: Page) -> list[str]:
    return page.locator("header nav a").all_inner_texts()


def test_every_role_has_somebody_in_the_invented_city() -> None:
    assert {member.role for member in MEMBERS} == {role for role in Role if not role.is_administrator}


def test_the_public_sees_the_door_alone(browser: Browser, anyone: Any, base_url: str) -> None:
    page = browser.new_context(**anyone, base_url=base_url).new_page()
    for path in ("/", "/map", "/works", "/people", "/trail", "/intake"):
        page.goto(path)
        assert page.url.startswith(f"{base_url}/sign-in?next=")
        assert places(page) == []
    page.context.close()


def test_a_planner_saves_a_work(enter: Enter, street: Street) -> None:
    page = enter(Role.PLANNER)

    save(page, street, "规划员的工程")

    assert places(page) == ["工作台", "地图", "入库", "数据", "工程", "规则", "流程定义", "外发"]
    page.goto("/intake")
    assert "导入数据" not in buttons(page)


def test_a_clerk_doubts_a_finding_in_writing(enter: Enter, street: Street) -> None:
    page = enter(Role.CLERK)
    save(page, street, "文员的工程")
    card = page.locator(".finding").first

    card.locator("summary", has_text="我认为此项不适用").click()
    card.get_by_role("textbox").fill("现场复测后的位置不同。")
    card.get_by_role("button", name="记入异议").click()

    expect(page.locator(".finding").first).to_contain_text("现场复测后的位置不同。", timeout=PATIENCE_MS)


def test_an_approver_reads_the_findings_and_takes_the_report(
    enter: Enter, clean_page: Page, street: Street
) -> None:
    save(clean_page, street, "待审的工程")
    page = enter(Role.APPROVER)
    page.goto("/works")
    page.get_by_role("link", name="待审的工程").first.click()

    expect_three_answers(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").first.click()

    assert taken.value.suggested_filename.endswith(".csv")
    assert not {"保存修改", "删除工程", "记入异议"} & buttons(page)


def test_an_owners_contact_checks_a_line_of_his_own(enter: Enter, street: Street) -> None:
    page = enter(Role.OWNER)
    open_map(page, street, path="/works/new")
    page.fill(
        "[name=axis]",
        f"{street.north_m + 0.3} {street.east_m + 10}\n{street.north_m + 0.3} {street.east_m + 70}",
    )
    page.fill("[name=diameter_mm]", "200")

    expect(page.locator("#answer [data-checked]")).to_be_visible(timeout=PATIENCE_MS)
    assert "保存" not in buttons(page)
    expect(page.locator("#h-report")).to_have_count(0)


def test_a_surveyor_delivers_and_does_not_accept(enter: Enter, work: Work, tmp_path: Any) -> None:
    page = enter(Role.SURVEYOR)
    upload(page, made(tmp_path / "survey", start_m=526_000.0))
    work()

    expect(page.get_by_text("待入库")).to_be_visible(timeout=PATIENCE_MS)
    page.reload()
    assert {"取消本批次"} <= buttons(page)
    assert "入库" not in buttons(page)


def test_a_data_keeper_accepts_and_takes_out_again(enter: Enter, work: Work, tmp_path: Any) -> None:
    page = enter(Role.DATA_KEEPER)
    upload(page, made(tmp_path / "survey", start_m=527_000.0))
    work()
    page.get_by_role("button", name="入库", exact=True).click(timeout=PATIENCE_MS)
    work()
    expect(page.get_by_role("heading", name="已入库。")).to_be_visible(timeout=PATIENCE_MS)

    page.get_by_role("link", name="撤销本批次").click()
    page.get_by_role("button", name="确认撤销").click()

    expect(page.get_by_text("已撤销")).to_be_visible()


def test_a_reader_looks_and_is_given_nothing_to_change(
    enter: Enter, clean_page: Page, street: Street
) -> None:
    save(clean_page, street, "查阅的工程")
    page = enter(Role.READER)
    open_map(page, street)
    click_at(page, street, 20, 0)
    expect(page.locator("#card")).to_contain_text("JX1–JX2")

    page.goto("/works")
    assert "新建工程" not in buttons(page)
    page.get_by_role("link", name="查阅的工程").first.click()
    expect(page.locator("xz-map")).to_have_attribute("data-state", "idle", timeout=PATIENCE_MS)
    page.locator(".parameters > summary").click()
    expect(page.locator("[name=diameter_mm]")).to_be_disabled()
    assert page.locator("[role=toolbar], button[formaction]").count() == 0
    page.locator("[data-show]").first.click()
    expect(page.locator("[data-finding][data-current]")).to_have_count(1)


def test_a_system_administrator_makes_an_account(enter: Enter) -> None:
    page = enter(Role.SYSTEM_ADMIN)
    page.get_by_role("link", name="人员", exact=True).click()
    page.locator("summary", has_text="建立账号").click()
    page.get_by_label("账号", exact=True).fill("made.by.one")
    page.get_by_label("姓名或名称").fill("张新")
    page.get_by_role("button", name="建立账号").click()

    expect(page.get_by_role("heading", name=re.compile("一次性密码"))).to_be_visible()
    assert "授予岗位" not in buttons(page)
    page.goto("/people/one.system-admin")
    assert not {"重置密码", "办理离职"} & buttons(page)


def test_a_security_administrator_grants_a_post(enter: Enter) -> None:
    with transaction(THE_CONSOLE) as session:
        actions.add_person(
            session, actor=THE_CONSOLE, account="without.post", name="钱无岗", now=datetime.now(UTC)
        )
    page = enter(Role.SECURITY_ADMIN)
    page.goto("/people/without.post")
    page.locator("summary", has_text="授予岗位").click()
    page.get_by_label("角色").select_option("planner")
    page.get_by_role("button", name="授予岗位").click()

    expect(page.get_by_role("cell", name="规划员")).to_be_visible()
    assert "重置密码" not in buttons(page)
    page.goto("/people/one.security-admin")
    assert "授予岗位" not in buttons(page)


def test_an_audit_administrator_finds_what_another_did(enter: Enter) -> None:
    page = enter(Role.AUDIT_ADMIN)
    page.get_by_role("link", name="审计", exact=True).click()
    expect(page).to_have_url(re.compile("/trail$"))
    page.get_by_label("人员").fill("one.audit-admin")
    page.get_by_role("button", name="查询").click()

    expect(page.get_by_role("table").last).to_contain_text("identity.person.signed_in")
    assert places(page) == ["工作台", "人员", "单位", "区划", "流程定义", "审计"]
