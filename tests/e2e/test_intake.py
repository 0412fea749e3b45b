"""A delivery through the pages: uploaded, looked at, accepted, seen in the data, undone."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from tests.db.networks.test_batches import tables
from tests.e2e.test_map import violations
from xzgis import worker
from xzgis.core import settings as settings_module

PATIENCE_MS = 30_000
Work = Callable[[], None]
EXCERPT = ("管点调查表_gb18030.csv", "管线调查表_gb18030.csv")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


@pytest.fixture
def work(live_engine: Engine) -> Iterator[Work]:
    """Does the jobs that wait, as the worker beside the pages would."""
    url = live_engine.url.render_as_string(hide_password=False)
    # The browser's own loop runs in this thread; the worker needs one of its own.
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield lambda: pool.submit(worker.work, url, wait=False).result(timeout=120)


def made(folder: Path, *, last: str = "3", start_m: float = 520_000.0) -> list[Path]:
    """Two tables of a sewer in a folder."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name, content in tables(start_m=start_m, last=last).items():
        paths.append(folder / name)
        paths[-1].write_text(content, encoding="utf-8")
    return paths


def upload(page: Page, files: list[Path], **ticked: bool) -> int:
    """Send the form; the number of the batch."""
    page.goto("/intake/new")
    page.set_input_files("[name=files]", files)
    for name in ticked:
        page.locator("details summary").first.click()
        page.check(f"[name={name}]")
    page.get_by_role("button", name="上传并读取").click()
    page.wait_for_url(re.compile(r"/intake/\d+$"), timeout=PATIENCE_MS)
    return int(page.url.rsplit("/", 1)[1])


def registered(page: Page) -> tuple[int, int]:
    """Runs and points that the data page tells."""
    page.goto("/data")
    row = page.locator("tr[data-kind=all]")
    if not row.count():
        return 0, 0
    cells = [cell.replace(",", "") for cell in row.locator("td").all_inner_texts()]
    return int(cells[0]), int(cells[1])


def test_the_real_excerpt_goes_in_and_out_through_the_page(
    clean_page: Page, work: Work, shared_data: Path
) -> None:
    page = clean_page
    runs, nodes = registered(page)
    files = [shared_data / "cn_pipe_survey_excerpt" / name for name in EXCERPT]

    number = upload(page, files)
    expect(page.locator("progress")).to_be_visible()
    expect(page.get_by_role("button", name="取消本批次")).to_be_visible()
    assert violations(page) == []
    work()

    expect(page.get_by_text("待入库")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("467 点，460 段").first).to_be_visible()
    expect(page.get_by_text("gb18030").first).to_be_visible()
    expect(page.get_by_role("heading", name="坐标系：EPSG:4548")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="在图上和表中预览").click()
    expect(page.locator("xz-map")).to_have_attribute("data-preview", "shown", timeout=PATIENCE_MS)
    expect(page.locator("[data-shown]")).to_have_text("图上显示 460 / 共 460 段")
    expect(page.locator("#rows tbody tr")).to_have_count(30)
    assert violations(page) == []
    assert registered(page) == (runs, nodes)

    page.goto(f"/intake/{number}")
    page.get_by_role("button", name="入库", exact=True).click()
    expect(page.get_by_text("正在入库", exact=True)).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="已入库。")).to_be_visible(timeout=PATIENCE_MS)
    assert registered(page) == (runs + 460, nodes + 467)
    assert violations(page) == []

    page.goto(f"/intake/{number}")
    page.get_by_role("link", name="撤销本批次").click()
    expect(page.locator("dl")).to_contain_text("460")
    assert violations(page) == []
    page.get_by_role("button", name="确认撤销").click()
    expect(page.get_by_text("已撤销")).to_be_visible()
    assert registered(page) == (runs, nodes)


def test_a_bad_file_says_why(clean_page: Page, work: Work, tmp_path: Path) -> None:
    plan = tmp_path / "总图.dwg"
    plan.write_bytes(b"AC1032" + bytes(2000))

    upload(clean_page, [plan])
    work()

    expect(clean_page.get_by_text("有错误", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(clean_page.locator("#findings")).to_contain_text("DXF")
    expect(clean_page.get_by_role("button", name="入库", exact=True)).to_have_count(0)
    assert violations(clean_page) == []


def test_errors_are_found_and_may_be_left_out(clean_page: Page, work: Work, tmp_path: Path) -> None:
    page = clean_page
    runs, nodes = registered(page)
    upload(page, made(tmp_path / "a", last="9", start_m=521_000.0))
    work()
    expect(page.get_by_text("有错误", exact=True)).to_be_visible(timeout=PATIENCE_MS)

    page.select_option("[name=code]", "S08")
    page.get_by_role("button", name="显示").click()
    expect(page.locator("#findings tbody tr")).to_have_count(1)
    expect(page.locator("#findings")).to_contain_text("WSLINE.csv #3")
    expect(page.locator("#findings")).to_contain_text("W9")
    with page.expect_download() as csv:
        page.get_by_role("link", name="CSV").click()
    assert "W9" in csv.value.path().read_text(encoding="utf-8-sig")

    page.check("[name=leave_out_errors]")
    page.get_by_role("button", name="入库", exact=True).click()
    work()
    expect(page.get_by_role("heading", name="已入库。")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("0 点，1 段")).to_be_visible()
    assert registered(page) == (runs + 1, nodes + 3)


def test_a_column_is_mapped_and_the_files_are_read_again(
    clean_page: Page, work: Work, tmp_path: Path
) -> None:
    page = clean_page
    files = made(tmp_path / "b", start_m=522_000.0)
    files[1].write_text(files[1].read_text(encoding="utf-8").replace("管径", "粗细"), encoding="utf-8")
    number = upload(page, files)
    work()
    page.get_by_role("link", name="查看并修改对应关系").click(timeout=PATIENCE_MS)
    assert violations(page) == []

    page.get_by_label("原列名 粗细").select_option(label="断面尺寸")
    page.get_by_role("button", name="重新读取").click()
    page.wait_for_url(f"**/intake/{number}")
    work()

    expect(page.get_by_text("待入库")).to_be_visible(timeout=PATIENCE_MS)
    page.goto(f"/intake/{number}/mapping")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="粗细"))
    expect(row.locator("td").nth(2)).to_have_text("断面尺寸")
    page.set_viewport_size({"width": 390, "height": 844})
    beyond = page.locator("main :is(select, input):visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().right > 390).map(one => one.name)"
    )
    assert beyond == []
    assert violations(page) == []


def test_the_same_files_again_are_refused_and_need_not_come_twice(
    clean_page: Page, work: Work, tmp_path: Path
) -> None:
    page = clean_page
    files = made(tmp_path / "c", start_m=523_000.0)
    first = upload(page, files)
    work()

    page.goto("/intake/new")
    page.set_input_files("[name=files]", files)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name="上传并读取").click()

    assert answer.value.status == 422
    expect(page.get_by_role("alert")).to_contain_text("内容相同")
    expect(page.get_by_role("link", name=f"打开批次 {first}")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="内容相同也再次导入").click()
    page.wait_for_url(re.compile(r"/intake/\d+$"))
    assert int(page.url.rsplit("/", 1)[1]) > first
    work()


def test_a_bad_option_is_told_at_its_field_and_nothing_is_lost(clean_page: Page, tmp_path: Path) -> None:
    page = clean_page
    page.goto("/intake/new")
    page.set_input_files("[name=files]", made(tmp_path / "d", start_m=524_000.0))
    page.locator("details summary").first.click()
    page.fill("[name=crs]", "EPSG:0")
    page.fill("[name=name]", "测区丁")

    page.get_by_role("button", name="上传并读取").click()

    expect(page.get_by_role("alert")).to_contain_text("EPSG:0")
    expect(page.locator("[name=crs]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=name]")).to_have_value("测区丁")
    expect(page.get_by_text("WSPOINT.csv")).to_be_visible()
    assert violations(page) == []


def test_everything_works_without_javascript(
    signed_state: Any, browser: Browser, base_url: str, work: Work, tmp_path: Path
) -> None:
    context = browser.new_context(
        storage_state=signed_state, base_url=base_url, java_script_enabled=False, locale="zh-CN"
    )
    page = context.new_page()
    number = upload(page, made(tmp_path / "e", start_m=525_000.0))
    work()
    # The page asks for itself again, or is asked for.
    page.goto(f"/intake/{number}")
    expect(page.get_by_text("待入库")).to_be_visible()
    page.get_by_role("link", name="在图上和表中预览").click()
    expect(page.locator("#rows tbody tr")).to_have_count(2)
    page.locator("[data-sketch] summary").click()
    expect(page.locator("img.sketch")).to_be_visible()
    page.goto(f"/intake/{number}")
    page.get_by_role("button", name="入库", exact=True).click()
    work()
    page.goto(f"/intake/{number}")
    expect(page.get_by_role("heading", name="已入库。")).to_be_visible()
    page.get_by_role("link", name="撤销本批次").click()
    page.get_by_role("button", name="确认撤销").click()
    expect(page.get_by_text("已撤销")).to_be_visible()
    context.close()


def test_coverage_is_drawn_and_withdrawn_with_a_reason(clean_page: Page) -> None:
    page = clean_page
    page.goto("/data/coverage/new")
    page.select_option("[name=kind]", "gas")
    page.fill("[name=area]", "3793000 530000\n3793000 530100\n3793100 530100\nnothing")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("第 4 行")

    page.fill("[name=area]", "3793000 530000\n3793000 530100\n3793100 530100\n3793100 530000")
    page.fill("[name=surveyed_on]", "2026-05-04")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile(r"/data/coverage/\d+$"))
    expect(page.get_by_text("10,000 m²")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("alert")).to_contain_text("理由")
    page.fill("[name=reason]", "测区资料有误")
    address = page.url.removesuffix("/remove")
    page.get_by_role("button", name="撤回").click()
    page.wait_for_url("**/data#coverage")
    page.goto(address)
    expect(page.get_by_text("已撤回")).to_be_visible()
