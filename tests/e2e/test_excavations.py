"""An excavation is drawn or typed, checked, and taken back."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Street
from tests.e2e.test_map import click_at, open_map, violations

CORNERS = [(20, -4), (28, -4), (28, 4), (20, 4)]
SIZE = re.compile(r"开挖面积 6[34]\.\d m²，深 2.5 m")


def test_a_hole_is_drawn_on_the_map_checked_and_taken_back(clean_page: Page, street: Street) -> None:
    page = clean_page
    open_map(page, street, zoom=11, path="/works/new")
    holes = page.locator("[name=holes]")
    undo, redo = (page.locator(f".tools [data-tool={name}]") for name in ("undo", "redo"))

    page.locator(".tools [data-tool=hole]").click()
    page.get_by_label("坑深（m）").fill("2.5")
    for at, place in enumerate(CORNERS):
        click_at(page, street, *place)
        page.wait_for_timeout(100)
        if at == 2:
            undo.click()
            redo.click()
    page.locator("xz-map canvas").focus()
    page.keyboard.press("Enter")

    expect(holes).to_have_value(re.compile(r"深 2.5(\n\d+\.\d{3} \d+\.\d{3}){4}"))
    expect(page.locator("#verdict")).to_contain_text(SIZE, timeout=10_000)
    expect(page.locator("#verdict")).not_to_contain_text("长 0.0")
    expect(page.locator("#answer")).to_contain_text("JX1–JX2")
    written = holes.input_value()
    places = [[float(part) for part in line.split()] for line in written.splitlines()[1:]]
    for (north, east), (east_m, north_m) in zip(places, CORNERS, strict=True):
        assert abs(north - street.north_m - north_m) < 0.3
        assert abs(east - street.east_m - east_m) < 0.3
    assert violations(page) == []
    # A second one below it, closed by a double click; keys take it back as the buttons do.
    for place in [(40, -4), (44, -4)]:
        click_at(page, street, *place)
        page.wait_for_timeout(100)
    click_at(page, street, 44, 4)
    click_at(page, street, 44, 4)
    expect(holes).to_have_value(re.compile(r"\n\n深 2.5(\n\d+\.\d{3} \d+\.\d{3}){3}$"))
    page.keyboard.press("Control+z")
    expect(holes).to_have_value(written)
    undo.click()
    expect(holes).to_have_value("")
    page.keyboard.press("Control+y")
    expect(holes).to_have_value(written)


def test_undo_after_a_typed_hole_takes_the_hole_back_and_leaves_the_typed_line(
    clean_page: Page, street: Street
) -> None:
    page = clean_page
    # Far off, and so far out that the hole would be a dot.
    page.goto(f"/works/new?e={street.east_m + 4000}&n={street.north_m}&z=6")
    expect(page.locator("xz-map")).to_have_attribute("data-state", "idle", timeout=30_000)
    page.fill("[name=diameter_mm]", "200")
    line = f"{street.north_m + 6} {street.east_m + 10}\n{street.north_m + 6} {street.east_m + 70}"
    page.fill("[name=axis]", line)
    expect(page.locator("#verdict")).to_contain_text("长 60.0 m", timeout=10_000)
    page.evaluate("document.querySelector('xz-map').map.jumpTo({zoom: 3})")
    page.locator("summary", has_text="开挖范围").click()
    typed = "深 2.5\n" + "\n".join(
        f"{street.north_m + north} {street.east_m + east}" for east, north in CORNERS
    )
    page.fill("[name=holes]", typed)

    expect(page.locator("#verdict")).to_contain_text("长 60.0 m；开挖面积 64.0 m²，深 2.5 m", timeout=10_000)
    expect(page.locator("#answer")).to_contain_text("全部管线和开挖范围")
    page.wait_for_function("document.querySelector('xz-map').map.getZoom() > 9")
    undo, redo = (page.locator(f".tools [data-tool={name}]") for name in ("undo", "redo"))
    undo.click()

    expect(page.locator("[name=holes]")).to_have_value("")
    expect(page.locator("[name=axis]")).to_have_value(line)
    redo.click()
    expect(page.locator("[name=holes]")).to_have_value(typed)
    expect(page.locator("[name=axis]")).to_have_value(line)
