"""An answer that did not come: nobody reads the verdict of another line beside the one that is drawn."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Street
from tests.e2e.test_map import open_map


def type_line(page: Page, street: Street, aside_m: float, to_m: float = 40.0) -> None:
    north = street.north_m + aside_m
    page.fill("[name=axis]", f"{north} {street.east_m + 10}\n{north} {street.east_m + to_m}")


def hold(held: list[Route], route: Route) -> None:
    held.append(route)


def cut_off(route: Route) -> None:
    route.abort()


def fail(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<p>Internal</p>")


@pytest.mark.parametrize("broken", [cut_off, fail])
def test_the_verdict_of_another_line_goes_when_no_answer_comes(
    page: Page, street: Street, broken: Callable[[Route], None]
) -> None:
    open_map(page, street, zoom=10.5, path="/works/new")
    page.fill("[name=diameter_mm]", "200")
    page.fill("[name=cover_m]", "1.0")
    page.select_option("[name=pressure_class]", "medium_A")
    type_line(page, street, 9.0)
    verdict, lost = page.locator("#verdict"), page.locator("#answer-none")
    expect(verdict.locator("[data-count=breach]")).to_have_text("0")
    expect(lost).to_be_hidden()

    page.route("**/works/check", broken)
    type_line(page, street, 0.3)

    expect(lost).to_be_visible()
    expect(verdict).to_be_empty()
    for drawing in ("#section", "#profile"):
        expect(page.locator(drawing)).to_be_empty()
    expect(page.locator("#answer [data-checked]")).to_have_count(0)
    expect(page.locator("#answer-earlier")).to_be_hidden()

    page.unroute("**/works/check")
    lost.get_by_role("button").click()

    expect(lost).to_be_hidden()
    expect(verdict.locator("[data-count=breach]")).not_to_have_text("0")


def test_while_an_answer_is_awaited_the_one_before_says_whose_it_is(page: Page, street: Street) -> None:
    open_map(page, street, zoom=10.5, path="/works/new")
    page.fill("[name=diameter_mm]", "200")
    page.fill("[name=cover_m]", "1.0")
    type_line(page, street, 9.0)
    expect(page.locator("#verdict [data-count=breach]")).to_be_visible()
    held: list[Route] = []
    page.route("**/works/check", lambda route: hold(held, route))

    type_line(page, street, 0.3)

    earlier = page.locator("#answer-earlier")
    expect(earlier).to_be_visible()
    expect(page.locator("#verdict")).to_have_attribute("data-earlier", "")
    page.wait_for_timeout(500)  # the request is held back, and nothing has changed
    expect(earlier).to_be_visible()
    held[-1].continue_()
    expect(earlier).to_be_hidden()
    expect(page.locator("#verdict [data-count=breach]")).not_to_have_text("0")
