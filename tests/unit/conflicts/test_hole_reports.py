"""From where the chainage of a finding of an excavation is counted, in every report."""

import io
import json

import openpyxl
import pytest

from tests.unit.conflicts.answers import KINDS, a_drawing, a_finding, an_answer
from xzgis.conflicts.reports.document import as_json
from xzgis.conflicts.reports.dress import Dress
from xzgis.conflicts.reports.labels import AT_ITS_START, HOLE_CHAINAGES, along_other
from xzgis.conflicts.reports.page import as_page
from xzgis.conflicts.reports.schema import FindingsDocument
from xzgis.conflicts.reports.sheets import as_xlsx
from xzgis.conflicts.reports.table import as_table
from xzgis.conflicts.terms import NotCovered, Party

HOLE = Party("hole:1", "excavation", None, "new", label="基坑")
GAP = NotCovered(kind="water", run="hole:1", chainage_m=(0.0, 32.0))


def page(answer):
    return as_page(answer, a_drawing(), Dress(KINDS, {}), title="检查报告")


def workbook(answer):
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(answer, KINDS)))
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}


@pytest.mark.parametrize(("a", "is_said"), [(HOLE, True), (a_finding().a, False)])
def test_every_report_says_along_what_an_excavation_is_counted(a, is_said):
    answer = an_answer(a_finding(a=a))

    assert (along_other(answer.findings[0]) is not None) == is_said
    assert (HOLE_CHAINAGES.zh in as_table(answer, KINDS)) == is_said
    assert (HOLE_CHAINAGES.en in as_table(answer, KINDS, "en")) == is_said
    assert (HOLE_CHAINAGES.zh in page(answer)) == is_said
    assert (["里程", HOLE_CHAINAGES.zh] in [row[:2] for row in workbook(answer)["汇总"]]) == is_said


def test_a_chamber_has_no_length_along_which_to_count():
    assert along_other(a_finding(a=HOLE, chainage_m=(0.0, 0.0))) is AT_ITS_START


def test_a_chainage_along_a_withheld_line_is_not_told_as_a_figure():
    hidden = Party("withheld", "unknown", None, "withheld")
    answer = an_answer(a_finding(a=HOLE, b=hidden, chainage_m=(0.0, 0.0)))

    assert along_other(answer.findings[0]) is None
    assert "0.00" not in as_table(answer, KINDS)
    assert "不予显示" in as_table(answer, KINDS)


def test_ground_of_an_excavation_that_nobody_surveyed_is_all_of_it():
    answer = an_answer(not_covered=[GAP])

    assert "开挖范围 1  整个开挖范围" in as_table(answer, KINDS)
    assert "32.00" not in as_table(answer, KINDS) + page(answer)
    assert workbook(answer)["未普查"][1] == ["给水", "开挖范围 1 · 整个开挖范围", None, None, "water"]
    assert json.loads(as_json(answer))["not_covered"][0]["chainage_m"] == [0.0, 32.0]


def test_the_schema_says_along_what_a_chainage_runs():
    shapes = FindingsDocument.model_json_schema()["$defs"]

    for shape in ("FindingShape", "LineShape"):
        assert "hole:" in shapes[shape]["properties"]["chainage_m"]["description"]
    assert "outline" in shapes["NotCoveredShape"]["properties"]["chainage_m"]["description"]
