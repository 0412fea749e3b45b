"""A work of several runs and an excavation: each is opened, changed, added, taken out; the others stay as they were."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Street
from tests.e2e.test_map import open_map, violations


def saved_document(page: Page) -> dict[str, Any]:
    work_id = page.url.split("?")[0].rsplit("/", 1)[1]
    answer: dict[str, Any] = page.request.get(f"/api/works/{work_id}").json()["document"]
    return answer


def three_parts(street: Street, folder: Path) -> Path:
    east, north = street.east_m, street.north_m
    file = folder / "三部分.json"
    file.write_text(json.dumps({
        "name": "两管一坑",
        "runs": [
            {"kind": "gas", "axis": [[east + 10.123456, north + 0.3], [east + 70, north + 0.3]],
             "section": {"diameter_mm": 200}, "depth": {"cover_m": 1.0}, "pressure_class": "medium_A"},
            {"kind": "water", "axis": [[east + 10, north + 6.0], [east + 70, north + 6.1234567]],
             "section": {"diameter_mm": 300}, "depth": {"cover_m": 1.5}},
        ],
        "excavations": [{"outline": [[east + 80, north + 8], [east + 90, north + 8], [east + 90, north + 14]],
                         "depth_m": 2.0}],
    }))  # fmt: skip
    return file


def test_each_run_of_a_work_is_changed_and_the_others_stay(
    clean_page: Page, street: Street, tmp_path: Path
) -> None:
    page = clean_page
    page.goto("/works/new")
    page.locator("summary", has_text="从文件读入").click()
    page.set_input_files("[name=file]", three_parts(street, tmp_path))
    page.get_by_role("button", name="读入文件").click()
    expect(page.get_by_text("共 2 条管线、1 处开挖")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/works/\d+"))
    before = saved_document(page)

    # The second run: its own line on the map, its own section, changed and saved.
    page.locator(".parameters > summary").click()
    page.get_by_role("button", name="2. 给水 DN300").click()
    expect(page.locator("[name=diameter_mm]")).to_have_value("300")
    expect(page.locator("[name=at_run]")).to_have_value("1")
    expect(page.locator("xz-map")).to_have_attribute("data-state", "idle", timeout=30_000)
    page.fill("[name=diameter_mm]", "150")
    expect(page.locator("#section svg")).to_contain_text("DN150", timeout=10_000)
    page.get_by_role("button", name="1 米", exact=False).first.click()
    expect(page.locator("#section [aria-busy]")).to_have_count(0)  # a section being drawn anew is pale
    assert violations(page) == []
    page.get_by_role("button", name="保存修改").click()
    page.wait_for_url(re.compile(r"/works/\d+"))

    after = saved_document(page)
    assert after["runs"][1]["section"]["diameter_mm"] == 150
    assert after["runs"][0] == before["runs"][0]
    assert after["excavations"] == before["excavations"]


def test_a_line_is_added_to_a_work_and_taken_out_again(
    clean_page: Page, street: Street, tmp_path: Path
) -> None:
    page = clean_page
    open_map(page, street, path="/works/new")
    page.fill("[name=name]", "逐条加线")
    page.fill("[name=diameter_mm]", "200")
    page.fill("[name=cover_m]", "1")
    north = street.north_m + 0.3
    page.fill("[name=axis]", f"{north} {street.east_m + 10}\n{north} {street.east_m + 45}")
    page.get_by_role("button", name="加一条管线").click()

    expect(page.get_by_role("button", name="2. 新加的管线")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[name=axis]")).to_have_value("")
    page.fill("[name=axis]", f"{north + 5} {street.east_m + 10}\n{north + 5} {street.east_m + 45}")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/works/\d+"))
    assert len(saved_document(page)["runs"]) == 2

    page.locator(".parameters > summary").click()
    page.get_by_role("button", name="去掉第 1 条").click()
    expect(page.locator("[name=axis]")).to_have_value(re.compile(f"^{north + 5:.3f} "))
    expect(page.get_by_role("button", name="2.")).to_have_count(0)
