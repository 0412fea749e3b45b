"""``xzgis check --against``: what the points of the files tell, or leave open."""

import json

import pytest

from tests.unit.cli.test_check import LINES, POINTS, check, survey

pytestmark = pytest.mark.usefixtures("read_here")
__all__ = ["survey"]


@pytest.mark.parametrize(("feature", "is_told"), [("直线点", True), ("", False)])
def test_lines_beside_which_no_point_says_what_it_is_leave_chambers_open(
    survey, capsysbinary, feature, is_told
):
    (survey / "管线点.csv").write_text(POINTS.replace("直线点", feature), encoding="utf-8")
    check(survey, 8.0, "--cover-m", "1.2", "--json")
    told = json.loads(capsysbinary.readouterr().out)
    check(survey, 8.0, "--cover-m", "1.2")
    table = capsysbinary.readouterr().out.decode()

    kinds = [one["kind"] for one in told["checked"].get("without_points", ())]
    assert kinds == ([] if is_told else ["water"])
    assert ("检查井、阀门井、箱柜等未作检查" in table) is not is_told


@pytest.mark.parametrize(("away_m", "kinds"), [(12.0, ["water"]), (30.0, [])])
def test_lines_are_asked_as_far_as_a_chamber_on_them_matters(survey, capsysbinary, away_m, kinds):
    """The line itself is too far off to be judged."""
    (survey / "管线点.csv").write_text(POINTS.replace("直线点", ""), encoding="utf-8")

    check(survey, away_m, "--cover-m", "1.2", "--json")

    told = json.loads(capsysbinary.readouterr().out)
    assert [one["kind"] for one in told["checked"].get("without_points", ())] == kinds


@pytest.mark.parametrize(("manhole", "kinds"), [("", ["power"]), ("人孔", [])], ids=str)
def test_street_lamps_tell_nothing_of_the_points_of_power(survey, capsysbinary, manhole, kinds):
    cables = {
        code: POINTS.replace("直线点,,JS", f",{thing},{code}")
        .replace("J1", f"{code}1")
        .replace("J2", f"{code}2")
        for code, thing in (("LD", "路灯"), ("DL", manhole))
    }
    head, *lamps = cables["LD"].replace("3792600.500", "3792607.000").splitlines()
    rows = [head, *lamps, *cables["DL"].splitlines()[1:]]
    (survey / "管线点.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    table = [LINES.splitlines()[0], "LD1,LD2,1.0,1.0,100,铜,直埋,LD", "DL1,DL2,1.0,1.0,100,铜,直埋,DL"]
    (survey / "管线.csv").write_text("\n".join(table) + "\n", encoding="utf-8")

    check(survey, 3.0, "--cover-m", "1.2", "--json")

    told = json.loads(capsysbinary.readouterr().out)
    assert [one["kind"] for one in told["checked"].get("without_points", ())] == kinds
