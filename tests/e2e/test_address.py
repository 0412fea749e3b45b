"""A page that was answered to a form can be kept as a bookmark and opened again."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Street
from tests.e2e.test_map import open_map


def test_a_work_read_from_a_file_has_an_address_that_brings_it_back(
    clean_page: Page, street: Street, tmp_path: Path
) -> None:
    page = clean_page
    open_map(page, street, path="/works/new")
    file = tmp_path / "支线.csv"
    file.write_text(
        f"X,Y\n{street.north_m},{street.east_m + 10}\n{street.north_m},{street.east_m + 40}\n", "utf-8"
    )
    page.locator("details", has_text="从文件读入").last.locator("summary").click()
    page.set_input_files("[name=file]", file)
    page.fill("[name=crs]", "EPSG:4548")
    page.select_option("[name=file_kind]", "water")
    page.get_by_role("button", name="读入文件").click()

    page.wait_for_url(re.compile(r"/works/new\?.*axis="))
    expect(page.locator("[name=name]")).to_have_value("支线")
    typed = page.locator("[name=axis]").input_value()
    page.goto(page.url)

    expect(page.locator("[name=axis]")).to_have_value(typed)
    expect(page.locator("#verdict")).not_to_be_empty()


def test_the_address_of_an_answered_form_opens_the_form(clean_page: Page) -> None:
    clean_page.goto("/works/upload?e=517000&n=3793000&z=9")

    expect(clean_page).to_have_url(re.compile(r"/works/new\?e=517000"))
    expect(clean_page.get_by_role("heading", level=1)).to_have_text("新建工程")
