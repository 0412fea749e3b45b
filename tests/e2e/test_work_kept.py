"""What is typed and drawn of a work outlives the language, a look elsewhere, and a vertex that is moved."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Street
from tests.e2e.test_map import open_map
from tests.e2e.test_new_work import TYPED, fill


def drag(page: Page, start_m: tuple[float, float], end_m: tuple[float, float]) -> None:
    """From one place to another, both from the western end of the street, at zoom 10.5 over its 50 m mark."""
    box = page.locator("xz-map canvas").bounding_box()
    assert box is not None
    metre = 2**10.5 / 2**9
    (x0, y0), (x1, y1) = (
        (box["x"] + box["width"] / 2 + (east - 50) * metre, box["y"] + box["height"] / 2 - north * metre)
        for east, north in (start_m, end_m)
    )
    page.mouse.move(x0, y0)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(x0 + (x1 - x0) * step / 5, y0 + (y1 - y0) * step / 5)
    page.mouse.up()


def expect_filled(page: Page, axis: str) -> None:
    for name, value in TYPED.items():
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    expect(page.locator("[name=pressure_class]")).to_have_value("medium_A")
    expect(page.locator("[data-axis]")).to_have_value(axis)


def test_the_language_and_a_look_elsewhere_leave_the_work_as_it_was(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street, path="/works/new")
    fill(clean_page, street)
    axis = clean_page.locator("[data-axis]").input_value()

    clean_page.locator(".prefs [name=language]").click()
    expect(clean_page.locator("html")).to_have_attribute("lang", "en")
    expect_filled(clean_page, axis)

    clean_page.goto("/works")
    clean_page.go_back()
    expect_filled(clean_page, axis)

    clean_page.locator(".prefs [name=language]").click()
    expect(clean_page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect_filled(clean_page, axis)


def test_a_point_that_is_moved_leaves_the_typed_ground_of_the_others(
    clean_page: Page, street: Street
) -> None:
    open_map(clean_page, street, zoom=10.5, path="/works/new")
    fill(clean_page, street)
    north, east = street.north_m + 5, street.east_m
    still = [f"{north:.3f} {east + 40:.3f} {ground}" for ground in (31.5, 30.5)]
    axis = clean_page.locator("[data-axis]")
    axis.fill("\n".join([f"{north:.3f} {east + 10:.3f} 31.25", *still]))
    expect(clean_page.locator("[data-checked]")).to_be_visible(timeout=10_000)
    clean_page.wait_for_timeout(500)

    clean_page.locator(".tools [data-tool=edit]").click()
    drag(clean_page, (10, 5), (10, 12))

    expect(axis).not_to_have_value(re.compile("31.25"))
    moved, *others = axis.input_value().splitlines()
    assert abs(float(moved.split()[0]) - (street.north_m + 12)) < 1.0
    assert others == still
