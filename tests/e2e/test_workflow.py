"""A process is looked at, a version proposed, refused to its maker, approved by somebody else: on the pages alone."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Street
from tests.e2e.test_map import violations
from tests.e2e.test_rules import become
from xzgis.catalogue.files import process_files
from xzgis.core.actor import SYSTEM
from xzgis.core.db import transaction
from xzgis.identity.terms import Role
from xzgis.workflow.actions.shipping import sync_processes

NAME = "城市道路占用、挖掘许可"


def test_a_process_is_changed_by_two_people(clean_page: Page, street: Street, tmp_path: Path) -> None:
    page, files = clean_page, process_files()
    with transaction(SYSTEM) as session:
        sync_processes(session, files)
    become(page, "admin.flow", Role.SYSTEM_ADMIN, to="/desk")
    page.get_by_role("link", name="流程定义").click()
    expect(page.get_by_role("row").filter(has_text=NAME)).to_contain_text("20 个工作日（可延长 10 个工作日）")
    assert violations(page) == []
    page.get_by_role("link", name=NAME).click()
    drawing = page.get_by_role("img", name=f"流程图：{NAME}")
    expect(drawing).to_be_visible()
    expect(drawing.locator("rect")).to_have_count(16)
    expect(page.get_by_role("row").filter(has_text="公安机关交通管理部门")).to_contain_text("已核对原文")
    assert violations(page) == []
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载流程图文件").click()
    file = tmp_path / taken.value.suggested_filename
    taken.value.save_as(file)
    assert file.read_bytes() == files["workflow/road_occupation.bpmn"]

    page.get_by_role("link", name="提出新版本").click()
    file.write_text(file.read_text("utf-8").replace("manualTask", "scriptTask"), "utf-8")
    page.get_by_label("流程图文件").set_input_files(file)
    page.get_by_label("理由").fill("机构改革，改由审批局办理")
    page.get_by_label("依据").fill("徐政办〔2026〕8 号")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("不允许的元素 scriptTask")
    assert violations(page) == []
    changed = files["workflow/road_occupation.bpmn"].decode().replace('name="催办"', 'name="电话催办"')
    file.write_text(changed.replace('hours="24"', 'hours="12"'), "utf-8")
    page.get_by_label("流程图文件").set_input_files(file)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("region", name="与另一版的差别").or_(page.locator("main"))).to_contain_text(
        "“补办手续”的时限（小时）由 24 改为 12"
    )
    expect(page.get_by_role("button", name="批准")).to_have_count(0)
    assert violations(page) == []
    address = page.url

    become(page, "chief.flow", Role.APPROVER, to="/desk")
    page.get_by_role("link", name=f"提出流程“{NAME}”的新版本").click()
    assert page.url == address
    page.get_by_label("审批意见").fill("已核对文件")
    page.get_by_role("button", name="批准").click()

    expect(page.get_by_text("现行", exact=True)).to_be_visible()
    assert violations(page) == []
    page.goto("/workflow/processes/road_occupation")
    versions = page.get_by_role("region", name="版本")
    expect(versions.get_by_role("row").filter(has_text="第 2 版")).to_contain_text("chief.flow")
    expect(versions.get_by_role("row").filter(has_text="第 1 版")).to_contain_text("已被取代")
    expect(page.get_by_role("row").filter(has_text="电话催办").first).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("img", name="Drawing: Permit to occupy or excavate a city road")).to_be_visible()
    assert violations(page) == []
