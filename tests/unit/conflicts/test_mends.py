"""The least change as a sentence, for the page and for the sheets."""

import csv
import io
import json

import pytest

from tests.unit.conflicts.answers import a_finding, an_answer
from xzgis.conflicts.reports.document import as_json
from xzgis.conflicts.reports.mends import mend_words
from xzgis.conflicts.reports.sheets import as_csv

MENDS = {
    "moved": ({"move_m": 0.273, "side": "right", "clear_move_m": 0.38},
              "平面向右（面向里程增加方向）移 0.28 m（计入误差 0.38 m）",
              "move 0.28 m to the right (looking ahead) (0.38 m with the spread)"),
    "met, not surely": ({"raise_m": 0.0, "clear_raise_m": 0.069, "at_chainage_m": 30.0},
                        "已达到要求数值；计入误差也要满足时：该处抬高 0.07 m",
                        "the figure is met; to meet it with the spread too: raise by 0.07 m here"),
    "without a spread": ({"lower_m": 0.3}, "该处降低 0.30 m", "lower by 0.30 m here"),
    "nearer than can be moved": ({"move_m": 0.004, "side": "either", "clear_move_m": 0.002},
                                 "与要求数值相差不到 1 厘米，移动无意义：请实测对方位置或标高以减小误差",
                                 ("less than 1 cm from the figure, moving would not help: measure where the other "
                                  "line lies to narrow the spread")),
    "met, and all but sure": ({"move_m": 0.0, "side": "left", "clear_move_m": 0.004},
                              "已达到要求数值，计入误差仅差不到 1 厘米，移动无意义：请实测对方位置或标高以减小误差",
                              ("the figure is met, with the spread less than 1 cm is short: measure where the other "
                               "line lies to narrow it")),
    "nothing that is known": ({"at_chainage_m": 3.0}, "不明", "not known"),
}  # fmt: skip


@pytest.mark.parametrize(("mend", "zh", "en"), MENDS.values(), ids=MENDS)
def test_a_change_is_a_sentence(mend, zh, en):
    assert (mend_words(mend, "zh"), mend_words(mend, "en")) == (zh, en)


def test_no_change_is_no_sentence():
    assert mend_words(None, "zh") == mend_words({}, "en") == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheets_hold_the_sentence_and_json_the_figures(language):
    result = an_answer(a_finding())
    (row, *_) = csv.DictReader(io.StringIO(as_csv(result, {}, language).decode("utf-8-sig")))

    assert row["mend"] == mend_words(result.findings[0].mend, language) != ""
    assert json.loads(as_json(result))["findings"][0]["mend"] == result.findings[0].mend
