"""The map workbench, as a planner walks through it."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.e2e.conftest import Street

PATIENCE_MS = 30_000


def open_map(page: Page, street: Street, *, zoom: float = 11, path: str = "/map") -> None:
    page.goto(f"{path}?e={street.east_m + 50}&n={street.north_m}&z={zoom}")
    expect(page.locator("xz-map")).to_have_attribute("data-state", "idle", timeout=PATIENCE_MS)


def click_at(page: Page, street: Street, east_m: float, north_m: float, *, zoom: float = 11) -> None:
    """Click a place given from the western end of the street; the map's middle is its 50 m mark."""
    box = page.locator("xz-map canvas").bounding_box()
    assert box is not None
    metre = 2**zoom / 2**9
    page.mouse.click(
        box["x"] + box["width"] / 2 + (east_m - 50) * metre, box["y"] + box["height"] / 2 - north_m * metre
    )


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def test_a_click_on_a_line_shows_its_card(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street)

    click_at(clean_page, street, 20, 0)

    card = clean_page.locator("#card")
    expect(card.get_by_role("heading", name="JX1–JX2")).to_be_visible()
    expect(card).to_contain_text("测试街普查")
    expect(card).to_contain_text("平面 ±0.05 m")


def test_a_click_that_meets_several_lists_them_all(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street)

    click_at(clean_page, street, 50, 0)

    card = clean_page.locator("#card")
    expect(card.get_by_role("link", name=re.compile("JX1–JX2"))).to_be_visible()
    expect(card.get_by_role("link", name=re.compile("RX1–RX2"))).to_be_visible()


def test_search_finds_a_point_a_road_and_a_place(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street)
    search = clean_page.get_by_role("searchbox")

    search.fill("JX1")
    search.press("Enter")
    clean_page.locator("#answers").get_by_role("link", name=re.compile("JX1 ")).click()
    expect(clean_page.locator("#card")).to_contain_text("X 3793000.000")

    search.fill("测试街")
    search.press("Enter")
    expect(clean_page.locator("#answers")).to_contain_text("道路")

    search.fill(f"{street.north_m + 7} {street.east_m + 9}")
    search.press("Enter")
    expect(clean_page.locator("#answers")).to_contain_text("X 3793007.00，Y 517009.00")


def test_300_m_are_300_px_in_the_citys_own_grid(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street, zoom=9)
    box = clean_page.locator("xz-map canvas").bounding_box()
    assert box is not None
    read = []
    for right in (100, 400):
        clean_page.mouse.move(box["x"] + right, box["y"] + 200)
        read.append(clean_page.locator("[data-place]").inner_text())

    easts = [float(text.split("Y")[1]) for text in read]
    norths = [float(text.split()[1]) for text in read]

    assert easts[1] - easts[0] == pytest.approx(300, abs=0.02)
    assert norths[1] - norths[0] == pytest.approx(0, abs=0.02)


def test_the_address_reproduces_the_view(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street)

    clean_page.locator("[data-group='water']").uncheck()
    clean_page.reload()

    expect(clean_page.locator("[data-group='water']")).not_to_be_checked()
    assert "z=11" in clean_page.url


def test_the_legend_says_what_the_scale_leaves_out(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street, zoom=6)

    expect(clean_page.get_by_text("管线按街道归并显示")).to_be_visible()
    expect(clean_page.get_by_text("放大后可见", exact=True).filter(visible=True).first).to_be_visible()


def test_without_scripts_search_and_table_serve(
    signed_state: Any, browser: Browser, base_url: str, street: Street
) -> None:
    context = browser.new_context(
        storage_state=signed_state, java_script_enabled=False, base_url=base_url, locale="zh-CN"
    )
    page = context.new_page()

    page.goto("/map?q=JX1")
    page.locator("#answers").get_by_role("link", name=re.compile("JX1–JX2")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("JX1–JX2")
    page.goto(f"/map/list?e={street.east_m}&n={street.north_m}")
    expect(page.get_by_role("row", name=re.compile("WX1–WX2"))).to_be_visible()

    context.close()


def test_without_webgl_the_table_is_offered(
    signed_state: Any,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, object],
    base_url: str,
    street: Street,
) -> None:
    flags = [*browser_type_launch_args["args"], "--disable-3d-apis"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": flags})
    page = browser.new_page(storage_state=signed_state, base_url=base_url, locale="zh-CN")

    page.goto("/map")

    expect(page.locator("xz-map")).to_have_attribute("data-state", "no-webgl", timeout=PATIENCE_MS)
    page.locator("[data-no-webgl]").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("附近管线列表")
    browser.close()


@pytest.mark.parametrize(
    ("cookies", "width"),
    [
        pytest.param({}, 1280, id="normal"),
        pytest.param({"xz_size": "large"}, 1280, id="large type"),
        pytest.param({"xz_contrast": "high"}, 1280, id="high contrast"),
        pytest.param({"xz_language": "en"}, 390, id="narrow, English"),
    ],
)
@pytest.mark.parametrize("path", ["/map?q=JX1", "/map/list", "/works/new"])
def test_axe_finds_nothing(
    clean_page: Page, base_url: str, street: Street, cookies: dict[str, str], width: int, path: str
) -> None:
    clean_page.context.add_cookies(
        [{"name": name, "value": value, "url": base_url} for name, value in cookies.items()]
    )
    clean_page.set_viewport_size({"width": width, "height": 900})

    clean_page.goto(path)

    assert violations(clean_page) == []
