"""Declared joints in the form: typed, kept, moved with the line, offered."""

import numpy as np
import pytest

from tests.unit.conflicts.answers import a_finding
from web.forms.joints import moved_ties, offered_joints, tie_rows
from web.forms.work import Faults, WorkForm, document_of, form_of
from web.language import Speaker
from xzgis.conflicts.terms import Finding, Party
from xzgis.networks.terms import RunColumns
from xzgis.works.terms import NewRun, WorkDocument

AXIS = "3793000 517000\n3793000 517060"


def read(form: WorkForm) -> tuple[WorkDocument | None, Faults]:
    faults = Faults(Speaker("zh"))
    return document_of(form, faults), faults


def test_both_ends_and_a_chainage_are_understood() -> None:
    ties, wrong = tie_rows("起点 7\nend #8\n12.5，9\n", 60.0)

    assert ties == [
        {"chainage_m": 0.0, "run_id": 7},
        {"chainage_m": 60.0, "run_id": 8},
        {"chainage_m": 12.5, "run_id": 9},
    ]
    assert wrong == []


@pytest.mark.parametrize("text", ["起点", "起点 主管", "中间 7", "1 2 3"])
def test_another_line_is_a_fault_that_names_it(text: str) -> None:
    document, faults = read(WorkForm(axis=AXIS, tie_ins=f"起点 7\n{text}"))

    assert document is None
    assert "第 2 行" in faults.of("tie_ins")


def test_joints_and_accuracies_survive_opening_and_saving() -> None:
    form = WorkForm(axis=AXIS, tie_ins="起点 7\n12.50 9\n终点 8", sigma_plan_m="0.02", sigma_level_m="0.03")
    document, _ = read(form)
    assert document is not None

    opened = form_of(document)
    assert opened is not None
    again, _ = read(opened)

    assert opened.tie_ins == form.tie_ins
    assert again is not None
    assert again.runs == document.runs


def test_an_offer_that_was_taken_is_one_line_more() -> None:
    form = WorkForm.of({"tie_ins": "起点 7\n", "tie": "终点 8"})

    assert form.tie_ins == "起点 7\n终点 8"


def test_a_joint_at_the_end_stays_at_the_end_of_a_moved_line() -> None:
    document, _ = read(WorkForm(axis=AXIS, tie_ins="终点 8"))
    assert document is not None

    (tie,) = moved_ties(document.runs[0], ((517000.0, 3793000.0), (517060.2, 3793000.0)))

    assert tie.chainage_m == pytest.approx(60.2)


def against(kind: str) -> Finding:
    party = Party(id="8", kind=kind, owner=None, state="built", label="RX1–RX2")
    return a_finding(b=party)


def a_main() -> RunColumns:
    """One run, identity 8, along east 517060 through north 3793000, 0.2 m wide."""
    one = np.zeros(1)
    return RunColumns(
        origin_m=(517000.0, 3793000.0), conditions=(), run_id=np.array([8]), condition=np.zeros(1, dtype=np.int32),
        offset=np.array([0, 2]), xy_m=np.array([[60.0, -20.0], [60.0, 20.0]]),
        crown_m=np.full(2, 29.0), bottom_m=np.full(2, 28.8), ground_m=np.full(2, 31.0),
        width_m=np.full((1, 2), 0.2), height_m=np.full((1, 2), 0.2), sigma_plan_m=one, sigma_level_m=one,
        life=np.zeros(1, dtype=np.int8), from_node=np.zeros(1, dtype=np.int64),
        to_node=np.zeros(1, dtype=np.int64), bank=np.zeros(1, dtype=np.int64), chamber_link=np.zeros(1, dtype=np.bool_),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "last_m", "declared", "offered"),
    [
        pytest.param("gas", 60.0, "", ["终点 8"], id="on its own kind"),
        pytest.param("gas", 59.5, "", ["终点 8"], id="at its wall"),
        pytest.param("gas", 58.0, "", [], id="too far"),
        pytest.param("water", 60.0, "", [], id="another kind"),
        pytest.param("gas", 60.0, "终点 8", [], id="declared already"),
    ],
)
def test_an_end_on_a_line_of_its_kind_is_offered_as_a_joint(
    kind: str, last_m: float, declared: str, offered: list[str]
) -> None:
    axis = f"3793000 517000\n3793000 {517000 + last_m}"
    document, _ = read(WorkForm(axis=axis, kind="gas", tie_ins=declared))
    assert document is not None
    assert isinstance(document.runs[0], NewRun)

    assert [each.text for each in offered_joints(document, [against(kind)], a_main())] == offered
