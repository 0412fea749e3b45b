"""A typed work, checked: what every page, drawing and report of it starts from."""

from dataclasses import dataclass, replace
from math import dist

from web.forms.joints import moved_ties
from web.forms.work import Faults, WorkForm, add_refusal, document_of
from xzgis.catalogue.queries import catalogue
from xzgis.conflicts.actions.check import sources_of
from xzgis.conflicts.actions.contest import Lapsed, lapsed_contests
from xzgis.conflicts.actions.seen import check_for
from xzgis.conflicts.reports.numbering import numbered
from xzgis.conflicts.reports.sections.scenes import new_run
from xzgis.conflicts.rules.answer import Checked
from xzgis.conflicts.terms import Finding
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid
from xzgis.core.settings import settings
from xzgis.networks.queries import map_view
from xzgis.networks.rules.cut import CutRun, Pair
from xzgis.works.rules.faults import check_size
from xzgis.works.terms import WorkDocument

# A vertex this near to a recorded point is meant to be on it: the coarsest tile with points is 12 cm a step.
SNAP_M = 0.3


@dataclass(frozen=True)
class Answered:
    """A checked form: its findings numbered in the order they are shown, and its runs; the form shows ``at``.

    ``lapsed``: what was held against findings of a saved work that are other ones now.
    """

    document: WorkDocument
    checked: Checked
    numbered: list[tuple[int, Finding]]
    runs: tuple[CutRun, ...]
    axes_m: tuple[tuple[Pair, ...], ...]
    snapped: tuple[str, ...] = ()
    at: int = 0
    lapsed: tuple[Lapsed, ...] = ()


def check_form(actor: Actor, form: WorkForm, faults: Faults) -> Answered | None:
    """The check of what was typed; None when there is nothing to check yet, or faults to mend first."""
    document = document_of(form, faults)
    if document is None:
        return None
    document, snapped = snapped_document(actor, form, document)
    try:
        check_size(document)
        answered = check_document(
            actor, document, work_id=int(form.work_id) if form.work_id.isdigit() else None
        )
        return replace(answered, snapped=snapped, at=form.at)
    except Invalid as refusal:
        add_refusal(refusal, faults, at=form.at)
        return None


def snapped_document(
    actor: Actor, form: WorkForm, document: WorkDocument
) -> tuple[WorkDocument, tuple[str, ...]]:
    """The document with the vertices of the form's run exactly on the recorded points beside them, and their numbers.

    Only when asked. What a browser snaps to is tile geometry, centimetres off: the stored point is taken instead.
    """
    if not form.snap or form.at >= len(document.runs):
        return document, ()
    run = document.runs[form.at]
    with transaction(actor) as session:
        nodes = map_view.nodes_at(session, run.axis, within_m=SNAP_M)
    axis, numbers = [], []
    for place in run.axis:
        near = min(nodes, key=lambda node: dist(place, node[1:]), default=None)
        if near is not None and dist(place, near[1:]) <= SNAP_M:
            axis.append((near[1], near[2]))
            numbers.append(near[0] or "—")
        else:
            axis.append(place)
    snapped = run.model_copy(update={"axis": tuple(axis), "tie_ins": moved_ties(run, axis)})
    return document.model_copy(
        update={"runs": (*document.runs[: form.at], snapped, *document.runs[form.at + 1 :])}
    ), tuple(numbers)


def check_document(actor: Actor, document: WorkDocument, *, work_id: int | None = None) -> Answered:
    """The check of a document, by the function that the API and the command use; contests of a saved work with it."""
    with transaction(actor) as session:
        checked = check_for(
            session, actor, document, catalogue=catalogue(), sources=sources_of(settings()), with_clear=True,
            work_id=work_id,
        )  # fmt: skip
        lapsed = () if work_id is None else lapsed_contests(session, checked, work_id)
    runs = tuple(
        new_run(checked.work.runs, at, label=document.name) for at in range(len(checked.work.runs.run_id))
    )
    return Answered(
        document=document, checked=checked, numbered=numbered(checked.result.findings), runs=runs,
        axes_m=tuple(run.axis for run in document.runs), lapsed=lapsed,
    )  # fmt: skip
