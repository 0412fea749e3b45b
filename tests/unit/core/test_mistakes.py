"""Errors of pydantic in Chinese: every kind that the work document can meet has a sentence of its own."""

import re

import pytest
from pydantic import ValidationError

from xzgis.core.mistakes import OTHER, mistake
from xzgis.works.terms import WorkDocument

AXIS = [[517000, 3793000], [517010, 3793000]]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"runs": [{"kind": "gas", "axis": AXIS, "section": {"diameter_mm": -1}}]}, "须大于 0"),
        ({"runs": [{"kind": "gas", "axis": AXIS, "section": {"diameter_mm": 99999}}]}, "须不大于 20000"),
        ({"runs": [{"kind": "gas", "axis": AXIS, "voltage_kv": "ten"}]}, "须是数字"),
        ({"runs": [{"axis": AXIS}]}, "缺少这一项"),
        ({"runs": [{"kind": "gas", "axis": AXIS[:1]}]}, "至少 2 项，现有 1 项"),
        ({"runs": [{"kind": "gas", "axis": AXIS, "method": "magic"}]}, "可用取值"),
        ({"colour": "red"}, "没有这一项"),
        ({"starts_on": "tomorrow"}, "不是日期"),
        ({"name": "x" * 201}, "不超过 200 个字符"),
        ({"runs": 7}, "须是列表"),
    ],
)
def test_each_mistake_is_told_in_chinese(document, told):
    with pytest.raises(ValidationError) as caught:
        WorkDocument.model_validate(document)

    sentence = mistake(caught.value.errors()[0])

    assert told in sentence.zh
    assert not re.search(r"should|must|valid", sentence.zh)
    assert sentence.en == caught.value.errors()[0]["msg"]


def test_an_unknown_kind_of_error_is_still_a_sentence():
    assert mistake({"type": "of tomorrow", "msg": "x"}).zh == OTHER
