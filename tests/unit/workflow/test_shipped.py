"""The definitions that come with the product are sound, call what is there, and say where each clock comes from."""

import pytest

from xzgis.catalogue.files import process_files
from xzgis.workflow.rules.calling import check_calls
from xzgis.workflow.rules.reading import read
from xzgis.workflow.terms import Confidence, Definition, Node

FOUND = {file: read(content) for file, content in process_files().items()}
STEPS = [
    pytest.param(node, id=f"{found.key} {node.id}")
    for found in FOUND.values()
    for node in found.nodes.values()
    if node.step is not None
]


def test_the_procedures_of_the_city_are_there() -> None:
    assert {
        found.key: (found.procedure.statutory_days, found.procedure.extension_days)
        for found in FOUND.values()
    } == {
        "administrative_licence": (20, 10),
        "road_occupation": (20, 10),
        "pipeline_planning_permit": (20, 10),
        "pipeline_coordination": (None, None),
    }
    assert all(file == f"workflow/{found.key}.bpmn" for file, found in FOUND.items())


@pytest.mark.parametrize("found", FOUND.values(), ids=list(FOUND))
def test_what_is_called_is_shipped_too(found: Definition) -> None:
    check_calls(found, {one.key: one.calls() for one in FOUND.values()})


@pytest.mark.parametrize("found", FOUND.values(), ids=list(FOUND))
def test_everything_is_said_in_both_languages(found: Definition) -> None:
    told = [found.name, *(one.name for one in (*found.nodes.values(), *found.flows.values()) if one.name.zh)]

    assert [words.zh for words in told if words.zh == words.en] == []


@pytest.mark.parametrize("node", STEPS)
def test_a_clock_has_its_basis_and_a_verified_figure_its_source(node: Node) -> None:
    step = node.step
    assert step is not None
    assert step.actor_en
    assert bool(step.document) is bool(step.document_en)
    assert bool(step.note) is bool(step.note_en)
    if step.working_days or step.hours:
        assert step.basis
        assert step.confidence
    if step.confidence is Confidence.VERIFIED:
        assert step.source or step.basis.startswith("GB ")


def test_time_that_does_not_count_is_that_of_the_closed_list_alone() -> None:
    """Art. 45: hearing, inspection, testing, appraisal, expert review; never the waiting for another department."""
    stopped = {
        node.id
        for found in FOUND.values()
        for node in found.nodes.values()
        if node.step and node.step.stops_clock == "yes"
    }

    assert stopped == {"hearing", "expertise"}
