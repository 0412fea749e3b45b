"""What may leave, who may let more leave, and why not: each refusal is one sentence."""

import re

from xzgis.catalogue.terms.leaving import Dataset, ExportRules, SecrecyGrade
from xzgis.core.actor import Actor
from xzgis.core.errors import Fault, Invalid, NotAllowed, WrongState
from xzgis.core.words import Words
from xzgis.exports.terms import LONGEST_REASON, ApprovalState, Ground
from xzgis.identity.permissions import Permission

CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
LEAST_REASON = 2


def reason_typed(text: str, *, is_needed: bool) -> str | None:
    """What a person typed as the reason, on one line; None when nothing was typed and nothing is needed.

    Raises
    ------
    Invalid
        It is needed and missing, or longer than it may be.
    """
    told = CONTROLS.sub(" ", text).strip()
    if not told and not is_needed:
        return None
    if len(told) < LEAST_REASON or len(told) > LONGEST_REASON:
        words = Words(
            f"请写明理由（{LEAST_REASON} 至 {LONGEST_REASON} 字）：为何需要、给谁用。",
            f"Say why, in {LEAST_REASON} to {LONGEST_REASON} signs: what it is for, and for whom.",
            "--reason",
        )
        raise Invalid(words, faults=(Fault(("reason",), words),))
    return told


def needs_reason(rules: ExportRules, dataset: Dataset, grade: SecrecyGrade) -> bool:
    """Whether a person has to type why: always above ``internal``, and as the dataset says below it."""
    return dataset.reason == "asked" or grade.rank > rules.grade("internal").rank


def check_ground(rules: ExportRules, ground: Ground) -> None:
    """Refuse a file with which its person would hold more contiguous ground than he may.

    Raises
    ------
    NotAllowed
        The sentence says how much, and how to ask for more.
    """
    if ground.with_km2 <= max(rules.stop_km2, ground.approved_km2):
        return
    raise NotAllowed(
        Words(
            f"导出后您持有的连片范围为 {ground.with_km2:.2f} km²，超过 {rules.stop_km2:g} km²，未导出；"
            "请在“文件外发”页申请，由另一人批准后再导出。",
            f"With this you would hold {ground.with_km2:.2f} km² of contiguous ground, above {rules.stop_km2:g} km²; "
            "nothing left. Ask on the page Exports; another person approves.",
            "xzgis exports ask",
        )
    )


def warning_of(rules: ExportRules, ground: Ground) -> Words | None:
    """What a person is told when the ground he holds comes near the stop; None below the warning."""
    if ground.with_km2 < rules.warn_km2:
        return None
    return Words(
        f"注意：您持有的连片范围已达 {ground.with_km2:.2f} km²；超过 {rules.stop_km2:g} km² 须经他人批准。",
        f"Note: you hold {ground.with_km2:.2f} km² of contiguous ground; above {rules.stop_km2:g} km² another person "
        "has to approve.",
    )


def check_can_decide(actor: Actor, *, asked_by: str, asked_by_id: int | None, state: str) -> None:
    """Refuse unless ``actor`` may decide a request: never his own, nor one he acts for, and once only.

    Raises
    ------
    NotAllowed, WrongState
        The sentence says why.
    """
    actor.require(Permission.EXPORTS_APPROVE)
    is_own = actor.name == asked_by or (actor.id is not None and actor.id == asked_by_id)
    if is_own or actor.acting_for == asked_by:
        raise NotAllowed(
            Words("任何人不得批准自己的申请，请由另一人处理。", "Nobody approves what he asked for himself.")
        )
    if state != ApprovalState.ASKED:
        raise WrongState(Words("该申请已有结论。", "This request is decided already."))


def check_can_withdraw(actor: Actor, *, withdrawn: bool) -> None:
    """Refuse unless ``actor`` may withdraw an export that still stands.

    Raises
    ------
    NotAllowed, WrongState
        The sentence says why.
    """
    actor.require(Permission.EXPORTS_WITHDRAW)
    if withdrawn:
        raise WrongState(Words("该导出已撤回。", "This export is withdrawn already."))
