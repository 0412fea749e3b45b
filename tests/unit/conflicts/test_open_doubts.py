"""What was not looked at keeps a work from being clear, and every answer says so (decision 0090)."""

import pytest

from tests.unit.conflicts.answers import KINDS, a_finding, an_answer
from xzgis.conflicts.reports.document import is_unseen, verdict
from xzgis.conflicts.reports.table import as_table, sentence_of
from xzgis.conflicts.rules.unread import NOT_READ, aside_told
from xzgis.core.words import Words
from xzgis.networks.terms import IntakeFinding


def aside(level, sheet):
    finding = IntakeFinding(
        NOT_READ, level, Words("未读取的图元：HATCH 2", "entities not read: HATCH 2"), Words("无", "none"),
        file="a.dxf", sheet=sheet,
    )  # fmt: skip
    return aside_told(finding)


@pytest.mark.parametrize(
    "doubt",
    [
        pytest.param({"left_aside": [aside("info", None)]}, id="entities not read"),
        pytest.param({"left_aside": [aside("warning", "纸1")]}, id="paper space"),
        pytest.param({"crosses_itself": ["new:1"]}, id="meets itself"),
        pytest.param({"beside_itself": ["new:1"]}, id="beside itself"),
    ],
)
def test_what_was_not_looked_at_is_never_clear(doubt):
    answer = an_answer(counts={"clear": 3}, **doubt)

    assert verdict(answer) == "cannot_judge"
    assert is_unseen(answer)
    assert "未读取或未检查的部分" in sentence_of(answer).zh
    assert verdict(an_answer(a_finding(), **doubt)) == "findings"


def test_a_layer_that_a_person_calls_none_of_ours_leaves_no_doubt():
    answer = an_answer(left_aside=[aside("info", "建筑")])

    assert verdict(answer) == "clear"
    assert "HATCH 2" in as_table(answer, KINDS)


def test_a_run_beside_itself_is_said():
    assert "折回到自身近旁" in as_table(an_answer(beside_itself=["new:1"]), KINDS)
    assert "comes back beside itself" in as_table(an_answer(beside_itself=["new:1"]), KINDS, "en")


@pytest.mark.parametrize(
    ("shortfall_m", "said"),
    [(0.19, "0.19"), (0.005, "0.01"), (0.0049, "0.005"), (0.002, "0.002"), (0.0003, "< 0.001")],
)
def test_a_small_shortfall_is_not_told_as_nothing(shortfall_m, said):
    rows = as_table(an_answer(a_finding(gap_m=0.498, shortfall_m=shortfall_m)), KINDS).split("\n")

    assert f"0.50  {said:>7}  GB 50289".replace(" ", "") in rows[4].replace(" ", "")
