"""Works of several parts in the form: one run is changed, the others and the excavations keep every digit."""

import pytest

from web.forms.parts import hole_rows, holes_text
from web.forms.work import Faults, WorkForm, document_of, form_of
from web.language import Speaker
from web.pages.works.parts import shown, without
from xzgis.works.terms import Excavation, WorkDocument

WORK = WorkDocument.model_validate({
    "name": "三条管线",
    "runs": [
        {"kind": "gas", "axis": [(517000.123456789, 3793000.1), (517060.0, 3793000.2)],
         "section": {"diameter_mm": 200}, "depth": {"cover_m": 1.23456789}},
        {"kind": "water", "axis": [(517000.0, 3793005.987654321), (517060.0, 3793005.0)],
         "section": {"diameter_mm": 300}, "depth": {"profile": [{"chainage_m": 0, "level_m": 30.00001}]}},
        {"kind": "power", "axis": [(517000.0, 3793008.0), (517060.0, 3793008.0)],
         "section": {"shape": "rectangle", "width_mm": 600, "height_mm": 400}},
    ],
    "excavations": [{"outline": [(517010.0001, 3793020.0), (517020.0, 3793020.0), (517020.0, 3793030.0)],
                     "depth_m": 2.5}],
})  # fmt: skip


def read(form: WorkForm) -> WorkDocument:
    faults = Faults(Speaker("zh"))
    document = document_of(form, faults)
    assert faults.found == []
    assert document is not None
    return document


@pytest.mark.parametrize("at", [0, 1, 2])
def test_opening_any_run_changes_no_digit(at: int) -> None:
    assert read(form_of(WORK, at=at)) == WORK


def test_a_changed_run_leaves_the_others_as_they_were() -> None:
    form = form_of(WORK, at=1)
    changed = read(WorkForm(**{**form.__dict__, "kind": "reclaimed", "diameter_mm": "150"}))

    assert changed.runs[1].kind == "reclaimed"
    assert changed.runs[1].section.diameter_mm == 150
    assert (changed.runs[0], changed.runs[2]) == (WORK.runs[0], WORK.runs[2])
    assert changed.excavations == WORK.excavations


def test_a_run_is_added_and_taken_out_again() -> None:
    added = shown(form_of(WORK), WORK, at=0, is_new=True)
    assert (added.part, added.axis, added.kind) == ("4", "", "gas")
    assert read(added) == WORK

    longer = read(WorkForm(**{**added.__dict__, "axis": "3793001 517000\n3793001 517030"}))
    assert longer.runs[:3] == WORK.runs
    assert len(longer.runs) == 4

    assert read(without(form_of(longer, at=3))) == WORK
    assert read(without(form_of(WORK, at=0))).runs == WORK.runs[1:]


def test_an_excavation_alone_is_a_work() -> None:
    alone = WORK.model_copy(update={"runs": ()})

    assert read(form_of(alone)) == alone


def test_an_excavation_is_told_as_depth_or_bottom_and_its_corners() -> None:
    holes, wrong = hole_rows(
        "深 2.5\n3793020 517010\n3793020 517020\n3793030 517020\n\nbottom 28.3\n1 2\nhier", []
    )

    assert wrong == [(8, "hier")]
    assert holes == [
        {"outline": [(517010.0, 3793020.0), (517020.0, 3793020.0), (517020.0, 3793030.0)], "depth_m": 2.5},
        {"outline": [(2.0, 1.0)], "bottom_level_m": 28.3},
    ]
    assert hole_rows(holes_text(WORK.excavations), WORK.excavations) == ([*WORK.excavations], [])


def test_an_excavation_of_unknown_depth_stays_so() -> None:
    unknown = Excavation(outline=((517010.0, 3793020.0), (517020.0, 3793020.0), (517020.0, 3793030.0)))

    assert hole_rows(holes_text([unknown]), []) == ([{"outline": list(unknown.outline)}], [])


def test_what_cannot_be_read_of_the_other_runs_is_a_fault_not_a_loss() -> None:
    faults = Faults(Speaker("zh"))
    form = form_of(WORK)

    assert document_of(WorkForm(**{**form.__dict__, "whole": '{"runs": 1}'}), faults) is None
    assert "重新打开" in faults.of("")
