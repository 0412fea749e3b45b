"""A new gas main is drawn, checked, cut and reported."""

import contextlib
import json
import re
from dataclasses import replace
from typing import Any

from playwright.sync_api import Browser, BrowserType, Error, Page, Route, expect

from tests.e2e.conftest import Street
from tests.e2e.test_map import click_at, open_map, violations

TYPED = {"name": "测试街中压燃气", "diameter_mm": "200", "cover_m": "1.0"}


DRAWN = "document.querySelector('xz-map').map.querySourceFeatures('td-linestring').length > 0"


def fill(page: Page, street: Street) -> None:
    """A main 0.30 m north of the water main, crossing nothing but the gas main; 60 m long."""
    for name, value in TYPED.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=pressure_class]", "medium_A")
    north = street.north_m + 0.3
    page.fill("[name=axis]", f"{north} {street.east_m + 10}\n{north} {street.east_m + 70}")


def expect_three_answers(page: Page) -> None:
    answer = page.locator("#answer")
    expect(answer.get_by_role("heading", name=re.compile(r"冲突 [1-9]\d* 项"))).to_be_visible(timeout=10_000)
    expect(
        answer.get_by_role("heading", name=re.compile(r"无法判定 \d+ 项(；\d+ 类管线此处未查)?$"))
    ).to_be_visible()
    expect(answer.get_by_text(re.compile(r"已检查且满足 \d+ 项"))).to_be_visible()
    expect(answer.get_by_text("不能视为没有管线")).to_be_visible()


def take_back_and_do_again(page: Page, *, least: int) -> None:
    """Undo takes the last of three points and then leaves ``least``, redo brings them back."""
    axis = page.locator("[data-axis]")
    undo, redo = (page.locator(f".tools [data-tool={name}]") for name in ("undo", "redo"))
    whole = axis.input_value().splitlines()
    for press, left in ((undo, 2), (undo, least), (redo, 2), (redo, 3)):
        press.click()
        expect(axis).to_have_value("\n".join(whole[:left]))


def test_findings_appear_while_a_line_is_drawn(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street, zoom=10.5, path="/works/new")
    for name, value in TYPED.items():
        clean_page.fill(f"[name={name}]", value)

    # 2.8 m beside the end of the sewer, 8 pixels here: too far out to snap, and no click is moved by metres.
    for east_m in (2, 40, 70):
        click_at(clean_page, street, east_m, 5, zoom=10.5)
        clean_page.wait_for_timeout(150)
    take_back_and_do_again(clean_page, least=1)
    clean_page.locator("xz-map canvas").focus()
    clean_page.keyboard.press("Enter")
    expect(clean_page.locator(".tools [data-tool=edit]")).to_have_attribute("aria-pressed", "true")
    # A line has two points or is none.
    take_back_and_do_again(clean_page, least=0)

    expect(clean_page.locator("[data-checked]")).to_be_visible(timeout=10_000)
    lines = clean_page.locator("[data-axis]").input_value().splitlines()
    assert len(lines) == 3
    assert all(abs(float(line.split()[0]) - (street.north_m + 5)) < 0.5 for line in lines)
    expect(clean_page.locator("#profile svg")).to_be_visible()


def test_what_is_chosen_while_the_fields_of_a_kind_are_fetched_stays(
    clean_page: Page, street: Street
) -> None:
    open_map(clean_page, street, zoom=10.5, path="/works/new")
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    clean_page.route("**/works/fields", hold)

    clean_page.select_option("[name=kind]", "gas")
    clean_page.select_option("[name=pressure_class]", "medium_A")
    clean_page.fill("[name=diameter_mm]", "315")
    clean_page.wait_for_timeout(300)
    assert len(late) == 1
    answer = late[0].fetch()
    with clean_page.expect_request(
        lambda asked: asked.url.endswith("/works/check") and "medium_A" in (asked.post_data or "")
    ):
        late[0].fulfill(response=answer)

    # The options of the answer are there, and what was chosen meanwhile among them.
    assert "medium_A" in answer.text()
    expect(clean_page.locator("[name=pressure_class]")).to_have_value("medium_A")
    expect(clean_page.locator("[name=diameter_mm]")).to_have_value("315")

    # A kind without pressure classes does not lose the one that was chosen.
    clean_page.unroute("**/works/fields")
    for kind, fields in (("water", 0), ("gas", 1)):
        clean_page.select_option("[name=kind]", kind)
        expect(clean_page.locator("[name=pressure_class]")).to_have_count(fields)
    expect(clean_page.locator("[name=pressure_class]")).to_have_value("medium_A")


def test_the_last_kind_chosen_decides_the_fields_however_late_the_answers_come(
    clean_page: Page, street: Street
) -> None:
    open_map(clean_page, street, zoom=10.5, path="/works/new")
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    clean_page.route("**/works/fields", hold)

    for kind in ("gas", "power", "water", "telecom"):
        clean_page.select_option("[name=kind]", kind)
        clean_page.wait_for_timeout(100)
    clean_page.unroute("**/works/fields")
    for route in late:
        # An answer that nobody waits for any more has nowhere to go.
        with contextlib.suppress(Error):
            route.continue_()
    clean_page.wait_for_timeout(1500)

    assert clean_page.locator("[name=kind]").input_value() == "telecom"
    fields = clean_page.locator("#conditions [name]").evaluate_all("all => all.map(one => one.name)")
    assert "material" in fields
    assert not {"voltage_kv", "pressure_class"} & set(fields)


def test_every_request_says_what_becomes_of_an_older_one(clean_page: Page, street: Street) -> None:
    asked = "[hx-get]:not([hx-trigger^=every]), [hx-post]"
    for path in ("/works/new", "/map"):
        open_map(clean_page, street, zoom=10.5, path=path)
        if path == "/works/new":
            fill(clean_page, street)
            expect_three_answers(clean_page)

        silent = clean_page.locator(asked).evaluate_all(
            "all => all.filter(one => !one.getAttribute('hx-sync')).map(one => one.outerHTML.slice(0, 120))"
        )

        assert silent == []


def test_the_map_keeps_its_box_while_a_line_is_drawn(clean_page: Page, street: Street) -> None:
    clean_page.set_viewport_size({"width": 1400, "height": 900})
    open_map(clean_page, street, zoom=10.5, path="/works/new")
    for name, value in TYPED.items():
        clean_page.fill(f"[name={name}]", value)
    canvas = clean_page.locator("xz-map canvas")
    before = canvas.bounding_box()

    for at, (east_m, north_m) in enumerate(((10, 8), (40, 8), (70, -60)), 1):
        click_at(clean_page, street, east_m, north_m, zoom=10.5)
        # Each answer is waited for: it is what used to halve the map under the pointer.
        expect(clean_page.locator("[data-axis]")).to_have_value(
            re.compile(rf"^\S+ \S+(\n\S+ \S+){{{at - 1}}}$")
        )
        if at > 1:
            expect(clean_page.locator("#section figure")).to_be_attached(timeout=10_000)
        assert canvas.bounding_box() == before

    assert before is not None
    assert before["height"] > 600
    last = clean_page.locator("[data-axis]").input_value().splitlines()[-1]
    assert abs(float(last.split()[0]) - (street.north_m - 60)) < 0.5


def test_a_drawn_vertex_takes_the_exact_place_of_a_recorded_point(clean_page: Page, street: Street) -> None:
    around = replace(street, east_m=street.east_m - 50)
    open_map(clean_page, around, zoom=13, path="/works/new")

    for east_m, north_m in ((50.2, 0.1), (50, 12)):
        click_at(clean_page, around, east_m, north_m, zoom=13)
        clean_page.wait_for_timeout(150)
    clean_page.keyboard.press("Enter")

    expect(clean_page.get_by_text("已对准登记管点：JX1")).to_be_visible(timeout=10_000)
    checked = clean_page.locator("script[data-overlay=work]").text_content() or ""
    assert f"[[{street.east_m}, {street.north_m}]," in checked


def test_a_typed_line_gets_three_answers_and_its_drawings(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street, path="/works/new")

    fill(clean_page, street)

    expect_three_answers(clean_page)
    # The line that was judged is on the map, however the answers to the fields before it came.
    expect(clean_page.locator(".tools [data-tool=pick]")).to_have_attribute("aria-pressed", "true")
    assert clean_page.evaluate(DRAWN)
    breach = clean_page.locator(".finding.breach", has_text="JX1–JX2").first
    expect(breach).to_contain_text("不小于 0.5 m")
    expect(breach).to_contain_text("GB 50289-2016")
    with clean_page.expect_response("**/works/section"):
        breach.locator("[data-cut]").click()
    # The buttons of the earlier section go with it.
    expect(
        clean_page.locator("#section.htmx-swapping, #section.htmx-settling, #section.htmx-added")
    ).to_have_count(0)
    expect(clean_page.locator("#section svg title").first).to_contain_text("横断面")
    expect(clean_page.locator("#section")).to_contain_text("埋深不明")
    before = clean_page.locator("#section [data-chainage]").get_attribute("data-chainage")
    clean_page.get_by_role("button", name="断面线前移 1 米").click()
    expect(clean_page.locator("#section [data-chainage]")).to_have_attribute(
        "data-chainage", f"{float(before or 0) + 1:.2f}"
    )
    # Presses that do not wait for an answer add up.
    clean_page.evaluate(
        "for (let at = 0; at < 5; at++) document.querySelector('#section [data-step=\"1\"]').click()"
    )
    expect(clean_page.locator("#section [data-chainage]")).to_have_attribute(
        "data-chainage", f"{float(before or 0) + 6:.2f}"
    )
    assert violations(clean_page) == []


def test_a_line_typed_elsewhere_is_gone_to_and_earlier_drawings_are_told(
    clean_page: Page, street: Street
) -> None:
    open_map(clean_page, street, zoom=10.5, path="/works/new")
    centre = "document.querySelector('xz-map').map.getCenter().toArray()"
    before = clean_page.evaluate(centre)
    fill(clean_page, street)
    expect_three_answers(clean_page)
    told = clean_page.locator("#drawings-of")
    expect(told).to_be_empty()
    assert clean_page.evaluate(centre) == before

    clean_page.fill("[name=diameter_mm]", "-5")
    expect(told).to_contain_text("改动前")
    clean_page.fill("[name=diameter_mm]", "200")
    expect(told).to_be_empty()

    north = street.north_m + 3000
    clean_page.fill("[name=axis]", f"{north} {street.east_m}\n{north} {street.east_m + 60}")
    clean_page.wait_for_function(f"JSON.stringify({centre}) !== '{json.dumps(before)}'")


def test_report_and_section_leave_as_files(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street, path="/works/new")
    fill(clean_page, street)
    expect_three_answers(clean_page)

    with clean_page.expect_download() as svg:
        clean_page.get_by_role("button", name="下载 SVG").click()
    with clean_page.expect_download() as html:
        clean_page.get_by_role("button", name=re.compile("网页报告")).click()

    assert svg.value.path().read_text(encoding="utf-8").startswith("<?xml")
    assert "测试街中压燃气" in html.value.path().read_text(encoding="utf-8")


def test_what_was_typed_wrong_is_named_and_kept(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street, path="/works/new")

    clean_page.fill("[name=axis]", "3793000 517000\n三米 五米")

    expect(clean_page.get_by_role("alert")).to_contain_text("第 2 行“三米 五米”不全是数字。")
    expect(clean_page.locator("[name=axis]")).to_have_value("3793000 517000\n三米 五米")


def test_the_whole_job_works_without_scripts(
    signed_state: Any, browser: Browser, base_url: str, street: Street
) -> None:
    context = browser.new_context(
        storage_state=signed_state, java_script_enabled=False, base_url=base_url, locale="zh-CN"
    )
    page = context.new_page()
    page.goto("/works/new")

    fill(page, street)
    page.get_by_role("button", name="检查", exact=True).click()

    expect_three_answers(page)
    expect(page.locator("#section svg")).to_be_visible()
    page.get_by_role("button", name="断面线前移 1 米").click()
    expect(page.locator("#section [data-chainage='31.00']")).to_be_visible()
    context.close()


def test_without_webgl_findings_and_section_still_serve(
    signed_state: Any,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, object],
    base_url: str,
    street: Street,
) -> None:
    flags = [*browser_type_launch_args["args"], "--disable-3d-apis"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": flags})
    page = browser.new_page(storage_state=signed_state, base_url=base_url, locale="zh-CN")
    page.goto("/works/new")
    expect(page.locator("xz-map")).to_have_attribute("data-state", "no-webgl", timeout=30_000)

    fill(page, street)

    expect_three_answers(page)
    expect(page.locator("#section svg")).to_be_visible()
    browser.close()
