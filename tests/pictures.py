"""The pictures of the documentation, taken of the running product: ``python -m tests.pictures ADDRESS ACCOUNT``.

ADDRESS is that of ``./xz run`` with the sample city, ACCOUNT one that may see works (planner.city); its password is
read from standard input. Writes into ``docs/img``.
"""

import getpass
import sys
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser import FLAGS, browser_program

FOLDER = Path(__file__).parent.parent / "docs" / "img"
SIZE: ViewportSize = {"width": 1440, "height": 1180}
SETTLE_MS = 3000


def take(browser: Browser, address: str, account: str, password: str) -> None:
    """Sign in and take the work that is in conflict, with its map and section."""
    page = browser.new_page(
        base_url=address, viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    page.goto("/sign-in")
    page.fill("#f-account", account)
    page.fill("#f-password", password)
    page.click("main button.primary")
    page.goto("/works/1")
    page.wait_for_selector("#section figure")
    page.wait_for_timeout(SETTLE_MS)  # the map draws tile by tile
    page.screenshot(path=FOLDER / "workbench.png")


def main(address: str, account: str) -> None:
    """Ask for the password, take the pictures."""
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    with sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=browser_program(), args=FLAGS)
        take(browser, address, account, password)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
