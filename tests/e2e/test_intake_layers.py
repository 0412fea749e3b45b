"""Layers of a real delivery through the pages: its mapping comes back as it was shown, sizes are seen before acceptance."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.test_intake import PATIENCE_MS, Work, store, upload, work

__all__ = ["store", "work"]


def test_a_mapping_read_again_without_a_change_loses_no_voltage(
    clean_page: Page, work: Work, shared_data: Path
) -> None:
    page = clean_page
    number = upload(page, [shared_data / "imkl_klic_nl" / "flat_22O000525_1.gpkg"], displace=True)
    work()
    page.goto(f"/intake/{number}/preview")
    head = page.get_by_role("columnheader", name="认作宽 mm")
    expect(head).to_be_visible(timeout=PATIENCE_MS)
    before = page.request.get(f"/intake/{number}/mapping.json").json()

    page.goto(f"/intake/{number}/mapping")
    expect(page.get_by_text("逐行，见“pipe_diameter_uom”列").first).to_be_attached()
    page.locator("details").first.click()
    page.get_by_role("button", name="重新读取").click()
    page.wait_for_url(re.compile(f"/intake/{number}$"))
    work()

    expect(page.get_by_text("待入库")).to_be_visible(timeout=PATIENCE_MS)
    assert page.request.get(f"/intake/{number}/mapping.json").json() == before
