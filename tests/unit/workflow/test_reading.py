"""A process file is taken only when everything in it is known and sound; each fault names element, line and remedy."""

import pytest

from tests.processes import DATE, END, START, a_choice, a_file, a_flow, a_process, a_task
from xzgis.core.errors import Invalid
from xzgis.workflow.rules.reading import read
from xzgis.workflow.terms import LARGEST_FILE_BYTES, Confidence, NodeKind

WAYS = (a_flow("start", "accept"), a_flow("accept", "end"))


def faults(content: bytes) -> list[str]:
    """What is told of a file, in Chinese; empty: it is sound."""
    try:
        read(content)
    except Invalid as refusal:
        return [fault.words.zh for fault in refusal.faults if fault.remedy is not None]
    return []


def test_a_sound_process_is_read_with_its_facts() -> None:
    facts = 'working_days="5" basis="第三十二条" confidence="memory" document="受理通知书" actor_en="desk"'
    found = read(a_process(facts=facts))

    step = found.nodes["accept"].step
    assert step is not None
    assert (found.key, found.name.zh, found.name.en) == ("trial", "试验流程", "Trial")
    assert (step.working_days, step.confidence, step.actor_words.en) == (5, Confidence.MEMORY, "desk")
    assert [node.kind for node in found.nodes.values()] == [NodeKind.START, NodeKind.USER, NodeKind.END]
    assert [node.id for node in found.steps()] == ["accept"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "是空的", id="empty"),
        pytest.param(b"<bpmn", "不是有效的 XML", id="broken"),
        pytest.param(a_process() + b" " * LARGEST_FILE_BYTES, "超过", id="too large"),
        pytest.param(b"<?xml version='1.0' encoding='GBK'?><a/>", "UTF-8", id="says another encoding"),
        pytest.param("<a>流程</a>".encode("gbk"), "UTF-8", id="is in another encoding"),
        pytest.param("<a/>".encode("utf-16"), "UTF-8", id="utf-16"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DTD", id="reads a file"
        ),
        pytest.param(b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><a>&b;</a>', "DTD", id="grows"),
        pytest.param(b'<!DOCTYPE a SYSTEM "http://elsewhere.example/a.dtd"><a/>', "DTD", id="asks elsewhere"),
        pytest.param(b"<html/>", "不是 BPMN", id="something else"),
        pytest.param(b"<a>" * 300 + b"</a>" * 300, "不是有效的 XML", id="too deep"),
    ],
)
def test_what_is_no_process_file_is_refused_whole(content: bytes, told: str) -> None:
    assert [told in one for one in faults(content)] == [True]


@pytest.mark.parametrize(
    ("element", "inside"),
    [
        ("scriptTask", '<bpmn:scriptTask id="x"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>'),
        ("serviceTask", '<bpmn:serviceTask id="x"/>'),
        ("businessRuleTask", '<bpmn:businessRuleTask id="x"/>'),
        ("subProcess", '<bpmn:subProcess id="x"/>'),
        ("task", '<bpmn:task id="x"/>'),
        ("laneSet", "<bpmn:laneSet/>"),
        ("eventBasedGateway", '<bpmn:eventBasedGateway id="x"/>'),
        ("ioSpecification", "<bpmn:ioSpecification/>"),
        ("?:script", '<camunda:script id="x">a</camunda:script>'),
    ],
)
def test_what_is_not_on_the_list_is_refused_by_name_and_line(element: str, inside: str) -> None:
    told = faults(a_process(inside))

    assert [one for one in told if f"不允许的元素 {element}" in one and "第 9 行" in one]


@pytest.mark.parametrize(
    "inner",
    [
        '<bpmn:extensionElements><camunda:taskListener expression="${x}"/></bpmn:extensionElements>',
        '<bpmn:standardLoopCharacteristics/>',
        '<bpmn:dataInputAssociation/>',
        "<bpmn:timerEventDefinition/>",
    ],
)  # fmt: skip
def test_nothing_strange_hides_inside_a_step(inner: str) -> None:
    assert faults(a_file(START, a_task("accept", inner=inner), END, *WAYS))


def test_an_attribute_of_another_product_is_refused() -> None:
    told = faults(a_file(START, a_task("accept", more='camunda:assignee="${boss}"'), END, *WAYS))

    assert len(told) == 1
    assert "不允许的属性" in told[0]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ('working_days="0"', "working_days"),
        ('working_days="five"', "working_days"),
        ('working_days="5"', "没有依据"),
        ('working_days="5" hours="24" basis="a" confidence="local"', "同时"),
        ('confidence="sure"', "confidence"),
        ('days="5"', "days"),
        ('stops_clock="maybe"', "stops_clock"),
    ],
)
def test_facts_that_do_not_fit_are_told(facts: str, told: str) -> None:
    assert [told in one and "accept" in one for one in faults(a_process(facts=facts))] == [True]


def test_a_step_says_who_acts() -> None:
    silent = '<bpmn:userTask id="accept" name="受理"/>'

    assert ["由谁办理" in one for one in faults(a_file(START, silent, END, *WAYS))] == [True]


@pytest.mark.parametrize("key", ["Trial", "a", "../etc", "a b", "流程", "x" * 41])
def test_a_process_is_named_by_a_key(key: str) -> None:
    assert any("流程标识" in one for one in faults(a_process(key=key)))


def test_what_is_not_drawn_is_told() -> None:
    found = faults(a_file(START, a_task("accept"), END, *WAYS, drawn=["start", "end"]))

    assert ["图上没有它" in one and "accept" in one for one in found] == [True]


def test_a_list_is_declared_before_something_is_done_for_each_of_it() -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>units</bpmn:loopDataInputRef>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    parts = (START, a_task("accept", inner=loop), END, *WAYS)

    assert ["未声明" in one for one in faults(a_file(*parts))] == [True]
    drawn = ["start", "accept", "end"]
    assert read(a_file('<bpmn:property id="units"/>', *parts, drawn=drawn)).nodes["accept"].many == "units"


def test_two_processes_in_a_file_are_refused() -> None:
    two = a_process().replace(b"</bpmn:process>", b"</bpmn:process><bpmn:process id='other'/>")

    assert ["2 个流程" in one for one in faults(two)] == [True]


def test_an_id_stands_once() -> None:
    assert any("标识重复" in one for one in faults(a_process(a_task("accept"))))


@pytest.mark.parametrize("text", ["NaN", "1e9", "", "x"])
def test_a_drawing_stays_on_the_sheet(text: str) -> None:
    bent = a_process().replace(b'dc:Bounds x="0"', f'dc:Bounds x="{text}"'.encode())

    assert any("位置或大小" in one for one in faults(bent))


def test_every_fault_of_a_file_is_told_at_once() -> None:
    told = faults(a_file(START, '<bpmn:scriptTask id="s"/>', '<bpmn:laneSet id="l"/>', a_choice("g"), *WAYS))

    assert len(told) == 2
    assert [one.split(" ")[1] for one in told] == ["5", "6"]


def test_a_wait_needs_its_date() -> None:
    wait = '<bpmn:intermediateCatchEvent id="wait">{inner}</bpmn:intermediateCatchEvent>'
    ways = (a_flow("start", "accept"), a_flow("accept", "wait"), a_flow("wait", "end"))

    def told(inner: str) -> list[str]:
        return faults(a_file(START, a_task("accept"), wait.format(inner=inner), END, *ways))

    assert told(DATE.format(text="due_at")) == []
    assert ["没有定时" in one for one in told("")] == [True]
    assert ["Call" in one for one in told(DATE.format(text="open('x')"))] == [True]
