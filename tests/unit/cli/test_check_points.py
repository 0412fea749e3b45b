"""``xzgis check --against``: what the points of the files tell, or leave open."""

import json

import pytest

from tests.unit.cli.test_check import POINTS, check, survey

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
