"""The answer as document, table, sheets, GeoJSON and page."""

import csv
import io
import json
import re

import jsonschema_rs
import openpyxl
import pytest

from tests.runs import a_new_run, columns
from tests.unit.conflicts.answers import KINDS, a_drawing, a_finding, an_answer, nobody_looked
from xzgis.conflicts.reports.document import as_json, document, verdict
from xzgis.conflicts.reports.dress import Dress
from xzgis.conflicts.reports.formats import disposition, file_name
from xzgis.conflicts.reports.geojson import as_geojson
from xzgis.conflicts.reports.page import as_page
from xzgis.conflicts.reports.schema import FindingsDocument, schema_text
from xzgis.conflicts.reports.sheets import as_csv, as_xlsx
from xzgis.conflicts.reports.table import as_table, sentence_of, width
from xzgis.conflicts.rules.itself import crossing_themselves
from xzgis.conflicts.terms import Measure, Outcome, Party
from xzgis.core.settings import ROOT
from xzgis.core.words import Words


def a_page(answer, title="检查报告"):
    return as_page(answer, a_drawing(), Dress(KINDS, {"power": "#c1121f"}), title=title)


def test_the_document_keeps_its_published_shape():
    told = json.loads(as_json(an_answer(a_finding(), not_covered=[nobody_looked()])))

    jsonschema_rs.validate(FindingsDocument.model_json_schema(), told)
    assert (ROOT / "docs" / "schemas" / "findings.schema.json").read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(an_answer(), "clear", id="nothing found, everything surveyed"),
        pytest.param(an_answer(not_covered=[nobody_looked()]), "cannot_judge", id="nobody looked"),
        pytest.param(an_answer(unplaced_lines=1), "cannot_judge", id="a line without a place"),
        pytest.param(
            an_answer(without_points=[{"kind": "water"}]), "cannot_judge", id="lines without points"
        ),
        pytest.param(an_answer(a_finding(outcome=Outcome.REFER)), "cannot_judge", id="refer"),
        pytest.param(an_answer(a_finding(outcome=Outcome.CANNOT_JUDGE)), "cannot_judge", id="unknown"),
        pytest.param(
            an_answer(a_finding(outcome=Outcome.WITHIN_TOLERANCE)), "findings", id="within tolerance"
        ),
        pytest.param(an_answer(a_finding(), not_covered=[nobody_looked()]), "findings", id="breach"),
    ],
)
def test_a_work_is_clear_only_when_nothing_is_open(answer, said):
    assert verdict(answer) == said


def test_numbers_that_are_none_become_null():
    told = document(an_answer(a_finding(gap_m=float("nan"), gap_range_m=(float("-inf"), 0.123456))))

    assert told["findings"][0]["gap_m"] is None
    assert told["findings"][0]["gap_range_m"] == [None, 0.1235]


def test_pairs_are_told_only_where_pairs_were_judged():
    cover = an_answer(a_finding(measure=Measure.COVER), pairs=0)

    assert "可及范围内" not in as_table(cover, KINDS)
    assert "可及范围内共" not in a_page(cover)
    assert "可及范围内 4 对管线" in as_table(an_answer(a_finding(), pairs=4), KINDS)


@pytest.mark.parametrize(("pairs", "said"), [(4, 4), (0, "0：没有新建管线与其他管线成对比较")])
def test_the_workbook_says_what_no_pairs_mean(pairs, said):
    answer = an_answer(a_finding(), pairs=pairs)

    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(answer, KINDS)))["汇总"]
    told = {row[0].value: row[1].value for row in sheet}["可及范围内的管线对数"]
    assert told == said if pairs else str(told).startswith(str(said))


def test_a_clear_answer_names_the_consent_beside_it():
    consent = a_finding(measure=Measure.ZONE, outcome=Outcome.REFER, advisory=True)

    told = sentence_of(an_answer(consent, counts={"clear": 3}))

    assert told.zh == "全部满足，且各类管线均已普查覆盖。另有须征得同意 1 条，见下。"
    assert told.en.endswith("Beside that, see below: consent needed 1.")


def test_the_table_tells_the_tolerance_beside_what_was_measured():
    lines = as_table(an_answer(a_finding(gap_m=0.6, sigma_m=0.35)), KINDS).split("\n")

    assert re.search(r"实测 m +± m +要求 m", lines[2])
    assert re.search(r"0\.60 +0\.35 ", lines[4])
    assert "负值为重叠" in lines[5]


def test_columns_of_the_table_stand_below_each_other():
    lines = as_table(an_answer(a_finding(), a_finding(id="b", gap_m=-11.5)), KINDS).split("\n")
    head, *rows = lines[2], lines[4], lines[5]

    starts = [width(head[: head.index("依据")]), *(width(row[: row.index("GB 50289")]) for row in rows)]
    assert len(set(starts)) == 1


def test_the_table_says_what_nobody_surveyed():
    text = as_table(an_answer(not_covered=[nobody_looked()]), KINDS, "en")

    assert "water" in text
    assert "40.00–55.00 m" in text
    assert "cannot be judged" in text


def test_what_clear_rests_on_is_said_in_every_report():
    answer = an_answer(
        assumed_dry=[{"run": "new:1", "chainage_m": [0.0, 40.0], "asked_m": 2.0}],
        clear_by_unverified_figures={"V014": 3},
        displaced=True,
        left_aside=[{"file": "a.dxf", "words": {"zh": "未读取的图元：HATCH 2", "en": "entities not read"}}],
        untold_kinds=[{"file": "a.geojson", "value": "瓦斯暗渠"}],
    )
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(answer, KINDS)))["汇总"]

    for text in (as_table(answer, KINDS), a_page(answer), str(list(sheet.values))):
        assert "按旱地判定：新建管线 1 0.00–40.00 m" in text
        assert "V014 3 项" in text
        assert "外地试验数据参与" in text
        assert "“瓦斯暗渠”看不懂" in text
        assert "HATCH 2；其中如有管线" in text
    assert "rest on figures from memory" in as_table(answer, KINDS, "en")
    assert "按旱地判定" not in as_table(an_answer(), KINDS)


def test_csv_opens_in_a_chinese_spreadsheet():
    rows = list(csv.reader(io.StringIO(as_csv(an_answer(a_finding()), KINDS).decode("utf-8-sig"))))

    assert rows[1][rows[0].index("outcome_zh")] == "不满足"
    assert float(rows[1][rows[0].index("gap_m")]) == 0.31


def test_csv_for_people_has_the_heads_and_words_of_the_workbook():
    answer = an_answer(a_finding())

    for language, sheet in (("zh", "检查结果"), ("en", "Findings")):
        csv_rows = list(
            csv.reader(io.StringIO(as_csv(answer, KINDS, language, for_people=True).decode("utf-8-sig")))
        )
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(answer, KINDS, language)))[sheet]
        assert csv_rows[0] == [cell.value for cell in book[1]]
        assert csv_rows[1][3] == book[2][3].value


def test_a_name_that_would_be_a_formula_stays_text():
    finding = a_finding(b=Party("17", "power", "=HYPERLINK(1)", "built", label="-L1"))

    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(an_answer(finding), KINDS)))["检查结果"]

    values = {cell.value: cell.data_type for row in sheet for cell in row}
    assert values["'=HYPERLINK(1)"] == "s"
    assert "'-L1" in values


def test_geojson_names_its_system_and_its_places():
    told = json.loads(as_geojson(an_answer(a_finding())))

    assert told["crs"]["properties"]["name"].endswith("4548")
    assert told["features"][0]["geometry"]["coordinates"][0] == [517_012.0, 3_793_000.0]


def test_the_page_gives_the_three_answers():
    page = a_page(an_answer(a_finding(), not_covered=[nobody_looked()]))

    assert all(word in page for word in ("不满足、公差内", "比较过并且满足", "没有人普查过"))


def test_the_page_marks_invented_data():
    assert "虚构" in a_page(an_answer(invented=True))
    assert "虚构" not in a_page(an_answer(invented=False))


def test_every_format_says_that_invented_data_took_part():
    for invented in (True, False):
        answer = an_answer(a_finding(), invented=invented)
        rows = list(csv.DictReader(io.StringIO(as_csv(answer, KINDS).decode("utf-8-sig"))))
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(answer, KINDS)))

        assert ("虚构" in as_table(answer, KINDS)) is invented
        assert json.loads(as_geojson(answer))["invented"] is invented
        assert {row["invented"].casefold() for row in rows} == {str(invented).casefold()}
        said = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
        assert any("虚构：" in str(cell) for cell in said) is invented


def test_a_line_that_meets_itself_is_said():
    crossing = columns(
        a_new_run([(0, 0), (40, 0), (40, 20), (20, 20), (20, -20)]), a_new_run([(0, 5), (9, 5)]), first_id=-1
    )

    assert crossing_themselves(crossing) == ["new:1"]
    assert "与自身相交" in as_table(an_answer(crosses_itself=["new:1"]), KINDS)
    assert "与自身相交" not in as_table(an_answer(), KINDS)


def test_a_drilled_line_tells_with_which_deviation_it_was_judged():
    steered = [{"run": "new:1", "sigma_plan_m": 0.321, "sigma_level_m": 0.28}]

    told = as_table(an_answer(steered=steered), KINDS)

    assert "定向钻施工" in told
    assert "平面 0.32 m，高程 0.28 m" in told
    assert "定向钻" not in as_table(an_answer(), KINDS)


def test_the_page_refers_to_nothing_outside():
    page = a_page(an_answer(a_finding()))

    assert re.findall(r"<(?:script|link|img|iframe|object)[^>]*\b(?:src|href)\s*=", page) == []
    assert re.findall(r"url\((?!data:|#)[^)]*\)", page) == []


def test_what_strangers_wrote_is_text_on_the_page():
    finding = a_finding(
        words=Words("<script>alert(1)</script>", "x"), b=Party("17", "power", None, "built", "<b>")
    )

    page = a_page(an_answer(finding), title="<img src=x>")

    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page
    assert "<b>" not in page.split("</ul>", 1)[1].split("<h2>", 2)[2]


def test_the_same_answer_is_the_same_page_byte_for_byte():
    assert a_page(an_answer(a_finding())) == a_page(an_answer(a_finding()))


def test_a_finding_has_one_number_in_every_report():
    near = a_finding(id="z9", outcome=Outcome.WITHIN_TOLERANCE, chainage_m=(1.0, 2.0))
    worst = a_finding(id="b2", chainage_m=(30.0, 40.0))
    clear = a_finding(id="c3", outcome=Outcome.CLEAR)
    answer = an_answer(near, clear, worst, a_finding())

    document_says = {one["id"]: one["number"] for one in json.loads(as_json(answer))["findings"]}
    rows = list(csv.DictReader(io.StringIO(as_csv(answer, KINDS).decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(answer, KINDS)))["检查结果"]
    table = as_table(answer, KINDS)
    page = a_page(answer)

    assert document_says == {"a1b2": 1, "b2": 2, "z9": 3, "c3": None}
    assert [(row["id"], row["number"]) for row in rows if row["id"]] == [
        ("a1b2", "1"),
        ("b2", "2"),
        ("z9", "3"),
        ("c3", ""),
    ]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [1, 2, 3, None]
    assert re.findall(r"(?m)^ +(\d+) +(\S+)", table)[:3] == [
        ("1", "不满足"),
        ("2", "不满足"),
        ("3", "公差内"),
    ]
    assert [(number, int(place)) for number, place in re.findall(r'id="finding-(\d+)">(\d+)', page)] == [
        ("1", 1), ("2", 2), ("3", 3)
    ]  # fmt: skip


def test_a_file_carries_the_name_and_number_of_the_work():
    name = file_name("中压/燃气: 一期", "12", ".html")

    assert name == "中压 燃气 一期-12.html"
    assert disposition(name)["Content-Disposition"].endswith(
        "filename*=UTF-8''%E4%B8%AD%E5%8E%8B%20%E7%87%83%E6%B0%94%20%E4%B8%80%E6%9C%9F-12.html"
    )
    assert disposition(name)["Content-Disposition"].isascii()


def test_the_plan_has_a_legend_of_what_it_draws():
    page = a_page(an_answer(a_finding()))

    legend = page[page.index('class="legend"') : page.index("坐标原点")]
    assert all(word in legend for word in ("新建工程", "电力", "不满足", "无法判定"))
    assert "给水" not in legend


def test_the_document_has_a_line_for_each_finding_and_says_no_less():
    answer = an_answer(a_finding(), a_finding(), not_covered=[nobody_looked()])

    text = as_json(answer)

    assert json.loads(text) == document(answer)
    assert len([line for line in text.splitlines() if line.startswith('{"number"')]) == 2
    assert list(json.loads(text)) == list(document(answer))


def test_a_duty_is_never_called_a_breach_and_the_counts_equal_the_rows():
    duty = a_finding(id="d4", measure=Measure.DIG, advisory=True)
    beside = a_finding(id="e5", measure=Measure.DIG, advisory=True, outcome=Outcome.CLEAR)
    unknown = a_finding(id="f6", measure=Measure.DIG, advisory=True, outcome=Outcome.CANNOT_JUDGE)
    hint = a_finding(id="g7", measure=Measure.ORDER, advisory=True)
    near = a_finding(id="h8", chainage_m=(46.77, 46.778))
    answer = an_answer(a_finding(), near, duty, beside, unknown, hint, counts={"breach": 2, "clear": 3})

    table, page = as_table(answer, KINDS), a_page(answer)
    rows = list(csv.DictReader(io.StringIO(as_csv(answer, KINDS).decode("utf-8-sig"))))
    named = {row["id"]: (row["outcome"], row["outcome_zh"], row["advisory"]) for row in rows}

    head, body = table.splitlines()[1], table.splitlines()[4:]
    assert "共判定 5 项：不满足 2" in head
    assert "开挖注意、须征得同意或提示 4 条" in head
    assert "1 对管线" in head
    assert sum(re.match(r" +\d+  不满足", line) is not None for line in body) == 2
    assert sum("开挖注意（无法判定）" in line for line in body) == 1
    assert named["d4"] == ("breach", "开挖注意", "True")
    assert named["e5"][1] == "开挖注意"
    assert named["g7"][1] == "提示"
    assert page.count('<td class="breach">不满足</td>') == 2
    assert page.count('<td class="duty">') == 4
    assert "46.77–46.78" not in table + page


def test_the_workbook_has_heads_for_people_in_their_language():
    answer = an_answer(a_finding(), not_covered=[nobody_looked()])

    chinese, english = (
        openpyxl.load_workbook(io.BytesIO(as_xlsx(answer, KINDS, each))) for each in ("zh", "en")
    )

    assert chinese.sheetnames == ["检查结果", "未普查", "汇总"]
    assert english.sheetnames == ["Findings", "Not surveyed", "Summary"]
    assert [cell.value for cell in chinese["检查结果"][1]][:4] == ["编号", "标识", "结论代码", "结论"]
    assert "Gap m" in [cell.value for cell in english["Findings"][1]]
    assert [cell.value for cell in english["Findings"][2]][3] == "breach"
