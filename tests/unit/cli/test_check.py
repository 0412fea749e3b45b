"""``xzgis check --against``: no database, exit codes, formats."""

import json
import subprocess
import sys

import openpyxl
import pytest

from xzgis.cli.frame import run
from xzgis.core.settings import ROOT

pytestmark = pytest.mark.usefixtures("read_here")

POINTS = """管线点编号,X坐标,Y坐标,地面高程,管线点特征,附属物,管线代码
J1,3792600.500,516850.000,31.0,直线点,,JS
J2,3792600.500,517150.000,31.0,直线点,,JS
"""
LINES = """起点点号,连接点号,起点埋深,终点埋深,管径或断面尺寸,材质,埋设方式,管线代码
J1,J2,1.0,1.0,200,钢,直埋,JS
"""
GAS = ["--kind", "gas", "--diameter-mm", "200", "--pressure-class", "medium_A", "--burial", "direct_buried"]


# Depths told farther apart than 75 m say no levels (decision 0076).
SHORT = POINTS.replace("517150", "516920")


@pytest.fixture
def survey(tmp_path):
    """A survey of one water main, 300 m eastward; the folder it lies in."""
    (tmp_path / "管线点.csv").write_text(POINTS, encoding="utf-8")
    (tmp_path / "管线.csv").write_text(LINES, encoding="utf-8")
    return tmp_path


def check(folder, north_m, *more, names=("管线点.csv", "管线.csv")):
    """Exit code of a check of a main of 100 m, ``north_m`` beside the water main."""
    (folder / "work.csv").write_text(f"{3792600.5 + north_m},516900\n{3792600.5 + north_m},517000\n")
    files = [str(folder / name) for name in names]
    return run(["check", str(folder / "work.csv"), "--against", *files, *GAS, *more])


def test_a_main_too_close_ends_with_one(survey, capsysbinary):
    code = check(survey, 0.4, "--cover-m", "1.2", "--json")

    told = json.loads(capsysbinary.readouterr().out)
    assert code == 1
    assert told["verdict"] == "findings"
    horizontal = [one for one in told["findings"] if one["measure"] == "horizontal"]
    assert horizontal[0]["b"]["kind"] == "water"
    assert horizontal[0]["b"]["label"] == "J1-J2"


def test_far_away_and_unsurveyed_ends_with_two(survey, capsysbinary):
    code = check(survey, 8.0, "--cover-m", "1.2", "--json")

    told = json.loads(capsysbinary.readouterr().out)
    assert code == 2
    assert told["counts"]["breach"] == 0
    assert "water" not in {part["kind"] for part in told["not_covered"]}
    assert "gas" in {part["kind"] for part in told["not_covered"]}


def test_a_work_that_is_not_there_ends_with_three(survey, capsys):
    code = run(["check", str(survey / "nothing.json"), "--against", str(survey / "管线点.csv")])

    assert code == 3
    assert "nothing.json" in capsys.readouterr().err


def test_without_a_kind_it_says_what_to_give(survey, capsys):
    (survey / "work.csv").write_text("3792600,516900\n3792600,517000\n")

    code = run(["check", str(survey / "work.csv"), "--against", str(survey / "管线点.csv")])

    assert code == 3
    assert "--kind" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["answer.html", "answer.xlsx", "answer.csv", "answer.geojson", "answer.json"]
)
def test_the_suffix_of_the_file_chooses_the_format(survey, capsysbinary, name):
    check(survey, 0.4, "--cover-m", "1.2", "--out", str(survey / name))

    assert capsysbinary.readouterr().out == b""
    assert (survey / name).stat().st_size > 500


def test_clear_pairs_are_listed_when_asked(survey, capsysbinary):
    check(survey, 0.95, "--cover-m", "1.2", "--json", "--all")

    told = json.loads(capsysbinary.readouterr().out)
    clear = [one for one in told["findings"] if one["outcome"] == "clear" and not one["advisory"]]
    assert told["counts"]["clear"] == len(clear) > 0


def test_what_is_clear_is_told_with_its_figures(survey, capsysbinary):
    """0.95 m between axes, both mains 0.20 to 0.22 m wide."""
    check(survey, 0.95, "--cover-m", "1.2", "--json", "--all")

    told = json.loads(capsysbinary.readouterr().out)["findings"]
    clear = {one["measure"]: one for one in told if one["outcome"] == "clear"}
    assert clear["horizontal"]["required_m"] == 0.5
    assert 0.71 < clear["horizontal"]["gap_m"] < 0.78
    assert [rule["table"] for rule in clear["horizontal"]["rules"] if rule["decides"]] == ["4.1.9"]

    (survey / "管线点.csv").write_text(SHORT, encoding="utf-8")
    work = {"runs": [{"kind": "gas", "axis": [[516852, 3792590], [516852, 3792611]], "ground_m": [31, 31],
                      "section": {"diameter_mm": 100}, "depth": {"cover_m": 0.3}, "burial": "direct_buried",
                      "pressure_class": "medium_A", "material": "pe"}]}  # fmt: skip
    (survey / "own.json").write_text(json.dumps(work), encoding="utf-8")
    files = [str(survey / name) for name in ("管线点.csv", "管线.csv")]
    run(["check", str(survey / "own.json"), "--against", *files, "--json", "--all"])
    told = json.loads(capsysbinary.readouterr().out)["findings"]
    (vertical,) = [one for one in told if (one["outcome"], one["measure"]) == ("clear", "vertical")]
    (level,) = [one for one in told if (one["outcome"], one["measure"]) == ("clear", "horizontal")]
    assert (vertical["gap_m"], vertical["required_m"]) == (pytest.approx(0.6, abs=0.02), 0.15)
    assert level["gap_m"] is None  # they cross: no distance in plan is asked


def test_two_lines_of_two_owners_are_told_apart(survey, capsysbinary):
    head, row = LINES.splitlines()
    more = "J3,3792601.6,516850,31.0,直线点,,JS\nJ4,3792601.6,517150,31.0,直线点,,JS\n"
    (survey / "管线点.csv").write_text(POINTS + more, encoding="utf-8")
    rows = f"{head},权属单位\n{row},甲水务\n{row.replace('J1,J2', 'J3,J4')},乙水务\n"
    (survey / "管线.csv").write_text(rows, encoding="utf-8")
    check(survey, 0.4, "--cover-m", "1.2")

    said = capsysbinary.readouterr().out.decode()
    assert "J1-J2 · 甲水务（现状）" in said
    assert "J3-J4 · 乙水务（现状）" in said


def test_the_surface_that_a_list_cannot_say_is_told_by_an_option(survey, capsysbinary):
    check(survey, 0.95, "--cover-m", "1.2", "--json", "--all")
    assert json.loads(capsysbinary.readouterr().out)["checked"]["assumed_dry"]

    check(
        survey,
        0.95,
        "--cover-m",
        "1.2",
        "--json",
        "--all",
        "--surface",
        "carriageway",
        "--sigma-level-m",
        "0.05",
    )

    told = json.loads(capsysbinary.readouterr().out)["checked"]
    assert (told["assumed_dry"], told["surface"]) == ([], {"carriageway": 100.0})


def test_files_alone_need_no_database_library(survey):
    (survey / "work.csv").write_text("3792600,516900\n3792600,517000\n")
    files = [str(survey / "管线点.csv"), str(survey / "管线.csv")]
    arguments = ["check", str(survey / "work.csv"), "--against", *files, *GAS, "--json"]
    script = (
        "import sys\n"
        "from xzgis.cli.frame import run\n"
        f"code = run({arguments!r})\n"
        "assert not {'sqlalchemy', 'psycopg', 'procrastinate'} & set(sys.modules), 'a database library was loaded'\n"
        "sys.exit(code)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode in (1, 2), done.stderr


def test_our_own_export_keeps_the_sizes_of_its_lines(capsysbinary):
    sample = ROOT / "data" / "sample"

    run(
        [
            "check",
            str(sample / "works" / "gas_in_conflict.json"),
            "--against",
            str(sample / "runs.gpkg"),
            "--json",
        ]
    )

    told = json.loads(capsysbinary.readouterr().out)
    horizontal = [one for one in told["findings"] if one["measure"] == "horizontal"]
    assert {one["outcome"] for one in horizontal} == {"breach"}
    assert not [one for one in horizontal if "b.size" in one["missing"]]


def broken(folder):
    """The survey with a figure of one point that is no number."""
    points = folder / "管线点.csv"
    points.write_text(POINTS.replace("J2,3792600.500", "J2,37926x0.5"), encoding="utf-8")


def test_a_row_that_cannot_be_read_refuses_the_check(survey, capsys):
    broken(survey)

    code = check(survey, 0.4, "--cover-m", "1.2", "--lang", "zh")

    told = capsys.readouterr()
    assert code == 3
    assert told.out == ""
    for part in ("管线点.csv", "#3", "north_m", "37926x0.5", "请在原表中改正", "--leave-out-errors"):
        assert part in told.err


def test_rows_left_out_are_listed_and_nothing_is_clear(survey, capsysbinary):
    broken(survey)

    code = check(survey, 0.4, "--cover-m", "1.2", "--json", "--leave-out-errors")

    told = json.loads(capsysbinary.readouterr().out)
    assert code == 2
    assert told["verdict"] == "cannot_judge"
    (row,) = [one for one in told["checked"]["not_read"] if one["code"] == "S03"]
    assert (row["file"], row["row"], row["field"], row["value"]) == ("管线点.csv", 3, "north_m", "37926x0.5")


def test_the_table_names_the_rows_left_out(survey, capsysbinary):
    broken(survey)

    check(survey, 0.4, "--cover-m", "1.2", "--lang", "zh", "--leave-out-errors")

    assert "管线点.csv #3 north_m：“37926x0.5”不是数值" in capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize("beside", [(), ("管线点.csv", "管线.csv")])
def test_a_file_without_lines_is_refused(survey, capsys, beside):
    (survey / "work.csv").write_text("3792600,516900\n3792600,517000\n")
    (survey / "line.csv").write_text("X,Y\n3792600,516900\n3792600,517000\n")
    files = [str(survey / name) for name in ("line.csv", *beside)]

    code = run(["check", str(survey / "work.csv"), "--against", *files, *GAS, "--lang", "en"])

    assert code == 3
    assert "No line of any kind was found in line.csv" in capsys.readouterr().err


def crossing(folder, *files):
    """Exit code of a check of a main that crosses the water main at right angles, 1.2 m deep."""
    (folder / "across.csv").write_text("3792590,516852\n3792611,516852\n")
    against = [str(folder / name) for name in files]
    return run(
        ["check", str(folder / "across.csv"), "--against", *against, *GAS, "--cover-m", "0.5", "--json"]
    )


def vertical(told):
    return {
        (one["outcome"], tuple(one["missing"])) for one in told["findings"] if one["measure"] == "vertical"
    }


def test_levels_that_contradict_are_unknown_as_at_the_intake(survey, capsysbinary):
    """Ground 31.0 m, depth 2.0 m and a level of 30.2 m: one of the two is wrong, so neither makes it clear."""
    head, row = LINES.splitlines()
    row = row.replace("J1,J2,1.0,1.0", "J1,J2,2.0,2.0")
    (survey / "管线点.csv").write_text(SHORT, encoding="utf-8")
    (survey / "管线.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    crossing(survey, "管线点.csv", "管线.csv")
    assert vertical(json.loads(capsysbinary.readouterr().out)) == set()

    (survey / "管线.csv").write_text(f"{head},起点管线高程,终点管线高程\n{row},30.2,30.2\n", encoding="utf-8")
    code = crossing(survey, "管线点.csv", "管线.csv")

    assert vertical(json.loads(capsysbinary.readouterr().out)) == {("cannot_judge", ("b.depth",))}
    assert code == 2


@pytest.mark.parametrize("depth", ["120", "99", "300", "-1.2"])
def test_a_depth_that_cannot_be_is_unknown_as_at_the_intake(survey, capsysbinary, depth):
    """120 was meant as centimetres: a main 89 m below the new one would be clear of it."""
    head, row = LINES.splitlines()
    row = row.replace("J1,J2,1.0,1.0", f"J1,J2,{depth},{depth}")
    (survey / "管线点.csv").write_text(SHORT, encoding="utf-8")
    (survey / "管线.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")

    code = crossing(survey, "管线点.csv", "管线.csv")

    assert vertical(json.loads(capsysbinary.readouterr().out)) == {("cannot_judge", ("b.depth",))}
    assert code == 2


def a_workbook(folder, **sheets):
    """A workbook of the survey, and of more sheets given by name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"点": POINTS, "线": LINES, **sheets}.items():
        sheet = book.create_sheet(name)
        for row in rows.splitlines():
            sheet.append(row.split(","))
    book.save(folder / "survey.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param("甲,乙,深\nJ1,J2,0.7\n", id="lines between points of the survey"),
        pytest.param("甲,乙,丙\nK1,3792600.5,516850\n", id="points or lines with coordinates"),
    ],
)
def test_a_sheet_that_may_hold_lines_refuses_the_check(survey, capsysbinary, rows):
    a_workbook(survey, 电缆=rows)

    assert crossing(survey, "survey.xlsx") == 3
    said = capsysbinary.readouterr().err.decode()
    assert "survey.xlsx" in said
    assert "电缆" in said
    assert "--leave-out-errors" in said

    code = check(survey, 8.0, "--cover-m", "0.5", "--json", "--leave-out-errors", names=("survey.xlsx",))

    told = json.loads(capsysbinary.readouterr().out)
    assert (code, told["verdict"]) == (2, "cannot_judge")
    assert [(one["code"], one["sheet"]) for one in told["checked"]["not_read"]] == [("R01", "电缆")]


@pytest.mark.parametrize("way", ["column", "mapping"])
def test_heads_and_codes_of_the_files_are_told_as_at_an_import(survey, capsysbinary, way):
    """A table of lines with heads of its own, and a code that no list has: refused, and read once a person says what they are."""
    (survey / "管线点.csv").write_text(POINTS.replace("JS", "ZZ9"), encoding="utf-8")
    strange = LINES.replace("起点点号,连接点号", "甲,乙").replace("JS", "ZZ9")
    (survey / "管线.csv").write_text(strange, encoding="utf-8")
    (survey / "crew.json").write_text(
        '{"columns": {"甲": "from_point", "乙": "to_point"}, "codes": {"ZZ9": "water"}}', encoding="utf-8"
    )
    said = {
        "column": ["--column", "甲=from_point", "--column", "乙=to_point", "--code", "ZZ9=water"],
        "mapping": ["--mapping", str(survey / "crew.json")],
    }[way]
    assert check(survey, 0.4, "--cover-m", "1.2", "--json") == 3
    assert "--mapping" in capsysbinary.readouterr().err.decode()

    code = check(survey, 0.4, "--cover-m", "1.2", "--json", *said)

    told = json.loads(capsysbinary.readouterr().out)
    horizontal = [one for one in told["findings"] if one["measure"] == "horizontal"]
    assert (code, horizontal[0]["b"]["kind"], horizontal[0]["outcome"]) == (1, "water", "breach")


def test_options_of_the_files_without_files_are_refused(survey, capsys):
    (survey / "work.csv").write_text("3792600,516900\n3792600,517000\n")

    assert run(["check", str(survey / "work.csv"), *GAS, "--column", "甲=from_point"]) == 3
    assert "--against" in capsys.readouterr().err


def test_covers_legends_and_sums_refuse_nothing(survey, capsysbinary):
    a_workbook(survey, 封面="管线成果表\n单位,某公司\n日期,2024-05-01\n", 图例="代码,名称\nJS,给水\n",
               统计="管类,长度(m),点数\n给水,300,2\n合计,300,2\n")  # fmt: skip

    assert crossing(survey, "survey.xlsx") in (1, 2)
    assert not json.loads(capsysbinary.readouterr().out)["checked"].get("not_read")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--kind", "lava"),
        ("--diameter-mm", "-5"),
        ("--burial", "air"),
        ("--surface", "moon"),
        ("--sigma-plan-m", "-1"),
        ("--pressure-class", "enormous"),
        ("--crs", "nowhere"),
        ("--against-crs", "nowhere"),
        ("--mapping", "nowhere"),
        ("--column", "甲=nothing"),
        ("--code", "X=lava"),
        ("--encoding", "klingon"),
    ],
)
def test_a_wrong_option_is_blamed_and_not_the_file(survey, capsys, option, value):
    code = check(survey, 0.4, "--cover-m", "1.2", option, value)

    said = capsys.readouterr().err
    assert code == 3
    assert f"  {option}" in said
    assert "work.csv" not in said
    assert "runs" not in said


def test_a_fault_of_the_file_stays_the_files(survey, capsys):
    text = '{"runs": [{"kind": "gas", "axis": [[516900, 3792601], [517000, 3792601]], "burial": "air"}]}'
    (survey / "own.json").write_text(text, encoding="utf-8")

    code = run(["check", str(survey / "own.json"), "--against", str(survey / "管线点.csv"), "--kind", "gas"])

    assert code == 3
    assert "runs · 0 · burial" in capsys.readouterr().err
