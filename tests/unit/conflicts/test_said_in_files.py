"""A file that is forwarded says no less than the screen: the verdict, what nobody surveyed, what nobody read."""

import csv
import io
import json

import openpyxl
import pytest

from tests.unit.conflicts.answers import KINDS, a_finding, an_answer, nobody_looked
from xzgis.conflicts.reports.document import document
from xzgis.conflicts.reports.geojson import as_geojson
from xzgis.conflicts.reports.sheets import COLUMNS, as_csv, as_xlsx
from xzgis.conflicts.reports.standing import NOT_JUDGED
from xzgis.conflicts.reports.table import VERDICTS, sentence_of
from xzgis.conflicts.terms import NotCovered, Outcome

UNREAD = {"file": "a.dxf", "words": {"zh": "未读取的图元：HATCH 2", "en": "entities not read: HATCH 2"}}
CLEAR = a_finding(id="c3", outcome=Outcome.CLEAR)


def rows_of(answer, language="zh", **options):
    text = as_csv(answer, KINDS, language, **options).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_csv_without_findings_says_the_verdict_and_what_nobody_surveyed():
    answer = an_answer(not_covered=[nobody_looked()])

    verdict, gap, *notes = rows_of(answer)

    assert (verdict["outcome"], verdict["measure"], verdict["measure_zh"]) == (
        "verdict",
        "cannot_judge",
        "无法判定",
    )
    assert sentence_of(answer).zh in verdict["words"]
    assert (gap["outcome"], gap["outcome_zh"], gap["a_id"]) == ("not_covered", "未普查", "new:1")
    assert (gap["b_kind"], gap["b_label"], gap["from_m"], gap["to_m"]) == ("water", "给水", "40.0", "55.0")
    assert "没有人查过，不等于没有" in gap["words"]
    assert {note["outcome"] for note in notes} == {"note"}
    assert NOT_JUDGED.zh in [note["words"] for note in notes]


def test_a_csv_for_people_says_it_in_their_language():
    answer = an_answer(not_covered=[nobody_looked()], left_aside=[UNREAD])

    verdict, gap, *notes = rows_of(answer, "en", for_people=True)

    assert (verdict["Outcome"], verdict["Measure"]) == ("Verdict", "cannot be judged")
    assert gap["Outcome"] == "not surveyed"
    assert "nobody looked" in gap["In words"]
    assert any("this result knows nothing of it" in note["In words"] for note in notes)


def test_an_excavation_that_nobody_surveyed_is_all_of_it_in_a_csv():
    (gap,) = [
        row
        for row in rows_of(an_answer(not_covered=[NotCovered("water", "hole:1", (0.0, 32.0))]))
        if row["outcome"] == "not_covered"
    ]

    assert (gap["from_m"], gap["to_m"]) == ("", "")
    assert "整个开挖范围" in gap["words"]


def test_scripts_read_the_findings_by_column_as_before():
    """Nothing beside the findings has a number, an identity or the outcome of one, and what is clear stands last."""
    rows = rows_of(an_answer(a_finding(), CLEAR, not_covered=[nobody_looked()]))

    assert [row["id"] for row in rows if row["id"]] == ["a1b2", "c3"]
    assert rows[0]["id"] == "a1b2"
    assert rows[-1]["id"] == "c3"
    assert [row["number"] for row in rows if row["number"]] == ["1"]
    outcomes = {each.value for each in Outcome}
    assert [row["id"] for row in rows if row["outcome"] in outcomes] == ["a1b2", "c3"]
    assert {row["advisory"] for row in rows} == {"False"}
    assert all(None not in row and len(row) == len(COLUMNS) for row in rows)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_says_the_verdict_and_names_the_kinds(language):
    answer = an_answer(not_covered=[nobody_looked()])

    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(answer, KINDS, language)))

    _, gaps, summary = book.worksheets
    told = [row[1] for row in summary.iter_rows(values_only=True)]
    assert told[1:3] == [sentence_of(answer).spoken(language), NOT_JUDGED.spoken(language)]
    row = next(gaps.iter_rows(min_row=2, values_only=True))
    assert (row[0], row[4]) == (KINDS["water"].spoken(language), "water")


def test_the_workbook_of_a_clear_work_says_so():
    summary = openpyxl.load_workbook(io.BytesIO(as_xlsx(an_answer(), KINDS)))["汇总"]

    assert summary["B2"].value == VERDICTS["clear"].zh


def test_geojson_keeps_what_the_answer_rests_on():
    answer = an_answer(
        not_read=[{"file": "a.csv", "row": 3}],
        unplaced_lines=2,
        left_aside=[UNREAD],
        assumed_dry=[{"run": "new:1", "chainage_m": [0.0, 40.0], "asked_m": 2.0}],
        displaced=True,
    )

    told = json.loads(as_geojson(answer))

    assert told["checked"] == document(answer)["checked"]
    assert told["verdict"] == "cannot_judge"
