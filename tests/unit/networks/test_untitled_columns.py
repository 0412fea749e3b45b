"""A filled column without a title is an error that names the column, its first row and what to do."""

from pathlib import Path

import openpyxl
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.survey import SurveyOptions
from xzgis.networks.rules.untitled_columns import column_letters
from xzgis.networks.terms import Delivery, IntakeFinding

pytestmark = pytest.mark.usefixtures("read_here")

POINTS = "物探点号,X,Y,地面高程\n1,3793900,517800,35\n2,3793900,517830,35\n3,3793900,517860,35\n"
LINES = "起点点号,终点点号,起点埋深,,管径,材质\n1,2,1.2,,300,铸铁\n2,3,1.3,1.4,300,铸铁\n"


def read(folder: Path, lines: str, options: SurveyOptions | None = None) -> Delivery:
    (folder / "JSPOINT.csv").write_text(POINTS, encoding="utf-8")
    (folder / "JSLINE.csv").write_text(lines, encoding="utf-8")
    paths = [folder / "JSPOINT.csv", folder / "JSLINE.csv"]
    return read_survey(paths, catalogue=catalogue(), options=options)


def told(delivery: Delivery) -> list[IntakeFinding]:
    return [one for one in delivery.findings if one.code == "S01"]


def test_the_column_and_its_first_row_are_named(tmp_path: Path) -> None:
    (found,) = told(read(tmp_path, LINES))

    assert (found.level, found.file, found.field, found.value) == ("error", "JSLINE.csv", "column 4", "1.4")
    # No row: leaving one row out would not mend a column.
    assert found.row is None
    assert "第 4 列（D）" in found.words.zh
    assert "第 3 行" in found.words.zh
    assert "column 4" in found.remedy.zh


@pytest.mark.parametrize(("field", "depth"), [("end_depth_m", 1.4), ("", None)])
def test_a_person_says_what_it_is_or_leaves_it_out(tmp_path: Path, field: str, depth: float | None) -> None:
    delivery = read(tmp_path, LINES, SurveyOptions(overrides={"column 4": field}))

    assert told(delivery) == []
    ends = delivery.lines["end_depth_m"].dropna().tolist()
    assert ends == ([] if depth is None else [depth])


def test_the_untitled_end_of_a_line_is_named_where_the_table_cannot_be_used(tmp_path: Path) -> None:
    delivery = read(tmp_path, LINES.replace("终点点号", "", 1))

    assert "column 2" in {one.field for one in told(delivery)}


def test_an_empty_column_without_a_title_is_nothing(tmp_path: Path) -> None:
    assert told(read(tmp_path, LINES.replace("1.4", ""))) == []


def test_a_sheet_of_notes_needs_no_titles(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, text in (("JSPOINT", POINTS), ("JSLINE", LINES.replace("1.4", ""))):
        sheet = book.create_sheet(name)
        for row in text.splitlines():
            sheet.append([cell or None for cell in row.split(",")])
    notes = book.create_sheet("说明")
    notes.append(["甲方", None, "备注"])
    notes.append(["徐州", "某局", "2020"])
    del book["Sheet"]
    book.save(tmp_path / "a.xlsx")

    delivery = read_survey([tmp_path / "a.xlsx"], catalogue=catalogue())

    assert told(delivery) == []
    assert len(delivery.lines) == 2


def test_columns_are_lettered_as_spreadsheets_do() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 52, 53, 703)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "AAA",
    ]
