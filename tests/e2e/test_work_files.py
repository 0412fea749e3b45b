"""Works come in as files, and their answers leave as files."""

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Street
from tests.e2e.test_map import open_map
from tests.e2e.test_new_work import expect_three_answers, fill
from xzgis.works.terms import WorkDocument

REPORTS = {
    "html": "网页报告（含地图，离线可看）",
    "xlsx": "Excel",
    "csv": "CSV",
    "json": "JSON",
    "geojson": "GeoJSON",
}


def upload(page: Page, file: Path) -> None:
    page.goto("/works/new")
    page.fill("[name=diameter_mm]", "200")
    page.fill("[name=cover_m]", "1.0")
    page.locator("summary", has_text="从文件读入").click()
    page.set_input_files("[name=file]", file)
    page.select_option("[name=file_kind]", "gas")
    page.get_by_role("button", name="读入文件").click()


def test_a_geojson_work_fills_the_form_and_is_checked(
    clean_page: Page, street: Street, tmp_path: Path
) -> None:
    east, north = street.east_m, street.north_m + 0.3
    file = tmp_path / "支管.geojson"
    file.write_text(json.dumps({
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}},
        "features": [{"type": "Feature", "properties": {},
                      "geometry": {"type": "LineString", "coordinates": [[east + 10, north], [east + 70, north]]}}],
    }))  # fmt: skip

    upload(clean_page, file)

    expect(clean_page.locator("[name=name]")).to_have_value("支管")
    expect_three_answers(clean_page)


def test_a_table_with_x_as_north_is_read_the_surveyors_way(
    clean_page: Page, street: Street, tmp_path: Path
) -> None:
    north = street.north_m + 0.3
    file = tmp_path / "坐标表.csv"
    file.write_text(f"X,Y\n{north},{street.east_m + 10}\n{north},{street.east_m + 70}\n", encoding="utf-8")

    upload(clean_page, file)

    expect(clean_page.locator("[name=axis]")).to_have_value(
        f"{north:.3f} {street.east_m + 10:.3f}\n{north:.3f} {street.east_m + 70:.3f}"
    )
    expect_three_answers(clean_page)


@pytest.mark.parametrize("format_name", REPORTS)
def test_the_report_leaves_in_every_format(clean_page: Page, street: Street, format_name: str) -> None:
    open_map(clean_page, street, path="/works/new")
    fill(clean_page, street)
    expect_three_answers(clean_page)
    failing = int(clean_page.locator("[data-count=breach]").inner_text())

    with clean_page.expect_download() as download:
        clean_page.get_by_role("button", name=REPORTS[format_name], exact=True).click()
    path = download.value.path()

    assert download.value.suggested_filename == f"测试街中压燃气.{format_name}"
    READERS[format_name](path, failing)


def read_html(path: Path, failing: int) -> None:
    text = path.read_text(encoding="utf-8")
    assert "测试街中压燃气" in text
    assert text.count("不满足") >= failing


def read_xlsx(path: Path, failing: int) -> None:
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert sum(cell == "不满足" for cell in cells) >= failing


def read_csv(path: Path, failing: int) -> None:
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert sum("不满足" in row or "breach" in row for row in rows) >= failing


def read_json(path: Path, failing: int) -> None:
    assert json.loads(path.read_bytes())["counts"]["breach"] == failing


def read_geojson(path: Path, failing: int) -> None:
    features = json.loads(path.read_bytes())["features"]
    assert sum(each["properties"].get("outcome") == "breach" for each in features) >= failing


READERS = {"html": read_html, "xlsx": read_xlsx, "csv": read_csv, "json": read_json, "geojson": read_geojson}


def test_the_section_leaves_as_a_table(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street, path="/works/new")
    fill(clean_page, street)
    expect_three_answers(clean_page)

    with clean_page.expect_download() as download:
        clean_page.get_by_role("button", name="下载 CSV").click()

    rows = list(csv.DictReader(io.StringIO(download.value.path().read_bytes().decode("utf-8-sig"))))
    assert {"JX1–JX2", "WX1–WX2", "DX1–DX2"} <= {row["管段"] for row in rows}


def test_a_list_without_a_kind_leads_to_the_field_that_says_it(
    clean_page: Page, street: Street, tmp_path: Path
) -> None:
    page, north = clean_page, street.north_m + 0.3
    file = tmp_path / "坐标表.csv"
    file.write_text(f"X,Y\n{north},{street.east_m + 10}\n{north},{street.east_m + 70}\n", encoding="utf-8")
    page.goto("/works/new")
    expect(page.locator("[name=kind]")).to_have_value("gas")
    page.locator("summary", has_text="从文件读入").click()
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="读入文件").click()

    # The kind that a new form begins with was chosen by nobody.
    expect(page.locator("[name=file_kind]")).to_be_focused()
    expect(page.locator("[name=file_kind]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=file_kind]")).to_be_in_viewport()
    expect(page.get_by_role("alert")).to_contain_text("显示的“燃气”未经选定")
    page.select_option("[name=file_kind]", "gas")
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="读入文件").click()
    expect(page.locator("[name=axis]")).not_to_have_value("")


def test_a_wrong_file_is_named_as_its_owner_names_it(
    clean_page: Page, street: Street, tmp_path: Path
) -> None:
    file = tmp_path / "会议记录.md"
    file.write_text("# no work", encoding="utf-8")

    upload(clean_page, file)

    expect(clean_page.locator("main")).to_contain_text("会议记录.md")


def test_a_saved_work_leaves_as_the_document_that_the_command_reads(clean_page: Page, street: Street) -> None:
    open_map(clean_page, street, path="/works/new")
    fill(clean_page, street)
    clean_page.get_by_role("button", name="保存", exact=True).click()
    expect(clean_page).to_have_url(re.compile(r"/works/\d+"))

    with clean_page.expect_download() as document:
        clean_page.get_by_role("link", name="下载工程文件").click()

    assert re.fullmatch(r"测试街中压燃气-\d+\.work\.json", document.value.suggested_filename)
    held = WorkDocument.model_validate_json(document.value.path().read_text(encoding="utf-8"))
    assert (held.name, held.runs[0].kind) == ("测试街中压燃气", "gas")
