"""A process can run to an end from wherever it stands, and its expressions can reach nothing."""

import pytest

from tests.processes import END, START, a_choice, a_file, a_flow, a_process, a_task
from tests.unit.workflow.test_reading import faults
from xzgis.core.errors import Invalid
from xzgis.workflow.rules.calling import check_calls
from xzgis.workflow.rules.expressions import refusal_of
from xzgis.workflow.rules.reading import read

A, B = a_task("a"), a_task("b")
TIMER = (
    '<bpmn:boundaryEvent id="late" attachedToRef="{on}"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>{text}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)


@pytest.mark.parametrize(
    ("parts", "element", "told"),
    [
        pytest.param((START, A, B, END, a_flow("start", "a"), a_flow("a", "end"), a_flow("b", "end")), "b", "走不到这里",
                     id="no way in"),
        pytest.param((START, A, END, a_flow("start", "a")), "a", "走不到结束", id="no way out"),
        pytest.param((START, A, a_flow("start", "a")), "trial", "没有结束", id="no end"),
        pytest.param((A, END, a_flow("a", "end")), "trial", "0 个开始", id="no start"),
        pytest.param((START, '<bpmn:startEvent id="s2"/>', A, END, a_flow("start", "a"), a_flow("s2", "a"), a_flow("a", "end")),
                     "trial", "2 个开始", id="two starts"),
        pytest.param((START, A, END, a_flow("start", "a"), a_flow("a", "gone")), "f_a_gone", "不是流程里的节点",
                     id="leads nowhere"),
        pytest.param((START, A, END, a_flow("start", "a"), a_flow("a", "end"), a_flow("end", "a")), "f_end_a", "结束之后",
                     id="after the end"),
        pytest.param((START, A, END, a_flow("start", "a"), a_flow("a", "end"), a_flow("a", "start")), "f_a_start", "通向开始",
                     id="into the start"),
        pytest.param((START, A, B, END, a_flow("start", "a"), a_flow("a", "b"), a_flow("a", "end"), a_flow("b", "end")), "a",
                     "2 条去向", id="parts without a gateway"),
        pytest.param((START, a_choice("g"), A, END, a_flow("start", "g"), a_flow("g", "a", "x == 1"),
                      a_flow("g", "end", "x == 2"), a_flow("a", "end")), "g", "没有默认去向", id="no default"),
        pytest.param((START, a_choice("g", "f_g_end"), A, END, a_flow("start", "g"), a_flow("g", "a"), a_flow("g", "end"),
                      a_flow("a", "end")), "f_g_a", "没有条件", id="no condition"),
        pytest.param((START, a_choice("g", "f_g_end"), A, END, a_flow("start", "g"), a_flow("g", "a", "x"),
                      a_flow("g", "end", "y"), a_flow("a", "end")), "f_g_end", "默认去向不能有条件", id="default with condition"),
        pytest.param((START, A, END, a_flow("start", "a"), a_flow("a", "end", "x == 1")), "f_a_end", "选择网关",
                     id="condition without a choice"),
        pytest.param((START, A, TIMER.format(on="start", text='"PT24H"'), END, a_flow("start", "a"), a_flow("a", "end"),
                      a_flow("late", "end")), "late", "没有挂在办理步骤上", id="timer beside nothing"),
        pytest.param((START, A, TIMER.format(on="a", text='"P5D"'), END, a_flow("start", "a"), a_flow("a", "end"),
                      a_flow("late", "end")), "late", "以小时计", id="calendar days"),
        pytest.param((START, a_task("a", kind="callActivity"), END, a_flow("start", "a"), a_flow("a", "end")), "a",
                     "没有写明调用", id="calls nothing"),
        pytest.param((START, a_task("a", "名" * 61), END, a_flow("start", "a"), a_flow("a", "end")), "a", "名称过长",
                     id="name too long"),
    ],
)  # fmt: skip
def test_what_cannot_run_is_told_with_its_element(parts: tuple[str, ...], element: str, told: str) -> None:
    assert any(f" {element}：" in one and told in one for one in faults(a_file(*parts)))


def test_a_timer_of_hours_and_a_loop_back_are_sound() -> None:
    parts = (
        START, A, TIMER.format(on="a", text='"PT24H"'), a_choice("g", "f_g_end"), END, a_flow("start", "a"), a_flow("a", "g"),
        a_flow("late", "end"), a_flow("g", "a", "again == True"), a_flow("g", "end"),
    )  # fmt: skip

    assert faults(a_file(*parts)) == []


@pytest.mark.parametrize(
    "text",
    [
        "decision == 'grant'",
        "days > 5 and not (late or kind in ['a', 'b'])",
        "case['x'][0] is None",
        "-1 < n",
        "{'a': 1}['a']",
    ],
)
def test_the_closed_language_compares(text: str) -> None:
    assert refusal_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "open('/etc/passwd')", "__import__('os')", "a.b", "lambda: 1", "[x for x in y]", "f'{x}'", "1 + 1", "'a' * 9999999",
        "x := 1", "_secret", "b'x'", "1j", "...", "await x", "*a", "a if b else c", "", "a b", "a\x00", "(" * 250, "x" * 301,
        "not " * 70 + "x",
    ],
)  # fmt: skip
def test_the_closed_language_does_nothing_else(text: str) -> None:
    assert refusal_of(text) is not None


def test_what_a_process_calls_is_there_and_never_itself() -> None:
    def calling(called: str, key: str = "one") -> bytes:
        call = a_task("call", kind="callActivity", more=f'calledElement="{called}"')
        return a_file(START, call, END, a_flow("start", "call"), a_flow("call", "end"), key=key)

    check_calls(read(calling("two")), {"two": ()})
    check_calls(read(a_process()), {})
    for called, known in (("two", {}), ("one", {}), ("two", {"two": ("three",), "three": ("one",)})):
        with pytest.raises(Invalid) as refused:
            check_calls(read(calling(called)), known)
        assert refused.value.faults[0].loc == ("bpmn", "call", 5)
