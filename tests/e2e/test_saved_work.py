"""A work is saved, opened again, changed, checked anew and removed; joints go with it."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Street
from tests.e2e.test_map import open_map, violations
from tests.e2e.test_new_work import expect_three_answers, fill


def save(page: Page, street: Street, name: str) -> None:
    open_map(page, street, path="/works/new")
    fill(page, street)
    page.fill("[name=name]", name)
    expect_three_answers(page)
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/works/\d+"))


def test_a_work_is_saved_opened_changed_and_removed(clean_page: Page, street: Street) -> None:
    page = clean_page
    save(page, street, "保存的燃气工程")

    # Opened: the answer stands first, the form is folded, the section lies at the first finding.
    verdict = page.locator("#verdict")
    expect(verdict).to_contain_text(re.compile(r"有 \d+ 项不满足"))
    expect(page.locator("[name=diameter_mm]")).to_be_hidden()
    first = page.locator(".finding").first
    expect(first).to_be_in_viewport()
    expect(page.locator("#section svg")).to_be_visible()
    failing = int(page.locator("[data-count=breach]").inner_text())

    # Changed: moved 6 m to the north, clear of the water main; checked while it is typed.
    page.locator(".parameters > summary").click()
    north = street.north_m + 6.3
    page.fill("[name=axis]", f"{north} {street.east_m + 10}\n{north} {street.east_m + 45}")
    expect(page.locator("[data-count=breach]")).not_to_have_text(str(failing), timeout=10_000)
    page.get_by_role("button", name="保存修改").click()
    expect(page.locator("#verdict")).to_be_visible()
    expect(page.locator("[name=axis]")).to_have_value(re.compile(f"^{north:.3f} "))

    # Removed: only after it was confirmed.
    page.locator("details", has_text="删除工程").last.locator("summary").click()
    page.get_by_label("确认删除").check()
    page.get_by_role("button", name="删除工程").click()
    page.wait_for_url(re.compile(r"/works$"))
    expect(page.get_by_role("link", name="保存的燃气工程")).to_have_count(0)


def test_a_saved_work_lies_on_the_list_and_opens_from_it(clean_page: Page, street: Street) -> None:
    save(clean_page, street, "列表中的工程")

    clean_page.goto("/works")
    clean_page.get_by_role("link", name="列表中的工程").first.click()

    expect(clean_page.get_by_role("heading", level=1)).to_have_text("列表中的工程")
    expect(clean_page.locator("#verdict")).to_be_visible()
    assert violations(clean_page) == []


def test_a_branch_of_its_own_main_is_no_finding_once_it_is_declared(clean_page: Page, street: Street) -> None:
    page = clean_page
    open_map(page, street, path="/works/new")
    fill(page, street)
    # A gas branch that ends in the gas main RX1–RX2 and lies at its level.
    north = street.north_m + 12
    page.select_option("[name=pressure_class]", "medium_A")
    page.fill("[name=axis]", f"{north} {street.east_m + 30}\n{north} {street.east_m + 50}")
    page.check("[name=depth][value=profile]")
    page.fill("[name=profile]", "0 29.2\n20 29.2")
    # The operator is asked for his consent, joined or not.
    of_main = page.locator("#answer .finding", has_text="RX1–RX2").filter(has_not_text="须征得同意")
    against_main = of_main.filter(has_not_text="开挖注意")
    expect(against_main.first).to_be_visible(timeout=10_000)

    page.get_by_role("button", name="声明相接").click()

    expect(page.locator("[name=tie_ins]")).to_have_value(re.compile(r"^终点 \d+$"))
    expect(against_main).to_have_count(0)
    page.fill("[name=name]", "接入干管的支管")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/works/\d+"))
    page.locator(".parameters > summary").click()
    expect(page.locator("[name=tie_ins]")).to_have_value(re.compile(r"^终点 \d+$"))
    expect(against_main).to_have_count(0)


def test_opening_a_work_changes_nothing_that_was_typed(clean_page: Page, street: Street) -> None:
    page = clean_page
    open_map(page, street, path="/works/new")
    fill(page, street)
    page.fill("[name=name]", "带地面高程的工程")
    north = street.north_m + 0.3
    typed = f"{north:.3f} {street.east_m + 0.1:.3f} 31.000\n{north:.3f} {street.east_m + 70:.3f} 31.200"
    page.fill("[name=axis]", typed)
    expect_three_answers(page)
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/works/\d+"))

    expect(page.locator("xz-map")).to_have_attribute("data-state", "idle", timeout=30_000)
    page.wait_for_timeout(1000)

    # The map shows the line; it neither moves it onto recorded points nor drops the ground levels.
    expect(page.locator("[name=axis]")).to_have_value(typed)
    expect(page.locator("[name=snap]")).not_to_be_checked()


def test_on_a_narrow_screen_nothing_lies_on_anything_else(clean_page: Page, street: Street) -> None:
    page = clean_page
    save(page, street, "窄屏上的工程")
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(page.locator("#profile svg")).to_be_visible()

    map_box, readout, under, stage = (
        page.locator(each).bounding_box() for each in ("xz-map", "#readout", ".under", ".stage")
    )

    assert map_box is not None
    assert readout is not None
    assert under is not None
    assert stage is not None
    assert map_box["y"] + map_box["height"] <= readout["y"] + 1
    assert readout["y"] + readout["height"] <= under["y"] + 1
    assert under["y"] + under["height"] <= stage["y"] + stage["height"] + 1
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_verdict_of_a_saved_work_is_seen_without_scrolling(clean_page: Page, street: Street) -> None:
    page = clean_page
    page.set_viewport_size({"width": 1440, "height": 900})
    save(page, street, "结论在前的工程")
    page.reload()

    box = page.locator("#verdict").bounding_box()
    inside = page.locator("#verdict .verdict").bounding_box()

    assert box is not None
    assert inside is not None
    assert box["height"] >= min(inside["height"], 0.25 * 900)
    assert box["y"] + box["height"] < 900


def test_a_finding_is_contested_stays_listed_and_the_contest_is_withdrawn(
    clean_page: Page, street: Street
) -> None:
    page = clean_page
    save(page, street, "有异议的工程")
    counted = page.locator("[data-count=breach]").inner_text()
    first = page.locator(".finding").first
    first.get_by_text("我认为此项不适用").click()

    first.get_by_role("button", name="记入异议").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明理由")

    first.get_by_text("我认为此项不适用").click()
    first.get_by_label("理由（必填）").fill("同沟敷设，已有专项设计")
    first.get_by_role("button", name="记入异议").click()
    expect(first).to_contain_text("同沟敷设，已有专项设计")
    expect(first).to_contain_text("结论不变")
    expect(page.locator("[data-count=breach]")).to_have_text(counted)
    assert violations(page) == []

    page.reload()
    expect(first).to_contain_text("同沟敷设，已有专项设计")
    first.get_by_role("button", name="撤回异议").click()
    expect(first).not_to_contain_text("同沟敷设")
    expect(page.locator("[data-count=breach]")).to_have_text(counted)


def test_the_data_page_tells_the_terrain_and_the_guard_of_the_trail(clean_page: Page, street: Street) -> None:
    clean_page.goto("/data")

    keeping = clean_page.locator("section", has=clean_page.locator("#h-keeping"))
    expect(keeping).to_contain_text("没有地形")
    expect(keeping).to_contain_text("审计记录")
    ready = clean_page.request.get("/health/ready")
    assert ready.json()["terrain"] is None
