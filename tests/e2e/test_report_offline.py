"""The report opens with the network cable pulled and asks nobody for anything."""

from pathlib import Path

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as Late

from tests.unit.conflicts.answers import KINDS, a_drawing, a_finding, an_answer, nobody_looked
from xzgis.conflicts.reports.dress import Dress
from xzgis.conflicts.reports.page import as_page


def test_the_report_draws_its_map_without_any_network(browser: Browser, tmp_path: Path) -> None:
    answer = an_answer(a_finding(), not_covered=[nobody_looked()], invented=True)
    file = tmp_path / "report.html"
    file.write_text(
        as_page(answer, a_drawing(), Dress(KINDS, {"power": "#c1121f"}), title="检查报告"), encoding="utf-8"
    )
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)

    page.goto(file.as_uri())

    # New line, power line and the finding.
    page.wait_for_function("document.querySelectorAll('path.leaflet-interactive').length === 3")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert wrong == []
    assert page.locator(".leaflet-control-scale-line").inner_text().endswith("m")
    point_at_the_finding(page)
    context.close()


def point_at_the_finding(page: Page) -> None:
    """Move the mouse onto it until it says what it is: a map still settling does not hear the first move."""
    # A tooltip that is fading out may still be there beside the one of the finding.
    said = page.locator(".leaflet-tooltip", has_text="不满足").first
    for _ in range(20):
        page.mouse.move(0, 0)
        page.locator("path.leaflet-interactive").last.hover(force=True)
        try:
            said.wait_for(timeout=1_500)
        except Late:
            continue
        return
    raise AssertionError("the finding does not say what it is when the mouse is on it")
