"""A file leaves, is found, verified, withdrawn, and more ground is asked for: on the pages alone."""

import re
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from tests.e2e.conftest import Street
from tests.e2e.test_roles import Enter, enter
from xzgis.identity.terms import Role

__all__ = ["enter"]


def test_a_file_leaves_is_verified_and_withdrawn(
    enter: Enter, street: Street, live_engine: Engine, tmp_path: Any
) -> None:
    assert live_engine is not None
    page = enter(Role.DATA_KEEPER)
    page.goto("/exports")
    page.get_by_text("导出管线登记库", exact=True).click()
    page.locator("#f-reason-take").fill("年度归档，交档案馆")
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出 GeoPackage").click()
    number = re.fullmatch(r"register-(\d+)\.gpkg", taken.value.suggested_filename)
    assert number is not None
    file = tmp_path / "register.gpkg"
    taken.value.save_as(file)

    verify(page, file)
    expect(page.locator("#told")).to_contain_text(f"导出 {number[1]} 的原件")

    page.get_by_role("link", name=number[1], exact=True).click()
    expect(page.get_by_text("年度归档，交档案馆")).to_be_visible()
    page.get_by_label("理由（为何需要、给谁用）").fill("版本作废")
    page.get_by_role("button", name="撤回").click()
    expect(page.locator(".notice.bad")).to_contain_text("版本作废")

    page.goto("/exports")
    verify(page, file)
    expect(page.locator("#told")).to_contain_text("已撤回：请销毁全部副本")
    with file.open("ab") as altered:
        altered.write(b"x")
    verify(page, file)
    expect(page.locator("#told")).to_contain_text("查无此文件")


def verify(page: Page, file: Any) -> None:
    page.locator("summary", has_text="核验文件").click()
    page.locator("#f-file").set_input_files(file)
    page.get_by_role("button", name="核验文件").click()


def test_more_ground_is_asked_for_and_approved_by_somebody_else(enter: Enter, street: Street) -> None:
    asker = enter(Role.DATA_KEEPER)
    asker.goto("/exports")
    asker.locator("summary", has_text="提出申请").click()
    asker.get_by_label("申请的连片面积上限").fill("40")
    asker.locator("#f-reason-ask").fill("全区普查移交")
    asker.get_by_role("button", name="提出申请").click()
    expect(asker.get_by_role("table").last).to_contain_text("待批准")

    chief = enter(Role.APPROVER)
    chief.goto("/exports")
    row = chief.get_by_role("row").filter(has_text="全区普查移交")
    row.get_by_label("理由（为何需要、给谁用）").fill("已核对用途")
    row.get_by_role("button", name="批准").click()

    expect(chief.get_by_role("row").filter(has_text="全区普查移交")).to_contain_text("已批准")
