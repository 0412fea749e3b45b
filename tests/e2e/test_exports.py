"""A file leaves, is found, verified, withdrawn, and more ground is asked for: on the pages alone."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import cookie_of
from tests.e2e.conftest import Street
from tests.e2e.test_map import violations
from tests.factories import an_actor
from tests.signed_in import a_session
from xzgis.core.db import transaction
from xzgis.identity.terms import Role


def become(page: Page, account: str, role: Role) -> None:
    """From now on the browser is that of somebody else."""
    with transaction(an_actor()) as session:
        page.context.add_cookies([cookie_of(a_session(session, account, role))])
    page.goto("/exports")


def verify(page: Page, file: Path) -> None:
    page.locator("summary", has_text="核验文件").click()
    page.locator("#f-file").set_input_files(file)
    page.get_by_role("button", name="核验文件").click()


def test_a_file_leaves_is_verified_and_withdrawn(clean_page: Page, street: Street, tmp_path: Path) -> None:
    page = clean_page
    become(page, "keeper.exports", Role.DATA_KEEPER)
    page.locator("summary", has_text="导出管线登记库").click()
    page.locator("#f-reason-take").fill("年度归档，交档案馆")
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出 GeoPackage").click()
    number = re.fullmatch(r"register-(\d+)\.gpkg", taken.value.suggested_filename)
    assert number is not None
    file = tmp_path / "register.gpkg"
    taken.value.save_as(file)

    verify(page, file)
    expect(page.locator("#told")).to_contain_text(f"导出 {number[1]} 的原件")
    assert violations(page) == []

    page.get_by_role("link", name=number[1], exact=True).click()
    expect(page.get_by_text("年度归档，交档案馆")).to_be_visible()
    page.get_by_label("理由（为何需要、给谁用）").fill("版本作废")
    page.get_by_role("button", name="撤回").click()
    expect(page.locator(".notice.bad")).to_contain_text("版本作废")
    assert violations(page) == []

    page.goto("/exports")
    verify(page, file)
    expect(page.locator("#told")).to_contain_text("已撤回：请销毁全部副本")
    with file.open("ab") as altered:
        altered.write(b"x")
    verify(page, file)
    expect(page.locator("#told")).to_contain_text("查无此文件")


def test_more_ground_is_asked_for_and_approved_by_somebody_else(clean_page: Page, street: Street) -> None:
    page = clean_page
    become(page, "asker.exports", Role.DATA_KEEPER)
    page.locator("summary", has_text="提出申请").click()
    page.get_by_label("申请的连片面积上限").fill("40")
    page.locator("#f-reason-ask").fill("全区普查移交")
    page.get_by_role("button", name="提出申请").click()
    expect(page.get_by_role("row").filter(has_text="全区普查移交")).to_contain_text("待批准")

    become(page, "chief.exports", Role.APPROVER)
    row = page.get_by_role("row").filter(has_text="全区普查移交")
    row.get_by_label("理由（为何需要、给谁用）").fill("已核对用途")
    row.get_by_role("button", name="批准").click()

    expect(page.get_by_role("row").filter(has_text="全区普查移交")).to_contain_text("已批准")
