"""Work documents that leave open what the levels of a gravity line are of."""

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Fault
from xzgis.core.words import Words
from xzgis.works.rules.faults import refuse
from xzgis.works.rules.measured_to import asks_levels
from xzgis.works.terms import WorkDocument


def levels_unsaid(work: WorkDocument, catalogue: Catalogue) -> tuple[int, ...]:
    """Runs whose profile does not say what it is of although it has to.

    Only of a document as it was sent: one that was read, kept or made here says it.
    """
    return tuple(
        at
        for at, run in enumerate(work.runs)
        if run.depth.profile
        and "profile_of" not in run.depth.model_fields_set
        and asks_levels(catalogue.kinds.get(run.kind))
    )


def check_levels_said(work: WorkDocument, catalogue: Catalogue) -> None:
    """Refuse a document, as it was sent, of which :func:`levels_unsaid` names a run, with the path of each."""
    faults = []
    for at in levels_unsaid(work, catalogue):
        kind = catalogue.kinds.get(work.runs[at].kind)
        called = Words("这类管线", "this kind") if kind is None else Words(kind.zh, kind.en.lower())
        words = Words(
            f"没有说明{called.zh}的纵断面高程是外顶、外底还是管内底；设计高程常为管内底，按外顶计会把管线放低。",
            f"The profile does not say what its levels are of; those of {called.en} are mostly the invert, and taken as the "
            "crown they put the line too low.",
        )
        remedy = Words(
            "写明 profile_of：crown、bottom 或 invert。", "Give profile_of: crown, bottom or invert."
        )
        faults.append(Fault(("runs", at, "depth", "profile_of"), words, remedy))
    refuse(faults)
