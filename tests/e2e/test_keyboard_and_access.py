"""The journey by keyboard alone, findings for every reader, and no request that leaves the machine."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Street
from tests.e2e.test_map import open_map, violations
from tests.e2e.test_new_work import expect_three_answers, fill

PAGES = (
    "/map", "/map?q=JX1", "/map/list", "/works", "/works/new", "/intake", "/data", "/data/datasets",
    "/docs", "/desk", "/notices", "/nowhere",
)  # fmt: skip


def tab_to(page: Page, selector: str, *, at_most: int = 120) -> None:
    """Press Tab until the focus lies on the first thing that matches."""
    wanted = page.locator(selector).first
    for _ in range(at_most):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the focus never came to {selector}")


def test_a_line_is_typed_checked_and_cut_by_keyboard_alone(clean_page: Page, street: Street) -> None:
    page = clean_page
    open_map(page, street, path="/works/new")

    tab_to(page, "[name=name]")
    page.keyboard.type("键盘工程")
    tab_to(page, "[name=diameter_mm]")
    page.keyboard.type("200")
    tab_to(page, "[name=cover_m]")
    page.keyboard.type("1.0")
    tab_to(page, "[name=axis]")
    north = street.north_m + 0.3
    page.keyboard.type(f"{north} {street.east_m + 10}\n{north} {street.east_m + 70}")
    tab_to(page, "#work-form button.primary")
    page.keyboard.press("Enter")
    expect_three_answers(page)

    tab_to(page, ".finding details summary")
    page.keyboard.press("Enter")
    expect(page.locator(".finding .clauses").first).to_be_visible()
    expect(page.locator(".finding .clauses").first).to_contain_text("净距不小于")
    tab_to(page, ".finding [data-cut]")
    page.keyboard.press("Enter")
    expect(page.locator("#section svg title").first).to_contain_text("键盘工程")
    tab_to(page, "#section [data-mark]", at_most=200)
    assert page.evaluate("document.activeElement.closest('svg') !== null")


@pytest.mark.parametrize(
    ("cookies", "width"),
    [
        pytest.param({}, 1440, id="normal"),
        pytest.param({"xz_size": "large"}, 1280, id="large type"),
        pytest.param({"xz_contrast": "high"}, 1280, id="high contrast"),
        pytest.param({"xz_language": "en"}, 390, id="narrow, English"),
    ],
)
def test_axe_finds_nothing_on_a_page_with_findings(
    clean_page: Page, base_url: str, street: Street, cookies: dict[str, str], width: int
) -> None:
    page = clean_page
    page.context.add_cookies(
        [{"name": name, "value": value, "url": base_url} for name, value in cookies.items()]
    )
    page.set_viewport_size({"width": width, "height": 900})
    open_map(page, street, path="/works/new")

    fill(page, street)
    expect(page.locator(".finding").first).to_be_visible(timeout=10_000)
    for summary in page.locator("#answer details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_another_host(page: Page, base_url: str, street: Street, path: str) -> None:
    """``clean_page`` fails on the answer 404 of the last one as well, so the requests are watched here."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(path)
    page.wait_for_timeout(1000)  # the line on which notices come is never idle

    assert asked
    assert [url for url in asked if not url.startswith((base_url, "data:", "blob:"))] == []


def test_a_cut_drawn_on_the_map_is_a_section_of_the_register(clean_page: Page, street: Street) -> None:
    page = clean_page
    open_map(page, street)
    page.get_by_role("button", name="横断面").click()
    box = page.locator("xz-map canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2 - 60, box["y"] + box["height"] / 2

    page.mouse.click(x, y - 40)
    page.wait_for_timeout(200)
    page.mouse.click(x, y + 40)

    section = page.locator("#section")
    expect(section.locator("svg title").first).to_contain_text("横断面")
    for code in ("JS DN200", "WS DN400", "DL"):
        expect(section.get_by_text(re.compile(code)).first).to_be_attached()
    assert violations(page) == []
