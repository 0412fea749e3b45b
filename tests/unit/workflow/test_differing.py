"""What a version changes is said in words, each change once."""

import pytest

from tests.processes import END, START, a_choice, a_file, a_flow, a_process, a_task
from xzgis.workflow.rules.differing import differences
from xzgis.workflow.rules.reading import read

CLOCK = 'working_days="{days}" basis="第三十二条" confidence="memory"'


def told(before: bytes, after: bytes) -> list[str]:
    return [words.zh for words in differences(read(before), read(after))]


def test_the_same_file_differs_in_nothing() -> None:
    assert told(a_process(), a_process()) == []


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param(a_process(), a_process(said="收件"), "经办“受理”改名为“收件”", id="renamed"),
        pytest.param(a_process(facts=CLOCK.format(days=5)), a_process(facts=CLOCK.format(days=3)),
                     "“受理”的时限（工作日）由 5 改为 3", id="clock"),
        pytest.param(a_process(facts='confidence="memory"'), a_process(facts='confidence="verified"'),
                     "“受理”的可信程度由 凭记忆，待核对 改为 已核对原文", id="confidence"),
        pytest.param(a_process(), a_process(facts='stops_clock="yes"'), "“受理”的不计入时限由 否 改为 是", id="pause"),
        pytest.param(a_process(), a_process(facts='document="受理单"'), "“受理”的文书由 无 改为 受理单", id="document"),
        pytest.param(a_process(), a_process(name="另一名称"), "流程“试验流程”改名为“另一名称”", id="process renamed"),
        pytest.param(a_process(), a_process().replace(b'en="Trial"', b'en="Trial" statutory_days="20"'),
                     "流程的法定时限（工作日）由 无 改为 20", id="clock of the whole"),
        pytest.param(a_process(), a_process().replace(b"userTask", b"manualTask"),
                     "“受理”的类型由 经办 改为 线下办理", id="kind"),
        pytest.param(a_process(), a_process().replace(b'en="Trial"', b'en="Test"'), "只改了文字", id="English alone"),
        pytest.param(a_process(), a_process().replace(b'x="0"', b'x="7"'), "只改了图形的位置", id="drawing alone"),
    ],
)  # fmt: skip
def test_a_change_is_said_in_words(before: bytes, after: bytes, says: str) -> None:
    assert told(before, after) == [says]


def test_steps_that_come_and_go_are_said_with_their_ways() -> None:
    parts = (START, a_choice("g", "f_g_end"), a_task("accept", "受理"), a_task("pay", "缴费"), END, a_flow("start", "accept"),
             a_flow("accept", "g"), a_flow("g", "pay", "fee == True"), a_flow("g", "end"), a_flow("pay", "end"))  # fmt: skip
    more = a_file(*parts)

    came, went = told(a_process(), more), told(more, a_process())

    assert came[:2] == ["新增选择“选择”", "新增经办“缴费”"]
    assert "新增去向 “选择”→“缴费”，条件 fee == True" in came
    assert "取消去向 “受理”→“结束”" in came
    assert went[:2] == ["删去选择“选择”", "删去经办“缴费”"]


def test_another_condition_is_said() -> None:
    def choosing(condition: str) -> bytes:
        return a_file(START, a_choice("g", "f_g_end"), a_task("pay", "缴费"), END, a_flow("start", "g"),
                      a_flow("g", "pay", condition), a_flow("g", "end"), a_flow("pay", "end"))  # fmt: skip

    assert told(choosing("fee == 1"), choosing("fee == 2")) == [
        "新增去向 “选择”→“缴费”，条件 fee == 2", "取消去向 “选择”→“缴费”，条件 fee == 1",
    ]  # fmt: skip
