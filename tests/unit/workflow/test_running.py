"""A case never comes to a stand on its way, whichever way it takes."""

import pytest

from tests.processes import END, START, a_choice, a_file, a_flow, a_task
from tests.unit.workflow.test_reading import faults
from xzgis.catalogue.files import process_files

A, B, C = a_task("a"), a_task("b"), a_task("c")


def a_gate(name: str, kind: str = "parallel", default: str = "") -> str:
    said = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{name}"{said}/>'


def parted(split: str, join: str) -> bytes:
    """Two steps between a gateway that parts and one that joins."""
    default = "f_s_b" if split != "parallel" else ""
    condition = "x == 1" if default else ""
    return a_file(
        START, a_gate("s", split, default), A, B, a_gate("j", join), END, a_flow("start", "s"), a_flow("s", "a", condition),
        a_flow("s", "b"), a_flow("a", "j"), a_flow("b", "j"), a_flow("j", "end"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("split", "join", "stands"),
    [
        ("parallel", "parallel", False),
        ("exclusive", "exclusive", False),
        ("inclusive", "inclusive", False),
        ("parallel", "inclusive", False),
        ("exclusive", "parallel", True),
        ("inclusive", "parallel", True),
    ],
)
def test_what_is_parted_is_joined_alike(split: str, join: str, stands: bool) -> None:
    assert [" j：会在这里停住" in one for one in faults(parted(split, join))] == [True] * stands


def test_a_parallel_gateway_that_several_ways_lead_into_waits_for_all_of_them() -> None:
    parts = (
        START, a_choice("g", "f_g_s"), A, a_gate("s"), B, C, a_gate("j"), END, a_flow("start", "g"), a_flow("g", "a", "x"),
        a_flow("g", "s"), a_flow("a", "s"), a_flow("s", "b"), a_flow("s", "c"), a_flow("b", "j"), a_flow("c", "j"),
        a_flow("j", "end"),
    )  # fmt: skip

    assert [" s：" in one for one in faults(a_file(*parts))] == [True]


def test_a_step_cut_short_in_one_branch_leaves_the_join_waiting() -> None:
    timer = (
        '<bpmn:boundaryEvent id="late" attachedToRef="a"><bpmn:timerEventDefinition><bpmn:timeDate>due_at</bpmn:timeDate>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    cut = (
        START, a_gate("s"), A, timer, B, a_gate("j"), END, a_flow("start", "s"), a_flow("s", "a"), a_flow("s", "b"),
        a_flow("a", "j"), a_flow("b", "j"), a_flow("j", "end"), a_flow("late", "end"),
    )  # fmt: skip

    assert [" j：" in one for one in faults(a_file(*cut))] == [True]
    beside = a_file(*cut).replace(b'attachedToRef="a"', b'attachedToRef="a" cancelActivity="false"')
    assert faults(beside) == []


def test_a_shipped_process_that_lost_its_merge_is_refused() -> None:
    """As it was drawn first: the approval of the city leads straight into the gateway that parts."""
    text = process_files()["workflow/road_occupation.bpmn"].decode()
    assert text.count('targetRef="may_dig"') == 2
    bent = text.replace(
        'sourceRef="city_approval" targetRef="may_dig"', 'sourceRef="city_approval" targetRef="split"'
    )

    assert [" split：会在这里停住" in one for one in faults(bent.encode())] == [True]


def test_many_branches_are_walked_quickly() -> None:
    """Twelve branches at once have four thousand moments between them; one of each course is enough."""
    names = [f"t{number}" for number in range(12)]
    parts = [a_task(name) for name in names]
    ways = [*(a_flow("s", name) for name in names), *(a_flow(name, "j") for name in names)]
    found = a_file(
        START, a_gate("s"), *parts, a_gate("j"), END, a_flow("start", "s"), *ways, a_flow("j", "end")
    )

    assert faults(found) == []
