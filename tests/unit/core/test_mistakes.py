"""Errors of pydantic in Chinese: every kind that the work document can meet has a sentence of its own."""

import re

import pytest
from pydantic import ValidationError
from pydantic_core._pydantic_core import list_all_errors

from xzgis.core.mistakes import OTHER, SENTENCES, Unacceptable, mistake
from xzgis.core.words import Words
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


def test_every_kind_of_error_fills_its_sentence_from_its_own_context():
    told = {each["type"]: each for each in list_all_errors()}

    assert set(SENTENCES) <= set(told)
    for name in SENTENCES:
        context = told[name].get("example_context") or {}
        if name in ("too_short", "too_long"):
            context = context | {"actual_length": 0}
        sentence = mistake({"type": name, "msg": "x", "ctx": context})
        assert sentence.zh != OTHER, name
        assert "{" not in sentence.zh, name


def test_a_check_of_our_own_is_told_in_its_own_words():
    raised = Unacceptable(Words("坐标嵌套太深。", "Nested too deeply."))

    sentence = mistake(
        {"type": "value_error", "msg": "Value error, Nested too deeply.", "ctx": {"error": raised}}
    )

    assert (sentence.zh, sentence.en) == ("坐标嵌套太深。", "Nested too deeply.")
    assert mistake({"type": "value_error", "msg": "Value error, odd"}).en == "odd"


def test_choices_are_joined_in_chinese():
    assert (
        mistake({"type": "enum", "msg": "x", "ctx": {"expected": "'a' or 'b'"}}).zh
        == "可用取值：'a' 或 'b'。"
    )
